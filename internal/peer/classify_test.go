//go:build unix

package main

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"setwise/io/npy"
)

func TestReadEpochs(t *testing.T) {
	got, err := readEpochs(strings.NewReader("epoch,loss,seconds,unseen_accuracy\n1,2,30,0.5\n2,1,60,0.625\n3,1,93,0.75\n"))
	require.NoError(t, err)
	require.Equal(t, 31.0, got.perEpoch)
	for minute, want := range map[float64]reached{
		0.5: {0.5, 0.5, 1}, 0.9: {0.5, 0.5, 1}, 1: {1, 0.625, 2}, 1.5: {1, 0.625, 2}, 10: {1.55, 0.75, 3},
	} {
		r, ok := got.by(minute)
		require.True(t, ok)
		require.Equal(t, want, r, minute)
	}
	_, ok := got.by(0.4)
	require.False(t, ok, "before the first epoch ends")

	for text, want := range map[string]string{
		"":                              "want a line for each epoch, got none",
		"epoch,unseen_accuracy,seconds": "want a line for each epoch, got none",
		"epoch,accuracy,seconds\n1,1,1": `want a column unseen_accuracy, got ["epoch" "accuracy" "seconds"]`,
		"epoch,unseen_accuracy,seconds\n1,1,1\n2,NaN,2": `line 3, column unseen_accuracy: want a number, got "NaN"`,
		"epoch,unseen_accuracy,seconds\n1,1,2\n2,1,1":   "want seconds that grow from epoch to epoch",
		"epoch,unseen_accuracy,seconds\n1,1":            "record on line 2: wrong number of fields",
	} {
		_, err := readEpochs(strings.NewReader(text))
		require.EqualError(t, err, want, text)
	}
}

const lines = `{"net": "groups", "torch": "2.15.0", "threads": 1, "weights": 315892, "way": "compiled", "step_ms": {"eager": 2}}
{"minute": 1, "epoch": 7.5, "loss": 1.9, "accuracy": 0.5, "without_repeats": 0.4}
{"minute": 2, "epoch": 15, "loss": 1.2, "accuracy": 0.625}
{"seconds_per_epoch": 8, "of_it_points": 0.5, "voted": {"accuracy": 0.75}}
`

func TestReadLines(t *testing.T) {
	got, err := readLines([]byte(lines))
	require.NoError(t, err)
	require.Equal(t, training{
		about: "315892 weights, PyTorch 2.15.0, compiled", log: []reached{{1, 0.5, 7.5}, {2, 0.625, 15}}, perEpoch: 8,
	}, got)

	for text, want := range map[string]string{
		"":                  `line 1: want JSON, got ""`,
		"Traceback":         `line 1: want JSON, got "Traceback"`,
		`{"minute": "1"}`:   `line 1: want JSON, got "{\"minute\": \"1\"}"`,
		`{"accuracy": 1}`:   `line 1: want torch, minute or seconds_per_epoch, got "{\"accuracy\": 1}"`,
		`{"torch": "2.15"}`: `want lines with minute and seconds_per_epoch, got "{\"torch\": \"2.15\"}"`,
		lines[:strings.Index(lines, `{"seconds`)]: "want lines with minute and seconds_per_epoch",
	} {
		_, err := readLines([]byte(text))
		require.ErrorContains(t, err, want, text)
	}
}

// two are trainings of which the second of ours misses the first minute.
func two() []training {
	return []training{
		{entrant: "groups", seed: 1, log: []reached{{1, 0.5, 7}, {1.5, 0.6, 11}}, perEpoch: 8},
		{entrant: ourName, seed: 1, log: []reached{{0.9, 0.7, 1}, {1.4, 0.8, 2}}, perEpoch: 42},
		{entrant: "groups", seed: 2, log: []reached{{1, 0.7, 7}, {1.5, 0.7, 11}}, perEpoch: 9},
		{entrant: ourName, seed: 2, log: []reached{{1.1, 0.7, 1}, {1.6, 0.9, 2}}, perEpoch: 48},
	}
}

func TestTable(t *testing.T) {
	var b strings.Builder
	writeTable(&b, two(), 1.5)
	require.Equal(t, `| minute | groups | Setwise |
|---|---|---|
| 1 | 0.600 ± 0.141 |  |
| 1.5 | 0.650 ± 0.071 | 0.750 ± 0.071 |
| epochs | 11 ± 0 | 2 ± 1 |
| seconds an epoch | 8.50 ± 0.71 | 45.00 ± 4.24 |
`, b.String())
	b.Reset()
	writeTable(&b, two()[:1], 1)
	require.Contains(t, b.String(), "| 1 | 0.500 |\n", "one seed has no deviation")

	_, deviation, n := over(two()[:2], "groups", accuracy(1))
	require.Equal(t, 1, n)
	require.True(t, math.IsNaN(deviation))
	require.Equal(t, "Setwise, seed 2: - 0.700; its 2 epochs took 1.6 minutes, and later ones than 1.5 do not count: want fewer -epochs",
		two()[3].describe(1.5))
}

func TestChart(t *testing.T) {
	all := two()
	all[0].entrant = "<groups>"
	var b bytes.Buffer
	require.NoError(t, writeChart(&b, all, 1.5))
	require.NotContains(t, b.String(), "NaN")
	count := map[string]int{}
	for d := xml.NewDecoder(&b); ; {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		require.NoError(t, err)
		if start, ok := token.(xml.StartElement); ok {
			count[start.Name.Local]++
		}
	}
	require.Equal(t, 3, count["polyline"], "a line for each entrant")
	require.Equal(t, 3, count["polygon"])
}

func TestParseContest(t *testing.T) {
	c, err := parseContest([]string{"-nets", "dgcnn,groups", "-minutes", "2", "--", "-data", "a b.npy"})
	require.NoError(t, err)
	require.Equal(t, []string{"-data", "a b.npy"}, c.data)
	require.Equal(t, []string{"dgcnn", "groups"}, c.nets)
	for args, want := range map[string]string{
		"-minutes=0":   "-minutes: want more than 0, up to 10,000, got 0",
		"-minutes=NaN": "-minutes: want more than 0, up to 10,000, got NaN",
		"-seeds=0":     "-seeds: want 1 or more, got 0",
		"-epochs=-1":   "-epochs: want 1 or more, or 0 to measure, got -1",
		"-nets=group":  `-nets: want some of groups,pointnet,dgcnn, got "group"`,
		"-python=":     "-python: want a command, got nothing",
	} {
		_, err := parseContest([]string{args})
		require.EqualError(t, err, want)
	}
}

func TestTogether(t *testing.T) {
	wrong := errors.New("wrong")
	done := 0
	require.Equal(t, "wrong", together(5, 1, func(i int) error {
		done++
		if i == 1 {
			return wrong
		}
		return nil
	}).Error())
	require.Equal(t, 2, done, "none begins after an error")
}

func TestMissing(t *testing.T) {
	require.ErrorContains(t, missing("/no/python peer.py"), "/no/python: ")
}

// TestPeer trains the network of local groups for a moment on clouds that are long in one of two
// directions. SETWISE_PYTHON is a Python that has PyTorch, if python3 is none.
func TestPeer(t *testing.T) {
	python := os.Getenv("SETWISE_PYTHON")
	if python == "" {
		python = "python3"
	}
	if err := missing(python); err != nil {
		t.Skipf("PyTorch is missing: %v", err)
	}
	if testing.Short() {
		t.Skip("it compiles networks")
	}
	const clouds, size = 48, 600
	dir := t.TempDir()
	table, values := "kind\tpart\tsize\n", make([]float32, 0, clouds*size*3)
	for i := range clouds {
		table += []string{"long", "tall"}[i%2] + "\t" + []string{"train", "test"}[i/40] + "\t" + strconv.Itoa(1+i) + "\n"
		for k := range size {
			p := [3]float32{float32(k % 7), float32(k % 11), float32(k % 13)}
			p[i%2] *= 20 + float32(i)
			values = append(values, p[:]...)
		}
	}
	array, rows := filepath.Join(dir, "a.npy"), filepath.Join(dir, "t.tsv")
	require.NoError(t, os.WriteFile(rows, []byte(table), 0o600))
	require.NoError(t, npy.WriteFile(array, values, clouds, size, 3))
	c := exec.Command(python, "classify_peer.py", "-net", "groups", "-minutes", "0.05",
		"-data", array, "-table", rows, "-label", "kind", "-split", "part", "-extra", "size", "-top", "2")
	c.Env = append(os.Environ(), "PYTHONDONTWRITEBYTECODE=1")
	var said strings.Builder
	c.Stderr = &said
	out, err := c.Output()
	require.NoError(t, err, said.String())
	got, err := readLines(out)
	require.NoError(t, err, "%s", out)
	require.Len(t, got.log, 1)
	require.Equal(t, 0.05, got.log[0].Minute)
}
