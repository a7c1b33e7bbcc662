package classifier

import (
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"setwise/io/dataset/solids"
	"setwise/io/shape"
	"setwise/pointcloud"
)

func dd(k *Known, e Example) float64 { d, _ := k.Distance(e); return d }

type surf struct{ *pointcloud.Surface }

func (s surf) Points(n int, rng *rand.Rand) pointcloud.Cloud { return s.Sample(n, rng) }

type cl struct{ pointcloud.Cloud }

func (c cl) Points(n int, rng *rand.Rand) pointcloud.Cloud { x, _ := c.Pick(n, rng); return x }

func sphereMesh(f func(x, y, z float64) float64) pointcloud.Mesh {
	const a, b = 40, 80
	var m pointcloud.Mesh
	for i := 0; i <= a; i++ {
		for j := 0; j < b; j++ {
			th, ph := math.Pi*float64(i)/a, 2*math.Pi*float64(j)/b
			x, y, z := math.Sin(th)*math.Cos(ph), math.Sin(th)*math.Sin(ph), math.Cos(th)
			r := f(x, y, z)
			m.Vertices = append(m.Vertices, [3]float32{float32(r * x), float32(r * y), float32(r * z)})
		}
	}
	for i := 0; i < a; i++ {
		for j := 0; j < b; j++ {
			p, q := int32(i*b+j), int32(i*b+(j+1)%b)
			m.Faces = append(m.Faces, [3]int32{p, p + b, q}, [3]int32{q, p + b, q + b})
		}
	}
	m.Normals = make([][3]float32, len(m.Faces))
	return m
}
func mesh(m pointcloud.Mesh) Example {
	m.Normals = make([][3]float32, len(m.Faces))
	s, err := pointcloud.NewSurface(m)
	if err != nil {
		panic(err)
	}
	return Example{Source: surf{s}}
}
func cloudOf(c pointcloud.Cloud) Example { return Example{Source: cl{c.WithNormals(16)}} }

func TestNovelty(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 5))
	make1 := func(class string, n int) (out []Example) {
		for range n {
			m, _ := solids.New(class, rng)
			out = append(out, mesh(m.Transform(pointcloud.RandomRotation(rng))))
		}
		return
	}
	for _, n := range []int{80} {
		var known, unseen []Example
		per := map[string][]Example{}
		unper := map[string][]Example{}
		for _, c := range solids.Classes() {
			per[c] = make1(c, n)
			unper[c] = make1(c, 50)
			known = append(known, per[c]...)
			unseen = append(unseen, unper[c]...)
		}
		k := NewKnown(known)
		rate := func(k *Known, es []Example) string {
			f, mean := 0, 0.
			for _, e := range es {
				d := dd(k, e)
				mean += d / float64(len(es))
				if d > k.Limit {
					f++
				}
			}
			return fmt.Sprintf("%d/%d mean %.4f", f, len(es), mean)
		}
		fmt.Printf("n=%d limit %.4f unseen %s\n", n, k.Limit, rate(k, unseen))
		var unm []Example
		for _, e := range unseen {
			unm = append(unm, cloudOf(pointcloud.Cloud{Points: e.Points(2048, rng).Points}))
		}
		fmt.Println("unseen as clouds 2048 with estimated normals", rate(k, unm))
		unm = nil
		for _, e := range unseen {
			unm = append(unm, cloudOf(pointcloud.Cloud{Points: e.Points(512, rng).Points}))
		}
		fmt.Println("unseen as clouds 512 with estimated normals", rate(k, unm))
		unm = nil
		for _, e := range unseen {
			unm = append(unm, cloudOf(pointcloud.Cloud{Points: e.Points(256, rng).Points}))
		}
		fmt.Println("unseen as clouds 256 with estimated normals", rate(k, unm))
		// leave one class out
		for _, c := range solids.Classes() {
			var some []Example
			for _, d := range solids.Classes() {
				if d != c {
					some = append(some, per[d]...)
				}
			}
			fmt.Println("without", c, rate(NewKnown(some), unper[c]))
		}
		ood := map[string]func() Example{
			"cube noise": func() Example {
				var c pointcloud.Cloud
				for range 1000 {
					c.Points = append(c.Points, [3]float32{rng.Float32(), rng.Float32(), rng.Float32()})
				}
				return cloudOf(c)
			},
			"gauss": func() Example {
				var c pointcloud.Cloud
				for range 1000 {
					c.Points = append(c.Points, [3]float32{float32(rng.NormFloat64()), float32(rng.NormFloat64()), float32(rng.NormFloat64())})
				}
				return cloudOf(c)
			},
			"plane": func() Example {
				a := 0.3 + rng.Float32()
				return mesh(pointcloud.Mesh{Vertices: [][3]float32{{0, 0, 0}, {1, 0, 0}, {1, a, 0}, {0, a, 0}}, Faces: [][3]int32{{0, 1, 2}, {0, 2, 3}}})
			},
			"triangle": func() Example {
				return mesh(pointcloud.Mesh{Vertices: [][3]float32{{0, 0, 0}, {1, 0, 0}, {rng.Float32(), 1, 0}}, Faces: [][3]int32{{0, 1, 2}}})
			},
			"sphere": func() Example { return mesh(sphereMesh(func(x, y, z float64) float64 { return 1 })) },
			"ellipsoid": func() Example {
				a, b := 0.5+rng.Float64(), 0.5+rng.Float64()
				return mesh(sphereMesh(func(x, y, z float64) float64 { return 1 / math.Sqrt(x*x+y*y/a/a+z*z/b/b) }))
			},
			"blob": func() Example {
				var w [9]float64
				for i := range w {
					w[i] = rng.NormFloat64()
				}
				return mesh(sphereMesh(func(x, y, z float64) float64 {
					return math.Exp(0.35 * (w[0]*x*y + w[1]*y*z + w[2]*x*z + w[3]*x*x*x + w[4]*y*y*y + w[5]*z*z*z + w[6]*math.Sin(4*x) + w[7]*math.Sin(4*y) + w[8]*math.Sin(5*z)))
				}))
			},
			"cube": func() Example {
				return mesh(sphereMesh(func(x, y, z float64) float64 { return 1 / max(math.Abs(x), math.Abs(y), math.Abs(z)) }))
			},
			"long box": func() Example {
				return mesh(sphereMesh(func(x, y, z float64) float64 {
					return 1 / max(math.Abs(x), math.Abs(y)/2, math.Abs(z)/3)
				}))
			},
			"bunny": func() Example {
				var c pointcloud.Cloud
				add := func(n int, o [3]float64, a, b, d float64) {
					for range n {
						x, y, z := rng.NormFloat64(), rng.NormFloat64(), rng.NormFloat64()
						r := math.Sqrt(x*x + y*y + z*z)
						c.Points = append(c.Points, [3]float32{float32(o[0] + a*x/r), float32(o[1] + b*y/r), float32(o[2] + d*z/r)})
					}
				}
				j := func(x float64) float64 { return x * (0.9 + 0.2*rng.Float64()) }
				add(600, [3]float64{0, 0, 0}, j(1), j(.8), j(.8))
				add(250, [3]float64{1, 0, .8}, j(.5), j(.45), j(.45))
				add(80, [3]float64{.9, .2, 1.6}, .12, .1, j(.5))
				add(80, [3]float64{.9, -.2, 1.6}, .12, .1, j(.5))
				add(60, [3]float64{-1, 0, 0}, .2, .2, .2)
				return cloudOf(c)
			},
			"line": func() Example {
				var c pointcloud.Cloud
				for range 1000 {
					c.Points = append(c.Points, [3]float32{rng.Float32(), 0, 0})
				}
				return cloudOf(c)
			},
			"two points": func() Example { return cloudOf(pointcloud.Cloud{Points: [][3]float32{{0, 0, 0}, {1, 0, 0}}}) },
			"one point":  func() Example { return cloudOf(pointcloud.Cloud{Points: [][3]float32{{0, 0, 0}}}) },
			"soup": func() Example {
				var m pointcloud.Mesh
				for i := range 40 {
					for range 3 {
						m.Vertices = append(m.Vertices, [3]float32{rng.Float32(), rng.Float32(), rng.Float32()})
					}
					b := int32(3 * i)
					m.Faces = append(m.Faces, [3]int32{b, b + 1, b + 2})
				}
				return mesh(m)
			},
			"torus": func() Example {
				r := 0.15 + 0.4*rng.Float64()
				var c pointcloud.Cloud
				for range 2000 {
					a, b := 2*math.Pi*rng.Float64(), 2*math.Pi*rng.Float64()
					c.Points = append(c.Points, [3]float32{float32(math.Cos(a) * (1 + r*math.Cos(b))), float32(math.Sin(a) * (1 + r*math.Cos(b))), float32(r * math.Sin(b))})
				}
				return cloudOf(c)
			},
			"terrain": func() Example {
				var c pointcloud.Cloud
				u, v := 3+3*rng.Float64(), 3+3*rng.Float64()
				for range 2000 {
					x, y := rng.Float64(), rng.Float64()
					c.Points = append(c.Points, [3]float32{float32(x), float32(y), float32(.1*math.Sin(u*x)+.1*math.Sin(v*y)) + .02*rng.Float32()})
				}
				return cloudOf(c)
			},
		}
		for name, f := range ood {
			var es []Example
			for range 40 {
				es = append(es, f())
			}
			fmt.Println(name, rate(k, es))
		}
		files, _ := filepath.Glob("/work/shared/data/ldraw-parts/stl/*/*.stl")
		var es []Example
		for i, f := range files {
			if i%3 != 0 {
				continue
			}
			s, err := shape.Open(f, shape.Limits{})
			if err != nil || !s.IsMesh() {
				continue
			}
			es = append(es, mesh(s.Mesh))
		}
		if len(es) > 0 {
			fmt.Println("ldraw", rate(k, es))
		}
	}
	_ = os.Args
}
