package main

// history writes the passes of L-BFGS over its pairs of vectors, which are kept
// in the element type while everything else is float64, and the updates of
// minibatch training. All take a multiple of 32 elements.
func (t *target) history() {
	t.pairDots()
	t.pairAdd()
	t.pairMake()
	if t.size == 8 {
		t.advance()
	}
	t.momentum()
	t.adam()
}

// double is t for float64, in the same function.
func (t *target) double() *target { return &target{writer: t.writer, size: 8, args: t.args} }

// wideScratch is lost by fourDoubles.
const wideScratch vec = 31

// fourDoubles loads four elements as float64 into registers d and d+1.
func (t *target) fourDoubles(d vec, base gp, element int) {
	if t.size == 8 {
		t.getTwo(d, base, 8*element)
		return
	}
	t.get(wideScratch, base, 4*element)
	t.widen(d, wideScratch, false)
	t.widen(d+1, wideScratch, true)
}

// pointers loads arguments into registers from 0 on.
func (t *target) pointers(names ...string) {
	for i, name := range names {
		t.load(name, gp(i))
	}
}

// forward moves the pointers from register first on by n elements of that many bytes.
func (t *target) forward(first gp, count, n, bytes int) {
	for i := range count {
		t.ins("ADD $%d, R%d", n*bytes, first+gp(i))
	}
}

// pairDots writes s·g and y·g, each in four partial sums.
func (t *target) pairDots() {
	t.function(t.name("pairDots"), "s *T", "y *T", "grad *float64", "n int", "retSG float64", "retYG float64")
	t.pointers("s", "y", "grad", "n")
	d, loop := t.double(), t.label()
	for i := range 8 {
		t.zero(vec(i))
	}
	t.mark(loop)
	for i := 0; i < 4; i += 2 { // two vectors each
		d.fourDoubles(16, 2, 2*i)
		t.fourDoubles(18, 0, 2*i)
		t.fourDoubles(20, 1, 2*i)
		for k := range 2 {
			at := vec(i + k)
			d.fma(at, 18+vec(k), 16+vec(k))
			d.fma(4+at, 20+vec(k), 16+vec(k))
		}
	}
	t.forward(0, 2, 8, t.size)
	t.forward(2, 1, 8, 8)
	t.count(3, 8, loop)
	for i, name := range []string{"retSG", "retYG"} {
		at := vec(4 * i)
		d.add(at, at, at+1)
		d.add(at+2, at+2, at+3)
		d.add(at, at, at+2)
		t.sumDoubles(at, at)
		t.ins("FMOVD F%d, %s+%d(FP)", at, name, t.args[name].offset)
	}
	t.ins("RET")
}

// pairAdd writes dst += a·s + b·y + c·u + d·v.
func (t *target) pairAdd() {
	t.function(t.name("pairAdd"), "dst *float64", "s *T", "y *T", "u *T", "v *T", "a float64", "b float64", "c float64", "d float64", "n int")
	t.pointers("dst", "s", "y", "u", "v", "n")
	double, loop := t.double(), t.label()
	for i, name := range []string{"a", "b", "c", "d"} {
		double.broadcast(name, vec(24+i))
	}
	t.mark(loop)
	double.fourDoubles(0, 0, 0)
	for i := range 4 {
		t.fourDoubles(vec(4+2*i), gp(1+i), 0)
	}
	for k := range vec(2) {
		double.fma(k, 4+k, 24)
		double.mul(2+k, 6+k, 25)
		double.fma(k, 8+k, 26)
		double.fma(2+k, 10+k, 27)
		double.add(k, k, 2+k)
	}
	t.putTwo(0, 0, 0)
	t.forward(0, 1, 4, 8)
	t.forward(1, 4, 4, t.size)
	t.count(5, 4, loop)
	t.ins("RET")
}

// pairMake writes s = xNew - x, y = gNew - g (to and from), copies gNew, and
// leaves s·y, s·s, y·y, gNew·d, Σ|gNew| and max |gNew| in sums.
func (t *target) pairMake() {
	t.function(t.name("pairMake"), "s *T", "y *T", "copied *float64", "x *float64", "from *float64", "xNew *float64", "to *float64", "d *float64", "n int", "sums *float64")
	t.pointers("s", "y", "copied", "x", "from", "xNew", "to", "d", "n", "sums")
	double, loop := t.double(), t.label()
	for i := range 12 { // six sums in two vectors
		t.zero(vec(i))
	}
	// difference writes the pair's four elements and leaves them as stored.
	difference := func(d, minus vec, to gp) {
		for k := range vec(2) {
			double.sub(d+k, d+k, minus+k)
		}
		if t.size == 8 {
			t.putTwo(d, to, 0)
			return
		}
		t.ins("WORD $0x%08x // fcvtn v%d.2s, v%d.2d", 0x0e616800|uint32(d)<<5|uint32(wideScratch), wideScratch, d)
		t.ins("WORD $0x%08x // fcvtn2 v%d.4s, v%d.2d", 0x4e616800|uint32(d+1)<<5|uint32(wideScratch), wideScratch, d+1)
		t.put(wideScratch, to, 0)
		t.widen(d, wideScratch, false)
		t.widen(d+1, wideScratch, true)
	}
	t.mark(loop)
	double.fourDoubles(16, 5, 0)
	double.fourDoubles(18, 3, 0)
	difference(16, 18, 0)
	double.fourDoubles(20, 6, 0)
	double.fourDoubles(18, 4, 0)
	t.putTwo(20, 2, 0)
	t.copy(22, 20)
	t.copy(23, 21)
	difference(22, 18, 1)
	double.fourDoubles(18, 7, 0)
	for k := range vec(2) {
		double.fma(k, 22+k, 16+k)
		double.fma(2+k, 16+k, 16+k)
		double.fma(4+k, 22+k, 22+k)
		double.fma(6+k, 20+k, 18+k)
		double.abs(20+k, 20+k)
		double.add(8+k, 8+k, 20+k)
		double.max(10+k, 10+k, 20+k)
	}
	t.forward(0, 2, 4, t.size)
	t.forward(2, 6, 4, 8)
	t.count(8, 4, loop)
	for i := range 6 {
		at := vec(2 * i)
		if i < 5 {
			double.add(at, at, at+1)
			t.sumDoubles(at, at)
		} else {
			double.max(at, at, at+1)
			t.ins("WORD $0x%08x // fmaxp d%d, v%d.2d", 0x7e70f800|uint32(at)<<5|uint32(at), at, at)
		}
		t.ins("FMOVD F%d, %d(R9)", at, 8*i)
	}
	t.ins("RET")
}

// advance writes dst = x + step·d and returns g·d.
func (t *target) advance() {
	t.function(t.name("advance"), "dst *T", "x *T", "d *T", "grad *T", "step T", "n int", "ret float64")
	const step vec = 30
	t.pointers("dst", "x", "d", "grad", "n")
	loop := t.label()
	t.broadcast("step", step)
	for i := range 4 {
		t.zero(vec(i))
	}
	t.mark(loop)
	for i := 0; i < 4; i += 2 {
		t.getTwo(16, 2, i*vectorBytes)
		t.getTwo(18, 1, i*vectorBytes)
		t.getTwo(20, 3, i*vectorBytes)
		for k := range vec(2) {
			t.fma(vec(i)+k, 16+k, 20+k)
			t.fma(18+k, 16+k, step)
		}
		t.putTwo(18, 0, i*vectorBytes)
	}
	t.forward(0, 4, 8, 8)
	t.count(4, 8, loop)
	t.reduce(4)
}

// momentum writes v = keep·v + g, theta += rate·v.
func (t *target) momentum() {
	t.function(t.name("momentum"), "theta *T", "v *T", "grad *T", "keep T", "rate T", "n int")
	const keep, rate vec = 30, 31
	t.pointers("theta", "v", "grad", "n")
	loop := t.label()
	t.broadcast("keep", keep)
	t.broadcast("rate", rate)
	t.mark(loop)
	t.getTwo(0, 2, 0)
	t.getTwo(2, 1, 0)
	t.getTwo(4, 0, 0)
	for k := range vec(2) {
		t.fma(k, 2+k, keep)
		t.fma(4+k, k, rate)
	}
	t.putTwo(0, 1, 0)
	t.putTwo(4, 0, 0)
	t.forward(0, 3, 2*t.lanes(), t.size)
	t.count(3, 2*t.lanes(), loop)
	t.ins("RET")
}

// adam writes m = keep1·m + take1·g, v = keep2·v + take2·g²,
// theta -= rate·m/(scale·√v + epsilon).
func (t *target) adam() {
	constants := []string{"keep1", "take1", "keep2", "take2", "rate", "scale", "epsilon"}
	params := []string{"theta *T", "m *T", "v *T", "grad *T"}
	for _, c := range constants {
		params = append(params, c+" T")
	}
	t.function(t.name("adam"), append(params, "n int")...)
	t.pointers("theta", "m", "v", "grad", "n")
	const keep1, take1, keep2, take2, rate, scale, epsilon vec = 24, 25, 26, 27, 28, 29, 30
	for i, c := range constants {
		t.broadcast(c, keep1+vec(i))
	}
	loop := t.label()
	t.mark(loop)
	const theta, m, v, g, root vec = 0, 2, 4, 6, 8
	for i, r := range []vec{theta, m, v, g} {
		t.getTwo(r, gp(i), 0)
	}
	for k := range vec(2) {
		t.mul(m+k, m+k, keep1)
		t.fma(m+k, g+k, take1)
		t.mul(g+k, g+k, g+k)
		t.mul(v+k, v+k, keep2)
		t.fma(v+k, g+k, take2)
		t.word(0x6ea1f800|uint32(v+k)<<5|uint32(root+k), "fsqrt v%d.%s, v%d.%s", root+k, t.shape(), v+k, t.shape())
		t.mul(root+k, root+k, scale)
		t.add(root+k, root+k, epsilon)
		t.mul(g+k, m+k, rate)
		t.div(g+k, g+k, root+k)
		t.sub(theta+k, theta+k, g+k)
	}
	for i, r := range []vec{theta, m, v} {
		t.putTwo(r, gp(i), 0)
	}
	t.forward(0, 4, 2*t.lanes(), t.size)
	t.count(4, 2*t.lanes(), loop)
	t.ins("RET")
}
