package pointcloud_test

import (
	"testing"

	"setwise/pointcloud"
)

// The groups of a cloud of 1,024 points: of a classifier's two stages, and those
// of the way back.
func BenchmarkGroups(b *testing.B) {
	x := pointcloud.Batch(cube(1024, seeded(1)).UnitSphere())
	first, second := pointcloud.Groups{Centres: 96, Near: 16}, pointcloud.Groups{Centres: 32, Near: 12}
	for _, c := range []struct {
		name   string
		back   int
		stages []pointcloud.Groups
	}{
		{"one stage", 0, []pointcloud.Groups{first}},
		{"two stages", 0, []pointcloud.Groups{first, second}},
		{"two stages and back", 3, []pointcloud.Groups{first, second}},
		{"every point", 0, []pointcloud.Groups{{Near: 20}}},
	} {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := pointcloud.Prepare(x, c.back, c.stages...); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
