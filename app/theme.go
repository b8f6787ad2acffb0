package app

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	"filterscope/assets"
	"filterscope/widgets"
)

// Colours beside Fyne's own names, as the widgets know them.
const (
	ColorNameLive  = widgets.ColorNameLive  // what runs, or applies at once
	ColorNameWarn  = widgets.ColorNameWarn  // what deserves attention
	ColorNameFault = widgets.ColorNameFault // errors, invalid fields
	ColorNameMuted = widgets.ColorNameMuted // secondary text
	ColorNamePanel = widgets.ColorNamePanel // ground of side columns and bars
	ColorNameStage = widgets.ColorNameStage // ground of the centre, behind tabs and tools
	ColorNameMat   = widgets.ColorNameMat   // ground on which pictures lie
)

// compactTheme is Fyne's default theme with smaller text and paddings and the quiet grounds of the design's pictures.
// It holds no state beyond the choice of variant and may be shared.
type compactTheme struct {
	fyne.Theme
	variant string
}

var _ fyne.Theme = (*compactTheme)(nil)

// NewTheme returns the window's theme. variant is "light" or "dark"; anything else ("system") follows the desktop.
func NewTheme(variant string) fyne.Theme {
	return &compactTheme{Theme: theme.DefaultTheme(), variant: variant}
}

// Color implements fyne.Theme.
func (t *compactTheme) Color(name fyne.ThemeColorName, v fyne.ThemeVariant) color.Color {
	switch t.variant {
	case "light":
		v = theme.VariantLight
	case "dark":
		v = theme.VariantDark
	}
	palette := darkPalette
	if v == theme.VariantLight {
		palette = lightPalette
	}
	if c, ok := palette[name]; ok {
		return c
	}
	return t.Theme.Color(name, v)
}

// The signs are asked first and Fyne's own fonts for all else; what neither has comes from the system, if it has fonts.
var (
	signs     = fyne.NewStaticResource("signs.ttf", assets.Signs)
	signsBold = fyne.NewStaticResource("signs-bold.ttf", assets.SignsBold)
)

// Font implements fyne.Theme.
func (t *compactTheme) Font(style fyne.TextStyle) fyne.Resource {
	switch {
	case style.Monospace, style.Symbol:
		return t.Theme.Font(style)
	case style.Bold:
		return signsBold
	}
	return signs
}

// Size implements fyne.Theme.
func (t *compactTheme) Size(name fyne.ThemeSizeName) float32 {
	if s, ok := compactSizes[name]; ok {
		return s
	}
	return t.Theme.Size(name)
}

// compactSizes are in Fyne units; see the pictures in the design: text 13, rows about 27 apart.
var compactSizes = map[fyne.ThemeSizeName]float32{
	theme.SizeNameText:            13,
	theme.SizeNameCaptionText:     11,
	theme.SizeNameSubHeadingText:  15,
	theme.SizeNameHeadingText:     19,
	theme.SizeNamePadding:         4,
	theme.SizeNameInnerPadding:    6,
	theme.SizeNameLineSpacing:     3,
	theme.SizeNameInlineIcon:      16,
	theme.SizeNameScrollBar:       9,
	theme.SizeNameScrollBarSmall:  3,
	theme.SizeNameScrollBarRadius: 3,
	theme.SizeNameInputBorder:     1,
	theme.SizeNameInputRadius:     4,
	theme.SizeNameSelectionRadius: 3,
}

// rgb is an opaque colour from 0xRRGGBB.
func rgb(hex uint32) color.NRGBA {
	return color.NRGBA{R: uint8(hex >> 16), G: uint8(hex >> 8), B: uint8(hex), A: 0xff}
}

// rgba is rgb with an opacity.
func rgba(hex uint32, a uint8) color.NRGBA {
	c := rgb(hex)
	c.A = a
	return c
}

// The grounds, lines and accents below were measured in window-dark.png and window-light.png.
var darkPalette = map[fyne.ThemeColorName]color.Color{
	theme.ColorNameBackground:          rgb(0x1e1f23),
	theme.ColorNameForeground:          rgb(0xe3e4e8),
	theme.ColorNameButton:              rgb(0x2a2b31),
	theme.ColorNameDisabledButton:      rgb(0x232429),
	theme.ColorNameDisabled:            rgb(0x66686f),
	theme.ColorNamePlaceHolder:         rgb(0x8f9199),
	theme.ColorNameInputBackground:     rgb(0x2a2b31),
	theme.ColorNameInputBorder:         rgb(0x2a2b31),
	theme.ColorNameMenuBackground:      rgb(0x26272c),
	theme.ColorNameOverlayBackground:   rgb(0x222328),
	theme.ColorNameHeaderBackground:    rgb(0x17181b),
	theme.ColorNameSeparator:           rgb(0x2c2d33),
	theme.ColorNameHover:               rgba(0xffffff, 0x12),
	theme.ColorNamePressed:             rgba(0xffffff, 0x24),
	theme.ColorNameShadow:              rgba(0x000000, 0x70),
	theme.ColorNameScrollBar:           rgba(0xffffff, 0x50),
	theme.ColorNameScrollBarBackground: rgba(0xffffff, 0x08),
	theme.ColorNamePrimary:             rgb(0x4a90e2),
	theme.ColorNameForegroundOnPrimary: rgb(0xffffff),
	theme.ColorNameHyperlink:           rgb(0x6aa7ee),
	theme.ColorNameFocus:               rgba(0x4a90e2, 0x60),
	theme.ColorNameSelection:           rgba(0x4a90e2, 0x66),
	theme.ColorNameSuccess:             rgb(0x56b881),
	theme.ColorNameWarning:             rgb(0xe0a050),
	theme.ColorNameError:               rgb(0xef6a6a),
	ColorNameLive:                      rgb(0x56b881),
	ColorNameWarn:                      rgb(0xe0a050),
	ColorNameFault:                     rgb(0xef6a6a),
	ColorNameMuted:                     rgb(0x9b9da5),
	ColorNamePanel:                     rgb(0x1e1f23),
	ColorNameStage:                     rgb(0x17181b),
	ColorNameMat:                       rgb(0x101113),
	widgets.ColorNameRaised:            rgb(0x3b3d45),
}

var lightPalette = map[fyne.ThemeColorName]color.Color{
	theme.ColorNameBackground:          rgb(0xf1f1f3),
	theme.ColorNameForeground:          rgb(0x1d1e22),
	theme.ColorNameButton:              rgb(0xe4e4e9),
	theme.ColorNameDisabledButton:      rgb(0xececef),
	theme.ColorNameDisabled:            rgb(0x9fa0a6),
	theme.ColorNamePlaceHolder:         rgb(0x70727a),
	theme.ColorNameInputBackground:     rgb(0xe4e4e9),
	theme.ColorNameInputBorder:         rgb(0xe4e4e9),
	theme.ColorNameMenuBackground:      rgb(0xfafafa),
	theme.ColorNameOverlayBackground:   rgb(0xf6f6f8),
	theme.ColorNameHeaderBackground:    rgb(0xfafafa),
	theme.ColorNameSeparator:           rgb(0xdcdce0),
	theme.ColorNameHover:               rgba(0x000000, 0x0d),
	theme.ColorNamePressed:             rgba(0x000000, 0x1c),
	theme.ColorNameShadow:              rgba(0x000000, 0x30),
	theme.ColorNameScrollBar:           rgba(0x000000, 0x50),
	theme.ColorNameScrollBarBackground: rgba(0x000000, 0x08),
	theme.ColorNamePrimary:             rgb(0x1668d8),
	theme.ColorNameForegroundOnPrimary: rgb(0xffffff),
	theme.ColorNameHyperlink:           rgb(0x1668d8),
	theme.ColorNameFocus:               rgba(0x1668d8, 0x50),
	theme.ColorNameSelection:           rgba(0x1668d8, 0x40),
	theme.ColorNameSuccess:             rgb(0x1f7a49),
	theme.ColorNameWarning:             rgb(0x9a5b00),
	theme.ColorNameError:               rgb(0xc62828),
	ColorNameLive:                      rgb(0x1f7a49),
	ColorNameWarn:                      rgb(0x9a5b00),
	ColorNameFault:                     rgb(0xc62828),
	ColorNameMuted:                     rgb(0x62646c),
	ColorNamePanel:                     rgb(0xf1f1f3),
	ColorNameStage:                     rgb(0xfafafa),
	ColorNameMat:                       rgb(0xe9e9ec),
	widgets.ColorNameRaised:            rgb(0xfdfdfe),
}
