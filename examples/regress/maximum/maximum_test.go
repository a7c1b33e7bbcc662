package maximum

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"setwise/examples/regress/regresstest"
	"setwise/examples/regress/study"
	"setwise/layers"
	"setwise/layers/train"
	"setwise/set/grad"
)

func TestNumbers(t *testing.T) {
	sizes := map[int]int{}
	for _, e := range manyNumbers(2000, regresstest.Rand(1)) {
		sizes[e.Set.Len()]++
		top := float32(0)
		for _, x := range e.Set.Values {
			require.True(t, x >= 0 && x < 100)
			top = max(top, x)
		}
		require.Equal(t, top, e.Target.Values[0])
	}
	for n := 1; n <= 10; n++ {
		assert.InDelta(t, 200, sizes[n], 60, "sets of %d", n)
	}
	assert.Len(t, sizes, 10)
}

// Every model can be trained.
func TestModels(t *testing.T) {
	for _, model := range Task().Models {
		l, err := Task().Begin(study.Options{Task: Task(), Model: model, Sets: 2, Seed: 1})
		require.NoError(t, err)
		net, tape := l.(*largest).net, grad.NewTape(regresstest.Rand(1))
		g := tape.Gradients(train.AbsoluteRegression(net)(tape, manyNumbers(3, tape.Rand())))
		assert.Positive(t, g.Norm(layers.List(net)), model)
		assert.Greater(t, layers.Count(net), 5000)
		assert.NotEmpty(t, l.Glance())
	}
}
