package redisstore

import "context"

// writeChunk is how many hashes one script writes.
const writeChunk = 1_000

// WriteHashes sets fields of hashes; see store.Hashes.
func (n *network) WriteHashes(ctx context.Context, keys []string, hashes []map[string][]byte) error {
	args := []any{newNonce()}
	count := 0
	for i, fields := range hashes {
		if len(fields) == 0 {
			continue
		}
		args = append(args, keys[i], len(fields))
		for name, value := range fields {
			args = append(args, name, value)
		}
		if count++; count%writeChunk == 0 {
			if _, err := n.call(ctx, "write_hashes", args...); err != nil {
				return err
			}
			args = []any{newNonce()}
		}
	}
	if len(args) == 1 && count > 0 {
		return nil
	}
	_, err := n.call(ctx, "write_hashes", args...)
	return err
}

// ReadHashes reads hashes; see store.Hashes.
func (n *network) ReadHashes(ctx context.Context, keys, fields []string) ([]map[string][]byte, error) {
	head := []any{-1}
	if fields != nil {
		head[0] = len(fields)
		for _, name := range fields {
			head = append(head, name)
		}
	}
	hashes := make([]map[string][]byte, len(keys))
	err := inChunks(ctx, max(1, (len(keys)+readChunk-1)/readChunk), func(ctx context.Context, i int) error {
		chunk := keys[i*readChunk : min(len(keys), (i+1)*readChunk)]
		args := append(make([]any, 0, len(head)+len(chunk)), head...)
		for _, key := range chunk {
			args = append(args, key)
		}
		r, err := n.call(ctx, "read_hashes", args...)
		if err != nil {
			return err
		}
		for j := range r.array() {
			hashes[i*readChunk+j] = r.hash()
		}
		return n.wrap("read_hashes", r.finish())
	})
	return hashes, err
}

// hash reads fields and values, or nil for false.
func (r *reply) hash() map[string][]byte {
	if r.isFalse() {
		return nil
	}
	count := r.array() / 2
	fields := make(map[string][]byte, count)
	for range count {
		name := r.string()
		if r.isFalse() {
			continue // there is no such field
		}
		fields[name] = r.bytes()
	}
	return fields
}

// DeleteHashes deletes hashes; see store.Hashes.
func (n *network) DeleteHashes(ctx context.Context, keys []string) (int, error) {
	args := []any{newNonce()}
	for _, key := range keys {
		args = append(args, key)
	}
	r, err := n.call(ctx, "delete_hashes", args...)
	if err != nil {
		return 0, err
	}
	count := r.int()
	return int(count), n.wrap("delete_hashes", r.finish())
}
