package xyz

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"setwise/io/internal/formattest"
	"setwise/pointcloud"
)

// two are two points, and turned their normals.
var (
	two    = [][3]float32{{1, 2, 3}, {-4, 5.5, 6e3}}
	turned = [][3]float32{{0, 0.6, 0.8}, {0, 0, -1}}
)

func TestReadRows(t *testing.T) {
	for name, text := range map[string]string{
		"blanks":             "1 2 3\n-4 5.5 6e3\n",
		"no end":             "1 2 3\n-4 5.5 6e3",
		"CRLF":               "1 2 3\r\n-4 5.5 6e3\r\n",
		"CR":                 "1 2 3\r-4 5.5 6e3\r",
		"many blanks":        "\n\n  1\t 2   3 \n \n\t-4 5.5\t6e3\t\n\n",
		"byte order mark":    "\ufeff1 2 3\n-4 5.5 6e3\n",
		"commas":             "1,2,3\n-4,5.5,6e3\n",
		"commas and blanks":  "1, 2, 3\n -4 ,5.5\t, 6e3 \n",
		"commas at the ends": "1,2,3,\n-4,5.5,6e3, \n",
		"semicolons":         "1;2;3\n-4;5.5;6e3;\n",
		"comments":           "# a cloud\n1 2 3 # first\n//second\n-4 5.5 6e3// second\n#",
		"comments, commas":   "//a cloud\n1,2,3 # first\n-4,5.5,6e3, // second\n",
		"names":              "x y z\n1 2 3\n-4 5.5 6e3",
		"names, commas":      "\"X\",\"Y\",\"Z\"\n1,2,3\n-4,5.5,6e3",
		"names and blanks":   "X, Y, Z\n1 2 3\n-4 5.5 6e3",
		"names, semicolons":  "z;x;y\n3;1;2\n6e3;-4;5.5",
		"names in a comment": "# made today\n#Z Y X\n3 2 1\n6e3 5.5 -4",
		"names of CSV there": "//y,x,z\n2 1 3\n5.5 -4 6e3",
		"names twice":        "# z y x\nx y z\n1 2 3\n-4 5.5 6e3",
		"other names":        "# x y z nx\n1 2 3\n# z y x\n-4 5.5 6e3",
		"count":              "2\n1 2 3\n-4 5.5 6e3\n",
		"count after blanks": "\n # of points:\n 2 \r\n1 2 3\r\n\r\n-4 5.5 6e3\r\n",
	} {
		for how, r := range map[string]io.Reader{
			"whole": strings.NewReader(text), "bytes": iotest.OneByteReader(strings.NewReader(text)), "zipped": bytes.NewReader(formattest.Zipped(t, []byte(text))),
		} {
			got, err := ReadAll(r, Limits{})
			if assert.NoError(t, err, "%s, %s", name, how) {
				assert.Equal(t, File{Cloud: pointcloud.Cloud{Points: two}}, got, "%s, %s", name, how)
			}
		}
	}
}

func TestReadColumns(t *testing.T) {
	plain, normal := pointcloud.Cloud{Points: two}, pointcloud.Cloud{Points: two, Normals: turned}
	for name, c := range map[string]struct {
		text string
		want File
	}{
		"normals":          {"1 2 3 0 .6 .8\n-4 5.5 6e3 0 0 -1", File{Cloud: normal}},
		"commas":           {"1,2,3,0,.6,.8\n-4,5.5,6e3,0,0,-1", File{Cloud: normal}},
		"named":            {"x y z nx ny nz\n1 2 3 0 .6 .8\n-4 5.5 6e3 0 0 -1", File{Cloud: normal}},
		"named normal_x":   {"normal_x,normal_y,normal_z,X,Y,Z\n0,.6,.8,1,2,3\n0,0,-1,-4,5.5,6e3", File{Cloud: normal}},
		"label":            {"1 2 3 0 .6 .8 12.000\n-4 5.5 6e3 0 0 -1 7", File{normal, []Column{{"label", []float32{12, 7}}}}},
		"curvature":        {"1 2 3 0 .6 .8 .5\n-4 5.5 6e3 0 0 -1 7", File{normal, []Column{{"7", []float32{0.5, 7}}}}},
		"eight":            {"1 2 3 0 .6 .8 5 6\n-4 5.5 6e3 0 0 -1 7 8", File{normal, []Column{{"7", []float32{5, 7}}, {"8", []float32{6, 8}}}}},
		"colours":          {"1 2 3 0 128 255\n-4 5.5 6e3 0 0 1", File{plain, []Column{{"4", []float32{0, 0}}, {"5", []float32{128, 0}}, {"6", []float32{255, 1}}}}},
		"dark colours":     {"1 2 3 0 0 0\n-4 5.5 6e3 .5 0 .5", File{plain, []Column{{"4", []float32{0, 0.5}}, {"5", []float32{0, 0}}, {"6", []float32{0, 0.5}}}}},
		"pts":              {"2\n1 2 3 -90 1 2 3\n-4 5.5 6e3 9 4 5 6", File{plain, []Column{{"4", []float32{-90, 9}}, {"5", []float32{1, 4}}, {"6", []float32{2, 5}}, {"7", []float32{3, 6}}}}},
		"four":             {"1 2 3 9\n-4 5.5 6e3 8", File{plain, []Column{{"4", []float32{9, 8}}}}},
		"five":             {"1 2 3 0 1\n-4 5.5 6e3 0 1", File{plain, []Column{{"4", []float32{0, 0}}, {"5", []float32{1, 1}}}}},
		"named colours":    {"//X Y Z R G B\n1 2 3 0 .6 .8\n-4 5.5 6e3 0 0 1", File{plain, []Column{{"r", []float32{0, 0}}, {"g", []float32{0.6, 0}}, {"b", []float32{0.8, 1}}}}},
		"no third normal":  {"x,y,z,nx,ny\n1,2,3,4,5\n-4,5.5,6e3,6,7", File{plain, []Column{{"nx", []float32{4, 6}}, {"ny", []float32{5, 7}}}}},
		"normal twice":     {"x,y,z,nx,ny,nz,nx\n1,2,3,4,5,6,7\n-4,5.5,6e3,4,5,6,7", File{plain, []Column{{"nx", []float32{4, 4}}, {"ny", []float32{5, 5}}, {"nz", []float32{6, 6}}, {"nx", []float32{7, 7}}}}},
		"names with digit": {"# x y z 4\n1 2 3 9\n-4 5.5 6e3 8", File{plain, []Column{{"4", []float32{9, 8}}}}},
		"names alone":      {"x,y,z,label", File{pointcloud.Cloud{Points: [][3]float32{}}, []Column{{"label", []float32{}}}}},
		"comment alone":    {"# x y z nx ny nz\n", File{Cloud: pointcloud.Cloud{Points: [][3]float32{}, Normals: [][3]float32{}}}},
		"count of none":    {"0\n", File{Cloud: pointcloud.Cloud{Points: [][3]float32{}}}},
	} {
		got, err := ReadAll(strings.NewReader(c.text), Limits{})
		assert.NoError(t, err, name)
		assert.Equal(t, c.want, got, name)
	}
	table, err := ReadAll(strings.NewReader("x y z a b a\n1 2 3 4 5 6"), Limits{})
	require.NoError(t, err)
	assert.Equal(t, []float32{4}, table.Column("a"))
	assert.Nil(t, table.Column("c"))
}

// A normal may be a little longer or shorter than 1, and half of them anything
// below.
func TestNormalsAreTold(t *testing.T) {
	const point = "0 0 0 "
	for text, want := range map[string]bool{
		point + "0 0 1.009":                                   true,
		point + "0 0 1.011":                                   false,
		point + "0 -0.991 0":                                  true,
		point + "0 -0.989 0":                                  false,
		point + "0 0 0\n" + point + "1 0 0":                   true,
		strings.Repeat(point+"0 0 .3\n", 2) + point + "1 0 0": false,
		point + "1 0 0\n" + point + "1 1 1":                   false,
		point + "1e30 0 0":                                    false,
	} {
		c, err := Read(strings.NewReader(text), Limits{})
		assert.NoError(t, err)
		assert.Equal(t, want, c.Normals != nil, "%q", text)
	}
}

func TestReadRefuses(t *testing.T) {
	for name, c := range map[string]struct{ text, want string }{
		"nothing":           {"", "no points: want lines of 3 numbers or more"},
		"blank":             {" \n\n", "no points"},
		"comments":          {"# nothing\n// here", "no points"},
		"prose":             {"The quick brown fox\n", `line 1: want finite numbers, or names of columns with x, y and z among them, got "The"`},
		"prose below":       {"1 2 3\nthe end\n", `line 2: want a finite number within float32, got "the"`},
		"two numbers":       {"1 2\n", "line 1: want 3 to 256 numbers, got 2"},
		"half a number":     {"\n1.5\n", "line 2: want 3 to 256 numbers, got 1"},
		"too wide":          {strings.Repeat("1 ", 257), "line 1: want 3 to 256 numbers, got 257"},
		"narrower":          {"1 2 3 4\n\n1 2 3\n", "line 3: want 4 numbers, as in the rows before, got 3"},
		"wider":             {"1,2,3\n1,2,3,4\n", "line 2: want 3 numbers, as in the rows before, got 4"},
		"NaN first":         {"nan 1 2\n", `line 1: want finite numbers, or names of columns with x, y and z among them, got "nan"`},
		"NaN later":         {"1 2 3\r\r1 NaN 2\r", `line 3: want a finite number within float32, got "NaN"`},
		"infinite":          {"1 2 3\n1 2 inf", `line 2: want a finite number within float32, got "inf"`},
		"huge":              {"1 2 3\n1 2 1e39", `line 2: want a finite number within float32, got "1e39"`},
		"missing":           {"1,2,3\n1,,3\n", `line 2: want a finite number within float32, got ""`},
		"missing first":     {"1,2,3\n,2,3\n", `line 2: want a finite number within float32, got ""`},
		"missing in row 1":  {"1;;3\n", `line 1: want finite numbers, or names of columns with x, y and z among them, got ""`},
		"decimal commas":    {"1,5;2,5;3,5\n", `line 1: a decimal comma: want decimal points`},
		"commas and not":    {"1,2,3\n1 2 3\n", `line 2: want a finite number within float32, got "1 2 3"`},
		"not, then commas":  {"1 2 3\n1,2,3\n", `line 2: want a finite number within float32, got "1,2,3"`},
		"names, few":        {"x,y,z\n1,2,3,4\n", "line 2: want 3 numbers, as many as columns are named, got 4"},
		"index of pandas":   {",x,y\n0,1,2\n", `line 1: want finite numbers, or names of columns with x, y and z among them, got ""`},
		"x twice":           {"x,y,z,x\n1,2,3,4\n", "line 1: want finite numbers, or names of columns with x, y and z among them"},
		"names twice":       {"x y z\nx y z\n1 2 3\n", `line 2: want a finite number within float32, got "x"`},
		"few points":        {"3\n1 2 3\n4 5 6\n", "line 4: the file ends early: want the 3 points that the first line promises, got 2"},
		"no points":         {"1\n", "the file ends early: want the 1 points"},
		"more points":       {"1\n1 2 3\n4 5 6\n", "line 3: want the 1 points that the first line promises, got more"},
		"more than none":    {"0\n4 5 6\n", "line 2: want the 0 points that the first line promises, got more"},
		"huge count":        {"99999999999\n", "line 1: 99999999999 points promised: want at most 60000000, or a higher limit"},
		"molecule":          {"3\nwater\nO 0 0 0\nH 0 0 1\nH 0 1 0\n", `line 2: want a number after the count of points, got "water"; molecules are not read as clouds`},
		"nameless molecule": {"3\n\nO 0 0 0\nH 0 0 1\nH 0 1 0\n", `line 3: want a number after the count of points, got "O"; molecules are not read as clouds`},
		"landmarks":         {"version: 1\nn_points: 1\n{\n1 2\n}\n", `line 1: want finite numbers, or names`},
		"binary":            {"\x00\x01\x02\xff\xfe\x80 1 2", "line 1: zero bytes before more text: binary data"},
		"long word":         {"1 2 " + strings.Repeat("3", 1<<16), "line 1: a line of more than 65536 bytes"},
	} {
		_, err := Read(strings.NewReader(c.text), Limits{})
		if assert.ErrorContains(t, err, c.want, name) {
			assert.True(t, strings.HasPrefix(err.Error(), "xyz: "), "%v", err)
		}
	}
	for text, want := range map[string]string{
		"2\n":            "xyz: line 1: 2 points promised: want at most 1, or a higher limit",
		"1 2 3\n4 5 6\n": "xyz: line 2: more than 1 points: want no more, or a higher limit",
	} {
		_, err := Read(strings.NewReader(text), Limits{Points: 1})
		assert.EqualError(t, err, want)
	}
	broken := errors.New("broken")
	_, err := Read(io.MultiReader(strings.NewReader("1 2 3\n4 5"), iotest.ErrReader(broken)), Limits{})
	assert.ErrorIs(t, err, broken)
	cut := formattest.Zipped(t, []byte(strings.Repeat("1 2 3\n", 1000)))
	_, err = Read(bytes.NewReader(cut[:len(cut)-9]), Limits{})
	assert.ErrorContains(t, err, "gzip: unexpected EOF")
}

func TestOpen(t *testing.T) {
	name := filepath.Join(t.TempDir(), "a.xyz")
	require.NoError(t, os.WriteFile(name, []byte("1 2 3\n-4 5.5 6e3\n"), 0o600))
	c, err := Open(name, Limits{})
	require.NoError(t, err)
	assert.Equal(t, two, c.Points)
	_, err = Open(name, Limits{Points: 1})
	assert.EqualError(t, err, "xyz: "+name+": line 2: more than 1 points: want no more, or a higher limit")
	_, err = Open(name+"z", Limits{})
	assert.ErrorIs(t, err, os.ErrNotExist)
	assert.ErrorContains(t, err, "xyz: ")
}

// Rows are kept in pieces: what comes out does not depend on where these end.
func TestReadMany(t *testing.T) {
	for _, width := range []int{3, 4, 255} {
		n := 3*slabValues/width + 5
		var b bytes.Buffer
		for i := range n {
			fmt.Fprintf(&b, "%d %d", i, -i)
			b.WriteString(strings.Repeat(" 7", width-3))
			fmt.Fprintf(&b, " %d\n", 2*i)
		}
		got, err := ReadAll(&b, Limits{})
		require.NoError(t, err)
		require.Equal(t, n, got.Cloud.Len())
		require.Len(t, got.Columns, width-3)
		for i, p := range got.Cloud.Points {
			third, last := float32(2*i), float32(2*i)
			if width > 3 {
				third, last = 7, got.Columns[width-4].Values[i]
			}
			require.Equal(t, [4]float32{float32(i), float32(-i), third, float32(2 * i)}, [4]float32{p[0], p[1], p[2], last})
		}
	}
}

func TestMemory(t *testing.T) {
	for name, text := range map[string]string{
		"count":       "50000000\n1 2 3\n",
		"comments":    strings.Repeat("# x x x x x x x x y y y y z z z z z\n", 20_000),
		"ones":        strings.Repeat("1 1 1\n", 200_000),
		"wide":        strings.Repeat(strings.Repeat("1 ", 256)+"\n", 2_000),
		"long fields": strings.Repeat("0", 60_000) + " 1 2\n",
		"blanks":      strings.Repeat("\n", 1<<20),
	} {
		took := formattest.Allocated(func() { _, _ = Read(strings.NewReader(text), Limits{}) })
		assert.Less(t, took, uint64(16*len(text)+1<<20), name)
	}
}

func TestColumnsOfWords(t *testing.T) {
	nan := float32(math.NaN())
	for text, want := range map[string]File{
		"name,x,y,z\nP1,1,2,3\nP2,4,5,6\n":                                 {Cloud: cloudOf(1, 2, 3, 4, 5, 6)},
		"name;x;y;z\n\"P;1 # no comment\";1;2;3\n7;4;5;6\n":                {Cloud: cloudOf(1, 2, 3, 4, 5, 6)},
		"\"x\",\"y\",\"z\",\"s\"\n\"1\",\"2\",\"3\",\"4\"\n5,\" 6\",7,8\n": {Cloud: cloudOf(1, 2, 3, 5, 6, 7), Columns: []Column{{"s", []float32{4, 8}}}},
		"X Y Z who s\n1 2 3 Nancy 4\n4 5 6 nan 7\n":                        {Cloud: cloudOf(1, 2, 3, 4, 5, 6), Columns: []Column{{"s", []float32{4, 7}}}},
		"// x y z who\n1 2 3 info\n":                                       {Cloud: cloudOf(1, 2, 3)},
		"x,y,z,who,s\n1,2,3,\"a, \"\"b\"\"\",4\n1,2,3,,4\n":                {Cloud: cloudOf(1, 2, 3, 1, 2, 3), Columns: []Column{{"s", []float32{4, 4}}}},
	} {
		got, err := ReadAll(strings.NewReader(text), Limits{})
		if assert.NoError(t, err, text) {
			assert.Equal(t, want, got, text)
		}
	}
	got, err := ReadAll(strings.NewReader("1 2 3 9 nan\n4 5 6 -inf 8\n"), Limits{})
	require.NoError(t, err)
	assert.Equal(t, cloudOf(1, 2, 3, 4, 5, 6), got.Cloud)
	assert.Equal(t, fmt.Sprint([]Column{{"4", []float32{9, nan}}, {"5", []float32{nan, 8}}}), fmt.Sprint(got.Columns))
	c, err := Read(strings.NewReader("x,y,z,nx,ny,nz\n1,2,3,0,0,1\n4,5,6,nan,0,0\n"), Limits{})
	require.NoError(t, err)
	assert.Equal(t, [][3]float32{{0, 0, 1}, {}}, c.Normals)

	for text, want := range map[string]string{
		"x,y,z,s\n1,2,3,4\n1,2,3,P\n":   `line 3: want a finite number within float32, got "P"`,
		"x,y,z,s\n1,2,3,\n1,2,3,4\n":    `want 4 numbers, as many as columns are named, got 3`,
		"x,y,z,s,w\n1,2,3,,2\n":         `line 2: want a finite number within float32, got ""`,
		"x,y,z,s\n1,2,nan,4\n":          `line 2: want a finite number within float32, got "nan"`,
		"x,y,z,nx,ny,nz\n1,2,3,a,b,c\n": `line 2: want a finite number within float32, got "a"`,
		"P1 1 2 3\n":                    `want finite numbers, or names of columns`,
	} {
		_, err := ReadAll(strings.NewReader(text), Limits{})
		assert.ErrorContains(t, err, want, text)
	}
}

func cloudOf(numbers ...float32) (c pointcloud.Cloud) {
	for p := range slices.Chunk(numbers, 3) {
		c.Points = append(c.Points, [3]float32(p))
	}
	return c
}

func TestScans(t *testing.T) {
	for text, want := range map[string]pointcloud.Cloud{
		"2\n1 2 3\n4 5 6\n2\n7 8 9\n1 1 1\n":     cloudOf(1, 2, 3, 4, 5, 6, 7, 8, 9, 1, 1, 1),
		"1\n1 2 3\n0\n1\n4 5 6\n\n1\n7 8 9\n0\n": cloudOf(1, 2, 3, 4, 5, 6, 7, 8, 9),
		"0\n1\n1 2 3\n":                          cloudOf(1, 2, 3),
	} {
		c, err := Read(strings.NewReader(text), Limits{Points: 4})
		require.NoError(t, err, text)
		assert.Equal(t, want, c, text)
	}
	for text, want := range map[string]string{
		"2\n1 2 3\n4 5 6\n2\n7 8 9\n": "the file ends early: want the 4 points",
		"2\n1 2 3\n2\n4 5 6\n7 8 9\n": "line 3: want 3 numbers, as in the rows before, got 1",
		"1\n1 2 3\n4\n":               "line 3: 5 points promised: want at most 4",
		"1\n1 2 3\n1\n4 5 6\n7 8 9\n": "line 5: want the 2 points",
		"1 2 3\n1\n4 5 6\n":           "line 2: want 3 numbers",
	} {
		_, err := Read(strings.NewReader(text), Limits{Points: 4})
		assert.ErrorContains(t, err, want, text)
	}
}

func TestDecimalCommas(t *testing.T) {
	for _, text := range []string{
		"1,500000, 2,250000, 3,125000\n", "1,5 2,5 3,5\n", "1,5;2;3\n", "-1,5\t2,0\t,5\n", "x;y;z\n1,5;2,5;3,5\n", "1 2 3\n1,5 2 3\n",
		"1,500000,2,250000,3,125000\n4,050000,5,250000,6,125000\n", "1,50, 2,25, 3,12, 4,00\n",
	} {
		_, err := Read(strings.NewReader(text), Limits{})
		assert.ErrorContains(t, err, "a decimal comma: want decimal points", text)
	}
	for _, text := range []string{"1,2,3\n", "1, 2, 3\n", "1,2,3,255,200,100\n", "1,20,3,40,5,60\n1,20,3,40,5,60\n", "1;2;3\n", "1,007,2,10,3,011\n"} {
		_, err := Read(strings.NewReader(text), Limits{})
		assert.NoError(t, err, text)
	}
}
