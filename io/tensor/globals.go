package tensor

import (
	"fmt"
	"math"
	"slices"
	"strings"
)

// A global is a class or function that a pickle names. Those that make tensors
// are known; the others are names and no more.
type global struct{ module, name string }

func (g global) String() string { return fmt.Sprintf("%.100s.%.100s", g.module, g.name) }

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
	if runs(module, name) {
		return nil, fmt.Errorf("%.100q of module %.100q: want tensors and plain values, not what runs a program", name, module)
	}
	if c, ok := storageClasses[name]; ok && module == "torch" {
		return c, nil
	}
	return global{module, name}, nil
}

// runs reports whether a function is one that a pickle names to run something
// of its own where it is loaded. Nothing is run here, but no file of tensors
// needs it.
func runs(module, name string) bool {
	switch top, _, _ := strings.Cut(module, "."); top {
	case "os", "posix", "nt", "subprocess", "pty", "sys", "socket", "shutil", "ctypes", "importlib", "runpy", "code", "webbrowser", "pickle", "_pickle":
		return true
	case "builtins", "__builtin__":
		return slices.Contains([]string{"eval", "exec", "execfile", "compile", "open", "__import__", "input", "breakpoint"}, name)
	}
	return false
}

// call implements world: what is not known makes an object.
func (a *archive) call(f any, args tuple) (any, error) {
	g, ok := f.(global)
	if !ok {
		return nil, fmt.Errorf("want a function to call, got %s", kind(f))
	}
	switch g {
	case global{"torch._utils", "_rebuild_tensor_v2"}:
		return a.tensor(args)
	case global{"torch._utils", "_rebuild_parameter"}, global{"torch._utils", "_rebuild_parameter_with_state"}:
		return a.parameter(args)
	case global{"torch._tensor", "_rebuild_from_type_v2"}:
		return a.subclass(args)
	case global{"collections", "OrderedDict"}:
		if len(args) == 0 {
			return &dict{}, nil
		}
	}
	if strings.HasPrefix(g.module, "torch") && strings.HasPrefix(g.name, "_rebuild_") {
		return nil, fmt.Errorf("want tensors that are neither quantized, sparse nor on a device of their own, got what %s makes", g)
	}
	return &object{class: g, inside: args}, nil
}

// tensor makes a tensor of a storage, offset, size, stride, requires_grad,
// backward_hooks and perhaps metadata.
func (a *archive) tensor(args tuple) (any, error) {
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
}

// parameter makes one of a tensor, requires_grad, backward_hooks and perhaps
// attributes.
func (a *archive) parameter(args tuple) (any, error) {
	if len(args) == 3 || len(args) == 4 {
		if t, ok := args[0].(*Tensor); ok {
			return t, nil
		}
	}
	return nil, fmt.Errorf("parameter: want a tensor and two or three arguments more, got %d arguments", len(args))
}

// subclass makes a tensor of a function that makes tensors, the class that it
// has in Python, the function's arguments, and attributes.
func (a *archive) subclass(args tuple) (any, error) {
	if len(args) == 4 && args[0] == any(global{"torch._utils", "_rebuild_tensor_v2"}) {
		if inner, ok := args[2].(tuple); ok {
			return a.tensor(inner)
		}
	}
	return nil, fmt.Errorf("tensor of a class of its own: want what torch._utils._rebuild_tensor_v2 makes, got %d arguments", len(args))
}

// persistent implements world: ("storage", class, key, device, elements).
func (a *archive) persistent(id any) (any, error) {
	t, ok := id.(tuple)
	if !ok || len(t) != 5 || t[0] != any("storage") {
		return nil, fmt.Errorf("storage: want a tuple of 5 that begins with \"storage\", got %s", kind(id))
	}
	c, ok := t[1].(storageClass)
	if g, unknown := t[1].(global); unknown {
		return nil, fmt.Errorf("storage: want one of integers, booleans or real numbers, got a %s", g)
	}
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
