package main

import (
	"errors"
	"fmt"
	"io"
	"math"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/scigolib/hdf5"

	"setwise/io/npy"
)

// convert writes the datasets of one file to dir, or beside the file.
func convert(name, dir string, out, notes io.Writer) (err error) {
	defer func() {
		if broken := recover(); broken != nil {
			err = fmt.Errorf("the file cannot be read: %v", broken)
		}
	}()
	f, err := hdf5.Open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	if dir == "" {
		dir = filepath.Dir(name)
	}
	stem := strings.TrimSuffix(filepath.Base(name), filepath.Ext(name))
	var failed []error
	var written []string
	f.Walk(func(path string, object hdf5.Object) {
		d, ok := object.(*hdf5.Dataset)
		if !ok {
			return
		}
		to := filepath.Join(dir, stem+"."+clean(path)+".npy")
		if slices.Contains(written, to) {
			failed = append(failed, fmt.Errorf("%s: want another name: %s is taken", path, to))
			return
		}
		switch shape, err := write(to, d); {
		case errors.Is(err, errOther):
			fmt.Fprintf(notes, "%s: %s passed over: %v\n", name, path, err)
		case err != nil:
			failed = append(failed, fmt.Errorf("%s: %w", path, err))
		default:
			written = append(written, to)
			fmt.Fprintf(out, "%s %v\n", to, shape)
		}
	})
	if len(written) == 0 && len(failed) == 0 {
		return errors.New("want datasets of numbers, got none")
	}
	return errors.Join(failed...)
}

// unclean is what names of files do without.
var unclean = regexp.MustCompile(`[^\pL\pN_-]`)

// clean turns the path of a dataset into a part of a file's name.
func clean(path string) string {
	parts := strings.Split(strings.Trim(path, "/"), "/")
	for i, p := range parts {
		parts[i] = unclean.ReplaceAllString(p, "_")
	}
	return strings.Join(parts, ".")
}

// errOther is met by what is no array of numbers.
var errOther = errors.New("want numbers")

// described is how the library tells of a dataset. It has no other way.
var described = regexp.MustCompile(`^Dataset: (\w+) \(size=(\d+) bytes\), (scalar|\d+D array \[([^\]]*)\]), `)

// write writes a dataset to the named file and returns its shape.
func write(name string, d *hdf5.Dataset) (shape []int, err error) {
	info, err := d.Info()
	if err != nil {
		return nil, err
	}
	m := described.FindStringSubmatch(info)
	if m == nil || m[1] != "float" && m[1] != "integer" {
		return nil, fmt.Errorf("%w, got %s", errOther, info)
	}
	shape = []int{}
	for _, field := range strings.FieldsFunc(m[4], func(r rune) bool { return r == ' ' || r == 'x' }) {
		n, err := strconv.Atoi(field)
		if err != nil {
			return nil, fmt.Errorf("dimensions: %w", err)
		}
		shape = append(shape, n)
	}
	values, err := d.Read()
	if err != nil {
		return nil, err
	}
	if len(shape) == 0 {
		shape = []int{1} // npy.WriteFile has no scalars
	}
	switch m[1] + m[2] {
	case "float4":
		err = npy.WriteFile(name, cast[float32](values), shape...)
	case "float8":
		err = npy.WriteFile(name, values, shape...)
	case "integer1":
		err = integers[int8, uint8](name, values, shape)
	case "integer2":
		err = integers[int16, uint16](name, values, shape)
	case "integer4":
		err = integers[int32, uint32](name, values, shape)
	case "integer8":
		for i, v := range values {
			if math.Abs(v) >= 1<<53 {
				return nil, fmt.Errorf("value %d: want integers below 2^53, got %.0f or so", i, v)
			}
		}
		err = npy.WriteFile(name, cast[int64](values), shape...)
	default:
		err = fmt.Errorf("%w of 1, 2, 4 or 8 bytes, got %s", errOther, info)
	}
	return shape, err
}

// integers writes values as unsigned numbers if none is below 0.
func integers[S int8 | int16 | int32, U uint8 | uint16 | uint32](name string, values []float64, shape []int) error {
	if slices.ContainsFunc(values, func(v float64) bool { return v < 0 }) {
		return npy.WriteFile(name, cast[S](values), shape...)
	}
	return npy.WriteFile(name, cast[U](values), shape...)
}

// cast converts values that T holds.
func cast[T int8 | uint8 | int16 | uint16 | int32 | uint32 | int64 | float32](values []float64) []T {
	out := make([]T, len(values))
	for i, v := range values {
		out[i] = T(v)
	}
	return out
}
