package figure

// FillOutlines lets the tests draw outlines on a canvas that they can look at.
var FillOutlines = fillOutlines
