package storetest

import (
	"fmt"
	"slices"
	"strings"

	"pgregory.net/rapid"

	"github.com/rushnet/rush/internal/store"
)

// objectHashes are those of all objects that random sequences put.
func objectHashes() []string {
	hashes := make([]string, 4)
	for i := range hashes {
		hashes[i] = strings.Repeat(fmt.Sprint(i), 64)
	}
	return hashes
}

// heldObjects draws what a new task refers to.
func (p *player) heldObjects(t *rapid.T) (hashes []string) {
	if !sometimes(t, "has objects", 4) {
		return nil
	}
	for _, hash := range objectHashes() {
		if p.model.objects.byHash[hash] != nil && rapid.Bool().Draw(t, "refers to "+hash[:1]) {
			hashes = append(hashes, hash)
		}
	}
	return hashes
}

// anyTag draws a tag: a person's, or a task's.
func (p *player) anyTag(t *rapid.T) string {
	return oneOf(t, "tag", "", "a", "b", store.TaskTag(p.anyKey(t)))
}

func (p *player) putObjects(t *rapid.T) {
	tag, objects := p.anyTag(t), []store.Object{}
	for _, hash := range objectHashes() {
		if rapid.Bool().Draw(t, "put "+hash[:1]) {
			objects = append(objects, p.object(t, hash))
		}
	}
	ask(p, t, fmt.Sprintf("put under %q: %+v", tag, objects), normalObjects, func(n store.Network) ([]store.Object, error) {
		return n.PutObjects(p.ctx, tag, objects)
	})
}

func (p *player) object(t *rapid.T, hash string) store.Object {
	o := store.Object{Hash: hash, Size: 3, Place: oneOf(t, "place", store.Inline, store.Offloaded, store.Reference)}
	if o.Place == store.Inline {
		o.Data = []byte(hash[:3])
		return o
	}
	p.count++
	o.Path = fmt.Sprintf("/somewhere/%d", p.count)
	return o
}

func (p *player) dropTags(t *rapid.T) {
	tags := []string{p.anyTag(t), p.anyTag(t)}
	ask(p, t, fmt.Sprintf("drop the tags %q", tags), exact[[]string], func(n store.Network) ([]string, error) {
		return n.DropObjectTags(p.ctx, tags)
	})
}

// compareObjects compares all that can be read of objects.
func (p *player) compareObjects(t *rapid.T) {
	ask(p, t, "objects", normalObjects, func(n store.Network) ([]store.Object, error) { return n.Objects(p.ctx, objectHashes(), true) })
	ask(p, t, "the list of objects", normalObjects, func(n store.Network) ([]store.Object, error) { return n.ListObjects(p.ctx) })
	ask(p, t, "tags", exact[[]string], func(n store.Network) ([]string, error) { return n.ObjectTags(p.ctx) })
	ask(p, t, "trash", exact[[]string], func(n store.Network) ([]string, error) { return n.ObjectTrash(p.ctx) })
}

// normalObjects drops when objects were put.
func normalObjects(objects []store.Object) []store.Object {
	objects = slices.Clone(objects)
	for i := range objects {
		objects[i].Put = known(objects[i].Put)
	}
	return objects
}
