// Package widgets holds the Fyne widgets of Filterscope that know nothing of its domain: a pixel-exact picture, compact
// rows for numbers and choices, tabs, read-outs, banners, toasts and tooltips.
//
// They take *image.RGBA, strings, numbers and callbacks, and never import the engine. All methods are called on Fyne's
// own goroutine; the package starts no goroutine and holds no lock. The one thing that needs a clock, hiding toasts and
// delaying tooltips, goes through the dispatcher given to Overlay.SetDispatcher.
//
// Setters (Select, SetValue, SetChecked, ...) only show a state: callbacks fire for what the user does, so state can be
// pushed into a widget from its own callback without loops. A setter that changes nothing repaints nothing.
//
// Keys that a widget does not use itself are passed on to the canvas's own key handlers, so the window's plain-letter
// shortcuts go on working whatever has the focus (text fields excepted). A click on a button, tab or choice takes the
// focus away from a text field, which commits it; it does not keep the focus, so Space stays the window's.
//
// Sizes and colours come from the theme at each Refresh. Two text sizes are used beside the theme's own: numbers are
// monospaced, one point smaller than text. Every clickable area is at least 28 units high.
package widgets
