// Package layout holds the rules of this module that a compiler does not. It
// has nothing but tests.
//
// The top level has the names in a list, and no others. Below it,
// packages stand on levels and import only what is on lower ones:
//
//	examples
//	packages of one example, what they share below them
//	examples/internal, what examples share
//	crossmodal, layers/classifier, io/dataset
//	layers/local, layers/train, layers/layertest, io/checkpoint, io/shape, what io/dataset is made of
//	layers, and the formats in io
//	layers/attention, layers/optim, pointcloud/view, io/internal
//	set/grad, pointcloud, graph
//	set
//	internal
//
// internal is the engine, and its packages are named one by one: what serves the
// formats alone is in io/internal, where Go lets nobody else have it. Within either,
// packages may import one another. Examples can be copied out of the module: neither
// they nor their tests import anything of internal.
//
// What holds data (set, pointcloud, graph, the formats, io/dataset) never
// imports what learns (set/grad, layers, crossmodal, io/checkpoint). A module
// of others is imported by one package, so that it can be exchanged in one
// place; gonum is the exception, for it is many libraries. The folder io has no
// Go files, so that no package hides the standard one. Other tests may import
// anything.
//
// Further, every exported name and every package has a comment, every public
// package a runnable example, no file is larger than 5 MiB and no Go file
// longer than 400 lines unless it is generated, and every Go block of README.md
// is part of a Go file.
package layout
