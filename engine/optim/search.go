package optim

import "math"

// notFinite stands for the value of a probe that was NaN or infinite; a number,
// so that a saved state stays representable in JSON.
const notFinite = math.MaxFloat64

// probe is one point of a line search: φ(t) = f(x + t·d).
type probe struct {
	T, F, D float64 // step length, φ(t), φ′(t)
}

// verdict is what a line search makes of a probe.
type verdict int

const (
	goOn    verdict = iota // evaluate at lineSearch.T next
	accept                 // the probe satisfies the conditions: take it
	useBest                // out of probes: evaluate at lineSearch.T and take it
	giveUp                 // no probe lowered the objective
)

// lineSearch looks for a step length t that satisfies the strong Wolfe
// conditions
//
//	φ(t) ≤ φ(0) + c1·t·φ′(0) + noise,   |φ′(t)| ≤ c2·|φ′(0)|
//
// by bracketing (Nocedal & Wright, algorithm 3.5) and zooming (algorithm 3.6).
// The noise term keeps the search going when differences of φ are no longer
// significant (Xie, Byrd & Nocedal 2020, "Analysis of the BFGS method with
// errors"); with noise 0 the conditions are the classical ones. It is a pure
// state machine over numbers: it knows no vectors.
type lineSearch struct {
	Start    probe   // at t = 0; D is negative
	Prev     probe   // the probe before, while bracketing
	Lo, Hi   probe   // the bracket, while zooming: Lo is the better end
	Best     probe   // the lowest finite φ seen; T is 0 when there is none below Start
	T        float64 // where to evaluate next
	Noise    float64 // by which φ may differ from itself
	Gain     float64 // what a parabola through the first finite probe promises
	Width    float64 // of the bracket two probes ago
	WidthOld float64
	Probes   int
	Zooming  bool
	Finite   bool // some probe was finite
}

// begin starts a search at f, slope < 0, with first trial step t.
func (s *lineSearch) begin(f, slope, t, noise float64) {
	start := probe{F: f, D: slope}
	*s = lineSearch{Start: start, Prev: start, Best: start, T: t, Noise: noise}
}

// tell takes φ and φ′ at s.T and decides.
func (s *lineSearch) tell(f, slope float64, limits *limits) verdict {
	p := probe{T: s.T, F: f, D: slope}
	if math.IsNaN(f-f) || math.IsNaN(slope-slope) { // NaN or ±Inf
		p.F, p.D = notFinite, 0
	} else {
		if !s.Finite {
			s.Finite, s.Gain = true, s.gain(p)
		}
		if f < s.Best.F {
			s.Best = p
		}
	}
	s.Probes++

	decreased := p.F <= s.Start.F+limits.C1*p.T*s.Start.D+s.Noise
	flat := math.Abs(p.D) <= -limits.C2*s.Start.D
	if s.Zooming {
		switch {
		case !decreased || p.F >= s.Lo.F+s.Noise:
			s.Hi = p
		case flat:
			return accept
		default:
			if p.D*(s.Hi.T-s.Lo.T) >= 0 {
				s.Hi = s.Lo
			}
			s.Lo = p
		}
	} else {
		switch {
		case !decreased || s.Probes > 1 && p.F >= s.Prev.F+s.Noise:
			s.zoom(s.Prev, p)
		case flat:
			return accept
		case p.D >= 0:
			s.zoom(p, s.Prev)
		}
	}

	if s.Probes >= limits.MaxLineSearch || s.Zooming && s.exhausted() {
		switch {
		case s.Best.T == 0:
			return giveUp
		case s.Best.T == p.T:
			return accept
		}
		s.T = s.Best.T
		return useBest
	}
	if s.Zooming {
		s.T = s.inside()
	} else {
		s.T = s.beyond(p)
		s.Prev = p
	}
	return goOn
}

// gain estimates φ(0) − min φ from the parabola with φ(0), φ′(0) and φ at p. A
// small gain means that the start is a minimiser but for rounding; where the
// gradient is wrong it is large.
func (s *lineSearch) gain(p probe) float64 {
	curvature := 2 * (p.F - s.Start.F - p.T*s.Start.D) / (p.T * p.T)
	if curvature <= 0 {
		return -s.Start.D * p.T
	}
	return s.Start.D * s.Start.D / (2 * curvature)
}

func (s *lineSearch) zoom(lo, hi probe) {
	s.Zooming = true
	s.Lo, s.Hi = lo, hi
	s.Width = 2 * math.Abs(hi.T-lo.T)
	s.WidthOld = 2 * s.Width
}

// exhausted reports that the bracket is too narrow for φ to differ in it by
// more than rounding.
func (s *lineSearch) exhausted() bool {
	const ulp = 0x1p-52
	width := math.Abs(s.Hi.T - s.Lo.T)
	return width*math.Max(math.Abs(s.Start.D), math.Abs(s.Lo.D)) <= ulp/16*math.Abs(s.Start.F) ||
		width <= ulp*math.Max(s.Hi.T, s.Lo.T)
}

// inside returns the next probe of a zoom: the cubic minimiser, kept a tenth of
// the bracket away from its ends, or a bisection when two probes have not
// shrunk the bracket to two thirds (the safeguard of Moré & Thuente 1994).
func (s *lineSearch) inside() float64 {
	w := s.Hi.T - s.Lo.T // signed
	if s.Hi.F == notFinite {
		return s.Lo.T + 0.1*w
	}
	slow := math.Abs(w) > 0.66*s.WidthOld
	s.WidthOld, s.Width = s.Width, math.Abs(w)
	t := cubicMinimiser(s.Lo, s.Hi)
	if slow || math.IsNaN(t-t) {
		return s.Lo.T + 0.5*w
	}
	return s.Lo.T + w*min(max((t-s.Lo.T)/w, 0.1), 0.9)
}

// beyond returns the next probe while bracketing: the cubic minimiser through
// the last two probes, kept between 2 and 10 times the last step.
func (s *lineSearch) beyond(p probe) float64 {
	t := cubicMinimiser(s.Prev, p)
	if math.IsNaN(t-t) || t <= p.T {
		return 10 * p.T
	}
	return min(max(t, 2*p.T), 10*p.T)
}

// cubicMinimiser returns the minimiser of the cubic that interpolates values
// and slopes at a and b (Nocedal & Wright, equation 3.59), NaN or an infinity
// when there is none.
func cubicMinimiser(a, b probe) float64 {
	d1 := a.D + b.D - 3*(a.F-b.F)/(a.T-b.T)
	d2 := math.Copysign(math.Sqrt(d1*d1-a.D*b.D), b.T-a.T)
	return b.T - (b.T-a.T)*(b.D+d2-d1)/(b.D-a.D+2*d2)
}
