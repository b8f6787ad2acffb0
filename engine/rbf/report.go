package rbf

// Method is the way the weights are found.
type Method int

const (
	// PseudoInverse takes the least-squares solution of least norm, by singular
	// values; those below Cutoff times the largest count as 0.
	PseudoInverse Method = iota
	// Ridge minimises ‖y-Gw-Pt‖² + λ‖w‖²; the tail is not shrunk.
	Ridge
)

// Choice says who chooses λ.
type Choice int

const (
	// ByHand takes Readout.Lambda.
	ByHand Choice = iota
	// ByLOO takes the λ with the smallest leave-one-out error.
	ByLOO
	// ByGCV takes the λ with the smallest generalised cross-validation score.
	ByGCV
)

// DefaultCutoff is NumPy's default for pinv.
const DefaultCutoff = 1e-15

// Readout says how the weights are found. Start from DefaultReadout.
type Readout struct {
	Method Method
	// Cutoff is the relative singular value below which a direction is left
	// out, in [0, 1); DefaultCutoff by default. PseudoInverse only.
	Cutoff float64
	// Lambda is the weight of ‖w‖², above 0. Ridge with ByHand only.
	Lambda float64
	Choose Choice
}

// DefaultReadout is the pseudo-inverse with NumPy's cut-off.
func DefaultReadout() Readout { return Readout{Cutoff: DefaultCutoff, Lambda: 1e-6} }

// Light is a traffic light.
type Light int

const (
	// Green: nothing to worry about.
	Green Light = iota
	// Amber: the fit can be used, the weights mean little.
	Amber
	// Red: rounding errors or leftover freedom show in the fit.
	Red
)

// String returns "green", "amber" or "red".
func (l Light) String() string { return [...]string{"green", "amber", "red"}[l] }

// Report says how well a network was fitted, and how far that can be trusted.
type Report struct {
	// Condition is the ratio of the largest to the smallest singular value of
	// the system that was solved: of the design matrix, or for ridge
	// √((s₁²+λ)/(sₙ²+λ)). +Inf when the system is singular.
	Condition float64
	MaxWeight float64 // largest |weight|, the tail left out
	RMSE      float64 // root mean squared error on the data fitted
	// LOO is the root mean squared leave-one-out error, for these centres and
	// widths and this λ; NaN when leaving one point out leaves the tail
	// undetermined.
	LOO float64
	// GCV is the square root of the generalised cross-validation score, in the
	// units of y; NaN when the fit uses as many parameters as there are points.
	GCV      float64
	Lambda   float64   // 0 with the pseudo-inverse
	Rank     int       // singular values above the cut-off, the tail included
	Singular []float64 // singular values, largest first
	// Duplicates are pairs of centres, first row first, that make the same basis
	// function; at most 100 of them.
	Duplicates [][2]int
	Light      Light
	Advice     string // one sentence
}
