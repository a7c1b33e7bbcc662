package obj

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
	all.VertexColors[3] = color.NRGBA{}
	all.VertexColors[4] = color.NRGBA{1, 1, 1, 255}
	dark := full(formattest.Mesh(1)) // colours that would pass for fractions
	for i := range dark.VertexColors {
		dark.VertexColors[i] = color.NRGBA{uint8(i & 1), 0, 1, 1}
	}
	sharp := Object{Mesh: formattest.Mesh(20)}
	for i := range sharp.Mesh.Faces {
		sharp.Mesh.Normals = append(sharp.Mesh.Normals, [3]float32{float32(i), 0, 0.1})
	}
	loose := Object{Mesh: pointcloud.Mesh{Vertices: all.Mesh.Vertices, Faces: all.Mesh.Faces[:9]}, VertexNormals: all.VertexNormals}
	for name, o := range map[string]Object{
		"empty":          {},
		"plain":          {Mesh: all.Mesh},
		"all":            all,
		"normals":        {Mesh: all.Mesh, VertexNormals: all.VertexNormals},
		"faces' normals": sharp,
		"colours":        {Mesh: all.Mesh, VertexColors: all.VertexColors},
		"dark":           dark,
		"loose vertices": loose,
		"cloud":          {Mesh: pointcloud.Mesh{Vertices: all.Mesh.Vertices}, VertexNormals: all.VertexNormals},
	} {
		got, err := ReadObject(bytes.NewReader(encoded(t, o)), Limits{})
		require.NoError(t, err, name)
		assert.Equal(t, o, got, name)
	}
}

func TestWriteText(t *testing.T) {
	o := Object{Mesh: pointcloud.Mesh{Vertices: [][3]float32{{1, -2.5, 1e-9}, {0.1, 3e20, 16777216}}, Faces: [][3]int32{{0, 1, 1}, {1, 0, 0}}}}
	const head = "# 2 vertices, 2 faces\n"
	assert.Equal(t, head+"v 1 -2.5 1e-09\nv 0.1 3e+20 1.6777216e+07\nf 1 2 2\nf 2 1 1\n", string(encoded(t, o)))
	o.Mesh.Normals = [][3]float32{{0, 0, 1}, {0.5, 0, 0}}
	o.VertexColors = []color.NRGBA{{255, 0, 51, 255}, {0, 255, 0, 51}}
	assert.Equal(t, head+"v 1 -2.5 1e-09 1 0 0.2\nv 0.1 3e+20 1.6777216e+07 0 1 0 0.2\nvn 0 0 1\nvn 0.5 0 0\n"+
		"f 1//1 2//1 2//1\nf 2//2 1//2 1//2\n", string(encoded(t, o)))
	o.VertexNormals = [][3]float32{{0, 1, 0}, {1, 0, 0}}
	o.VertexColors = []color.NRGBA{{}, {}}
	assert.Equal(t, head+"v 1 -2.5 1e-09\nv 0.1 3e+20 1.6777216e+07\nvn 0 1 0\nvn 1 0 0\n"+
		"f 1//1 2//2 2//2\nf 2//2 1//1 1//1\n", string(encoded(t, o)))
}

func TestWriteRefuses(t *testing.T) {
	nan, inf := float32(math.NaN()), float32(math.Inf(-1))
	for want, change := range map[string]func(*Object){
		"obj: pointcloud: vertex 1: want finite coordinates, got [0 NaN 0]":           func(o *Object) { o.Mesh.Vertices[1][1] = nan },
		"obj: pointcloud: normal of point 2: want finite coordinates, got [-Inf 0 0]": func(o *Object) { o.VertexNormals = [][3]float32{2: {inf}} },
		"obj: pointcloud: want a normal for each of 3 points, or none, got 2":         func(o *Object) { o.VertexNormals = make([][3]float32, 2) },
		"obj: pointcloud: want a normal for each of 1 faces, or none, got 2":          func(o *Object) { o.Mesh.Normals = make([][3]float32, 2) },
		"obj: normal of face 0: want finite numbers, got [0 0 NaN]":                   func(o *Object) { o.Mesh.Normals = [][3]float32{{0, 0, nan}} },
		"obj: pointcloud: face 0: want corners among 3 vertices, got [0 1 3]":         func(o *Object) { o.Mesh.Faces[0][2] = 3 },
		"obj: 2 colours for 3 vertices: want one for each, or none":                   func(o *Object) { o.VertexColors = make([]color.NRGBA, 2) },
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
	name := formattest.WritesWhole(t, "chair.obj", write(Object{}), write(Object{Mesh: flat}), write(bad))
	m, err := Open(name, Limits{})
	require.NoError(t, err)
	assert.Equal(t, flat, m)
	assert.EqualError(t, WriteFile(name, bad), "obj: "+name+": 1 colours for 4 vertices: want one for each, or none")
}
