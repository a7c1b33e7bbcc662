// Regress learns functions of sets, as the papers did, and prints its numbers
// beside theirs.
//
//	go run ./examples/regress
//
// learns to tell the largest number of a set. Other tasks and their models are
// in
//
//	go run ./examples/regress -help
//
// An interrupt (Ctrl-C) saves the training; -resume goes on with it. Every run
// leaves its model, its numbers as JSON and its pictures in the folder of -out,
// and -report DIR makes a page of tables from such numbers.
//
// Every task is a package below this one: maximum (the task max), clustering, digits,
// unique, process, molecules, concepts, and csv for tables of the user's own. What
// they share is in study (the program), models, folds (cross-validation), drawings
// and pictures; regresstest is for their tests.
package main

import (
	"context"
	"io"
	"os"

	"setwise/examples/internal/show"
	"setwise/examples/regress/clustering"
	"setwise/examples/regress/concepts"
	"setwise/examples/regress/csv"
	"setwise/examples/regress/digits"
	"setwise/examples/regress/maximum"
	"setwise/examples/regress/molecules"
	"setwise/examples/regress/process"
	"setwise/examples/regress/study"
	"setwise/examples/regress/unique"
)

func main() {
	show.Main("regress", func(ctx context.Context, args []string, out, notes io.Writer) error {
		return study.Run(ctx, tasks(), args, os.Stdin, out, notes)
	})
}

// tasks returns all tasks. The first is the default.
func tasks() []study.Task {
	return []study.Task{
		maximum.Task(), clustering.Task(), digits.Task(), unique.Task(), process.Task(), molecules.Task(), concepts.Task(), csv.Task(),
	}
}
