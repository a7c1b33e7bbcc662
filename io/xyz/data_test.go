package xyz

import (
	"fmt"
	"testing"

	"setwise/io/internal/formattest"
)

// truth is what is known of a file of the real ones: its points, its columns
// beside them, its first and last point, and the sum of the first column, the
// red of colours.
type truth struct {
	points, columns int
	first, last     string // to a tenth of a millimetre
	red             float32
}

// TestRealFiles reads every file of the hostile folders, clouds or not.
func TestRealFiles(t *testing.T) {
	good := map[string]truth{
		"hostile-mesh-files/trimesh/points_agisoft.xyz": {100, 3,
			"[665187.5221 5648349.8950 241.7677]", "[665186.2368 5648351.1411 244.8712]", 8699},
		"hostile-mesh-files/trimesh/points_cloudcompare.xyz": {101, 4,
			"[665187.5221 5648349.8950 241.7677]", "[665184.7139 5648298.0967 228.0492]", 8806},
	}
	formattest.RealFiles(t, "xyz", good, func(name string) (truth, error) {
		table, err := OpenAll(name, Limits{})
		if err != nil {
			return truth{}, err
		}
		c := table.Cloud
		place := func(i int) string { return fmt.Sprintf("%.4f", c.Place(i)) }
		got := truth{points: c.Len(), columns: len(table.Columns), first: place(0), last: place(c.Len() - 1)}
		for _, v := range table.Columns[0].Values {
			got.red += v
		}
		return got, nil
	})
}
