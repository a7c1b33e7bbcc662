package checkpoint_test

import (
	"bytes"
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"setwise/io/checkpoint"
	"setwise/io/internal/formattest"
	"setwise/io/tensor"
	"setwise/layers"
	"setwise/layers/optim"
	"setwise/set/grad"
)

// small is a model of two parameters, and all that a file can hold beside it.
func small() (*layers.Linear, checkpoint.Contents) {
	m := &layers.Linear{Weight: grad.Filled(3, 2, 0.5), Bias: grad.Filled(1, 2, -1)}
	return m, checkpoint.Contents{
		Config:   layers.Config{In: 3, Out: 2, Dim: 8},
		Progress: map[string]int{"epoch": 7},
		Optimizer: &optim.State{Step: 12, Moments: map[string]map[string][]float32{
			"first":  {"Weight": make([]float32, 6)},
			"second": {"Weight": {1, 2, 3, 4, 5, 6}},
		}},
		Best: weights(m),
	}
}

// contents is all that a file gives, as text: a difference in any bit shows.
// It is "" if any of it is refused.
func contents(name string) string {
	f, err := checkpoint.Open(name, tensor.Limits{})
	if err != nil {
		return ""
	}
	var config layers.Config
	var progress map[string]int
	m := &layers.Linear{Weight: grad.NewParam(3, 2), Bias: grad.NewParam(1, 2)}
	state, err := f.Optimizer(m)
	if err != nil {
		return ""
	}
	best, err := f.Best(m)
	if err != nil || f.Config(&config) != nil || f.Progress(&progress) != nil || f.Load(m) != nil || f.Fits(8) != nil {
		return ""
	}
	text := fmt.Sprint(config, progress, state.Step, len(state.Moments), bits(m))
	for _, of := range []map[string][]float32{state.Moments["first"], state.Moments["second"], best} {
		for _, name := range slices.Sorted(maps.Keys(of)) {
			text += " " + name
			for _, x := range of[name] {
				text += fmt.Sprint(" ", math.Float32bits(x))
			}
		}
	}
	return text
}

// Whichever byte of a file is damaged, it is refused, or gives what was saved.
func TestEveryDamagedByte(t *testing.T) {
	name := filepath.Join(t.TempDir(), "m.safetensors")
	m, c := small()
	require.NoError(t, checkpoint.Save(name, m, c))
	want := contents(name)
	require.NotEmpty(t, want)
	whole, err := os.ReadFile(name)
	require.NoError(t, err)
	flips := []byte{1, 2, 4, 8, 16, 32, 64, 128, 255, 0x55, 0x0f}
	if testing.Short() {
		flips = []byte{1, 32, 255}
	}
	alike := 0
	for at := range whole {
		for _, flip := range flips {
			whole[at] ^= flip
			require.NoError(t, os.WriteFile(name, whole, 0o600))
			whole[at] ^= flip
			if got := contents(name); got != "" {
				require.Equal(t, want, got, "byte %d, bits %08b", at, flip)
				alike++
			}
		}
	}
	assert.Less(t, alike, len(whole), "most damage should be refused")
}

// A file that ends anywhere before its end, or goes on, is refused.
func TestEveryLength(t *testing.T) {
	name := filepath.Join(t.TempDir(), "m.safetensors")
	m, c := small()
	require.NoError(t, checkpoint.Save(name, m, c))
	whole, err := os.ReadFile(name)
	require.NoError(t, err)
	for n := range whole {
		require.NoError(t, os.WriteFile(name, whole[:n], 0o600))
		_, err := checkpoint.Open(name, tensor.Limits{})
		require.Error(t, err, n)
	}
	require.NoError(t, os.WriteFile(name, append(bytes.Clone(whole), 0), 0o600))
	_, err = checkpoint.Open(name, tensor.Limits{})
	require.Error(t, err)
}

// hostile is JSON that no checkpoint should hold, and what is no JSON.
func hostile() []string {
	return []string{
		"", "{", "null", "true", "-1", "0", "1e400", "9223372036854775808", "-9223372036854775808", strings.Repeat("9", 1<<16),
		`"x"`, `"` + strings.Repeat("x", 1<<16) + `"`, "[]", "{}", `[[[[1]]]]`, strings.Repeat("[", 20000), strings.Repeat(`{"a":`, 20000),
		`{"in":-1,"out":1,"dim":1}`, `{"in":3,"out":2,"dim":1e9}`, `{"in":3,"out":2,"dim":3900}`, `{"in":3,"out":2,"dim":65536,"blocks":256}`,
		`{"in":3,"out":2,"dim":8,"heads":-4}`, `{"in":3,"out":2,"dim":8,"dropout":1e38}`, `{"in":3,"out":2,"dim":8,"dropout":"NaN"}`,
		`{"in":3,"out":2,"dim":8,"norm":"` + strings.Repeat("n", 1<<16) + `"}`, `{"in":3,"out":2,"dim":8,"seeds":99999}`,
		`{"in":` + strings.Repeat("1", 1<<16) + `}`, `{"in":"3"}`, `{"` + strings.Repeat("k", 1<<16) + `":{"in":[]}}`,
	}
}

// Whatever the metadata say, under a right checksum, is an error of a readable
// length, or a model of the size of the file; memory is not taken for more.
func TestTamperedMetadata(t *testing.T) {
	name := filepath.Join(t.TempDir(), "m.safetensors")
	m, c := small()
	require.NoError(t, checkpoint.Save(name, m, c))
	sound, err := tensor.Open(name, tensor.Limits{})
	require.NoError(t, err)
	short := func(err error, what ...any) {
		t.Helper()
		if err != nil {
			assert.Less(t, len(err.Error()), 1000, what...)
			assert.Contains(t, err.Error(), name, what...)
		}
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	tries := 0
	for key := range sound.Metadata {
		for _, text := range hostile() {
			tries++
			raw, err := tensor.Open(name, tensor.Limits{})
			require.NoError(t, err)
			raw.Metadata[key] = text
			bad := filepath.Join(filepath.Dir(name), "bad", name)
			require.NoError(t, os.MkdirAll(filepath.Dir(bad), 0o700))
			if key == "checksum" {
				require.NoError(t, tensor.WriteFile(bad, raw))
			} else {
				reseal(t, bad, raw)
			}
			f, err := checkpoint.Open(bad, tensor.Limits{})
			short(err, key)
			if err != nil {
				assert.Contains(t, []string{"format", "checksum"}, key)
				continue
			}
			require.NotEqual(t, "format", key)
			var config layers.Config
			err = f.Config(&config)
			short(err, key)
			if err == nil && config.Validate() == nil {
				assert.Error(t, f.Fits(config.Count()), "none of them describes a model of 8 numbers")
			}
			var progress map[string]int
			short(f.Progress(&progress), key)
			state, err := f.Optimizer(m)
			short(err, key)
			if err == nil {
				assert.GreaterOrEqual(t, state.Step, 0)
			}
			_, err = f.Best(m)
			short(err, key)
			assert.Equal(t, key == "best", err != nil, "%v", err)
			assert.NoError(t, f.Load(m))
		}
	}
	runtime.ReadMemStats(&after)
	assert.Less(t, (after.TotalAlloc-before.TotalAlloc)/uint64(tries), uint64(4<<20), "bytes for each try")
}

// A program that is killed while it saves leaves a file that opens, with all
// that was saved at one time, and the next who saves clears up.
func TestKilledWhileSaving(t *testing.T) {
	state := func(i int) (*layers.Linear, checkpoint.Contents) {
		m := &layers.Linear{Weight: grad.Filled(300, 200, float32(i)), Bias: grad.Filled(1, 200, float32(i))}
		return m, checkpoint.Contents{Progress: i, Best: weights(m)}
	}
	if name := os.Getenv("CHECKPOINT_KILLED"); name != "" {
		for i := 1; ; i++ {
			m, c := state(i)
			if err := checkpoint.Save(name, m, c); err != nil {
				t.Fatal(err)
			}
		}
	}
	rounds := 60
	if testing.Short() {
		rounds = 5
	}
	name := filepath.Join(t.TempDir(), "m.safetensors")
	m, c := state(0)
	require.NoError(t, checkpoint.Save(name, m, c))
	for range rounds {
		p := formattest.Child(t, "CHECKPOINT_KILLED="+name)
		time.Sleep(time.Duration(30+rand.IntN(100)) * time.Millisecond)
		require.NoError(t, p.Process.Kill())
		_ = p.Wait()

		f, err := checkpoint.Open(name, tensor.Limits{})
		require.NoError(t, err)
		var i int
		require.NoError(t, f.Progress(&i))
		got, _ := state(-1)
		want, _ := state(i)
		require.NoError(t, f.Load(got))
		require.Equal(t, bits(want), bits(got))
		best, err := f.Best(got)
		require.NoError(t, err)
		require.Equal(t, weights(want), best)
	}
	if runtime.GOOS != "windows" { // which has no locks that end with a process
		require.NoError(t, checkpoint.Save(name, m, c))
		files, err := os.ReadDir(filepath.Dir(name))
		require.NoError(t, err)
		require.Len(t, files, 1)
	}
}
