// Command gen writes the assembly of package kernel with avo. Run it by go generate in the folder above.
//
// Two rules hold for everything here. First, a vector is always sixteen float32: one ZMM register, or two YMM registers
// as its parts, and every sum is taken in the same order over those sixteen lanes, so the two instruction sets
// give the same bits. Second, code outside the last block of a row is free of masks, and the last block is never read or
// written beyond its end.
package main

import (
	"flag"
	"fmt"
	"os"

	. "github.com/mmcloughlin/avo/build"
)

func main() {
	part := flag.String("part", "", "what to write: product or vector")
	flag.Parse()
	ConstraintExpr("amd64")
	ConstraintExpr("!noasm")
	sets := []int{512, 256}
	switch *part {
	case "product":
		for _, bits := range sets {
			products(bits)
			peak(bits)
			packs(bits)
		}
	case "vector":
		constants()
		for _, bits := range sets {
			elementwise(bits)
			activations(bits)
			gradients(bits)
			sums(bits)
			rows(bits)
			softmax(bits)
			norms(bits)
			adam(bits)
		}
	default:
		fmt.Fprintln(os.Stderr, "gen: -part must be product or vector")
		os.Exit(2)
	}
	Generate()
}
