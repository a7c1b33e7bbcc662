package layers

import "setwise/set/grad"

// ReLU, GELU, SiLU and Tanh act on every number.
var (
	ReLU Func = (*grad.Tape).ReLU
	GELU Func = (*grad.Tape).GELU
	SiLU Func = (*grad.Tape).SiLU
	Tanh Func = (*grad.Tape).Tanh
)
