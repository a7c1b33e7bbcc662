package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"path/filepath"
	"slices"

	"setwise/examples/internal/files"
	"setwise/examples/internal/show"
	"setwise/layers/train"
	"setwise/pointcloud/view"
)

// report labels the unseen samples, and tells and draws how well that went.
func (l *lesson) report(ctx context.Context, o options, out io.Writer) error {
	found, told := make([]train.Segmented, len(l.unseen)), make([]train.Segmented, len(l.unseen))
	for i, s := range l.unseen {
		labels, err := l.labels(ctx, s.cloud, []int{-1, s.class}, func(int) {})
		if err != nil {
			return err
		}
		found[i] = train.Segmented{Class: s.class, Truth: s.labels, Predicted: labels[0]}
		told[i] = train.Segmented{Class: s.class, Truth: s.labels, Predicted: labels[1]}
	}
	iou, known := train.MeanIoU(found, l.parts()), train.MeanIoU(told, l.parts())
	for c, of := range iou.Classes {
		if of.Sets == 0 {
			continue
		}
		fmt.Fprintf(out, "%-16s %4d  %.3f ", show.Plain(l.Classes[c].Name), of.Sets, of.Mean)
		for k, x := range of.Parts {
			fmt.Fprintf(out, "  %s %.3f", show.Plain(l.Parts[l.Classes[c].Parts[k]]), x)
		}
		fmt.Fprintln(out)
	}
	fmt.Fprintf(out, "where the class is told, as is usual for ShapeNetPart: mean IoU %.3f of shapes, %.3f of classes\n\n", known.Instances, known.MeanClass)
	if err := l.draw(o, found, iou, out); err != nil {
		return err
	}
	fmt.Fprintf(out, "wrote %s: the epochs in numbers\n", show.Plain(filepath.Join(o.out, "epochs.csv")))
	fmt.Fprintf(out, "wrote %s: the model\n", show.Plain(o.modelFile()))
	fmt.Fprintf(out, "mean IoU %.3f of %d unseen shapes, %.3f of %d classes\n", iou.Instances, len(l.unseen), iou.MeanClass, len(l.Classes))
	return nil
}

// Measures of pictures.
const (
	mostShown       = 8       // shapes
	mostShownPoints = 1 << 16 // of each
)

// draw shows an unseen shape of each of the first classes, truth and prediction:
// that of the middle IoU.
func (l *lesson) draw(o options, found []train.Segmented, iou train.IoU, out io.Writer) error {
	var items []view.Item
	for c := range l.Classes {
		var of []int
		var values []float64
		for i, s := range l.unseen {
			if s.class == c {
				of, values = append(of, i), append(values, iou.Sets[i])
			}
		}
		if len(of) == 0 || len(items) == 2*mostShown {
			continue
		}
		i := of[middle(values)]
		items = append(items,
			l.item(found[i].Truth, i, l.Classes[c].Name),
			l.item(found[i].Predicted, i, fmt.Sprintf("predicted, IoU %.2f", iou.Sets[i])))
	}
	for _, picture := range []struct {
		name, what string
		draw       func(io.Writer) error
	}{
		{"parts.png", "unseen shapes, the truth above what is predicted", func(w io.Writer) error {
			return view.PNG(w, view.Options{Pairs: true, Width: 280, Height: 260}, items...)
		}},
		{"parts.html", "the same side by side, to turn with the mouse in a browser", func(w io.Writer) error {
			return view.HTML(w, view.Options{Pairs: true, Title: "Unseen shapes, and their parts as predicted"}, items...)
		}},
	} {
		name := filepath.Join(o.out, picture.name)
		if err := files.Write(name, picture.draw); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		fmt.Fprintf(out, "wrote %s: %s\n", show.Plain(name), picture.what)
	}
	return nil
}

// item shows an unseen sample by labels of its points: each of its class's parts
// has a colour, and those of other classes have those that follow.
func (l *lesson) item(labels []int32, i int, title string) view.Item {
	s := l.unseen[i]
	number := map[int32]int{-1: -1}
	var names []string
	add := func(p int32, name string) {
		if _, ok := number[p]; !ok {
			number[p] = len(names)
			names = append(names, name)
		}
	}
	for _, p := range l.Classes[s.class].Parts {
		add(p, l.Parts[p])
	}
	for c, of := range l.Classes {
		for _, p := range of.Parts {
			add(p, l.Classes[c].Name+": "+l.Parts[p])
		}
	}
	step := (s.cloud.Len() + mostShownPoints - 1) / mostShownPoints
	var at []int32
	var classes []int
	for k := 0; k < s.cloud.Len(); k += step {
		at, classes = append(at, int32(k)), append(classes, number[labels[k]])
	}
	return view.Item{Title: title, Cloud: selected(s.cloud, at), Classes: classes, ClassNames: names}
}

// middle returns the place of the median, the lower one of two.
func middle(values []float64) int {
	order := make([]int, len(values))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(values[a], values[b]) })
	return order[(len(order)-1)/2]
}
