package app

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"fyne.io/fyne/v2/widget"

	"filterscope/app/cli"
	"filterscope/engine/experiment"
	"filterscope/engine/figure"
	"filterscope/engine/modelio"
	"filterscope/engine/recipe"
	"filterscope/engine/render"
	"filterscope/engine/surface"
	"filterscope/widgets"
)

// rbfExport is one file that the RBF view can write.
type rbfExport struct {
	label  string
	ending string // with its dot
	about  string
	write  func(out io.Writer) error
}

// exports lists what can be written of a frame. What they need is in the frame,
// so that they may run on any goroutine.
func (f *rbfFrame) exports() []rbfExport {
	s := f.solution
	if s == nil || f.image == nil {
		return nil
	}
	meta := map[string]string{
		"Software": "Filterscope " + cli.Version(), "Recipe": f.req.recipe.Name, "Seed": fmt.Sprint(f.req.recipe.Seed),
	}
	size := f.image.Rect.Size()
	picture := f.image
	list := []rbfExport{{
		"Picture as shown, PNG", ".png", sizeText(size.X, size.Y) + " pixels, exactly as on the screen",
		func(out io.Writer) error { return render.EncodePNG(out, picture, meta) },
	}}
	figures := func(name, about string, write func(out io.Writer, format string) error) {
		for _, format := range figure.Formats() {
			list = append(list, rbfExport{
				name + ", " + strings.ToUpper(format), "." + format, about,
				func(out io.Writer) error { return write(out, format) },
			})
		}
	}
	title := f.req.recipe.Title
	switch {
	case s.key.rbf.Task == recipe.TaskCurve:
		data := figure.BasisData{Title: title, Basis: s.basis(f.req)}
		figures("Figure", "basis functions, fit and residual on paper, with the fonts inside",
			func(out io.Writer, format string) error { return figure.WriteBasis(out, format, data) })
	case s.key.rbf.Task == recipe.TaskField:
		data := figure.FieldData{Title: title, Field: s.fieldOf(f.req)}
		figures("Figure of the map", "heat map with contours on paper, with the fonts inside",
			func(out io.Writer, format string) error { return figure.WriteField(out, format, data) })
	case s.key.rbf.Task == recipe.TaskImage:
		img := s.study.Image
		list = append(list, rbfExport{
			"Reconstruction, PNG", ".png", sizeText(img.Width, img.Height) + " pixels, grey",
			func(out io.Writer) error {
				return render.EncodePNG(out, greyOf(img.Width, img.Height, s.picture), meta)
			},
		})
		if len(s.psnr) > 1 {
			data := figure.CurvesData{Title: title, Curves: s.psnrCurves(false)}
			figures("PSNR against M", "on paper, with the fonts inside",
				func(out io.Writer, format string) error { return figure.WriteCurves(out, format, data) })
		}
	case s.mesh != nil:
		about := fmt.Sprintf("%s triangles with normals", thousands(len(s.mesh.Triangles)))
		list = append(list,
			rbfExport{"Mesh, PLY", ".ply", about, s.mesh.WritePLY},
			rbfExport{"Mesh, OBJ", ".obj", about, s.mesh.WriteOBJ})
	}
	if len(s.contour) > 0 {
		list = append(list, rbfExport{
			"Curve, CSV", ".csv", countOf(len(s.contour), "curve") + ", a point a line",
			func(out io.Writer) error { return writeLines(out, s.contour) },
		})
	}
	if len(s.selection.Reduction) > 0 {
		data := figure.CurvesData{Title: title, Curves: render.ReductionCurves(s.selection.Reduction, false)}
		figures("Error reduction", "what each centre explains, with the fonts inside",
			func(out io.Writer, format string) error { return figure.WriteCurves(out, format, data) })
	}
	return list
}

// writeLines writes the points of curves: the curve's number, x and y.
func writeLines(out io.Writer, lines []surface.Polyline) error {
	var b bytes.Buffer
	b.WriteString("curve,x,y\n")
	for k, l := range lines {
		for _, p := range l.Points {
			fmt.Fprintf(&b, "%d,%v,%v\n", k+1, p[0], p[1])
		}
	}
	_, err := out.Write(b.Bytes())
	return err
}

// greyOf makes an image of values from 0, black, to 1, white.
func greyOf(width, height int, values []float64) *image.Gray {
	img := image.NewGray(image.Rect(0, 0, width, height))
	for i, v := range values {
		img.SetGray(i%width, i/width, color.Gray{Y: uint8(255*min(max(v, 0), 1) + 0.5)})
	}
	return img
}

// exportDialog asks what to write, and where.
func (v *rbfView) exportDialog() {
	if v.frame == nil {
		return
	}
	list := v.named(v.frame).exports()
	if len(list) == 0 {
		return
	}
	chosen := list[0]
	if last, ok := v.lastExport(list); ok {
		chosen = last
	}
	name := newPathEntry(v.path(chosen.ending))
	about := widget.NewLabel(chosen.about)
	options := make([]string, len(list))
	for i, e := range list {
		options[i] = e.label
	}
	what := widget.NewSelect(options, func(label string) {
		for _, e := range list {
			if e.label == label {
				chosen = e
				about.SetText(e.about)
				name.SetText(strings.TrimSuffix(name.Text, filepath.Ext(name.Text)) + e.ending)
			}
		}
	})
	what.Selected = chosen.label
	items := []*widget.FormItem{
		widget.NewFormItem("What", what), widget.NewFormItem("", about), widget.NewFormItem("File", v.w.pathRow(name)),
	}
	complete := func(path string) string { return withEnding(chosen.ending)(path) }
	v.w.askPath(name, complete, items, "Export from the RBF view", "Export", func(path string) {
		v.exported = chosen.label
		v.w.writeFile(path, job{chosen.write}, v.exportDialog)
	})
}

// lastExport finds what was exported last among what can be written now.
func (v *rbfView) lastExport(list []rbfExport) (e rbfExport, ok bool) {
	i := slices.IndexFunc(list, func(e rbfExport) bool { return e.label == v.exported })
	if i < 0 {
		return e, false
	}
	return list[i], true
}

// exportAgain writes what was exported last once more, as a new file; it asks when
// there is no such thing in the present task.
func (v *rbfView) exportAgain() {
	if v.frame == nil {
		return
	}
	e, ok := v.lastExport(v.named(v.frame).exports())
	if !ok {
		v.exportDialog()
		return
	}
	v.w.writeFile(freePath(v.path(e.ending)), job{e.write}, v.exportDialog)
}

// path proposes a path for a file of the present recipe.
func (v *rbfView) path(ending string) string {
	return filepath.Join(filepath.Dir(v.w.exportPath(ending)), v.w.session.named(v.state.recipe).Name+ending)
}

// named returns a frame whose recipe has a name that is true.
func (v *rbfView) named(f *rbfFrame) *rbfFrame {
	called := *f
	called.req.recipe = v.w.session.named(f.req.recipe)
	return &called
}

// result is the frame as the command line would have it.
func (f *rbfFrame) result() *experiment.Result {
	s := f.solution
	study := *s.study
	study.Recipe = f.req.recipe
	return &experiment.Result{
		Study: &study, Network: s.network, Interpolator: s.interp, Implicit: s.implicit, Outcome: s.outcome,
		Selection: s.selection, Objectives: s.objectives, PSNR: s.psnr, Mesh: s.mesh, Contour: s.contour,
		Reason: f.run.reason, Seconds: s.seconds,
	}
}

// saveModelDialog saves what is shown as a model that can be opened again.
func (v *rbfView) saveModelDialog() {
	f := v.frame
	if f == nil || f.solution == nil {
		return
	}
	if f.solution.key.rbf.Task == recipe.TaskImage && f.solution.network == nil {
		v.w.say(topicOther, widgets.Notice, "There is no Gaussian to save yet: let the image grow first.", widgets.Action{Label: "Dismiss", Do: v.w.banner.Clear})
		return
	}
	name := newPathEntry(v.path(".safetensors"))
	items := []*widget.FormItem{widget.NewFormItem("File", v.w.pathRow(name))}
	v.w.askPath(name, withEnding(".safetensors"), items, "Save the model", "Save", func(path string) {
		v.w.writeFile(path, job{func(out io.Writer) error { return modelio.Write(out, v.named(f).result().Model()) }}, v.saveModelDialog)
	})
}

// isThere reports whether there is something at path.
func isThere(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}
