package main

import (
	"fmt"
	"io"
	"math/rand/v2"
)

// molecules is the energy of hydration of small molecules, sets of atoms in
// space.
func molecules() task {
	return task{
		name:  "molecules",
		about: "the hydration free energy of a molecule, a set of atoms in space",
		notes: `The 642 molecules of [FreeSolv](https://github.com/MobleyLab/FreeSolv) 0.52 (Mobley and Guthrie 2014), in kcal/mol:
10-fold cross-validation with random folds; standard errors of RMSE and MAE are over folds, those of coverage over
halves of them. Atoms have an element, numbers of bonds and hydrogens, valence and formal charge; coordinates come in random
orientations (sab+pma), or as distances and bonds that are added to the logits of attention (spaced); spaced+charge has
the partial charges of the SDF files (AM1-BCC) too. Every run prints beside them a linear regression on the numbers of
atoms of each element, and the physical simulation that the database has. The published numbers are those of graph networks on
random splits of 80, 10 and 10 %: MPNN of MoleculeNet 1.15 ± 0.12, and D-MPNN 1.075 ± 0.054 (both as
[Chemprop](https://github.com/chemprop/chemprop) lists them); they stand beside our Set Transformer. Learning rates and
steps are the best of a few tried with the same cross-validation.`,
		models: []string{"sab+pma", "rff+sum", "spaced", "spaced+charge"},
		steps:  4000,
		batch:  32,
		chunk:  8,
		sets:   642,
		rate:   3e-3,
		fall:   "cosine",
		data:   source{"database.txt and sdffiles.tar.gz of github.com/MobleyLab/FreeSolv", "freesolv-3d"},
		begin: func(o options) (lesson, error) {
			dir, err := o.folder()
			if err != nil {
				return nil, err
			}
			solutes, err := readFreeSolv(dir)
			if err != nil {
				return nil, err
			}
			return newHydration(solutes, o)
		},
		columns: []column{{"rmse", "RMSE"}, {"mae", "MAE"}, {"coverage", "coverage of 90 % intervals"}},
		paper: map[string]map[string]string{
			"sab+pma": {"rmse": "1.075 ± 0.054 (D-MPNN), 1.15 ± 0.12 (MPNN)"},
		},
	}
}

const (
	tenths    = 10      // parts of the cross-validation
	mostPairs = 4 << 20 // of atoms, which take 80 bytes each; FreeSolv has 0.3 million
)

// hydration learns the energies.
type hydration struct {
	*folds[*molecule]
	simulated [][]float64
	o         options
}

func newHydration(solutes []solute, o options) (*hydration, error) {
	rng := rand.New(rand.NewPCG(o.seed, 0))
	solutes = shuffled(solutes, rng)[:min(o.sets, len(solutes))]
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
	h.folds = newFolds(examples, truth, tenths, rng, func([]int) pupil[*molecule] {
		s := shape{in: kindWidth, dim: 64, out: 1, phi: 2, rho: 1, seeds: 1}
		switch o.model {
		case "rff+sum":
			return &bag{s.model(o.model, rng)}
		case "sab+pma":
			s.in += 3
			return &turned{s.model(o.model, rng)}
		}
		return newSpaced(o.model == "spaced+charge", rng)
	})
	return h, nil
}

func (h *hydration) test(out io.Writer, prefix string) (map[string]number, error) {
	all := h.all()
	counts := make([][]float64, len(h.examples))
	for i, m := range h.examples {
		counts[i] = m.counts()
	}
	fmt.Fprintf(out, "energies in kcal/mol of molecules that were not learned from (%d-fold cross-validation)\n", tenths)
	r := h.report(out, 0, []row{{h.o.model, all}, {"line by elements", h.lines(counts)}, {"mean", h.means()}, {"simulation", h.simulated}}, nil)
	name := prefix + ".png"
	if err := h.draw(name, all, 0, "energy of hydration, kcal/mol, by "+h.o.model); err != nil {
		return nil, err
	}
	fmt.Fprintf(out, "wrote %s: prediction against truth\n", name)
	fmt.Fprintln(out, "published, random splits: RMSE 1.15 ± 0.12 (MPNN, MoleculeNet), 1.075 ± 0.054 (D-MPNN, Chemprop)")
	fmt.Fprintf(out, "RMSE %s, MAE %s kcal/mol over %d molecules, %d steps\n", r["rmse"], r["mae"], len(h.examples), h.o.steps)
	return r, nil
}
