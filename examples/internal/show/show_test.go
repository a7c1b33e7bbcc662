package show_test

import (
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"setwise/examples/internal/show"
)

func ExampleProgress() {
	p := show.NewProgress(os.Stdout, 2500, 500)
	for step := 500; step < 2500; step++ {
		if step == 700 {
			p.Describe("loss %.2f", 0.25)
		}
		p.Step()
	}
	// Output:
	// step 1000 of 2500, loss 0.25, 0s
	// step 2000 of 2500, loss 0.25, 0s
}

func TestEscapes(t *testing.T) {
	for name, want := range map[string]string{
		"a chair.stl": "a chair.stl", "Möbel": "Möbel", "": `""`, "a\x1b[31m": `"a\x1b[31m"`, "a\nb": `"a\nb"`, "a\xff": `"a\xff"`, "a\u202eb": `"a\u202eb"`,
	} {
		require.Equal(t, want, show.Plain(name))
	}
	require.Equal(t, "a: b\n\tMöbel \\x1b[31m \\xff \\u202e \\r \"c\" �", show.Lines("a: b\n\tMöbel \x1b[31m \xff \u202e \r \"c\" �"))
}

// Lines come as often as is wanted.
func TestProgressEvery(t *testing.T) {
	var out strings.Builder
	p := show.NewProgress(&out, 6, 0)
	p.Every = 3
	for range 6 {
		p.Step()
	}
	require.Equal(t, "step 3 of 6, training, 0s\nstep 6 of 6, training, 0s\n", out.String())
}
