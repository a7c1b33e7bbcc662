package xyz

import (
	"bytes"
	"io"
	"testing"

	"github.com/stretchr/testify/require"

	"setwise/io/internal/formattest"
)

// FuzzXYZ holds that no bytes make the reader panic, that what it accepts does
// not depend on how the bytes arrive, and that writing and reading gives the
// same cloud, bit for bit.
func FuzzXYZ(f *testing.F) {
	for _, seed := range []string{
		"1 2 3\n-4 5.5 6e3\n",
		"2\r\n1 2 3 0 .6 .8 1\r\n4 5 6 0 0 -1 2 // b\r\n",
		"\ufeff\"X\";\"Y\";\"Z\";\"r\"\r1;2;3;4\r",
		"# x,y,z,nx,ny,nz\n1, 2, 3, 1, 0, 0,\n",
		"3\n\nO 0 0 0\n",
		"694386.212,5155487.512,381.036\n694386.262,5155487.562,381.036\n0,1e30,-7\n",
		"x y z\n",
	} {
		f.Add([]byte(seed))
	}
	f.Add(formattest.Zipped(f, []byte("1 2 3\n")))
	f.Fuzz(func(t *testing.T, data []byte) {
		limits := Limits{Points: 1000}
		table, err := formattest.Streams(t, data, func(r io.Reader) (File, error) { return ReadAll(r, limits) })
		if err != nil {
			return
		}
		require.NoError(t, table.Cloud.Validate())
		for _, c := range table.Columns {
			require.Len(t, c.Values, table.Cloud.Len())
		}
		for _, o := range []Options{{}, {CSV: true}, {Columns: table.Columns}, {CSV: true, Columns: table.Columns}} {
			if check(table.Cloud, o.Columns) != nil {
				continue // a name that cannot be written
			}
			again, err := ReadAll(bytes.NewReader(encoded(t, table.Cloud, o)), limits)
			require.NoError(t, err)
			if table.Cloud.Origin != again.Cloud.Origin { // which may be rounded the other way
				formattest.SamePlaces(t, table.Cloud.Points, table.Cloud.Origin, again.Cloud.Points, again.Cloud.Origin)
				again.Cloud.Points, again.Cloud.Origin = table.Cloud.Points, table.Cloud.Origin
			}
			require.Equal(t, table.Cloud, again.Cloud)
			require.Equal(t, o.Columns, again.Columns)
		}
	})
}
