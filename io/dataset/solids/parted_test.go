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
	"setwise/pointcloud"
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

// A point lies on a face of its part, has its normal, and is seen: the solid angle
// (A. van Oosterom and J. Strackee, 1983) under which it sees any other piece is
// not all around.
func TestPartedSample(t *testing.T) {
	for _, class := range solids.PartedClasses() {
		rng := seeded(2)
		hidden := 0
		for range 3 {
			p := newParted(t, class, rng)
			m := p.Surface.Mesh()
			all := parts(m)
			inside := func(c pointcloud.Cloud, i int) int {
				n, at := 0, c.Points[i]
				for k, x := range c.Normals[i] {
					at[k] += 1e-4 * x // off its own piece
				}
				for _, piece := range all {
					if angle := solidAngle(piece, at); angle > 3.9*math.Pi {
						n++
					}
				}
				return n
			}
			cloud, of := p.Sample(100, rng)
			for i, at := range cloud.Points {
				require.Zero(t, inside(cloud, i), "%s, point %d", class, i)
				require.True(t, onPart(p, at, cloud.Normals[i], of[i]), "%s, point %d", class, i)
			}
			bare := p.Surface.Sample(100, rng)
			for i := range bare.Points {
				hidden += min(inside(bare, i), 1)
			}
		}
		require.Positive(t, hidden, "%s: nothing to hide", class)
	}
	empty, none := newParted(t, "cup", seeded(1)).Sample(0, seeded(1))
	require.Zero(t, empty.Len())
	require.Empty(t, none)
}

// onPart reports whether a point lies in the plane of a face of a part with that
// normal.
func onPart(p solids.Parted, at, normal [3]float32, part int32) bool {
	m := p.Surface.Mesh()
	for k, f := range m.Faces {
		if p.Of[k] != part || m.Normals[k] != normal {
			continue
		}
		d := 0.0
		for a := range 3 {
			d += float64(normal[a]) * float64(at[a]-m.Vertices[f[0]][a])
		}
		if math.Abs(d) < 1e-5 {
			return true
		}
	}
	return false
}

// solidAngle returns that of a mesh as seen from a point.
func solidAngle(m pointcloud.Mesh, from [3]float32) float64 {
	sum := 0.0
	for _, f := range m.Faces {
		var r [3][3]float64
		var d [3]float64
		for k, v := range f {
			for a := range 3 {
				r[k][a] = float64(m.Vertices[v][a]) - float64(from[a])
			}
			d[k] = math.Sqrt(dot(r[k], r[k]))
		}
		triple := r[0][0]*(r[1][1]*r[2][2]-r[1][2]*r[2][1]) + r[0][1]*(r[1][2]*r[2][0]-r[1][0]*r[2][2]) + r[0][2]*(r[1][0]*r[2][1]-r[1][1]*r[2][0])
		sum += 2 * math.Atan2(triple, d[0]*d[1]*d[2]+dot(r[0], r[1])*d[2]+dot(r[0], r[2])*d[1]+dot(r[1], r[2])*d[0])
	}
	return sum
}

func dot(a, b [3]float64) float64 { return a[0]*b[0] + a[1]*b[1] + a[2]*b[2] }

func BenchmarkSample(b *testing.B) {
	for _, class := range solids.PartedClasses() {
		p := newParted(b, class, seeded(1))
		b.Run(class, func(b *testing.B) {
			rng := seeded(1)
			for b.Loop() {
				p.Sample(512, rng)
			}
		})
	}
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
	require.Equal(t, "87a862f649fdcf6e", fmt.Sprintf("%x", h.Sum(nil)[:8]))
}

func TestPartedRefuses(t *testing.T) {
	_, err := solids.NewParted("bowl", seeded(1))
	require.ErrorContains(t, err, `want a class of known parts, one of bolt, chair, `)
	require.ErrorContains(t, err, `got "bowl"`)
	require.Nil(t, solids.Parts("bowl"))
	solids.Parts("cup")[0] = "changed"
	require.Equal(t, []string{"body", "handle"}, solids.Parts("cup"))
}
