package main

func elementwise(int) {}
func activations(int) {}
func gradients(int)   {}
func sums(int)        {}
func rows(int)        {}
func softmax(int)     {}
func norms(int)       {}
func adam(int)        {}
