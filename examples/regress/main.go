// Regress learns functions of sets, as the papers did, and prints its numbers
// beside theirs.
//
//	go run ./examples/regress
//
// learns to tell the largest number of a set. Other tasks and their models are
// in
//
//	go run ./examples/regress -help
//
// An interrupt (Ctrl-C) saves the training; -resume goes on with it. Every run
// leaves its model, its numbers as JSON and its pictures in the folder of -out,
// and -report DIR makes a page of tables from such numbers.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"sync"

	"setwise/examples/internal/show"
)

func main() { show.Main("regress", run) }

// run is the program: results go to out, progress and help to notes.
func run(ctx context.Context, args []string, out, notes io.Writer) error {
	o, err := parse(args, notes)
	if err != nil {
		return err
	}
	if o.report != "" {
		return report(o.report, out)
	}
	if o.predict != "" {
		return predict(o, os.Stdin, out, notes)
	}
	return several(ctx, o, out, notes)
}

// several runs one seed after another.
func several(ctx context.Context, o options, out, notes io.Writer) error {
	most := ""
	if o.task.name == fromTable().name {
		most = "at most "
	}
	head := fmt.Sprintf("%s, %s: %s%d steps of %d sets, Adam with a rate of %g, %s\n", o.task.name, o.model, most, o.steps, o.task.batch, o.rate, o.fall)
	begun := sync.OnceFunc(func() { _, _ = io.WriteString(out, head) })
	var done []result
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
		o.seed++
	}
	if len(done) > 1 {
		for _, c := range o.task.columns {
			if m, ok := mean(done, c.key); ok {
				fmt.Fprintf(out, "%s %s over %d seeds\n", c.title, m, len(done))
			}
		}
	}
	return nil
}
