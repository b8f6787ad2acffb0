// Package linalg holds the numbers and the kernels that work on them:
// row-major matrices, matrix products and the fused element-wise passes of a
// cost-and-gradient evaluation.
//
// Rows are examples everywhere. Shape mismatches are programming errors and
// panic with a message that starts with "linalg: ". Every parallel routine
// splits its work into parts that depend on the shapes alone and reduces them
// in a fixed order, so the result is the same bits whatever GOMAXPROCS is.
package linalg
