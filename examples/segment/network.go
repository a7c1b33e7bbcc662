package main

import (
	"setwise/layers/local"
	"setwise/pointcloud"
)

// networkOf describes a network for elements of width in that gives each a logit
// for each of out parts: see [local.Network]. Every point looks at those around it,
// and is then seen as one of a group, and of a group of groups.
func networkOf(in, dim, out int) local.Config {
	return local.Config{
		In: in, Out: out, Points: true,
		Stages: []local.Stage{
			{Groups: pointcloud.Groups{Near: 12}, Unit: 0.2, Points: []int{dim}, Dim: 2 * dim},
			{Groups: pointcloud.Groups{Centres: 128, Near: 16}, Unit: 0.35, Points: []int{2 * dim}, Dim: 4 * dim},
			{Groups: pointcloud.Groups{Centres: 32, Near: 12}, Unit: 0.7, Points: []int{4 * dim}, Dim: 8 * dim},
		},
		Dim: 8 * dim, Back: 2 * dim, Hidden: 4 * dim,
	}
}
