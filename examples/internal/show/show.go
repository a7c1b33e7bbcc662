// Package show is what the examples share: how they start and stop, tell how far
// a long computation is, and make pictures of plots.
package show

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"
)

// Main runs a program until it is done or interrupted: the first interrupt ends
// ctx, a second one the program. Results go to out, progress and help to notes.
// An error other than that help was asked for ends the program with status 1, and
// an interrupt with 130, as shells count it.
func Main(name string, run func(ctx context.Context, args []string, out, notes io.Writer) error) {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	context.AfterFunc(ctx, stop)
	err := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	if err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintf(os.Stderr, "%s: %s\n", name, Lines(err.Error()))
		os.Exit(1)
	}
	if ctx.Err() != nil {
		os.Exit(interrupted)
	}
}

const interrupted = 128 + 2 // the number of the signal

// Progress tells how far a computation of many steps is: with a bar on a
// terminal, and elsewhere with a line after every so many steps, and after every
// ten seconds at least, so that a file shows that something happens.
type Progress struct {
	Every int // steps from one line to the next; 1000 if nothing else is said

	bar   *progressbar.ProgressBar
	out   io.Writer // of lines; nil on a terminal
	what  string
	begun time.Time
	last  time.Time // a line was written
	done  int
	steps int
}

// Plain returns a name that comes from a file as a terminal can show it: as it is
// if all of it can be seen, and in quotes with escapes otherwise.
func Plain(name string) string {
	if name == "" || !utf8.ValidString(name) || strings.ContainsFunc(name, func(r rune) bool { return !strconv.IsPrint(r) }) {
		return strconv.Quote(name)
	}
	return name
}

// Lines returns a text of several lines with all escaped that cannot be seen but
// ends of lines and tabs.
func Lines(text string) string {
	var b strings.Builder
	for len(text) > 0 {
		r, n := utf8.DecodeRuneInString(text)
		if r == '\n' || r == '\t' || strconv.IsPrint(r) && !(r == utf8.RuneError && n == 1) {
			b.WriteString(text[:n])
		} else {
			quoted := strconv.Quote(text[:n])
			b.WriteString(quoted[1 : len(quoted)-1])
		}
		text = text[n:]
	}
	return b.String()
}

// silence is how long a Progress may be silent, if steps are taken.
const silence = 10 * time.Second

// NewProgress returns a Progress of steps of which some are done already.
func NewProgress(out io.Writer, steps, done int) *Progress {
	f, ok := out.(*os.File)
	terminal := ok && term.IsTerminal(int(f.Fd()))
	p := &Progress{Every: 1000, done: done, steps: steps, begun: time.Now(), last: time.Now(), what: "training"}
	if !terminal {
		p.out = out
		return p
	}
	p.bar = progressbar.NewOptions(steps,
		progressbar.OptionSetWriter(out),
		progressbar.OptionSetDescription(p.what),
		progressbar.OptionShowCount(),
		progressbar.OptionSetPredictTime(true),
		progressbar.OptionThrottle(100*time.Millisecond),
		progressbar.OptionClearOnFinish(),
	)
	_ = p.bar.Set(done) // a bar that cannot be drawn is no reason to stop
	return p
}

// Describe says what is to be seen beside the number of steps from now on.
func (p *Progress) Describe(format string, args ...any) {
	p.what = fmt.Sprintf(format, args...)
	if p.bar != nil {
		p.bar.Describe(p.what)
	}
}

// Step counts a step.
func (p *Progress) Step() {
	p.done++
	if p.bar != nil {
		_ = p.bar.Add(1)
	} else if p.done%p.Every == 0 || time.Since(p.last) >= silence {
		p.last = time.Now()
		fmt.Fprintf(p.out, "step %d of %d, %s, %s\n", p.done, p.steps, p.what, time.Since(p.begun).Round(time.Second))
	}
}
