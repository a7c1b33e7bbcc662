package main

import (
	"errors"
	"fmt"
	"io"
	"math/rand/v2"

	"setwise/examples/internal/show"
	"setwise/io/dataset"
)

const (
	around   = 16 // how many of a point's nearest points tell its normal
	mostTold = 10 // files in a list
)

// load returns the samples that the options name, or solids without any, and tells
// notes what is passed over, guessed or missing.
func load(o options, notes io.Writer) (samples, error) {
	if o.data == "" {
		return makeSolids(o)
	}
	fmt.Fprintf(notes, "reading %s\n", show.Plain(o.data))
	s, err := dataset.Open(o.data, dataset.Options{Skip: o.skip, Labels: true})
	if failed := (*dataset.FilesError)(nil); errors.As(err, &failed) && len(failed.Errors) < failed.Of {
		return samples{}, fmt.Errorf("%w\n-skip passes over them", err)
	}
	if err != nil {
		return samples{}, err
	}
	for _, note := range s.Notes {
		fmt.Fprintln(notes, show.Lines(note))
	}
	if n := len(s.Skipped); n > 0 {
		fmt.Fprintf(notes, "passed over: %d of %d files, which cannot be read:\n", n, n+len(s.Shapes))
		for _, err := range s.Skipped[:min(mostTold, n)] {
			fmt.Fprintf(notes, "\t%s\n", show.Lines(err.Error()))
		}
	}
	known, unseen, err := s.Split(0.8, rand.New(rand.NewPCG(o.seed, 2)))
	if err != nil {
		return samples{}, err
	}
	if n := len(s.Shapes) - len(known) - len(unseen); n > 0 {
		fmt.Fprintf(notes, "%d shapes of the part val are not used\n", n)
	}
	prepare(known, unseen, o.points, notes)
	out, err := ofData(known, unseen, s.Classes, o.block)
	if err != nil {
		return out, fmt.Errorf("%s: %w", o.data, err)
	}
	out.tellStrange(unseen, notes)
	return out, nil
}

// prepare gives normals to the clouds that have none, and tells that and which
// clouds have few points.
func prepare(known, unseen []dataset.Item, points int, notes io.Writer) {
	bare, few := 0, 0
	for _, list := range [][]dataset.Item{known, unseen} {
		for i, s := range list {
			if s.Cloud.Len() < points {
				few++
			}
			if s.Cloud.Normals == nil {
				bare++
				list[i].Cloud = s.Cloud.WithNormals(around)
			}
		}
	}
	if few > 0 {
		fmt.Fprintf(notes, "%d of %d shapes have fewer than %d points: all of them are taken\n", few, len(known)+len(unseen), points)
	}
	if bare > 0 {
		fmt.Fprintf(notes, "%d of %d shapes have no normals: they are estimated from the %d nearest points\n", bare, len(known)+len(unseen), around)
	}
}

// tellStrange tells how many points to be tested on have labels that no shape of
// their class to learn from has: they are not counted.
func (s samples) tellStrange(unseen []dataset.Item, notes io.Writer) {
	strange, all := 0, 0
	for i, x := range s.unseen {
		for k, label := range x.labels {
			all++
			if label < 0 && unseen[i].Labels[k] >= 0 {
				strange++
			}
		}
	}
	if strange > 0 {
		fmt.Fprintf(notes, "%d of %d points to be tested on have labels that no shape of their class to learn from has: they are not counted\n", strange, all)
	}
}
