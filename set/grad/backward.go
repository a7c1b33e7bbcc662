package grad

import "setwise/set"

// Gradients differentiates a loss, which must be one set of one number.
func (t *Tape) Gradients(loss Value) *Gradients {
	g := &Gradients{}
	t.GradientsInto(g, loss)
	return g
}

// GradientsInto is [Tape.Gradients] into memory that g already has. What g held
// is forgotten.
func (t *Tape) GradientsInto(g *Gradients, loss Value) {
	if len(loss.Values) != 1 {
		panic(set.Mismatch("grad.Gradients", "a loss of one number, got %d", len(loss.Values)))
	}
	t.back(g, loss, []float32{1})
}

// GradientsFrom passes the gradient dy of some loss with respect to y back to
// all that y was computed from. It may be called again, for another value or
// another dy, and begins afresh each time: gradients that came before keep what
// they hold of parameters, and lose what they hold of inputs.
func (t *Tape) GradientsFrom(y Value, dy []float32) *Gradients {
	g := &Gradients{}
	t.GradientsFromInto(g, y, dy)
	return g
}

// GradientsFromInto is [Tape.GradientsFrom] into memory that g already has. What
// g held is forgotten.
func (t *Tape) GradientsFromInto(g *Gradients, y Value, dy []float32) {
	if len(dy) != len(y.Values) {
		panic(set.Mismatch("grad.GradientsFrom", "%d numbers, got %d", len(y.Values), len(dy)))
	}
	t.back(g, y, dy)
}

// back plays the notes in reverse.
func (t *Tape) back(g *Gradients, y Value, dy []float32) {
	g.Reset()
	if y.tape != nil {
		t.own(Op{Name: "Gradients"}, &y)
	}
	if y.node == nil {
		return
	}
	t.forget()
	t.into = g
	y.node.grad = nil
	copy(t.gradient(&y), dy)
	din := t.din
	next := len(t.inputs)
	for i := len(t.notes) - 1; i >= 0; i-- {
		n := &t.notes[i]
		in := t.inputs[n.first:next]
		next = n.first
		if n.out.grad == nil {
			continue // no path to the loss
		}
		din = din[:0]
		for i := range in {
			din = append(din, t.gradient(&in[i]))
		}
		n.back(n.out.grad, din)
		if !n.out.kept && n.out != y.node {
			t.recycle(n.out.grad)
			n.out.grad = nil
		}
	}
	t.into, t.din = nil, din[:0]
}

// forget makes every node of the tape ready for another pass.
func (t *Tape) forget() {
	for _, p := range t.params {
		p.node.grad = nil
	}
	for i := range t.notes {
		t.notes[i].out.grad = nil
	}
	for i := range t.inputs {
		if n := t.inputs[i].node; n != nil {
			n.grad = nil
		}
	}
}

// gradient returns where the gradient of v gathers, nil if v is a constant.
func (t *Tape) gradient(v *Value) []float32 {
	if v.node == nil {
		return nil
	}
	if v.node.grad == nil {
		if p := v.node.param; p != nil {
			v.node.grad = t.into.slot(p)
		} else if s := t.spare[len(v.Values)]; len(s) > 0 {
			v.node.grad = s[len(s)-1]
			t.spare[len(v.Values)] = s[:len(s)-1]
		} else {
			v.node.grad = t.memory.get(len(v.Values))
		}
		clear(v.node.grad)
	}
	return v.node.grad
}

// recycle lets the next gradient of the same size use this one's memory, which
// is still in the cache.
func (t *Tape) recycle(g []float32) {
	if t.spare == nil {
		t.spare = map[int][][]float32{}
	}
	t.spare[len(g)] = append(t.spare[len(g)], g)
}
