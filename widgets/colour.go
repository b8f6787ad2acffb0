package widgets

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
)

// The colours these widgets ask of the theme beside Fyne's own. A theme that does not know one of them answers with a
// transparent colour; the nearest of Fyne's names is used then.
const (
	// ColorNameLive marks what runs or applies at once.
	ColorNameLive fyne.ThemeColorName = "filterscopeLive"
	// ColorNameWarn marks what deserves attention, and a paused state.
	ColorNameWarn fyne.ThemeColorName = "filterscopeWarn"
	// ColorNameFault marks an error or an invalid field.
	ColorNameFault fyne.ThemeColorName = "filterscopeFault"
	// ColorNameMuted is the colour of secondary text.
	ColorNameMuted fyne.ThemeColorName = "filterscopeMuted"
	// ColorNamePanel is the ground of the side columns and bars.
	ColorNamePanel fyne.ThemeColorName = "filterscopePanel"
	// ColorNameStage is the ground of the centre column, behind tabs and tools.
	ColorNameStage fyne.ThemeColorName = "filterscopeStage"
	// ColorNameMat is the ground on which pictures lie.
	ColorNameMat fyne.ThemeColorName = "filterscopeMat"
	// ColorNameRaised is the fill of the chosen item in a row of choices.
	ColorNameRaised fyne.ThemeColorName = "filterscopeRaised"
)

// foreground is the colour of normal text.
const foreground = theme.ColorNameForeground

var fallback = map[fyne.ThemeColorName]fyne.ThemeColorName{
	ColorNameLive:   theme.ColorNameSuccess,
	ColorNameWarn:   theme.ColorNameWarning,
	ColorNameFault:  theme.ColorNameError,
	ColorNameMuted:  theme.ColorNamePlaceHolder,
	ColorNamePanel:  theme.ColorNameBackground,
	ColorNameStage:  theme.ColorNameBackground,
	ColorNameMat:    theme.ColorNameBackground,
	ColorNameRaised: theme.ColorNameButton,
}

// look answers questions about the theme for one widget at one moment.
type look struct {
	th fyne.Theme
	v  fyne.ThemeVariant
}

func lookOf(w interface{ Theme() fyne.Theme }) look {
	return look{th: w.Theme(), v: fyne.CurrentApp().Settings().ThemeVariant()}
}

func (l look) colour(name fyne.ThemeColorName) color.Color {
	c := l.th.Color(name, l.v)
	if c != nil {
		if _, _, _, a := c.RGBA(); a != 0 {
			return c
		}
	}
	if other, ok := fallback[name]; ok {
		return l.th.Color(other, l.v)
	}
	return color.Transparent
}

// faded is a colour of the theme with its opacity multiplied by a in [0, 1].
func (l look) faded(name fyne.ThemeColorName, a float64) color.Color {
	c := color.NRGBAModel.Convert(l.colour(name)).(color.NRGBA)
	c.A = uint8(float64(c.A)*a + 0.5)
	return c
}

func (l look) text() float32    { return l.th.Size(theme.SizeNameText) }
func (l look) caption() float32 { return l.th.Size(theme.SizeNameCaptionText) }
func (l look) mono() float32    { return l.th.Size(theme.SizeNameText) - 1 }
func (l look) pad() float32     { return l.th.Size(theme.SizeNamePadding) }
func (l look) inner() float32   { return l.th.Size(theme.SizeNameInnerPadding) }
func (l look) radius() float32  { return l.th.Size(theme.SizeNameInputRadius) }
