package inflate_test

import (
	"bytes"
	"compress/flate"
	"io"
	"math/rand/v2"
	"testing"

	"filterscope/engine/dataset/internal/inflate"
)

// deflated returns data compressed at one level of compress/flate.
func deflated(t testing.TB, data []byte, level int) []byte {
	t.Helper()
	var b bytes.Buffer
	w, err := flate.NewWriter(&b, level)
	if err != nil {
		t.Fatal(err)
	}
	// Flushes in between make more blocks, of different kinds.
	for len(data) > 0 {
		n := min(len(data), 70000)
		if _, err := w.Write(data[:n]); err != nil {
			t.Fatal(err)
		}
		if data = data[n:]; len(data)%2 == 1 {
			if err := w.Flush(); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestInto(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	noise := make([]byte, 200_001)
	words := make([]byte, 0, 300_000)
	for i := range noise {
		noise[i] = byte(rng.Uint32())
	}
	for len(words) < 300_000 {
		from := rng.IntN(1000)
		words = append(words, noise[from:from+rng.IntN(30)]...)
		if rng.IntN(10) == 0 {
			words = append(words, make([]byte, rng.IntN(600))...)
		}
	}
	skewed := make([]byte, 100_000) // long codes for rare bytes
	for i := range skewed {
		v := rng.ExpFloat64() * 6
		skewed[i] = byte(min(v*v, 255))
	}
	for name, data := range map[string][]byte{
		"nothing": {}, "a byte": {7}, "zeros": make([]byte, 100_000), "noise": noise, "words": words, "skewed": skewed,
		"far": append(append(bytes.Clone(noise[:300]), make([]byte, 32000)...), noise[:300]...),
	} {
		for _, level := range []int{flate.NoCompression, flate.BestSpeed, 6, flate.BestCompression, flate.HuffmanOnly} {
			src := deflated(t, data, level)
			got := make([]byte, len(data))
			if used, ok := inflate.Into(got, append(src, 1, 2, 3)); !ok || used != len(src) || !bytes.Equal(got, data) {
				t.Errorf("%s, level %d: %d of %d bytes used, %v", name, level, used, len(src), ok)
			}
			if len(data) == 0 {
				continue
			}
			if _, ok := inflate.Into(got[1:], src); ok {
				t.Errorf("%s, level %d: one byte too many was taken", name, level)
			}
			if _, ok := inflate.Into(append(got, 0), src); ok {
				t.Errorf("%s, level %d: one byte too few was taken", name, level)
			}
			if _, ok := inflate.Into(got, src[:len(src)-1]); ok {
				t.Errorf("%s, level %d: a stream without its end was taken", name, level)
			}
		}
	}
}

// Whatever the bytes, the result is that of compress/flate.
func FuzzInflate(f *testing.F) {
	for _, level := range []int{flate.NoCompression, flate.BestSpeed, flate.BestCompression, flate.HuffmanOnly} {
		f.Add(deflated(f, []byte("a rose is a rose is a rose, and 1234567890 is a number"), level))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		r := bytes.NewReader(b)
		want, err := io.ReadAll(io.LimitReader(flate.NewReader(r), 1<<20))
		if len(want) == 1<<20 {
			return
		}
		got := make([]byte, len(want))
		used, ok := inflate.Into(got, b)
		if ok != (err == nil) || ok && (!bytes.Equal(got, want) || used != len(b)-r.Len()) {
			t.Errorf("Into: %v with %d of %d bytes used; compress/flate: %v, %d left", ok, used, len(b), err, r.Len())
		}
	})
}
