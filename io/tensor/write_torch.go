package tensor

import (
	"archive/zip"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"io"
	"maps"
	"math"
	"slices"
	"strconv"
	"unicode/utf8"

	"setwise/io/internal/atomicfile"
)

// WritePTFile writes the tensors of f to the named file as torch.save writes a
// state_dict, for torch.load, with weights_only or without. Such files have no
// metadata: to have some is an error, and so are unsigned integers of more than 8
// bits, which PyTorch cannot store so. There is the old file or the new one at
// any time, whatever happens.
func WritePTFile(name string, f *File) error {
	return atomicfile.WriteFormat("pt", name, func(w io.Writer) error { return writeTorch(w, f) })
}

func writeTorch(w io.Writer, f *File) error {
	if len(f.Metadata) > 0 {
		return fmt.Errorf("metadata: want none in a torch file, got %d", len(f.Metadata))
	}
	names := slices.Sorted(maps.Keys(f.Tensors))
	program, err := stateDict(names, f.Tensors)
	if err != nil {
		return err
	}
	out := &torchWriter{to: w}
	z := zip.NewWriter(out)
	if err := out.record(z, "data.pkl", program); err != nil {
		return err
	}
	if err := out.record(z, "byteorder", []byte("little")); err != nil {
		return err
	}
	for i, name := range names {
		data, err := f.Tensors[name].bytes()
		if err != nil {
			return fmt.Errorf("tensor %.100q: %w", name, err)
		}
		if err := out.record(z, "data/"+strconv.Itoa(i), data); err != nil {
			return err
		}
	}
	if err := out.record(z, "version", []byte("3\n")); err != nil {
		return err
	}
	return z.Close()
}

// A torchWriter counts the bytes of an archive.
type torchWriter struct {
	to io.Writer
	at int
}

func (t *torchWriter) Write(b []byte) (int, error) {
	n, err := t.to.Write(b)
	t.at += n
	return n, err
}

// record adds a record, the bytes of which begin at a multiple of 64: PyTorch
// may map them into memory.
func (t *torchWriter) record(z *zip.Writer, name string, data []byte) error {
	const align, fixed = 64, 30 + 4 // the header of a record, and that of the padding in it
	if err := z.Flush(); err != nil {
		return err
	}
	name = "archive/" + name
	pad := (align - (t.at+fixed+len(name))%align) % align
	extra := append([]byte("FB"), byte(pad), 0)
	w, err := z.CreateRaw(&zip.FileHeader{
		Name: name, Method: zip.Store, Extra: append(extra, make([]byte, pad)...), CRC32: crc32.ChecksumIEEE(data),
		CompressedSize64: uint64(len(data)), UncompressedSize64: uint64(len(data)),
	})
	if err != nil {
		return err
	}
	_, err = w.Write(data)
	return err
}

// stateDict returns the pickle of an OrderedDict of tensors, each of which is
// all of the storage with its number.
func stateDict(names []string, tensors map[string]*Tensor) ([]byte, error) {
	classes := map[DType]string{}
	for class, d := range storageClasses {
		classes[DType(d)] = class
	}
	const empty = "ccollections\nOrderedDict\n)R"
	p := []byte("\x80\x02" + empty + "(")
	for i, name := range names {
		t := tensors[name]
		if t == nil || !utf8.ValidString(name) || len(name) > mostName {
			return nil, fmt.Errorf("tensor %.100q: want a tensor, with a name of UTF-8 and at most %d bytes", name, mostName)
		}
		n, err := t.Len()
		if err != nil {
			return nil, fmt.Errorf("tensor %.100q: %w", name, err)
		}
		class := classes[t.Type]
		if class == "" {
			return nil, fmt.Errorf("tensor %.100q: want a type that PyTorch stores, got %s", name, t)
		}
		p = append(p, pickled(name)+"ctorch._utils\n_rebuild_tensor_v2\n(("+pickled("storage")+"ctorch\n"+class+"\n"...)
		p = append(p, pickled(strconv.Itoa(i))+pickled("cpu")+integer(n)+"tQK\x00("...)
		for _, d := range t.Shape {
			p = append(p, integer(d)...)
		}
		p = append(p, "t("...)
		for k := range t.Shape {
			stride := 1
			for _, d := range t.Shape[k+1:] {
				stride *= max(d, 1)
			}
			p = append(p, integer(stride)...)
		}
		p = append(p, "t\x89"+empty+"tR"...)
	}
	p = append(p, "u."...)
	if len(p) > mostPickle {
		return nil, fmt.Errorf("want names and shapes of at most %d bytes together, got %d", mostPickle, len(p))
	}
	return p, nil
}

// pickled is a text as a pickle has it.
func pickled(text string) string {
	return "X" + string(binary.LittleEndian.AppendUint32(nil, uint32(len(text)))) + text
}

// integer is a number as a pickle has it.
func integer(n int) string {
	if n <= math.MaxInt32 {
		return "J" + string(binary.LittleEndian.AppendUint32(nil, uint32(n)))
	}
	return "\x8a\x08" + string(binary.LittleEndian.AppendUint64(nil, uint64(n)))
}
