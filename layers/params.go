package layers

import (
	"iter"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"setwise/set/grad"
)

// Params iterates over the parameters of a model with their names, found by
// walking its exported fields as encoding/json does: "0.Read.Attn.Key.Weight".
// A field tagged `param:"-"` is skipped, `param:"name"` renamed; elements of
// slices are named by their number; embedded structs add nothing to the name. A
// parameter that is reached twice, because it is shared, comes once, under its
// first name. The order is that of the fields.
func Params(model any) iter.Seq2[string, *grad.Param] {
	return func(yield func(string, *grad.Param) bool) {
		w := walker{seen: map[*grad.Param]bool{}, yield: yield}
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

// Count returns how many numbers the parameters of a model hold.
func Count(model any) int {
	n := 0
	for _, p := range Params(model) {
		n += len(p.Data)
	}
	return n
}

type walker struct {
	seen  map[*grad.Param]bool
	yield func(string, *grad.Param) bool
}

var paramType = reflect.TypeFor[*grad.Param]()

// walk reports whether to go on.
func (w *walker) walk(v reflect.Value, path []string) bool {
	switch v.Kind() {
	case reflect.Pointer:
		if v.IsNil() {
			return true
		}
		if v.Type() == paramType {
			p := v.Interface().(*grad.Param)
			if w.seen[p] {
				return true
			}
			w.seen[p] = true
			return w.yield(strings.Join(path, "."), p)
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
		return w.fields(v, path)
	}
	return true
}

func (w *walker) fields(v reflect.Value, path []string) bool {
	for i := range v.NumField() {
		f := v.Type().Field(i)
		name, tagged := f.Tag.Lookup("param")
		if !f.IsExported() || name == "-" {
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

func below(path []string, name string) []string { return append(slices.Clip(path), name) }
