package importtest

import (
	"strings"
	"testing"
	"testing/fstest"
)

// The check itself is checked on trees of one file.
func TestCheckFindsWhatBreaksTheTable(t *testing.T) {
	for _, tc := range []struct{ name, file, imports, want string }{
		{"a row's import passes", "internal/wire/wire.go", module, ""},
		{"the standard library passes", "rush.go", "errors", ""},
		{"a dependency without a home passes", "internal/wire/wire.go", "github.com/tinylib/msgp/msgp", ""},
		{"a dependency passes in its home", "plugins/proto/pb.go", "google.golang.org/grpc/codes", ""},
		{"tests may import what they like", "seeds/seeds_test.go", module + "/network", ""},
		{"testdata is not ours", "table/testdata/x/x.go", module + "/network", ""},
		{"the command may import anything of ours", "cmd/rush/main.go", module + "/internal/store/dial", ""},
		{"all above includes packages below a row", "network/agent.go", module + "/loops/space", ""},
		{"all above excludes what comes later", "network/agent.go", module + "/search", "its row allows all above"},
		{"an import outside the row", "table/table.go", module + "/internal/store", "table imports internal/store: its row allows rush, internal/wire"},
		{"an import of the root outside the row", "seeds/seeds.go", module, "seeds imports rush"},
		{"a file of another platform counts", "table/table_windows.go", module + "/network", "table imports network"},
		{"the longest row counts", "loops/space/space.go", module + "/rushworker", "its row allows rush, internal/expression, internal/lines, internal/nearest, loops/sobol, seeds"},
		{"a dependency away from home", "webui/page.go", "github.com/apache/arrow/go/v17/arrow", "only table may"},
		{"a home's neighbour is not the home", "tables/x.go", "github.com/apache/arrow/go/v17/arrow", "no row"},
		{"the command keeps dependencies in their homes", "cmd/rush/main.go", "modernc.org/sqlite", "only internal/store/sqlitestore may"},
		{"the root imports the standard library only", "rush.go", "golang.org/x/exp/rand", "standard library only"},
		{"an example imports public packages", "examples/sum/main.go", module + "/network", ""},
		{"an example imports an internal package", "examples/sum/main.go", module + "/internal/wire", "its row allows public only"},
		{"an example imports the command", "examples/sum/main.go", module + "/cmd/rush", "its row allows public only"},
		{"a package without a row", "internal/queue/queue.go", "errors", `package internal/queue has no row: add {"internal/queue", `},
	} {
		t.Run(tc.name, func(t *testing.T) {
			src := "package p\n\nimport _ \"" + tc.imports + "\"\n"
			got := strings.Join(check(t, fstest.MapFS{tc.file: {Data: []byte(src)}}), "\n")
			if tc.want == "" && got != "" {
				t.Errorf("got %q, want no problem", got)
			}
			if !strings.Contains(got, tc.want) {
				t.Errorf("got %q, want it to contain %q", got, tc.want)
			}
		})
	}
}
