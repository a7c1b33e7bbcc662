//go:build unix

// Peer compares this module with the same work in Python: how long it takes, and what
// is learned in the same time.
//
// It times benchmarks of this module and their twins in Python, in turn, and prints a
// table of the medians:
//
//	go run ./internal/peer -python "python3 internal/peer/layers_peer.py" [-rounds 3] [workload ...]
//	taskset -c 0 go run ./internal/peer -suite clouds -python "python3 internal/peer/clouds_peer.py"
//
// The suite layers, the one taken if none is named, is whole training steps and
// inferences, BenchmarkWork of package layers, beside PyTorch. The suite clouds is
// benchmarks of package pointcloud beside Open3D and SciPy, on one core, to which
// taskset holds both sides. The Python program prints, for the workload named by
// its argument, a line of JSON with the median seconds as median_s and the largest
// memory as peak_mib. The two take turns, round by round, so that both see the
// same machine. Any environment variables that Python should see are passed on,
// such as OPENBLAS_CORETYPE=SKYLAKEX for AVX-512 and OMP_NUM_THREADS.
//
// It trains examples/classify and networks in PyTorch on the same shapes for the same
// time, and prints a table of their accuracies on unseen shapes minute by minute,
// means and standard deviations over seeds, and draws it:
//
//	go run ./internal/peer classify -python "python3 internal/peer/classify_peer.py" -minutes 10 -seeds 3 -- \
//		-data points_int16.npy.gz -table parts.tsv -label category -split split -extra half_extent -top 20
//
// The flags after -- are given to both sides; those of -ours to examples/classify
// alone, such as -ours "-dim 64". That trains as many epochs as fit into the time, by
// a run of three, or as many as -epochs says. The networks, -nets, are pointnet,
// dgcnn, and groups, one of local groups after PointNet++; classify_peer.py says how
// they are trained. Each training has all cores, in turns with the others, or with
// -beside one core, beside others. Where PyTorch is missing, that is said and
// examples/classify is trained alone. One training in Python, ModelNet10 in voxels
// among them, is made by
//
//	OMP_NUM_THREADS=1 python3 internal/peer/classify_peer.py -help
//
// which needs PyTorch 2 and NumPy (pip install torch numpy).
package main

import (
	"bytes"
	"encoding/json"
	"errors"
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

// A suite is benchmarks that a Python program has too.
type suite struct {
	folder, prefix string // of the benchmarks
	peer           string // what they are compared with
	args           []string
	names          []string
}

var suites = map[string]suite{
	"layers": {folder: "./layers", prefix: "BenchmarkWork/", peer: "PyTorch", names: []string{
		"train/cluster-ragged", "train/cluster-equal", "train/cloud-1024", "train/max-regression", "train/skewed",
		"infer/cloud-1024", "infer/cloud-batch", "infer/skewed", "infer/sab-2048", "train/sab-2048", "infer/sab-16384",
	}},
	"clouds": {folder: "./pointcloud", prefix: "Benchmark", peer: "Open3D, SciPy", args: []string{"-test.cpu=1"}, names: []string{
		"Neighbours/n=1000000", "Farthest/n=100000/k=1024", "Voxel/n=100000", "Normals/n=100000", "Outliers/n=100000",
		"Sample/n=1000000", "ICP/n=10000/planes=false", "ICP/n=10000/planes=true", "Chamfer/n=2048", "EarthMover/n=2048",
	}},
}

func main() {
	log.SetFlags(0)
	if len(os.Args) > 1 && os.Args[1] == "classify" {
		if err := classify(os.Args[2:]); err != nil && !errors.Is(err, flag.ErrHelp) {
			log.Fatalf("peer: %v", err)
		}
		return
	}
	python := flag.String("python", "", "`command` that times a workload in Python")
	name := flag.String("suite", "layers", "layers or clouds")
	rounds := flag.Int("rounds", 3, "how often each side runs")
	flag.Parse()
	s, ok := suites[*name]
	if !ok {
		log.Fatalf("peer: want the suite layers or clouds, got %q", *name)
	}
	if flag.NArg() > 0 {
		s.names = flag.Args()
	}
	if *python == "" {
		log.Fatal("peer: want -python COMMAND")
	}
	dir, err := os.MkdirTemp("", "")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	test := filepath.Join(dir, "peer.test")
	run("go", "test", "-c", "-o", test, s.folder)
	fmt.Printf("| workload | %s | Setwise | times faster | memory of both |\n", s.peer)
	fmt.Println("|---|---|---|---|---|")
	for _, name := range s.names {
		var theirs, ours, theirMemory, ourMemory []float64
		for range *rounds {
			t, m := there(*python, name)
			theirs, theirMemory = append(theirs, t), append(theirMemory, m)
			t, m = here(test, s, name)
			ours, ourMemory = append(ours, t), append(ourMemory, m)
		}
		fmt.Printf("| %s | %s | %s | %.1f | %.0f, %.0f MiB |\n", name, milliseconds(median(theirs)), milliseconds(median(ours)),
			median(theirs)/median(ours), median(theirMemory), median(ourMemory))
	}
}

// there returns the median seconds and the memory in MiB that Python takes.
func there(command, name string) (seconds, mib float64) {
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

// A benchmark's result is the time of an operation, unless it gives that of an
// iteration.
var (
	operation = regexp.MustCompile(`\s(\d+(?:\.\d+)?) ns/op`)
	iteration = regexp.MustCompile(`\s(\d+(?:\.\d+)?) ms/iteration`)
)

// here returns the seconds and the memory in MiB that we take.
func here(test string, s suite, name string) (seconds, mib float64) {
	pattern := "^" + strings.ReplaceAll(s.prefix+name, "/", "$/^") + "$"
	out, memory := run(test, append(s.args, "-test.run=^$", "-test.bench="+pattern, "-test.benchtime=3s")...)
	unit, m := 1e-3, iteration.FindSubmatch(out)
	if m == nil {
		unit, m = 1e-9, operation.FindSubmatch(out)
	}
	if m == nil {
		log.Fatalf("peer: %s: want a benchmark's result, got %q", name, out)
	}
	x, err := strconv.ParseFloat(string(m[1]), 64)
	if err != nil {
		log.Fatal(err)
	}
	return x * unit, memory
}

func median(xs []float64) float64 {
	slices.Sort(xs)
	return xs[len(xs)/2]
}

// milliseconds prints seconds with three digits or more.
func milliseconds(s float64) string {
	if s >= 1 {
		return fmt.Sprintf("%.0f ms", s*1000)
	}
	return fmt.Sprintf("%.3g ms", s*1000)
}
