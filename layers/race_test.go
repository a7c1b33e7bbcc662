//go:build race

package layers_test

// racing says that the race detector watches, which makes everything slow.
const racing = true
