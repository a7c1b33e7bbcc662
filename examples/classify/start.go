package main

import (
	"crypto/sha256"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"setwise/examples/internal/show"
	"setwise/io/checkpoint"
	"setwise/io/tensor"
	"setwise/layers"
	"setwise/layers/classifier"
)

// start fills in what the model that -start names has learned, but for the last
// layer, which is of its own classes, and tells what it takes and what not.
func (l *lesson) start(name string, notes io.Writer) error {
	f, err := checkpoint.Open(name, tensor.Limits{Bytes: classifier.MostBytes})
	if err != nil {
		return fmt.Errorf("-start: %w", err)
	}
	some, err := f.LoadSome(l.Net, func(name string) bool {
		return strings.HasPrefix(name, "Out.") || strings.HasPrefix(name, "Head.") && l.Config.Set != nil
	})
	if err != nil {
		return fmt.Errorf("-start: %w", err)
	}
	taken, all := 0, 0
	for name, p := range layers.Params(l.Net) {
		all += len(p.Data)
		if slices.Contains(some.Taken, name) {
			taken += len(p.Data)
		}
	}
	fmt.Fprintf(notes, "-start %s: %d of the %d numbers of the model are those of the file\n", show.Plain(name), taken, all)
	for _, left := range []struct {
		what  string
		names []string
	}{{"begins anew", some.Anew}, {"of another shape there", some.Shapes}, {"not used of the file", some.Unused}} {
		if n := len(left.names); n > 0 {
			list := strings.Join(left.names[:min(n, mostTold)], ", ")
			if n > mostTold {
				list += fmt.Sprintf(" and %d more", n-mostTold)
			}
			fmt.Fprintf(notes, "\t%s: %s\n", left.what, show.Plain(show.Shorten(list, 1000)))
		}
	}
	var was classifier.Classifier
	if f.Config(&was) == nil && len(was.Classes) > 0 {
		for _, differ := range []struct{ what, was, now string }{
			{"-turn", was.Features.Turn, l.Features.Turn},
			{"-extra", fmt.Sprintf("%.200q", was.Features.Columns), fmt.Sprintf("%.200q", l.Features.Columns)},
		} {
			if differ.was != differ.now {
				fmt.Fprintf(notes, "\tit learned with %s %s, and this is %s\n", differ.what, show.Plain(differ.was), show.Plain(differ.now))
			}
		}
	}
	l.begin, err = sumOf(name)
	return err
}

// sumOf hashes a file.
func sumOf(name string) (string, error) {
	f, err := os.Open(name)
	if err != nil {
		return "", err
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return "", fmt.Errorf("%s: %w", name, err)
	}
	return short(h), nil
}
