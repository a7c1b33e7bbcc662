//go:build !race

package layers_test

const racing = false
