package dataset

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"setwise/io/internal/text"
)

// isParted reports whether the folders at the top are parts, and not classes.
func isParted(names []string) (bool, error) {
	parts, others := map[string]bool{}, false
	for _, name := range names {
		top, _, deeper := strings.Cut(name, "/")
		if part := partOf(top); part != "" && deeper {
			parts[part] = true
		} else if deeper {
			others = true
		}
	}
	if others && parts[Train] && parts[Test] {
		return false, errors.New("want folders of classes, or train and test alone, got both")
	}
	return len(parts) > 0 && !others, nil
}

// place returns the class and the part that a file's name puts it in, and the
// folders below these, which mean nothing. The class of a file in no folder of a
// class is "".
func place(name string, parted bool) (class, part string, within []string) {
	steps := strings.Split(name, "/")
	folders := steps[:len(steps)-1]
	if parted && len(folders) > 0 {
		part, folders = partOf(folders[0]), folders[1:]
	}
	if len(folders) == 0 {
		return "", part, nil
	}
	class, folders = folders[0], folders[1:]
	if !parted && len(folders) > 0 {
		if part = partOf(folders[0]); part != "" {
			folders = folders[1:]
		}
	}
	return class, part, folders
}

// partOf returns the part that a word means, or "".
func partOf(word string) string {
	switch strings.ToLower(word) {
	case "train", "training":
		return Train
	case "test", "testing":
		return Test
	case "val", "valid", "validation":
		return Validation
	}
	return ""
}

// tooDeep says that files lie in no folder of a class.
func tooDeep(dir string, names []string, parted bool) error {
	above := "; if they are of one class, the folder above is the one to open"
	if parted {
		above = ""
	}
	return fmt.Errorf("%s: want folders of classes with files in them, got no such folders but files of shapes, %d, such as %s%s",
		dir, len(names), text.Name(names[0]), above)
}

// alone says that a folder is a part and that others lie beside it, if that is
// so.
func alone(dir string, parted bool) []string {
	full, err := filepath.Abs(dir)
	if err != nil || parted {
		return nil
	}
	above, name := filepath.Split(full)
	entries, _ := os.ReadDir(above)
	var beside []string
	for _, e := range entries {
		if part := partOf(e.Name()); part != "" && part != partOf(name) && e.IsDir() {
			beside = append(beside, e.Name())
		}
	}
	if partOf(name) == "" || len(beside) == 0 {
		return nil
	}
	return []string{fmt.Sprintf("%s: this part alone is read, and not what lies beside it: %s; the folder above has all parts", dir, text.List(beside))}
}
