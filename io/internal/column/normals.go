package column

import "math"

// Normals tells whether the three numbers that a file has after each point, and
// does not name, are normals: none is longer than 1.01, and half of them or more
// are longer than 0.99. Colours are longer, be they up to 1 or up to 255, unless
// they are dark. The zero Normals has looked at none.
type Normals struct {
	n, unit int
	long    bool
}

// Look looks at the numbers of one point.
func (c *Normals) Look(x, y, z float32) {
	c.n++
	a, b, d := float64(x), float64(y), float64(z)
	switch length := math.Sqrt(float64(a*a) + float64(b*b) + float64(d*d)); {
	case length > 1.01:
		c.long = true
	case length > 0.99:
		c.unit++
	}
}

// Join looks at all that d looked at.
func (c *Normals) Join(d Normals) {
	c.n, c.unit, c.long = c.n+d.n, c.unit+d.unit, c.long || d.long
}

// Found reports whether they are normals.
func (c *Normals) Found() bool { return !c.long && 2*c.unit >= c.n && c.n > 0 }
