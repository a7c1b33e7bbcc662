package concepts

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"

	"setwise/examples/internal/files"
)

// What a file of topics may hold. That of 3,000 topics has 1.6 MiB.
const (
	mostTopicText = 64 << 20 // bytes, decompressed
	mostWords     = 1 << 20
)

// topics are sets of words, by their numbers from 0, that belong together.
type topics struct {
	words              int // in the vocabulary
	names              map[int]string
	train, valid, test [][]int
}

// readTopics reads a file of topics as Zaheer et al. (2017) published them,
// JSON: {"params": {"ind2word": {"0": word, ...}, ...}, "data": {"train":
// [[number, ...], ...], "val": ..., "test": ...}}. Words of a topic are in order
// of their weight.
func readTopics(name string) (*topics, error) {
	return files.Read(name, mostTopicText, parseTopics)
}

func parseTopics(r io.Reader) (*topics, error) {
	var file struct {
		Params struct {
			Words map[string]string `json:"ind2word"`
		} `json:"params"`
		Data map[string][][]int `json:"data"`
	}
	if err := json.NewDecoder(r).Decode(&file); err != nil {
		return nil, err
	}
	t := &topics{len(file.Params.Words), map[int]string{}, file.Data["train"], file.Data["val"], file.Data["test"]}
	if t.words == 0 || t.words > mostWords {
		return nil, fmt.Errorf("params.ind2word: want 1 to %d words, got %d", mostWords, t.words)
	}
	for number, name := range file.Params.Words {
		w, err := strconv.Atoi(number)
		if err != nil || w < 0 || w >= t.words {
			return nil, fmt.Errorf("params.ind2word: want numbers from 0 to %d, got %.40q", t.words-1, number)
		}
		t.names[w] = name
	}
	for _, part := range []string{"train", "val", "test"} {
		if len(file.Data[part]) == 0 {
			return nil, fmt.Errorf("data.%s: want topics, got none", part)
		}
		for i, topic := range file.Data[part] {
			if err := t.check(topic); err != nil {
				return nil, fmt.Errorf("data.%s: topic %d: %w", part, i, err)
			}
		}
	}
	return t, nil
}

// check reports what is wrong with a topic, if anything.
func (t *topics) check(topic []int) error {
	if len(topic) <= queryWords || len(topic) > t.words/2 {
		return fmt.Errorf("want %d words to half the %d there are, got %d", queryWords+1, t.words, len(topic))
	}
	seen := map[int]bool{}
	for _, w := range topic {
		if w < 0 || w >= t.words {
			return fmt.Errorf("want words from 0 to %d, got %d", t.words-1, w)
		}
		if seen[w] {
			return errors.New("want words that differ, got one twice")
		}
		seen[w] = true
	}
	return nil
}
