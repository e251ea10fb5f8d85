package importtest

// A row says what of ours a package may import, apart from its tests. Paths are
// those of the directories, and rush is the root package. P/... is P and all
// that is below it, as for the go command. Where several rows match a package,
// the longest is the one that counts.
type row struct{ pkg, mayImport string }

var rows = []row{
	{"rush", nothing},
	{"seeds", nothing},
	{"internal/wire", "rush"},
	{"internal/store", "rush, internal/wire"},
	{"internal/store/storetest", "rush, internal/wire, internal/store"},
	{"internal/store/redisstore", "rush, internal/wire, internal/store"},
	{"internal/store/sqlitestore", "rush, internal/wire, internal/store"},
	{"table", "rush, internal/wire"},
	{"internal/store/frozenstore", "rush, internal/store, table"},
	{"internal/store/dial", "rush, internal/store/..."},
	{"objects", "rush, internal/wire, internal/store"},
	{"internal/definition", "rush, internal/store, seeds"},
	{"internal/mailbox", "rush, internal/wire, internal/store"},
	{"internal/sweep", "rush, internal/wire, internal/store"},
	{"internal/envname", nothing},
	{"internal/environment", "rush, internal/envname, internal/wire"},
	{"internal/process", nothing},
	{"internal/scratch", nothing},
	{"internal/detached", nothing},
	{"internal/checksum", nothing},
	{"internal/nearest", nothing},
	{"internal/lines", nothing},
	{"internal/expression", "internal/nearest"},
	{"logstore", "rush"},
	{"rushworker", "rush, logstore, internal/wire, internal/store, internal/store/dial, internal/definition, internal/mailbox, internal/sweep, internal/environment, objects, table, seeds"},
	{"loops/...", "rush, logstore, internal/nearest, rushworker, table, seeds, loops/..."},
	{"loops/space", "rush, internal/expression, internal/lines, internal/nearest, loops/sobol, seeds"},
	{"internal/pool", "rush, loops"},
	{"plugins/...", "rush, logstore, table, internal/wire, internal/checksum, internal/envname, internal/pool, internal/process, internal/scratch, internal/detached, internal/nearest, loops/..., rushworker, seeds, plugins/..."},
	{"network", allAbove},
	{"search", "rush, logstore, internal/wire, internal/envname, internal/lines, internal/nearest, seeds, table, rushworker, loops/..., plugins/..., network"},
	{"webui", "rush, table, internal/envname, internal/expression, internal/wire"},
	{"webui/netview", "rush, table, loops, loops/..., network, rushworker, search, webui"},
	{"report", "rush, loops, loops/..."},
	{"cmd/rush", anything},
	{"examples/...", publicOnly},
	{"docs/...", publicOnly},

	// What the tests and the build are made with; no row above names it.
	{"internal/redistest", nothing},
	{"internal/eachstore", "internal/redistest"},
	{"internal/faultproxy", nothing},
	{"internal/faults", nothing},
	{"internal/store/faultstore", "rush, internal/store"},
	{"internal/importtest", nothing},
	{"internal/paritytest", nothing},
	{"scripts/...", nothing},
	{"webui/app/e2e/...", publicOnly},
}

// What a row may say instead of a list of packages.
const (
	nothing    = "nothing of ours"
	anything   = "anything"
	allAbove   = "all above"   // the packages of the rows before it
	publicOnly = "public only" // what a program outside this module could import
)

// A home names the only packages that may import a dependency, apart from tests.
type home struct{ dependency, pkgs string }

var homes = []home{
	{"github.com/redis/go-redis/...", "internal/store/redisstore, internal/redistest"},
	{"modernc.org/sqlite/...", "internal/store/sqlitestore"},
	{"github.com/hashicorp/go-plugin/...", "plugins/..."},
	{"google.golang.org/grpc/...", "plugins/..."},
	{"github.com/apache/arrow/...", "table"},
	{"github.com/gorilla/websocket/...", "webui"},
	{"charm.land/bubbletea/...", "cmd/rush"},
	{"github.com/expr-lang/expr/...", "internal/expression"},
}

// stdOnly are the packages that import nothing but the standard library.
const stdOnly = "rush"
