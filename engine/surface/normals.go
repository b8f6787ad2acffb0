package surface

import "errors"

// EstimateNormals returns the cloud with normals estimated from each point's k
// nearest neighbours; 0 chooses k.
func (c Cloud) EstimateNormals(k int) (Cloud, error) {
	return c, errors.New("estimating normals is being written")
}
