package main

import (
	"setwise/pointcloud"
	"setwise/pointcloud/view"
)

// byRank shows a cloud with each point coloured by the rank of its attention:
// dark for the least, yellow for the most.
func byRank(title string, c pointcloud.Cloud, attention []float64) (view.Options, view.Item) {
	rank := make([]float64, len(attention))
	for i, p := range ascending(attention) {
		rank[p] = float64(i) / float64(len(attention))
	}
	o := view.Options{
		Width: 640, Height: 640, Range: [2]float64{0, 1},
		ValueName: "points by the attention they get", RangeNames: [2]string{"least", "most"},
	}
	return o, view.Item{Title: title, Cloud: c, Values: rank}
}
