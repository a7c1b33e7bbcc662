package classifier_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"setwise/io/dataset/solids"
	"setwise/layers/classifier"
	"setwise/pointcloud"
)

// several returns so many solids of each class.
func several(each int, rng *rand.Rand, classes ...string) (out []classifier.Example) {
	for _, class := range classes {
		for range each {
			out = append(out, example(class, rng))
		}
	}
	return out
}

// unlike counts the examples that are unlike what is known.
func unlike(k *classifier.Known, examples []classifier.Example) (n int) {
	for _, e := range examples {
		if d, _ := k.Distance(e); d > k.Limit {
			n++
		}
	}
	return n
}

// Few unseen shapes of known classes are called unlike, most of a class that is
// not known are, and so is what is nothing like a solid.
func TestUnlike(t *testing.T) {
	if testing.Short() {
		t.Skip("profiles of a thousand shapes")
	}
	rng := rand.New(rand.NewPCG(3, 4))
	all := solids.Classes()
	known := several(30, rng, all...)
	k := classifier.NewKnown(known)
	require.True(t, k.Tells())
	assert.LessOrEqual(t, unlike(k, several(10, rng, all...)), 8, "of 120")

	without := classifier.NewKnown(known[:30*11])
	assert.GreaterOrEqual(t, unlike(without, several(30, rng, "wheel")), 25, "of 30")

	normal := func() float32 { return float32(rng.NormFloat64()) }
	for name, shape := range map[string]func() classifier.Example{
		"noise in a cube": func() classifier.Example {
			return points(1500, func() [3]float32 { return [3]float32{rng.Float32(), rng.Float32(), rng.Float32()} })
		},
		"normal noise": func() classifier.Example {
			return points(1500, func() [3]float32 { return [3]float32{normal(), normal(), normal()} })
		},
		"line": func() classifier.Example {
			return points(1500, func() [3]float32 { return [3]float32{rng.Float32(), 0, 0} })
		},
		"plane": func() classifier.Example {
			return points(1500, func() [3]float32 { return [3]float32{rng.Float32(), rng.Float32() / 2, 0} })
		},
		"ball": func() classifier.Example {
			return points(1500, func() [3]float32 { return direction(normal, 1, 1, 1) })
		},
		"egg": func() classifier.Example {
			return points(1500, func() [3]float32 { return direction(normal, 1, 1.2, 1.6) })
		},
		"bunny": func() classifier.Example {
			return points(2000, func() [3]float32 {
				p := direction(normal, 1, 0.8, 0.8)
				switch x := rng.Float32(); {
				case x < 0.25: // head
					p = direction(normal, 0.5, 0.45, 0.45)
					p[0], p[2] = p[0]+1, p[2]+0.8
				case x < 0.4: // ears
					p = direction(normal, 0.12, 0.1, 0.5)
					p[0], p[1], p[2] = p[0]+0.9, p[1]+0.2*float32(2*rng.IntN(2)-1), p[2]+1.6
				}
				return p
			})
		},
	} {
		var shapes []classifier.Example
		for range 10 {
			shapes = append(shapes, shape())
		}
		assert.GreaterOrEqual(t, unlike(k, shapes), 9, "of 10: %s", name)
	}
}

// direction returns a point of an ellipsoid.
func direction(normal func() float32, a, b, c float32) [3]float32 {
	x, y, z := normal(), normal(), normal()
	r := float32(math.Sqrt(float64(x*x + y*y + z*z)))
	return [3]float32{a * x / r, b * y / r, c * z / r}
}

// points returns a cloud of n points as an example.
func points(n int, point func() [3]float32) classifier.Example {
	c := pointcloud.Cloud{}
	for range n {
		c.Points = append(c.Points, point())
	}
	return classifier.Example{Source: cloud{c.WithNormals(16)}}
}

type cloud struct{ pointcloud.Cloud }

func (c cloud) Points(n int, rng *rand.Rand) pointcloud.Cloud {
	out, err := c.Pick(n, rng)
	if err != nil {
		panic(err)
	}
	return out
}

// With fewer than 49 shapes there is no telling, and with small clouds it is
// done by as many points as they have.
func TestKnownFew(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	assert.Nil(t, classifier.NewKnown(nil))
	assert.False(t, classifier.NewKnown(nil).Tells())
	assert.False(t, classifier.NewKnown(several(24, rng, "bowl", "cup")).Tells())
	assert.True(t, classifier.NewKnown(several(25, rng, "bowl", "cup")).Tells())

	var small []classifier.Example
	for _, e := range several(100, rng, "bowl") {
		c := e.Points(300, rng)
		small = append(small, classifier.Example{Source: cloud{c}})
	}
	k := classifier.NewKnown(small)
	assert.Equal(t, 300, k.Points)
	_, n := k.Distance(small[0])
	assert.Equal(t, 300, n)
	_, n = k.Distance(points(20, func() [3]float32 { return [3]float32{rng.Float32(), rng.Float32(), 0} }))
	assert.Equal(t, 20, n)
}
