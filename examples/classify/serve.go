package main
import ("context";"io")
func serve(ctx context.Context, o options, out, notes io.Writer) error { return nil }
