//go:build !amd64 || noasm

package pointcloud_test

import (
	"context"
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"setwise/pointcloud"
)

// Sinkhorn stands on sums whose order is another in assembly; without, its bits
// are those of every machine.
func TestSinkhornBits(t *testing.T) {
	c, err := hills().Sample(200, seeded(2))
	require.NoError(t, err)
	got, err := pointcloud.Sinkhorn{Epsilon: 0.01, Tolerance: 1e-9, Iterations: 20}.Distance(context.Background(), c, c.Select(0, 1, 2, 3, 5, 8, 13))
	require.NoError(t, err)
	require.Equal(t, [2]uint64{0x3fd41343a0561e9f, 0x3fc27727ab889182}, [2]uint64{math.Float64bits(got.Distance), math.Float64bits(got.Error)})
}
