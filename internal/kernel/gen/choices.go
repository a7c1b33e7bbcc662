package main

import (
	"fmt"
	"go/format"
	"os"
	"strings"
)

// choices writes the Go functions that do nothing but choose by level between the instruction sets and the portable
// code: those of slices alone, all as long as the first.
func choices(file string) error {
	var b strings.Builder
	b.WriteString("// Generated.\n\n//go:build amd64 && !noasm\n\npackage kernel\n\nimport \"unsafe\"\n")
	for _, f := range []struct{ names, slices string }{
		{"exp tanh sigmoid silu gelu relu", "dst x"},
		{"add mul mulAdd tanhGrad sigmoidGrad siluGrad geluGrad reluGrad", "dst x y"},
	} {
		slices := strings.Fields(f.slices)
		list := strings.Join(slices, ", ")
		data := "unsafe.SliceData(" + strings.Join(slices, "), unsafe.SliceData(") + "), len(dst)"
		for _, name := range strings.Fields(f.names) {
			fmt.Fprintf(&b, "\nfunc %s(%s []float32) {\nswitch level {\n", name, list)
			for _, bits := range []int{512, 256} {
				fmt.Fprintf(&b, "case %d:\n%s%d(%s)\n", bits, name, bits, data)
			}
			fmt.Fprintf(&b, "default:\n%sPlain(%s)\n}\n}\n", name, list)
		}
	}
	text, err := format.Source([]byte(b.String()))
	if err != nil {
		return err
	}
	return os.WriteFile(file, text, 0o644)
}
