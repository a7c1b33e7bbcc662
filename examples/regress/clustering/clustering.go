// Package clustering is a task of regress: finding the mixture of
// Gaussians that a set of points was drawn from, at a glance, as the Set Transformer
// does (Lee et al. 2019, arXiv:1810.00825).
package clustering

import (
	"context"
	"fmt"
	"io"
	"math"
	"math/rand/v2"

	"setwise/examples/regress/models"
	"setwise/examples/regress/study"
	"setwise/layers"
	"setwise/set"
	"setwise/set/grad"
	"setwise/set/grad/loss"
)

const (
	clusters  = 4
	deviation = 0.3
)

// Task is amortized clustering (Lee et al. 2019, section 5.3 and its
// supplement): from a set of points in the plane that came of a mixture of four
// Gaussians, find the mixture at once.
func Task() study.Task {
	return study.Task{
		Name:  "clustering",
		About: "the mixture of four Gaussians that 100 to 500 points were drawn from",
		Notes: `Table 5 of the supplement of [Lee et al. 2019](https://arxiv.org/abs/1810.00825). Batch size 10, new sets at every step,
Adam. Centres are uniform in the square from -4 to 4, weights from a flat Dirichlet distribution, standard deviations 0.3.
Differences from the paper: the learning rate falls to zero along a cosine (there it is divided by 10 after 70 % of the
steps: -fall tenth), gradients are clipped to a norm of 1, and the hidden layers of the rows with rff have the
initialisation of He et al. 2015, without which seven of them in a row learn less.
LL0 is the mean log likelihood of a point under the mixture that the model finds, LL1 that after one step of EM, and the
gap is the oracle's minus LL0, where the oracle is the true mixture on the same 1,000 test sets; the paper's gap is to its
own oracle, -1.4726. The likelihoods have a standard error of 0.007 over test sets, which the gap has not, so compare gaps.
A gap can be negative: of n points, the mixture of maximum likelihood, with its 19 free parameters, is likelier than
the true one by about 19/2n nats a point, 0.04 on average.`,
		Models: []string{
			"isab32+pma", "isab16+pma", "isab64+pma", "sab+pma", "rff+pma",
			"isab16+pool", "isab32+pool", "isab64+pool", "sab+pool",
			"rff+pool", "rffp-mean+pool", "rffp-max+pool", "rff+dotprod",
		},
		Steps:    50_000,
		Batch:    10,
		Sets:     1000,
		Rate:     1e-3,
		Fall:     "cosine",
		Clip:     1,
		Begin:    begin,
		Measures: []study.Measure{{Key: "gap", Title: "gap to the oracle"}, {Key: "ll0", Title: "LL0"}, {Key: "ll1", Title: "LL1"}},
		Paper:    paperClustering(),
	}
}

// begin makes a lesson of the task.
func begin(o study.Options) (study.Lesson, error) {
	s := models.Shape{In: 2, Dim: 128, Out: 1 + 2*2, Phi: 4, Rho: 3, Seeds: clusters, Decoder: 1, He: true}
	rng := rand.New(rand.NewPCG(0, 2)) // one for all seeds, so that they are tested on the same sets
	c := &clusterer{net: s.Model(o.Model, rand.New(rand.NewPCG(o.Seed, 0))), unseen: make([]cloud, o.Sets), o: o}
	for i := range c.unseen {
		c.unseen[i] = newCloud(rng)
	}
	return c, nil
}

// paperClustering has table 5 of the supplement. The gap is LL0 short of the
// oracle's -1.4726.
func paperClustering() map[string]map[string]string {
	paper := map[string]map[string]string{}
	for _, row := range []struct {
		model      string
		ll0, ll1   float64
		err0, err1 float64
	}{
		{"rff+pool", -2.0006, -1.6186, 0.0123, 0.0042},
		{"rffp-mean+pool", -1.7606, -1.5191, 0.0213, 0.0026},
		{"rffp-max+pool", -1.7692, -1.5103, 0.0130, 0.0035},
		{"rff+dotprod", -1.8549, -1.5621, 0.0128, 0.0046},
		{"sab+pool", -1.6772, -1.5070, 0.0066, 0.0115},
		{"isab16+pool", -1.6955, -1.4742, 0.0730, 0.0158},
		{"isab32+pool", -1.6353, -1.4681, 0.0182, 0.0038},
		{"isab64+pool", -1.6349, -1.4664, 0.0429, 0.0080},
		{"rff+pma", -1.6680, -1.5409, 0.0040, 0.0037},
		{"sab+pma", -1.5145, -1.4619, 0.0046, 0.0048},
		{"isab16+pma", -1.5009, -1.4530, 0.0068, 0.0037},
		{"isab32+pma", -1.4963, -1.4524, 0.0064, 0.0044},
		{"isab64+pma", -1.5042, -1.4535, 0.0158, 0.0053},
	} {
		paper[row.model] = map[string]string{
			"gap": fmt.Sprintf("%.4f", paperOracle-row.ll0),
			"ll0": fmt.Sprintf("%.4f ± %.4f", row.ll0, row.err0),
			"ll1": fmt.Sprintf("%.4f ± %.4f", row.ll1, row.err1),
		}
	}
	return paper
}

const paperOracle = -1.4726

// cloud is a set of points with the mixture that it came of, in the form of
// [loss.GaussianMixture].
type cloud struct{ points, truth set.Batch }

// newCloud draws a mixture and a cloud from it: centres are uniform between -4
// and 4, weights from a flat Dirichlet distribution, deviations 0.3 and sizes
// uniform from 100 to 500.
func newCloud(rng *rand.Rand) cloud {
	truth := set.New(1+2*2, clusters)
	weights, total := [clusters]float64{}, 0.0
	for j := range weights {
		weights[j] = rng.ExpFloat64()
		total += weights[j]
		c := truth.Row(j)
		c[0] = float32(math.Log(weights[j]))
		for k := range 2 {
			c[1+k] = float32(8*rng.Float64() - 4)
			c[3+k] = float32(math.Log(math.Expm1(deviation))) // softplus turns it back
		}
	}
	points := set.New(2, 100+rng.IntN(401))
	for i := range points.Len() {
		j, u := 0, rng.Float64()*total
		for ; j < clusters-1 && u >= weights[j]; j++ {
			u -= weights[j]
		}
		for k := range 2 {
			points.Row(i)[k] = truth.Row(j)[1+k] + float32(deviation*rng.NormFloat64())
		}
	}
	return cloud{points, truth}
}

// clusterer learns amortized clustering.
type clusterer struct {
	net    layers.Layer
	unseen []cloud
	o      study.Options
}

func (c *clusterer) Network() any { return c.net }

func (c *clusterer) Learn(ctx context.Context, s study.Steps) error {
	return study.Take(ctx, s, c.net, newCloud, c.loss)
}

func (c *clusterer) loss(t *grad.Tape, clouds []cloud) grad.Value {
	sets := make([]set.Batch, len(clouds))
	for i, one := range clouds {
		sets[i] = one.points
	}
	x := set.Concat(sets...)
	return loss.GaussianMixture(t, c.net.Forward(t, grad.Const(x)), x)
}

// likelihood returns the mean over the points of a cloud of the log of the
// density that a mixture has there.
func likelihood(mixture, points set.Batch) float64 {
	var t *grad.Tape
	return -float64(loss.GaussianMixture(t, grad.Const(mixture), points).Values[0])
}

// likelihoods returns, for each cloud, the likelihood of the mixture that the
// model finds, of that after a step of expectation maximisation, and of the
// true mixture.
func (c *clusterer) likelihoods(clouds []cloud) (ll0, ll1, oracle []float64) {
	ll0, ll1, oracle = make([]float64, len(clouds)), make([]float64, len(clouds)), make([]float64, len(clouds))
	study.Each(len(clouds), func(i int) {
		var t *grad.Tape
		x := clouds[i].points
		found := layers.Apply(c.net, x)
		ll0[i] = likelihood(found, x)
		ll1[i] = likelihood(loss.EMStep(t, grad.Const(found), grad.Const(x)).Batch, x)
		oracle[i] = likelihood(clouds[i].truth, x)
	})
	return ll0, ll1, oracle
}

func (c *clusterer) Glance() string {
	ll0, _, oracle := c.likelihoods(c.unseen[:min(100, len(c.unseen))])
	return fmt.Sprintf("gap %.3f", study.Average(study.Short(ll0, oracle)).Value)
}

func (c *clusterer) Test(out io.Writer, prefix string) (map[string]study.Number, error) {
	ll0, ll1, oracle := c.likelihoods(c.unseen)
	r := map[string]study.Number{
		"ll0": study.Average(ll0), "ll1": study.Average(ll1), "oracle": study.Average(oracle), "gap": study.Average(study.Short(ll0, oracle)), "gap1": study.Average(study.Short(ll1, oracle)),
	}
	name := prefix + ".png"
	if err := drawClouds(name, c.net, c.unseen[:min(6, len(c.unseen))]); err != nil {
		return nil, err
	}
	fmt.Fprintf(out, "wrote %s: some clouds, the mixtures found and the true ones\n", name)
	paper := c.o.Task.Paper[c.o.Model]
	fmt.Fprintf(out, "log likelihood of a point, of the model        LL0 %s (paper %s)\n", r["ll0"], paper["ll0"])
	fmt.Fprintf(out, "                           after a step of EM  LL1 %s (paper %s)\n", r["ll1"], paper["ll1"])
	fmt.Fprintf(out, "                           of the true mixture     %s (paper %.4f)\n", r["oracle"], paperOracle)
	fmt.Fprintf(out, "gap of LL0 to the true mixture on the same sets    %s (paper %s)\n", r["gap"], paper["gap"])
	fmt.Fprintf(out, "gap of LL1 to the true mixture on the same sets    %s\n", r["gap1"])
	fmt.Fprintf(out, "gap %s nats to the oracle %.4f over %d sets, %d steps\n", r["gap"], r["oracle"].Value, len(c.unseen), c.o.Steps)
	return r, nil
}
