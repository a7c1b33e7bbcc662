package words_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"setwise/internal/words"
)

func TestList(t *testing.T) {
	assert.Equal(t, "[]", words.List[string](nil))
	assert.Equal(t, `["a" "b\n"]`, words.List([]string{"a", "b\n"}))
	assert.Equal(t, `[1 2]`, words.List([]int{1, 2}))
	assert.Equal(t, `[[1 2] [3]]`, words.List([][]int{{1, 2}, {3}}))
	long := words.List([]string{strings.Repeat("\x01", 1<<20), 13: "z"})
	assert.Contains(t, long, "] and 2 more")
	assert.Less(t, len(long), 300)
	assert.Less(t, len(words.List([][]int{make([]int, 1<<20)})), 100)
}

func TestName(t *testing.T) {
	assert.Equal(t, "points.npy", words.Name("points.npy"))
	assert.Equal(t, "größe 2", words.Name("größe 2"))
	for name, want := range map[string]string{"a\nb": `"a\nb"`, "": `""`, " a": `" a"`, "\xff": `"\xff"`, "\x1b[31m": `"\x1b[31m"`, "a\u202eb": `"a\u202eb"`} {
		assert.Equal(t, want, words.Name(name))
	}
	assert.Less(t, len(words.Name(strings.Repeat("x", 1<<20))), 100)
}
