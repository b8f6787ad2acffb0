package surface

import (
	"context"
	"testing"
)

func BenchmarkFit(b *testing.B) {
	for _, size := range []struct {
		name string
		n    int
	}{{"500", 500}, {"2000", 2000}} {
		c, err := Example("sphere", size.n, 0, 3)
		if err != nil {
			b.Fatal(err)
		}
		b.Run(size.name, func(b *testing.B) {
			for b.Loop() {
				if _, err := Fit(context.Background(), c, DefaultOptions(3), nil); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkMesh evaluates 1500 centres.
func BenchmarkMesh(b *testing.B) {
	f := fitted(b, "sphere", 500, 0)
	for b.Loop() {
		if _, err := f.Mesh(context.Background(), 48, nil); err != nil {
			b.Fatal(err)
		}
	}
}
