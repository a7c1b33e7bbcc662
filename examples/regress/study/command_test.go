package study

import (
	"os/exec"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// shellWords splits a line as a shell does.
func shellWords(t *testing.T, line string) []string {
	t.Helper()
	out, err := exec.Command("sh", "-c", `printf '%s\0' `+line).Output()
	if err != nil {
		t.Skipf("no shell: %v", err)
	}
	return strings.Split(strings.TrimSuffix(string(out), "\x00"), "\x00")
}

func TestWord(t *testing.T) {
	all := []string{"a", "", "price, net", "it's", `say "x"`, "$HOME", "a\\b", "*", "~", "größe", "a;b", "'", "new\nline", "-x", "#", "p_T [GeV]", "!x", "{a,b}"}
	require.Equal(t, all, shellWords(t, line(all)))
	require.Equal(t, "a ./b+c-1.csv größe", line([]string{"a", "./b+c-1.csv", "größe"}))
}

// Seeds that do not follow each other have a command each.
func TestCommandsOfSeeds(t *testing.T) {
	var runs []Result
	for _, seed := range []uint64{1, 2, 5} {
		runs = append(runs, Result{Task: "max", Model: "rff+max", Seed: seed, Steps: 20_000, Rate: 1e-3, Fall: "cosine", Sets: 10_000})
	}
	require.Equal(t, []string{
		"go run ./examples/regress -task max -model rff+max -seeds 2",
		"go run ./examples/regress -task max -model rff+max -seed 5",
	}, some()[0].commands(runs))
}
