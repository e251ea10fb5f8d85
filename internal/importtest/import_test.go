package importtest

import (
	"fmt"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "github.com/rushnet/rush"

func TestImportsStayInTheTable(t *testing.T) {
	for _, problem := range check(t, os.DirFS("../..")) {
		t.Error(problem)
	}
}

// check compares the imports of all Go files in a tree with the table and
// returns a sentence for each that breaks it. It reads the files instead of
// asking the go command, so that those of other platforms count as well.
func check(t *testing.T, tree fs.FS) []string {
	t.Helper()
	imports, err := readImports(tree)
	if err != nil {
		t.Fatalf("read the imports of the module: %v", err)
	}
	var problems []string
	for _, pkg := range slices.Sorted(maps.Keys(imports)) {
		i := rowOf(pkg)
		if i < 0 {
			problems = append(problems, fmt.Sprintf("package %s has no row: add {%q, %q} to rows in internal/importtest/table_test.go", pkg, pkg, "the packages of ours that it may import"))
			continue
		}
		for _, imported := range imports[pkg] {
			if problem := checkImport(i, pkg, imported); problem != "" {
				problems = append(problems, problem)
			}
		}
	}
	return problems
}

// checkImport judges one import of a package whose row is rows[i].
func checkImport(i int, pkg, imported string) string {
	if isStd(imported) {
		return ""
	}
	if matchAny(stdOnly, pkg) {
		return fmt.Sprintf("package %s imports %s: it may import the standard library only", pkg, imported)
	}
	if ours, ok := relative(imported); ok {
		if !mayImport(i, ours) {
			return fmt.Sprintf("package %s imports %s: its row allows %s", pkg, ours, rows[i].mayImport)
		}
		return ""
	}
	for _, h := range homes {
		if match(h.dependency, imported) && !matchAny(h.pkgs, pkg) {
			return fmt.Sprintf("package %s imports %s: only %s may", pkg, imported, h.pkgs)
		}
	}
	return ""
}

// mayImport reports whether rows[i] allows the import of a package of ours.
func mayImport(i int, pkg string) bool {
	switch allowed := rows[i].mayImport; allowed {
	case nothing:
		return false
	case anything:
		return true
	case allAbove:
		return slices.ContainsFunc(rows[:i], func(r row) bool { return match(r.pkg, pkg) })
	case publicOnly:
		return !slices.Contains(strings.Split(pkg, "/"), "internal") && !match("cmd/...", pkg)
	default:
		return matchAny(allowed, pkg)
	}
}

// rowOf returns the index of the row that counts for a package, or -1.
func rowOf(pkg string) int {
	best := -1
	for i, r := range rows {
		if match(r.pkg, pkg) && (best < 0 || len(r.pkg) > len(rows[best].pkg)) {
			best = i
		}
	}
	return best
}

func matchAny(patterns, path string) bool {
	return slices.ContainsFunc(strings.Split(patterns, ", "), func(p string) bool { return match(p, path) })
}

func match(pattern, path string) bool {
	prefix, tree := strings.CutSuffix(pattern, "/...")
	return path == prefix || tree && strings.HasPrefix(path, prefix+"/")
}

// isStd relies on what the go command promises: the first element of a path
// outside the standard library has a dot.
func isStd(imported string) bool {
	first, _, _ := strings.Cut(imported, "/")
	return !strings.Contains(first, ".")
}

// relative turns an import path of ours into the form that the table uses.
func relative(imported string) (string, bool) {
	if imported == module {
		return "rush", true
	}
	return strings.CutPrefix(imported, module+"/")
}

// readImports returns what each package of a tree imports outside its tests.
func readImports(tree fs.FS) (map[string][]string, error) {
	imports := map[string][]string{}
	err := fs.WalkDir(tree, ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && isIgnored(d.Name()):
			return fs.SkipDir
		case d.IsDir() || path.Ext(name) != ".go" || strings.HasSuffix(name, "_test.go"):
			return nil
		}
		found, err := fileImports(tree, name)
		pkg := path.Dir(name)
		if pkg == "." {
			pkg = "rush"
		}
		imports[pkg] = append(imports[pkg], found...)
		return err
	})
	for pkg, list := range imports {
		slices.Sort(list)
		imports[pkg] = slices.Compact(list)
	}
	return imports, err
}

// isIgnored follows the go command's rule for directories.
func isIgnored(dir string) bool {
	return dir == "testdata" || dir != "." && (dir[0] == '.' || dir[0] == '_')
}

func fileImports(tree fs.FS, name string) ([]string, error) {
	src, err := fs.ReadFile(tree, name)
	if err != nil {
		return nil, err
	}
	file, err := parser.ParseFile(token.NewFileSet(), name, src, parser.ImportsOnly)
	if err != nil {
		return nil, err
	}
	var found []string
	for _, spec := range file.Imports {
		imported, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			return nil, fmt.Errorf("%s: import %s: %w", name, spec.Path.Value, err)
		}
		found = append(found, imported)
	}
	return found, nil
}
