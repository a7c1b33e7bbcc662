package show

import (
	"fmt"
	"image/png"
	"io"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgimg"

	"setwise/examples/internal/files"
)

// A Sheet is a picture of plots side by side and below each other. They have areas
// for data of one size; around these there is as much room as their words take.
type Sheet struct {
	Title   string
	Key     []Entry // above the plots
	Plots   []*plot.Plot
	Columns int // of plots; 0 means 1

	Width, Height vg.Length // of the area for data of each plot
}

// An Entry of a key says what a line or a dot is.
type Entry struct {
	Name string
	Look plot.Thumbnailer
}

// Measures of what is around plots, in points.
const (
	margin = vg.Length(8)  // around the sheet
	apart  = vg.Length(10) // between plots, and between entries of a key
	sample = vg.Length(22) // the width of what a key shows
)

// Save writes the sheet to the named file as PNG, whole or not at all.
func (s Sheet) Save(name string) error {
	if err := files.Write(name, s.Encode); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}

// Encode writes the sheet as PNG.
func (s Sheet) Encode(w io.Writer) error {
	columns := vg.Length(max(s.Columns, 1))
	rows := vg.Length((len(s.Plots) + int(columns) - 1) / int(columns))
	plots, frames := make([]plot.Plot, len(s.Plots)), make([]frame, len(s.Plots))
	var f frame
	for i, p := range s.Plots {
		plots[i] = *p
		frames[i] = s.fit(&plots[i])
		f = f.around(frames[i])
	}
	across, down := f.left+s.Width+f.right, f.bottom+s.Height+f.top
	width := columns*across + (columns-1)*apart
	title := text.Style{Color: ink, Font: letters(13), XAlign: draw.XCenter, YAlign: draw.YTop, Handler: plot.New().TextHandler}
	heading := wrap(s.Title, title, width)
	words := title
	words.Font, words.XAlign = letters(11), draw.XLeft
	key := s.lay(words, width)
	line := words.Height("x") * 1.6
	above := line * vg.Length(len(key))
	if heading != "" {
		above += title.Height(heading) + apart
	}
	canvas := vgimg.New(width+2*margin, above+rows*down+(rows-1)*apart+2*margin)
	c := draw.Crop(draw.New(canvas), margin, -margin, margin, -margin)
	if heading != "" {
		c.FillText(title, vg.Point{X: c.Center().X, Y: c.Max.Y}, heading)
		c.Max.Y -= title.Height(heading) + apart
	}
	for _, row := range key {
		s.name(c, row, words)
		c.Max.Y -= line
	}
	for i := range plots {
		own := frames[i]
		x, y := c.Min.X+vg.Length(i%int(columns))*(across+apart)+f.left, c.Max.Y-vg.Length(i/int(columns))*(down+apart)-f.top
		at := c
		at.Min = vg.Point{X: x - own.left, Y: y - s.Height - own.bottom}
		at.Max = vg.Point{X: x + s.Width + own.right, Y: y + own.top}
		plots[i].Draw(at)
	}
	return png.Encode(w, canvas.Image())
}

// A frame is the room around an area for data.
type frame struct{ left, right, bottom, top vg.Length }

// around returns the room that both f and g have.
func (f frame) around(g frame) frame {
	return frame{max(f.left, g.left), max(f.right, g.right), max(f.bottom, g.bottom), max(f.top, g.top)}
}

// fit makes a plot one that can be drawn, with its words on lines that there is
// room for, and returns the frame it needs.
func (s Sheet) fit(p *plot.Plot) frame {
	settle(&p.X)
	settle(&p.Y)
	p.Title.Text = wrap(p.Title.Text, p.Title.TextStyle, s.Width)
	p.X.Label.Text = wrap(p.X.Label.Text, p.X.Label.TextStyle, s.Width)
	p.Y.Label.Text = wrap(p.Y.Label.Text, p.Y.Label.TextStyle, s.Height)
	c := draw.Canvas{Rectangle: vg.Rectangle{Max: vg.Point{X: 2 * s.Width, Y: 2 * s.Height}}}
	var area draw.Canvas
	for range 4 { // the frame depends a little on the area
		area = p.DataCanvas(c)
		c.Max = c.Max.Add(vg.Point{X: s.Width, Y: s.Height}.Sub(area.Size()))
	}
	area = p.DataCanvas(c)
	return frame{area.Min.X, c.Max.X - area.Max.X, area.Min.Y, c.Max.Y - area.Max.Y}
}

// lay returns the rows of the key.
func (s Sheet) lay(words text.Style, width vg.Length) [][]Entry {
	var rows [][]Entry
	used := width
	for _, e := range s.Key {
		e.Name = cut(strings.Join(strings.Fields(e.Name), " "), words, width-sample-4)
		w := length(e, words)
		if used += apart + w; used > width {
			rows, used = append(rows, nil), w
		}
		rows[len(rows)-1] = append(rows[len(rows)-1], e)
	}
	return rows
}

// length returns how wide an entry of a key is.
func length(e Entry, words text.Style) vg.Length { return sample + 4 + words.Width(e.Name) }

// name draws a row of the key at the top of c, in its middle.
func (s Sheet) name(c draw.Canvas, row []Entry, words text.Style) {
	width := apart * vg.Length(len(row)-1)
	for _, e := range row {
		width += length(e, words)
	}
	x := c.Center().X - width/2
	for _, e := range row {
		at := c
		at.Min = vg.Point{X: x, Y: c.Max.Y - words.Height(e.Name)}
		at.Max.X = x + sample
		e.Look.Thumbnail(&at)
		c.FillText(words, vg.Point{X: x + sample + 4, Y: c.Max.Y}, e.Name)
		x += length(e, words) + apart
	}
}

// wrap breaks words at their spaces into lines that are at most so wide, and
// three at most.
func wrap(s string, style text.Style, width vg.Length) string {
	const most = 3
	var lines []string
	for words := strings.Fields(s); len(words) > 0; {
		n := 1
		for n < len(words) && style.Width(strings.Join(words[:n+1], " ")) <= width {
			n++
		}
		if len(lines) == most-1 {
			n = len(words)
		}
		lines, words = append(lines, cut(strings.Join(words[:n], " "), style, width)), words[n:]
	}
	return strings.Join(lines, "\n")
}

// cut returns a line that is at most so wide, without its middle if it has to be.
func cut(line string, style text.Style, width vg.Length) string {
	short := line
	for size := len([]rune(line)); size > 1 && style.Width(short) > width; size-- {
		short = Shorten(line, size-1)
	}
	return short
}

// Shorten returns at most so many characters of a name, without its middle if it
// is longer.
func Shorten(name string, most int) string {
	r := []rune(name)
	if len(r) <= most {
		return name
	}
	most = max(most, 1)
	head := most * 2 / 3
	return string(r[:head]) + "…" + string(r[len(r)-(most-1-head):])
}
