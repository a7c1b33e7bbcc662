package npy

import (
	"bytes"
	"encoding/binary"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestHeaders(t *testing.T) {
	for name, text := range map[string]string{
		"compact":        "{'descr':'<i2','fortran_order':False,'shape':(3,)}",
		"other order":    "{'shape': (3,), 'fortran_order': False, 'descr': '<i2'}   \n",
		"double quotes":  `{"descr": "<i2", "fortran_order": False, "shape": (3,), }`,
		"white space":    "\n{ 'descr' : '<i2' ,\t'fortran_order':\nFalse, 'shape' : ( 3 , ) , } \r\n",
		"Python 2":       "{'descr': '<i2', 'fortran_order': False, 'shape': (3L,), }",
		"native order":   "{'descr': '=i2', 'fortran_order': False, 'shape': (3,), }",
		"no order":       "{'descr': 'i2', 'fortran_order': False, 'shape': (3,), }",
		"Fortran vector": "{'descr': '<i2', 'fortran_order': True, 'shape': (3,), }",
	} {
		a, err := Read(bytes.NewReader(file(text, []int16{1, -2, 3}, binary.LittleEndian)), Limits{})
		if assert.NoError(t, err, name) {
			assert.Equal(t, []int{3}, a.Shape, name)
			assert.Equal(t, []float32{1, -2, 3}, a.Float32s(), name)
		}
	}
	// Formats 2.0 and 3.0 have longer lengths.
	for version := byte(2); version <= 3; version++ {
		text := dict("<i2", "False", "(3,)")
		b := append([]byte("\x93NUMPY"), version, 0, byte(len(text)), 0, 0, 0)
		b = append(append(b, text...), 1, 0, 2, 0, 3, 0)
		a, err := Read(bytes.NewReader(b), Limits{})
		require.NoError(t, err)
		assert.Equal(t, []float32{1, 2, 3}, a.Float32s())
	}
}

func TestRefusals(t *testing.T) {
	dims := strings.Repeat("1,", 65)
	for _, c := range []struct{ name, text, want string }{
		{"no brace", "'descr': '<f8'", `byte 10: want '{', got "'descr'`},
		{"empty", "", "byte 10: want '{', got the end of the header"},
		{"empty dictionary", "{}", "want the key 'descr' before '}'"},
		{"no shape", "{'descr': '<f8', 'fortran_order': False}", "want the key 'shape' before '}'"},
		{"strange key", "{'descr': '<f8', 'k': 5}", `byte 27: want 'descr', 'fortran_order' or 'shape', got "'k': 5}"`},
		{"key twice", "{'descr': '<f8', 'descr': '<f4'", "byte 27: want each key once"},
		{"open string", "{'descr", "want a string that ends"},
		{"escape", `{'descr': '\x3cf8'`, "want a string that ends"},
		{"no colon", "{'descr' '<f8'", "want ':'"},
		{"no comma", "{'descr': '<f8' 'shape': ()}", "want ',' or '}'"},
		{"after the end", dict("<f8", "False", "(1,)") + "x", `want nothing after '}', got "x"`},
		{"order", dict("<f8", "false", "(1,)"), "byte 44: want True or False"},
		{"descr a number", "{'descr': 8", "want a string or a list"},
		{"empty descr", dict("", "False", "(1,)"), `got ""`},
		{"complex", dict("<c16", "False", "(1,)"), `got "<c16": complex numbers`},
		{"object", dict("|O", "False", "(1,)"), `got "|O": Python objects`},
		{"string", dict("<U7", "False", "(1,)"), `got "<U7": strings`},
		{"bytes", dict("|S7", "False", "(1,)"), `got "|S7": strings`},
		{"date", dict("<M8[ns]", "False", "(1,)"), `got "<M8[ns]": dates`},
		{"void", dict("|V5", "False", "(1,)"), `got "|V5": records`},
		{"record", "{'descr': [('x', '<f4')], 'fortran_order': False, 'shape': (1,)}", `[('x', '<f4')]`},
		{"long double", dict("<f16", "False", "(1,)"), `got "<f16"`},
		{"no byte order", dict("|f4", "False", "(1,)"), `got "|f4"`},
		{"no tuple", dict("<f8", "False", "3"), "want '('"},
		{"no comma in tuple", dict("<f8", "False", "(3)"), "want ',' after a single dimension"},
		{"two commas", dict("<f8", "False", "(2,,3)"), `byte 63: want a dimension or ')', got ",3`},
		{"only a comma", dict("<f8", "False", "(,)"), "want a dimension or ')'"},
		{"negative", dict("<f8", "False", "(-6,)"), `want a dimension of at least 0, got "-6,`},
		{"two numbers", dict("<f8", "False", "(2 3)"), "want ',' or ')'"},
		{"name", dict("<f8", "False", "(x,)"), "want a dimension or ')'"},
		{"huge dimension", dict("<f8", "False", "(99999999999999999999,)"), "want a dimension that fits 63 bits"},
		{"too many", dict("<f8", "False", "("+dims+")"), "want at most 64 dimensions"},
		{"wrap", dict("<f8", "False", "(3, 6148914691236517206)"), "shape [3 6148914691236517206] of <f8: want at most 1073741824 bytes of values, got more"},
		{"wrap to zero", dict("<f8", "False", "(4294967296, 4294967296)"), "got more than can be counted"},
		{"empty rows", dict("<f8", "False", "(1099511627776, 0)"), "got 8796093022208"},
		{"truncated", dict("<f8", "False", "(1,)"), "data at byte 68: want 8 bytes for shape [1] of <f8, got 0: unexpected EOF"},
	} {
		b := file(c.text, nil, nil)
		for _, r := range []io.Reader{bytes.NewReader(b), iotest.OneByteReader(bytes.NewReader(b))} {
			_, err := Read(r, Limits{})
			if !assert.Error(t, err, c.name) {
				continue
			}
			want := c.want
			if _, ok := r.(io.Seeker); !ok {
				want = strings.Replace(want, ", got 0: unexpected", ": unexpected", 1)
			}
			assert.ErrorContains(t, err, want, c.name)
			assert.True(t, strings.HasPrefix(err.Error(), "npy: "), "%s: %v", c.name, err)
		}
	}
	for _, c := range []struct{ name, file, want string }{
		{"other magic", "\x93NUMPX\x01\x00\x00\x00", `byte 0: want "\x93NUMPY", got "\x93NUMPX"`},
		{"zip", "PK\x03\x04\x00\x00\x00\x00", "which begins a zip archive"},
		{"version", "\x93NUMPY\x04\x00\x00\x00", "byte 6: want version 1.0, 2.0 or 3.0, got 4.0"},
		{"minor version", "\x93NUMPY\x01\x01\x00\x00", "got 1.1"},
		{"short", "\x93NUM", `got "\x93NUM": unexpected EOF`},
		{"no length", "\x93NUMPY\x02\x00\x00\x00", "byte 8: want the length of the header: unexpected EOF"},
		{"long header", "\x93NUMPY\x02\x00\x00\x00\x00\x20{}", "byte 8: want a length of at most 65536, got 536870912"},
		{"cut header", "\x93NUMPY\x01\x00\x09\x00{}", "byte 10: want 9 bytes, got 2: unexpected EOF"},
	} {
		_, err := Read(strings.NewReader(c.file), Limits{})
		assert.ErrorContains(t, err, c.want, c.name)
	}
}

func TestOpenErrors(t *testing.T) {
	_, err := Open(filepath.Join(t.TempDir(), "none.npy"), Limits{})
	assert.ErrorIs(t, err, os.ErrNotExist)
	_, err = Open(t.TempDir(), Limits{})
	assert.Error(t, err)

	good := file(dict("<f4", "False", "(2,)"), []float32{1, 2}, binary.LittleEndian)
	long := append(bytes.Clone(good), 0, 0, 0)
	packed := zipped(t, good)
	broken := bytes.Clone(packed)
	broken[len(broken)-5] ^= 1 // the checksum
	for _, c := range []struct {
		name string
		file []byte
		want string
	}{
		{"empty.npy", nil, "header: want"},
		{"cut.npy", good[:len(good)-1], "data at byte 68: want 8 bytes for shape [2] of <f4, got 7: unexpected EOF"},
		{"long.npy", long, "data at byte 68: want 8 bytes for shape [2] of <f4, got 11"},
		{"long.npy.gz", zipped(t, long), "got more"},
		{"cut.npy.gz", zipped(t, good[:len(good)-1]), "want 8 bytes for shape [2] of <f4: unexpected EOF"},
		{"cut2.npy.gz", packed[:len(packed)-12], "unexpected EOF"},
		{"checksum.npy.gz", broken, "after the data at byte 76: gzip: invalid checksum"},
		{"tail.npy.gz", append(bytes.Clone(packed), "tail"...), "after the data"},
		{"head.npy.gz", packed[:3], "gzip: unexpected EOF"},
	} {
		name := save(t, c.name, c.file)
		_, err := Open(name, Limits{})
		assert.ErrorContains(t, err, "npy: "+name+": ", c.name)
		assert.ErrorContains(t, err, c.want, c.name)
	}
}

func TestLimits(t *testing.T) {
	b := file(dict("<f4", "False", "(2,)"), []float32{1, 2}, binary.LittleEndian)
	_, err := Read(bytes.NewReader(b), Limits{Bytes: 8})
	assert.NoError(t, err)
	_, err = Read(bytes.NewReader(b), Limits{Bytes: 7})
	assert.ErrorContains(t, err, "shape [2] of <f4: want at most 7 bytes of values, got 8")
}
