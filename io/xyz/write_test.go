package xyz

import (
	"bytes"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"setwise/io/internal/formattest"
	"setwise/pointcloud"
)

func TestWriteText(t *testing.T) {
	plain, normal := pointcloud.Cloud{Points: two}, pointcloud.Cloud{Points: two, Normals: turned}
	label := []Column{{"Label", []float32{12, 0.1}}}
	for _, c := range []struct {
		cloud   pointcloud.Cloud
		options Options
		want    string
	}{
		{plain, Options{}, "1 2 3\n-4 5.5 6000\n"},
		{plain, Options{CSV: true}, "x,y,z\n1,2,3\n-4,5.5,6000\n"},
		{normal, Options{}, "# x y z nx ny nz\n1 2 3 0 0.6 0.8\n-4 5.5 6000 0 0 -1\n"},
		{plain, Options{Columns: label}, "# x y z Label\n1 2 3 12\n-4 5.5 6000 0.1\n"},
		{normal, Options{CSV: true, Columns: label}, "x,y,z,nx,ny,nz,Label\n1,2,3,0,0.6,0.8,12\n-4,5.5,6000,0,0,-1,0.1\n"},
		{pointcloud.Cloud{}, Options{}, "# x y z\n"},
		{pointcloud.Cloud{}, Options{CSV: true}, "x,y,z\n"},
	} {
		assert.Equal(t, c.want, string(encoded(t, c.cloud, c.options)))
	}
}

func TestWriteThenRead(t *testing.T) {
	c := ball(1000)
	c.Points[3] = [3]float32{math.SmallestNonzeroFloat32, -math.MaxFloat32, float32(math.Copysign(0, -1))}
	c.Normals[4] = [3]float32{1e30, 0, 7} // by which they would not be known
	columns := []Column{{"a", make([]float32, 1000)}, {"4", make([]float32, 1000)}}
	columns[1].Values[9] = 1e-40
	for _, csv := range []bool{false, true} {
		for _, want := range []File{{Cloud: c}, {Cloud: c, Columns: columns}, {Cloud: pointcloud.Cloud{Points: c.Points}}} {
			got, err := ReadAll(bytes.NewReader(encoded(t, want.Cloud, Options{CSV: csv, Columns: want.Columns})), Limits{})
			require.NoError(t, err)
			require.Equal(t, want, got)
			assert.True(t, math.Signbit(float64(got.Cloud.Points[3][2])))
		}
	}
}

func TestWriteFile(t *testing.T) {
	name := filepath.Join(t.TempDir(), "a.txt")
	require.NoError(t, WriteFile(name, pointcloud.Cloud{Points: two}, Options{}))
	got, err := Open(name, Limits{})
	require.NoError(t, err)
	assert.Equal(t, two, got.Points)

	err = WriteFile(name, pointcloud.Cloud{Points: [][3]float32{{0, float32(math.NaN()), 0}}}, Options{})
	assert.EqualError(t, err, "xyz: "+name+": pointcloud: point 0: want finite coordinates, got [0 NaN 0]")
	text, err := os.ReadFile(name)
	require.NoError(t, err)
	assert.Equal(t, "1 2 3\n-4 5.5 6000\n", string(text), "the old file stays")
	assert.Error(t, WriteFile(filepath.Join(name, "b"), pointcloud.Cloud{}, Options{}))
}

func TestWriteRefuses(t *testing.T) {
	inf := float32(math.Inf(1))
	for name, c := range map[string]struct {
		cloud   pointcloud.Cloud
		columns []Column
		want    string
	}{
		"infinite point":  {pointcloud.Cloud{Points: [][3]float32{{0, 0, inf}}}, nil, "point 0: want finite"},
		"infinite normal": {pointcloud.Cloud{Points: two, Normals: [][3]float32{{}, {0, inf, 0}}}, nil, "normal of point 1: want finite"},
		"few normals":     {pointcloud.Cloud{Points: two, Normals: turned[:1]}, nil, "want a normal for each of 2 points"},
		"infinite value":  {pointcloud.Cloud{Points: two}, []Column{{"a", []float32{0, -inf}}}, `column "a": value 1 is -Inf: want a finite one`},
		"few values":      {pointcloud.Cloud{Points: two}, []Column{{"a", []float32{0}}}, `column "a": want a value for each of 2 points, got 1`},
		"nameless":        {pointcloud.Cloud{Points: two}, []Column{{"", []float32{0, 0}}}, `column "": want a name without blanks`},
		"reserved":        {pointcloud.Cloud{Points: two}, []Column{{"Nx", []float32{0, 0}}}, `column "Nx": want a name`},
		"blank":           {pointcloud.Cloud{Points: two}, []Column{{"a b", []float32{0, 0}}}, `column "a b": want a name`},
		"line":            {pointcloud.Cloud{Points: two}, []Column{{"a\n", []float32{0, 0}}}, `column "a\n": want a name`},
		"comma":           {pointcloud.Cloud{Points: two}, []Column{{"a,", []float32{0, 0}}}, `column "a,": want a name`},
		"wide blank":      {pointcloud.Cloud{Points: two}, []Column{{"a\u2003b", []float32{0, 0}}}, "want a name"},
		"long":            {pointcloud.Cloud{}, []Column{{Name: strings.Repeat("a", 20_000)}, {Name: strings.Repeat("b", 20_000)}}, "names of columns of more than 32768 bytes together"},
		"too many":        {pointcloud.Cloud{}, make([]Column, 251), "251 columns beside points and normals: want at most 250"},
	} {
		var b bytes.Buffer
		err := Write(&b, c.cloud, Options{Columns: c.columns})
		assert.ErrorContains(t, err, c.want, name)
		assert.Zero(t, b.Len(), name)
	}
}

func TestWriteFails(t *testing.T) {
	for _, n := range []int{0, 1, 10_000} {
		formattest.FillsDisk(t, writing(ball(n), Options{}))
	}
}
