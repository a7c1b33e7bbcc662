package shape_test

import (
	"encoding/csv"
	"os"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"setwise/io/internal/formattest"
	"setwise/io/shape"
)

// counts are what is known of a real file: its format, and the numbers of its
// triangles and of its vertices or points.
type counts struct {
	format             shape.Format
	triangles, corners int
}

// TestRealFiles opens all files of the hostile folders, whatever they are.
// testdata/real.tsv lists the good ones; its numbers were found by counting
// lines, and in headers.
func TestRealFiles(t *testing.T) {
	f, err := os.Open("testdata/real.tsv")
	require.NoError(t, err)
	defer f.Close()
	table := csv.NewReader(f)
	table.Comma = '\t'
	rows, err := table.ReadAll()
	require.NoError(t, err)
	good := map[string]counts{}
	for _, row := range rows[1:] {
		c := counts{format: shape.Format(row[1])}
		c.triangles, err = strconv.Atoi(row[2])
		require.NoError(t, err)
		c.corners, err = strconv.Atoi(row[3])
		require.NoError(t, err)
		good[row[0]] = c
	}
	formattest.RealFiles(t, "", good, func(name string) (counts, error) {
		s, err := shape.Open(name, shape.Limits{})
		return counts{s.Format, len(s.Mesh.Faces), len(s.Mesh.Vertices) + s.Cloud.Len()}, err
	})
}
