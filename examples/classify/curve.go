package main

import (
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
)

// curve is what training looked like, epoch by epoch.
type curve struct {
	Epochs []epoch `json:"epochs"`
	Sum    float64 `json:"sum"` // of the losses of the present epoch
}

// An epoch is one pass over the training shapes. Losses are cross entropies with
// the same smoothing, but only the training shapes are varied and the network
// thinned out.
type epoch struct {
	Loss               float64 `json:"loss"`       // while training
	UnseenLoss         float64 `json:"unseenLoss"` // at the end of the epoch
	Unseen             float64 `json:"unseen"`     // accuracy
	ValidationLoss     float64 `json:"validationLoss,omitempty"`
	ValidationAccuracy float64 `json:"validationAccuracy,omitempty"`
	Rate               float64 `json:"rate"`    // of learning, at the end
	Seconds            float64 `json:"seconds"` // since training began
	Speed              float64 `json:"speed"`   // clouds a second while learning, without the measuring after it
}

// describe says how an epoch went, with the validation part if there is one.
func (e epoch) describe(validated bool) string {
	text := fmt.Sprintf("loss %.3f, unseen %.3f, accuracy %.3f", e.Loss, e.UnseenLoss, e.Unseen)
	if validated {
		text += fmt.Sprintf(", validation %.3f and %.3f", e.ValidationLoss, e.ValidationAccuracy)
	}
	return text + fmt.Sprintf(", %.2f min, %.0f clouds/s", e.Seconds/60, e.Speed)
}

// best returns the epoch, from 1, whose validation loss is least.
func (c curve) best() int {
	best := 0
	for i, e := range c.Epochs {
		if e.ValidationLoss < c.Epochs[best].ValidationLoss {
			best = i
		}
	}
	return best + 1
}

// writeCSV writes a line for each epoch, with the validation part if there is one.
func (c curve) writeCSV(w io.Writer, validated bool) error {
	out := csv.NewWriter(w)
	header := []string{"epoch", "loss", "unseen_loss", "unseen_accuracy", "rate", "seconds", "clouds_per_second"}
	if validated {
		header = append(header, "validation_loss", "validation_accuracy")
	}
	_ = out.Write(header) // errors stay until the end
	number := func(x float64) string { return strconv.FormatFloat(x, 'g', 6, 64) }
	for i, e := range c.Epochs {
		line := []string{strconv.Itoa(i + 1), number(e.Loss), number(e.UnseenLoss), number(e.Unseen), number(e.Rate), number(e.Seconds), number(e.Speed)}
		if validated {
			line = append(line, number(e.ValidationLoss), number(e.ValidationAccuracy))
		}
		_ = out.Write(line)
	}
	out.Flush()
	return out.Error()
}
