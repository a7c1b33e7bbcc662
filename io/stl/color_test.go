package stl

import (
	"bytes"
	"encoding/binary"
	"image/color"
	"math"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// painted is a binary file with a triangle for each of the attributes.
func painted(header string, attributes ...uint16) []byte {
	b := binaryFile(header, uint32(len(attributes)), make([][12]float32, len(attributes))...)
	for i, a := range attributes {
		binary.LittleEndian.PutUint16(b[headerSize+triangleSize*(i+1)-2:], a)
	}
	return b
}

func TestColors(t *testing.T) {
	part := color.NRGBA{'a', 'b', 'c', 'd'}
	none := color.NRGBA{}
	const set = 1 << 15
	for name, c := range map[string]struct {
		header     string
		attributes []uint16
		want       []color.NRGBA
	}{
		"nothing":             {"", []uint16{0, 0}, nil},
		"other attributes":    {"", []uint16{0x2020, 0x7fff}, nil},
		"no triangles":        {"COLOR=abcd", nil, nil},
		"VisCAM":              {"", []uint16{set | 31<<10, set | 31<<5, set | 31, set, set | 1<<10 | 2<<5 | 16}, []color.NRGBA{{255, 0, 0, 255}, {0, 255, 0, 255}, {0, 0, 255, 255}, {0, 0, 0, 255}, {8, 16, 132, 255}}},
		"VisCAM, some":        {"", []uint16{31, 0, set | 31, 31}, []color.NRGBA{none, none, {0, 0, 255, 255}, none}},
		"Materialise":         {"part COLOR=abcd", []uint16{31 << 10, 31 << 5, 31, 0, 1<<10 | 2<<5 | 16}, []color.NRGBA{{0, 0, 255, 255}, {0, 255, 0, 255}, {255, 0, 0, 255}, {0, 0, 0, 255}, {132, 16, 8, 255}}},
		"Materialise, part":   {"COLOR=abcd,MATERIAL=", []uint16{set, 31, set | 31}, []color.NRGBA{part, {255, 0, 0, 255}, part}},
		"Materialise, none":   {"COLOR=\x00\x00\x00\x00", []uint16{set, set}, nil},
		"Materialise, late":   {"COLOR=\x00\x00\x00\x00", []uint16{set, 31}, []color.NRGBA{none, {255, 0, 0, 255}}},
		"at the header's end": {strings.Repeat("x", 70) + "COLOR=abcd", []uint16{set}, []color.NRGBA{part}},
		"beyond the header":   {strings.Repeat("x", 71) + "COLOR=abc", []uint16{31}, nil},
		"small letters":       {"color=abcd", []uint16{31}, nil},
	} {
		data := painted(c.header, c.attributes...)
		solids, err := ReadSolids(bytes.NewReader(data), Limits{})
		require.NoError(t, err, name)
		require.Len(t, solids, 1, name)
		assert.Equal(t, c.want, solids[0].Colors, name)
		solids, err = ReadSolids(iotest.HalfReader(bytes.NewReader(data)), Limits{})
		require.NoError(t, err, name)
		assert.Equal(t, c.want, solids[0].Colors, name)
	}
}

// TestColorsOfManyTriangles passes several blocks, of a file that does not say
// how many come.
func TestColorsOfManyTriangles(t *testing.T) {
	n := 2*blockTriangles + 7
	attributes := make([]uint16, n)
	attributes[0] = 1 // no colour, but no file of zeros either
	want := make([]color.NRGBA, n)
	for i := blockTriangles + 3; i < n; i++ {
		attributes[i] = 1<<15 | uint16(i&31)
		want[i] = color.NRGBA{0, 0, uint8(math.Floor(float64(i&31) * 8.25)), 255}
	}
	data := painted("", attributes...)
	binary.LittleEndian.PutUint32(data[headerSize-4:], 0)
	solids, err := ReadSolids(bytes.NewReader(data), Limits{})
	require.NoError(t, err)
	assert.Equal(t, want, solids[0].Colors)
}

func TestNameEndsBeforeColor(t *testing.T) {
	for header, want := range map[string]string{
		"":                                       "",
		"COLOR=abcd":                             "",
		"a part COLOR=\xa0\xa0\xa0\xff,MATERIAL": "a part",
		"a part\x00 COLOR=abcd":                  "a part",
		strings.Repeat("x", 71) + "COLOR=abc":    strings.Repeat("x", 71) + "COLOR=abc",
	} {
		solids, err := ReadSolids(bytes.NewReader(painted(header, 0)), Limits{})
		require.NoError(t, err)
		assert.Equal(t, want, solids[0].Name)
	}
}
