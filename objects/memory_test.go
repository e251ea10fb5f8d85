package objects_test

import (
	"context"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/store"
)

// memory is just enough of a backend to see what memory an object takes
// outside the store.
type memory struct {
	records
	limits store.ObjectLimits
	object store.Object
}

// records names the embedded interface, one of whose methods has its name.
type records interface{ store.Objects }

func (m *memory) ID() rush.NetworkID { return "memory" }

func (m *memory) LimitObjects(_ context.Context, l store.ObjectLimits) (store.ObjectLimits, error) {
	m.limits = l
	return l, nil
}

func (m *memory) ObjectLimits(context.Context) (store.ObjectLimits, error) { return m.limits, nil }

func (m *memory) PutObjects(_ context.Context, _ string, objects []store.Object) ([]store.Object, error) {
	m.object = objects[0]
	return objects, nil
}

func (m *memory) Objects(context.Context, []string, bool) ([]store.Object, error) {
	return []store.Object{m.object}, nil
}
