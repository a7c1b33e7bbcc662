package solids_test

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"setwise/io/dataset/solids"
)

func newParted(t testing.TB, class string, rng *rand.Rand) solids.Parted {
	t.Helper()
	p, err := solids.NewParted(class, rng)
	require.NoError(t, err)
	return p
}

// Every face is of a part of the class, all parts occur, and what hangs together
// is of one part.
func TestParted(t *testing.T) {
	require.GreaterOrEqual(t, len(solids.PartedClasses()), 8)
	require.True(t, slices.IsSorted(solids.PartedClasses()))
	for _, class := range solids.PartedClasses() {
		t.Run(class, func(t *testing.T) {
			names := solids.Parts(class)
			require.GreaterOrEqual(t, len(names), 2)
			require.LessOrEqual(t, len(names), 4)
			area, rng := make([]float64, len(names)), seeded(1)
			for range 40 {
				p := newParted(t, class, rng)
				m := p.Surface.Mesh()
				require.Len(t, p.Of, len(m.Faces))
				requireClosed(t, m)
				parts := map[int32]int32{} // of vertices
				for i, f := range m.Faces {
					require.GreaterOrEqual(t, p.Of[i], int32(0))
					require.Less(t, int(p.Of[i]), len(names))
					for _, v := range f {
						of, ok := parts[v]
						require.True(t, !ok || of == p.Of[i], "two parts hang together")
						parts[v] = p.Of[i]
					}
				}
				_, of := p.Sample(200, rng)
				for _, part := range of {
					area[part]++
				}
			}
			for i, a := range area {
				require.Greater(t, a, 40*200*0.005, "%s: too little of it to be learned", names[i])
			}
		})
	}
}

// A class that has been there before is made as before.
func TestPartedIsNew(t *testing.T) {
	for _, class := range solids.PartedClasses() {
		want, err := solids.New(class, seeded(5))
		if !slices.Contains(solids.Classes(), class) {
			require.Error(t, err)
			continue
		}
		require.NoError(t, err)
		require.Equal(t, want, newParted(t, class, seeded(5)).Surface.Mesh())
	}
}

// A point lies on a face of its part, and has its normal.
func TestPartedSample(t *testing.T) {
	p := newParted(t, "hammer", seeded(2))
	m := p.Surface.Mesh()
	cloud, of := p.Sample(300, seeded(3))
	require.Equal(t, p.Surface.Sample(300, seeded(3)), cloud)
	for i, at := range cloud.Points {
		found := false
		for k, f := range m.Faces {
			if p.Of[k] != of[i] || m.Normals[k] != cloud.Normals[i] {
				continue
			}
			d := 0.0
			for a := range 3 {
				d += float64(m.Normals[k][a]) * float64(at[a]-m.Vertices[f[0]][a])
			}
			found = found || math.Abs(d) < 1e-5
		}
		require.True(t, found, "point %d", i)
	}
	empty, none := p.Sample(0, seeded(1))
	require.Zero(t, empty.Len())
	require.Empty(t, none)
}

// The same bits come out on every machine, of the solids that have been there
// before as of the others.
func TestBits(t *testing.T) {
	h := sha256.New()
	rng := seeded(7)
	for _, class := range solids.Classes() {
		m := make1(t, class, rng)
		require.NoError(t, binary.Write(h, binary.LittleEndian, m.Vertices))
		require.NoError(t, binary.Write(h, binary.LittleEndian, m.Faces))
	}
	require.Equal(t, "ced5560998884dd9", fmt.Sprintf("%x", h.Sum(nil)[:8]))
	h.Reset()
	for _, class := range solids.PartedClasses() {
		cloud, of := newParted(t, class, rng).Sample(100, rng)
		require.NoError(t, binary.Write(h, binary.LittleEndian, cloud.Points))
		require.NoError(t, binary.Write(h, binary.LittleEndian, cloud.Normals))
		require.NoError(t, binary.Write(h, binary.LittleEndian, of))
	}
	require.Equal(t, "1daf1dc46ac6144c", fmt.Sprintf("%x", h.Sum(nil)[:8]))
}

func TestPartedRefuses(t *testing.T) {
	_, err := solids.NewParted("bowl", seeded(1))
	require.ErrorContains(t, err, `want a class of known parts, one of bolt, chair, `)
	require.ErrorContains(t, err, `got "bowl"`)
	require.Nil(t, solids.Parts("bowl"))
	solids.Parts("cup")[0] = "changed"
	require.Equal(t, []string{"body", "handle"}, solids.Parts("cup"))
}
