package optim

import "fmt"

// Pair is one step's change of the parameters and of the gradient.
type Pair struct{ S, Y []float64 }

// LBFGSState is everything an LBFGS knows between two calls of Tell.
type LBFGSState struct {
	Settings LBFGSSettings
	SearchState

	Pairs []Pair // oldest first
	// Inner products of the pairs, len(Pairs) squared, row by row: s_i·y_j for
	// i ≤ j, and y_i·y_j.
	SY, YY []float64
	SG, YG []float64 // inner products s·g and y·g of each pair
}

// State returns a deep copy of the state; RestoreLBFGS continues from it with
// the bits of an unbroken run, also from within a line search.
func (l *LBFGS) State() LBFGSState {
	s := LBFGSState{Settings: l.set, SearchState: l.state()}
	slots := l.set.Memory + 1
	for at, i := range l.order {
		sv, yv := l.pairs.pair(i)
		s.Pairs = append(s.Pairs, Pair{sv, yv})
		s.SG, s.YG = append(s.SG, l.sg[i]), append(s.YG, l.yg[i])
		for to, j := range l.order {
			sy := 0.0
			if at <= to {
				sy = l.sy[i*slots+j]
			}
			s.SY = append(s.SY, sy)
			s.YY = append(s.YY, l.yy[i*slots+j])
		}
	}
	return s
}

// RestoreLBFGS returns a minimiser in state s, which it copies. It returns an
// error when the parts of s do not fit together.
func RestoreLBFGS(s LBFGSState) (*LBFGS, error) {
	if err := s.check(); err != nil {
		return nil, fmt.Errorf("restore l-bfgs: %w", err)
	}
	l := NewLBFGS(s.Settings, s.X)
	l.setState(s.SearchState)
	count, slots := len(s.Pairs), l.set.Memory+1
	for i, p := range s.Pairs {
		l.pairs.setPair(i, p.S, p.Y)
		l.order = append(l.order, i)
		l.sg[i], l.yg[i] = s.SG[i], s.YG[i]
		for j := range count {
			l.sy[i*slots+j], l.yy[i*slots+j] = s.SY[i*count+j], s.YY[i*count+j]
		}
	}
	l.free = count
	return l, nil
}

func (s *LBFGSState) check() error {
	if err := s.Settings.Validate(); err != nil {
		return err
	}
	if err := s.SearchState.check(); err != nil {
		return err
	}
	n, count := len(s.X), len(s.Pairs)
	switch {
	case count > s.Settings.Memory:
		return fmt.Errorf("%d pairs in a memory of %d", count, s.Settings.Memory)
	case len(s.SY) != count*count || len(s.YY) != count*count || len(s.SG) != count || len(s.YG) != count:
		return fmt.Errorf("%d, %d, %d and %d products of %d pairs", len(s.SY), len(s.YY), len(s.SG), len(s.YG), count)
	}
	for i, p := range s.Pairs {
		if len(p.S) != n || len(p.Y) != n {
			return fmt.Errorf("pair %d has %d and %d elements for %d parameters", i, len(p.S), len(p.Y), n)
		}
	}
	return nil
}
