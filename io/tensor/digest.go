package tensor

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"hash"
	"maps"
	"slices"
)

// Digest returns the SHA-256 of all that f holds, in hexadecimal, without the
// remark called except. Files that hold the same have the same digest, however
// they are laid out: it is taken of the number of remarks and, in the order of
// their names, each name and text; then of the number of tensors and, in the
// order of their names, each name, type, number of dimensions, sizes and
// elements, as in safetensors. Numbers are little-endian of 64 bits, and before
// every text and the elements comes its length in bytes.
func (f *File) Digest(except string) (string, error) {
	d := digest{sha256.New()}
	remarks := maps.Clone(f.Metadata)
	delete(remarks, except)
	d.number(len(remarks))
	for _, name := range slices.Sorted(maps.Keys(remarks)) {
		d.text([]byte(name))
		d.text([]byte(remarks[name]))
	}
	d.number(len(f.Tensors))
	for _, name := range slices.Sorted(maps.Keys(f.Tensors)) {
		t := f.Tensors[name]
		if t == nil {
			return "", fmt.Errorf("tensor: %.100q: want a tensor, got none", name)
		}
		data, err := t.bytes()
		if err != nil {
			return "", fmt.Errorf("tensor: %.100q: %w", name, err)
		}
		d.text([]byte(name))
		d.text([]byte(t.Type))
		d.number(len(t.Shape))
		for _, n := range t.Shape {
			d.number(n)
		}
		d.text(data)
	}
	return hex.EncodeToString(d.Sum(nil)), nil
}

// A digest is a hash of numbers and texts. Writing to it never fails.
type digest struct{ hash.Hash }

func (d digest) number(n int) {
	_, _ = d.Write(binary.LittleEndian.AppendUint64(nil, uint64(n)))
}

func (d digest) text(b []byte) {
	d.number(len(b))
	_, _ = d.Write(b)
}
