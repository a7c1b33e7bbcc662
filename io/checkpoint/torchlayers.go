package checkpoint

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strconv"

	"setwise/layers"
	"setwise/set/grad"
)

// The layers of the authors' models, made of their weights.

// layer returns the layer whose weights' names begin with prefix.
func (b *torch) layer(prefix string) (layers.Layer, error) {
	switch {
	case b.has(prefix + "I"):
		points, write, err := b.queries(prefix+"I", prefix+"mab0.")
		if err != nil {
			return nil, err
		}
		read, err := b.mab(prefix + "mab1.")
		return &layers.ISAB{Inducing: points, Write: write, Read: read}, err
	case b.has(prefix + "S"):
		seeds, m, err := b.queries(prefix+"S", prefix+"mab.")
		return &layers.PMA{Seeds: seeds, Write: m}, err
	case b.has(prefix + "mab."):
		m, err := b.mab(prefix + "mab.")
		return &layers.SAB{Read: m}, err
	}
	if prefix == "" && b.weights["weight"] == nil {
		return nil, fmt.Errorf("want weights called enc.* and dec.*, or I, S, mab.* or weight, got %d others: %s",
			len(b.weights), first(slices.Sorted(maps.Keys(b.weights))))
	}
	return b.linear(prefix)
}

func (b *torch) mab(prefix string) (*layers.MAB, error) {
	parts := make([]*layers.Linear, 4)
	for i, name := range []string{"fc_q.", "fc_k.", "fc_v.", "fc_o."} {
		var err error
		if parts[i], err = b.linear(prefix + name); err != nil {
			return nil, err
		}
	}
	q, k, v, o := parts[0], parts[1], parts[2], parts[3]
	block := layers.Block{Dim: q.Weight.Cols, Heads: b.heads}
	if b.has(prefix + "ln0.") {
		block.Norm = layers.NormPost
	}
	for _, p := range []struct {
		name string
		w    *grad.Param
		in   int
	}{{"fc_k", k.Weight, k.Weight.Rows}, {"fc_v", v.Weight, k.Weight.Rows}, {"fc_o", o.Weight, block.Dim}} {
		if p.w.Cols != block.Dim || p.w.Rows != p.in {
			return nil, fmt.Errorf("%s%s.weight: want shape [%d %d], got [%d %d]", prefix, p.name, block.Dim, p.in, p.w.Cols, p.w.Rows)
		}
	}
	if block.Dim%b.heads != 0 {
		return nil, fmt.Errorf("%sfc_q.weight: want a width that Heads, %d, divide, got %d", prefix, b.heads, block.Dim)
	}
	m := layers.NewMAB(q.Weight.Rows, k.Weight.Rows, block, rand.New(rand.NewPCG(0, 0)))
	m.Attn.Query, m.Attn.Key, m.Attn.Value, m.FF.In = q, k, v, o
	for i, n := range []*layers.Norm{m.Norm1, m.Norm2} {
		if n == nil {
			continue
		}
		at := prefix + "ln" + strconv.Itoa(i) + "."
		var err error
		if n.Gain, err = b.vector(at+"weight", block.Dim); err != nil {
			return nil, err
		}
		if n.Bias, err = b.vector(at+"bias", block.Dim); err != nil {
			return nil, err
		}
	}
	return m, nil
}

func (b *torch) linear(prefix string) (*layers.Linear, error) {
	name := prefix + "weight"
	values, shape, err := b.values(name)
	if err != nil {
		return nil, err
	}
	if len(shape) != 2 || shape[0] == 0 || shape[1] == 0 {
		return nil, fmt.Errorf("%s: want a matrix, got shape %v", name, shape)
	}
	out, in := shape[0], shape[1]
	w := &grad.Param{Rows: in, Cols: out, Data: transposed(values, out, in)}
	b.params[name] = w
	l := &layers.Linear{Weight: w}
	if b.weights[prefix+"bias"] != nil {
		l.Bias, err = b.vector(prefix+"bias", out)
	}
	return l, err
}

// vector returns a parameter of one row.
func (b *torch) vector(name string, n int) (*grad.Param, error) {
	values, shape, err := b.values(name)
	if err != nil {
		return nil, err
	}
	if !slices.Equal(shape, []int{n}) {
		return nil, fmt.Errorf("%s: want shape [%d], got %v", name, n, shape)
	}
	b.params[name] = &grad.Param{Rows: 1, Cols: n, Data: values}
	return b.params[name], nil
}

// queries returns inducing points or seeds, of shape [1, rows, width], and the
// block that takes them.
func (b *torch) queries(name, block string) (*grad.Param, *layers.MAB, error) {
	values, shape, err := b.values(name)
	if err != nil {
		return nil, nil, err
	}
	if len(shape) != 3 || shape[0] != 1 || shape[1] == 0 {
		return nil, nil, fmt.Errorf("%s: want shape [1, rows, width], got %v", name, shape)
	}
	m, err := b.mab(block)
	if err != nil {
		return nil, nil, err
	}
	if width := m.Attn.Query.Weight.Rows; shape[2] != width {
		return nil, nil, fmt.Errorf("%s: want elements of width %d, as %sfc_q.weight takes, got %d", name, width, block, shape[2])
	}
	b.params[name] = &grad.Param{Rows: shape[1], Cols: shape[2], Data: values}
	return b.params[name], m, nil
}

func (b *torch) values(name string) ([]float32, []int, error) {
	t := b.weights[name]
	if t == nil {
		return nil, nil, fmt.Errorf("want a tensor %s, got none", name)
	}
	v, err := t.Float32s()
	if err == nil {
		err = finite(v, columns(t))
	}
	if err != nil {
		return nil, nil, fmt.Errorf("%.100s: %w", name, err)
	}
	return v, t.Shape, nil
}
