package checkpoint

import (
	"cmp"
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
	Heads   int // of attention; 0 means 4
	Outputs int // elements that a Deep Sets model gives for each set; 0 means 1
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
	var model layers.Layer
	var failed error
	err := set.Try(func() {
		if model, failed = b.model(max(o.Outputs, 1)); failed == nil {
			layers.Apply(model, set.New(width(model), 0)) // panics if layers do not fit together
		}
	})
	err = cmp.Or(failed, err)
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

func (b *torch) model(outputs int) (layers.Layer, error) {
	if !b.has("enc.") {
		return b.layer("")
	}
	enc, _, err := b.sequence("enc.")
	if err != nil {
		return nil, err
	}
	dec, pools, err := b.sequence("dec.")
	if err != nil {
		return nil, err
	}
	if pools {
		return append(enc, dec...), nil
	}
	return append(append(append(enc, layers.Mean), dec...), layers.Unfold(outputs)), nil
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
		points, err := b.rows(prefix + "I")
		if err != nil {
			return nil, err
		}
		write, err := b.mab(prefix + "mab0.")
		if err != nil {
			return nil, err
		}
		read, err := b.mab(prefix + "mab1.")
		return &layers.ISAB{Inducing: points, Write: write, Read: read}, err
	case b.has(prefix + "S"):
		seeds, err := b.rows(prefix + "S")
		if err != nil {
			return nil, err
		}
		m, err := b.mab(prefix + "mab.")
		return &layers.PMA{Seeds: seeds, Write: m}, err
	case b.has(prefix + "mab."):
		m, err := b.mab(prefix + "mab.")
		return &layers.SAB{Read: m}, err
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
	if k.Weight.Rows != v.Weight.Rows || k.Weight.Cols != block.Dim || v.Weight.Cols != block.Dim || o.Weight.Rows != block.Dim || o.Weight.Cols != block.Dim {
		return nil, fmt.Errorf("%s*: want keys, values and outputs of width %d", prefix, block.Dim)
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

// rows returns inducing points or seeds, of shape [1, rows, dim].
func (b *torch) rows(name string) (*grad.Param, error) {
	values, shape, err := b.values(name)
	if err != nil {
		return nil, err
	}
	if len(shape) != 3 || shape[0] != 1 || shape[1] == 0 {
		return nil, fmt.Errorf("%s: want shape [1, rows, width], got %v", name, shape)
	}
	b.params[name] = &grad.Param{Rows: shape[1], Cols: shape[2], Data: values}
	return b.params[name], nil
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
