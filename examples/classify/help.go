package main

import (
	"fmt"
	"io"
	"strings"

	"setwise/io/shape"
)

const usage = `Classify learns to tell shapes apart, and tells shapes apart with what it learned.

  classify                                     learn twelve classes of solids, made on the spot
  classify -data DIR                           learn from DIR/CLASS/*, or with train/ and test/ above the classes
                                               or below them: files of any format, such as those of ModelNet40
                                               and ShapeNet, or arrays data.npy with label.npy
  classify -data A.npy.gz -table T.tsv -label COLUMN
                                               learn from an array of clouds and a table with a row for each
  classify -model FILE -classify PATH...       tell what the shapes in files are, and in all files of folders;
                                               - is standard input
  classify -model FILE -serve ADDR             do so as a service over HTTP, at http://ADDR/

Shapes are meshes and clouds in files that end in
  %s
or in one of these and .gz. Without a part test, a fifth of each class is drawn to
test on.

The network sees local groups of points, or with -model-kind set each point by
itself. Points are drawn anew in every epoch, each axis is scaled by 0.87 to 1.15, and
up to 75 %% of the points are left out, so that thin scans are known too; with -turn
free a plane cuts up to 40 %% away before, so that parts of shapes are. Answers are the
mean over four draws. -start FILE begins with what another model has learned, but for
the last layer; what is taken is said.

Training writes a model, pictures and a table of the epochs into the folder of
-out, which may not lie in that of -data, in the place of what the last training
wrote there. A file that is given by
-model is not written over: remove it, or use it with -classify or -serve.

A shape that is marked as unlike anything learned is farther from all training
shapes than 98 %% of these are from each other: see go doc setwise/layers/classifier.
That takes a model of 49 training shapes or more, and about as many points in the
shape as those had. Where it cannot be told, "unlike" and "distance" are null in
JSON and empty in CSV. What cannot be classified is told on standard error, is
missing in the answers, and makes the exit status 1.

The service answers GET / by a page with a form, and POST /classify, whose body is
a file, or a form with one file in it:

  curl --data-binary @part.stl 'http://127.0.0.1:8080/classify?name=part.stl'
  curl -F shape=@part.stl http://127.0.0.1:8080/classify

The name tells the format of what does not tell it by itself, such as text. (curl
-d would leave out the ends of lines.) The answer is JSON as of -format json, or a
page for whom accepts text/html:

  {"file":"part.stl","class":"bolt","probability":0.97,"unlike":false,"distance":0.8,
   "probabilities":{"bolt":0.97,...},"notes":["it has no normals, ..."]}

and {"error":"..."} with status 400 for what cannot be classified, 413 for more than
%d MiB, 503 with Retry-After when more than %d wait or one waits longer than %v,
404 and 405 for other paths and methods. A shape may have %d points and as many
faces, and a request may take %v to arrive; %d are worked on at once.

`

// help says what the program does, but for its flags.
func help(out io.Writer) {
	l := ourLimits()
	fmt.Fprintf(out, usage, strings.Join(shape.Ends(), " "), l.body>>20, l.waiting, l.wait, l.shape.Points, l.reading, l.slots)
}
