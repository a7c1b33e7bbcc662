// Package classifier is a trained classifier of shapes as a thing to use: a
// model with the features it sees, their scales and the names of its classes,
// in one file.
//
//	c, err := classifier.Open("model.safetensors")
//	a, err := c.Classify(cloud)                 // a pointcloud.Cloud
//	a, err := c.ClassifyMesh(mesh)              // a pointcloud.Mesh
//	a, err := c.ClassifyReader(r, "part.stl")   // a file of any format of io/shape
//	fmt.Println(a.Guesses[0].Class, a.Guesses[0].P, a.Unlike)
//
// The network is a Set Transformer or one of local groups of points ([Config]). To
// train one takes examples and the recipe of package train, as the program
// examples/classify does:
//
//	c, err := classifier.New(classes, features, classifier.Config{Local: &local.Config{}}, seed)
//	...
//	c.Settle(examples)
//	source, err := c.Draws(examples, 16)
//	...
//	rule := train.Chunks(train.SmoothClassification(c.Net, 0.2), 0)
//	err = train.Run(ctx, c.Net, source, rule, train.Recipe{}.Options(source.Steps()))
//
// and [NewKnown] of the same examples for what is told below.
//
// # Answers
//
// An answer is the mean over [Votes] draws of the points of a shape. The draws
// are the same each time, so a shape gets the same answer, bit for bit, alone or
// beside others, from any goroutine. Clouds without normals get estimated ones.
// A classifier is only read while it classifies, so that any number of
// goroutines may use it at once, but not while it is trained.
//
// # What is unlike anything learned
//
// A classifier knows its classes alone: to a model of chairs and tables a tree
// is one of both, often with great confidence. So the file keeps a profile of
// each training shape, of 2,048 at most, and a shape is called unlike anything
// learned if its profile is farther from the nearest of these than 98 % of the
// training shapes are from the nearest other one ([train.Conformal]).
//
// A profile holds quantiles, 16 each, of eight distributions over 1,024 points
// in the unit sphere and their estimated normals. None of them changes when the
// shape turns:
//
//	of points             distance from the centre; distance of the tangent plane from it
//	of pairs at random    distance; cosine of their normals; cosine of a normal and the line between
//	of neighbours         the same three, for each point and the nearest eight
//
// The distance of two profiles is the mean absolute difference of the quantiles,
// each in units of what it differs by between a training shape and the nearest
// other one: 1 is about as far as training shapes are from each other. It is a
// sum of Wasserstein distances of the distributions, weighted. The network has
// no part in it, so shapes like those learned are about as far from these as they
// are from each other, and some 2 % of them are called unlike, however well the
// network does. With 80 training shapes of each of twelve solids it was 2.7 %
// of 600 unseen ones, and all of 600 others: planes, triangles, spheres,
// ellipsoids, boxes, tori, waves, bumpy balls, figures of five ellipsoids, heaps
// of triangles, and points at random on a line, in a cube and of a normal
// distribution. Of solids of a class that was left out it was 98 %, 86 % in the
// worst case, and of toy bricks 80 %. The fewer shapes are learned from, the
// farther is what still counts as like them: with 20 of each class it was 1.5 %,
// and 65 % of the classes left out.
//
// It takes 49 training shapes to tell. Where nine of ten training shapes have
// fewer than 1,024 points, it is done with as many as these have; a shape of fewer
// points than that is not called unlike, and the answer says so. Whenever it cannot
// be told, Distance is NaN and Unlike false.
//
// # Files are not trusted
//
// [Open] checks everything that a file says before it builds a model of it:
// that the network is as large as the weights in the file, that weights are
// finite, that numbers are in their ranges and names are distinct. Names of
// classes may hold any characters: what shows them on a terminal has to escape
// them.
package classifier
