package store

import (
	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/wire"
)

// A Repaired is what Repair gives to tasks of which something was lost.
type Repaired struct {
	Lost        []byte // its worker is not alive
	NoOutputs   []byte // it had finished, and its ys are gone
	NoCondition []byte // it had failed, and its condition is gone
}

// RepairConditions returns the conditions, as package wire encodes them.
func RepairConditions() (r Repaired, err error) {
	for _, c := range []struct {
		to        *[]byte
		condition rush.Condition
	}{
		{&r.Lost, rush.Condition{Class: rush.ClassLost, Message: "nobody evaluates it any more (found by a repair)"}},
		{&r.NoOutputs, rush.Condition{Class: rush.ClassError, Message: "it had finished, but its outputs were lost (found by a repair)"}},
		{&r.NoCondition, rush.Condition{Class: rush.ClassError, Message: "it had failed, but why was lost (found by a repair)"}},
	} {
		if *c.to, err = wire.EncodeCondition(&c.condition); err != nil {
			return r, err
		}
	}
	return r, nil
}
