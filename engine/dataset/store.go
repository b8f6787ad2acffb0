package dataset

// Element is the type of a stored value.
type Element int

// The element types, in the order of what they can hold.
const (
	Uint8 Element = iota
	Float32
	Float64
)

// String returns "uint8", "float32" or "float64".
func (e Element) String() string { return [...]string{"uint8", "float32", "float64"}[e] }

// Size returns the bytes of one value.
func (e Element) Size() int { return [...]int{1, 4, 8}[e] }

// Element returns the type d's values are stored as.
func (d *Dataset) Element() Element {
	switch {
	case d.Bytes != nil:
		return Uint8
	case d.Singles != nil:
		return Float32
	}
	return Float64
}

// allocate gives d room for n values of a type, all 0.
func (d *Dataset) allocate(e Element, n int) {
	switch e {
	case Uint8:
		d.Bytes = make([]uint8, n)
	case Float32:
		d.Singles = make([]float32, n)
	default:
		d.Doubles = make([]float64, n)
	}
}

// truncate keeps the first n values.
func (d *Dataset) truncate(n int) {
	switch d.Element() {
	case Uint8:
		d.Bytes = d.Bytes[:n:n]
	case Float32:
		d.Singles = d.Singles[:n:n]
	default:
		d.Doubles = d.Doubles[:n:n]
	}
}

// commonForm returns the type and the scale that hold the samples of all
// items.
func commonForm(items []Item) (Element, float64) {
	element, scale := items[0].Element, items[0].FullScale
	for _, item := range items {
		element, scale = max(element, item.Element), max(scale, item.FullScale)
	}
	return element, scale
}

// put copies n values of img, from index from, to index at of d. Bytes among
// 16-bit samples are stretched to their scale.
func (d *Dataset) put(img *Dataset, at, from, n int) {
	if d.Bytes != nil && img.Bytes != nil {
		copy(d.Bytes[at:at+n], img.Bytes[from:from+n])
		return
	}
	scale := 1.0
	if img.Bytes != nil && d.FullScale == 65535 {
		scale = 257 // 255 becomes 65535
	}
	for i := range n {
		v := scale * img.at(from+i)
		switch {
		case d.Bytes != nil:
			d.Bytes[at+i] = uint8(v)
		case d.Singles != nil:
			d.Singles[at+i] = float32(v)
		default:
			d.Doubles[at+i] = v
		}
	}
}

// move copies n values from one index of d to a lower one.
func (d *Dataset) move(to, from, n int) {
	switch {
	case to == from:
	case d.Bytes != nil:
		copy(d.Bytes[to:to+n], d.Bytes[from:])
	case d.Singles != nil:
		copy(d.Singles[to:to+n], d.Singles[from:])
	default:
		copy(d.Doubles[to:to+n], d.Doubles[from:])
	}
}

// at returns value i of all, as stored.
func (d *Dataset) at(i int) float64 {
	switch {
	case d.Bytes != nil:
		return float64(d.Bytes[i])
	case d.Singles != nil:
		return float64(d.Singles[i])
	}
	return d.Doubles[i]
}
