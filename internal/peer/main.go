//go:build unix

// Peer times whole training steps and inferences here and in PyTorch, in turn,
// and prints a table of the medians.
//
//	go run ./internal/peer -python "python3 torch_peer.py" [-rounds 3] [workload ...]
//
// The Python program prints, for the workload named by its argument, a line of
// JSON with the median seconds as median_s and the largest memory as peak_mib.
// Here the benchmark of the same name is run, BenchmarkWork of package layers.
// The two take turns, round by round, so that both see the same machine. Any
// environment variables that PyTorch should see are passed on, such as
// OPENBLAS_CORETYPE=SKYLAKEX for AVX-512 and OMP_NUM_THREADS.
package main

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// names are the workloads, as in layers/work_test.go.
var names = []string{
	"train/cluster-ragged", "train/cluster-equal", "train/cloud-1024", "train/max-regression", "train/skewed",
	"infer/cloud-1024", "infer/cloud-batch", "infer/skewed", "infer/sab-2048", "train/sab-2048", "infer/sab-16384",
}

func main() {
	log.SetFlags(0)
	python := flag.String("python", "", "`command` that times a workload in PyTorch")
	rounds := flag.Int("rounds", 3, "how often each side runs")
	flag.Parse()
	if flag.NArg() > 0 {
		names = flag.Args()
	}
	if *python == "" {
		log.Fatal("peer: want -python COMMAND")
	}
	dir, err := os.MkdirTemp("", "")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	test := filepath.Join(dir, "layers.test")
	run("go", "test", "-c", "-o", test, "./layers")
	fmt.Println("| workload | PyTorch | Setwise | times faster | memory, PyTorch and Setwise |")
	fmt.Println("|---|---|---|---|---|")
	for _, name := range names {
		var theirs, ours, theirMemory, ourMemory []float64
		for range *rounds {
			t, m := torch(*python, name)
			theirs, theirMemory = append(theirs, t), append(theirMemory, m)
			t, m = here(test, name)
			ours, ourMemory = append(ours, t), append(ourMemory, m)
		}
		fmt.Printf("| %s | %s | %s | %.1f | %.0f, %.0f MiB |\n", name, milliseconds(median(theirs)), milliseconds(median(ours)),
			median(theirs)/median(ours), median(theirMemory), median(ourMemory))
	}
}

// torch returns the median seconds and the memory in MiB that PyTorch takes.
func torch(command, name string) (seconds, mib float64) {
	args := append(strings.Fields(command), name)
	out, _ := run(args[0], args[1:]...)
	var r struct {
		Seconds float64 `json:"median_s"`
		Memory  float64 `json:"peak_mib"`
	}
	if err := json.Unmarshal(bytes.TrimSpace(out), &r); err != nil || r.Seconds == 0 {
		log.Fatalf("peer: %s: want a line of JSON with median_s, got %q", name, out)
	}
	return r.Seconds, r.Memory
}

var result = regexp.MustCompile(`\s(\d+(?:\.\d+)?) ns/op`)

// here returns the seconds and the memory in MiB that we take.
func here(test, name string) (seconds, mib float64) {
	out, memory := run(test, "-test.run=^$", "-test.bench=Work/^"+strings.ReplaceAll(name, "/", "$/^")+"$", "-test.benchtime=3s")
	m := result.FindSubmatch(out)
	if m == nil {
		log.Fatalf("peer: %s: want a benchmark's result, got %q", name, out)
	}
	ns, err := strconv.ParseFloat(string(m[1]), 64)
	if err != nil {
		log.Fatal(err)
	}
	return ns / 1e9, memory
}

func median(xs []float64) float64 {
	slices.Sort(xs)
	return xs[len(xs)/2]
}

func milliseconds(s float64) string { return fmt.Sprintf("%.3g ms", s*1000) }
