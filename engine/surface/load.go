package surface

import (
	"context"
	"errors"
)

// LoadCloud reads points, with normals if there are any, from .ply, .xyz, .csv
// or .npy.
func LoadCloud(ctx context.Context, path string) (Cloud, error) {
	return Cloud{}, errors.New("reading clouds is being written")
}
