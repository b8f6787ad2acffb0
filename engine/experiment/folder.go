package experiment

import (
	"fmt"
	"image"
	"io"
	"os"
	"path/filepath"

	"filterscope/engine/dataset/npy"
	"filterscope/engine/figure"
	"filterscope/engine/linalg"
	"filterscope/engine/modelio"
	"filterscope/engine/render"
)

// folder collects the files that are written into one place; after the first
// error nothing more is.
type folder struct {
	dir   string
	files []string
	err   error
}

func newFolder(dir string) *folder {
	f := &folder{dir: dir}
	if err := os.MkdirAll(dir, 0o777); err != nil {
		f.err = fmt.Errorf("make the folder for the results: %w", err)
	}
	return f
}

func (f *folder) write(name string, write func(w io.Writer) error) {
	if f.err != nil {
		return
	}
	path := filepath.Join(f.dir, name)
	if f.err = modelio.WriteFile(path, write); f.err == nil {
		f.files = append(f.files, path)
	}
}

// table writes a CSV file and an array of the same numbers.
func (f *folder) table(name string, columns []string, m linalg.Matrix[float64]) {
	f.csv(name+".csv", columns, m)
	f.write(name+".npy", func(w io.Writer) error { return npy.Write(w, npy.New(m.Data, m.Rows, m.Cols)) })
}

func (f *folder) csv(name string, columns []string, m linalg.Matrix[float64]) {
	f.write(name, func(w io.Writer) error { return modelio.WriteCSV(w, columns, m, nil) })
}

// figures writes a figure in every format.
func (f *folder) figures(name string, write func(w io.Writer, format string) error) {
	for _, format := range figure.Formats() {
		f.write(name+"."+format, func(w io.Writer) error { return write(w, format) })
	}
}

// predictions writes places, predicted values and, where there are any, the
// values wanted.
func (f *folder) predictions(x linalg.Matrix[float64], values, want []float64) {
	columns := append([]string{"x", "y", "z"}[:x.Cols:x.Cols], "prediction")
	if want != nil {
		columns = append(columns, "value")
	}
	m := linalg.NewMatrix[float64](x.Rows, len(columns))
	for i := range m.Rows {
		row := append(append(m.Row(i)[:0], x.Row(i)...), values[i])
		if want != nil {
			_ = append(row, want[i])
		}
	}
	f.table("predictions", columns, m)
}

// export is the theme of pictures that are written: twice as fine as a usual
// screen.
func export() render.Theme {
	theme := render.LightTheme()
	theme.Scale = 2
	return theme
}

// paint writes a picture that is drawn in pixels.
func (f *folder) paint(name string, width, height int, draw func(p *render.Painter, dst *image.RGBA)) {
	f.write(name, func(w io.Writer) error {
		p, err := render.NewPainter(nil)
		if err != nil {
			return err
		}
		img := image.NewRGBA(image.Rect(0, 0, width, height))
		draw(p, img)
		return render.EncodePNG(w, img, nil)
	})
}
