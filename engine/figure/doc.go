// Package figure draws publication figures with gonum/plot as PNG, SVG or PDF:
// training curves and other progress ([WriteCurves]), one-dimensional radial
// basis networks ([WriteBasis]) and fields of two variables ([WriteField]).
//
// Figures are light whatever the theme of the window, and look the same
// everywhere: the fonts are in the file (SVG and PDF embed Liberation Sans).
// gonum/plot writes PDF text in code page 1252, which has neither λ nor a minus
// sign; text beyond ASCII is therefore drawn as outlines there. The same data
// gives the same bytes.
package figure
