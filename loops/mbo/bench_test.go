package mbo

import (
	"context"
	"fmt"
	"math"
	"testing"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/loops"
	"github.com/rushnet/rush/loops/optimizer"
	"github.com/rushnet/rush/loops/space"
	"github.com/rushnet/rush/seeds"
)

// A proposal with n finished tasks and ten parameters, four of them pending. The
// fit of the parameters, which happens once in a while, is among the proposals.
func BenchmarkPropose(b *testing.B) {
	for _, n := range []int{50, 200, 500, 1000, 2000} {
		b.Run(fmt.Sprint(n, " finished"), func(b *testing.B) {
			o, kept := filled(b, n)
			b.ResetTimer()
			for i := range b.N {
				o.Learn(kept[i%len(kept) : i%len(kept)+1])
				key := rush.TaskKey(n + i)
				if _, err := o.Propose(context.Background(), &optimizer.Request{Key: key, Rand: seeds.New(int32(i)).Generator(), Pending: kept[len(kept)-3:]}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// The same while three other workers choose points, too.
func BenchmarkProposeAmongOthers(b *testing.B) {
	for _, n := range []int{50, 500, 2000} {
		b.Run(fmt.Sprint(n, " finished"), func(b *testing.B) {
			o, kept := filled(b, n)
			b.ResetTimer()
			for i := range b.N {
				o.Learn(kept[i%len(kept) : i%len(kept)+1])
				key := rush.TaskKey(n + i + 3)
				r := &optimizer.Request{Key: key, Rand: seeds.New(int32(i)).Generator(), Choosing: []rush.TaskKey{key - 3, key - 2, key - 1}}
				if _, err := o.Propose(context.Background(), r); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// filled makes an optimizer that has learned n points and proposed once, and
// points that it has not learned.
func filled(tb testing.TB, n int) (*Optimizer, []*optimizer.Point) {
	var params []space.Param
	for i := range 10 {
		params = append(params, space.Param{Name: fmt.Sprint("x", i), Type: space.Dbl, Lower: 0, Upper: 1})
	}
	k := Kind()
	made, err := k.Make(nil)
	if err != nil {
		tb.Fatal(err)
	}
	made1, err := made(&optimizer.Setting{Space: space.MustNew(params...), Codomain: loops.Codomain{{Name: "y", Goal: loops.Minimize}}, Workers: 4, Seed: seeds.New(1)})
	if err != nil {
		tb.Fatal(err)
	}
	o, g := made1.(*Optimizer), seeds.New(2).Generator()
	points := make([]*optimizer.Point, n+500)
	for i := range points {
		u, y := make([]float64, 10), 0.0
		for k := range u {
			u[k] = g.Float64()
			y += math.Pow(2, float64(k)) * (u[k] - 0.3) * (u[k] - 0.3)
		}
		points[i] = &optimizer.Point{Key: rush.TaskKey(i), State: rush.Finished, U: u, Y: []float64{y}}
	}
	o.Learn(points[:n])
	if _, err := o.Propose(tb.Context(), &optimizer.Request{Key: rush.TaskKey(n), Rand: g}); err != nil {
		tb.Fatal(err)
	}
	return o, points[n:]
}
