package grad

import (
	"math"
	"math/rand/v2"
	"slices"

	"setwise/internal/kernel"
	"setwise/set"
)

// A Param is a learned matrix. Like everything else it is a set: of rows.
// Only optimisers write to Data; forward passes may share it freely.
type Param struct {
	Rows, Cols int
	Data       []float32 // Rows*Cols numbers, row after row
	Frozen     bool      // a constant to every tape: not learned, and no gradient is computed for it
}

// mostNumbers is how many numbers a parameter may hold: 64 GiB of them.
const mostNumbers = 1 << 34

// NewParam returns a zeroed parameter. It panics with a [*set.ShapeError] for a
// negative number of rows or columns, and for more than 2^34 numbers in all.
func NewParam(rows, cols int) *Param {
	if rows < 0 || cols < 0 || float64(rows)*float64(cols) > mostNumbers {
		panic(set.Mismatch("grad.NewParam", "0 rows and columns or more, and at most %d numbers, got %d x %d", int64(mostNumbers), rows, cols))
	}
	return &Param{Rows: rows, Cols: cols, Data: make([]float32, rows*cols)}
}

// Filled returns a parameter all of whose entries are x.
func Filled(rows, cols int, x float32) *Param {
	p := NewParam(rows, cols)
	for i := range p.Data {
		p.Data[i] = x
	}
	return p
}

// Uniform returns a parameter drawn uniformly from [-limit, limit]. It panics as
// [NewParam] does, and without a source of chance.
func Uniform(rows, cols int, limit float32, rng *rand.Rand) *Param {
	p := chance("grad.Uniform", rows, cols, rng)
	for i := range p.Data {
		p.Data[i] = limit * (2*float32(rng.Float32()) - 1)
	}
	return p
}

// Normal returns a parameter drawn from a normal distribution of mean zero. It
// panics as [Uniform] does.
func Normal(rows, cols int, deviation float32, rng *rand.Rand) *Param {
	p := chance("grad.Normal", rows, cols, rng)
	for i := range p.Data {
		p.Data[i] = deviation * float32(rng.NormFloat64())
	}
	return p
}

// chance returns a zeroed parameter that rng is to fill.
func chance(op string, rows, cols int, rng *rand.Rand) *Param {
	if rng == nil {
		panic(set.Mismatch(op, "a source of chance, got nil"))
	}
	return NewParam(rows, cols)
}

// Gradients holds the gradient of a loss with respect to each parameter. The
// zero value holds none and is ready for [Gradients.Add].
type Gradients struct{ of, spare map[*Param][]float32 }

// Of returns the gradient with respect to p, nil if the loss ignored it. It
// may be changed in place. A nil g has none.
func (g *Gradients) Of(p *Param) []float32 {
	if g == nil {
		return nil
	}
	return g.of[p]
}

// At returns the gradient with respect to a value that came from
// [Tape.Input], nil if the loss ignored it.
func (g *Gradients) At(v Value) []float32 {
	if v.node == nil {
		return nil
	}
	return v.node.grad
}

// Add adds scale times h to g.
func (g *Gradients) Add(scale float32, h *Gradients) {
	for p, d := range h.of {
		if s := g.of[p]; s != nil {
			kernel.Axpy(s, scale, d)
		} else {
			kernel.Scale(g.slot(p), scale, d)
		}
	}
}

// Slot returns the gradient with respect to p to be written to, zero if there
// is none yet: noise may fall on a parameter that the loss ignored.
func (g *Gradients) Slot(p *Param) []float32 {
	s := g.of[p]
	if s == nil {
		s = g.slot(p)
		clear(s)
	}
	return s
}

// slot returns the memory for the gradient of p, which is not yet in g.
func (g *Gradients) slot(p *Param) []float32 {
	if g.of == nil {
		g.of = map[*Param][]float32{}
	}
	s := g.spare[p]
	if len(s) != len(p.Data) {
		s = make([]float32, len(p.Data))
	}
	g.of[p] = s
	return s
}

// Scale multiplies all gradients by x.
func (g *Gradients) Scale(x float32) {
	for _, d := range g.of {
		kernel.Scale(d, x, d)
	}
}

// Reset forgets all gradients and keeps their memory for those to come.
func (g *Gradients) Reset() {
	if g.spare == nil {
		g.spare = make(map[*Param][]float32, len(g.of))
	}
	for p, d := range g.of {
		g.spare[p] = d
	}
	clear(g.of)
}

// Clone returns a copy that shares no memory with g.
func (g *Gradients) Clone() *Gradients {
	c := &Gradients{of: make(map[*Param][]float32, len(g.of))}
	for p, d := range g.of {
		c.of[p] = slices.Clone(d)
	}
	return c
}

// Norm returns the Euclidean norm of the gradients of params taken together,
// summed in the order of params.
func (g *Gradients) Norm(params []*Param) float64 {
	var s float64
	for _, p := range params {
		s += kernel.SumSquares(g.Of(p))
	}
	return math.Sqrt(s)
}
