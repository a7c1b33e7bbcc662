package tensor

import (
	"fmt"
	"strconv"
)

const (
	mostNesting   = 32      // dictionaries within each other
	mostName      = 1024    // bytes of a name
	mostNames     = 8 << 20 // bytes of all names of tensors together
	mostTensors   = 1 << 16 // some may be the same under several names
	mostFlattened = 1 << 20 // values that flatten looks at, which may share parts

	single = "tensor" // the name of a tensor that has none
)

// flatten returns the tensors in nested dictionaries, lists and tuples.
func flatten(v any) (*File, error) {
	w := flattener{file: &File{Tensors: map[string]*Tensor{}}, seen: map[*any]bool{}}
	if t, ok := v.(*Tensor); ok {
		w.file.Tensors[single] = t
		return w.file, nil
	}
	if err := w.walk("", v, 0); err != nil {
		return nil, err
	}
	if len(w.file.Tensors) == 0 && !empty(v) {
		return nil, fmt.Errorf("want tensors in dictionaries, lists or tuples, such as a state_dict, got none in %s", kind(v))
	}
	return w.file, nil
}

// empty reports whether v is a container of nothing, which is a model without
// parameters.
func empty(v any) bool {
	switch v := v.(type) {
	case *dict:
		return len(v.pairs) == 0
	case *list:
		return len(v.items) == 0
	case tuple:
		return len(v) == 0
	}
	return false
}

type flattener struct {
	file         *File
	names, steps int           // bytes of names and values so far
	seen         map[*any]bool // what bears has looked into
}

func (w *flattener) walk(name string, v any, depth int) error {
	if depth > mostNesting {
		return fmt.Errorf("%.100q: want values nested at most %d deep", name, mostNesting)
	}
	switch v := v.(type) {
	case *Tensor:
		return w.add(name, v)
	case *storage:
		return fmt.Errorf("%.100q: want tensors, got a storage without", name)
	case *dict:
		return w.pairs(name, v.pairs, depth)
	case *list:
		return w.items(name, v.items, depth)
	case tuple:
		return w.items(name, v, depth)
	case *object:
		if w.bears(v.inside) {
			where := ""
			if name != "" {
				where = fmt.Sprintf("%.100q: ", name)
			}
			return fmt.Errorf("%swant tensors in dictionaries, lists or tuples, such as a state_dict, got some within %s: in Python, torch.save(model.state_dict(), ...)", where, kind(v))
		}
		return w.pairs(name, v.pairs, depth)
	}
	return nil
}

func (w *flattener) add(name string, t *Tensor) error {
	w.names += len(name)
	switch {
	case len(name) > mostName:
		return fmt.Errorf("%.100q: want names of at most %d bytes", name, mostName)
	case w.names > mostNames:
		return fmt.Errorf("%.100q: want names of at most %d bytes together", name, mostNames)
	case len(w.file.Tensors) == mostTensors:
		return fmt.Errorf("%.100q: want at most %d tensors", name, mostTensors)
	case w.file.Tensors[name] != nil:
		return fmt.Errorf("tensor %.100q: want the name once", name)
	}
	own := *t
	own.Shape = append([]int(nil), t.Shape...)
	w.file.Tensors[name] = &own
	return nil
}

func (w *flattener) pairs(name string, pairs []any, depth int) error {
	for i := 0; i < len(pairs); i += 2 {
		if err := w.count(name); err != nil {
			return err
		}
		if leaf(pairs[i+1]) {
			continue
		}
		var key string
		switch k := pairs[i].(type) {
		case string:
			key = k
		case int64:
			key = strconv.FormatInt(k, 10)
		case global:
			key = k.String()
		default:
			if w.bears(pairs[i+1 : i+2]) {
				return fmt.Errorf("%.100q: want tensors under keys that are strings or integers, got %s", name, kind(k))
			}
			continue
		}
		if err := w.walk(below(name, key, depth), pairs[i+1], depth+1); err != nil {
			return err
		}
	}
	return nil
}

func (w *flattener) items(name string, items []any, depth int) error {
	for i, x := range items {
		if err := w.count(name); err != nil {
			return err
		}
		if leaf(x) {
			continue
		}
		if err := w.walk(below(name, strconv.Itoa(i), depth), x, depth+1); err != nil {
			return err
		}
	}
	return nil
}

func (w *flattener) count(name string) error {
	if w.steps++; w.steps > mostFlattened {
		return fmt.Errorf("%.100q: want at most %d values", name, mostFlattened)
	}
	return nil
}

// leaf reports whether v is a value that holds no others.
func leaf(v any) bool {
	switch v.(type) {
	case *Tensor, *storage, *dict, *list, tuple, *object:
		return false
	}
	return true
}

// bears reports whether tensors, or their memory, are anywhere within values.
// It looks into each of them once, so that it takes linear time whatever they
// share and however deep they are.
func (w *flattener) bears(values []any) bool {
	for left := [][]any{values}; len(left) > 0; {
		values, left = left[len(left)-1], left[:len(left)-1]
		if len(values) == 0 || w.seen[&values[0]] {
			continue
		}
		w.seen[&values[0]] = true
		for _, v := range values {
			switch v := v.(type) {
			case *Tensor, *storage:
				return true
			case *dict:
				left = append(left, v.pairs)
			case *list:
				left = append(left, v.items)
			case tuple:
				left = append(left, v)
			case *object:
				left = append(left, v.inside, v.pairs)
			}
		}
	}
	return false
}

// below returns the name of what has the given key within name, or some of it
// if it is too long for a tensor.
func below(name, key string, depth int) string {
	key = key[:min(len(key), mostName+1)]
	if len(name) > mostName {
		return name
	}
	if depth == 0 {
		return key
	}
	return name + "." + key
}
