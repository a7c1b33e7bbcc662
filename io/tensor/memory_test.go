package tensor

import (
	"encoding/binary"
	"fmt"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

// greedy are files near the limits, made to take as much memory as they can.
func greedy() map[string]string {
	var empties, keys, proper strings.Builder
	for i := range mostCommas {
		fmt.Fprintf(&empties, `"%d":{},`, i)
		fmt.Fprintf(&keys, `"%d":[],`, i)
	}
	for i := range mostCommas/6 - 1 {
		fmt.Fprintf(&proper, `"%d":{"dtype":"U8","shape":[1,1,1],"data_offsets":[%d,%d]},`, i, i, i+1)
	}
	long := safe(`{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"__metadata__":{"a":"`+strings.Repeat("x", mostHeader-100)+`"}}`, "1")
	value := func(ops string, n int) string { return pt("data.pkl", "\x80\x02"+strings.Repeat(ops, n)+".") }
	names := make([]string, 0, mostDirectory/24)
	for i := range mostDirectory / 53 {
		names = append(names, fmt.Sprintf("%05x", i), "")
	}
	var memos strings.Builder
	for i := range mostValues - 1 {
		memos.WriteString("r" + le32(i))
	}
	dims := viewed(stored("ByteStorage", "0", 1), 0, "("+strings.Repeat("K\x00", mostDimensions)+"tq\x01", "("+strings.Repeat("K\x01", mostDimensions)+"tq\x02")
	dims = strings.TrimSuffix(dims, "R") + "q\x03R" + strings.Repeat("h\x04h\x03R", mostValues/3-200)
	dims = strings.Replace(dims, "_rebuild_tensor_v2\n", "_rebuild_tensor_v2\nq\x04", 1)
	flat := "](" + strings.Repeat("h\x05", 1000) + "eq\x06]("
	return map[string]string{
		"empty entries": safe("{"+empties.String()+`"":{}}`, ""),
		"keys":          safe(`{"a":{`+keys.String()+`"":""}}`, ""),
		"small tensors": safe("{"+proper.String()+`"__metadata__":{}}`, strings.Repeat("x", mostCommas/6-1)),
		"dimensions":    safe(`{"a":{"dtype":"U8","shape":[`+strings.Repeat("10000000000,", mostCommas-10)+`1],"data_offsets":[0,1]}}`, "x"),
		"metadata":      long,
		"escapes":       safe(`{"__metadata__":{"a":"`+strings.Repeat(`\u00e9`, mostHeader/6-10)+`"}}`, ""),
		"promise":       string(binary.LittleEndian.AppendUint64(nil, mostHeader)) + "{}",
		"promised data": safe(`{"a":{"dtype":"U8","shape":[4000000000],"data_offsets":[0,4000000000]}}`, "x"),
		"lists":         value("]", mostValues),
		"dictionaries":  value("}", mostValues),
		"integers":      value("J\x00\x00\x00\x7f", mostValues),
		"strings":       value("X\x10\x00\x00\x000123456789abcdef", mostValues),
		"marks":         value("(", mostValues),
		"tuples":        value("N\x85", mostValues),
		"memos":         pt("data.pkl", "\x80\x02]"+memos.String()+"."),
		"appends":       pt("data.pkl", "\x80\x02]"+strings.Repeat("Na", mostValues-1)+"."),
		"many dims":     pt("data.pkl", "\x80\x02"+dims+".", "data/0", "x"),
		"tensors":       pt("data.pkl", "\x80\x02"+strings.NewReplacer(strings.Repeat("K\x00", mostDimensions), "K\x00", strings.Repeat("K\x01", mostDimensions), "K\x01").Replace(dims)+".", "data/0", "x"),
		"names":         pt(names...),
		"flattened": pt("data.pkl", "\x80\x02"+viewed(stored("ByteStorage", "0", 1), 0, nums(1), nums(1))+"q\x050"+
			flat+strings.Repeat("h\x06", 60)+"e.", "data/0", "x"),
	}
}

// allocated returns the bytes that f allocates, garbage included.
func allocated(f func()) uint64 {
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

func TestMemoryBeyondTheFile(t *testing.T) {
	for name, data := range greedy() {
		reader := strings.NewReader(data)
		took := allocated(func() {
			var err error
			if strings.HasPrefix(data, "PK") {
				_, err = ReadPT(reader, int64(len(data)), Limits{})
			} else {
				_, err = Read(struct{ *strings.Reader }{reader}, Limits{})
			}
			if err != nil {
				t.Logf("%.150v", err)
			}
		})
		t.Logf("%s: file of %.1f MiB, took %.1f MiB", name, float64(len(data))/(1<<20), float64(took)/(1<<20))
		assert.Less(t, int64(took)-int64(len(data)), int64(64<<20), name)
	}
}
