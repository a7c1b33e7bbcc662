package npy

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io/fs"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A member is a file of an archive.
type member struct {
	name  string
	bytes []byte
}

// archived returns a zip archive of the given members.
func archived(t testing.TB, method uint16, members ...member) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, m := range members {
		w, err := z.CreateHeader(&zip.FileHeader{Name: m.name, Method: method})
		require.NoError(t, err)
		_, err = w.Write(m.bytes)
		require.NoError(t, err)
	}
	require.NoError(t, z.Close())
	return b.Bytes()
}

func written[T Number](t testing.TB, values []T, shape ...int) []byte {
	t.Helper()
	var b bytes.Buffer
	require.NoError(t, Write(&b, values, shape...))
	return b.Bytes()
}

func TestZip(t *testing.T) {
	points := written(t, []float32{1, 2, 3, 4, 5, 6}, 2, 3)
	labels := written(t, []int64{7, 8})
	names := file(dict("<U7", "False", "(1,)"), make([]byte, 28), nil)
	for _, method := range []uint16{zip.Store, zip.Deflate} {
		b := archived(t, method, member{"points.npy", points}, member{"readme.txt", []byte("hello")}, member{"labels.npy", labels})
		name := save(t, "a.npz", b)
		all, err := OpenZip(name, Limits{})
		require.NoError(t, err)
		require.Len(t, all, 2)
		assert.Equal(t, []int{2, 3}, all["points"].Shape)
		assert.Equal(t, []float32{1, 2, 3, 4, 5, 6}, all["points"].Float32s())
		assert.Equal(t, []float32{7, 8}, all["labels"].Float32s())

		_, err = OpenZip(name, Limits{}, "lables")
		assert.EqualError(t, err, "npy: "+name+`: zip directory: want an array "lables", got ["labels" "points"]`)

		// One array is read even if its neighbours cannot be.
		b = archived(t, method, member{"names.npy", names}, member{"labels.npy", labels})
		one, err := ReadZip(bytes.NewReader(b), int64(len(b)), Limits{}, "labels")
		require.NoError(t, err)
		assert.Len(t, one, 1)
		_, err = ReadZip(bytes.NewReader(b), int64(len(b)), Limits{})
		assert.ErrorContains(t, err, `npy: names.npy: header: descr: want`)
		assert.ErrorContains(t, err, `got "<U7": strings`)
	}
}

func TestZipShapes(t *testing.T) {
	points := written(t, []float32{1, 2, 3, 4, 5, 6}, 2, 3)
	name := save(t, "a.npz", archived(t, zip.Deflate, member{"points.npy", points}, member{"readme.txt", []byte("hello")},
		member{"names.npy", file(dict("<U7", "False", "(1,)"), make([]byte, 28), nil)},
		member{"scale.npy", written(t, []float64{2}, 1)}, member{"huge.npy", file(dict("<f4", "False", "(99999999999,)"), nil, nil)}))
	shapes, unread, err := ZipShapes(name)
	require.NoError(t, err)
	assert.Equal(t, map[string][]int{"points": {2, 3}, "scale": {1}, "huge": {99999999999}}, shapes)
	require.Len(t, unread, 1)
	assert.ErrorContains(t, unread["names"], `got "<U7": strings`)

	name = save(t, "b.npz", points)
	_, _, err = ZipShapes(name)
	assert.ErrorContains(t, err, "npy: "+name+": zip directory: ")
	_, _, err = ZipShapes(name + "z")
	assert.ErrorIs(t, err, fs.ErrNotExist)
}

func TestZipRefusals(t *testing.T) {
	good := written(t, []float32{1, 2})
	stored := archived(t, zip.Store, member{"a.npy", good})
	flipped := bytes.Clone(stored)
	at := bytes.Index(flipped, []byte{0, 0, 128, 63}) // the value 1
	flipped[at] ^= 1
	for _, c := range []struct {
		name string
		file []byte
		want string
	}{
		{"empty", nil, "zip directory: zip: not a valid zip file"},
		{"npy", good, "zip directory: zip: not a valid zip file"},
		{"cut", stored[:len(stored)-9], "zip directory:"},
		{"twice", archived(t, zip.Store, member{"a.npy", good}, member{"a.npy", good}), `want each name once, got "a.npy" twice`},
		{"long", archived(t, zip.Deflate, member{"a.npy", append(bytes.Clone(good), 0)}), "a.npy: data at byte 128: want 8 bytes for shape [2] of <f4, got more"},
		{"short", archived(t, zip.Deflate, member{"a.npy", good[:len(good)-1]}), "a.npy: data at byte 128: want 8 bytes for shape [2] of <f4: unexpected EOF"},
		{"checksum", flipped, "a.npy: after the data at byte 136: zip: checksum error"},
	} {
		_, err := ReadZip(bytes.NewReader(c.file), int64(len(c.file)), Limits{})
		assert.ErrorContains(t, err, c.want, c.name)
	}
	_, err := OpenZip("no such file.npz", Limits{})
	assert.Error(t, err)
	_, err = OpenZip(t.TempDir(), Limits{})
	assert.Error(t, err)
}

func TestZipLimitsCountAllArrays(t *testing.T) {
	a := written(t, make([]float32, 100))
	b := archived(t, zip.Deflate, member{"a.npy", a}, member{"b.npy", a})
	_, err := ReadZip(bytes.NewReader(b), int64(len(b)), Limits{Bytes: 800})
	assert.NoError(t, err)
	_, err = ReadZip(bytes.NewReader(b), int64(len(b)), Limits{Bytes: 799})
	assert.ErrorContains(t, err, "npy: b.npy: header: shape [100] of <f4: want at most 399 bytes of values, got 400")
	_, err = ReadZip(bytes.NewReader(b), int64(len(b)), Limits{Bytes: 400}, "b")
	assert.NoError(t, err)
}

func TestZipDirectoryIsBounded(t *testing.T) {
	var many []member
	for i := range 80_000 {
		many = append(many, member{name: fmt.Sprint(i, ".npy")})
	}
	b := archived(t, zip.Store, many...)
	bound(t, "many members", int64(len(b)), func() error {
		_, err := ReadZip(bytes.NewReader(b), int64(len(b)), Limits{})
		assert.ErrorContains(t, err, "zip directory: want at most 4194304 bytes, got more")
		return err
	})
	b = archived(t, zip.Deflate, many[:50_000]...)
	bound(t, "headers of many", int64(len(b)), func() error {
		_, unread, err := ZipShapes(save(t, "many.npz", b))
		assert.NoError(t, err)
		assert.Len(t, unread, 50_000)
		return err
	})
	b = archived(t, zip.Store, slices.Concat([]member{{"a.npy", written(t, []int8{1})}}, many[:50_000])...)
	bound(t, "as many as there may be", int64(len(b)), func() error {
		_, err := ReadZip(bytes.NewReader(b), int64(len(b)), Limits{}, "a")
		assert.NoError(t, err)
		return err
	})
}
