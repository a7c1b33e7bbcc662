package solids_test

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"setwise/io/dataset/solids"
	"setwise/pointcloud"
)

func seeded(seed uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, 0)) }

func seeded2(a, b uint64) *rand.Rand { return rand.New(rand.NewPCG(a, b)) }

func make1(t testing.TB, class string, rng *rand.Rand) pointcloud.Mesh {
	t.Helper()
	m, err := solids.New(class, rng)
	require.NoError(t, err)
	return m
}

// parts divides a mesh into what hangs together by shared vertices.
func parts(m pointcloud.Mesh) []pointcloud.Mesh {
	root := make([]int32, len(m.Vertices))
	for i := range root {
		root[i] = int32(i)
	}
	var find func(int32) int32
	find = func(i int32) int32 {
		if root[i] != i {
			root[i] = find(root[i])
		}
		return root[i]
	}
	for _, f := range m.Faces {
		root[find(f[1])] = find(f[0])
		root[find(f[2])] = find(f[0])
	}
	at := map[int32]int{}
	var out []pointcloud.Mesh
	for _, f := range m.Faces {
		r := find(f[0])
		if _, ok := at[r]; !ok {
			at[r] = len(out)
			out = append(out, pointcloud.Mesh{Vertices: m.Vertices})
		}
		out[at[r]].Faces = append(out[at[r]].Faces, f)
	}
	return out
}

// requireClosed fails unless a mesh consists of closed parts that are right side
// out.
func requireClosed(t *testing.T, m pointcloud.Mesh) {
	t.Helper()
	// Every edge is run along once in each direction.
	edges := map[[2]int32]int{}
	used := make([]bool, len(m.Vertices))
	for i, f := range m.Faces {
		require.NotEqual(t, [3]float32{}, m.Normals[i], "face %d has no area", i)
		for k, v := range f {
			edges[[2]int32{v, f[(k+1)%3]}]++
			used[v] = true
		}
	}
	for e, n := range edges {
		require.Equal(t, 1, n, "edge %v", e)
		require.Equal(t, 1, edges[[2]int32{e[1], e[0]}], "edge %v backwards", e)
	}
	require.NotContains(t, used, false, "a vertex without a face")
	for i, p := range parts(m) {
		require.Positive(t, p.Volume(), "part %d", i)
	}
}

func TestSolidsAreSolid(t *testing.T) {
	for _, class := range solids.Classes() {
		t.Run(class, func(t *testing.T) {
			rng := seeded(1)
			fewest, most := 1<<30, 0
			for range 40 {
				m := make1(t, class, rng)
				require.NoError(t, m.Validate())
				require.Len(t, m.Normals, len(m.Faces))
				fewest, most = min(fewest, len(m.Faces)), max(most, len(m.Faces))

				requireClosed(t, m)
			}
			t.Logf("%d to %d triangles", fewest, most)
			assert.GreaterOrEqual(t, fewest, 60)
			assert.LessOrEqual(t, most, 3000)
		})
	}
}

func TestClasses(t *testing.T) {
	names := solids.Classes()
	assert.GreaterOrEqual(t, len(names), 12)
	assert.True(t, slices.IsSorted(names))
	_, err := solids.New("chairs", seeded(1))
	assert.ErrorContains(t, err, `solids: want a class among bolt, bottle, `)
	assert.ErrorContains(t, err, `got "chairs"`)
}

func TestNewRepeats(t *testing.T) {
	for _, class := range solids.Classes() {
		a, b := make1(t, class, seeded(3)), make1(t, class, seeded(3))
		assert.Equal(t, a, b)
		assert.NotEqual(t, a, make1(t, class, seeded(4)))
	}
}

func BenchmarkNew(b *testing.B) {
	rng := seeded(1)
	for b.Loop() {
		for _, class := range solids.Classes() {
			make1(b, class, rng)
		}
	}
}
