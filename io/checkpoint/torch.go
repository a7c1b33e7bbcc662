package checkpoint

import (
	"errors"
	"fmt"
	"maps"
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
