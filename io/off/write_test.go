package off

import (
	"bytes"
	"image/color"
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"setwise/io/internal/formattest"
	"setwise/pointcloud"
)

func TestWriteThenRead(t *testing.T) {
	all := full(formattest.Mesh(20))
	all.Mesh.Vertices[7] = [3]float32{math.SmallestNonzeroFloat32, -math.MaxFloat32, float32(math.Copysign(0, -1))}
	all.VertexColors[3], all.FaceColors[5] = color.NRGBA{}, color.NRGBA{}
	dark := full(formattest.Mesh(1)) // colours that would pass for fractions
	for i := range dark.VertexColors {
		dark.VertexColors[i] = color.NRGBA{uint8(i & 1), 0, 1, 1}
	}
	dark.FaceColors = []color.NRGBA{{1, 0, 0, 1}, {0, 1, 1, 0}}
	for name, o := range map[string]Object{
		"empty":            {},
		"plain":            {Mesh: all.Mesh},
		"all":              all,
		"normals":          {Mesh: all.Mesh, VertexNormals: all.VertexNormals},
		"vertices' colour": {Mesh: all.Mesh, VertexColors: all.VertexColors},
		"faces' colour":    {Mesh: all.Mesh, FaceColors: all.FaceColors},
		"dark":             dark,
		"cloud":            {Mesh: pointcloud.Mesh{Vertices: all.Mesh.Vertices}, VertexNormals: all.VertexNormals},
	} {
		got, err := ReadObject(bytes.NewReader(encoded(t, o)), Limits{})
		require.NoError(t, err, name)
		assert.Equal(t, o, got, name)
	}
}

func TestWriteText(t *testing.T) {
	o := Object{Mesh: pointcloud.Mesh{Vertices: [][3]float32{{1, -2.5, 1e-9}, {0.1, 3e20, 16777216}}, Faces: [][3]int32{{0, 1, 1}, {1, 0, 0}}}}
	assert.Equal(t, "OFF\n2 2 0\n1 -2.5 1e-09\n0.1 3e+20 1.6777216e+07\n3 0 1 1\n3 1 0 0\n", string(encoded(t, o)))
	o.Mesh.Normals = make([][3]float32, 2) // left out
	o.VertexNormals = [][3]float32{{0, 0, 1}, {1, 0, 0}}
	o.VertexColors = []color.NRGBA{{1, 2, 3, 255}, {}}
	o.FaceColors = []color.NRGBA{{}, {0, 1, 0, 1}}
	assert.Equal(t, "CNOFF\n2 2 0\n1 -2.5 1e-09 0 0 1 1 2 3 255\n0.1 3e+20 1.6777216e+07 1 0 0 0 0 0 0\n"+
		"3 0 1 1\n3 1 0 0 0 0.003921569 0 0.003921569\n", string(encoded(t, o)))
	assert.Equal(t, "OFF\n0 0 0\n", string(encoded(t, Object{VertexNormals: [][3]float32{}, VertexColors: []color.NRGBA{}})))
	assert.Equal(t, "OFF\n1 0 0\n1 2 3\n", string(encoded(t, Object{Mesh: pointcloud.Mesh{Vertices: [][3]float32{{1, 2, 3}}}, VertexColors: []color.NRGBA{}})))
}

func TestWriteRefuses(t *testing.T) {
	nan, inf := float32(math.NaN()), float32(math.Inf(-1))
	for want, change := range map[string]func(*Object){
		"off: pointcloud: vertex 1: want finite coordinates, got [0 NaN 0]":           func(o *Object) { o.Mesh.Vertices[1][1] = nan },
		"off: pointcloud: normal of point 2: want finite coordinates, got [-Inf 0 0]": func(o *Object) { o.VertexNormals = [][3]float32{2: {inf}} },
		"off: pointcloud: want a normal for each of 3 points, or none, got 2":         func(o *Object) { o.VertexNormals = make([][3]float32, 2) },
		"off: pointcloud: face 0: want corners among 3 vertices, got [0 1 3]":         func(o *Object) { o.Mesh.Faces[0][2] = 3 },
		"off: 2 colours for 3 vertices: want one for each, or none":                   func(o *Object) { o.VertexColors = make([]color.NRGBA, 2) },
		"off: 2 colours for 1 faces: want one for each, or none":                      func(o *Object) { o.FaceColors = make([]color.NRGBA, 2) },
	} {
		o := Object{Mesh: pointcloud.Mesh{Vertices: make([][3]float32, 3), Faces: [][3]int32{{0, 1, 2}}}}
		change(&o)
		var b bytes.Buffer
		assert.EqualError(t, Write(&b, o), want)
		assert.Zero(t, b.Len(), "nothing is written")
	}
}

func TestWriteErrorsOfTheWriter(t *testing.T) {
	for _, o := range []Object{{}, full(formattest.Mesh(60))} {
		formattest.FillsDisk(t, writing(o))
	}
}

func TestWriteFile(t *testing.T) {
	write := func(o Object) func(string) error { return func(name string) error { return WriteFile(name, o) } }
	bad := Object{Mesh: flat, VertexColors: make([]color.NRGBA, 1)}
	name := formattest.WritesWhole(t, "chair.off", write(Object{}), write(Object{Mesh: flat}), write(bad))
	m, err := Open(name, Limits{})
	require.NoError(t, err)
	assert.Equal(t, flat, m)
	assert.EqualError(t, WriteFile(name, bad), "off: "+name+": 1 colours for 4 vertices: want one for each, or none")
}
