package study

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"os"
	"runtime"
	"strings"

	"setwise/examples/internal/files"
)

// A Result is what one run measured, kept as JSON.
type Result struct {
	Task    string            `json:"task"`
	Model   string            `json:"model"`
	Seed    uint64            `json:"seed"`
	Steps   int               `json:"steps"`
	Rate    float64           `json:"rate"`
	Fall    string            `json:"fall"`            // of the rate
	Data    string            `json:"data,omitempty"`  // what -data named
	Table   *Columns          `json:"table,omitempty"` // what its columns mean
	Sets    int               `json:"sets"`            // at most so many were tested on
	Numbers map[string]Number `json:"numbers"`
	Seconds float64           `json:"seconds"` // of training
	Machine string            `json:"machine"`
}

// write writes r to the named file.
func (r Result) write(name string) error {
	for key, n := range r.Numbers {
		if math.IsNaN(n.Value+n.Error) || math.IsInf(n.Value+n.Error, 0) {
			return fmt.Errorf("%s: want finite numbers, got %s %v", name, key, n)
		}
	}
	return files.Write(name, func(w io.Writer) error {
		e := json.NewEncoder(w)
		e.SetIndent("", "  ")
		return e.Encode(r)
	})
}

// ReadResult reads a result that a run wrote.
func ReadResult(name string) (Result, error) {
	var r Result
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

// mean returns the mean over several runs of one of their numbers, if all have
// it.
func mean(runs []Result, key string) (m Number, ok bool) {
	var values []float64
	for _, r := range runs {
		if n, ok := r.Numbers[key]; ok {
			values = append(values, n.Value)
		}
	}
	return Average(values), len(values) == len(runs)
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
