package app

import (
	"image/color"
	"math"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/theme"

	"filterscope/widgets"
)

// luminance and contrast are WCAG 2.1's relative luminance and contrast ratio.
func luminance(c color.Color) float64 {
	n := color.NRGBAModel.Convert(c).(color.NRGBA)
	lin := func(v uint8) float64 {
		s := float64(v) / 255
		if s <= 0.03928 {
			return s / 12.92
		}
		return math.Pow((s+0.055)/1.055, 2.4)
	}
	return 0.2126*lin(n.R) + 0.7152*lin(n.G) + 0.0722*lin(n.B)
}

func contrast(a, b color.Color) float64 {
	x, y := luminance(a), luminance(b)
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

// Text is readable on every ground it stands on: 4.5 is WCAG's AA for normal text, 3 for signs and for text on the
// accent, which is bold.
func TestThemeContrast(t *testing.T) {
	alone(t)
	test.NewTempApp(t)
	grounds := []fyne.ThemeColorName{
		theme.ColorNameBackground, theme.ColorNameInputBackground, theme.ColorNameButton, theme.ColorNameMenuBackground,
		ColorNamePanel, ColorNameStage, ColorNameMat,
	}
	for _, variant := range []string{"dark", "light"} {
		th := NewTheme(variant)
		at := func(n fyne.ThemeColorName) color.Color { return th.Color(n, theme.VariantDark) }
		check := func(ink, ground fyne.ThemeColorName, least float64) {
			if got := contrast(at(ink), at(ground)); got < least {
				t.Errorf("%s: %s on %s has contrast %.2f, want at least %v", variant, ink, ground, got, least)
			}
		}
		for _, g := range grounds {
			check(theme.ColorNameForeground, g, 7)
			check(ColorNameMuted, g, 4.5)
			check(ColorNameLive, g, 4)
			check(ColorNameWarn, g, 4)
			check(ColorNameFault, g, 4)
			check(theme.ColorNamePrimary, g, 3)
		}
		check(theme.ColorNameForeground, widgets.ColorNameRaised, 7)
		check(theme.ColorNameForegroundOnPrimary, theme.ColorNamePrimary, 3)
	}
}

// The two palettes name the same colours, so that no part of the window keeps the other variant's.
func TestThemePalettesMatch(t *testing.T) {
	alone(t)
	for n := range darkPalette {
		if _, ok := lightPalette[n]; !ok {
			t.Errorf("the light palette lacks %s", n)
		}
	}
	if len(darkPalette) != len(lightPalette) {
		t.Errorf("%d dark colours, %d light ones", len(darkPalette), len(lightPalette))
	}
}

func TestThemeVariant(t *testing.T) {
	alone(t)
	test.NewTempApp(t)
	for _, c := range []struct {
		choice string
		system fyne.ThemeVariant
		want   color.Color
	}{
		{"dark", theme.VariantLight, darkPalette[ColorNameMat]},
		{"light", theme.VariantDark, lightPalette[ColorNameMat]},
		{"system", theme.VariantDark, darkPalette[ColorNameMat]},
		{"system", theme.VariantLight, lightPalette[ColorNameMat]},
	} {
		if got := NewTheme(c.choice).Color(ColorNameMat, c.system); got != c.want {
			t.Errorf("%s on a system of variant %d: mat %v, want %v", c.choice, c.system, got, c.want)
		}
	}
	th := NewTheme("dark")
	if s := th.Size(theme.SizeNameText); s != 13 {
		t.Errorf("text size %v, want 13", s)
	}
	if th.Size(theme.SizeNameSeparatorThickness) != theme.DefaultTheme().Size(theme.SizeNameSeparatorThickness) {
		t.Error("a size the theme does not set differs from Fyne's default")
	}
	if th.Font(fyne.TextStyle{Monospace: true}) == nil || th.Icon(theme.IconNameConfirm) == nil {
		t.Error("fonts and icons are not Fyne's")
	}
}

// The columns and bars have no ground of their own: the window's has their
// colour.
func TestGroundIsPanel(t *testing.T) {
	alone(t)
	test.NewTempApp(t)
	for _, variant := range []string{"dark", "light"} {
		th := NewTheme(variant)
		if got, want := th.Color(theme.ColorNameBackground, theme.VariantDark), th.Color(ColorNamePanel, theme.VariantDark); got != want {
			t.Errorf("%s: the window's ground is %v, panels are %v", variant, got, want)
		}
	}
}
