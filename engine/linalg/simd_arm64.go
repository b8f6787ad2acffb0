package linalg

//go:generate go run ./internal/neon

// newKernels returns the NEON kernels, which every arm64 processor can run.
func newKernels() []kernelPair {
	return []kernelPair{{
		&simd[float32]{
			isa: "neon", lanes: 4, n: stripsN32NEON[:], t: stripsT32NEON[:], skips: skips32NEON[:], waste: noWaste[float32](),
			activateLogistic: activateLogisticF32NEON, hiddenLogistic: hiddenLogisticF32NEON,
			outputLogistic: outputLogisticF32NEON, outputIdentity: outputIdentityF32NEON, widen: addWideF32NEON, pack: packF32NEON,
			squareSum: squaresF32NEON, mix: blendF32NEON, rounds: peakF32NEON,
		},
		&simd[float64]{
			isa: "neon", lanes: 2, n: stripsN64NEON[:], t: stripsT64NEON[:], skips: skips64NEON[:], waste: noWaste[float64](),
			activateLogistic: activateLogisticF64NEON, hiddenLogistic: hiddenLogisticF64NEON,
			outputLogistic: outputLogisticF64NEON, outputIdentity: outputIdentityF64NEON, widen: addWideF64NEON, pack: packF64NEON,
			squareSum: squaresF64NEON, mix: blendF64NEON, rounds: peakF64NEON,
		},
		&vectorKernels{dotF64NEON, axpyF64NEON},
	}}
}
