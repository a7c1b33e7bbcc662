package tensor

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"testing"
)

// seed adds the files that the reference directory has for a pattern.
func seed(f *testing.F, pattern string) {
	names, err := filepath.Glob(filepath.Join(referenceDir, pattern))
	if err != nil || len(names) == 0 {
		f.Fatal("no reference files", err)
	}
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
}

// use reads every tensor in every way.
func use(t *testing.T, f *File) {
	for name, x := range f.Tensors {
		n, err := x.Len()
		if err != nil {
			t.Fatalf("%q: %v", name, err)
		}
		if n > 1<<22 {
			continue
		}
		f32, err32 := x.Float32s()
		f64, err64 := x.Float64s()
		i64, errInt := x.Int64s()
		if (err32 == nil) != (err64 == nil) || err32 == nil && (len(f32) != n || len(f64) != n) || errInt == nil && len(i64) != n {
			t.Fatalf("%q: %v: got %d, %d and %d numbers, %v, %v, %v", name, x, len(f32), len(f64), len(i64), err32, err64, errInt)
		}
	}
}

// check holds f to be the same after it is written and read.
func check(t *testing.T, f *File) {
	var b bytes.Buffer
	if Write(&b, f) != nil {
		return // a pickle may have names that are no UTF-8
	}
	written := bytes.Clone(b.Bytes())
	g, err := Read(&b, Limits{})
	if err != nil {
		t.Fatal(err)
	}
	if len(g.Tensors) != len(f.Tensors) || len(g.Metadata) != len(f.Metadata) {
		t.Fatal("something was lost")
	}
	var again bytes.Buffer
	if err := Write(&again, g); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(written, again.Bytes()) {
		t.Fatal("written differently the second time")
	}
}

func FuzzSafetensors(f *testing.F) {
	seed(f, "pma.safetensors")
	for data := range hostileSafetensors() {
		if len(data) < 1<<12 {
			f.Add([]byte(data))
		}
	}
	var b bytes.Buffer
	if err := Write(&b, sample()); err != nil {
		f.Fatal(err)
	}
	f.Add(b.Bytes())
	f.Fuzz(func(t *testing.T, data []byte) {
		g, err := Read(bytes.NewReader(data), Limits{})
		_, errStream := Read(io.MultiReader(bytes.NewReader(data)), Limits{})
		if (err == nil) != (errStream == nil) {
			t.Fatalf("known size: %v; stream: %v", err, errStream)
		}
		if err == nil {
			use(t, g)
			check(t, g)
		}
	})
}

func FuzzPT(f *testing.F) {
	seed(f, "pma.pt")
	for _, c := range hostileTorch() {
		if len(c[0]) < 1<<12 {
			f.Add([]byte(c[0]))
		}
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		g, err := ReadPT(bytes.NewReader(data), int64(len(data)), Limits{})
		if err == nil {
			use(t, g)
			check(t, g)
			checkTorch(t, g)
		}
	})
}

// FuzzPickle fuzzes the pickle in an archive that is otherwise sound.
func FuzzPickle(f *testing.F) {
	for _, c := range hostileTorch() {
		a, err := openArchive(bytes.NewReader([]byte(c[0])), int64(len(c[0])))
		if err != nil {
			continue
		}
		if p, err := a.read("data.pkl", 1<<12); err == nil {
			f.Add(p)
		}
	}
	f.Fuzz(func(t *testing.T, program []byte) {
		data := pt("data.pkl", string(program), "data/0", "012345")
		g, err := read(data)
		if err == nil {
			use(t, g)
			check(t, g)
			checkTorch(t, g)
		}
	})
}
