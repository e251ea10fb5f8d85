package report

import (
	"math"
	"strconv"
)

// A plot is a drawing, in units of about a pixel.
type plot struct {
	Width, Height float64
	Label         string // what it shows, for those who do not see it
	Wide          bool   // it has a row to itself, and is scrolled where there is less room
	Shapes        []shape
}

// A shape is a rectangle, a circle, a path or a text, by Tag: rect, circle, path,
// text. The class says what it means, and the style sheet how that looks.
type shape struct {
	Tag, Class string
	X, Y, W, H float64 // of a circle W is the radius
	D          string  // of a path
	Text       string
	Anchor     string  // of a text: start, middle or end
	Opacity    float64 // 0 is what the style sheet says
	Title      string  // what is shown to who points at it
	Degrees    float64 // by which a text is turned
}

// px writes a length with as few characters as will do.
func px(v float64) string {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		v = 0
	}
	return strconv.FormatFloat(math.Round(v*10)/10, 'f', -1, 64)
}

func (p *plot) add(s shape) { p.Shapes = append(p.Shapes, s) }

func (p *plot) text(x, y float64, anchor, class, text string) {
	p.add(shape{Tag: "text", Class: class, X: x, Y: y, Anchor: anchor, Text: text})
}

func (p *plot) dot(x, y, r float64, class, title string) {
	p.add(shape{Tag: "circle", Class: class, X: x, Y: y, W: r, Title: title})
}

func (p *plot) rect(x, y, w, h float64, class, title string, opacity float64) {
	p.add(shape{Tag: "rect", Class: class, X: x, Y: y, W: w, H: h, Title: title, Opacity: opacity})
}

// A pen draws a path; points that are no numbers interrupt it.
type pen struct {
	d    []byte
	down bool
}

func (q *pen) to(x, y float64) {
	if math.IsNaN(x) || math.IsNaN(y) {
		q.down = false
		return
	}
	command := byte('L')
	if !q.down {
		command = 'M'
	}
	q.down = true
	q.d = append(q.d, command)
	q.d = append(q.d, px(x)...)
	q.d = append(q.d, ' ')
	q.d = append(q.d, px(y)...)
}

func (p *plot) path(q *pen, class string, opacity float64) {
	if len(q.d) > 0 {
		p.add(shape{Tag: "path", Class: class, D: string(q.d), Opacity: opacity})
	}
}

// A frame is the part of a plot in which data are, with what lies along its sides.
type frame struct {
	*plot
	left, top, w, h float64
	x, y            axis
}

func newFrame(width, height float64, label string, x, y axis) *frame {
	const left, right, top, bottom = 58, 14, 12, 40
	f := &frame{plot: &plot{Width: width, Height: height, Label: label}, left: left, top: top, w: width - left - right, h: height - top - bottom, x: x, y: y}
	for _, t := range y.ticks {
		at := f.atY(t.at)
		q := &pen{}
		q.to(f.left, at)
		q.to(f.left+f.w, at)
		f.path(q, "grid", 0)
		f.text(f.left-7, at+4, "end", "tick", short(t.text, 7))
	}
	room := int(f.w / 6.5 / math.Max(1, float64(len(x.ticks))))
	for _, t := range x.ticks {
		f.text(f.atX(t.at), f.top+f.h+16, "middle", "tick", short(t.text, max(room, 3)))
	}
	f.text(f.left+f.w/2, height-6, "middle", "name", short(x.name, int(f.w/7)))
	f.add(shape{Tag: "text", Class: "name", X: 11, Y: f.top + f.h/2, Anchor: "middle", Text: short(y.name, int(f.h/7)), Degrees: -90})
	return f
}

// atX and atY are where a share of an axis is.
func (f *frame) atX(share float64) float64 { return f.left + share*f.w }
func (f *frame) atY(share float64) float64 { return f.top + (1-share)*f.h }

// short cuts a text to some characters.
func short(s string, most int) string {
	r := []rune(s)
	if len(r) <= max(most, 1) {
		return s
	}
	return string(r[:max(most-1, 1)]) + "…"
}
