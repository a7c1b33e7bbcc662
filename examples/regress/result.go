package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"os"
	"runtime"
	"strings"

	"setwise/internal/atomicfile"
)

// A result is what one run measured, kept as JSON.
type result struct {
	Task    string            `json:"task"`
	Model   string            `json:"model"`
	Seed    uint64            `json:"seed"`
	Steps   int               `json:"steps"`
	Rate    float64           `json:"rate"`
	Fall    string            `json:"fall"`            // of the rate
	Data    string            `json:"data,omitempty"`  // what -data named
	Table   *columns          `json:"table,omitempty"` // what its columns mean
	Sets    int               `json:"sets"`            // at most so many were tested on
	Numbers map[string]number `json:"numbers"`
	Seconds float64           `json:"seconds"` // of training
	Machine string            `json:"machine"`
}

// write writes r to the named file.
func (r result) write(name string) error {
	for key, n := range r.Numbers {
		if math.IsNaN(n.Value+n.Error) || math.IsInf(n.Value+n.Error, 0) {
			return fmt.Errorf("%s: want finite numbers, got %s %v", name, key, n)
		}
	}
	return atomicfile.Write(name, func(w io.Writer) error {
		e := json.NewEncoder(w)
		e.SetIndent("", "  ")
		return e.Encode(r)
	})
}

// readResult reads a result that a run wrote.
func readResult(name string) (result, error) {
	var r result
	data, err := os.ReadFile(name)
	if err != nil {
		return r, err
	}
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if err := d.Decode(&r); err != nil {
		return r, fmt.Errorf("%s: want a result of regress: %w", name, err)
	}
	return r, nil
}

// String returns the number and its error to four places.
func (n number) String() string { return fmt.Sprintf("%.4f +- %.4f", n.Value, n.Error) }

// average returns the mean of values with its standard error.
func average(values []float64) number {
	var m, squares float64
	for _, v := range values {
		m += v / float64(len(values))
	}
	for _, v := range values {
		squares += (v - m) * (v - m)
	}
	return number{m, math.Sqrt(squares / float64(max(len(values)-1, 1)) / float64(max(len(values), 1)))}
}

// mean returns the mean over several runs of one of their numbers, if all have
// it.
func mean(runs []result, key string) (m number, ok bool) {
	var values []float64
	for _, r := range runs {
		if n, ok := r.Numbers[key]; ok {
			values = append(values, n.Value)
		}
	}
	return average(values), len(values) == len(runs)
}

// machine returns a short description of the computer.
func machine() string {
	cpu := runtime.GOARCH
	info, _ := os.ReadFile("/proc/cpuinfo") // is there on Linux
	for line := range strings.Lines(string(info)) {
		if key, value, ok := strings.Cut(line, ":"); ok && strings.TrimSpace(key) == "model name" {
			cpu = strings.TrimSpace(value)
			break
		}
	}
	return fmt.Sprintf("%d cores of %s, %s", runtime.GOMAXPROCS(0), cpu, runtime.GOOS)
}
