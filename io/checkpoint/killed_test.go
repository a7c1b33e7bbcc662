package checkpoint_test

import (
	"context"
	"errors"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"setwise/io/checkpoint"
	"setwise/io/internal/formattest"
	"setwise/io/tensor"
	"setwise/layers/train"
	"setwise/set"
)

// longRun trains a model for some seconds, from where the named file says that
// it was, and saves it after every step. Without a file it saves nothing.
func longRun(name string) (bitsAfter []uint32, err error) {
	rng := rand.New(rand.NewPCG(9, 9))
	var examples []train.Labelled
	for i := range 60 {
		b := set.New(2, 1+rng.IntN(5))
		for j := range b.Values {
			b.Values[j] = rng.Float32() + float32(i%2)
		}
		examples = append(examples, train.Labelled{Set: b, Class: i % 2})
	}
	m := model(1)
	o := train.Options{Epochs: 20, Batch: 5, Seed: 5, Every: 1, Average: 0.9}
	if name != "" {
		o.Checkpoint = func(s train.State) error {
			time.Sleep(3 * time.Millisecond) // so that there is time to be killed in
			return checkpoint.Save(name, m, checkpoint.Contents{Progress: s, Optimizer: &s.Optimizer, Average: s.Average})
		}
		f, err := checkpoint.Open(name, tensor.Limits{})
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, err
		}
		if err == nil {
			var s train.State
			if err := errors.Join(f.Progress(&s), f.Load(m)); err != nil {
				return nil, err
			}
			if s.Optimizer, err = f.Optimizer(m); err != nil {
				return nil, err
			}
			if s.Average, err = f.Average(m); err != nil {
				return nil, err
			}
			o.Resume = &s
		}
	}
	err = train.Fit(context.Background(), m, examples, train.Classification(m), o)
	return bits(m), err
}

// savedAt returns when the named file was saved, or 0 if there is none.
func savedAt(name string) int64 {
	info, err := os.Stat(name)
	if err != nil {
		return 0
	}
	return info.ModTime().UnixNano()
}

// A training that is killed again and again, at any moment, and goes on from
// its file each time, ends with the weights of one that was not.
func TestKilledWhileTraining(t *testing.T) {
	if name := os.Getenv("TRAINING_KILLED"); name != "" {
		if _, err := longRun(name); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := longRun("")
	require.NoError(t, err)
	rng := rand.New(rand.NewPCG(1, 2))
	kills, last := 12, 0
	if testing.Short() {
		kills = 2
	}
	name := filepath.Join(t.TempDir(), "part.safetensors")
	for range kills {
		before := savedAt(name)
		p := formattest.Child(t, "TRAINING_KILLED="+name)
		for range 20_000 { // milliseconds at most
			if savedAt(name) != before {
				break
			}
			time.Sleep(time.Millisecond)
		}
		time.Sleep(time.Duration(rng.IntN(40)) * time.Millisecond)
		require.NoError(t, p.Process.Kill())
		require.Error(t, p.Wait(), "it was killed before its end")
		f, err := checkpoint.Open(name, tensor.Limits{})
		require.NoError(t, err)
		var s train.State
		require.NoError(t, f.Progress(&s))
		require.Greater(t, s.Step, last, "it went on from where it was")
		last = s.Step
	}
	got, err := longRun(name)
	require.NoError(t, err)
	require.Equal(t, want, got)
}
