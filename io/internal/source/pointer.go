package source

import (
	"bytes"
	"errors"
)

// pointers are how the small files begin that stand in a repository for large
// ones.
var pointers = []struct{ begins, what string }{
	{"version https://git-lfs.github.com/spec/", "a Git LFS pointer, not the file: want what it stands for, as from git lfs pull"},
	{"version https://hawser.github.com/spec/", "a Git LFS pointer, not the file: want what it stands for, as from git lfs pull"},
	{"/annex/objects/", "a git-annex pointer, not the file: want what it stands for, as from git annex get"},
}

const mostPointer = 64 // bytes that tell one

// Pointer returns an error if a file that begins with head is a pointer of Git
// LFS or git-annex to the file that was meant. What [File] opens and [New] is
// given has been looked at.
func Pointer(head []byte) error {
	for _, p := range pointers {
		if bytes.HasPrefix(head, []byte(p.begins)) {
			return errors.New(p.what)
		}
	}
	return nil
}
