// Package tensor reads and writes named tensors in files: safetensors, and the
// files that torch.save writes. It knows nothing of models.
//
//	f, err := tensor.Open("weights.safetensors", tensor.Limits{}) // or weights.pt
//	w, err := f.Tensors["enc.0.weight"].Float32s()
//
//	f := &tensor.File{Tensors: map[string]*tensor.Tensor{"w": tensor.Of(values, 3, 4)}}
//	err = tensor.WriteFile("weights.safetensors", f)
//
// [Open] tells the formats apart by their first bytes. [Read] and [Write] work
// on streams of safetensors, [ReadPT] on a torch file anywhere; [WritePTFile]
// writes tensors as torch.save does.
//
// # safetensors
//
// Everything the format allows is read, except element types other than the
// thirteen listed here. Tensors must follow each other without gaps or
// overlaps, every name must come once, and nothing may follow the last tensor.
// What is written is determined by what is written: tensors are sorted by the
// width of their elements, widest first, then type, then name, so that all of
// them are aligned. [WriteFile] replaces a file whole or not at all.
//
// # Torch files
//
// A .pt or .pth file is read if it is a zip archive, as torch.save writes since
// PyTorch 1.6, and holds tensors in dictionaries, lists and tuples nested in
// any way, or a single tensor. The names of nested tensors are joined by dots: a
// tensor in {"model": {"fc": {"weight": ...}}} is called model.fc.weight, and
// elements of lists are called by their number. A tensor that is all there is
// in the file is called tensor. Tensors that are views of another's memory,
// transposed or not, are read as they looked. Half, bfloat16, float, double, the
// signed integers, byte and bool are known, in either byte order.
//
// The file is a pickle, which is a program. Here it can do no more than build
// dictionaries and tensors: no class or function is ever called, whatever the
// file names, but those few that make tensors, which are written here anew.
// Plain values, such as the number of an epoch, settings, dates, and scalars and
// arrays of NumPy, are passed over, of whatever class they are. Tensors inside an
// object of another class than a dictionary or list are an error that names the
// class: that is a whole model, of which the state_dict is to be saved. So is a
// file that holds things but no tensor, and one that would run a program where Python loads
// it. Quantized, complex and sparse tensors, pickle protocols 0 and 1,
// TorchScript, compressed archives and files older than PyTorch 1.6 are refused
// with an error that says so.
//
// # Cost
//
// Reading takes time and memory linear in the size of the file. Files are not
// trusted: besides what the file has in bytes, reading one takes less than 64
// MiB, whatever it claims. So a header of safetensors is limited to 8 MiB and
// 131,072 numbers, about 20,000 tensors; the pickle in a torch file to 8 MiB and
// 262,144 values, about 9,000 tensors. A tensor that repeats its elements may
// be no larger than the file. Accessors such as [Tensor.Float32s] return new
// memory at each call.
//
// # Division of work
//
// The header of safetensors is decoded and encoded by
// github.com/nlpodyssey/safetensors. Size, nesting and repeated names are
// checked before it, for it takes 285 bytes for a comma and the last of equal
// names; the places of tensors are checked after it, with errors that name the
// tensor. Pickles are read here, by some forty opcodes: those that a file of
// tensors needs. The reader of github.com/nlpodyssey/gopickle cannot be guarded
// from outside: it takes the memory for a string or frame of 2^40 bytes before
// it looks whether they are there, which ends the process, and a minute for an
// integer of one megabyte.
package tensor

import (
	"encoding/binary"
	"fmt"
	"math"

	"setwise/set"
)

// DType is the type of the elements of a tensor, by its name in safetensors.
type DType string

// The types of elements.
const (
	Bool DType = "BOOL" // a byte, 0 for false
	U8   DType = "U8"
	I8   DType = "I8"
	U16  DType = "U16"
	I16  DType = "I16"
	F16  DType = "F16"  // half precision: 5 bits of exponent, 10 of fraction
	BF16 DType = "BF16" // bfloat16: the upper half of an F32
	U32  DType = "U32"
	I32  DType = "I32"
	F32  DType = "F32"
	U64  DType = "U64"
	I64  DType = "I64"
	F64  DType = "F64"
)

// Size returns the bytes that an element takes, 0 for an unknown type.
func (d DType) Size() int {
	switch d {
	case Bool, U8, I8:
		return 1
	case U16, I16, F16, BF16:
		return 2
	case U32, I32, F32:
		return 4
	case U64, I64, F64:
		return 8
	}
	return 0
}

// A Tensor is an array of numbers with any number of dimensions, a single
// number if it has none. [Of] makes one. Shape may be replaced by another with
// as many elements, unless the tensor is a view with strides.
type Tensor struct {
	Shape []int
	Type  DType

	data    []byte // little-endian, the last dimension running fastest if strides is nil
	size    []int  // the shape that strides belong to
	strides []int  // elements from one index to the next, for each dimension
}

// A File is a set of named tensors with remarks. The zero value is empty.
type File struct {
	Tensors  map[string]*Tensor
	Metadata map[string]string // nil in torch files
}

// Limits bound what a file may ask for. The zero value is the defaults.
type Limits struct {
	// Bytes is the size of the largest file read. The default is 4 GiB.
	Bytes int64
}

// check returns an error if a file of the given size is too large.
func (l Limits) check(size int64) error {
	most := l.Bytes
	if most <= 0 {
		most = 4 << 30
	}
	if most = min(most, math.MaxInt-1); size > most {
		return fmt.Errorf("%d bytes: want at most %d", size, most)
	}
	return nil
}

// A Number is a type of element that Go has as well.
type Number interface {
	int8 | int16 | int32 | int64 | uint8 | uint16 | uint32 | uint64 | float32 | float64
}

// Of returns a tensor that holds a copy of values, the last dimension of shape
// running fastest. No shape means one dimension. It panics with a
// [*set.ShapeError] if shape has not as many elements as there are values.
func Of[T Number](values []T, shape ...int) *Tensor {
	if len(shape) == 0 {
		shape = []int{len(values)}
	}
	if n, err := elements(shape); err != nil || n != len(values) {
		panic(set.Mismatch("tensor.Of", "a shape of %d elements, got %v", len(values), shape))
	}
	t := &Tensor{Shape: append([]int(nil), shape...), Type: typeOf[T]()}
	t.data = make([]byte, len(values)*t.Type.Size())
	if _, err := binary.Encode(t.data, binary.LittleEndian, values); err != nil {
		panic(err) // cannot be: all Numbers have a fixed size
	}
	return t
}

// typeOf returns the type of element that T is.
func typeOf[T Number]() DType {
	switch any(*new(T)).(type) {
	case int8:
		return I8
	case int16:
		return I16
	case int32:
		return I32
	case int64:
		return I64
	case uint8:
		return U8
	case uint16:
		return U16
	case uint32:
		return U32
	case uint64:
		return U64
	case float32:
		return F32
	}
	return F64
}

// String returns the type and shape, such as "F32 [3 4]".
func (t *Tensor) String() string { return fmt.Sprintf("%.10s %s", string(t.Type), brief(t.Shape)) }

// Len returns the number of elements, or an error if Shape or Type do not fit
// what the tensor holds.
func (t *Tensor) Len() (int, error) {
	n, err := elements(t.Shape)
	if err != nil {
		return 0, err
	}
	if t.Type.Size() == 0 {
		return 0, fmt.Errorf("type %.100q: want BOOL, F, BF, I or U with 8 to 64 bits", string(t.Type))
	}
	held := len(t.data) / t.Type.Size()
	if t.strides != nil {
		if held, err = elements(t.size); err != nil {
			return 0, err
		}
	}
	if n != held {
		return 0, fmt.Errorf("shape %s: want one of %d elements", brief(t.Shape), held)
	}
	return n, nil
}
