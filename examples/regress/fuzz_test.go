package main

import (
	"bytes"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"setwise/internal/stream"
)

// Whatever stands in a file, it is refused, or what is read of it can be used.

func FuzzSDF(f *testing.F) {
	f.Add(hydroxide)
	f.Add(strings.Replace(hydroxide, "  1  2  1", "  1  4  1", 1)) // a bond to an atom that is not there
	f.Fuzz(func(t *testing.T, text string) {
		if c, err := parseSDF(text); err == nil {
			newMolecule(c)
		}
	})
}

func FuzzEnergies(f *testing.F) {
	f.Add("# name; SMILES; name; energy\nm0; [OH-]; hydroxide; 1; 0.6; 2; 0.1\n")
	f.Fuzz(func(t *testing.T, text string) {
		solutes, err := readEnergies(strings.NewReader(text))
		require.True(t, err != nil || len(solutes) <= strings.Count(text, "\n")+1)
	})
}

func FuzzTopics(f *testing.F) {
	f.Add([]byte(manyTopics(f, 60, 3)))
	f.Fuzz(func(t *testing.T, text []byte) {
		topics, err := parseTopics(bytes.NewReader(text))
		if err != nil {
			return
		}
		used := make([]bool, topics.words)
		for _, words := range topics.train {
			for _, w := range words {
				used[w] = true
			}
		}
	})
}

func FuzzTable(f *testing.F) {
	f.Add([]byte(baskets))
	f.Fuzz(func(t *testing.T, text []byte) {
		c := columns{Set: "basket", Targets: []string{"days"}}
		table, err := stream.Read("table", bytes.NewReader(text), func(s *stream.Source) (*table, error) {
			t := &table{columns: c}
			return t, t.read(s)
		})
		if err != nil {
			return
		}
		for i, s := range table.sets() {
			require.NotZero(t, s.Len())
			require.Len(t, table.targets[i], 1)
		}
	})
}

func FuzzIdx(f *testing.F) {
	f.Add([]byte{0, 0, 8, 2, 0, 0, 0, 2, 0, 0, 0, 3, 1, 2, 3, 4, 5, 6})
	f.Fuzz(func(t *testing.T, data []byte) {
		values, err := parseIdx(bytes.NewReader(data), 3)
		require.True(t, err != nil || len(values)%3 == 0)
	})
}
