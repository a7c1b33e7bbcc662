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
