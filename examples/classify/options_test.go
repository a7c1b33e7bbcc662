package main

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// Flags that cannot be, or would mean nothing, are refused by their names.
func TestMistakes(t *testing.T) {
	for name, c := range map[string]struct {
		args []string
		want string
	}{
		"no such folder":      {[]string{"-data", "nowhere"}, "nowhere"},
		"no table":            {[]string{"-data", "a.npy"}, "-table"},
		"no model":            {[]string{"-model", "none.safetensors", "-classify", "a.stl"}, "none.safetensors"},
		"turn":                {[]string{"-turn", "up"}, "-turn: want none, x, y, z or free"},
		"points":              {[]string{"-points", "-1"}, "-points: want 1 to"},
		"no points":           {[]string{"-points", "0"}, "-points: want 1 to 1048576, got 0"},
		"epochs":              {[]string{"-epochs", "0"}, "-epochs: want 1 to 1048576, got 0"},
		"negative epochs":     {[]string{"-epochs", "-3"}, "-epochs"},
		"rate":                {[]string{"-rate", "0"}, "-rate: want more than 0"},
		"rate NaN":            {[]string{"-rate", "NaN"}, "-rate"},
		"dropout":             {[]string{"-dropout", "-1"}, "-dropout: want at least 0"},
		"all dropout":         {[]string{"-dropout", "1"}, "-dropout"},
		"kind":                {[]string{"-model-kind", "tree"}, `-model-kind: want local or set, got "tree"`},
		"no kind":             {[]string{"-model-kind", ""}, `-model-kind: want local or set, got ""`},
		"kind and classify":   {[]string{"-model-kind", "set", "-classify", "a.stl"}, "-model-kind: want it for learning alone, got -classify"},
		"start":               {[]string{"-start", ""}, "-start: want a name, got nothing"},
		"no start":            {[]string{"-start", "none.safetensors", "-solids", "4"}, "-start: checkpoint: "},
		"start and serve":     {[]string{"-start", "a", "-serve", "8080"}, "-start: want it for learning alone"},
		"loose file":          {[]string{"a.stl"}, "-classify"},
		"width":               {[]string{"-dim", "30"}, "-dim: want a multiple of 4, the number of attention heads"},
		"no width":            {[]string{"-dim", "0"}, "-dim"},
		"solids":              {[]string{"-solids", "0"}, "-solids: want 1 to"},
		"top":                 {[]string{"-top", "3"}, "-top: want -data ARRAY.npy and -table FILE with it, got learning from solids"},
		"top 1":               {[]string{"-data", "a.npy", "-table", "b.tsv", "-label", "c", "-top", "1"}, "-top: want 2 or more classes, got 1"},
		"top 0":               {[]string{"-data", "a.npy", "-table", "b.tsv", "-label", "c", "-top", "0"}, "-top"},
		"table of folder":     {[]string{"-data", "dir", "-table", "b.tsv"}, "-table: want -data ARRAY.npy and -table FILE with it, got learning from a folder"},
		"label of folder":     {[]string{"-data", "dir", "-label", "b"}, "-label: "},
		"extra of folder":     {[]string{"-data", "dir", "-extra", "b"}, "-extra: "},
		"empty extra":         {[]string{"-data", "a.npy", "-table", "b.tsv", "-label", "c", "-extra", ","}, "-extra: want names"},
		"solids of folder":    {[]string{"-data", "dir", "-solids", "3"}, "-solids: want no -data with it"},
		"skip of solids":      {[]string{"-skip"}, "-skip: want -data FOLDER"},
		"skip of array":       {[]string{"-data", "a.npy", "-table", "b.tsv", "-label", "c", "-skip"}, "-skip"},
		"resume and classify": {[]string{"-resume", "-classify", "a.stl"}, "-resume: want it for learning alone, got -classify"},
		"epochs and classify": {[]string{"-epochs", "3", "-classify", "a.stl"}, "-epochs: "},
		"data and classify":   {[]string{"-data", "dir", "-classify", "a.stl"}, "-data: "},
		"seed and serve":      {[]string{"-seed", "3", "-serve", "8080"}, "-seed: "},
		"classify and serve":  {[]string{"-classify", "a.stl", "-serve", "8080"}, "-serve: want no -classify with it"},
		"format":              {[]string{"-format", "xml", "-classify", "a.stl"}, "-format: want text, csv or json"},
		"format and learning": {[]string{"-format", "csv"}, "-format: want -classify with it"},
		"late flags":          {[]string{"-classify", "a.stl", "b.stl", "-format", "csv"}, `got "-format"; flags come before`},
		"classify nothing":    {[]string{"-classify", ""}, "-classify: want the name"},
		"no data":             {[]string{"-data", ""}, "-data: want a name, got nothing"},
		"no out":              {[]string{"-out", ""}, "-out: want a name"},
		"serve nothing":       {[]string{"-serve", ""}, "-serve: want a name"},
		"validate":            {[]string{"-validate", "0"}, "-validate: want more than 0 and less than 1, got 0"},
		"all validate":        {[]string{"-validate", "1"}, "-validate"},
		"unknown":             {[]string{"-colour", "red"}, "flag provided but not defined: -colour; -help tells of all flags"},
		"no number":           {[]string{"-epochs", "ten"}, `invalid value "ten" for flag -epochs: parse error; -help tells of all flags`},
		"first a flag":        {[]string{"-classify", "-format", "csv"}, `got "-format"; flags come before`},
		"out is a file":       {[]string{"-out", "options.go"}, "-out options.go: want a folder, got a file"},
		"serve where":         {[]string{"-out", "none", "-serve", "there:port"}, "-serve: want a port, such as 8080, or HOST:PORT"},
		"serve a word":        {[]string{"-out", "none", "-serve", "abc"}, `want a port, such as 8080, or HOST:PORT, such as 0.0.0.0:8080, got "abc"`},
		"file as data":        {[]string{"-data", "options.go"}, "-data options.go: want a folder, or an array whose name ends in .npy or .npy.gz, got another file; -classify tells"},
		"out in data":         {[]string{"-data", "..", "-out", "../classify/x"}, "-out ../classify/x: want a folder outside of that of -data"},
		"serve without model": {[]string{"-out", "none", "-serve", "0"}, "none"},
		"serve too high":      {[]string{"-out", "none", "-serve", "99999"}, "-serve: want a port"},
	} {
		t.Run(name, func(t *testing.T) {
			_, notes, err := call(t.Context(), t, c.args...)
			require.ErrorContains(t, err, c.want)
			require.NotContains(t, notes, "-classify path", "the whole help")
		})
	}
}
