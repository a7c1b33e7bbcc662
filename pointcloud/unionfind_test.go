package pointcloud

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
)

// Two sheets that lie close together face outward, but a sheet faces where its
// normals point.
func TestFaces(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	for range 20 {
		var c Cloud
		for i := range 400 {
			side := float32(2*(i%2) - 1)
			c.Points = append(c.Points, [3]float32{rng.Float32(), rng.Float32(), 5 + 0.001*side})
			c.Normals = append(c.Normals, [3]float32{0, 0, side})
		}
		p := newParts(c.Len())
		for range 5000 {
			p.join(rng.Int32N(400), rng.Int32N(400), false)
		}
		top, turned := p.find(0)
		require.False(t, turned)
		require.Positive(t, p.faces(c)[top])
		for i := range c.Normals {
			c.Normals[i][2] *= -1
		}
		require.Negative(t, p.faces(c)[top])
		for i := range c.Normals {
			c.Normals[i] = [3]float32{0, 0, -1}
			c.Points[i][2] = 5 + 0.001*float32(rng.NormFloat64())
		}
		require.Negative(t, p.faces(c)[top])
	}
}

// Points know how they are turned relative to each other however they were
// joined.
func TestParts(t *testing.T) {
	rng := rand.New(rand.NewPCG(2, 1))
	for range 200 {
		n := 1 + rng.IntN(40)
		turned := make([]bool, n)
		p := newParts(n)
		for i := range p {
			turned[i] = rng.IntN(2) == 0
		}
		for range n {
			i, j := rng.IntN(n), rng.IntN(n)
			before, _ := p.find(int32(i))
			other, _ := p.find(int32(j))
			joined := p.join(int32(i), int32(j), turned[i] != turned[j])
			require.Equal(t, before != other, joined)
			a, ta := p.find(int32(i))
			b, tb := p.find(int32(j))
			require.Equal(t, a, b)
			require.Equal(t, turned[i] != turned[j], ta != tb)
		}
		for i := range p {
			top, ti := p.find(int32(i))
			require.Equal(t, turned[i] != turned[top], ti)
		}
	}
}
