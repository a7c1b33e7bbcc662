package train_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// compile builds a package of this module that is not there, and returns what
// the compiler says.
func compile(t *testing.T, body string) (said string, err error) {
	dir := t.TempDir()
	source, overlay := filepath.Join(dir, "use.go"), filepath.Join(dir, "overlay.json")
	text := `package use

import (
	"context"
	"setwise/layers/train"
	"setwise/set/grad"
)

type example struct{}

func each(t *grad.Tape, es []example) grad.Value { return grad.Value{} }

var (
	mean  train.Each[example]  = each
	joint train.Joint[example] = each
	ctx   = context.Background()
	known []example
)

func use(model any) any {
	return ` + body + `
}
`
	require.NoError(t, os.WriteFile(source, []byte(text), 0o600))
	here, err := os.Getwd()
	require.NoError(t, err)
	replaced, err := json.Marshal(map[string]map[string]string{"Replace": {filepath.Join(here, "use", "use.go"): source}})
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(overlay, replaced, 0o600))
	out, err := exec.Command("go", "build", "-overlay", overlay, "./use").CombinedOutput()
	return string(out), err
}

// A loss that compares examples does not compile with a rule that takes them
// apart, which would learn nothing from it.
func TestWrongUseDoesNotCompile(t *testing.T) {
	for body, want := range map[string]string{
		`train.Chunks(mean, 1)`:                                "",
		`train.PerExample(mean, 1)`:                            "",
		`train.Whole(mean)`:                                    "",
		`train.Whole(joint)`:                                   "",
		`train.Fit(ctx, model, known, mean, train.Options{})`:  "",
		`train.Fit(ctx, model, known, joint, train.Options{})`: "",
		`train.Evaluate(joint, known, 9)`:                      "",
		`train.Chunks(joint, 1)`:                               "type train.Joint[example] of joint does not match inferred type train.Each[example] for train.Each[E]",
		`train.Chunks[example](joint, 1)`:                      "cannot use joint (variable of func type train.Joint[example]) as train.Each[example] value in argument to train.Chunks[example]",
		`train.PerExample[example](joint, 1)`:                  "cannot use joint (variable of func type train.Joint[example]) as train.Each[example] value in argument to train.PerExample[example]",
		`&train.Clipped[example]{Loss: joint, Most: 1}`:        "cannot use joint (variable of func type train.Joint[example]) as train.Each[example] value in struct literal",
		`train.Run(ctx, model, train.Shuffled[example]{}, train.Chunks(mean, 1), train.Options{})`: "",
		`train.Run(ctx, model, train.Shuffled[int]{}, train.Chunks(mean, 1), train.Options{})`:     "does not match inferred type train.Rule[int] for train.Rule[E]",
		`train.Fit(ctx, model, known, each, train.Options{})`:                                      "does not satisfy interface{train.Each[example] | train.Joint[example]}",
	} {
		t.Run(body, func(t *testing.T) {
			t.Parallel()
			said, err := compile(t, body)
			if want == "" {
				assert.NoError(t, err, said)
			} else if assert.Error(t, err) {
				assert.Contains(t, said, want)
			}
		})
	}
}
