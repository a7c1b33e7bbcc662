package molecules

import (
	"archive/tar"
	"bytes"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"setwise/examples/regress/regresstest"
	"setwise/examples/regress/study"
	"setwise/set/grad"
)

// hydroxide and a hydrogen far away, with charges.
const hydroxide = `hydroxide
  by hand

  3  1  0     0  0  0  0  0  0999 V2000
    0.0000    0.0000    0.0000 O   0  5  0  0  0  0  0  0  0  0  0  0
    0.9600    0.0000    0.0000 H   0  0  0  0  0  0  0  0  0  0  0  0
   -4.0000    3.0000    0.0000 Xe  0  0  0  0  0  0  0  0  0  0  0  0
  1  2  1  0  0  0  0
M  CHG  1   1  -1
M  END
> <partial_charges>
-1.2
0.2
0

$$$$
`

func TestParseSDF(t *testing.T) {
	want := &compound{
		[]atom{{"O", [3]float64{}, -1, -1.2}, {"H", [3]float64{0.96, 0, 0}, 0, 0.2}, {"Xe", [3]float64{-4, 3, 0}, 0, 0}},
		[]bond{{0, 1, 1}},
	}
	for name, text := range map[string]string{"plain": hydroxide, "windows": strings.ReplaceAll(hydroxide, "\n", "\r\n")} {
		got, err := parseSDF(text)
		require.NoError(t, err, name)
		require.Equal(t, want, got, name)
	}
	got, err := parseSDF(hydroxide[:strings.Index(hydroxide, "> <")])
	require.NoError(t, err, "without data")
	require.Zero(t, got.atoms[0].partial)
	for name, c := range map[string]struct{ from, to, want string }{
		"empty":      {hydroxide, "", "line 4"},
		"version":    {"V2000", "V3000", "line 4: want the numbers"},
		"no atoms":   {"  3  1", "  0  1", "line 4: atoms: want a number from 1 to 999"},
		"many":       {"  3  1", "999999", "want 2002 lines"},
		"negative":   {"  3  1", "  3 -1", "line 4: bonds"},
		"place":      {"0.9600 ", "O.9600 ", "line 6: want a number"},
		"not finite": {"    0.9600", "       NaN", "line 6: want a number"},
		"element":    {"0.0000 O ", "0.0000   ", "line 5: want an element"},
		"short atom": {"    0.9600    0.0000    0.0000 H   0  0  0  0  0  0  0  0  0  0  0  0", "    0.96", "line 6"},
		"bond to":    {"  1  2  1", "  1  4  1", "line 8: want a number from 1 to 3"},
		"itself":     {"  1  2  1", "  1  1  1", "line 8: want a bond of two atoms"},
		"order":      {"  1  2  1", "  1  2  9", "line 8: want a number from 1 to 4"},
		"charged":    {"CHG  1   1", "CHG  1   7", "line 9"},
		"charge":     {"CHG  1   1  -1", "CHG  1   1", "line 9: want a charge"},
		"no end":     {"M  END", "M  FIN", "want a line M  END"},
		"partial":    {"0.2\n", "x\n", "line 13: partial_charges"},
		"partials":   {"0.2\n0\n\n$$$$\n", "0.2", "partial_charges: want 3 lines, got 2"},
	} {
		_, err := parseSDF(strings.Replace(hydroxide, c.from, c.to, 1))
		require.ErrorContains(t, err, c.want, name)
	}
}

func TestNewMolecule(t *testing.T) {
	c, err := parseSDF(hydroxide)
	require.NoError(t, err)
	m := newMolecule(c)
	assert.Equal(t, []float64{1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1}, m.counts())
	oxygen := make([]float32, kindWidth)
	oxygen[3], oxygen[11], oxygen[12], oxygen[13], oxygen[14] = 1, 0.25, 0.25, 0.25, -1
	assert.Equal(t, oxygen, m.kinds.Row(0))
	var sum [3]float32
	for _, at := range m.places.Points {
		for k, x := range at {
			sum[k] += x
		}
	}
	assert.InDeltaSlice(t, []float32{0, 0, 0}, sum[:], 1e-6)
	assert.Equal(t, m.pairs.Row(2), m.pairs.Row(6), "from 0 to 2 and back")
	assert.InDelta(t, 1, m.pairs.Row(2)[10], 1e-6, "five ångström")
	assert.EqualValues(t, 1, m.pairs.Row(1)[rings])
	assert.Zero(t, m.pairs.Row(2)[rings])
}

// Predictions from distances are those of a turned molecule whose atoms come in
// another order; and all models can be trained.
func TestPupilsOfMolecules(t *testing.T) {
	c, err := parseSDF(hydroxide)
	require.NoError(t, err)
	other := &compound{bonds: []bond{{2, 1, 1}}}
	for _, i := range []int{2, 1, 0} {
		a := c.atoms[i]
		a.at = [3]float64{5 - a.at[1], a.at[0], a.at[2]} // a quarter turn and a shift
		other.atoms = append(other.atoms, a)
	}
	both := []*molecule{newMolecule(c), newMolecule(other)}
	solutes := make([]solute, 20)
	for i := range solutes {
		solutes[i] = solute{compound: c, measured: float64(i)}
	}
	for _, model := range Task().Models {
		h, err := newHydration(solutes, study.Options{Model: model, Seed: 1, Sets: 20})
		require.NoError(t, err)
		p := h.Pupils[3]
		if y := p.Predict(nil, both); model != "sab+pma" {
			assert.InDelta(t, y.Values[0], y.Values[1], 1e-5, model)
			assert.NotZero(t, y.Values[0])
		}
		tape := grad.NewTape(regresstest.Rand(2))
		loss := h.Loss(tape, [][]int{h.Draw(regresstest.Rand(3)), h.Draw(regresstest.Rand(4))})
		require.False(t, math.IsNaN(float64(loss.Values[0])))
		tape.Gradients(loss)
	}
}

// writeFreeSolv writes a database of n molecules and returns its folder.
func writeFreeSolv(t *testing.T, n int, sdf string) string {
	t.Helper()
	dir := t.TempDir()
	text := "# a database\n"
	var packed bytes.Buffer
	w := tar.NewWriter(&packed)
	for i := range n {
		text += fmt.Sprintf("m%d; [OH-]; hydroxide; %d.5; 0.6; -3; 0.1; somewhere\n", i, i)
		one := strings.Replace(sdf, "0.9600", fmt.Sprintf("0.%d00", 90+i%10), 1)
		require.NoError(t, w.WriteHeader(&tar.Header{Name: fmt.Sprintf("sdffiles/m%d.sdf", i), Mode: 0o600, Size: int64(len(one))}))
		_, err := w.Write([]byte(one))
		require.NoError(t, err)
	}
	require.NoError(t, w.Close())
	require.NoError(t, os.WriteFile(filepath.Join(dir, "sdffiles.tar.gz"), regresstest.Zipped(t, packed.Bytes()), 0o600))
	require.NoError(t, os.WriteFile(filepath.Join(dir, "database.txt"), []byte(text), 0o600))
	return dir
}

func TestMolecules(t *testing.T) {
	dir, out := writeFreeSolv(t, 40, hydroxide), t.TempDir()
	text, _, err := regresstest.Run(t.Context(), t, []study.Task{Task()}, "-task", "molecules", "-data", dir, "-model", "rff+sum", "-steps", "2", "-out", out)
	require.NoError(t, err)
	require.Regexp(t, `^RMSE \d+\.\d{4} \+- \d+\.\d{4}, MAE .* kcal/mol over 40 molecules, 2 steps$`, regresstest.LastLine(text))
	require.Contains(t, text, "simulation")
	require.FileExists(t, filepath.Join(out, "molecules-rff+sum-1.png"))
}

func TestMoleculesRefuse(t *testing.T) {
	row := "m0; [OH-]; hydroxide; 1; 0.6; 2; 0.1\n"
	for name, c := range map[string]struct{ database, sdf, want string }{
		"few":    {row, hydroxide, "want at least 20 molecules, got 1"},
		"none":   {"", hydroxide, "want molecules, got none"},
		"fields": {"m0; x; 1\n", hydroxide, "line 1: want 6 fields"},
		"energy": {"#\n" + strings.Replace(row, " 1;", " one;", 1), hydroxide, "line 2: want an energy, got \" one\""},
		"lost":   {row + "m7;;; 1;; 2\n", hydroxide, "want m7.sdf"},
		"sdf":    {row, "nonsense", "sdffiles/m0.sdf: line 4"},
	} {
		dir := writeFreeSolv(t, 1, c.sdf)
		require.NoError(t, os.WriteFile(filepath.Join(dir, "database.txt"), []byte(c.database), 0o600))
		_, _, err := regresstest.Run(t.Context(), t, []study.Task{Task()}, "-task", "molecules", "-data", dir, "-out", t.TempDir())
		require.ErrorContains(t, err, c.want, name)
		require.ErrorContains(t, err, "FreeSolv", name)
	}
	t.Setenv("SETWISE_DATA", t.TempDir())
	_, _, err := regresstest.Run(t.Context(), t, []study.Task{Task()}, "-task", "molecules", "-out", t.TempDir())
	require.ErrorContains(t, err, "want a folder with database.txt")
	_, _, err = regresstest.Run(t.Context(), t, []study.Task{Task()}, "-task", "molecules", "-data", t.TempDir(), "-out", t.TempDir())
	require.ErrorContains(t, err, "database.txt")
}

// The published files are what they are said to be.
func TestFreeSolv(t *testing.T) {
	solutes, err := readFreeSolv(regresstest.Data(t, "freesolv-3d"))
	require.NoError(t, err)
	require.Len(t, solutes, 642)
	least, most, squares, ions := 100, 0, 0.0, 0
	for _, s := range solutes {
		least, most = min(least, len(s.atoms)), max(most, len(s.atoms))
		squares += sq(s.measured-s.simulated) / 642
		for _, a := range s.atoms {
			ions += min(a.charge*a.charge, 1)
		}
	}
	assert.Equal(t, []int{3, 44, 94}, []int{least, most, ions})
	assert.InDelta(t, 1.54156, math.Sqrt(squares), 1e-5)
}

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
