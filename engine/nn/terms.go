package nn

// Names of the terms of an objective, as shown in curves, status lines and
// JSON reports.
const (
	TermReconstruction = "reconstruction"
	TermWeightDecay    = "weight decay"
	TermSparsity       = "sparsity"
	TermL1             = "l1"
	TermCrossEntropy   = "cross-entropy"
)

// Term is one named part of an objective; the parts add up to what is
// minimised.
type Term struct {
	Name  string
	Value float64
}

// Terms lists the parts of one evaluation, always in the same order for one
// model.
type Terms []Term

// Total returns the objective, the sum of the terms.
func (t Terms) Total() float64 {
	sum := 0.0
	for _, term := range t {
		sum += term.Value
	}
	return sum
}

// Get returns the value of the named term, 0 when there is none.
func (t Terms) Get(name string) float64 {
	for _, term := range t {
		if term.Name == name {
			return term.Value
		}
	}
	return 0
}
