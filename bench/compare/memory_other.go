//go:build !unix

package main

import "os"

// memoryMB is not known here.
func memoryMB(*os.ProcessState) float64 { return 0 }
