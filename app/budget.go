package app

import "time"

const (
	// drawingShare is the share of the machine's processor time that drawing
	// may take while a run goes on. Training loses a little more than that: its
	// threads wait for each other after every pass.
	drawingShare = 1.0 / 16
	// frameEvery is the least time between two frames: 30 a second.
	frameEvery = 33 * time.Millisecond
	// frameLatest is the most, however dear a frame is: the filters are to be
	// seen learning.
	frameLatest = 500 * time.Millisecond
	// creditFor is how long a stretch of unused time may be spent at once, so
	// that a run begins lively; debts are forgotten beyond as long a stretch.
	creditFor = time.Second
)

// budget spaces frames so that drawing takes no more than its share. It is an
// account of processor time: the clock pays in at a steady pace, what is drawn is
// paid out of it, and a frame is due while nothing is owed.
type budget struct {
	pace  float64       // processor time that drawing may take in a second, in seconds
	owed  time.Duration // processor time; less than 0 is credit
	at    time.Time     // of the last settling
	spent time.Duration // at that time
}

// newBudget returns a full account.
func newBudget(pace float64, now time.Time, spent time.Duration) budget {
	b := budget{pace: pace, at: now, spent: spent}
	b.owed = -b.allowance(creditFor)
	return b
}

// allowance is the processor time that drawing may take in a stretch of time.
func (b *budget) allowance(d time.Duration) time.Duration {
	return time.Duration(b.pace * float64(d))
}

// settle brings the account up to now, when drawing has taken spent since the
// program began.
func (b *budget) settle(now time.Time, spent time.Duration) {
	b.owed += spent - b.spent - b.allowance(now.Sub(b.at))
	b.at, b.spent = now, spent
	limit := b.allowance(creditFor)
	b.owed = min(max(b.owed, -limit), limit)
}

// rest returns how long the next frame has to wait, given how long ago the last
// one began; an urgent one does not wait for the account.
func (b *budget) rest(since time.Duration, urgent bool) time.Duration {
	wait := frameEvery - since
	if !urgent && b.owed > 0 {
		pays := time.Duration(float64(b.owed) / b.pace)
		wait = max(wait, min(pays, frameLatest-since))
	}
	return max(wait, 0)
}
