//go:build !amd64 && !arm64

package linalg

// newKernels returns no kernels: plain Go runs everywhere.
func newKernels() []kernelPair { return nil }
