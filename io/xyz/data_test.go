package xyz

import (
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// allocated returns the bytes that f allocates, freed or not.
func allocated(f func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

// TestRealFiles reads every file of the hostile folders, clouds or not: the
// good ones give the points, columns and first and last point recorded here,
// all others an error with their name, and none takes much time or memory.
func TestRealFiles(t *testing.T) {
	dir := os.Getenv("SETWISE_DATA")
	if dir == "" {
		dir = filepath.Join("..", "..", "..", "shared", "data")
	}
	if _, err := os.Stat(filepath.Join(dir, "hostile-minimal")); err != nil {
		t.Skipf("no real data: %v; set SETWISE_DATA to its folder", err)
	}
	type truth struct {
		points, columns int
		first, last     [3]float32
		color           float32 // the sum of the first column, the red of colours
	}
	good := map[string]truth{
		"points_agisoft.xyz":      {100, 3, [3]float32{665187.522077, 5648349.895035, 241.767693}, [3]float32{665186.236769, 5648351.141146, 244.871176}, 8699},
		"points_cloudcompare.xyz": {101, 4, [3]float32{665187.522077, 5648349.895035, 241.767693}, [3]float32{665184.713891, 5648298.096676, 228.049194}, 8806},
	}
	for _, folder := range []string{"hostile-mesh-files", "hostile-minimal"} {
		err := filepath.WalkDir(filepath.Join(dir, folder), func(name string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			info, err := d.Info()
			require.NoError(t, err)
			var table Table
			start := time.Now()
			took := allocated(func() { table, err = OpenTable(name, Limits{}) })
			assert.Less(t, time.Since(start), time.Second+time.Duration(info.Size())*time.Microsecond, name)
			assert.LessOrEqual(t, took, 2*uint64(info.Size())+1<<20, name)
			want, ok := good[d.Name()]
			if !ok {
				assert.ErrorContains(t, err, "xyz: "+name+": ")
				return nil
			}
			if !assert.NoError(t, err) {
				return nil
			}
			p := table.Cloud.Points
			got := truth{points: len(p), columns: len(table.Columns), first: p[0], last: p[len(p)-1]}
			for _, v := range table.Columns[0].Values {
				got.color += v
			}
			assert.Equal(t, want, got, name)
			delete(good, d.Name())
			return nil
		})
		require.NoError(t, err)
	}
	assert.Empty(t, good, "not found")
}
