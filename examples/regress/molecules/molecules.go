// Package molecules is a task of regress: the energy of hydration of a
// molecule, a set of atoms, in kcal/mol, by the data of FreeSolv (Mobley and Guthrie
// 2014).
package molecules

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"

	"setwise/examples/regress/folds"
	"setwise/examples/regress/models"
	"setwise/examples/regress/study"
)

// Task is the energy of hydration of small molecules, sets of atoms in
// space.
func Task() study.Task {
	return study.Task{
		Name:  "molecules",
		About: "the hydration free energy of a molecule, a set of atoms in space",
		Notes: `The 642 molecules of [FreeSolv](https://github.com/MobleyLab/FreeSolv) 0.52 (Mobley and Guthrie 2014), in kcal/mol:
10-fold cross-validation with random folds; standard errors of RMSE and MAE are over folds, those of coverage over
halves of them. Atoms have an element, numbers of bonds and hydrogens, valence and formal charge; coordinates come in random
orientations (sab+pma), or as distances and bonds that are added to the logits of attention (spaced); spaced+charge has
the partial charges of the SDF files (AM1-BCC) too. Every run prints beside them a linear regression on the numbers of
atoms of each element, and the physical simulation that the database has. The published numbers are those of graph networks on
random splits of 80, 10 and 10 %: MPNN of MoleculeNet 1.15 ± 0.12, and D-MPNN 1.075 ± 0.054 (both as
[Chemprop](https://github.com/chemprop/chemprop) lists them); they stand beside our Set Transformer. Learning rates and
steps are the best of a few tried with the same cross-validation.`,
		Models:   []string{"sab+pma", "rff+sum", "spaced", "spaced+charge"},
		Steps:    4000,
		Batch:    32,
		Chunk:    8,
		Sets:     642,
		Rate:     3e-3,
		Fall:     "cosine",
		Data:     study.Data{Files: "database.txt and sdffiles.tar.gz of github.com/MobleyLab/FreeSolv", Folder: "freesolv-3d"},
		Begin:    begin,
		Measures: []study.Measure{{Key: "rmse", Title: "RMSE"}, {Key: "mae", Title: "MAE"}, {Key: "coverage", Title: "coverage of 90 % intervals"}},
		Paper: map[string]map[string]string{
			"sab+pma": {"rmse": "1.075 ± 0.054 (D-MPNN), 1.15 ± 0.12 (MPNN)"},
		},
	}
}

// begin makes a lesson of the task.
func begin(o study.Options) (study.Lesson, error) {
	solutes, err := study.Read(o, readFreeSolv)
	if err != nil {
		return nil, err
	}
	return newHydration(solutes, o)
}

const (
	tenths    = 10      // parts of the cross-validation
	mostPairs = 4 << 20 // of atoms, which take 80 bytes each; FreeSolv has 0.3 million
)

// hydration learns the energies.
type hydration struct {
	*folds.Folds[*molecule]
	simulated [][]float64
	o         study.Options
}

func newHydration(solutes []solute, o study.Options) (*hydration, error) {
	rng := rand.New(rand.NewPCG(o.Seed, 0))
	solutes = study.Shuffled(solutes, rng)[:min(o.Sets, len(solutes))]
	if len(solutes) < 2*tenths {
		return nil, fmt.Errorf("FreeSolv: want at least %d molecules, got %d", 2*tenths, len(solutes))
	}
	pairs := 0
	for _, s := range solutes {
		pairs += len(s.atoms) * len(s.atoms)
	}
	if pairs > mostPairs {
		return nil, fmt.Errorf("FreeSolv: want at most %d pairs of atoms in all molecules, got %d", mostPairs, pairs)
	}
	h := &hydration{o: o}
	var examples []*molecule
	var truth [][]float64
	for _, s := range solutes {
		examples = append(examples, newMolecule(s.compound))
		truth = append(truth, []float64{s.measured})
		h.simulated = append(h.simulated, []float64{s.simulated})
	}
	h.Folds = folds.New(examples, truth, tenths, rng, func([]int) folds.Pupil[*molecule] {
		s := models.Shape{In: kindWidth, Dim: 64, Out: 1, Phi: 2, Rho: 1, Seeds: 1}
		switch o.Model {
		case "rff+sum":
			return &bag{s.Model(o.Model, rng)}
		case "sab+pma":
			s.In += 3
			return &turned{s.Model(o.Model, rng)}
		}
		return newSpaced(o.Model == "spaced+charge", rng)
	})
	return h, nil
}

func (h *hydration) Learn(ctx context.Context, s study.Steps) error {
	return study.Take(ctx, s, h.Network(), h.Draw, h.Loss)
}

func (h *hydration) Test(out io.Writer, prefix string) (map[string]study.Number, error) {
	all := h.All()
	counts := make([][]float64, len(h.Examples))
	for i, m := range h.Examples {
		counts[i] = m.counts()
	}
	fmt.Fprintf(out, "energies in kcal/mol of molecules that were not learned from (%d-fold cross-validation)\n", tenths)
	r := h.Report(out, 0, []folds.Row{
		{Name: h.o.Model, Predictions: all}, {Name: "line by elements", Predictions: h.Lines(counts)},
		{Name: "mean", Predictions: h.Means()}, {Name: "simulation", Predictions: h.simulated},
	}, nil)
	name := prefix + ".png"
	if err := h.Plot(name, all, 0, "energy of hydration, kcal/mol, by "+h.o.Model); err != nil {
		return nil, err
	}
	fmt.Fprintf(out, "wrote %s: prediction against truth\n", name)
	fmt.Fprintln(out, "published, random splits: RMSE 1.15 ± 0.12 (MPNN, MoleculeNet), 1.075 ± 0.054 (D-MPNN, Chemprop)")
	fmt.Fprintf(out, "RMSE %s, MAE %s kcal/mol over %d molecules, %d steps\n", r["rmse"], r["mae"], len(h.Examples), h.o.Steps)
	return r, nil
}
