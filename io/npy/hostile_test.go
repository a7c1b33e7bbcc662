package npy

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"math"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A forged entry is what an archive says of a member, true or not.
type forged struct {
	name          string
	flags, method uint16
	packed, size  uint32 // bytes
	crc           uint32
	at            uint32 // of the local header
	extra         []byte
}

// local returns the header of a member and its bytes.
func (e forged) local(data []byte) []byte {
	b := binary.LittleEndian.AppendUint32(nil, 0x04034b50)
	for _, v := range []uint16{20, e.flags, e.method, 0, 0x21} {
		b = binary.LittleEndian.AppendUint16(b, v)
	}
	for _, v := range []uint32{e.crc, e.packed, e.size} {
		b = binary.LittleEndian.AppendUint32(b, v)
	}
	b = binary.LittleEndian.AppendUint16(b, uint16(len(e.name)))
	b = binary.LittleEndian.AppendUint16(b, 0)
	return append(append(b, e.name...), data...)
}

// directoryOf returns the directory of an archive after its members.
func directoryOf(members []byte, entries ...forged) []byte {
	b := bytes.Clone(members)
	for _, e := range entries {
		b = binary.LittleEndian.AppendUint32(b, 0x02014b50)
		for _, v := range []uint16{45, 20, e.flags, e.method, 0, 0x21} {
			b = binary.LittleEndian.AppendUint16(b, v)
		}
		for _, v := range []uint32{e.crc, e.packed, e.size} {
			b = binary.LittleEndian.AppendUint32(b, v)
		}
		for _, v := range []uint16{uint16(len(e.name)), uint16(len(e.extra)), 0, 0, 0, 0, 0} {
			b = binary.LittleEndian.AppendUint16(b, v)
		}
		b = binary.LittleEndian.AppendUint32(b, e.at)
		b = append(append(b, e.name...), e.extra...)
	}
	begin, n := len(members), uint16(min(len(entries), math.MaxUint16))
	b, size := binary.LittleEndian.AppendUint32(b, 0x06054b50), len(b)-begin
	for _, v := range []uint16{0, 0, n, n} {
		b = binary.LittleEndian.AppendUint16(b, v)
	}
	b = binary.LittleEndian.AppendUint32(b, uint32(size))
	b = binary.LittleEndian.AppendUint32(b, uint32(begin))
	return append(b, 0, 0)
}

// stored returns an entry for data that is stored as it is.
func stored(name string, data []byte) forged {
	return forged{name: name, packed: uint32(len(data)), size: uint32(len(data))}
}

// readZips reads an archive in every way, which must agree on whether it is good.
func readZips(t *testing.T, archive []byte) error {
	t.Helper()
	name := save(t, "a.npz", archive)
	var err error
	bound(t, "archive", int64(len(archive)), func() error {
		_, err = ReadZip(bytes.NewReader(archive), int64(len(archive)), Limits{})
		return err
	})
	_, opened := OpenZip(name, Limits{})
	assert.Equal(t, err == nil, opened == nil)
	bound(t, "shapes", int64(len(archive)), func() error {
		_, unread, err := ZipShapes(name)
		for _, err := range unread {
			assert.Less(t, len(err.Error()), 1000)
		}
		return err
	})
	if err != nil {
		assert.Less(t, len(err.Error()), 1000)
	}
	return err
}

// Many entries of one member are refused at once, however they are made.
func TestZipOverlaps(t *testing.T) {
	array := written(t, make([]float32, 16<<10))
	var packed bytes.Buffer
	z := zip.NewWriter(&packed)
	w, err := z.Create("a.npy")
	require.NoError(t, err)
	_, err = w.Write(array)
	require.NoError(t, err)
	require.NoError(t, z.Flush())
	deflated := packed.Bytes()[30+len("a.npy"):]

	one := forged{name: "00000.npy", method: zip.Deflate, packed: uint32(len(deflated)), size: uint32(len(array))}
	member := one.local(deflated)
	same := make([]forged, 65_000)
	for i := range same {
		same[i] = one
		same[i].name = fmt.Sprintf("%05d.npy", i)
	}
	assert.ErrorContains(t, readZips(t, directoryOf(member, same...)), "zip directory: 00000.npy and 00001.npy overlap at byte ")

	// Each member holds the headers of all that follow, in blocks that deflate
	// leaves as they are.
	var quoted []forged
	kernel := one.local(deflated)
	body := kernel
	quoted = append(quoted, one)
	for i := range 50 {
		e := forged{name: fmt.Sprintf("%05d.npy", i+1), method: zip.Deflate}
		header := len(e.local(nil))
		quote := []byte{0}
		quote = binary.LittleEndian.AppendUint16(quote, uint16(30+5+4))
		quote = binary.LittleEndian.AppendUint16(quote, ^uint16(30+5+4))
		e.packed = uint32(len(quote) + len(body))
		for k := range quoted {
			quoted[k].at += uint32(header + len(quote))
		}
		body = e.local(append(quote, body...))
		quoted = append(quoted, e)
	}
	assert.ErrorContains(t, readZips(t, directoryOf(body, quoted...)), " overlap at byte ")

	// An array that another has within it.
	inner := stored("b.npy", written(t, []int8{1, 2, 3}))
	data := inner.local(written(t, []int8{1, 2, 3}))
	outer := stored("a.npy", data)
	inner.at = uint32(len(outer.local(nil)))
	assert.ErrorContains(t, readZips(t, directoryOf(outer.local(data), outer, inner)), "a.npy and b.npy overlap at byte ")
	assert.ErrorContains(t, readZips(t, directoryOf(outer.local(data), outer, inner, stored("c.txt", nil))), " overlap at byte ", "c.txt lies about where it is")
}

// What is said of members and is not so.
func TestZipLies(t *testing.T) {
	data := written(t, []int8{1, 2, 3})
	good := stored("a.npy", data)
	good.crc = crc32.ChecksumIEEE(data)
	require.NoError(t, readZips(t, directoryOf(good.local(data), good)))
	wide := binary.LittleEndian.AppendUint64([]byte{1, 0, 16, 0}, 1<<63)
	wide = binary.LittleEndian.AppendUint64(wide, 1<<62)
	for name, c := range map[string]struct {
		change func(*forged)
		want   string
	}{
		"longer":          {func(e *forged) { e.packed += 1000; e.size += 1000 }, "a.npy: want 1131 bytes from byte 35 on, got an archive of "},
		"longer unpacked": {func(e *forged) { e.size += 1000 }, "a.npy: "},
		"shorter":         {func(e *forged) { e.packed--; e.size-- }, "a.npy: data at byte 128: want 3 bytes for shape [3] of |i1"},
		"huge":            {func(e *forged) { e.packed, e.size, e.extra = math.MaxUint32, math.MaxUint32, wide }, "a.npy: want 4611686018427387904 bytes from byte 35 on"},
		"checksum":        {func(e *forged) { e.crc++ }, "a.npy: after the data at byte 131: zip: checksum error"},
		"encrypted":       {func(e *forged) { e.flags = 1 }, "a.npy: encrypted: want an array that can be read without a password"},
		"AES":             {func(e *forged) { e.method = 99 }, "a.npy: encrypted: want"},
		"bzip2":           {func(e *forged) { e.method = 12 }, "a.npy: compressed by bzip2: want deflate or nothing"},
		"LZMA":            {func(e *forged) { e.method = 14 }, "a.npy: compressed by LZMA: want"},
		"Zstandard":       {func(e *forged) { e.method = 93 }, "a.npy: compressed by Zstandard: want"},
		"another":         {func(e *forged) { e.method = 1234 }, "a.npy: compressed by method 1234: want"},
		"nowhere":         {func(e *forged) { e.at = 7 }, "a.npy: zip: not a valid zip file"},
		"directory":       {func(e *forged) { e.name = "a.npy/" }, "want arrays, which are called NAME.npy, got other files"},
		"a long name":     {func(e *forged) { e.name, e.method = strings.Repeat("\x01", 60_000)+".npy", 12 }, `compressed by bzip2`},
	} {
		e := good
		c.change(&e)
		local := good
		local.name = e.name
		err := readZips(t, directoryOf(local.local(data), e))
		assert.ErrorContains(t, err, c.want, name)
	}

	// Names mean nothing, wherever they point to.
	for _, name := range []string{"../../etc/passwd", "/a", `..\a`, "C:a", "a\x00b", "\x1b[2J", strings.Repeat("a/", 1000), ""} {
		e := good
		e.name = name + ".npy"
		b := directoryOf(e.local(data), e)
		arrays, err := ReadZip(bytes.NewReader(b), int64(len(b)), Limits{})
		require.NoError(t, err, name)
		assert.Equal(t, 3, arrays[name].Len())
		readZips(t, b[:len(b)-1])
	}
}

// What is in an archive without arrays is said.
func TestZipOfOthers(t *testing.T) {
	for want, names := range map[string][]string{
		"a 3MF model":                  {"[Content_Types].xml", "3D/3dmodel.model"},
		"a Word document":              {"[Content_Types].xml", "word/document.xml"},
		"an Excel workbook":            {"[Content_Types].xml", "xl/workbook.xml"},
		"a PowerPoint presentation":    {"ppt/presentation.xml"},
		"an Android app":               {"META-INF/MANIFEST.MF", "AndroidManifest.xml", "classes.dex"},
		"a Java archive":               {"META-INF/MANIFEST.MF", "a/B.class"},
		"a PyTorch file":               {"archive/data.pkl", "archive/version", "archive/data/0"},
		"an EPUB book":                 {"mimetype", "META-INF/container.xml"},
		"an OpenDocument file":         {"mimetype", "content.xml", "META-INF/manifest.xml"},
		"a KMZ map":                    {"doc.kml", "files/a.png"},
		"a USDZ model":                 {"scene.usdc", "0/a.png"},
		"a FreeCAD document":           {"Document.xml", "a.brp"},
		"a Keras model":                {"config.json", "model.weights.h5"},
		"a Python package":             {"a/__init__.py", "a-1.0.dist-info/WHEEL"},
		"a compressed AMF model":       {"part.amf"},
		"an iOS app":                   {"Payload/a.app/Info.plist"},
		`["chair/a.stl" "chair/b.stl"`: {"chair/a.stl", "chair/b.stl"},
	} {
		var members []member
		for _, n := range names {
			members = append(members, member{n, []byte("x")})
		}
		err := readZips(t, archived(t, zip.Store, members...))
		assert.ErrorContains(t, err, "zip directory: want arrays, which are called NAME.npy, got ")
		assert.ErrorContains(t, err, want)
		// Arrays beside them are read.
		assert.NoError(t, readZips(t, archived(t, zip.Store, append(members, member{"a.npy", written(t, []int8{1})})...)))
	}
	assert.NoError(t, readZips(t, archived(t, zip.Store)), "numpy.savez of nothing")
}

// Files that are cut anywhere are errors, and short ones.
func TestCutAnywhere(t *testing.T) {
	array := written(t, []float32{1, 2, 3, 4, 5, 6}, 2, 3)
	for _, b := range [][]byte{array, zipped(t, array)} {
		for n := range len(b) {
			_, err := Open(save(t, "a.npy", b[:n]), Limits{})
			require.Error(t, err, "%d of %d bytes", n, len(b))
			require.Less(t, len(err.Error()), 1000)
		}
	}
	for _, method := range []uint16{zip.Store, zip.Deflate} {
		b := archived(t, method, member{"points.npy", array}, member{"normals.npy", array})
		for n := range len(b) {
			_, err := ReadZip(bytes.NewReader(b[:n]), int64(n), Limits{})
			require.Error(t, err, "%d of %d bytes", n, len(b))
			require.Less(t, len(err.Error()), 1000)
		}
		_, err := ReadZip(bytes.NewReader(b), int64(len(b)), Limits{})
		require.NoError(t, err)
	}
}

// What is no file is refused before it is opened.
func TestNoFile(t *testing.T) {
	for _, name := range []string{t.TempDir(), os.DevNull} {
		_, err := Open(name, Limits{})
		assert.ErrorContains(t, err, "want a regular file")
		_, err = OpenZip(name, Limits{})
		assert.ErrorContains(t, err, "want a regular file")
		_, _, err = ZipShapes(name)
		assert.ErrorContains(t, err, "want a regular file")
	}
}
