package optim_test

import (
	"math"
	"testing"

	"filterscope/engine/optim"
)

// TestStopper has the counter of Keras's and Lightning's EarlyStopping, and the
// best epoch of Lightning's ModelCheckpoint, worked by hand.
func TestStopper(t *testing.T) {
	nan := math.NaN()
	tests := []struct {
		name   string
		p      optim.Patience
		losses []float64
		better string // for each loss: + a gain, * the lowest so far but no gain, - neither
		stop   int    // after which loss, counted from 1; 0 for never
		epoch  int    // of the best loss
	}{
		{"always better", optim.Patience{}, []float64{5, 4, 3}, "+++", 0, 3},
		{"no patience", optim.Patience{}, []float64{5, 4, 4}, "++-", 3, 2},
		{"patience 1 is the same", optim.Patience{Epochs: 1}, []float64{5, 4, 4}, "++-", 3, 2},
		{"patience 3", optim.Patience{Epochs: 3}, []float64{5, 6, 6, 4, 5, 5, 5}, "+--+---", 7, 4},
		{"smallest improvement", optim.Patience{Epochs: 2, MinDelta: 0.5}, []float64{5, 4.6, 4.4, 4.3, 4.2}, "+*+**", 5, 5},
		{"exactly that is none", optim.Patience{Epochs: 1, MinDelta: 0.5}, []float64{5, 4.5}, "+*", 2, 2},
		{"small steps add up to a gain", optim.Patience{Epochs: 3, MinDelta: 0.5}, []float64{5, 4.8, 4.6, 4.4}, "+**+", 0, 4},
		{"a gain and a rise", optim.Patience{Epochs: 3, MinDelta: 0.5}, []float64{5, 4.7, 4.8, 4.9}, "+*--", 4, 2},
		{"NaN at once", optim.Patience{}, []float64{nan, nan}, "--", 2, 0},
		{"NaN later", optim.Patience{Epochs: 2}, []float64{5, nan, math.Inf(1)}, "+--", 3, 1},
		{"better after NaN", optim.Patience{Epochs: 2}, []float64{nan, 5}, "-+", 0, 2},
	}
	for _, tt := range tests {
		s, err := optim.NewStopper(tt.p)
		if err != nil {
			t.Fatal(err)
		}
		for i, loss := range tt.losses {
			best, gain, stop := s.Observe(loss)
			if best != (tt.better[i] != '-') || gain != (tt.better[i] == '+') || stop != (i+1 == tt.stop) {
				t.Errorf("%s: loss %d: best %v, gain %v, stop %v", tt.name, i+1, best, gain, stop)
			}
			state := s.State() // a break changes nothing
			if s, err = optim.NewStopper(tt.p); err != nil {
				t.Fatal(err)
			}
			if err := s.SetState(state); err != nil {
				t.Fatal(err)
			}
		}
		if _, epoch := s.Best(); epoch != tt.epoch {
			t.Errorf("%s: best epoch %d, want %d", tt.name, epoch, tt.epoch)
		}
	}
	for _, bad := range []optim.Patience{{Epochs: -1}, {MinDelta: -1}, {MinDelta: math.NaN()}} {
		if _, err := optim.NewStopper(bad); err == nil {
			t.Errorf("%+v: no error", bad)
		}
	}
	s, _ := optim.NewStopper(optim.Patience{})
	if s.SetState(optim.StopperState{Wait: -1}) == nil {
		t.Error("a negative count: no error")
	}
}
