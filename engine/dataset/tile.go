package dataset

import (
	"errors"
	"strconv"
	"strings"
)

// maxTileSide bounds the sides of an image that is given by hand.
const maxTileSide = 1 << 20

// ParseGeometry reads the size of an image as people write it: "28x28", or
// "8x8x3" in colour; "×" counts as x.
func ParseGeometry(text string) (Geometry, error) {
	fault := errors.New("want WIDTHxHEIGHT, for example 28x28, or 8x8x3 in colour")
	sizes := strings.Split(strings.ReplaceAll(strings.ToLower(strings.TrimSpace(text)), "×", "x"), "x")
	if len(sizes) < 2 || len(sizes) > 3 {
		return Geometry{}, fault
	}
	n := [3]int{0, 0, 1}
	for k, s := range sizes {
		v, err := strconv.Atoi(strings.TrimSpace(s))
		if err != nil || v < 1 || v > maxTileSide {
			return Geometry{}, fault
		}
		n[k] = v
	}
	if n[2] != 1 && n[2] != 3 {
		return Geometry{}, fault
	}
	return Geometry{Width: n[0], Height: n[1], Channels: n[2]}, nil
}
