// Package train runs a recipe: it prepares the data (Prepare), trains the model
// on a goroutine of the caller's (Run), and puts a trained model to use (Open,
// Import, Trained).
//
// A run takes commands from a Control between two evaluations of the objective
// and leaves Snapshots in a Mailbox; neither ever blocks the other side. What
// is put into a snapshot is not written to again. The same recipe, data and
// build give the same bits whatever GOMAXPROCS, and pauses and single steps
// change none of them.
//
// A run ends with an error when the objective or its gradient is no longer a
// finite number, or when a panic is caught; the result then holds the last
// good parameters.
package train
