package checkpoint

import (
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"

	"setwise/io/tensor"
	"setwise/layers"
	"setwise/set"
	"setwise/set/grad"
)

// Torch says what the weights of a PyTorch model do not tell.
type Torch struct {
	Heads   int // of attention, which divide its width; 0 means 4
	Outputs int // elements that a Deep Sets model gives for each set; 0 means 1. One that pools by attention gives one for each seed
}

// FromTorch builds a model of the Set Transformer's authors
// (github.com/juho-lee/set_transformer) from its weights under PyTorch's names:
// MAB's parts fc_q, fc_k, fc_v, fc_o, ln0 and ln1; an ISAB's I, mab0 and mab1;
// a PMA's S and mab; a SAB's mab; linear layers; and sequences of them called
// enc and dec, numbered, where numbers without weights are dropout, or between
// linear layers ReLU. If dec does not pool, the mean is taken before it, as in
// the authors' Deep Sets.
//
// It returns the parameters under PyTorch's names too. Weights of linear
// layers are transposed: PyTorch has them out x in. Weights that are inside of
// something else, such as what Lightning saves, [StateDict] takes out; those of a
// model of your own are for [LoadTorch].
func FromTorch(weights map[string]*tensor.Tensor, o Torch) (layers.Layer, map[string]*grad.Param, error) {
	b := &torch{weights: weights, heads: o.Heads, params: map[string]*grad.Param{}}
	if b.heads == 0 {
		b.heads = 4
	}
	model, err := b.model(o)
	for _, name := range slices.Sorted(maps.Keys(weights)) {
		if err == nil && b.params[name] == nil {
			err = fmt.Errorf("%.100s: want a part of a Set Transformer or of Deep Sets", name)
		}
	}
	if err == nil {
		return model, b.params, nil
	}
	err = shorten(err)
	if inside, found := StateDict(weights); len(inside) > 0 && found.String() != "" {
		err = fmt.Errorf("%w; StateDict says: %s", err, found)
	}
	return nil, nil, fmt.Errorf("checkpoint: torch: %w", err)
}

// width returns the width of the elements that a layer made by torch takes.
func width(l layers.Layer) int {
	switch l := l.(type) {
	case layers.Stack:
		return width(l[0])
	case *layers.ISAB:
		return l.Read.Attn.Query.Weight.Rows
	case *layers.SAB:
		return l.Read.Attn.Query.Weight.Rows
	case *layers.PMA:
		return l.Write.Attn.Key.Weight.Rows
	}
	return l.(*layers.Linear).Weight.Rows
}

// torch builds layers from weights.
type torch struct {
	weights map[string]*tensor.Tensor
	heads   int
	params  map[string]*grad.Param
}

func (b *torch) has(prefix string) bool {
	for name := range b.weights {
		if strings.HasPrefix(name, prefix) {
			return true
		}
	}
	return false
}

// model returns the model whose layers fit together, and give as many elements
// for each set as o says.
func (b *torch) model(o Torch) (layers.Layer, error) {
	if o.Heads < 0 || o.Outputs < 0 {
		return nil, fmt.Errorf("want 0 Heads and 0 Outputs or more, got %d and %d", o.Heads, o.Outputs)
	}
	model, deep, err := b.layers()
	if err != nil {
		return nil, err
	}
	var y set.Batch // of an empty set
	if err := set.Try(func() { y = layers.Apply(model, set.New(width(model), 0)) }); err != nil {
		return nil, b.misfit(model, err)
	}
	outputs := max(o.Outputs, 1)
	switch {
	case deep && y.Dim%outputs != 0:
		return nil, fmt.Errorf("want a number of Outputs that divides the width %d of what dec gives, got %d", y.Dim, outputs)
	case deep:
		return append(model.(layers.Stack), layers.Unfold(outputs)), nil
	case o.Outputs > 0 && y.Len() > 0 && y.Len() != o.Outputs:
		return nil, fmt.Errorf("want as many Outputs as there are seeds, %d, or 0, got %d", y.Len(), o.Outputs)
	}
	return model, nil
}

// layers returns the layers of a model, and whether it is one of Deep Sets.
func (b *torch) layers() (layers.Layer, bool, error) {
	if !b.has("enc.") && !b.has("dec.") {
		l, err := b.layer("")
		return l, false, err
	}
	enc, _, err := b.sequence("enc.")
	if err != nil {
		return nil, false, err
	}
	dec, pools, err := b.sequence("dec.")
	if err != nil {
		return nil, false, err
	}
	if pools {
		return append(enc, dec...), false, nil
	}
	return append(append(enc, layers.Mean), dec...), true, nil
}

// misfit tells an error of layers that do not fit together by the name of the
// weights that do not.
func (b *torch) misfit(model layers.Layer, err error) error {
	var e *set.ShapeError
	if !errors.As(err, &e) {
		return err
	}
	ours := layers.Names(model)
	for theirs, p := range b.params {
		if ours[p] == strings.Join(e.Path, ".")+".Weight" {
			return fmt.Errorf("%s and what is before it: want %s", theirs, e.Detail)
		}
	}
	return err
}

// sequence returns the numbered layers below prefix, and whether one is a PMA.
func (b *torch) sequence(prefix string) (layers.Stack, bool, error) {
	seen := map[int]bool{}
	for name := range b.weights {
		rest, ok := strings.CutPrefix(name, prefix)
		if !ok {
			continue
		}
		number, _, _ := strings.Cut(rest, ".")
		i, err := strconv.Atoi(number)
		if err != nil || i < 0 || strconv.Itoa(i) != number {
			return nil, false, fmt.Errorf("%s: want a number after %q", name, prefix)
		}
		seen[i] = true
	}
	if len(seen) == 0 {
		return nil, false, fmt.Errorf("want weights called enc.* and dec.*, got none called %s*", prefix)
	}
	var s layers.Stack
	pools, last := false, -1
	for _, i := range slices.Sorted(maps.Keys(seen)) {
		l, err := b.layer(prefix + strconv.Itoa(i) + ".")
		if err != nil {
			return nil, false, err
		}
		_, linear := l.(*layers.Linear)
		if linear && i > last+1 && len(s) > 0 {
			if _, after := s[len(s)-1].(*layers.Linear); after {
				s = append(s, layers.ReLU)
			}
		}
		_, pool := l.(*layers.PMA)
		pools, last = pools || pool, i
		s = append(s, l)
	}
	return s, pools, nil
}

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
