package main

import (
	"fmt"
	"io"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"

	"setwise/examples/internal/show"
	"setwise/io/dataset"
)

// split divides shapes into those to learn from, those held back to validate
// with and those to be tested on, and tells what does not come to be used.
func split(s *dataset.Set, o options, notes io.Writer) (known, held, unseen []dataset.Item, err error) {
	if len(s.Classes) < 2 {
		return nil, nil, nil, fmt.Errorf("want shapes of two classes or more, got only %.100q%s", s.Classes, lower(o.data, s.Shapes))
	}
	marked := func(part string) bool {
		return slices.ContainsFunc(s.Shapes, func(x dataset.Item) bool { return x.Part == part })
	}
	drawn := !marked(dataset.Test) && !marked(dataset.Validation)
	known, unseen, err = s.Split(0.8, rand.New(rand.NewPCG(o.seed, 2)))
	switch {
	case err != nil && drawn:
		return nil, nil, nil, fmt.Errorf("want two shapes of a class, one to learn from and one to be tested on, got one shape of each of %d classes", len(s.Classes))
	case err != nil:
		return nil, nil, nil, err
	case drawn:
		fmt.Fprintf(notes, "no shapes are marked to be tested on: a fifth of each class is drawn at random (-seed %d)\n", o.seed)
	case !marked(dataset.Test):
		fmt.Fprintln(notes, "there is no part test: what is marked val is tested on")
	}
	if n := len(s.Shapes) - len(known) - len(unseen); n > 0 {
		fmt.Fprintf(notes, "not used: %s of the part val\n", show.Count(n, "shape"))
	}
	if o.validate > 0 {
		whole := &dataset.Set{Classes: s.Classes, Shapes: slices.Clone(known)}
		for i := range whole.Shapes {
			whole.Shapes[i].Part = ""
		}
		if known, held, err = whole.Split(1-o.validate, rand.New(rand.NewPCG(o.seed, 4))); err != nil {
			return nil, nil, nil, fmt.Errorf("-validate: want two shapes or more of a class to learn from, so that one can be held back, got %s of %d classes", show.Count(len(whole.Shapes), "shape"), len(s.Classes))
		}
	}
	tested := map[int]bool{}
	for _, x := range unseen {
		tested[x.Class] = true
	}
	var bare []string
	for c, name := range s.Classes {
		if !tested[c] {
			bare = append(bare, name)
		}
	}
	if len(bare) > 0 {
		fmt.Fprintf(notes, "classes without a shape to be tested on, %d of %d: %.40q\n", len(bare), len(s.Classes), bare[:min(len(bare), mostTold)])
	}
	return known, held, unseen, nil
}

// lower says that there are several folders in the one in which all shapes lie,
// if that is so: they may be the classes.
func lower(dir string, shapes []dataset.Item) string {
	var all []string // folders above all shapes
	for i, s := range shapes {
		steps := strings.Split(s.Name, "/")
		steps = steps[:len(steps)-1]
		if i == 0 {
			all = steps
		}
		n := 0
		for n < min(len(all), len(steps)) && all[n] == steps[n] {
			n++
		}
		all = all[:n]
	}
	var within []string
	for _, s := range shapes {
		if steps := strings.Split(s.Name, "/"); len(all) > 0 && len(steps) > len(all)+1 {
			within = append(within, steps[len(all)])
		}
	}
	slices.Sort(within)
	if within = slices.Compact(within); len(within) < 2 {
		return ""
	}
	below := filepath.Join(append([]string{dir}, all...)...)
	return fmt.Sprintf("; -data %s goes by the folders in it: %.40q", below, within[:min(len(within), 12)])
}
