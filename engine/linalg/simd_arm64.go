package linalg

//go:generate go run ./internal/neon

// newKernels returns the NEON kernels, which every arm64 processor can run.
func newKernels() []kernelPair {
	return []kernelPair{{
		&simd[float32]{
			isa: "neon", lanes: 4, n: stripsN32NEON[:], t: stripsT32NEON[:], skips: skips32NEON[:],
			fused: fused32NEON[:], widen: addWideF32NEON, pack: packF32NEON, turn: transposeF32NEON, block: 4,
			squareSum: squaresF32NEON, mix: blendF32NEON, rounds: peakF32NEON,
			passes: &optimiserKernels[float32]{
				pairDots: pairDotsF32NEON, pairAdd: pairAddF32NEON, pairMake: pairMakeF32NEON, advance: advanceF64NEON,
				momentum: momentumF32NEON, adam: adamF32NEON,
			},
		},
		&simd[float64]{
			isa: "neon", lanes: 2, n: stripsN64NEON[:], t: stripsT64NEON[:], skips: skips64NEON[:],
			fused: fused64NEON[:], widen: addWideF64NEON, pack: packF64NEON, turn: transposeF64NEON, block: 2,
			squareSum: squaresF64NEON, mix: blendF64NEON, rounds: peakF64NEON,
			passes: &optimiserKernels[float64]{
				pairDots: pairDotsF64NEON, pairAdd: pairAddF64NEON, pairMake: pairMakeF64NEON, advance: advanceF64NEON,
				momentum: momentumF64NEON, adam: adamF64NEON,
			},
		},
		&vectorKernels{dotF64NEON, axpyF64NEON},
	}}
}
