package redisstore

import (
	"context"
	"fmt"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/rushnet/rush"
)

// How many records and how many entries of the log one script reads, so that
// it does not hold others up, and how many such scripts are on their way at
// once, so that server and client both are busy.
const (
	readChunk = 1_000
	logChunk  = 10_000
	readsOpen = 3
)

// inChunks calls a function for each of n chunks, a few at once.
func inChunks(ctx context.Context, n int, read func(ctx context.Context, i int) error) error {
	if n == 1 {
		return read(ctx, 0)
	}
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(readsOpen)
	for i := range n {
		g.Go(func() error { return read(ctx, i) })
	}
	return g.Wait()
}

// Ended reads a page of the log of endings; see store.Archive.
func (n *network) Ended(ctx context.Context, from rush.Cursor, most int, fields rush.Fields, wait time.Duration) (rush.Page, error) {
	if most <= 0 {
		most = readChunk
	}
	q := query{from: from, fields: fields, sel: selectFields(fields), most: most}
	p, err := n.firstPage(ctx, q, wait)
	if err == nil {
		p, err = n.fill(ctx, q, p)
	}
	if err != nil {
		return rush.Page{}, n.wrap("ended", err)
	}
	return p.Page, nil
}

// A query is what is asked of the log.
type query struct {
	from   rush.Cursor
	fields rush.Fields
	sel    selection
	most   int
}

// chunk is how many entries one script reads.
func (q *query) chunk() int {
	if q.fields == rush.NoFields {
		return min(q.most, logChunk)
	}
	return min(q.most, readChunk)
}

// A page is a part of the log, which had a length when it was read.
type page struct {
	rush.Page
	length int64
}

// firstPage reads the first chunk, and waits for it.
func (n *network) firstPage(ctx context.Context, q query, wait time.Duration) (page, error) {
	if wait <= 0 {
		return n.page(ctx, q, "", page{})
	}
	reader := n.store.readers.take()
	defer n.store.readers.give(reader)
	for until := time.Now().Add(wait); time.Until(until) > 0; {
		p, err := n.page(ctx, q, reader, page{})
		if err != nil || len(p.Endings) > 0 || p.Reset {
			return p, err
		}
		if _, err := n.block(ctx, time.Until(until), n.key(wakeReaderKey, reader)); err != nil {
			return p, err
		}
	}
	return n.page(ctx, q, "", page{})
}

// fill reads what is left of a page that is larger than a chunk. If the
// network is reset meanwhile the page ends where the reading was disturbed.
func (n *network) fill(ctx context.Context, q query, first page) (page, error) {
	read := len(first.Endings)
	rest := min(q.most-read, int(first.length-first.Next.Offset))
	if rest <= 0 {
		return first, nil
	}
	all := page{length: first.length}
	all.Endings = append(make([]rush.Ending, 0, read+rest), first.Endings...)[:read+rest]
	if q.fields != rush.NoFields {
		all.Records = append(make([]rush.Record, 0, read+rest), first.Records...)[:read+rest]
	}
	sizes := make([]int, (rest+q.chunk()-1)/q.chunk())
	err := inChunks(ctx, len(sizes), func(ctx context.Context, i int) error {
		part, at := q, i*q.chunk()
		part.from = first.Next
		part.from.Offset += int64(at)
		part.most = min(q.chunk(), rest-at)
		p, err := n.page(ctx, part, "", all.part(read+at, part.most))
		if !p.Reset {
			sizes[i] = len(p.Endings)
		}
		return err
	})
	for i := 0; i < len(sizes) && sizes[i] > 0; i++ {
		read += sizes[i]
	}
	all.cut(read)
	all.Reset = first.Reset
	all.Next = rush.Cursor{Epoch: first.Next.Epoch, Offset: first.Next.Offset + int64(read-len(first.Endings))}
	all.More = all.Next.Offset < all.length
	return all, err
}

// part returns a page whose lists are parts of this one's.
func (p *page) part(from, size int) page {
	var part page
	part.Endings = p.Endings[from : from+size]
	if p.Records != nil {
		part.Records = p.Records[from : from+size]
	}
	return part
}

// cut keeps the first entries of a page.
func (p *page) cut(size int) {
	p.Endings = p.Endings[:size]
	if p.Records != nil {
		p.Records = p.Records[:size]
	}
}

// page calls ended.lua for one chunk. It reads into the lists of a page, which
// are large enough or nil.
func (n *network) page(ctx context.Context, q query, reader string, into page) (p page, err error) {
	letters := ""
	if q.fields != rush.NoFields {
		letters = q.sel.arg()
	}
	v, err := n.do(ctx, "ended", q.from.Epoch, q.from.Offset, q.chunk(), letters, reader)
	if err != nil {
		return p, err
	}
	r := unpack(v)
	r.array()
	p.Next = rush.Cursor{Epoch: r.int(), Offset: r.int()}
	p.length = r.int()
	p.Reset = r.int() == 1
	p.Endings = readEndings(r, into.Endings)
	p.Next.Offset += int64(len(p.Endings))
	p.More = p.Next.Offset < p.length
	p.Records = q.sel.readRows(r, p.Endings, into.Records)
	return p, r.finish()
}

// readRows reads the records of endings.
func (s selection) readRows(r *reply, endings []rush.Ending, into []rush.Record) []rush.Record {
	rows := r.array()
	if rows == 0 {
		return nil
	}
	if into == nil {
		into = make([]rush.Record, rows)
	}
	for i := range into[:rows] {
		into[i].Key = endings[i].Key
		s.read(r, &into[i])
	}
	return into[:rows]
}

func readEndings(r *reply, into []rush.Ending) []rush.Ending {
	n := r.array()
	if into == nil && n > 0 {
		into = make([]rush.Ending, n)
	}
	for i := range into[:n] {
		e, err := parseEntry(r.bytes())
		r.check(err)
		into[i] = e
	}
	return into[:n]
}

// parseEntry reads an entry of the log; see keys.go.
func parseEntry(b []byte) (rush.Ending, error) {
	p := headParser{b: b}
	attempt, code := int64(1), p.number()
	if p.at() == ':' {
		p.next()
		attempt, code = code, p.number()-5
	}
	kind := code % 10
	if p.bad || len(p.b) > 0 || kind < 0 || kind > 2 {
		return rush.Ending{}, fmt.Errorf("an entry of the log is %q", b)
	}
	state := [...]rush.State{"", rush.Finished, rush.Failed}[kind]
	return rush.Ending{Key: rush.TaskKey(code / 10), Attempt: int(attempt), State: state}, nil
}
