package pcd

import (
	"bytes"
	"math"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"setwise/io/internal/formattest"
)

// counts are a number of points and the sum of all coordinates, rounded.
type counts struct {
	points int
	sum    float64
}

// goodFiles are those of the real files that are good clouds. The numbers come
// from a program of its own, in another language.
var goodFiles = map[string]counts{
	"hostile-mesh-files/pcl/2d/canny.pcd":              {65536, 16842752},
	"hostile-mesh-files/pcl/2d/closing.pcd":            {65536, 16842752},
	"hostile-mesh-files/pcl/2d/closing_binary.pcd":     {65536, 16842752},
	"hostile-mesh-files/pcl/2d/dilation.pcd":           {65536, 16842752},
	"hostile-mesh-files/pcl/2d/dilation_binary.pcd":    {65536, 16842752},
	"hostile-mesh-files/pcl/2d/erosion.pcd":            {65536, 16842752},
	"hostile-mesh-files/pcl/2d/erosion_binary.pcd":     {65536, 16842752},
	"hostile-mesh-files/pcl/2d/gauss_smooth.pcd":       {65536, 16842752},
	"hostile-mesh-files/pcl/2d/lena.pcd":               {65536, 16842752},
	"hostile-mesh-files/pcl/2d/opening.pcd":            {65536, 16842752},
	"hostile-mesh-files/pcl/2d/opening_binary.pcd":     {65536, 16842752},
	"hostile-mesh-files/pcl/brisk_keypoints_gt.pcd":    {1860, 1078551},
	"hostile-mesh-files/pcl/bun0.pcd":                  {397, 40},
	"hostile-mesh-files/pcl/bun01.pcd":                 {200, 25},
	"hostile-mesh-files/pcl/bun02.pcd":                 {217, 18},
	"hostile-mesh-files/pcl/bun03.pcd":                 {197, 15},
	"hostile-mesh-files/pcl/bun4.pcd":                  {361, 59},
	"hostile-mesh-files/pcl/bunny.pcd":                 {397, 40},
	"hostile-mesh-files/pcl/car6.pcd":                  {10031, -1085870},
	"hostile-mesh-files/pcl/colored_cloud.pcd":         {1000, 478},
	"hostile-mesh-files/pcl/curve2d.pcd":               {51, 27},
	"hostile-mesh-files/pcl/curve3d.pcd":               {110, 108},
	"hostile-mesh-files/pcl/curve_close.pcd":           {110, 107},
	"hostile-mesh-files/pcl/ism_test.pcd":              {3400, 127061},
	"hostile-mesh-files/pcl/ism_train.pcd":             {3400, 146545},
	"hostile-mesh-files/pcl/lamppost.pcd":              {1771, -21562},
	"hostile-mesh-files/pcl/milk.pcd":                  {13704, 7966},
	"hostile-mesh-files/pcl/milk_color.pcd":            {13704, 7966},
	"hostile-mesh-files/pcl/nhood_test.pcd":            {36, -9},
	"hostile-mesh-files/pcl/noisy_slice_displaced.pcd": {3782, 11451},
	"hostile-mesh-files/pcl/octants.pcd":               {8, -97},
	"hostile-mesh-files/pcl/office1_keypoints.pcd":     {1318, -707},
	"hostile-mesh-files/pcl/office2_keypoints.pcd":     {1123, -3175},
	"hostile-mesh-files/pcl/pcl_logo.pcd":              {12909, 2143},
}

func TestRealFiles(t *testing.T) {
	formattest.RealFiles(t, "pcd", goodFiles, func(name string) (counts, error) {
		c, err := Open(name, Limits{})
		if err != nil {
			return counts{}, err
		}
		var sum float64
		for _, v := range c.Points {
			sum += float64(v[0]) + float64(v[1]) + float64(v[2])
		}
		assert.NoError(t, c.Validate())
		return counts{len(c.Points), math.Round(sum)}, nil
	})
}

// TestRealFilesWhole reads everything in the good files, writes it in all formats
// and reads it again.
func TestRealFilesWhole(t *testing.T) {
	dir := formattest.Folder(t)
	for name, want := range goodFiles {
		name = filepath.Join(dir, filepath.FromSlash(name))
		c, err := Open(name, Limits{})
		require.NoError(t, err)
		f, err := OpenAll(name, Limits{})
		require.NoError(t, err)
		again, err := f.Cloud()
		require.NoError(t, err)
		require.Equal(t, c, again, name)
		assert.Equal(t, want.points, f.Len())
		assert.Equal(t, f.Field("normal_x") != nil, c.Normals != nil, name)
		for f.Format = range Format(len(formats)) {
			if f.Len() > 20_000 || f.Format == Text && f.Field("rgb") != nil {
				continue // much of the same, or a float that may be any NaN
			}
			g, err := ReadAll(bytes.NewReader(encoded(t, f)), Limits{})
			require.NoError(t, err)
			require.Equal(t, f, g, name)
		}
	}
}

// The values of some files, which come from a program of its own as well.
func TestRealFields(t *testing.T) {
	dir := filepath.Join(formattest.Folder(t), "hostile-mesh-files", "pcl")
	open := func(name string) *File {
		f, err := OpenAll(filepath.Join(dir, name), Limits{})
		require.NoError(t, err)
		return f
	}
	sums := func(f *File) (s [4]int) {
		for _, c := range f.Colors() {
			for k, x := range []uint8{c.R, c.G, c.B, c.A} {
				s[k] += int(x)
			}
		}
		return s
	}
	assert.Equal(t, [4]int{1253588, 1270390, 1299452, 255 * 13704}, sums(open("milk_color.pcd")))
	logo := open("pcl_logo.pcd")
	assert.IsType(t, []float32{}, logo.Field("rgb").Values)
	assert.Equal(t, [4]int{1761558, 2004238, 1482476, 255 * 12909}, sums(logo))
	assert.Equal(t, Viewpoint{[3]float32{0, 0, -2}, [4]float32{0, 1, 0, 0}}, logo.Viewpoint)

	colored := open("colored_cloud.pcd")
	assert.Equal(t, 136778, sums(colored)[2])
	assert.Equal(t, [2]int{1, 1000}, [2]int{colored.Width, colored.Height})
	assert.Equal(t, float32(0.04019419103860855), colored.Field("curvature").Float32s()[999])

	brisk := open("brisk_descriptors_gt.pcd") // no cloud
	field := brisk.Field("brisk_descriptor512")
	assert.Equal(t, 64, field.Count)
	var sum int
	for _, x := range field.Values.([]uint8) {
		sum += int(x)
	}
	assert.Equal(t, 12663985, sum)
	_, err := brisk.Cloud()
	assert.EqualError(t, err, "pcd: want fields x, y and z of one number each, got none")
}

// TestTruncatedRealFiles cuts good files short: none of what is left is taken for
// the whole, unless only zeros after it are missing.
func TestTruncatedRealFiles(t *testing.T) {
	dir := formattest.Folder(t)
	for name := range goodFiles {
		data, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(name)))
		require.NoError(t, err)
		last := bytes.LastIndexByte(bytes.TrimRight(data, " \r\n"), ' ')
		if !bytes.Contains(data, []byte("DATA ascii")) {
			last = len(bytes.TrimRight(data, "\x00")) - 1
		}
		for n := 0; n <= last; n += max(last/20, 1) {
			_, err := Read(bytes.NewReader(data[:n]), Limits{})
			assert.Error(t, err, "%s: %d of %d bytes", name, n, len(data))
		}
	}
}
