package study

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
)

// Run is the program of some tasks, of which the first is the default: results go
// to out, progress and help to notes.
func Run(ctx context.Context, tasks []Task, args []string, in io.Reader, out, notes io.Writer) error {
	o, err := parse(tasks, args, notes)
	switch {
	case err != nil:
		return err
	case o.report != "":
		return report(tasks, o.report, out)
	case o.predict != "":
		return o.Task.Predict(o.Model, o.predict, in, out, notes)
	}
	return several(ctx, o, out, notes)
}

// several runs one seed after another.
func several(ctx context.Context, o Options, out, notes io.Writer) error {
	most := ""
	if o.Task.Fall == Plateau {
		most = "at most "
	}
	head := fmt.Sprintf("%s, %s: %s%d steps of %d sets, Adam with a rate of %g, %s\n", o.Task.Name, o.Model, most, o.Steps, o.Task.Batch, o.Rate, o.Fall)
	begun := sync.OnceFunc(func() { _, _ = io.WriteString(out, head) })
	var done []Result
	for range o.seeds {
		r, err := once(ctx, o, begun, out, notes)
		if err != nil {
			if ctx.Err() != nil && errors.Is(err, ctx.Err()) {
				fmt.Fprintln(out, "stopped; the same command with -resume goes on")
				return nil
			}
			return err
		}
		done = append(done, r)
		o.Seed++
	}
	if len(done) > 1 {
		for _, c := range o.Task.Measures {
			if m, ok := mean(done, c.Key); ok {
				fmt.Fprintf(out, "%s %s over %d seeds\n", c.Title, m, len(done))
			}
		}
	}
	return nil
}
