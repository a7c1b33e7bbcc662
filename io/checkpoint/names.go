package checkpoint

import (
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"setwise/layers"
	"setwise/set/grad"
)

// A part is a parameter as PyTorch has it.
type part struct {
	*grad.Param
	shape  []int // there
	turned bool  // there it is out x in, here in x out
}

// parts returns the parameters of a model, as PyTorch has them.
func parts(model any) (map[*grad.Param]part, error) {
	params, err := parameters(model)
	if err != nil {
		return nil, err
	}
	all := map[*grad.Param]part{}
	for _, p := range params {
		all[p] = part{Param: p, shape: []int{p.Rows, p.Cols}}
	}
	vector := func(p *grad.Param) {
		if p != nil {
			all[p] = part{Param: p, shape: []int{p.Cols}}
		}
	}
	learned := func(p *grad.Param) {
		if p != nil {
			all[p] = part{Param: p, shape: []int{1, p.Rows, p.Cols}}
		}
	}
	for _, l := range layers.Find[*layers.Linear](model) {
		if l.Weight == nil {
			continue
		}
		all[l.Weight] = part{Param: l.Weight, shape: []int{l.Weight.Cols, l.Weight.Rows}, turned: true}
		vector(l.Bias)
	}
	for name, n := range layers.Find[*layers.Norm](model) {
		if n.OverSet {
			return nil, fmt.Errorf("%s: want a layer norm, got a set norm, which PyTorch lacks", layer(name))
		}
		vector(n.Gain)
		vector(n.Bias)
	}
	for _, l := range layers.Find[*layers.ISAB](model) {
		learned(l.Inducing)
	}
	for _, l := range layers.Find[*layers.PMA](model) {
		learned(l.Seeds)
	}
	for name := range layers.Find[*layers.Conv](model) {
		return nil, fmt.Errorf("%s: want layers whose weights PyTorch arranges alike, got a convolution", layer(name))
	}
	return all, nil
}

// layer names a layer of a model in an error.
func layer(name string) string {
	if name == "" {
		return "the model"
	}
	return fmt.Sprintf("%.100q", name)
}

// Names that the authors' modules have for parts of our layers.
var (
	blockNames = map[string]string{
		"Attn.Query": "fc_q", "Attn.Key": "fc_k", "Attn.Value": "fc_v", "FF.In": "fc_o", "Norm1": "ln0", "Norm2": "ln1",
	}
	isabNames   = map[string]string{"Inducing": "I", "Write": "mab0", "Read": "mab1"}
	sabNames    = map[string]string{"Read": "mab"}
	pmaNames    = map[string]string{"Seeds": "S", "Write": "mab"}
	linearNames = map[string]string{"Weight": "weight", "Bias": "bias"}
	normNames   = map[string]string{"Gain": "weight", "Bias": "bias"}
	tableNames  = map[string]string{"Table": "weight"}
)

// renaming says what parts of a model are called in PyTorch: for the name of a
// layer, the names of its fields.
type renaming struct{ fields map[string]map[string]string }

// namings returns the names that PyTorch may have for the parameters of a model,
// the likeliest first.
func namings(model any) ([]map[string]part, error) {
	all, err := parts(model)
	if err != nil {
		return nil, err
	}
	r := renaming{map[string]map[string]string{}}
	note(r, layers.Find[*layers.SAB](model), sabNames)
	note(r, layers.Find[*layers.ISAB](model), isabNames)
	note(r, layers.Find[*layers.PMA](model), pmaNames)
	note(r, layers.Find[*layers.Linear](model), linearNames)
	note(r, layers.Find[*layers.Norm](model), normNames)
	note(r, layers.Find[*layers.Embedding](model), tableNames)
	for name, b := range layers.Find[*layers.MAB](model) {
		if err := known(b); err != nil {
			return nil, fmt.Errorf("%s: %w", layer(name), err)
		}
		r.fields[name] = blockNames
	}
	for name, m := range layers.Find[*layers.SetTransformer](model) {
		if m.Input != nil {
			return nil, fmt.Errorf("%s: want a model as the authors' code has it, without features of the input, got an Input of %T", layer(name), m.Input)
		}
		r.fields[name] = map[string]string{"Encoder": "enc", "Pool": "dec.0", "Head": "dec." + strconv.Itoa(len(m.Decoder)+1)}
		for i := range m.Decoder {
			r.fields[name]["Decoder."+strconv.Itoa(i)] = "dec." + strconv.Itoa(i+1)
		}
	}
	var likely []map[string]part
	if s, ok := model.(layers.Stack); ok {
		if pool := slices.IndexFunc(s, func(l layers.Layer) bool { _, ok := l.(*layers.PMA); return ok }); pool >= 0 {
			plain := r.fields[""]
			r.fields[""] = map[string]string{}
			for i := range s {
				if i < pool {
					r.fields[""][strconv.Itoa(i)] = "enc." + strconv.Itoa(i)
				} else {
					r.fields[""][strconv.Itoa(i)] = "dec." + strconv.Itoa(i-pool)
				}
			}
			named, err := r.all(model, all)
			if err != nil {
				return nil, err
			}
			likely = append(likely, named)
			r.fields[""] = plain
		}
	}
	named, err := r.all(model, all)
	return append(likely, named), err
}

// note notes the names of the fields of layers.
func note[T any](r renaming, found func(func(string, T) bool), names map[string]string) {
	for name := range found {
		r.fields[name] = names
	}
}

// known returns an error unless b computes what the authors' block does.
func known(b *layers.MAB) error {
	if b.Attn == nil || b.Attn.Query == nil || b.Attn.Query.Weight == nil || b.FF == nil {
		return errors.New("want a block with attention and a feed-forward part, got nil")
	}
	want := float32(1 / math.Sqrt(float64(b.Attn.Query.Weight.Cols)))
	switch {
	case b.Pre || b.FF.Out != nil || b.Attn.Out != nil:
		return fmt.Errorf("want a block as the authors' code has it: norms after or none, and no hidden layer, got norms before %t, a hidden layer %t", b.Pre, b.FF.Out != nil)
	case b.Attn.Mixer != nil || b.Attn.Causal:
		return fmt.Errorf("want a block as the authors' code has it: full attention, got %T, causal %t", b.Attn.Mixer, b.Attn.Causal)
	case b.Attn.Scale != want:
		return fmt.Errorf("want a block as the authors' code has it: logits divided by the square root of the width, times %g, got %g", want, b.Attn.Scale)
	}
	return nil
}

// all returns the parameters of a model by their names in PyTorch.
func (r renaming) all(model any, parts map[*grad.Param]part) (map[string]part, error) {
	named := map[string]part{}
	for ours, p := range layers.Params(model) {
		name := r.of(ours)
		if _, twice := named[name]; twice {
			return nil, fmt.Errorf("%.100q: want names that differ in PyTorch, got %.100q twice", ours, name)
		}
		named[name] = parts[p]
	}
	return named, nil
}

// of returns what PyTorch calls a parameter of ours.
func (r renaming) of(ours string) string {
	rest := strings.Split(ours, ".")
	var path, name []string
	for len(rest) > 0 {
		at := strings.Join(path, ".")
		took, called := 1, snake(rest[0])
		for n := min(2, len(rest)); n > 0; n-- {
			if theirs, ok := r.fields[at][strings.Join(rest[:n], ".")]; ok {
				took, called = n, theirs
				break
			}
		}
		path, name, rest = append(path, rest[:took]...), append(name, called), rest[took:]
	}
	return strings.Join(name, ".")
}

// snake returns the name of a field as PyTorch's users write it: layer_norm for
// LayerNorm. A name that begins with a small letter is theirs already.
func snake(name string) string {
	var b strings.Builder
	r := []rune(name)
	if len(r) == 0 || !unicode.IsUpper(r[0]) {
		return name
	}
	for i, c := range r {
		word := i > 0 && unicode.IsUpper(c) && (!unicode.IsUpper(r[i-1]) || i+1 < len(r) && unicode.IsLower(r[i+1]))
		if word {
			b.WriteByte('_')
		}
		b.WriteRune(unicode.ToLower(c))
	}
	return b.String()
}

// fold returns a name without what spelling alone distinguishes.
func fold(name string) string { return strings.ToLower(strings.ReplaceAll(name, "_", "")) }

// folded returns names by what fold makes of them, or an error that names two
// that are alike.
func folded[T any](named map[string]T) (map[string]string, error) {
	by := map[string]string{}
	for _, name := range slices.Sorted(maps.Keys(named)) {
		f := fold(name)
		if other, ok := by[f]; ok {
			return nil, fmt.Errorf("want names that differ by more than case and underscores, got %.100q and %.100q", other, name)
		}
		by[f] = name
	}
	return by, nil
}
