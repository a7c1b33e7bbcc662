module setwise/examples/h5tonpy

go 1.25.0

require (
	github.com/scigolib/hdf5 v0.14.0
	github.com/stretchr/testify v1.11.1
	setwise v0.0.0
)

require (
	github.com/davecgh/go-spew v1.1.1 // indirect
	github.com/kshedden/gonpy v0.0.0-20210519231815-fa3c8dd8e59b // indirect
	github.com/pmezard/go-difflib v1.0.0 // indirect
	golang.org/x/sys v0.41.0 // indirect
	gonum.org/v1/gonum v0.17.0 // indirect
	gopkg.in/yaml.v3 v3.0.1 // indirect
)

replace setwise => ../..
