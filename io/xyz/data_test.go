package xyz

import (
	"testing"

	"setwise/internal/filetest"
)

// truth is what is known of a file of the real ones: its points, its columns
// beside them, its first and last point, and the sum of the first column, the
// red of colours.
type truth struct {
	points, columns int
	first, last     [3]float32
	red             float32
}

// TestRealFiles reads every file of the hostile folders, clouds or not.
func TestRealFiles(t *testing.T) {
	good := map[string]truth{
		"hostile-mesh-files/trimesh/points_agisoft.xyz": {100, 3,
			[3]float32{665187.522077, 5648349.895035, 241.767693}, [3]float32{665186.236769, 5648351.141146, 244.871176}, 8699},
		"hostile-mesh-files/trimesh/points_cloudcompare.xyz": {101, 4,
			[3]float32{665187.522077, 5648349.895035, 241.767693}, [3]float32{665184.713891, 5648298.096676, 228.049194}, 8806},
	}
	filetest.RealFiles(t, "xyz", good, func(name string) (truth, error) {
		table, err := OpenTable(name, Limits{})
		if err != nil {
			return truth{}, err
		}
		p := table.Cloud.Points
		got := truth{points: len(p), columns: len(table.Columns), first: p[0], last: p[len(p)-1]}
		for _, v := range table.Columns[0].Values {
			got.red += v
		}
		return got, nil
	})
}
