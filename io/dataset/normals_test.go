package dataset_test

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"setwise/io/dataset"
)

// A part has the same cloud and normals whether its file has a normal for each
// face or one for all.
func TestPlaceholdersOfNormals(t *testing.T) {
	const dir = "../shape/testdata/cases/"
	wrong, err := dataset.Read(dir + "normals-one-for-all.obj")
	require.NoError(t, err)
	right, err := dataset.Read(dir + "normals-right.stl")
	require.NoError(t, err)
	a := wrong.Surface.Sample(500, rand.New(rand.NewPCG(1, 2)))
	b := right.Surface.Sample(500, rand.New(rand.NewPCG(1, 2)))
	require.Len(t, a.Normals, 500)
	require.Len(t, b.Normals, 500)
	for i := range a.Points {
		for k := range 3 {
			assert.InDelta(t, b.Points[i][k], a.Points[i][k], 1e-3)
			assert.InDelta(t, b.Normals[i][k], a.Normals[i][k], 1e-2)
		}
	}
}
