package storetest

import (
	"bytes"
	"context"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/store"
)

func (m *model) PutDocument(_ context.Context, name string, body []byte, overwrite bool) error {
	m.create()
	if stored, found := m.documents[name]; found && !overwrite && !bytes.Equal(stored, body) {
		return m.wrap(rush.ErrExists)
	}
	m.documents[name] = body
	return nil
}

func (m *model) Document(_ context.Context, name string, wait time.Duration) (body []byte, found bool, err error) {
	if wait > 0 {
		m.create()
	}
	body, found = m.documents[name]
	return body, found, m.absent()
}

func (m *model) DocumentNames(context.Context) ([]string, error) {
	return slices.Sorted(maps.Keys(m.documents)), m.absent()
}

func (m *model) DeleteDocument(_ context.Context, name string) (bool, error) {
	_, found := m.documents[name]
	delete(m.documents, name)
	return found, m.absent()
}

func (m *model) AwaitDefinition(_ context.Context, _ int64, wait time.Duration) (store.Definition, error) {
	if wait > 0 {
		m.create()
	}
	return m.def, m.absent()
}

func (m *model) WriteDocuments(_ context.Context, bodies map[string][]byte) error {
	m.create()
	for name, body := range bodies {
		if body == nil {
			delete(m.documents, name)
		} else {
			m.documents[name] = body
		}
	}
	return nil
}

func (m *model) ReadDocuments(_ context.Context, prefix string) (map[string][]byte, error) {
	bodies := maps.Clone(m.documents)
	maps.DeleteFunc(bodies, func(name string, _ []byte) bool { return !strings.HasPrefix(name, prefix) })
	return bodies, m.absent()
}
