package csv

const help = `Task csv learns from a table of your own: a file of rows with commas, semicolons or tabs between them,
compressed by gzip or not, in UTF-8. A row is an element of a set. One column tells which set, one or more have the
numbers to predict, the same in all rows of a set, and the others are the features of an element:

  basket,weight,price,kind,days
  a,0.5,3.20,fruit,4
  a,0.1,0.75,bread,4
  b,2.0,1.10,fruit,9
  b,0.4,2.00,paper,9

  regress -task csv -data baskets.csv -set basket -target days
  regress -predict new.csv -model regress-out/csv-isab16+pma-1.predictor.safetensors > days.csv
  regress -predict - -model regress-out/csv-isab16+pma-1.predictor.safetensors < new.csv > days.csv

The first prints the errors of a 5-fold cross-validation and saves a model, that of the first fold. It wants ten sets
or more. The second writes a row for each set of another table: its name, the prediction, and the ends of an interval
that holds the truth with a probability of 0.9, if the sets are drawn as those of the first table were; it is wider
where the model is less sure. The third reads the table from standard input.

-target, -features and -category each give the name of one column, commas and all; give them again for more:
-target days -target "price, net". Columns of numbers are used as they are. Columns of text are categories, each of which
is learned as a vector; those that come in one set only, and those that were never seen, count as one. Columns that have
no name, hold one value or dates, count the rows, or have hardly two cells alike are not used. Decimal commas are understood
where semicolons or tabs are between cells and nothing else can be meant; marks between thousands are an error, and so is what
may be one. All of this is said before the training begins.

A cell is missing, in any column, if it is empty or has NA, N/A, NaN, null, none, - or ?, in small letters or large, or another form
of these, such as #N/A or <NA>. That is an error, or with -missing mean, in a column of numbers the mean of the column, beside a mark that it is missing, and in a column of
categories the mark alone, which is learned like a category. A missing number to predict is taken from other rows of the set;
sets without one are not used. The name of a set cannot be missing. Where such a word is the name of something, write another
in the table. A table to predict for is treated as the first was: with missing cells it wants a model trained with -missing mean.

What a table to predict for has that the first had not is said before the predictions: categories, numbers beyond those that
were learned from, and sets that are larger or smaller. Where an interval would promise nothing its ends are left empty: of such
sets, but for those whose numbers are beyond by less than half of what those that were learned from span. A number a million times farther off than those that were learned from lie apart is an error. Columns may come in any order, and
rows of a set need not be side by side.

A sixth of the sets that a model could learn from is held back. Every 100 steps the model is tried on them. When they have
not been predicted better for 500 steps, the rate of learning is halved, and after 2,000 such steps the training ends, at the
latest after -steps. What is kept is the model of the best step. Of sets of more than 1,024 rows, a step learns from as many,
drawn anew, and predictions are from as many that are always the same.

`
