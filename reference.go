package rush

// A Reference stands for a value that is too large to be part of its task and
// is kept in the network's object store instead (see package objects). Who
// reads tasks through rushworker or network finds the value itself, unless its
// object cannot be read there; tables and exports show the reference.
type Reference struct {
	Hash string // SHA-256 of the encoded value, hexadecimal
	Size int64  // bytes
}

// String returns "object:" and the hash.
func (r Reference) String() string { return "object:" + r.Hash }
