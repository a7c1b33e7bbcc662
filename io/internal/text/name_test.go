package text_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"setwise/io/internal/text"
)

func TestList(t *testing.T) {
	assert.Equal(t, "[]", text.List[string](nil))
	assert.Equal(t, `["a" "b\n"]`, text.List([]string{"a", "b\n"}))
	assert.Equal(t, `[1 2]`, text.List([]int{1, 2}))
	assert.Equal(t, `[[1 2] [3]]`, text.List([][]int{{1, 2}, {3}}))
	long := text.List([]string{strings.Repeat("\x01", 1<<20), 13: "z"})
	assert.Contains(t, long, "] and 2 more")
	assert.Less(t, len(long), 300)
	assert.Less(t, len(text.List([][]int{make([]int, 1<<20)})), 100)
}

func TestName(t *testing.T) {
	assert.Equal(t, "points.npy", text.Name("points.npy"))
	assert.Equal(t, "größe 2", text.Name("größe 2"))
	for name, want := range map[string]string{"a\nb": `"a\nb"`, "": `""`, " a": `" a"`, "\xff": `"\xff"`, "\x1b[31m": `"\x1b[31m"`, "a\u202eb": `"a\u202eb"`} {
		assert.Equal(t, want, text.Name(name))
	}
	assert.Less(t, len(text.Name(strings.Repeat("x", 1<<20))), 100)
}
