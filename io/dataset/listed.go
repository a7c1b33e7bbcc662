package dataset

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"os"
	"path"
	"path/filepath"
	"strings"

	"setwise/io/internal/source"
)

// listed returns the files that lists in a folder label, in their order, or nil
// if it has no such lists.
func listed(dir string) ([]entry, error) {
	for _, name := range []string{"modelnet40", "modelnet10"} {
		if entries, err := modelNet(dir, name); err != nil || entries != nil {
			return entries, err
		}
	}
	return shapeNetPart(dir)
}

// modelNet returns the files of a folder such as modelnet40_normal_resampled:
// the lists modelnet40_train.txt and modelnet40_test.txt name CLASS_NUMBER for
// CLASS/CLASS_NUMBER.txt.
func modelNet(dir, name string) ([]entry, error) {
	var entries []entry
	for _, part := range []string{Train, Test} {
		file := filepath.Join(dir, name+"_"+part+".txt")
		data, err := small(file)
		if err != nil {
			return nil, err
		}
		for line, id := range lineByLine(data) {
			at := strings.LastIndexByte(id, '_')
			if at <= 0 || !isName(id[:at]) || !isName(id) {
				return nil, fmt.Errorf("%s: line %d: want a name such as chair_0001, got %.100q", file, line, id)
			}
			entries = append(entries, entry{name: path.Join(id[:at], id+".txt"), class: id[:at], part: part})
		}
	}
	return entries, nil
}

// synsets names the classes of ShapeNetPart.
const synsets = "synsetoffset2category.txt"

// shapeNetPart returns the files of a folder such as
// shapenetcore_partanno_segmentation_benchmark_v0_normal: lists in the folder
// train_test_split name shape_data/SYNSET/ID for SYNSET/ID.txt.
func shapeNetPart(dir string) ([]entry, error) {
	if _, err := os.Stat(filepath.Join(dir, synsets)); err != nil {
		return nil, nil
	}
	called, err := classNames(dir)
	if err != nil {
		return nil, err
	}
	var entries []entry
	for _, part := range []string{Train, Validation, Test} {
		file := filepath.Join(dir, "train_test_split", "shuffled_"+part+"_file_list.json")
		var list []string
		if err := smallJSON(file, &list); err != nil {
			return nil, err
		}
		for _, item := range list {
			synset, id := path.Base(path.Dir(item)), path.Base(item)
			if !isName(synset) || !isName(id) {
				return nil, fmt.Errorf("%s: want names such as shape_data/03001627/1a2b, got %.100q", file, item)
			}
			entries = append(entries, entry{name: path.Join(synset, id+".txt"), class: cmp.Or(called[synset], synset), part: part})
		}
	}
	return entries, nil
}

// classNames returns the names of classes whose folders are numbers of
// synsets, as ShapeNet tells them: in lines "NAME NUMBER" of
// synsetoffset2category.txt, or in taxonomy.json, where the first of several
// names counts.
func classNames(dir string) (map[string]string, error) {
	file := filepath.Join(dir, synsets)
	data, err := small(file)
	if err != nil {
		return nil, err
	}
	called := map[string]string{}
	for line, text := range lineByLine(data) {
		words := strings.Fields(text)
		if len(words) != 2 {
			return nil, fmt.Errorf("%s: line %d: want a name and the number of its synset, got %.100q", file, line, text)
		}
		called[words[1]] = words[0]
	}
	var taxonomy []struct {
		Synset string `json:"synsetId"`
		Name   string `json:"name"`
	}
	if err := smallJSON(filepath.Join(dir, "taxonomy.json"), &taxonomy); err != nil {
		return nil, err
	}
	for _, t := range taxonomy {
		first, _, _ := strings.Cut(t.Name, ",")
		called[t.Synset] = strings.TrimSpace(first)
	}
	return called, nil
}

// isName reports whether a word can be the name of a file in a folder.
func isName(word string) bool {
	return word != "." && fs.ValidPath(word) && !strings.ContainsAny(word, `/\:`)
}

const mostList = 32 << 20 // bytes of a file that lists others

// small returns what is in a file that lists others, without a byte order mark, or
// nil if there is none.
func small(name string) ([]byte, error) {
	f, err := source.File(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, mostList+1))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	if len(data) > mostList {
		return nil, fmt.Errorf("%s: want a list of at most %d bytes, got more", name, mostList)
	}
	return bytes.TrimPrefix(data, []byte("\ufeff")), nil
}

// smallJSON reads a file as JSON into v, if there is one.
func smallJSON(name string, v any) error {
	data, err := small(name)
	if err != nil || data == nil {
		return err
	}
	if err := json.Unmarshal(data, v); err != nil {
		return fmt.Errorf("%s: %.200s", name, err) // which may quote a long number
	}
	return nil
}

// lineByLine returns the lines that are not blank, with their numbers from 1
// and without blanks at their ends.
func lineByLine(data []byte) iter.Seq2[int, string] {
	return func(yield func(int, string) bool) {
		n := 0
		for line := range bytes.Lines(data) {
			n++
			if line = bytes.TrimSpace(line); len(line) > 0 && !yield(n, string(line)) {
				return
			}
		}
	}
}
