package experiment_test

import (
	"math"
	"testing"

	"filterscope/engine/surface"
)

// What each built-in recipe promises on its card. TestSeedExample has rbf-1d.
func TestBuiltInCurvesAndFields(t *testing.T) {
	for _, test := range []struct {
		name string
		rmse float64 // on the test points, at the most
	}{
		{"rbf-sinc", 0.035}, // of noise of 0.08
		{"rbf-train", 0.02}, // of noise of 0.03
		{"rbf-field", 0.003},
	} {
		r := run(t, test.name)
		if !(r.Outcome.TestRMSE < test.rmse) {
			t.Errorf("%s: test RMSE %g, want less than %g", test.name, r.Outcome.TestRMSE, test.rmse)
		}
	}
	s := prepare(t, "rbf-train")
	n, _, err := s.Network()
	if err != nil {
		t.Fatal(err)
	}
	if start, err := s.Fit(n); err != nil || start.TestRMSE < 0.4 {
		t.Errorf("rbf-train starts at a test RMSE of %g, %v: there is little to watch", start.TestRMSE, err)
	}
}

func TestBuiltInImage(t *testing.T) {
	if psnr := run(t, "rbf-image").PSNR; len(psnr) != 401 || psnr[400] < 31.5 {
		t.Errorf("PSNR %g after %d Gaussians", psnr[len(psnr)-1], len(psnr)-1)
	}
}

func TestBuiltInSurfaces(t *testing.T) {
	if testing.Short() {
		t.Skip("fits some thousand centres")
	}
	star := run(t, "rbf-star")
	if len(star.Contour) != 1 || !star.Contour[0].Closed {
		t.Fatalf("rbf-star: %d contours", len(star.Contour))
	}
	worst := 0.0
	for _, p := range star.Contour[0].Points {
		worst = max(worst, math.Abs(math.Hypot(p[0], p[1])-surface.StarRadius(math.Atan2(p[1], p[0]))))
	}
	if worst > 0.08 { // along the radius, where the outline may run at 60° to it; noise of 0.035
		t.Errorf("rbf-star: off by up to %g", worst)
	}

	sphere := run(t, "rbf-sphere").Mesh
	worst = 0
	for _, v := range sphere.Vertices {
		worst = max(worst, math.Abs(math.Hypot(v[0], math.Hypot(v[1], v[2]))/surface.SphereRadius-1))
	}
	if worst > 0.01 || sphere.Components() != 1 || sphere.Euler() != 2 || sphere.OpenEdges() != 0 {
		t.Errorf("rbf-sphere: off by up to %g, %d components, Euler %d", worst, sphere.Components(), sphere.Euler())
	}

	torus := run(t, "rbf-torus").Mesh
	worst = 0
	for _, v := range torus.Vertices {
		tube := math.Hypot(math.Hypot(v[0], v[1])-surface.TorusRadius, v[2])
		worst = max(worst, math.Abs(tube/surface.TubeRadius-1))
	}
	if worst > 0.03 || torus.Components() != 1 || torus.Euler() != 0 || torus.OpenEdges() != 0 {
		t.Errorf("rbf-torus: off by up to %g, %d components, Euler %d", worst, torus.Components(), torus.Euler())
	}
}
