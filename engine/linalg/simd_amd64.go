package linalg

import "golang.org/x/sys/cpu"

//go:generate go run ./internal/gen

// newKernels returns the backends this processor can run, the best first.
func newKernels() []kernelPair {
	var pairs []kernelPair
	if cpu.X86.HasAVX512F && cpu.X86.HasBMI2 && cpu.X86.HasFMA {
		pairs = append(pairs, kernelPair{
			&simd[float32]{
				isa: "avx512", lanes: 16, n: stripsN32AVX512[:], t: stripsT32AVX512[:], skips: skips32AVX512[:],
				fused: fused32AVX512[:], widen: addWideF32AVX512, pack: packF32AVX512, turn: transposeF32AVX512, block: 8, tell: nonzeroF32AVX512,
				squareSum: squaresF32AVX512, mix: blendF32AVX512, rounds: peakF32AVX512,
				passes: &optimiserKernels[float32]{
					pairDots: pairDotsF32AVX512, pairAdd: pairAddF32AVX512, pairMake: pairMakeF32AVX512, advance: advanceF64AVX512,
					momentum: momentumF32AVX512, adam: adamF32AVX512,
				},
			},
			&simd[float64]{
				isa: "avx512", lanes: 8, n: stripsN64AVX512[:], t: stripsT64AVX512[:], skips: skips64AVX512[:],
				fused: fused64AVX512[:], widen: addWideF64AVX512, pack: packF64AVX512, turn: transposeF64AVX512, block: 4, tell: nonzeroF64AVX512,
				squareSum: squaresF64AVX512, mix: blendF64AVX512, rounds: peakF64AVX512,
				passes: &optimiserKernels[float64]{
					pairDots: pairDotsF64AVX512, pairAdd: pairAddF64AVX512, pairMake: pairMakeF64AVX512, advance: advanceF64AVX512,
					momentum: momentumF64AVX512, adam: adamF64AVX512,
				},
			},
			&vectorKernels{dotF64AVX512, axpyF64AVX512},
		})
	}
	if cpu.X86.HasAVX2 && cpu.X86.HasFMA {
		pairs = append(pairs, kernelPair{
			&simd[float32]{
				isa: "avx2", lanes: 8, n: stripsN32AVX2[:], t: stripsT32AVX2[:], skips: skips32AVX2[:],
				fused: fused32AVX2[:], widen: addWideF32AVX2, pack: packF32AVX2, turn: transposeF32AVX2, block: 8, tell: nonzeroF32AVX2,
				squareSum: squaresF32AVX2, mix: blendF32AVX2, rounds: peakF32AVX2,
				passes: &optimiserKernels[float32]{
					pairDots: pairDotsF32AVX2, pairAdd: pairAddF32AVX2, pairMake: pairMakeF32AVX2, advance: advanceF64AVX2,
					momentum: momentumF32AVX2, adam: adamF32AVX2,
				},
			},
			&simd[float64]{
				isa: "avx2", lanes: 4, n: stripsN64AVX2[:], t: stripsT64AVX2[:], skips: skips64AVX2[:],
				fused: fused64AVX2[:], widen: addWideF64AVX2, pack: packF64AVX2, turn: transposeF64AVX2, block: 4, tell: nonzeroF64AVX2,
				squareSum: squaresF64AVX2, mix: blendF64AVX2, rounds: peakF64AVX2,
				passes: &optimiserKernels[float64]{
					pairDots: pairDotsF64AVX2, pairAdd: pairAddF64AVX2, pairMake: pairMakeF64AVX2, advance: advanceF64AVX2,
					momentum: momentumF64AVX2, adam: adamF64AVX2,
				},
			},
			&vectorKernels{dotF64AVX2, axpyF64AVX2},
		})
	}
	return pairs
}
