package digits

import "testing"

func TestSkeletons(t *testing.T) {
	for digit, styles := range skeletons {
		if len(styles) < 3 {
			t.Errorf("%d has %d styles, want at least 3", digit, len(styles))
		}
		names := map[string]bool{}
		for _, s := range styles {
			if s.weight <= 0 || names[s.name] || len(s.strokes) == 0 {
				t.Errorf("%d %q: weight %g, %d strokes; want a name of its own, a weight and strokes",
					digit, s.name, s.weight, len(s.strokes))
			}
			names[s.name] = true
			for k, stroke := range s.strokes {
				if len(stroke) < 2 {
					t.Errorf("%d %q: stroke %d has %d points, want at least 2", digit, s.name, k, len(stroke))
				}
			}
		}
	}
}
