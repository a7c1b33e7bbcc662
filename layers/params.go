package layers

import (
	"iter"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"setwise/layers/optim"
	"setwise/set/grad"
)

// Params iterates over the parameters of a model with their names, found by
// walking its exported fields as encoding/json does: "0.Read.Attn.Key.Weight".
// A field tagged `param:"-"` is skipped, `param:"name"` renamed; elements of
// slices are named by their number, those of maps by their key; embedded structs add nothing to the name, and
// their exported fields count even where their type is not exported. A parameter
// that is reached twice, because it is shared, comes once, under its first name.
// The order is that of the fields, and of the keys. Tags may give two parameters
// one name; training and checkpoints, which go by names, refuse such a model.
func Params(model any) iter.Seq2[string, *grad.Param] { return Find[*grad.Param](model) }

// Find iterates over the parts of a model that are of type T, such as *Linear,
// under the names that [Params] would give them. It does not look for more of
// them inside one. A part that is kept by value comes as a pointer to it, or to a
// copy with the same parameters.
func Find[T any](model any) iter.Seq2[string, T] {
	return func(yield func(string, T) bool) {
		w := walker{seen: map[visit]bool{}, want: reflect.TypeFor[T](), yield: func(path []string, v reflect.Value) bool {
			return yield(strings.Join(path, "."), v.Interface().(T))
		}}
		w.walk(reflect.ValueOf(model), nil)
	}
}

// List returns the parameters of a model in the order of [Params].
func List(model any) []*grad.Param {
	var all []*grad.Param
	for _, p := range Params(model) {
		all = append(all, p)
	}
	return all
}

// Names returns the names of the parameters of a model, for errors and for
// walks over a tape: see [grad.Tape.Steps].
func Names(model any) map[*grad.Param]string {
	names := map[*grad.Param]string{}
	for name, p := range Params(model) {
		names[p] = name
	}
	return names
}

// Weights returns the parameters of a model as optimizers know them, in the
// order of [Params]. rate and decay give the factors for a parameter's name on
// the rate and on the weight decay; where they are nil the rate is the same for
// all, and nothing shrinks whose name ends in Bias or Gain, as biases and norms
// do.
func Weights(model any, rate, decay func(name string) float64) []optim.Weight {
	if rate == nil {
		rate = func(string) float64 { return 1 }
	}
	if decay == nil {
		decay = shrinks
	}
	var all []optim.Weight
	for name, p := range Params(model) {
		all = append(all, optim.Weight{Name: name, Param: p, Rate: rate(name), Decay: decay(name)})
	}
	return all
}

func shrinks(name string) float64 {
	switch name[strings.LastIndexByte(name, '.')+1:] {
	case "Bias", "Gain":
		return 0
	}
	return 1
}

// Freeze makes all parameters of a model, or of a part of one, constants, or
// lets them learn again: see [grad.Param].
func Freeze(model any, frozen bool) {
	for _, p := range Params(model) {
		p.Frozen = frozen
	}
}

// Count returns how many numbers the parameters of a model hold.
func Count(model any) int {
	n := 0
	for _, p := range Params(model) {
		n += len(p.Data)
	}
	return n
}

type walker struct {
	seen  map[visit]bool
	want  reflect.Type
	yield func([]string, reflect.Value) bool
}

// A visit is a pointer that was followed. A struct and its first field have one
// address and two types.
type visit struct {
	to uintptr
	as reflect.Type
}

// walk reports whether to go on.
func (w *walker) walk(v reflect.Value, path []string) bool {
	switch v.Kind() {
	case reflect.Pointer:
		here := visit{v.Pointer(), v.Type()}
		if v.IsNil() || w.seen[here] {
			return true
		}
		w.seen[here] = true
		if v.Type() == w.want && v.CanInterface() {
			return w.yield(path, v)
		}
		return w.walk(v.Elem(), path)
	case reflect.Interface:
		return v.IsNil() || w.walk(v.Elem(), path)
	case reflect.Slice, reflect.Array:
		for i := range v.Len() {
			if !w.walk(v.Index(i), below(path, strconv.Itoa(i))) {
				return false
			}
		}
	case reflect.Map:
		keys := v.MapKeys()
		if v.Type().Key().Kind() != reflect.String {
			return true
		}
		slices.SortFunc(keys, func(a, b reflect.Value) int { return strings.Compare(a.String(), b.String()) })
		for _, k := range keys {
			if !w.walk(v.MapIndex(k), below(path, k.String())) {
				return false
			}
		}
	case reflect.Struct:
		if reflect.PointerTo(v.Type()) == w.want && v.Type() != reflect.TypeFor[grad.Param]() && v.CanInterface() {
			if !v.CanAddr() {
				held := reflect.New(v.Type()).Elem()
				held.Set(v)
				v = held
			}
			return w.yield(path, v.Addr())
		}
		return w.fields(v, path)
	}
	return true
}

func (w *walker) fields(v reflect.Value, path []string) bool {
	for i := range v.NumField() {
		f := v.Type().Field(i)
		name, tagged := f.Tag.Lookup("param")
		if !f.IsExported() && !embeds(f) || name == "-" {
			continue
		}
		sub := path
		switch {
		case tagged:
			sub = below(path, name)
		case !f.Anonymous:
			sub = below(path, f.Name)
		}
		if !w.walk(v.Field(i), sub) {
			return false
		}
	}
	return true
}

// embeds reports whether f is an embedded struct, or a pointer to one.
func embeds(f reflect.StructField) bool {
	t := f.Type
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	return f.Anonymous && t.Kind() == reflect.Struct
}

func below(path []string, name string) []string { return append(slices.Clip(path), name) }
