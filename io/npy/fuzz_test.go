package npy

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"math"
	"reflect"
	"testing"
)

// seeds returns good files and broken ones.
func seeds(t testing.TB) [][]byte {
	good := [][]byte{
		written(t, []float32{1, 2, 3, 4, 5, 6}, 2, 3),
		written(t, []int8{}, 0, 4),
		written(t, []bool{true, false}),
		file(dict(">f8", "True", "(2, 3)"), ramp[float64](6), binary.BigEndian),
		file(dict(">f2", "False", "(3,)"), ramp[uint16](3), binary.BigEndian),
		file(dict("<u8", "False", "()"), uint64(7), binary.LittleEndian),
		file(dict("<i4", "False", "(1L, 2L)"), []int32{1, 2}, binary.LittleEndian),
	}
	return append(good,
		good[0][:len(good[0])-1],
		file(dict("<f8", "False", "(4294967296, 4294967296)"), nil, nil),
		file(dict("<f8", "False", "(-2, -3)"), nil, nil),
		file(dict("|O", "False", "(2,,3)"), nil, nil),
		file("{'descr':'fortran_order':True'shape':(A)", nil, nil),
		[]byte("\x93NUMPY\x02\x00\x00\x00\x00\x20{}"),
	)
}

// sound checks what was read: as many values as the shape says, each method
// of use, and that writing and reading gives the same again.
func sound(t *testing.T, a *Array) {
	n := 1
	for _, d := range a.Shape {
		n *= d
	}
	f32, f64 := a.Float32s(), a.Float64s()
	if a.Len() != n || len(f32) != n || len(f64) != n {
		t.Fatalf("shape %v has %d values, %d and %d", a.Shape, a.Len(), len(f32), len(f64))
	}
	whole, err := a.Int64s()
	for i := range whole {
		if err == nil && float64(whole[i]) != f64[i] {
			t.Fatalf("value %d: %d and %v", i, whole[i], f64[i])
		}
	}
	if len(a.Shape) == 0 {
		return
	}
	if rows := a.Rows(0, a.Shape[0]); len(rows) != n {
		t.Fatalf("shape %v has rows of %d values", a.Shape, len(rows))
	}
	var b bytes.Buffer
	if err := Write(&b, f64, a.Shape...); err != nil {
		t.Fatal(err)
	}
	again, err := Read(&b, Limits{})
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(again.Shape, a.Shape) {
		t.Fatalf("shape %v came back as %v", a.Shape, again.Shape)
	}
	for i, v := range again.Float64s() {
		if math.Float64bits(v) != math.Float64bits(f64[i]) {
			t.Fatalf("value %d: %v came back as %v", i, f64[i], v)
		}
	}
}

func FuzzNPY(f *testing.F) {
	for _, s := range seeds(f) {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		var direct, streamed *Array
		var err, err2 error
		bound(t, "Read", int64(len(b)), func() error {
			direct, err = Read(bytes.NewReader(b), Limits{})
			return err
		})
		streamed, err2 = Read(bytes.NewBuffer(b), Limits{})
		if (err == nil) != (err2 == nil) {
			t.Fatalf("a file gives %v and a stream %v", err, err2)
		}
		if err == nil {
			sound(t, direct)
			if direct.Type != streamed.Type || direct.Len() != streamed.Len() {
				t.Fatalf("a file gives %s and a stream %s", direct.Type, streamed.Type)
			}
		}
	})
}

func FuzzNPZ(f *testing.F) {
	all := seeds(f)
	for _, method := range []uint16{zip.Store, zip.Deflate} {
		f.Add(archived(f, method, member{"a.npy", all[0]}, member{"b.npy", all[3]}))
		f.Add(archived(f, method, member{"a.npy", all[len(all)-2]}, member{"b.txt", all[1]}))
		f.Add(archived(f, method))
	}
	inner := stored("b.npy", all[0])
	outer := stored("a.npy", inner.local(all[0]))
	f.Add(directoryOf(outer.local(inner.local(all[0])), outer, inner))
	f.Add(directoryOf(inner.local(all[0]), forged{name: "a.npy", flags: 1, method: 12, packed: 1 << 31, at: 7}))
	f.Fuzz(func(t *testing.T, b []byte) {
		var arrays map[string]*Array
		var err error
		bound(t, "ReadZip", int64(len(b)), func() error {
			arrays, err = ReadZip(bytes.NewReader(b), int64(len(b)), Limits{})
			return err
		})
		for _, a := range arrays {
			sound(t, a)
		}
		shapes, unread, err2 := ReadZipShapes(bytes.NewReader(b), int64(len(b)))
		for name, a := range arrays {
			if err2 != nil || unread[name] != nil || !reflect.DeepEqual(shapes[name], a.Shape) {
				t.Fatalf("%q of shape %v is read, and its shape is not: %v, %v, %v", name, a.Shape, shapes[name], unread[name], err2)
			}
		}
	})
}
