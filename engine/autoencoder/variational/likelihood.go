package variational

import (
	"errors"
	"fmt"
	"math"

	"filterscope/engine/linalg"
)

// ErrNoProbability is returned where a log-probability is asked of a model
// whose reconstruction is judged by a plain loss.
var ErrNoProbability = errors.New("a plain loss gives no log-probability: choose a distribution for all features")

// LogProbability estimates ln p(x) of each example of x (n×Visible), in nats,
// by importance sampling with q(z|x) (Burda, Grosse & Salakhutdinov 2016,
// "Importance weighted autoencoders"):
//
//	ln 1/K Σ_k p(x|z_k) p(z_k)/q(z_k|x),  z_k ~ q(z|x)
//
// computed with the largest exponent taken out. It grows towards ln p(x) as
// samples, K, grows; with 1 it is the lower bound. It returns ErrNoProbability
// for a plain loss, and panics when lengths do not fit or samples < 1.
func (o *Objective[T]) LogProbability(theta []T, x linalg.Matrix[T], seed uint64, samples int) ([]float64, error) {
	logMean, _, err := o.score(theta, x, seed, samples)
	return logMean, err
}

// ReconstructionLogProbability returns the mean of ln p(x|z) over so many
// samples of q(z|x), of each example of x (n×Visible), in nats: the score of
// An & Cho 2015, algorithm 4, as Deeplearning4j has it. It errs and panics as
// LogProbability does.
func (o *Objective[T]) ReconstructionLogProbability(theta []T, x linalg.Matrix[T], seed uint64, samples int) ([]float64, error) {
	_, mean, err := o.score(theta, x, seed, samples)
	return mean, err
}

// scoreSamples is how many samples of an example are in flight.
const scoreSamples = 16

// score computes both of the above.
func (o *Objective[T]) score(theta []T, x linalg.Matrix[T], seed uint64, samples int) (logMean, mean []float64, err error) {
	if len(theta) != o.size || x.Cols != o.spec.Visible || samples < 1 {
		panic(fmt.Sprintf("variational: LogProbability: %d parameters, %d×%d examples and %d samples for %d parameters and %d features",
			len(theta), x.Rows, x.Cols, samples, o.size, o.spec.Visible))
	}
	if !o.spec.Probability() {
		return nil, nil, ErrNoProbability
	}
	logMean, mean = make([]float64, x.Rows), make([]float64, x.Rows)
	weights := make([]logSum, x.Rows)
	o.theta = theta
	rows := blockRows(scoreSamples)
	for first := 0; first < x.Rows; first += rows {
		o.x = x.Slice(first, min(first+rows, x.Rows))
		m := o.x.Rows
		o.encode()
		for done := 0; done < samples; done += scoreSamples {
			d := draw{Noise: Noise{Seed: seed}, first: first, of: x.Rows, sample: done}
			o.sample(d, min(scoreSamples, samples-done))
			o.decode()
			o.judge()
			for r, loss := range o.losses {
				weights[first+r%m].add(o.logRatio(r) - loss)
				mean[first+r%m] -= loss
			}
		}
	}
	o.theta, o.x = nil, linalg.Matrix[T]{}
	for i := range mean {
		logMean[i] = weights[i].value() - math.Log(float64(samples))
		mean[i] /= float64(samples)
	}
	return logMean, mean, nil
}

// logRatio returns ln p(z) - ln q(z|x) of the code in row r.
func (o *Objective[T]) logRatio(r int) float64 {
	logVar := o.layers[o.heads].act.Row(r % o.x.Rows)[o.spec.Latent:]
	eps := o.eps.Row(r)
	sum := 0.0
	for j, z := range o.z.Row(r) {
		sum += float64(logVar[j]) + float64(eps[j])*float64(eps[j]) - float64(z)*float64(z)
	}
	return sum / 2
}

// logSum adds up numbers given by their logarithms, relative to the largest.
type logSum struct {
	largest, rest float64 // the sum is exp(largest)·rest
}

func (s *logSum) add(v float64) {
	switch {
	case s.rest == 0:
		s.largest, s.rest = v, 1
	case v > s.largest:
		s.rest = s.rest*math.Exp(s.largest-v) + 1
		s.largest = v
	case math.IsInf(v, -1): // adds 0, also to a sum of zeros
	default:
		s.rest += math.Exp(v - s.largest)
	}
}

func (s *logSum) value() float64 { return s.largest + math.Log(s.rest) }
