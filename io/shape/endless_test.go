package shape_test

import (
	"io"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"setwise/io/shape"
)

// endless returns what never ends: a text again and again, after another.
func endless(first, text string) io.Reader {
	return io.MultiReader(strings.NewReader(first), &repeated{text: strings.Repeat(text, 1+1<<16/len(text))})
}

type repeated struct {
	text string
	at   int
}

func (r *repeated) Read(b []byte) (int, error) {
	n := copy(b, r.text[r.at:])
	r.at = (r.at + n) % len(r.text)
	return n, nil
}

// What never ends is an error under every name, and takes no more memory than the
// limits allow.
func TestNeverEnds(t *testing.T) {
	begins := map[string][]string{
		"":     {""},
		".stl": {"", "solid a\n", "solid a\nfacet", "solid a\nendsolid a\n"},
		".off": {"", "OFF\n", "OFF 2 0 0\n1 2 3\n", "OFF 1 0 0\n1 2 3\n"},
		".obj": {"", "v 1 2 3\n"},
		".ply": {"ply\n", "ply\nformat ascii 1.0\ncomment ", "ply\nformat ascii 1.0\nelement vertex 1\nproperty float x\nproperty float y\nproperty float z\nend_header\n1 2 3\n",
			"ply\nformat binary_little_endian 1.0\nelement vertex 1\nproperty float x\nproperty float y\nproperty float z\nend_header\n"},
		".pcd": {"", "# .PCD\n", "VERSION 0.7\nFIELDS x y z\nWIDTH 1\nDATA ascii\n1 2 3\n", "VERSION 0.7\nFIELDS x y z\nWIDTH 1\nDATA binary\n"},
		".xyz": {"", "1 2 3\n"},
		".npy": {"\x93NUMPY\x01\x00", ""},
		".npz": {""},
	}
	texts := []string{"\x00", "\n", "# c\n", "g a ", "1 2 3\n", "solid\nendsolid\n", "color 1\n"}
	if testing.Short() {
		texts = texts[:1]
	}
	for end, first := range begins {
		for _, begin := range first {
			for _, text := range texts {
				_, err := shape.Read(endless(begin, text), "a"+end, shape.Limits{Points: 1000, Faces: 1000})
				assert.Error(t, err, "%q and %q without end, as %s", begin, text, end)
				assert.NotErrorIs(t, err, io.EOF)
			}
		}
	}
	if f, err := os.Open("/dev/zero"); err == nil {
		defer f.Close()
		for _, end := range shape.Ends() {
			_, err := shape.Read(f, "a"+end, shape.Limits{})
			assert.Error(t, err, end)
		}
	}
}
