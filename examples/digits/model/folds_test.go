package main

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"testing"
)

// The hash is that of StratifiedKFold(3) of scikit-learn 1.2.1 on these data, the
// fold that tests an image as one byte:
//
//	folds = np.zeros(len(y), np.uint8)
//	for k, (_, test) in enumerate(StratifiedKFold(3).split(X, y)): folds[test] = k
//	hashlib.sha256(bytes(folds)).hexdigest()
func TestFoldsAreThoseOfScikitLearn(t *testing.T) {
	t.Parallel()
	var bytes []byte
	for _, f := range foldOf(loadDigits(t).digits, 3) {
		bytes = append(bytes, byte(f))
	}
	const want = "48bf3113e673679689acd4632baf202188b3d9009a0ad2bb53e3a171bdb57f6b"
	if sum := sha256.Sum256(bytes); hex.EncodeToString(sum[:]) != want {
		t.Errorf("found folds with the hash %x, expected %s", sum, want)
	}
}

func TestEveryImageIsTestedOnceAndNeverTrainedOnThen(t *testing.T) {
	t.Parallel()
	var d dataset
	for i := range 23 {
		d.images = append(d.images, []float64{float64(i)})
		d.digits = append(d.digits, i%4)
	}
	turns, err := splits(d, 3)
	if err != nil {
		t.Fatal(err)
	}
	var tested []float64
	for _, turn := range turns {
		var all []float64
		for _, image := range turn.test.images {
			tested = append(tested, image[0])
			all = append(all, image[0])
		}
		for _, image := range turn.train.images {
			all = append(all, image[0])
		}
		if n := len(slices.Compact(slices.Sorted(slices.Values(all)))); n != 23 {
			t.Errorf("a turn has %d different images, expected 23", n)
		}
	}
	slices.Sort(tested)
	if len(tested) != 23 || len(slices.Compact(tested)) != 23 {
		t.Errorf("tested the images %v, expected each of 23 once", tested)
	}
}

func TestMoreFoldsThanImagesIsAnError(t *testing.T) {
	t.Parallel()
	d := dataset{images: [][]float64{{0}, {1}}, digits: []int{0, 1}}
	if _, err := splits(d, 3); err == nil {
		t.Error("got no error for 3 folds of 2 images")
	}
}
