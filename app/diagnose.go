package app

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"filterscope/engine/analysis"
	"filterscope/engine/autoencoder/variational"
	"filterscope/engine/linalg"
	"filterscope/engine/network"
	"filterscope/engine/nn"
	"filterscope/engine/recipe"
	"filterscope/engine/train"
)

// diagnoseEvery is the least time between two diagnoses of a run that goes on.
const diagnoseEvery = time.Second

// mostPairWork bounds the comparison of filters, in multiplications: h·h·d.
const mostPairWork = 1e9

// diagnosisFrame is what is wrong with a run, if anything.
type diagnosisFrame struct {
	found analysis.Diagnosis
	layer int      // that the units are of
	fine  []string // what was looked at and is as it should be
	phase train.Phase
}

// diagnose looks at the units, the steps and the curve of the run: once a second
// while it goes on, whenever something has changed when it does not.
func (p *painter) diagnose(snap *train.Snapshot) *diagnosisFrame {
	if p.run.exhibit != nil {
		return nil
	}
	running := snap.Phase == train.Running
	if d := p.diagnosis; d != nil && d.layer == p.layer && (d.phase == train.Running) == running {
		if running && time.Since(p.diagnosedAt) < diagnoseEvery || p.diagnosedOf == p.full && p.diagnosedAs == snap.Seq {
			return d
		}
	}
	d := &diagnosisFrame{layer: p.layer, phase: snap.Phase}
	d.add(lost(snap)...)
	d.course(p.run, snap)
	if p.theta != nil {
		p.diagnoseUnits(d, snap)
	}
	p.diagnosis, p.diagnosedAt, p.diagnosedOf, p.diagnosedAs = d, time.Now(), p.full, snap.Seq
	return d
}

// add appends findings; those that say that all is well go into the quiet line.
func (d *diagnosisFrame) add(all ...analysis.Finding) {
	for _, f := range all {
		if f.Kind.Good() {
			d.fine = append(d.fine, strings.TrimSuffix(f.Sentence, "."))
		} else {
			d.found = append(d.found, f)
		}
	}
}

// lost says at which step, and in which term, a run left the finite numbers.
func lost(snap *train.Snapshot) analysis.Diagnosis {
	if _, ok := errors.AsType[*train.NotFiniteError](snap.Err); !ok {
		return nil
	}
	return analysis.Diagnosis{{Kind: analysis.NotFinite, Remedy: analysis.RestoreGood, Sentence: capital(oneLine(snap.Err)) + lastStep(snap) + "."}}
}

// lastStep says how large the last step that was measured is, when that explains
// something.
func lastStep(snap *train.Snapshot) string {
	ratio, step, ok := updateRatio(snap)
	if !ok || ratio < analysis.WildUpdate {
		return ""
	}
	return fmt.Sprintf("; step %.0f changed the weights by %s their size", step, percent(math.Pow(10, ratio)))
}

// percent writes a share: "63 % of", "810 times" where that is more than all.
func percent(share float64) string {
	switch {
	case share >= 1e4:
		return fmt.Sprintf("%.1g times", share)
	case share >= 10:
		return fmt.Sprintf("%.0f times", share)
	}
	return fmt.Sprintf("%.0f %% of", 100*share)
}

// updateRatio returns the last update ratio that was measured, and when.
func updateRatio(snap *train.Snapshot) (ratio, step float64, ok bool) {
	s, ok := snap.History.Measure(train.MeasureUpdate)
	if n := len(s.Values); ok && n > 0 {
		return s.Values[n-1], s.Steps[n-1], true
	}
	return 0, 0, false
}

// course looks at the steps and the curve.
func (d *diagnosisFrame) course(run *activeRun, snap *train.Snapshot) {
	r := run.problem.Recipe
	steps := r.Optimizer.Minibatch()
	c := curveOf(snap, r)
	course := analysis.DiagnoseCurve(c)
	_, stays := course.Find(analysis.Plateau)
	if ratio, _, ok := updateRatio(snap); ok && !snap.Phase.Ended() {
		found := analysis.DiagnoseUpdates("the network", ratio)
		if _, small := found.Find(analysis.SmallUpdates); !steps || small && !stays {
			found = nil // a line search chooses its own steps, and small ones are right while they gain
		}
		d.add(found...)
		if found == nil {
			d.fine = append(d.fine, "update ratio "+strings.Replace(fmt.Sprintf("%.1f", ratio), "-", "−", 1))
		}
	}
	if r.Model.Kind == recipe.KindRBM || snap.Err != nil {
		return // its reconstruction error is not what falls
	}
	found := course
	if found == nil && steps {
		found = undone(c)
	}
	if stays && snap.Phase.Ended() {
		found = nil // as it should be
	}
	d.add(found...)
}

// curveOf returns the objective since the last change that makes it another one:
// a change of the rate does not. A divergence that is phased in is left out.
func curveOf(snap *train.Snapshot, r recipe.Recipe) analysis.Curve {
	h, from := snap.History, 0
	for _, e := range snap.Events {
		if strings.HasPrefix(e.Text, "learning rate") || strings.HasPrefix(e.Text, "momentum") {
			continue
		}
		for from < h.Len() && h.Steps[from] <= float64(e.Step) {
			from++
		}
	}
	c := analysis.Curve{Steps: h.Steps[from:], Values: h.Total[from:], PerEpoch: 1}
	if r.Optimizer.Minibatch() {
		c.PerEpoch = float64(snap.Steps) / float64(max(1, r.Optimizer.Epochs))
	}
	if k := slices.Index(h.Names, variational.TermKL); k >= 0 && r.Model.WarmUp > 0 {
		c.Values = slices.Clone(c.Values)
		for i := range c.Values {
			c.Values[i] -= h.Terms[k][from+i]
		}
	}
	return c
}

// undoneLast is how many points at the end of a curve say where a run is now.
const undoneLast = 5

// undoneNoise is how many times the usual difference between two points a rise
// is at least: the lowest of many noisy points lies some three deviations below
// the others.
const undoneNoise = 5

// jitter returns the median difference between neighbouring values.
func jitter(values []float64) float64 {
	steps := make([]float64, 0, len(values))
	for i := 1; i < len(values); i++ {
		steps = append(steps, math.Abs(values[i]-values[i-1]))
	}
	slices.Sort(steps)
	return steps[len(steps)/2]
}

// undone says when a run has lost most of what it had learned, even if it gets no
// worse any more, as after steps that saturate every unit.
func undone(c analysis.Curve) analysis.Diagnosis {
	n := len(c.Values)
	if n < 3*undoneLast {
		return nil
	}
	low := 0
	for i, v := range c.Values {
		if v < c.Values[low] {
			low = i
		}
	}
	now := slices.Min(c.Values[n-undoneLast:])
	gained, risen := slices.Max(c.Values[:undoneLast])-c.Values[low], now-c.Values[low]
	if !(risen > analysis.RiseShare*gained) || risen <= 2*analysis.RiseLeast*math.Abs(c.Values[low]) || risen <= undoneNoise*jitter(c.Values) {
		return nil
	}
	return analysis.Diagnosis{{
		Kind: analysis.Divergence, Remedy: analysis.RestoreGood,
		Sentence: fmt.Sprintf("The objective is %.4g, and was %.4g at step %.0f: what was learned is lost. Go back, with a lower rate.", now, c.Values[low], c.Steps[low]),
	}}
}

// diagnoseUnits looks at the layer that is shown, and at the code of a
// variational autoencoder.
func (p *painter) diagnoseUnits(d *diagnosisFrame, snap *train.Snapshot) {
	spec := p.run.problem.Spec()
	switch s := spec.(type) {
	case network.Selection:
		return
	case network.Linear:
		if r2, ok := snap.History.Measure(train.MeasureR2); ok && len(r2.Values) > 0 {
			switch v := r2.Values[len(r2.Values)-1]; {
			case v > 0:
				d.fine = append(d.fine, "R² "+rounded(v))
			case snap.Phase.Ended():
				d.add(analysis.Finding{Kind: analysis.Plateau, Sentence: "R² is " + rounded(v) + ": the mean of the examples is nearer to them than what comes out."})
			}
		}
		return
	case network.Variational:
		code := p.probeCodes()
		if p.layer != s.Code() {
			code = linalg.NewMatrix[float32](p.probe.Rows, s.Layers()[s.Code()].Units)
			p.net.Encode(p.theta, s.Code(), p.probe, code)
		}
		d.add(analysis.DiagnoseLatent(analysis.Observe(code, nn.Linear).Variance, nil)...)
		if p.layer == s.Code() {
			return
		}
	}
	units := spec.Layers()[p.layer].Units
	found := analysis.DiagnoseUnits(analysis.Observe(p.probeCodes(), spec.Layers()[p.layer].Activation), p.target(snap))
	_, dead := found.Find(analysis.DeadUnits)
	if _, ok := found.Find(analysis.Collapse); ok { // the same units
		found = slices.DeleteFunc(found, func(f analysis.Finding) bool { return f.Kind == analysis.DeadUnits })
	}
	d.add(found...)
	if w := p.weights; w != nil && p.weightsOf == p.full && p.weightsAt == p.layer && float64(units)*float64(units)*float64(w.Encoder.Cols) <= mostPairWork {
		same, _ := analysis.Pairs(w.Encoder)
		d.add(analysis.DiagnosePairs(same, nil, units)...)
	}
	if !dead {
		d.fine = append(d.fine, fmt.Sprintf("0 of %d units dead", units))
	}
}
