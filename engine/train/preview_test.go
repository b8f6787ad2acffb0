package train

import (
	"math"
	"strings"
	"testing"

	"filterscope/engine/dataset"
	"filterscope/engine/preprocess"
	"filterscope/engine/recipe"
)

// ramp returns n examples of a 2×2 image whose bytes grow.
func ramp(n int) *dataset.Dataset {
	d := &dataset.Dataset{Name: "ramp", N: n, D: 4, Geometry: dataset.Geometry{Width: 2, Height: 2, Channels: 1}, FullScale: 255}
	for i := range n {
		d.Bytes = append(d.Bytes, 0, byte(i), byte(i*7), byte(i*i))
	}
	return d
}

func TestPreview(t *testing.T) {
	r := recipe.Default()
	r.Preprocess = []preprocess.Spec{{Step: "scale"}, {Step: "subtract-mean"}, {Step: "pca", Variance: new(0.9)}}
	data := ramp(9000)
	p, err := NewPreview(t.Context(), r, data)
	if err != nil {
		t.Fatal(err)
	}
	if len(p.Stages) != 4 || len(p.Examples) != previewExamples || p.Examples[previewExamples-1] != 8997 {
		t.Fatalf("%d stages over %d examples, the last %d", len(p.Stages), len(p.Examples), p.Examples[len(p.Examples)-1])
	}
	loaded, scaled, centred, white := &p.Stages[0], &p.Stages[1], &p.Stages[2], &p.Stages[3]
	if loaded.Name != "as loaded" || loaded.Low != 0 || loaded.High != 255 || loaded.Constant() != 1 {
		t.Errorf("%s: %v to %v, %d constant", loaded.Name, loaded.Low, loaded.High, loaded.Constant())
	}
	if scaled.High != 1 || !scaled.Geometry.IsImage() || math.Abs(scaled.Mean*255-loaded.Mean) > 1e-9 {
		t.Errorf("scaled to %v, mean %v of %v", scaled.High, scaled.Mean, loaded.Mean)
	}
	if math.Abs(centred.Mean) > 1e-12 {
		t.Errorf("centred mean %v", centred.Mean)
	}
	if white.Geometry.IsImage() || white.Rows.Cols >= 4 {
		t.Errorf("%d components of geometry %v", white.Rows.Cols, white.Geometry)
	}
	for _, s := range p.Stages {
		n := 0
		for _, c := range s.Histogram {
			n += c
		}
		if n != s.Rows.Rows*s.Rows.Cols {
			t.Errorf("%s: %d values in the histogram of %d", s.Name, n, s.Rows.Rows*s.Rows.Cols)
		}
	}
}

func TestPreviewAdvice(t *testing.T) {
	flat := &dataset.Dataset{Name: "flat", N: 50, D: 2}
	for i := range 100 {
		flat.Doubles = append(flat.Doubles, 1.109+0.001*math.Sin(float64(i)))
	}
	tests := []struct {
		name  string
		data  *dataset.Dataset
		steps []preprocess.Spec
		edit  func(*recipe.Recipe)
		want  []string
	}{
		{"fits", ramp(300), []preprocess.Spec{{Step: "scale"}}, nil, nil},
		{"not scaled", ramp(300), nil, nil, []string{"sigmoid output but data outside [0, 1] (0 to 255)"}},
		{"linear, not scaled", ramp(300), nil, func(r *recipe.Recipe) { r.Model.Decoder = "linear" }, []string{"values of standard deviation"}},
		{"patches", ramp(300), []preprocess.Spec{{Step: "scale"}}, func(r *recipe.Recipe) { r.Data.PatchSize = 2 }, []string{"no whitening: expect blobs, not edges"}},
		{"few for zca", ramp(3), []preprocess.Spec{{Step: "zca"}, {Step: "scale"}}, nil, []string{"3 examples of 4 features"}},
		{"all ones", ramp(300), []preprocess.Spec{{Step: "binarise", Threshold: new(-1.0)}}, nil, []string{"binarise makes every value 1", "hardly vary"}},
		{"narrow", flat, nil, func(r *recipe.Recipe) { r.Model.Decoder = "linear" }, []string{"hardly vary (standard deviation 0.0007"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := recipe.Default()
			r.Preprocess = tt.steps
			if tt.edit != nil {
				tt.edit(&r)
			}
			p, err := NewPreview(t.Context(), r, tt.data)
			if err != nil {
				t.Fatal(err)
			}
			if len(p.Advice) != len(tt.want) {
				t.Fatalf("advice %q, want %q", p.Advice, tt.want)
			}
			for i, want := range tt.want {
				if !strings.Contains(p.Advice[i], want) {
					t.Errorf("advice %q, want %q", p.Advice[i], want)
				}
			}
		})
	}
}

func TestPreviewRefuses(t *testing.T) {
	data := ramp(10)
	data.Bytes, data.Doubles = nil, make([]float64, 40)
	data.Doubles[5] = math.NaN()
	if _, err := NewPreview(t.Context(), recipe.Default(), data); err == nil || !strings.Contains(err.Error(), "example 2 of ramp: column 2 is NaN") {
		t.Errorf("%v", err)
	}
}
