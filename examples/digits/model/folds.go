package main

import "fmt"

// A split is one turn of a cross-validation.
type split struct{ train, test dataset }

// splits deals the data out into k folds and returns a turn for each: it tests on
// that fold and trains on the others.
//
// The folds are those of scikit-learn's StratifiedKFold without shuffling: each
// has its share of every digit, and takes them from a stretch of the file. Images
// that lie close together look alike, as if the file went through its writers one
// after the other: mixed folds would test on handwriting known from training.
func splits(d dataset, k int) ([]split, error) {
	if k > d.len() {
		return nil, fmt.Errorf("folds: expected at most %d, as many as there are images, found %d", d.len(), k)
	}
	train, test := make([][]int, k), make([][]int, k)
	for i, own := range foldOf(d.digits, k) {
		for f := range k {
			if f == own {
				test[f] = append(test[f], i)
			} else {
				train[f] = append(train[f], i)
			}
		}
	}
	turns := make([]split, k)
	for f := range turns {
		turns[f] = split{train: d.subset(train[f]), test: d.subset(test[f])}
	}
	return turns, nil
}

// foldOf says which of k folds each image belongs to. Were the digits sorted and
// dealt out like cards, each fold would get so many of each digit; it gets as many,
// but in the file's order: first the share of fold 0, then that of fold 1.
func foldOf(digits []int, k int) []int {
	var count [classes]int
	for _, c := range digits {
		count[c]++
	}
	var queue [classes][]int // the folds of a digit's images that are still to come
	card := 0
	for c := range queue {
		share := make([]int, k)
		for range count[c] {
			share[card%k]++
			card++
		}
		for f, n := range share {
			for range n {
				queue[c] = append(queue[c], f)
			}
		}
	}
	folds := make([]int, len(digits))
	for i, c := range digits {
		folds[i], queue[c] = queue[c][0], queue[c][1:]
	}
	return folds
}
