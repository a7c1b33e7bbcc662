//go:build unix

package main

import (
	"errors"
	"flag"
	"fmt"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
)

const ourName = "Setwise"

var networks = []string{"groups", "pointnet", "dgcnn"} // of classify_peer.py

// A contest is what the flags of peer classify ask for.
type contest struct {
	python, ours, picture string
	nets                  []string
	minutes               float64
	seeds, epochs         int
	beside                bool
	data                  []string // flags that both sides get

	program string // examples/classify, built
	dir     string // for what it writes
}

func parseContest(args []string) (contest, error) {
	var c contest
	f := flag.NewFlagSet("peer classify", flag.ContinueOnError)
	f.StringVar(&c.python, "python", "python3 internal/peer/classify_peer.py", "`command` that trains in Python")
	nets := f.String("nets", strings.Join(networks, ","), "the `networks` that it trains")
	f.StringVar(&c.ours, "ours", "", "`flags` for examples/classify alone")
	f.Float64Var(&c.minutes, "minutes", 10, "how long each trains")
	f.IntVar(&c.seeds, "seeds", 3, "how often each trains, with the seeds 1 to this")
	f.IntVar(&c.epochs, "epochs", 0, "epochs of examples/classify (default as many as there is time for, by a run of 3)")
	f.BoolVar(&c.beside, "beside", false, "train beside each other, each on one core, instead of in turns on all cores")
	f.StringVar(&c.picture, "picture", "minutes.svg", "`file` for the accuracies by minute")
	if err := f.Parse(args); err != nil {
		return c, err
	}
	c.data, c.nets = f.Args(), strings.Split(*nets, ",")
	for _, name := range c.nets {
		if !slices.Contains(networks, name) {
			return c, fmt.Errorf("-nets: want some of %s, got %.100q", strings.Join(networks, ","), name)
		}
	}
	switch {
	case !(c.minutes > 0 && c.minutes <= 1e4):
		return c, fmt.Errorf("-minutes: want more than 0, up to 10,000, got %v", c.minutes)
	case c.seeds < 1:
		return c, fmt.Errorf("-seeds: want 1 or more, got %d", c.seeds)
	case c.epochs < 0:
		return c, fmt.Errorf("-epochs: want 1 or more, or 0 to measure, got %d", c.epochs)
	case len(strings.Fields(c.python)) == 0:
		return c, errors.New("-python: want a command, got nothing")
	}
	return c, nil
}

// classify trains both sides and prints a table.
func classify(args []string) error {
	c, err := parseContest(args)
	if err != nil {
		return err
	}
	if c.dir, err = os.MkdirTemp("", ""); err != nil {
		return err
	}
	defer os.RemoveAll(c.dir)
	c.program = filepath.Join(c.dir, "classify")
	run("go", "build", "-o", c.program, "./examples/classify")

	workers, cores := 1, runtime.NumCPU()
	if c.beside {
		workers, cores = cores, 1
	}
	for _, name := range []string{"GOMAXPROCS", "OMP_NUM_THREADS"} {
		if err := os.Setenv(name, strconv.Itoa(cores)); err != nil {
			return err
		}
	}
	names := append(c.nets, ourName) // last, for measure tries it before
	if err := missing(c.python); err != nil {
		log.Printf("PyTorch is left out, for it does not start: %v", err)
		names = []string{ourName}
	}
	if c.epochs == 0 {
		if c.epochs, err = c.measure(workers); err != nil {
			return err
		}
	}
	all := make([]training, 0, len(names)*c.seeds)
	for seed := range c.seeds {
		for _, name := range names {
			all = append(all, training{entrant: name, seed: seed + 1})
		}
	}
	err = together(len(all), workers, func(i int) error {
		t, err := c.train(all[i].entrant, all[i].seed, c.epochs)
		if err != nil {
			return fmt.Errorf("%s, seed %d: %w", all[i].entrant, all[i].seed, err)
		}
		all[i] = t
		log.Print(t.describe(c.minutes))
		return nil
	})
	if err != nil {
		return err
	}
	writeTable(os.Stdout, all, c.minutes)
	fmt.Printf("\n%s, %d core(s) for each, %d beside each other; %s; means and deviations of %d seed(s)\n", processor(), cores, workers, runtime.Version(), c.seeds)
	fmt.Println("The time of Setwise has its tests after every epoch in it, that of PyTorch has not.")
	for _, t := range all[:len(names)] {
		fmt.Printf("%s: %s\n", t.entrant, t.about)
	}
	picture, err := os.Create(c.picture)
	if err != nil {
		return err
	}
	return errors.Join(writeChart(picture, all, c.minutes), picture.Close())
}

// describe says in a line what a training reached, minute by minute, and whether
// it ended when it should.
func (t training) describe(minutes float64) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s, seed %d:", t.entrant, t.seed)
	for _, m := range ticks(minutes) {
		if r, ok := t.by(m); ok {
			fmt.Fprintf(&b, " %.3f", r.Accuracy)
		} else {
			b.WriteString(" -")
		}
	}
	if last := t.log[len(t.log)-1]; last.Minute > 1.001*minutes {
		fmt.Fprintf(&b, "; its %g epochs took %.1f minutes, and later ones than %g do not count: want fewer -epochs", last.Epoch, last.Minute, minutes)
	}
	return b.String()
}

// train lets an entrant learn.
func (c contest) train(entrant string, seed, epochs int) (training, error) {
	var t training
	if entrant == ourName {
		out, err := os.MkdirTemp(c.dir, "")
		if err != nil {
			return t, err
		}
		args := append(append(c.data[:len(c.data):len(c.data)], strings.Fields(c.ours)...), "-epochs", strconv.Itoa(epochs), "-seed", strconv.Itoa(seed), "-out", out)
		run(c.program, args...)
		f, err := os.Open(filepath.Join(out, "epochs.csv"))
		if err != nil {
			return t, err
		}
		defer f.Close()
		if t, err = readEpochs(f); err != nil {
			return t, fmt.Errorf("epochs.csv: %w", err)
		}
		t.about = fmt.Sprintf("examples/classify %s -epochs %d", c.ours, epochs)
	} else {
		command := strings.Fields(c.python)
		args := append(command[1:len(command):len(command)], c.data...)
		args = append(args, "-net", entrant, "-minutes", strconv.FormatFloat(c.minutes, 'g', -1, 64), "-seed", strconv.Itoa(seed))
		out, _ := run(command[0], args...)
		var err error
		if t, err = readLines(out); err != nil {
			return t, err
		}
	}
	t.entrant, t.seed = entrant, seed
	return t, nil
}

// measure returns how many epochs of ours fit into the time, when all cores are as
// busy as later.
func (c contest) measure(workers int) (int, error) {
	longest := make([]float64, workers)
	err := together(workers, workers, func(i int) error {
		t, err := c.train(ourName, 1, 3)
		if err == nil && len(t.log) == 3 {
			longest[i] = 30 * (t.log[2].Minute - t.log[0].Minute)
		}
		return err
	})
	if err != nil {
		return 0, err
	}
	epochs := 0
	for _, seconds := range longest {
		if n := int(60 * c.minutes / seconds); epochs == 0 || n < epochs {
			epochs = n
		}
	}
	if epochs < 1 {
		return 0, fmt.Errorf("an epoch of examples/classify takes longer than %g minutes", c.minutes)
	}
	return epochs, nil
}

// together does n tasks, so many at once, and begins none after an error.
func together(n, workers int, do func(int) error) error {
	tasks, errs := make(chan int, n), make([]error, n)
	for i := range n {
		tasks <- i
	}
	close(tasks)
	var failed atomic.Bool
	var wg sync.WaitGroup
	for range workers {
		wg.Go(func() {
			for i := range tasks {
				if failed.Load() {
					return
				}
				if errs[i] = do(i); errs[i] != nil {
					failed.Store(true)
				}
			}
		})
	}
	wg.Wait()
	return errors.Join(errs...)
}

// missing says why the Python of a command cannot train, if it cannot.
func missing(command string) error {
	python := strings.Fields(command)[0]
	out, err := exec.Command(python, "-c", "import numpy, torch").CombinedOutput()
	if err == nil {
		return nil
	}
	lines := strings.Split(strings.TrimSpace(string(out)), "\n")
	return fmt.Errorf("%s: %w: %.200s", python, err, lines[len(lines)-1])
}

var model = regexp.MustCompile(`(?m)^model name\s*: (.*)$`)

// processor returns the name of the processor, or of its kind where it has none.
func processor() string {
	text, _ := os.ReadFile("/proc/cpuinfo") // of Linux
	if m := model.FindSubmatch(text); m != nil {
		return string(m[1])
	}
	return runtime.GOARCH
}
