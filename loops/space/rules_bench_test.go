package space_test

import (
	"testing"

	"github.com/rushnet/rush/seeds"
)

func BenchmarkSampleWithDependencies(b *testing.B) {
	g := seeds.New(1).Generator()
	for b.Loop() {
		svm.Sample(g)
	}
}

func BenchmarkToUnitWithDependencies(b *testing.B) {
	point := svm.Sample(seeds.New(1).Generator())
	for b.Loop() {
		if _, err := svm.ToUnit(point); err != nil {
			b.Fatal(err)
		}
	}
}
