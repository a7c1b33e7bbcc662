package classifier

import (
	"encoding/json"
	"fmt"

	"setwise/io/checkpoint"
	"setwise/io/tensor"
)

// MostBytes is the largest file that [Open] reads; a classifier of shapes has about
// 1 MiB.
const MostBytes = 1 << 30

// Save writes the classifier to the named file, whole or not at all.
func (c *Classifier) Save(name string) error {
	return checkpoint.Save(name, c.Net, checkpoint.Contents{Config: c})
}

// Open reads a classifier from the named file. Errors name it. It is an error if
// the file holds another kind of model or an unfinished training.
func Open(name string) (*Classifier, error) {
	f, err := checkpoint.Open(name, tensor.Limits{Bytes: MostBytes})
	if err != nil {
		return nil, fmt.Errorf("classifier: %w", err)
	}
	c := &Classifier{}
	if err := f.Config(c); err != nil {
		return nil, fmt.Errorf("classifier: %w", err)
	}
	var progress json.RawMessage
	if f.Progress(&progress) == nil {
		return nil, fmt.Errorf("classifier: %s: want a trained model, got an unfinished training", name)
	}
	if err := c.validate(); err != nil {
		return nil, fmt.Errorf("classifier: %s: %w", name, err)
	}
	if err := f.Fits(c.Config.Count()); err != nil {
		return nil, fmt.Errorf("classifier: %w", err)
	}
	if err := c.build(0); err != nil {
		return nil, fmt.Errorf("classifier: %s: %w", name, err)
	}
	if err := f.Load(c.Net); err != nil {
		return nil, fmt.Errorf("classifier: %w", err)
	}
	return c, nil
}
