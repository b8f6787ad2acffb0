package picture

import (
	"image"
	"image/color"
)

// flatten turns a decoded image into samples of a width×height picture; what
// the image does not cover (a GIF frame may be small) is white.
func flatten(img image.Image, width, height int, colour bool) *Picture {
	p := &Picture{Width: width, Height: height, Channels: 1}
	if colour {
		p.Channels = 3
	}
	if wide(img.ColorModel()) {
		p.Words = make([]uint16, width*height*p.Channels)
		lay(p, p.Words, img, 0xffff, pixel16(img), luma[uint16])
		return p
	}
	if m, ok := img.(*rgb); ok && colour && m.Bounds() == image.Rect(0, 0, width, height) {
		p.Bytes = m.pix
		return p
	}
	p.Bytes = make([]uint8, width*height*p.Channels)
	if y, ok := img.(*image.YCbCr); ok && colour && y.Rect == image.Rect(0, 0, width, height) {
		colours(p.Bytes, y)
		return p
	}
	if y, ok := img.(*image.YCbCr); ok && !colour {
		// Y is the luma already; going through RGB would only round it.
		rows(p, y.Y, y.YStride, y.Rect)
		return p
	}
	if y, ok := img.(*image.Gray); ok && !colour {
		rows(p, y.Pix, y.Stride, y.Rect)
		return p
	}
	lay(p, p.Bytes, img, 0xff, pixel8(img), luma[uint8])
	return p
}

// rows copies the grey pixels of the rectangle whole as they are; what they do
// not cover is white.
func rows(p *Picture, pix []uint8, stride int, whole image.Rectangle) {
	canvas := image.Rect(0, 0, p.Width, p.Height)
	if !canvas.In(whole) {
		for i := range p.Bytes {
			p.Bytes[i] = 0xff
		}
	}
	r := whole.Intersect(canvas)
	for y := r.Min.Y; y < r.Max.Y; y++ {
		from := pix[(y-whole.Min.Y)*stride+r.Min.X-whole.Min.X:]
		copy(p.Bytes[y*p.Width+r.Min.X:y*p.Width+r.Max.X], from)
	}
}

// colours converts a whole image of luma and chroma into red, green and blue, as
// JFIF 1.02 says, in fixed point with 16 bits: the results are those of
// color.YCbCrToRGB.
func colours(dst []uint8, m *image.YCbCr) {
	shift := 0 // of the columns that share a chroma value
	switch m.SubsampleRatio {
	case image.YCbCrSubsampleRatio422, image.YCbCrSubsampleRatio420:
		shift = 1
	case image.YCbCrSubsampleRatio411, image.YCbCrSubsampleRatio410:
		shift = 2
	}
	width := m.Rect.Dx()
	for y := range m.Rect.Dy() {
		luma, chroma := m.Y[m.YOffset(0, y):][:width], m.COffset(0, y)
		blues, reds := m.Cb[chroma:], m.Cr[chroma:]
		for x, v := range luma {
			level, blue, red := 0x10101*int32(v), int32(blues[x>>shift])-128, int32(reds[x>>shift])-128
			out := dst[:3]
			out[0] = byteOf(level + 91881*red)
			out[1] = byteOf(level - 22554*blue - 46802*red)
			out[2] = byteOf(level + 116130*blue)
			dst = dst[3:]
		}
	}
}

// byteOf returns v/65536, at least 0 and at most 255.
func byteOf(v int32) uint8 { return uint8(min(max(v>>16, 0), 255)) }

// lay writes every pixel of p into dst.
func lay[T uint8 | uint16](p *Picture, dst []T, img image.Image, white T, pixel func(x, y int) (r, g, b T), grey func(r, g, b T) T) {
	bounds := img.Bounds()
	// Frames keep their place on the canvas; everything else starts at 0, 0.
	for y := range p.Height {
		for x := range p.Width {
			r, g, b := white, white, white
			if (image.Point{x, y}).In(bounds) {
				r, g, b = pixel(x, y)
			}
			if p.Channels == 1 {
				dst[0] = grey(r, g, b)
				dst = dst[1:]
				continue
			}
			dst[0], dst[1], dst[2] = r, g, b
			dst = dst[3:]
		}
	}
}

// luma is Y = 0.299 R + 0.587 G + 0.114 B of Rec. 601 in fixed point; the
// three factors are those times 65536, and add up to it.
func luma[T uint8 | uint16](r, g, b T) T {
	return T((19595*uint64(r) + 38470*uint64(g) + 7471*uint64(b) + 1<<15) >> 16)
}

// over lays a sample with straight alpha over white.
func over[T uint8 | uint16](v, alpha, white T) T {
	full := uint64(white)
	return T((uint64(v)*uint64(alpha) + full*(full-uint64(alpha)) + full/2) / full)
}

// pixel8 returns the function that reads one pixel of an 8-bit image, laid
// over white. The image types the decoders return most have a short way.
func pixel8(img image.Image) func(x, y int) (r, g, b uint8) {
	switch m := img.(type) {
	case *image.Gray:
		return func(x, y int) (r, g, b uint8) {
			v := m.Pix[m.PixOffset(x, y)]
			return v, v, v
		}
	case *image.RGBA: // alpha already multiplied in
		return func(x, y int) (r, g, b uint8) {
			p := m.Pix[m.PixOffset(x, y):]
			rest := 255 - p[3]
			return p[0] + min(rest, 255-p[0]), p[1] + min(rest, 255-p[1]), p[2] + min(rest, 255-p[2])
		}
	case *image.NRGBA:
		return func(x, y int) (r, g, b uint8) {
			p := m.Pix[m.PixOffset(x, y):]
			return over(p[0], p[3], 255), over(p[1], p[3], 255), over(p[2], p[3], 255)
		}
	case *rgb:
		return m.at
	case *image.YCbCr:
		return func(x, y int) (r, g, b uint8) {
			c := m.COffset(x, y)
			return color.YCbCrToRGB(m.Y[m.YOffset(x, y)], m.Cb[c], m.Cr[c])
		}
	case *image.Paletted:
		palette := make([][3]uint8, 256) // an index beyond the palette is black
		for i, c := range m.Palette[:min(len(m.Palette), 256)] {
			palette[i] = straight8(c)
		}
		return func(x, y int) (r, g, b uint8) {
			p := palette[m.Pix[m.PixOffset(x, y)]]
			return p[0], p[1], p[2]
		}
	}
	return func(x, y int) (r, g, b uint8) {
		p := straight8(img.At(x, y))
		return p[0], p[1], p[2]
	}
}

func straight8(c color.Color) [3]uint8 {
	n := color.NRGBAModel.Convert(c).(color.NRGBA)
	return [3]uint8{over(n.R, n.A, 255), over(n.G, n.A, 255), over(n.B, n.A, 255)}
}

// pixel16 is pixel8 for images with 16 bits a sample.
func pixel16(img image.Image) func(x, y int) (r, g, b uint16) {
	if m, ok := img.(*image.Gray16); ok {
		return func(x, y int) (r, g, b uint16) {
			v := m.Gray16At(x, y).Y
			return v, v, v
		}
	}
	at := img.At
	if m, ok := img.(*image.NRGBA64); ok {
		// The model's own conversion would multiply alpha in and out again.
		return func(x, y int) (r, g, b uint16) {
			c := m.NRGBA64At(x, y)
			return over(c.R, c.A, 0xffff), over(c.G, c.A, 0xffff), over(c.B, c.A, 0xffff)
		}
	}
	return func(x, y int) (r, g, b uint16) {
		cr, cg, cb, ca := at(x, y).RGBA()
		rest := 0xffff - min(ca, 0xffff)
		return uint16(min(cr+rest, 0xffff)), uint16(min(cg+rest, 0xffff)), uint16(min(cb+rest, 0xffff))
	}
}
