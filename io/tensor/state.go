package tensor

import (
	"fmt"
	"math"
	"strconv"
)

// class is a class or function that a pickle may name.
type class int

const (
	orderedDict class = iota
	rebuildTensor
	rebuildParameter
)

// storageClass is a subclass of torch's Storage, by what it holds.
type storageClass DType

// storageClasses are those of module torch.
var storageClasses = map[string]storageClass{
	"HalfStorage":     storageClass(F16),
	"BFloat16Storage": storageClass(BF16),
	"FloatStorage":    storageClass(F32),
	"DoubleStorage":   storageClass(F64),
	"LongStorage":     storageClass(I64),
	"IntStorage":      storageClass(I32),
	"ShortStorage":    storageClass(I16),
	"CharStorage":     storageClass(I8),
	"ByteStorage":     storageClass(U8),
	"BoolStorage":     storageClass(Bool),
}

// global implements world.
func (a *archive) global(module, name string) (any, error) {
	switch module {
	case "collections":
		if name == "OrderedDict" {
			return orderedDict, nil
		}
	case "torch._utils":
		switch name {
		case "_rebuild_tensor_v2":
			return rebuildTensor, nil
		case "_rebuild_parameter":
			return rebuildParameter, nil
		}
	case "torch":
		if c, ok := storageClasses[name]; ok {
			return c, nil
		}
	}
	return nil, fmt.Errorf("%.100q of module %.100q: want tensors in dictionaries only, such as a state_dict", name, module)
}

// call implements world.
func (a *archive) call(f any, args tuple) (any, error) {
	switch f {
	case orderedDict:
		if len(args) == 0 {
			return &dict{}, nil
		}
		return nil, fmt.Errorf("OrderedDict: want no arguments, got %d", len(args))
	case rebuildTensor: // storage, offset, size, stride, requires_grad, backward_hooks, metadata
		if len(args) < 6 || len(args) > 7 {
			return nil, fmt.Errorf("tensor: want 6 or 7 arguments, got %d", len(args))
		}
		s, ok := args[0].(*storage)
		offset, ok2 := args[1].(int64)
		if !ok || !ok2 || offset > math.MaxInt || offset < 0 {
			return nil, fmt.Errorf("tensor: want a storage and an offset in it, got %s and %s", kind(args[0]), kind(args[1]))
		}
		size, err := a.integers(args[2])
		if err != nil {
			return nil, fmt.Errorf("tensor: size: %w", err)
		}
		strides, err := a.integers(args[3])
		if err != nil {
			return nil, fmt.Errorf("tensor: strides: %w", err)
		}
		t, err := a.view(s, int(offset), size, strides)
		if err != nil {
			return nil, fmt.Errorf("tensor: %w", err)
		}
		return t, nil
	case rebuildParameter: // tensor, requires_grad, backward_hooks
		if len(args) == 3 {
			if t, ok := args[0].(*Tensor); ok {
				return t, nil
			}
		}
		return nil, fmt.Errorf("parameter: want a tensor and two arguments more, got %d arguments", len(args))
	}
	return nil, fmt.Errorf("want a function to call, got %s", kind(f))
}

// persistent implements world: ("storage", class, key, device, elements).
func (a *archive) persistent(id any) (any, error) {
	t, ok := id.(tuple)
	if !ok || len(t) != 5 || t[0] != any("storage") {
		return nil, fmt.Errorf("storage: want a tuple of 5 that begins with \"storage\", got %s", kind(id))
	}
	c, ok := t[1].(storageClass)
	key, ok2 := t[2].(string)
	n, ok3 := t[4].(int64)
	if !ok || !ok2 || !ok3 {
		return nil, fmt.Errorf("storage: want a class, a key and a size, got %s, %s and %s", kind(t[1]), kind(t[2]), kind(t[4]))
	}
	return a.storage(key, DType(c), n)
}

// integers returns a tuple of numbers, as many as a tensor can have
// dimensions. The tuple may be one of many tensors, but each has its own copy,
// so copies are counted.
func (a *archive) integers(v any) ([]int, error) {
	t, ok := v.(tuple)
	if !ok || len(t) > mostDimensions {
		return nil, fmt.Errorf("want a tuple of at most %d integers, got %s", mostDimensions, kind(v))
	}
	if a.copied += len(t); a.copied > mostValues {
		return nil, fmt.Errorf("want at most %d sizes and strides of all tensors together", mostValues)
	}
	x := make([]int, len(t))
	for i, v := range t {
		n, ok := v.(int64)
		if !ok || n < 0 || n > math.MaxInt {
			return nil, fmt.Errorf("want integers from 0, got %s", kind(v))
		}
		x[i] = int(n)
	}
	return x, nil
}

const (
	mostNesting   = 32      // dictionaries within each other
	mostName      = 1024    // bytes of a name
	mostNames     = 8 << 20 // bytes of all names of tensors together
	mostFlattened = 1 << 16 // values that flatten looks at, which may share parts
)

// flatten returns the tensors in nested dictionaries, lists and tuples.
func flatten(v any) (*File, error) {
	w := flattener{file: &File{Tensors: map[string]*Tensor{}}}
	if _, ok := v.(*Tensor); ok {
		return nil, fmt.Errorf("want tensors with names, got a single one without")
	}
	if err := w.walk("", v, 0); err != nil {
		return nil, err
	}
	return w.file, nil
}

type flattener struct {
	file         *File
	names, steps int // bytes of names and values so far
}

func (w *flattener) walk(name string, v any, depth int) error {
	w.steps++
	switch {
	case depth > mostNesting:
		return fmt.Errorf("%.100q: want values nested at most %d deep", name, mostNesting)
	case w.steps > mostFlattened:
		return fmt.Errorf("%.100q: want at most %d values", name, mostFlattened)
	case len(name) > mostName:
		return fmt.Errorf("%.100q: want names of at most %d bytes", name, mostName)
	}
	switch v := v.(type) {
	case *Tensor:
		if w.names += len(name); w.names > mostNames {
			return fmt.Errorf("%.100q: want names of at most %d bytes together", name, mostNames)
		}
		if w.file.Tensors[name] != nil {
			return fmt.Errorf("tensor %.100q: want the name once", name)
		}
		t := *v
		t.Shape = append([]int(nil), v.Shape...)
		w.file.Tensors[name] = &t
	case *dict:
		for i := 0; i < len(v.pairs); i += 2 {
			var key string
			switch k := v.pairs[i].(type) {
			case string:
				key = k
			case int64:
				key = strconv.FormatInt(k, 10)
			default:
				return fmt.Errorf("%.100q: want keys that are strings or integers, got %s", name, kind(k))
			}
			if err := w.walk(below(name, key, depth), v.pairs[i+1], depth+1); err != nil {
				return err
			}
		}
	case *list:
		return w.walk(name, tuple(v.items), depth)
	case tuple:
		for i, x := range v {
			if err := w.walk(below(name, strconv.Itoa(i), depth), x, depth+1); err != nil {
				return err
			}
		}
	}
	return nil
}

// below returns the name of what has the given key within name.
func below(name, key string, depth int) string {
	if depth == 0 {
		return key
	}
	return name + "." + key
}
