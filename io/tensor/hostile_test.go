package tensor

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// overlapping returns an archive in whose directory n records share the bytes
// of one.
func overlapping(n, size int) string {
	var pairs []string
	for i := range n {
		pairs = append(pairs, str(fmt.Sprint(i)), viewed(stored("ByteStorage", fmt.Sprint(i), int64(size)), 0, nums(int64(size)), nums(1)))
	}
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	raw := strings.Repeat("x", size)
	add := func(name, content string) {
		w, err := z.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Store})
		if err == nil {
			_, err = w.Write([]byte(content))
		}
		if err != nil {
			panic(err)
		}
	}
	add("data.pkl", program(pairs...))
	for i := range n {
		content := ""
		if i == 0 {
			content = raw
		}
		add("data/"+fmt.Sprint(i), content)
	}
	if err := z.Close(); err != nil {
		panic(err)
	}
	file := b.Bytes()
	// Give every later entry of the directory what the first one says.
	var first []byte
	for at := bytes.Index(file, []byte("PK\x01\x02")); at >= 0 && at+46 <= len(file) && string(file[at:at+4]) == "PK\x01\x02"; {
		length := int(binary.LittleEndian.Uint16(file[at+28:]))
		name := string(file[at+46 : at+46+length])
		switch {
		case name == "data/0":
			first = file[at : at+46]
		case strings.HasPrefix(name, "data/"):
			copy(file[at+16:at+28], first[16:28])
			copy(file[at+42:at+46], first[42:46])
		}
		at += 46 + length + int(binary.LittleEndian.Uint16(file[at+30:]))
	}
	return string(file)
}

// deflated returns an archive with a compressed record.
func deflated(name string, size int) string {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	p := program(str("x"), viewed(stored("ByteStorage", "0", int64(size)), 0, nums(int64(size)), nums(1)))
	for _, record := range []struct{ name, content string }{{"data.pkl", p}, {"data/0", strings.Repeat("\x00", size)}} {
		method := zip.Store
		if record.name == name {
			method = zip.Deflate
		}
		w, err := z.CreateHeader(&zip.FileHeader{Name: record.name, Method: method})
		if err == nil {
			_, err = w.Write([]byte(record.content))
		}
		if err != nil {
			panic(err)
		}
	}
	if err := z.Close(); err != nil {
		panic(err)
	}
	return b.String()
}

// hostileTorch are files that must be refused, by name, with what the error
// says.
func hostileTorch() map[string][2]string {
	bytes6 := stored("ByteStorage", "0", 6)
	tensor := func(storage string, offset int64, size, strides string) string {
		return pt("data.pkl", program(str("x"), viewed(storage, offset, size, strides)), "data/0", "012345")
	}
	pickled := func(p string) string { return pt("data.pkl", "\x80\x02"+p) }
	called := func(args string) string {
		return pt("data.pkl", program(str("x"), glob("torch._utils", "_rebuild_tensor_v2")+args+"R"), "data/0", "012345")
	}
	laughs := "}"
	for range 30 {
		laughs += "q\x00}(" + str("a") + "h\x00" + str("b") + "h\x00u"
	}
	corrupt := []byte(simple("ByteStorage", "0123456789", 10))
	corrupt[bytes.Index(corrupt, []byte("0123456789"))] ^= 1
	encrypted := []byte(simple("ByteStorage", "0123456789", 10))
	encrypted[bytes.Index(encrypted, []byte("PK\x01\x02"))+8] |= 1
	whole := simple("ByteStorage", "0123456789", 10)
	return map[string][2]string{
		"empty":       {"", "zip"},
		"no zip":      {"PK\x03\x04 and no more", "zip"},
		"cut short":   {whole[:len(whole)-10], "zip"},
		"legacy":      {string(legacyMagic) + "\x2e", "before PyTorch 1.6"},
		"no pickle":   {pt("x/data/0", "1"), "want a data.pkl"},
		"two pickles": {pt("x/data.pkl", "N.", "y/data.pkl", "N."), `want one data.pkl, got "y/data.pkl" too`},
		"twice":       {simple("ByteStorage", "1", 1, "a/data/0", "2"), `record "data/0": want it once`},
		"torchscript": {pt("x/data.pkl", "N.", "x/constants.pkl", ""), "TorchScript"},
		"byte order":  {simple("ByteStorage", "1", 1, "a/byteorder", "middle"), `want little or big, got "middle"`},
		"long order":  {simple("ByteStorage", "1", 1, "a/byteorder", strings.Repeat("x", 99)), `record "byteorder": want at most 16 bytes, got 99`},
		"checksum":    {string(corrupt), `record "data/0": zip: checksum error`},
		"encrypted":   {string(encrypted), `record "data.pkl": want it neither compressed nor encrypted`},
		"bomb":        {deflated("data/0", 1<<20), `record "data/0": want it neither compressed`},
		"pickle bomb": {deflated("data.pkl", 1), `record "data.pkl": want it neither compressed`},
		"overlap":     {overlapping(50, 1<<16), "want records that do not overlap"},
		"directory":   {pt(many("x/", mostDirectory/50)...), "directory: want at most 2097152 bytes"},
		"long pickle": {pt("data.pkl", strings.Repeat("N", mostPickle+1)), `record "data.pkl": want at most 8388608 bytes, got 8388609`},

		"system":          {pickled(glob("os", "system") + str("true") + "\x85R."), `byte 2: "system" of module "os": want tensors and plain values, not what runs a program`},
		"builtins":        {pickled(str("builtins") + str("eval") + "\x93."), `"eval" of module "builtins"`},
		"imports":         {pickled(glob("importlib.util", "module_from_spec") + ")R."), `"module_from_spec" of module "importlib.util"`},
		"dotted":          {pickled(str("torch") + str("FloatStorage.__class__") + "\x93."), `got none in torch.FloatStorage.__class__`},
		"instance":        {pickled("(ios\nsystem\n."), "opcode 0x69"},
		"new object":      {pickled(glob("net", "Net") + ")\x81."), "such as a state_dict, got none in an object of net.Net"},
		"whole model":     {pt("data.pkl", "\x80\x02"+glob("net", "Net")+")\x81}"+str("_parameters")+"}"+str("w")+viewed(bytes6, 0, nums(6), nums(1))+"ssb.", "data/0", "012345"), "such as a state_dict, got some within an object of net.Net"},
		"sparse":          {pt("data.pkl", program(str("x"), glob("torch._utils", "_rebuild_sparse_tensor")+"("+viewed(bytes6, 0, nums(6), nums(1))+"tR"), "data/0", "012345"), "got what torch._utils._rebuild_sparse_tensor makes"},
		"of an array":     {pickled(glob("torch._utils", "_rebuild_device_tensor_from_numpy") + ")R."), "got what torch._utils._rebuild_device_tensor_from_numpy makes"},
		"in a set":        {pt("data.pkl", program(str("x"), "\x8f("+viewed(bytes6, 0, nums(6), nums(1))+"\x90"), "data/0", "012345"), "got some within an object of set"},
		"of a class":      {pickled(glob("torch._tensor", "_rebuild_from_type_v2") + "(NNNNtR."), "want what torch._utils._rebuild_tensor_v2 makes, got 4 arguments"},
		"plain values":    {pt("data.pkl", program(str("epoch"), "K\x07")), "got none in a dictionary of 1"},
		"bare storage":    {pt("data.pkl", program(str("x"), bytes6), "data/0", "012345"), `"x": want tensors, got a storage without`},
		"add to a list":   {pickled("](N\x90."), "want a set or an object to add to, got a list of 0"},
		"extension":       {pickled("\x82\x01."), "opcode 0x82"},
		"last opcode":     {pickled("\xff."), "opcode 0xff"},
		"protocol 0":      {pt("data.pkl", "(dp0\n."), "opcode 0x64"},
		"protocol 9":      {pt("data.pkl", "\x80\x09."), "want pickle protocol 2 to 5, got 9"},
		"call a list":     {pickled("])R."), "want a function to call, got a list of 0"},
		"call a tuple":    {pickled("))R."), "want a function to call, got a tuple of 0"},
		"call a storage":  {pickled(glob("torch", "FloatStorage") + ")R."), "want a function to call"},
		"list of args":    {pickled(glob("collections", "OrderedDict") + "]R."), "want arguments in a tuple, got a list of 0"},
		"itself":          {pickled(glob("collections", "OrderedDict") + "]q\x00h\x00a\x85R."), "got none in an object of collections.OrderedDict"},
		"in itself":       {pickled("}q\x00" + str("a") + "h\x00s."), "nested at most 32 deep"},
		"list in itself":  {pickled("]q\x00h\x00a."), "nested at most 32 deep"},
		"laughs":          {pickled(laughs + "."), "at most 1048576 values"},
		"long string":     {pickled("\x8d\x00\x00\x00\x00\x00\x01\x00\x00."), "want 1099511627776 bytes more, got 1"},
		"negative string": {pickled("\x8d\xff\xff\xff\xff\xff\xff\xff\xff."), "want 18446744073709551615 bytes more, got 1"},
		"long bytes":      {pickled("B\xff\xff\xff\xff."), "want 4294967295 bytes more"},
		"long integer":    {pickled("\x8a\x0912345678."), "want 1 bytes more, got 0"},
		"big integer":     {pickled("\x8b\xff\xff\xff\x7f."), "want 2147483647 bytes more, got 1"},
		"empty stack":     {pickled("."), "want 1 values on the stack, got 0"},
		"below the mark":  {pickled("N(0."), "want 1 values on the stack, got 0"},
		"no mark":         {pickled("Nt."), "want a mark"},
		"no end":          {pickled("N"), "want 1 bytes more, got 0"},
		"no name":         {pickled("cos"), "want a name of at most 255 bytes"},
		"no second name":  {pickled("cos\n"), "want a name of at most 255 bytes"},
		"long name":       {pickled("c" + strings.Repeat("x", 300) + "\n\n."), "want a name of at most 255 bytes"},
		"no memo":         {pickled("h\x05."), "want a value that was memoized as 5"},
		"nothing to memo": {pickled("q\x05."), "want 1 values on the stack"},
		"append to none":  {pickled("NNa."), "want a list to append to, got None"},
		"set on a string": {pickled(str("x") + "NNs."), `want a dictionary and pairs of keys and values, got the string "x" and 2`},
		"odd pairs":       {pickled("}(Nu."), "got a dictionary of 0 and 1"},
		"build a tuple":   {pickled(")}b."), "want an object to give attributes, got a tuple of 0"},
		"stack global":    {pickled("NN\x93."), "want the names of a module and a class, got None and None"},
		"many values":     {pickled(strings.Repeat("N", mostValues+1)), "want at most 262144 values"},
		"many marks":      {pickled(strings.Repeat("(", mostValues+1)), "want at most 262144 values"},
		"many memos":      {pickled("N" + strings.Repeat("\x94", mostValues+1)), "want at most 262144 values"},
		"key":             {pt("data.pkl", program("N", viewed(bytes6, 0, nums(1), nums(1))), "data/0", "012345"), "want tensors under keys that are strings or integers, got None"},
		"same name": {pt("data.pkl", program(str("a"), "}"+str("b")+viewed(bytes6, 0, nums(1), nums(1))+"s", str("a.b"), viewed(bytes6, 0, nums(1), nums(1))), "data/0", "012345"),
			`tensor "a.b": want the name once`},
		"name": {pt("data.pkl", program(str(strings.Repeat("n", 2000)), viewed(bytes6, 0, nums(1), nums(1))), "data/0", "012345"), "want names of at most 1024 bytes"},

		"no storage":       {tensor(stored("ByteStorage", "1", 6), 0, nums(6), nums(1)), `record "data/1": want it in the archive, got none`},
		"other path":       {tensor(stored("ByteStorage", "../data.pkl", 6), 0, nums(6), nums(1)), `record "data/../data.pkl": want it in the archive`},
		"large storage":    {tensor(stored("ByteStorage", "0", 7), 0, nums(6), nums(1)), `storage "0": want 6 bytes of U8, got 7 elements of U8`},
		"negative storage": {tensor(stored("ByteStorage", "0", -6), 0, nums(6), nums(1)), "got -6 elements"},
		"huge storage":     {tensor(stored("LongStorage", "0", 1<<60), 0, nums(6), nums(1)), "got 1152921504606846976 elements of I64"},
		"odd storage":      {tensor(stored("IntStorage", "0", 1), 0, nums(1), nums(1)), "got 1 elements of I32"},
		"unknown storage":  {tensor(stored("ComplexFloatStorage", "0", 6), 0, nums(6), nums(1)), "storage: want one of integers, booleans or real numbers, got a torch.ComplexFloatStorage"},
		"two types": {pt("data.pkl", program(str("x"), viewed(bytes6, 0, nums(6), nums(1)), str("y"), viewed(stored("CharStorage", "0", 6), 0, nums(6), nums(1))), "data/0", "012345"),
			"want 6 bytes of U8, got 6 elements of I8"},
		"persistent none":  {pickled("NQ."), `want a tuple of 5 that begins with "storage", got None`},
		"persistent tuple": {pickled("(" + str("storage") + "NNNNtQ."), "want a class, a key and a size, got None, None and None"},
		"persistent cycle": {pickled("]q\x00(h\x00h\x00h\x00h\x00h\x00tQ."), "got a tuple of 5"},

		"past the end":     {tensor(bytes6, 0, nums(7), nums(1)), "tensor: offset 0, shape [7], strides [1]: want to stay within the 6 elements of its storage"},
		"offset":           {tensor(bytes6, 1, nums(6), nums(1)), "offset 1, shape [6], strides [1]: want to stay within"},
		"offset at end":    {tensor(bytes6, 6, nums(1), nums(1)), "want to stay within"},
		"scalar at end":    {tensor(bytes6, 6, nums(), nums()), "offset 6: want an element there"},
		"offset beyond":    {tensor(bytes6, 7, nums(0), nums(1)), "offset 7: want 0 to 6"},
		"negative offset":  {tensor(bytes6, -1, nums(1), nums(1)), "got a storage and the integer -1"},
		"stride":           {tensor(bytes6, 0, nums(2, 2), nums(5, 1)), "want to stay within"},
		"huge stride":      {tensor(bytes6, 0, nums(3), nums(1<<62)), "want to stay within"},
		"huge strides":     {tensor(bytes6, 0, nums(5, 5), nums(1<<62, 1<<62)), "want to stay within"},
		"negative stride":  {tensor(bytes6, 5, nums(6), nums(-1)), "want integers from 0, got the integer -1"},
		"negative size":    {tensor(bytes6, 0, nums(-6), nums(1)), "want integers from 0, got the integer -6"},
		"few strides":      {tensor(bytes6, 0, nums(2, 3), nums(1)), "want as many strides as the 2 dimensions, got 1"},
		"huge size":        {tensor(bytes6, 0, nums(1<<62, 1<<62), nums(0, 0)), "want at most 1152921504606846975 elements"},
		"amplified":        {tensor(bytes6, 0, nums(1<<40), nums(0)), "want no more elements than the file could hold"},
		"dimensions":       {tensor(bytes6, 0, "("+strings.Repeat("K\x01", 65)+"t", nums(1)), "want a tuple of at most 64 integers, got a tuple of 65"},
		"few arguments":    {called("(N\x85t"), "want 6 or 7 arguments, got 1"},
		"wrong arguments":  {called("(NNNNNNt"), "want a storage and an offset in it, got None and None"},
		"size in a list":   {called("(" + bytes6 + "K\x00]NNNt"), "tensor: size: want a tuple of at most 64 integers, got a list of 0"},
		"size of strings":  {called("(" + bytes6 + "K\x00" + str("a") + "\x85NNNt"), `tensor: size: want integers from 0, got the string "a"`},
		"strides of none":  {called("(" + bytes6 + "K\x00)NNNt"), "tensor: strides: want a tuple"},
		"parameter":        {pickled(glob("torch._utils", "_rebuild_parameter") + "(NNNtR."), "want a tensor and two or three arguments more"},
		"parameter of one": {pickled(glob("torch._utils", "_rebuild_parameter") + "N\x85R."), "want a tensor and two or three arguments more, got 1"},
	}
}

// many returns names of records, each empty.
func many(prefix string, n int) []string {
	var records []string
	for i := range n {
		records = append(records, fmt.Sprint(prefix, i), "")
	}
	return records
}

func TestHostileTorchFilesAreRefused(t *testing.T) {
	dir := t.TempDir()
	for name, c := range hostileTorch() {
		t.Run(name, func(t *testing.T) {
			_, err := read(c[0])
			require.ErrorContains(t, err, c[1])
			assert.True(t, strings.HasPrefix(err.Error(), "pt: "), err)
			assert.Less(t, len(err.Error()), 500)

			if c[0] == "" {
				return
			}
			file := filepath.Join(dir, "hostile.pt")
			require.NoError(t, os.WriteFile(file, []byte(c[0]), 0o666))
			_, err = Open(file, Limits{})
			require.ErrorContains(t, err, c[1])
			assert.True(t, strings.HasPrefix(err.Error(), "pt: "+file+": "), err)
		})
	}
}
