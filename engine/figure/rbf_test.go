package figure_test

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"math"
	"testing"

	"filterscope/engine/figure"
	"filterscope/engine/linalg"
	"filterscope/engine/render"
)

// network is three Gaussians that add up to a fit.
func network() render.Basis {
	b := render.Basis{Selected: -1, Centres: []float64{-2, 0, 3}, Widths: []float64{1, 0.7, 1.5}, Weights: []float64{1, -2, 1.5}}
	const n = 200
	b.Phi = linalg.NewMatrix[float64](n, 3)
	for i := range n {
		x := -5 + 10*float64(i)/(n-1)
		fit := 0.0
		for j, c := range b.Centres {
			d := (x - c) / b.Widths[j]
			b.Phi.Set(i, j, math.Exp(-d*d/2))
			fit += b.Weights[j] * b.Phi.At(i, j)
		}
		b.X, b.Fit, b.Target = append(b.X, x), append(b.Fit, fit), append(b.Target, fit+0.1*math.Sin(3*x))
		if i%10 == 0 {
			b.PointX, b.PointY = append(b.PointX, x), append(b.PointY, fit+0.1*math.Cos(50*x))
		}
	}
	return b
}

// hills is a field of both signs with points and centres.
func hills() render.Field {
	f := render.Field{
		Values: linalg.NewMatrix[float64](40, 50), X: render.Window{Lo: -2, Hi: 3}, Y: render.Window{Lo: -2, Hi: 2},
		Points: linalg.MatrixOf(3, 2, []float64{-1, 0, 1, 0.5, 2, -1}), PointValues: []float64{-0.6, 0.9, 0.2},
		Centres: linalg.MatrixOf(2, 2, []float64{-1, 0, 1.2, 0.4}), Widths: []float64{0.6, 0.9}, Selected: -1,
	}
	for r := range 40 {
		for c := range 50 {
			x, y := -2+5*float64(c)/49, -2+4*float64(r)/39
			f.Values.Set(r, c, 1.2*math.Exp(-(x-1.2)*(x-1.2)-(y-0.4)*(y-0.4))-math.Exp(-2*(x+1)*(x+1)-2*y*y))
		}
	}
	return f
}

// figures are what the tests write, by name.
func figures() map[string]func(w io.Writer, format string) error {
	stacked := network()
	stacked.Weighted, stacked.Target = true, nil
	pixels := hills()
	pixels.Pixels, pixels.Ramp, pixels.X, pixels.Y = true, render.RampGrey, render.Window{}, render.Window{}
	psnr := []float64{12, 15, 17.5, 18.9, 20.2, 21, 21.9, 22.3}
	small := func(c render.Curves) figure.CurvesData { return figure.CurvesData{Curves: c, Width: 260, Height: 160} }
	return map[string]func(io.Writer, string) error{
		"basis": func(w io.Writer, f string) error {
			return figure.WriteBasis(w, f, figure.BasisData{Title: "Three Gaussians", Basis: network(), Width: 300, Height: 280})
		},
		"basis-stacked": func(w io.Writer, f string) error {
			return figure.WriteBasis(w, f, figure.BasisData{Basis: stacked, Width: 300, Height: 280})
		},
		"basis-empty": func(w io.Writer, f string) error {
			return figure.WriteBasis(w, f, figure.BasisData{Width: 1, Height: 1})
		},
		"field": func(w io.Writer, f string) error {
			return figure.WriteField(w, f, figure.FieldData{Title: "Two hills", Field: hills(), Width: 240, Height: 200})
		},
		"field-pixels": func(w io.Writer, f string) error {
			return figure.WriteField(w, f, figure.FieldData{Field: pixels, Width: 240, Height: 200})
		},
		"field-empty": func(w io.Writer, f string) error { return figure.WriteField(w, f, figure.FieldData{}) },
		"psnr": func(w io.Writer, f string) error {
			return figure.WriteCurves(w, f, small(render.PSNRCurves(psnr, false)))
		},
		"reduction": func(w io.Writer, f string) error {
			return figure.WriteCurves(w, f, small(render.ReductionCurves([]float64{0.7, 0.2, 0.06, 0.03, 0.009}, false)))
		},
	}
}

func TestRadialBasisFigures(t *testing.T) {
	for name, figureOf := range figures() {
		t.Run(name, func(t *testing.T) {
			for _, format := range figure.Formats() {
				var first, second bytes.Buffer
				if err := figureOf(&first, format); err != nil {
					t.Fatal(err)
				}
				if name == "field" || name == "basis-stacked" {
					if err := figureOf(&second, format); err != nil {
						t.Fatal(err)
					}
					if !bytes.Equal(first.Bytes(), second.Bytes()) {
						t.Errorf("two %s files differ", format)
					}
				}
				switch format {
				case "png":
					goldenPNG(t, name, first.Bytes())
				case "svg":
					d := xml.NewDecoder(&first)
					for {
						if _, err := d.Token(); errors.Is(err, io.EOF) {
							break
						} else if err != nil {
							t.Fatal(err)
						}
					}
				}
			}
			if err := figureOf(broken{}, "svg"); err == nil {
				t.Error("a failing writer goes unnoticed")
			}
			if err := figureOf(io.Discard, "gif"); err == nil {
				t.Error("gif is accepted")
			}
		})
	}
}

func TestRadialBasisFiguresTakeAnything(t *testing.T) {
	nan := math.NaN()
	odd := network()
	odd.Fit[3], odd.Target[7], odd.PointY[0], odd.Centres[1], odd.Weighted = nan, math.Inf(1), nan, nan, true
	field := hills()
	field.Values.Set(3, 3, nan)
	field.Points.Set(0, 0, nan)
	field.PointValues[1] = nan
	field.Widths[0] = nan
	for _, format := range []string{"png", "svg"} {
		for _, b := range []render.Basis{odd, {PointX: []float64{1}, PointY: []float64{2}}, {X: []float64{1, 2}}} {
			if err := figure.WriteBasis(io.Discard, format, figure.BasisData{Basis: b}); err != nil {
				t.Error(err)
			}
		}
		for _, f := range []render.Field{field, {Points: field.Points}, {Values: linalg.NewMatrix[float64](2, 2)}} {
			if err := figure.WriteField(io.Discard, format, figure.FieldData{Field: f}); err != nil {
				t.Error(err)
			}
		}
	}
}
