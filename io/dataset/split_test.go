package dataset_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"setwise/io/dataset"
)

// shapes returns a set with so many shapes of each class.
func shapes(sizes ...int) *dataset.Set {
	s := &dataset.Set{}
	for class, n := range sizes {
		s.Classes = append(s.Classes, fmt.Sprint(class))
		for i := range n {
			s.Shapes = append(s.Shapes, dataset.Item{Name: fmt.Sprintf("%d/%02d", class, i), Class: class})
		}
	}
	return s
}

func perClass(shapes []dataset.Item, classes int) []int {
	n := make([]int, classes)
	for _, x := range shapes {
		n[x.Class]++
	}
	return n
}

func names(shapes []dataset.Item) []string {
	var out []string
	for _, x := range shapes {
		out = append(out, x.Name)
	}
	return out
}

func TestSplitByFraction(t *testing.T) {
	s := shapes(10, 25, 1, 2, 3)
	for fraction, want := range map[float64][]int{
		0.8:  {8, 20, 1, 1, 2},
		0.5:  {5, 13, 1, 1, 2},
		0.01: {1, 1, 1, 1, 1},
		0.99: {9, 24, 1, 1, 2},
	} {
		train, test, err := s.Split(fraction, seeded(1))
		require.NoError(t, err)
		assert.Equal(t, want, perClass(train, 5), "%v", fraction)
		assert.IsIncreasing(t, names(train))
		assert.IsIncreasing(t, names(test))
		assert.ElementsMatch(t, names(s.Shapes), append(names(train), names(test)...))
	}
	a, _, _ := s.Split(0.5, seeded(1))
	b, _, _ := s.Split(0.5, seeded(1))
	c, _, _ := s.Split(0.5, seeded(2))
	assert.Equal(t, a, b)
	assert.NotEqual(t, a, c)
}

func TestSplitByPart(t *testing.T) {
	s := shapes(6)
	for i, part := range []string{"test", "train", "val", "", "test", "train"} {
		s.Shapes[i].Part = part
	}
	train, test, err := s.Split(0, nil)
	require.NoError(t, err)
	assert.Equal(t, []string{"0/01", "0/03", "0/05"}, names(train))
	assert.Equal(t, []string{"0/00", "0/04"}, names(test))
	assert.Equal(t, []string{"0/02"}, names(s.Part(dataset.Validation)))

	s.Shapes = s.Shapes[1:4] // without a test part, the validation part
	train, test, err = s.Split(0, nil)
	require.NoError(t, err)
	assert.Equal(t, []string{"0/01", "0/03"}, names(train))
	assert.Equal(t, []string{"0/02"}, names(test))

	s.Shapes = s.Shapes[:1] // only marked to train with: drawn by fraction
	_, _, err = s.Split(0.5, seeded(1))
	assert.EqualError(t, err, "dataset: want shapes to train and to test with, got 1 and 0")
}

func TestSplitRefuses(t *testing.T) {
	for _, fraction := range []float64{0, 1, -1, 2} {
		_, _, err := shapes(10).Split(fraction, seeded(1))
		assert.EqualError(t, err, fmt.Sprintf("dataset: want a fraction to train with between 0 and 1, got %v", fraction))
	}
	_, _, err := (&dataset.Set{}).Split(0.5, seeded(1))
	assert.EqualError(t, err, "dataset: want shapes to train and to test with, got 0 and 0")
	s := shapes(2)
	s.Shapes[0].Part, s.Shapes[1].Part = "test", "test"
	_, _, err = s.Split(0.5, seeded(1))
	assert.EqualError(t, err, "dataset: want shapes to train and to test with, got 0 and 2")
}
