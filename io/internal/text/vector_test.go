package text_test

import (
	"fmt"
	"math"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/assert"

	"setwise/io/internal/number"
	"setwise/io/internal/text"
)

func TestPlace(t *testing.T) {
	for _, c := range []struct {
		text             string
		place, direction string // an error or the numbers
	}{
		{"1 -2 3.5 4\n", "[1 -2 3.5]", "[1 -2 3.5]"},
		{"1 nan 3", `line 1: want a finite number within float32, got "nan"`, "[0 0 0]"},
		{"1 2 x", `line 1: want a finite number within float32, got "x"`, `line 1: want a number, got "x"`},
		{"\n1 2\n3", `line 2: the line ends early: want a finite number within float32`, `line 2: the line ends early: want a number`},
		{"1 2", `line 1: the file ends early: want a finite number within float32`, `line 1: the file ends early: want a number`},
		{"", `line 1: the file ends early: want a finite number within float32`, `line 1: the file ends early: want a number`},
	} {
		scanner := func() *text.Scanner {
			return text.NewScanner(iotest.OneByteReader(strings.NewReader(c.text)), 0, 0)
		}
		got := func(v any, err error) string {
			if err != nil {
				return err.Error()
			}
			return fmt.Sprint(v)
		}
		s := scanner()
		place, err := s.Place(s.Next())
		assert.Equal(t, c.place, got(place, err), "%q", c.text)
		s = scanner()
		direction, err := s.Direction(s.Next())
		assert.Equal(t, c.direction, got(direction, err), "%q", c.text)
	}
}

func TestAppendVector(t *testing.T) {
	v := [3]float32{0.1, -math.MaxFloat32, math.SmallestNonzeroFloat32}
	b := number.AppendVector([]byte("v"), v)
	assert.Equal(t, "v 0.1 -3.4028235e+38 1e-45", string(b))
	s := text.NewScanner(strings.NewReader(string(b[1:])), 0, 0)
	got, err := s.Direction(s.Next())
	assert.NoError(t, err)
	assert.Equal(t, v, got)
}

func TestAppendPlace(t *testing.T) {
	v := [3]float32{0.26, 10000.1, 381.036}
	b := number.AppendPlace([]byte("v"), v, [3]float64{694386, 0, 0})
	assert.Equal(t, "v 694386.26 10000.099609375 381.036", string(b), "float32 has no 10000.1")
	s := text.NewScanner(strings.NewReader(string(b[1:])), 0, 0)
	got, err := s.Place(s.Next())
	assert.NoError(t, err)
	assert.Equal(t, [3]float64{694386.26, float64(v[1]), float64(v[2])}, got)
}
