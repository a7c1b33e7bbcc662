package molecules

import (
	"archive/tar"
	"bufio"
	"errors"
	"fmt"
	"io"
	"math"
	"path"
	"path/filepath"
	"strconv"
	"strings"

	"setwise/examples/internal/files"
)

// What the files of FreeSolv may hold. They have 642 molecules of 6 KiB at
// most.
const (
	mostMolecules = 10_000
	mostSDF       = 1 << 20
	mostBytes     = 256 << 20 // of either file
)

// A solute is a molecule with the energy, in kcal/mol, that it takes or gives
// off to go from gas into water: as measured, and as a simulation of the
// physics has it.
type solute struct {
	*compound
	name                string
	measured, simulated float64
}

// readFreeSolv reads the database from the folder that has it.
func readFreeSolv(dir string) ([]solute, error) {
	solutes, err := files.Read(filepath.Join(dir, "database.txt"), mostBytes, readEnergies)
	if err == nil {
		solutes, err = files.Read(filepath.Join(dir, "sdffiles.tar.gz"), mostBytes, func(r io.Reader) ([]solute, error) {
			return solutes, readCompounds(r, solutes)
		})
	}
	if err != nil {
		return nil, fmt.Errorf("FreeSolv: %w", err)
	}
	return solutes, nil
}

// readEnergies reads lines of fields with semicolons between them: name, SMILES,
// chemical name, measured energy, its error, simulated energy, and more. Lines
// that begin with # say nothing.
func readEnergies(r io.Reader) ([]solute, error) {
	var out []solute
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, 1<<16)
	for n := 1; lines.Scan(); n++ {
		if strings.HasPrefix(lines.Text(), "#") || strings.TrimSpace(lines.Text()) == "" {
			continue
		}
		fields := strings.Split(lines.Text(), ";")
		if len(fields) < 6 {
			return nil, fmt.Errorf("line %d: want 6 fields or more with semicolons between them, got %d", n, len(fields))
		}
		if len(out) == mostMolecules {
			return nil, fmt.Errorf("line %d: want at most %d molecules, got more", n, mostMolecules)
		}
		s := solute{name: strings.TrimSpace(fields[0])}
		for at, to := range map[int]*float64{3: &s.measured, 5: &s.simulated} {
			x, err := strconv.ParseFloat(strings.TrimSpace(fields[at]), 64)
			if err != nil || math.IsNaN(x) || math.Abs(x) > 1e6 {
				return nil, fmt.Errorf("line %d: want an energy, got %.40q", n, fields[at])
			}
			*to = x
		}
		out = append(out, s)
	}
	return out, lines.Err()
}

// readCompounds finds the molecule of each solute in an archive.
func readCompounds(r io.Reader, solutes []solute) error {
	byName := map[string]int{}
	for i, s := range solutes {
		byName[s.name] = i
	}
	archive := tar.NewReader(r)
	for files := 0; ; files++ {
		h, err := archive.Next()
		if err == io.EOF {
			break
		} else if err != nil {
			return err
		}
		if files > 2*mostMolecules {
			return fmt.Errorf("want at most %d files, got more", 2*mostMolecules)
		}
		name, sdf := strings.CutSuffix(path.Base(h.Name), ".sdf")
		i, known := byName[name]
		if !sdf || !known {
			continue
		}
		text, err := io.ReadAll(io.LimitReader(archive, mostSDF+1))
		if err != nil {
			return fmt.Errorf("%s: %w", h.Name, err)
		}
		if len(text) > mostSDF {
			return fmt.Errorf("%s: want at most %d bytes, got more", h.Name, mostSDF)
		}
		if solutes[i].compound, err = parseSDF(string(text)); err != nil {
			return fmt.Errorf("%s: %w", h.Name, err)
		}
	}
	for _, s := range solutes {
		if s.compound == nil {
			return fmt.Errorf("want %s.sdf, got no such file", s.name)
		}
	}
	if len(solutes) == 0 {
		return errors.New("want molecules, got none")
	}
	return nil
}
