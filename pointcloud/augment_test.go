package pointcloud_test

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"setwise/pointcloud"
	"setwise/set"
)

var all = pointcloud.Augment{
	Cut: 0.3, Dropout: 0.5, Scale: [2]float32{0.5, 2}, Axis: [3]float32{0, 0, 1}, Angle: 1, Free: true,
	Shift: 0.2, Jitter: 0.01, Clip: 0.02,
}

func TestAugmentLeavesItsInput(t *testing.T) {
	c := noise(100, seeded(1))
	before := c.Clone()
	for _, a := range []pointcloud.Augment{{}, all, {Jitter: 1}, {Shift: 1}, {Dropout: 1}, {Free: true}} {
		got := a.Apply(c, seeded(2))
		require.Equal(t, before, c, "%+v", a)
		for i := range got.Points { // nor share its memory
			got.Points[i], got.Normals[i] = [3]float32{nan}, [3]float32{nan}
		}
		require.Equal(t, before, c, "%+v", a)
	}
}

func TestAugmentRepeats(t *testing.T) {
	c := noise(100, seeded(1))
	assert.Equal(t, all.Apply(c, seeded(2)), all.Apply(c, seeded(2)))
	assert.NotEqual(t, all.Apply(c, seeded(2)), all.Apply(c, seeded(3)))

	rng := seeded(2)
	assert.Equal(t, c, pointcloud.Augment{}.Apply(c, rng))
	assert.Equal(t, seeded(2).Uint64(), rng.Uint64(), "the zero value took numbers")
}

func TestAugmentParts(t *testing.T) {
	rng := seeded(1)
	c := noise(200, rng)
	t.Run("Angle", func(t *testing.T) {
		a := pointcloud.Augment{Axis: [3]float32{0, 0, 2}, Angle: 0.5}
		var widest float64
		for range 500 {
			got := a.Apply(c, rng)
			p, q := c.Points[0], got.Points[0]
			require.InDelta(t, p[2], q[2], 1e-5)
			turn := math.Atan2(float64(q[1]), float64(q[0])) - math.Atan2(float64(p[1]), float64(p[0]))
			turn = math.Remainder(turn, 2*math.Pi)
			widest = max(widest, math.Abs(turn))
			require.InDelta(t, inner(p, c.Normals[0]), inner(q, got.Normals[0]), 1e-4)
		}
		assert.LessOrEqual(t, widest, 0.5+1e-5)
		assert.Greater(t, widest, 0.49)
	})
	t.Run("Free", func(t *testing.T) {
		got := pointcloud.Augment{Free: true}.Apply(c, rng)
		for i, p := range got.Points {
			require.InDelta(t, length(c.Points[i]), length(p), 1e-4)
			require.InDelta(t, inner(c.Points[i], c.Normals[i]), inner(p, got.Normals[i]), 1e-4)
		}
		assert.NotEqual(t, c.Points[0], got.Points[0])
	})
	t.Run("Scale", func(t *testing.T) {
		a := pointcloud.Augment{Scale: [2]float32{2. / 3, 3. / 2}}
		one := pointcloud.Cloud{Points: [][3]float32{{1, 1, 1}}}
		lo, hi := [3]float32{9, 9, 9}, [3]float32{}
		for range 1000 {
			p := a.Apply(one, rng).Points[0]
			require.NotEqual(t, p[0], p[1])
			for k, x := range p {
				lo[k], hi[k] = min(lo[k], x), max(hi[k], x)
			}
		}
		for k := range 3 {
			assert.InDelta(t, 2./3, lo[k], 0.01)
			assert.InDelta(t, 3./2, hi[k], 0.01)
		}
		assert.Equal(t, float32(2), pointcloud.Augment{Scale: [2]float32{2, 2}}.Apply(one, rng).Points[0][1])
	})
	t.Run("Shift", func(t *testing.T) {
		got := pointcloud.Augment{Shift: 0.25}.Apply(c, rng)
		d := [3]float32{got.Points[0][0] - c.Points[0][0], got.Points[0][1] - c.Points[0][1], got.Points[0][2] - c.Points[0][2]}
		require.LessOrEqual(t, max(d[0], d[1], d[2], -d[0], -d[1], -d[2]), float32(0.251))
		for i, p := range got.Points {
			for k, x := range p {
				require.InDelta(t, c.Points[i][k]+d[k], x, 1e-5)
			}
		}
		assert.Equal(t, c.Normals, got.Normals)
	})
	t.Run("Jitter", func(t *testing.T) {
		big := pointcloud.Cloud{Points: make([][3]float32, 20000)}
		for _, clip := range []float32{0, 0.02} {
			var sum, most float64
			for _, p := range (pointcloud.Augment{Jitter: 0.01, Clip: clip}).Apply(big, rng).Points {
				for _, x := range p {
					sum += float64(x) * float64(x)
					most = max(most, math.Abs(float64(x)))
				}
			}
			assert.InDelta(t, 0.01, math.Sqrt(sum/60000), 0.0006)
			if clip > 0 {
				assert.InDelta(t, 0.02, most, 1e-9)
			} else {
				assert.Greater(t, most, 0.03)
			}
		}
	})
	t.Run("Cut", func(t *testing.T) {
		fewest := c.Len()
		for range 500 {
			got := pointcloud.Augment{Cut: 0.4}.Apply(c, rng)
			require.Len(t, got.Normals, got.Len())
			fewest = min(fewest, got.Len())
			// What is left lies on one side of a plane, and what is gone on the other: the
			// centres of both are apart.
			if gone := c.Len() - got.Len(); gone > 40 {
				var apart float64
				for k := range 3 {
					var all, kept float64
					for _, p := range c.Points {
						all += float64(p[k])
					}
					for _, p := range got.Points {
						kept += float64(p[k])
					}
					apart += math.Pow(kept/float64(got.Len())-(all-kept)/float64(gone), 2)
				}
				require.Greater(t, math.Sqrt(apart), 0.5)
			}
		}
		assert.InDelta(t, 0.6*200, fewest, 3)
		one := pointcloud.Cloud{Points: make([][3]float32, 1)}
		assert.Equal(t, one, pointcloud.Augment{Cut: 1}.Apply(one, rng))
		require.Positive(t, pointcloud.Augment{Cut: 1}.Apply(c, rng).Len())
		odd := pointcloud.Cloud{Points: [][3]float32{{nan}, {1}, {2}}}
		assert.Greater(t, pointcloud.Augment{Cut: 0.5}.Apply(odd, rng).Len(), 0)
	})
	t.Run("Dropout", func(t *testing.T) {
		fewest, mostest := c.Len(), 0
		for range 2000 {
			got := pointcloud.Augment{Dropout: 0.875}.Apply(c, rng)
			require.Len(t, got.Normals, got.Len())
			fewest, mostest = min(fewest, got.Len()), max(mostest, got.Len())
			for i, p := range got.Points { // no duplicates, and normals of their own
				at := slices.Index(c.Points, p)
				require.Equal(t, c.Normals[at], got.Normals[i])
				require.NotContains(t, got.Points[:i], p)
			}
		}
		assert.Greater(t, fewest, 5)
		assert.Less(t, fewest, 40)
		assert.Greater(t, mostest, 195)
		for range 1000 {
			got := pointcloud.Augment{Dropout: 1}.Apply(pointcloud.Cloud{Points: c.Points[:2]}, rng)
			require.NotZero(t, got.Len())
		}
	})
}

func TestAugmentOfLittle(t *testing.T) {
	rng := seeded(1)
	assert.Zero(t, all.Apply(pointcloud.Cloud{}, rng).Len())
	assert.Equal(t, 1, all.Apply(noise(1, rng), rng).Len())
	bad := all
	bad.Dropout = 0
	c := bad.Apply(pointcloud.Cloud{Points: [][3]float32{{nan, nan, nan}, {1, 2, 3}}}, rng)
	assert.Equal(t, "[NaN NaN NaN]", fmt.Sprint(c.Points[0]))
	assert.NoError(t, pointcloud.Cloud{Points: c.Points[1:]}.Validate())
}

func TestAugmentValidate(t *testing.T) {
	require.NoError(t, all.Validate())
	require.NoError(t, pointcloud.Augment{}.Validate())
	for want, a := range map[string]pointcloud.Augment{
		"Dropout from 0 to 1, got 1.5":                      {Dropout: 1.5},
		"Dropout from 0 to 1, got NaN":                      {Dropout: nan},
		"0 < Scale[0] <= Scale[1], or both 0, got [2 1]":    {Scale: [2]float32{2, 1}},
		"0 < Scale[0] <= Scale[1], or both 0, got [0 1]":    {Scale: [2]float32{0, 1}},
		"0 < Scale[0] <= Scale[1], or both 0, got [1 +Inf]": {Scale: [2]float32{1, inf}},
		"an Angle of 0 or more, got -1":                     {Angle: -1, Axis: [3]float32{1, 0, 0}},
		"an Axis to turn about, got [0 0 0]":                {Angle: 1},
		"a Shift of 0 or more, got -1":                      {Shift: -1},
		"Jitter and Clip of 0 or more, got NaN and 0":       {Jitter: nan},
		"Jitter and Clip of 0 or more, got 1 and -1":        {Jitter: 1, Clip: -1},
	} {
		assert.EqualError(t, a.Validate(), "pointcloud.Augment: want "+want)
		var shape *set.ShapeError
		assert.ErrorAs(t, set.Try(func() { a.Apply(pointcloud.Cloud{}, seeded(1)) }), &shape)
	}
}

func BenchmarkAugment(b *testing.B) {
	c := noise(1024, seeded(1))
	c.Normals = nil
	rng := seeded(1)
	for b.Loop() {
		all.Apply(c, rng)
	}
}
