// Package kernel is the arithmetic under the library: products of matrices, activations, softmax, norms, the step of an
// optimiser and distances of points, on slices of float32.
//
// A matrix is a slice in row-major order with a stride, the distance in elements from one row to the next. Every function
// runs on the calling goroutine alone, takes no memory in steady state and keeps nothing. Work is shared between cores one
// level up, by package parallel, over rows, sets and heads.
//
// Results of one row do not depend on the rows beside it. An element of a product is summed over k in one order, whatever
// the numbers of rows and columns and however the work is split, so a row alone and the same row in a batch of thousands
// are equal bit for bit. An implementation of BLAS that was given to blas32.Use takes the products of the portable path; it
// is used as it is and may round a row differently in a larger batch.
//
// The portable path gives the same bits on every machine, which recorded values in the tests hold it to. So its products
// are rounded before they are added, by a conversion, float32(x*y) + z: the compiler takes x*y + z for one instruction that
// rounds once where there is one. The assembly has such instructions and other orders of summation, and other bits.
//
// Slices must be long enough for the sizes given: functions panic before they touch anything when one is not. Where a
// destination is the very slice of an argument the work is done in place, unless a comment says that it must not be;
// slices that overlap in part are not supported.
package kernel

//go:generate go run -C gen . -part product -out ../product_amd64.s -stubs ../product_stubs_amd64.go -pkg kernel
//go:generate go run -C gen . -part vector -out ../vector_amd64.s -stubs ../vector_stubs_amd64.go -pkg kernel
//go:generate go run -C gen . -part choices -out ../choices_amd64.go
