package train_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"setwise/layers/train"
	"setwise/set"
)

func ExampleMeanIoU() {
	const body, handle = 0, 1 // of class 0, cups
	found := train.MeanIoU([]train.Segmented{
		{Truth: []int32{body, body, body, handle}, Predicted: []int32{body, body, handle, handle}},
		{Truth: []int32{body, body}, Predicted: []int32{body, body}}, // without a handle, and none is found
	}, [][]int32{{body, handle}})
	fmt.Printf("%.3f of the body, %.3f of the handle, %.3f altogether\n", found.Classes[0].Parts[0], found.Classes[0].Parts[1], found.Instances)
	// Output: 0.833 of the body, 0.750 of the handle, 0.792 altogether
}

// Against values by hand.
func TestMeanIoU(t *testing.T) {
	parts := [][]int32{{3, 5}, {0, 1, 2}, {7}}
	sets := []train.Segmented{
		// 3: 2 of 3; 5: 1 of 2.
		{Class: 0, Truth: []int32{3, 3, 3, 5}, Predicted: []int32{3, 3, 5, 5}},
		// 0: 1 of 2, for another class's part is a miss; 1: 0 of 1; 2: nowhere.
		{Class: 1, Truth: []int32{0, 0, 1}, Predicted: []int32{0, 7, 9}},
		// Not known is not counted, whatever is predicted: 0: 1 of 1; 1: 1 of 1; 2: nowhere.
		{Class: 1, Truth: []int32{0, -1, 1, -4}, Predicted: []int32{0, 2, 1, 0}},
		// All absent.
		{Class: 0},
		// A part that is predicted but not there: 0.
		{Class: 0, Truth: []int32{3}, Predicted: []int32{5}},
	}
	got := train.MeanIoU(sets, parts)
	first, second := (2./3+1./2)/2, (1./2+0+1)/3
	require.InDeltaSlice(t, []float64{first, second, 1, 1, 0}, got.Sets, 1e-12)
	require.InDelta(t, (first+second+1+1+0)/5, got.Instances, 1e-12)
	require.Equal(t, []int{3, 2, 0}, []int{got.Classes[0].Sets, got.Classes[1].Sets, got.Classes[2].Sets})
	require.InDelta(t, (first+1+0)/3, got.Classes[0].Mean, 1e-12)
	require.InDelta(t, (second+1)/2, got.Classes[1].Mean, 1e-12)
	require.Zero(t, got.Classes[2].Mean)
	require.InDelta(t, ((first+1)/3+(second+1)/2)/2, got.MeanClass, 1e-12)
	require.InDeltaSlice(t, []float64{(2./3 + 1 + 0) / 3, (1./2 + 1 + 0) / 3}, got.Classes[0].Parts, 1e-12)
	require.InDeltaSlice(t, []float64{3. / 4, 1. / 2, 1}, got.Classes[1].Parts, 1e-12)
	require.Equal(t, []float64{0}, got.Classes[2].Parts)
	require.Equal(t, train.IoU{Sets: []float64{}, Classes: []train.ClassIoU{}}, train.MeanIoU(nil, nil))
}

// The order of the elements does not count.
func TestMeanIoUOrder(t *testing.T) {
	a := train.Segmented{Truth: []int32{0, 1, 1, 0, 2}, Predicted: []int32{0, 1, 0, 2, 2}}
	b := train.Segmented{Truth: []int32{2, 1, 0, 0, 1}, Predicted: []int32{2, 0, 2, 0, 1}}
	parts := [][]int32{{0, 1, 2}}
	require.Equal(t, train.MeanIoU([]train.Segmented{a}, parts), train.MeanIoU([]train.Segmented{b}, parts))
}

func TestMeanIoURefuses(t *testing.T) {
	for want, c := range map[string]struct {
		set   train.Segmented
		parts [][]int32
	}{
		"classes from 0 to 0, got 1 in set 0":               {train.Segmented{Class: 1}, [][]int32{{0}}},
		"classes from 0 to 0, got -1 in set 0":              {train.Segmented{Class: -1}, [][]int32{{0}}},
		"predictions for 1 elements of set 0, got 2":        {train.Segmented{Truth: []int32{0}, Predicted: []int32{0, 0}}, [][]int32{{0}}},
		"one of the 2 parts of class 0, got 4 in set 0":     {train.Segmented{Truth: []int32{4}, Predicted: []int32{0}}, [][]int32{{0, 1}}},
		"parts from 0, each once, got 2 in class 0":         {train.Segmented{}, [][]int32{{2, 2}}},
		"parts from 0, each once, got -1 in class 0":        {train.Segmented{}, [][]int32{{-1}}},
		"a part or more in each class, got none in class 1": {train.Segmented{}, [][]int32{{0}, {}}},
	} {
		err := set.Try(func() { train.MeanIoU([]train.Segmented{c.set}, c.parts) })
		require.ErrorContains(t, err, "train.MeanIoU: want "+want)
	}
}
