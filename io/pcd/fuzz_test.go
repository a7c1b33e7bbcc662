package pcd

import (
	"bytes"
	"fmt"
	"image/color"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/require"

	"setwise/io/internal/formattest"
)

// FuzzPCD holds that no bytes make the reader panic, that what it accepts does
// not depend on how the bytes arrive, that cloud and file agree and the cloud is
// valid, and that writing and reading gives the same file, bit for bit.
func FuzzPCD(f *testing.F) {
	file, err := OfCloud(formattest.Cloud(3))
	require.NoError(f, err)
	file.SetColors(make([]color.NRGBA, 16))
	file.Fields = append(file.Fields, Field{"histogram", 5, make([]uint16, 80)})
	for file.Format = range Format(len(formats)) {
		f.Add(encoded(f, file))
	}
	for _, seed := range [][]byte{
		[]byte(three),
		[]byte("fields x y z\nsize 4 8 4\ntype f f i\npoints 2\ndata ascii\n694386.212 5155487.512 16777217\n694386.262 5155487.562 nan"),
		[]byte("version .5\r\ncolumns z _ y x\r\nsize 2 1 8 4\r\ntype u i f f\r\ncount 1 2 1 1\r\npoints 1\r\ndata ascii\r\n255.0 1 2 nan -inf"),
		binaryFile(strings.Replace(three, "SIZE 4", "SIZE 8", 1), "binary", make([]byte, 48), uint8('\n')),
		binaryFile(three, "binary_compressed", uint32(6), uint32(36), []byte{0, 7, 0xe0, 26, 0, 0}),
		formattest.Zipped(f, []byte(three)),
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		limits := Limits{Points: 1000}
		file, err := ReadAll(bytes.NewReader(data), limits)
		streamed, errStreamed := ReadAll(iotest.OneByteReader(bytes.NewReader(data)), limits)
		c, errCloud := Read(bytes.NewReader(data), limits)
		if err != nil {
			require.Error(t, errStreamed)
			require.Error(t, errCloud)
			return
		}
		require.NoError(t, errStreamed)
		require.Equal(t, fmt.Sprint(file), fmt.Sprint(streamed)) // one NaN is like another
		if len(file.Fields) == 0 {
			return // all padding
		}
		cloud, err := file.Cloud()
		require.Equal(t, errCloud, err)
		if file.Format != Text || c.Origin == cloud.Origin { // a File has F of SIZE 4 as float32
			require.Equal(t, c, cloud)
		}
		require.NoError(t, c.Validate())
		require.LessOrEqual(t, file.Len(), 1000)
		file.Colors()
		for _, file.Format = range []Format{file.Format, Compressed, Binary, Text} {
			again, err := ReadAll(bytes.NewReader(encoded(t, file)), limits)
			require.NoError(t, err)
			if file.Viewpoint == (Viewpoint{}) {
				again.Viewpoint = Viewpoint{} // which is written as another
			}
			require.Equal(t, fmt.Sprint(file), fmt.Sprint(again))
			for i := range file.Fields {
				require.IsType(t, file.Fields[i].Values, again.Fields[i].Values)
			}
		}
	})
}
