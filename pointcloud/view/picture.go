package view

import (
	"fmt"
	"image"
	"image/draw"
	"image/png"
	"io"

	"golang.org/x/image/font"

	"setwise/internal/parallel"
)

// Heights of what is around panels, in pixels.
const (
	titleHeight   = 44
	captionHeight = 30
	legendHeight  = 26 // of a row
	border        = 12
)

// mostLines is how many lines titles and the name of values take.
const mostLines = 3

// room returns the height of so many lines, the first of which takes so much.
func room(first, lines int, f font.Face) int {
	if lines == 0 {
		return 0
	}
	return first + (lines-1)*f.Metrics().Height.Ceil()
}

// Image draws the items side by side, in rows of o.Columns panels. What is
// wrong with them or with the options is an error, as are pictures of more than
// 2^24 pixels. It takes time in proportion to the pixels of the picture and to
// those that points and faces cover.
func Image(o Options, items ...Item) (*image.RGBA, error) {
	s, err := newScene(o, items)
	if err != nil {
		return nil, err
	}
	tooLarge := fmt.Errorf("view: want a picture of at most %d pixels, got %d panels of %d x %d", mostPixels, len(items), s.Width, s.Height)
	if len(items) > mostPixels/(s.Width*s.Height) {
		return nil, tooLarge
	}
	text, err := newPen()
	if err != nil {
		return nil, err
	}
	width := s.Columns * s.Width
	title := fold(text.large, s.Title, width-border, mostLines)
	top := room(titleHeight, len(title), text.large)
	captions, caption := make([][]string, len(s.panels)), 0
	for i, p := range s.panels {
		captions[i] = fold(text.medium, p.title, s.Width-border, mostLines)
		caption = max(caption, room(captionHeight, len(captions[i]), text.medium))
	}
	keys, key := make([][][]label, len(s.panels)), 0
	for i, p := range s.panels {
		keys[i] = text.wrap(p.key, s.Width-border)
		key = max(key, len(keys[i])*legendHeight)
	}
	n := s.together()
	row := n*(caption+s.Height) + key
	legend := text.wrap(s.legend.marks(s.ClassNames), width)
	panels := top + (len(items)/n+s.Columns-1)/s.Columns*row // the height to the end of them
	height := panels + len(legend)*legendHeight
	var scale []string // what is above it
	if s.legend.values {
		scale = fold(text.small, s.ValueName, width-border, mostLines)
		height += room(legendHeight, len(scale), text.small) + legendHeight
	}
	if height > panels {
		height += border
	}
	if width > mostPixels/height {
		return nil, tooLarge
	}

	img := image.NewRGBA(image.Rect(0, 0, width, height))
	draw.Draw(img, img.Rect, image.White, image.Point{}, draw.Src)
	text.center(img, title, text.large, ink, width/2, top-14)
	place := func(i int) image.Point {
		unit := i / n
		return image.Pt(unit%s.Columns*s.Width, top+unit/s.Columns*row+i%n*(caption+s.Height)+caption)
	}
	near := newCamera(s.Options).near
	parallel.Each(len(s.panels), func(i int) {
		s.panels[i].draw(s.Options).paint(img, place(i), near)
	})
	for i, p := range s.panels {
		at := place(i).Add(image.Pt(s.Width/2, 0))
		text.center(img, captions[i], text.medium, ink, at.X, at.Y-9)
		text.center(img, fold(text.small, p.note, s.Width-border, mostLines), text.small, faint, at.X, at.Y+s.Height-6)
		for k, marks := range keys[i] {
			text.marks(img, marks, at.X, at.Y+s.Height+k*legendHeight)
		}
	}
	for _, marks := range legend {
		text.marks(img, marks, width/2, panels)
		panels += legendHeight
	}
	if s.legend.values {
		panels += room(legendHeight, len(scale), text.small)
		text.center(img, scale, text.small, ink, width/2, panels-8)
		text.scale(img, s, panels)
	}
	return img, nil
}

// PNG writes the picture of [Image].
func PNG(w io.Writer, o Options, items ...Item) error {
	img, err := Image(o, items...)
	if err != nil {
		return err
	}
	return png.Encode(w, img)
}
