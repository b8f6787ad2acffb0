// Command gen writes the loops that package peak times. It is run by
// go generate in bench/peak, and needs avo; the package itself does not.
package main

import (
	"fmt"
	"log"
	"os"

	"github.com/mmcloughlin/avo/attr"
	"github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/buildtags"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/pass"
	"github.com/mmcloughlin/avo/printer"
	"github.com/mmcloughlin/avo/reg"
)

// chains is how many sums are under way at once: more than two units with a
// latency of four or five cycles can take, fewer than AVX2 has registers.
const chains = 12

// unroll is how many links of each chain an iteration of the loop has.
const unroll = 4

func main() {
	log.SetFlags(0)
	ctx := build.NewContext()
	ctx.Constraint(buildtags.Term("amd64"))
	for _, size := range []int{32, 64} {
		loop(ctx, fmt.Sprintf("fma%dAVX512", size), size, func() reg.VecVirtual { return ctx.ZMM() })
		loop(ctx, fmt.Sprintf("fma%dAVX2", size), size, func() reg.VecVirtual { return ctx.YMM() })
	}
	if err := write(ctx); err != nil {
		log.Fatal(err)
	}
}

// loop writes a function of n that does n·unroll·chains vector FMAs on
// registers alone.
func loop(ctx *build.Context, name string, size int, vector func() reg.VecVirtual) {
	ctx.Function(name)
	ctx.SignatureExpr("func(n int, a, b float64)")
	ctx.Attributes(attr.NOSPLIT)
	ctx.Doc(fmt.Sprintf("%s does n times %d vector FMAs of float%d elements, each sum += a·b.", name, unroll*chains, size))
	n := ctx.Load(ctx.Param("n"), ctx.GP64())
	x, y := vector(), vector()
	for _, v := range []struct {
		param string
		to    reg.VecVirtual
	}{{"a", x}, {"b", y}} {
		scalar := ctx.XMM()
		ctx.Load(ctx.Param(v.param), scalar)
		if size == 32 {
			ctx.VCVTSD2SS(scalar, scalar, scalar)
			ctx.VBROADCASTSS(scalar, v.to)
		} else {
			ctx.VBROADCASTSD(scalar, v.to)
		}
	}
	sums := make([]reg.VecVirtual, chains)
	for i := range sums {
		sums[i] = vector()
		ctx.VMOVUPS(x, sums[i])
	}
	ctx.Label("again")
	for range unroll {
		for _, sum := range sums {
			if size == 32 {
				ctx.VFMADD231PS(x, y, sum)
			} else {
				ctx.VFMADD231PD(x, y, sum)
			}
		}
	}
	ctx.DECQ(n)
	ctx.JNZ(operand.LabelRef("again"))
	ctx.VZEROUPPER()
	ctx.RET()
}

func write(ctx *build.Context) error {
	file, err := ctx.Result()
	if err != nil {
		return err
	}
	if err := pass.Compile.Execute(file); err != nil {
		return err
	}
	cfg := printer.Config{Name: "bench/peak/internal/gen", Argv: []string{"go generate ./bench/peak"}, Pkg: "peak"}
	asm, err := printer.NewGoAsm(cfg).Print(file)
	if err != nil {
		return err
	}
	if err := os.WriteFile("fma_amd64.s", asm, 0o644); err != nil {
		return err
	}
	stubs, err := printer.NewStubs(cfg).Print(file)
	if err != nil {
		return err
	}
	return os.WriteFile("fma_amd64.go", stubs, 0o644)
}
