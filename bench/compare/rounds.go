package main

import (
	"context"
	"fmt"
	"os"
	"slices"
)

// outcome is what a group's programs did.
type outcome struct {
	Name     string     `json:"name"`
	Title    string     `json:"title"`
	Rounds   int        `json:"rounds"`
	Programs []*history `json:"programs"`
	Machine  machine    `json:"machine"`
}

// group returns the group that o is the outcome of.
func (o outcome) group() group {
	for _, g := range groups() {
		if g.name == o.Name {
			return g
		}
	}
	return group{}
}

// history is what one program did, a sample a round.
type history struct {
	ID        string   `json:"id"`
	Name      string   `json:"name"`
	Precision string   `json:"precision"`
	Samples   []sample `json:"samples"`
	Skipped   string   `json:"skipped,omitempty"` // why there is no sample
	Beside    string   `json:"beside,omitempty"`  // id of the program that it is compared with
}

// find returns the history of that id, nil when it was skipped or there is
// none.
func (o *outcome) find(id string) *history {
	for _, h := range o.Programs {
		if h.ID == id && len(h.Samples) > 0 {
			return h
		}
	}
	return nil
}

// disagreement returns by how much the costs of the programs, and the norms of
// their gradients, differ at the most, relative to the largest.
func (o *outcome) disagreement() (cost, gradient float64) {
	var costs, gradients []float64
	for _, h := range o.Programs {
		for _, s := range h.Samples {
			costs, gradients = append(costs, s.Cost), append(gradients, s.Gradient)
		}
	}
	return spread(costs), spread(gradients)
}

// disturbance returns the shares of the machine that other work took during the
// samples: the median and the most.
func (o *outcome) disturbance() (middle, most float64) {
	var v []float64
	for _, h := range o.Programs {
		for _, s := range h.Samples {
			v = append(v, s.Others)
		}
	}
	if len(v) == 0 {
		return 0, 0
	}
	return median(v), slices.Max(v)
}

// seconds returns a number a round: the median of the process's measurements.
func (h *history) seconds() []float64 {
	var v []float64
	for _, s := range h.Samples {
		v = append(v, median(s.Seconds))
	}
	return v
}

// best returns the least of all measurements.
func (h *history) best() float64 {
	var v []float64
	for _, s := range h.Samples {
		v = append(v, s.Seconds...)
	}
	return slices.Min(v)
}

// memory returns the largest resident set in MB, the median over the rounds.
func (h *history) memory() float64 {
	var v []float64
	for _, s := range h.Samples {
		v = append(v, s.MemoryMB)
	}
	return median(v)
}

// latency returns within how many milliseconds 95 % of the pointer moves were
// drawn: the median over the rounds.
func (h *history) latency() float64 {
	var v []float64
	for _, s := range h.Samples {
		v = append(v, s.Latency)
	}
	return median(v)
}

// ofPeak returns the share of the FMA peak that the matrix products alone
// reach: each measurement over the peak of the moment before it.
func (h *history) ofPeak() float64 {
	var v []float64
	for _, s := range h.Samples {
		for i, peak := range s.Peaks {
			if peak > 0 {
				v = append(v, s.Flops/s.Seconds[i]/1e9/peak)
			}
		}
	}
	return median(v)
}

// runGroup lets the programs of g take turns.
func (s *setup) runGroup(ctx context.Context, g group, skipped map[string]string) (outcome, error) {
	o := outcome{Name: g.name, Title: g.title, Rounds: s.rounds}
	if g.long {
		o.Rounds = s.long
	}
	if g.most > 0 {
		o.Rounds = min(o.Rounds, g.most)
	}
	for _, p := range g.programs {
		o.Programs = append(o.Programs, &history{ID: p.id, Name: p.name, Precision: p.precision, Skipped: skipped[p.kind.String()], Beside: p.beside})
	}
	patience := s.patience
	if g.long { // it takes minutes, and no minute of a busy machine is quiet
		patience = 0
	}
	for round := range o.Rounds {
		for i, p := range g.programs {
			h := o.Programs[i]
			if h.Skipped != "" {
				continue
			}
			fmt.Fprintf(os.Stderr, "%s, round %d of %d: %s, %s\n", g.name, round+1, o.Rounds, p.name, p.precision)
			got, err := s.executeQuietly(ctx, s.complete(g, p), patience)
			if ctx.Err() != nil {
				return o, context.Cause(ctx)
			}
			switch {
			case err != nil && p.kind == ours:
				return o, err
			case err != nil: // a peer that does not run does not end the comparison
				h.Skipped, h.Samples = err.Error(), nil
				fmt.Fprintf(os.Stderr, "skipped: %s\n", err)
			case p.kernel != "" && got.Kernel != p.kernel:
				h.Skipped = "this processor does not run " + p.kernel
			default:
				h.Samples = append(h.Samples, got)
			}
		}
	}
	return o, nil
}

// complete adds the arguments that depend on the flags. Later ones count.
func (s *setup) complete(g group, p program) program {
	if p.kind == window || p.kind == command {
		return p
	}
	before := []string{"--reps", fmt.Sprint(s.reps)}
	after := []string{}
	if p.kind == ours || p.kind == arrays {
		before = append(before, "--mnist", s.mnist)
	}
	if p.kind == ours {
		if g.name == "growth" {
			after = []string{"-reps", fmt.Sprint(s.rounds), "-examples", fmt.Sprint(s.count)}
		}
	}
	p.args = slices.Concat(before, p.args, after)
	return p
}
