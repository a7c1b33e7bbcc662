package ply

import (
	"bytes"
	"image/color"
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"setwise/io/internal/formattest"
	"setwise/pointcloud"
	"setwise/set"
)

func TestWriteText(t *testing.T) {
	f, err := OfMesh(squareMesh)
	require.NoError(t, err)
	f.Format = Text
	triangles := strings.NewReplacer("face 1", "face 2", "4 0 1 2 3", "3 0 1 2\n3 0 2 3").Replace(square)
	assert.Equal(t, triangles, string(encoded(t, f)))

	f.Comments, f.Info = []string{"TextureFile a.jpg", "", " x"}, []string{"num_cols 512"}
	f.Element("vertex").Set("z", []float64{1e300, 0.1, 0, math.Inf(1)})
	f.Element("vertex").Set("label", []uint8{0, 1, 2, 255})
	f.Elements = append(f.Elements, Element{Name: "nothing", Rows: 3})
	want := strings.NewReplacer(
		"1.0\n", "1.0\ncomment TextureFile a.jpg\ncomment \ncomment  x\nobj_info num_cols 512\n",
		"float z\n", "double z\nproperty uchar label\n", "end_header\n", "element nothing 3\nend_header\n",
		corners, "0 0 1e+300 0\n1 0 0.1 1\n1 1 0 2\n0 1 +Inf 255\n").Replace(triangles)
	assert.Equal(t, want, string(encoded(t, f)))
}

func TestWriteThenRead(t *testing.T) {
	c, m := formattest.Cloud(40), formattest.Mesh(40)
	c.Points[7] = [3]float32{math.SmallestNonzeroFloat32, -math.MaxFloat32, float32(math.Copysign(0, -1))}
	for range m.Faces {
		m.Normals = append(m.Normals, [3]float32{0.1, -0.2, float32(len(m.Normals))})
	}
	for format := range Format(len(formats)) {
		f, err := OfMesh(m)
		require.NoError(t, err)
		f.Format = format
		got, err := Read(bytes.NewReader(encoded(t, f)), Limits{})
		require.NoError(t, err)
		assert.Equal(t, m, got)

		f, err = OfCloud(c)
		require.NoError(t, err)
		f.Format = format
		f.Comments, f.Info = []string{"made by hand", "", "  twice "}, []string{"7"}
		long := make([]float32, 2000) // a list of more than 255
		long[1000] = 1.5
		f.Elements = append(f.Elements, Element{"trail", 2, []Property{{"at", long, set.Offsets{0, 3, 2000}}}}, Element{Name: "none", Rows: 5})
		cloud, err := ReadCloud(bytes.NewReader(encoded(t, f)), Limits{})
		require.NoError(t, err)
		assert.Equal(t, c, cloud)
		again, err := ReadAll(bytes.NewReader(encoded(t, f)), Limits{})
		require.NoError(t, err)
		assert.Equal(t, f, again)
	}
}

func TestEmptyFile(t *testing.T) {
	for format := range Format(len(formats)) {
		f, err := ReadAll(bytes.NewReader(encoded(t, &File{Format: format})), Limits{})
		require.NoError(t, err)
		assert.Equal(t, &File{Format: format}, f)
		f, err = OfMesh(pointcloud.Mesh{})
		require.NoError(t, err)
		m, err := Read(bytes.NewReader(encoded(t, f)), Limits{})
		require.NoError(t, err)
		assert.Equal(t, pointcloud.Mesh{}, m)
	}
}

func TestWriteRefuses(t *testing.T) {
	row := func(values any, o ...int) *File {
		return &File{Elements: []Element{{"row", 2, []Property{{"a", values, o}}}}}
	}
	for want, f := range map[string]*File{
		"want one of the formats, got Format(3)":                                  {Format: 3},
		"want one of the formats, got Format(-1)":                                 {Format: -1},
		`comment "a\nend_header": want one line`:                                  {Comments: []string{"", "a\nend_header"}},
		`comment "a\rb": want one line`:                                           {Info: []string{"a\rb"}},
		`element 0: name "": want from 1 to 1024 bytes`:                           {Elements: []Element{{}}},
		`element 0: name "a b": want one word without blanks and control`:         {Elements: []Element{{Name: "a b"}}},
		`element 0: name "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx": want from 1`: {Elements: []Element{{Name: strings.Repeat("x", 1025)}}},
		`a second element "a": want one of each name`:                             {Elements: []Element{{Name: "a"}, {Name: "b"}, {Name: "a"}}},
		"element a has -1 rows: want from 0 to 2147483647":                        {Elements: []Element{{Name: "a", Rows: -1}}},
		"element a has 2147483648 rows: want from 0 to 2147483647":                {Elements: []Element{{Name: "a", Rows: 1 << 31}}},
		`element a, property 0: name "\n": want one word`:                         {Elements: []Element{{"a", 0, []Property{{Name: "\n", Values: []int8{}}}}}},
		`element a: a second property "b": want one of each name`:                 {Elements: []Element{{"a", 0, []Property{{Name: "b", Values: []int8{}}, {Name: "b", Values: []int8{}}}}}},
		"element row, property 0: a has values of type []int64: want a slice of":  row([]int64{1, 2}),
		"element row, property 0: a has values of type []int: want a slice of":    row([]int{1, 2}),
		"element row, property 0: a has values of type <nil>: want a slice of":    row(nil),
		"element row, property 0: a has 3 values: want one for each of 2 rows":    row([]int8{1, 2, 3}),
		"a has offsets of 1 lists of 3 items and 3 values: want 2 lists":          row([]int8{1, 2, 3}, 0, 3),
		"a has offsets of 2 lists of 2 items and 3 values: want 2 lists":          row([]int8{1, 2, 3}, 0, 1, 2),
		"a: set.Offsets: want offsets that never decrease, got 1 after 4 at 2":    row([]int8{1, 2, 3}, 0, 4, 1),
	} {
		var b bytes.Buffer
		assert.ErrorContains(t, Write(&b, f), "ply: ")
		assert.ErrorContains(t, Write(&b, f), want)
		assert.Zero(t, b.Len(), "nothing is written")
	}
	_, err := OfMesh(pointcloud.Mesh{Vertices: make([][3]float32, 2), Faces: [][3]int32{{0, 1, 2}}})
	assert.EqualError(t, err, "ply: pointcloud: face 0: want corners among 2 vertices, got [0 1 2]")
	_, err = OfCloud(pointcloud.Cloud{Points: make([][3]float32, 2), Normals: make([][3]float32, 1)})
	assert.EqualError(t, err, "ply: pointcloud: want a normal for each of 2 points, or none, got 1")
	_, err = (&File{Elements: []Element{{Name: "vertex", Rows: 3}}}).Mesh()
	assert.EqualError(t, err, "ply: want an element vertex with single numbers x, y and z, got none")
	_, err = row([]int{1, 2}).Cloud()
	assert.ErrorContains(t, err, "ply: element row, property 0: a has values of type []int: want")
}

func TestErrorsOfTheWriter(t *testing.T) {
	f, err := OfMesh(formattest.Mesh(60))
	require.NoError(t, err)
	for f.Format = range Format(len(formats)) {
		formattest.FillsDisk(t, writing(f))
	}
}

func TestWriteFile(t *testing.T) {
	f, err := OfMesh(squareMesh)
	require.NoError(t, err)
	write := func(f *File) func(string) error { return func(name string) error { return WriteFile(name, f) } }
	name := formattest.WritesWhole(t, "square.ply", write(&File{}), write(f), write(&File{Format: 7}))
	got, err := Open(name, Limits{})
	require.NoError(t, err)
	assert.Equal(t, squareMesh, got)
	assert.EqualError(t, WriteFile(name, &File{Format: 7}), "ply: "+name+": want one of the formats, got Format(7)")
}

func TestColors(t *testing.T) {
	f, err := OfMesh(squareMesh)
	require.NoError(t, err)
	assert.Nil(t, f.Colors())
	colors := []color.NRGBA{{0, 1, 1, 0}, {1, 0, 1, 1}, {0, 0, 0, 255}, {1, 1, 1, 7}} // all dark
	f.SetColors(colors)
	assert.Equal(t, colors, f.Colors())
	f, err = ReadAll(bytes.NewReader(encoded(t, f)), Limits{})
	require.NoError(t, err)
	assert.Equal(t, colors, f.Colors())
	f.SetColors(colors) // in place of the old
	assert.Len(t, f.Element("vertex").Properties, 7)
	f.SetColors(colors[:2])
	assert.ErrorContains(t, Write(&bytes.Buffer{}, f), "red has 2 values: want one for each of 4 rows")
	assert.Nil(t, f.Colors())

	nan := float32(math.NaN())
	for name, c := range map[string]struct {
		prefix              string
		red, green, blue, a any
		want                []color.NRGBA
	}{
		"no alpha":  {"", []uint8{0, 255}, []uint8{1, 2}, []uint8{3, 4}, nil, []color.NRGBA{{0, 1, 3, 255}, {255, 2, 4, 255}}},
		"diffuse":   {"diffuse_", []uint8{0, 255}, []uint8{1, 2}, []uint8{3, 4}, []uint8{5, 6}, []color.NRGBA{{0, 1, 3, 5}, {255, 2, 4, 6}}},
		"floats":    {"", []float32{0, 1}, []float32{0.5, 0.2}, []float32{-1, 1.5}, nil, []color.NRGBA{{0, 128, 0, 255}, {255, 51, 255, 255}}},
		"doubles":   {"", []float64{0, 255}, []float64{128, 1}, []float64{0, 0}, nil, []color.NRGBA{{0, 128, 0, 255}, {255, 1, 0, 255}}},
		"shorts":    {"", []uint16{0, 65535}, []uint16{1, 257}, []uint16{32896, 0}, nil, []color.NRGBA{{0, 0, 128, 255}, {255, 1, 0, 255}}},
		"NaN":       {"", []float32{nan, 1}, []float32{1, 1}, []float32{1, 1}, nil, []color.NRGBA{{}, {255, 255, 255, 255}}},
		"two":       {"", []uint8{0, 255}, []uint8{1, 2}, nil, nil, nil},
		"too short": {"", []uint8{0, 255}, []uint8{1, 2}, []uint8{1}, nil, nil},
		"no type":   {"", []int{0, 255}, []int{1, 2}, []int{1, 2}, nil, nil},
	} {
		e := Element{Name: "vertex", Rows: 2}
		for k, values := range []any{c.red, c.green, c.blue} {
			if values != nil {
				e.Set(c.prefix+[...]string{"red", "green", "blue"}[k], values)
			}
		}
		if c.a != nil {
			e.Set("alpha", c.a)
		}
		assert.Equal(t, c.want, (&File{Elements: []Element{e}}).Colors(), name)
	}
	lists := &File{Elements: []Element{{"vertex", 1, []Property{
		{"red", []uint8{1}, set.Offsets{0, 1}}, {"green", []uint8{1}, nil}, {"blue", []uint8{1}, nil}}}}}
	assert.Nil(t, lists.Colors())
	empty := &File{}
	empty.SetColors(colors)
	assert.Equal(t, &File{}, empty)
	assert.Nil(t, empty.Colors())
}

func TestAccessors(t *testing.T) {
	f := &File{Elements: []Element{{"a", 2, []Property{{"b", []int16{-1, 2}, nil}}}, {"c", 0, nil}}}
	assert.Equal(t, []float32{-1, 2}, f.Element("a").Property("b").Float32s())
	assert.Equal(t, []float64{-1, 2}, f.Element("a").Property("b").Float64s())
	assert.Nil(t, f.Element("b"))
	assert.Nil(t, f.Element("a").Property("c"))
	assert.Nil(t, f.Element("b").Property("b").Float32s())
	assert.Nil(t, f.Element("b").Property("b").Float64s())
	f.Element("c").Set("d", []float32{})
	assert.Equal(t, []float32{}, f.Elements[1].Properties[0].Float32s())
	assert.Equal(t, "ascii", Text.String())
}
