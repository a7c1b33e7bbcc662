package source_test

import (
	"bytes"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"setwise/io/internal/formattest"
	"setwise/io/internal/source"
)

func TestUnzip(t *testing.T) {
	one, two := formattest.Zipped(t, []byte("one,")), formattest.Zipped(t, []byte("two"))
	empty := formattest.Zipped(t, nil)
	join := func(parts ...[]byte) []byte { return bytes.Join(parts, nil) }
	zeros := make([]byte, 10_000)
	for name, c := range map[string]struct {
		data      []byte
		want, err string
	}{
		"one member":         {one, "one,", ""},
		"two members":        {join(one, two), "one,two", ""},
		"empty members":      {join(empty, empty, one, empty, two, empty), "one,two", ""},
		"zeros":              {join(one, two, zeros), "one,two", ""},
		"a zero":             {join(one, zeros[:1]), "one,", ""},
		"empty and zeros":    {join(empty, zeros), "", ""},
		"junk":               {join(one, []byte("junk")), "", "gzip: something after the last member that is neither another nor zeros"},
		"a byte":             {join(one, []byte{0x1f}), "", "gzip: something after the last member"},
		"zeros, then member": {join(one, zeros, two), "", "gzip: something after the last member"},
		"cut member":         {join(one, two[:len(two)-1]), "", "gzip: unexpected EOF"},
		"cut header":         {join(one, two[:5]), "", "gzip: unexpected EOF"},
		"wrong sum":          {join(one[:len(one)-5], []byte{1}, one[len(one)-4:]), "", "gzip: gzip: invalid checksum"},
	} {
		for how, r := range map[string]io.Reader{"whole": bytes.NewReader(c.data), "bytes": iotest.OneByteReader(bytes.NewReader(c.data))} {
			got, err := source.Read("x", r, func(s *source.Stream) (string, error) {
				b, err := io.ReadAll(s)
				return string(b), err
			})
			if c.err != "" {
				assert.ErrorContains(t, err, c.err, "%s, %s", name, how)
				continue
			}
			require.NoError(t, err, "%s, %s", name, how)
			assert.Equal(t, c.want, got, "%s, %s", name, how)
		}
	}
	endless := io.MultiReader(bytes.NewReader(one), zeroReader{})
	_, err := source.Read("x", endless, func(s *source.Stream) (int64, error) { return io.Copy(io.Discard, s) })
	assert.ErrorContains(t, err, "MiB of zeros after the last member")
	_, err = source.Read("x", strings.NewReader("\x1f\x8bxx"), func(*source.Stream) (int, error) { return 0, nil })
	assert.ErrorContains(t, err, "x: gzip: ")
}

type zeroReader struct{}

func (zeroReader) Read(b []byte) (int, error) { clear(b); return len(b), nil }
