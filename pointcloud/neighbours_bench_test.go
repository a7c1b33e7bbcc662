package pointcloud_test

import (
	"fmt"
	"testing"
)

// The 16 nearest of each point of a cube.
func BenchmarkNeighbours(b *testing.B) {
	for _, n := range []int{1024, 100_000, 1_000_000} {
		b.Run(fmt.Sprintf("n=%d", n), func(b *testing.B) {
			c := cube(n, seeded(1))
			for b.Loop() {
				c.Neighbours(16)
			}
		})
	}
}

func BenchmarkNormals(b *testing.B) {
	for _, n := range []int{1024, 100_000} {
		b.Run(fmt.Sprintf("n=%d", n), func(b *testing.B) {
			c := cube(n, seeded(1))
			for b.Loop() {
				c.WithNormals(16)
			}
		})
	}
}

func BenchmarkOrient(b *testing.B) {
	c, _ := globe(100_000, [3]float64{}, seeded(1))
	c = c.WithNormals(16)
	b.Run(fmt.Sprintf("n=%d", c.Len()), func(b *testing.B) {
		for b.Loop() {
			c.OrientNormals(16)
		}
	})
}

// Mean distance to 20 others, 2 deviations.
func BenchmarkOutliers(b *testing.B) {
	c := cube(100_000, seeded(1))
	b.Run(fmt.Sprintf("n=%d", c.Len()), func(b *testing.B) {
		for b.Loop() {
			if _, err := c.Inliers(20, 2); err != nil {
				b.Fatal(err)
			}
		}
	})
}

func BenchmarkTree(b *testing.B) {
	for _, n := range []int{100_000, 1_000_000} {
		b.Run(fmt.Sprintf("n=%d", n), func(b *testing.B) {
			c := cube(n, seeded(1))
			for b.Loop() {
				c.Tree()
			}
		})
	}
}
