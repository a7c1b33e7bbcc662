package main

import (
	"bytes"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
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
	f.Add([]byte("basket;a;b;days\nx;1,5;red;2\ny;;blue;3,25\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		for _, missing := range []string{refuse, fill} {
			table, err := readTable(bytes.NewReader(text), columns{Set: "basket", Targets: []string{"days"}, Missing: missing}, nil)
			if err != nil {
				require.Less(t, len(err.Error()), 2000)
				continue
			}
			for i, s := range table.samples {
				require.NotZero(t, s.rows)
				require.Len(t, s.numbers, s.rows*len(table.numbers))
				require.Len(t, s.words, s.rows*len(table.words))
				require.Len(t, table.targets[i], 1)
				require.Less(t, math.Abs(table.targets[i][0]), 1e308)
				require.True(t, missing == fill || !slices.ContainsFunc(s.numbers, math.IsNaN))
			}
			all := make([]int, len(table.samples))
			for i := range all {
				all[i] = i
			}
			for _, feature := range table.learnedFrom(all) {
				p := scaling{[]float64{feature.Mean}, []float64{feature.Deviation}}
				require.True(t, feature.Categories != nil || p.fits(1), "%+v", feature)
			}
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
