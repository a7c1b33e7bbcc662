package classifier
import "fmt"
func distinct(what string, names []string) error { return fmt.Errorf("x") }
var _ = pointSource{}
type pointSource struct{}
