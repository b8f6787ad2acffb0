package experiment

import (
	"errors"

	"filterscope/engine/rbf"
)

// Image is a grey picture.
type Image struct {
	Width, Height int
	Pixels        []float64 // row by row from the top, 0 black to 1 white
	Name          string
}

// Grower approximates an image by a sum of Gaussians, one more at every step.
type Grower struct{}

// Growth is what one step added.
type Growth struct {
	Count               int     // Gaussians now
	X, Y, Width, Weight float64 // in pixels; pixel (0, 0) has its centre at 0, 0
	PSNR                float64 // decibels, after the step
}

// Grower returns a grower for the study's image, at its mean grey and without
// Gaussians.
func (s *Study) Grower() (*Grower, error) {
	return nil, errors.New("experiment.Grower is being written")
}

// Step adds the Gaussian that reduces the squared error most and refits those
// around it. Done is true, and nothing changes, when there are rbf.count of
// them or nothing is left to gain.
func (g *Grower) Step() (growth Growth, done bool) { return Growth{}, true }

// Count returns the number of Gaussians, and Limit how many there will be.
func (g *Grower) Count() int { return 0 }

// Limit returns the largest number of Gaussians: rbf.count.
func (g *Grower) Limit() int { return 0 }

// PSNR returns the peak signal-to-noise ratio in decibels with 0, 1, 2, …
// Gaussians. The slice grows and is never written to again.
func (g *Grower) PSNR() []float64 { return nil }

// Picture returns a copy of the approximation as it is now, row by row.
func (g *Grower) Picture() []float64 { return nil }

// Residual returns a copy of the image less the approximation, row by row.
func (g *Grower) Residual() []float64 { return nil }

// Network returns the Gaussians as a network over pixel coordinates (x, y).
func (g *Grower) Network() *rbf.Network { return nil }
