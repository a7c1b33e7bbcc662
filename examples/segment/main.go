// Segment learns to tell the parts of shapes apart, point by point, and labels the
// points of clouds with what it learned.
//
//	go run ./examples/segment
//
// makes eight classes of solids whose parts are known (the seat, the back, the legs
// and the arms of chairs), learns from some, labels the points of others, tells how
// well it does so, and writes a model, a picture and a page. Its other uses are in
//
//	go run ./examples/segment -help
//
// # What it learns
//
// A shape, brought to the unit sphere, is seen as some hundred points with
// normals. The network, a [setwise/layers/local.Network], gathers the points in groups, the groups in
// larger ones and all of these in one, and goes back: what it knows of groups is
// interpolated to the points in them. It is not told the class of a shape, and
// chooses among the parts of all classes. How it would do if it were told, and so
// chose among the parts of the class alone, as is usual for ShapeNetPart, is
// reported beside it.
//
// Shapes of more points than the network is used to are taken apart at random, into
// clouds of about that many, so that each point is labelled in a cloud of the
// density of training.
//
// # Scans
//
// With -block a scan is looked at in blocks, square columns of that side, z pointing
// up, which overlap by half: a point is labelled in the block in whose middle
// it lies. A label takes 4 bytes a point, and so does the order of the points by
// blocks; 2,000,000 points are labelled in some 260 MiB, the points themselves, their
// normals and the file that is written included.
//
// An interrupt (Ctrl-C) saves the training; -resume goes on with it.
package main

import (
	"context"
	"io"

	"setwise/examples/internal/show"
)

func main() { show.Main("segment", run) }

// run is the program: results go to out, progress and help to notes.
func run(ctx context.Context, args []string, out, notes io.Writer) error {
	o, err := parse(args, notes)
	if err != nil {
		return err
	}
	if len(o.label) > 0 {
		return label(ctx, o, out, notes)
	}
	return learn(ctx, o, out, notes)
}
