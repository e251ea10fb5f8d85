package paritytest

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"strings"
)

// symbols knows the exported names of packages: T, F, T.M (a method, or a
// field of a struct).
type symbols struct {
	root     string
	packages map[string]map[string]bool
}

func newSymbols(root string) *symbols {
	return &symbols{root, map[string]map[string]bool{}}
}

// has returns an error unless there is a symbol such as `network.Rush.Push`,
// or `loops/space.Space`; the root package is `rush`.
func (s *symbols) has(symbol string) error {
	dir, name := splitSymbol(symbol)
	if dir == "rush" {
		dir = "."
	}
	if s.packages[dir] == nil {
		names, err := exported(filepath.Join(s.root, dir))
		if err != nil {
			return fmt.Errorf("the symbol %q: %w", symbol, err)
		}
		s.packages[dir] = names
	}
	if !s.packages[dir][name] {
		return fmt.Errorf("there is no Go symbol %q", symbol)
	}
	return nil
}

// splitSymbol cuts at the first dot after the last slash.
func splitSymbol(symbol string) (dir, name string) {
	slash := strings.LastIndex(symbol, "/") + 1
	dot := strings.Index(symbol[slash:], ".")
	if dot < 0 {
		return symbol, ""
	}
	return symbol[:slash+dot], symbol[slash+dot+1:]
}

// exported lists the names that a package declares.
func exported(dir string) (map[string]bool, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	names := map[string]bool{}
	for _, e := range entries {
		if !strings.HasSuffix(e.Name(), ".go") || strings.HasSuffix(e.Name(), "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), filepath.Join(dir, e.Name()), nil, parser.SkipObjectResolution)
		if err != nil {
			return nil, err
		}
		for _, d := range file.Decls {
			declare(names, d)
		}
	}
	return names, nil
}

func declare(names map[string]bool, d ast.Decl) {
	switch d := d.(type) {
	case *ast.FuncDecl:
		name := d.Name.Name
		if d.Recv != nil {
			name = receiver(d.Recv.List[0].Type) + "." + name
		}
		names[name] = true
	case *ast.GenDecl:
		for _, spec := range d.Specs {
			switch spec := spec.(type) {
			case *ast.ValueSpec:
				for _, n := range spec.Names {
					names[n.Name] = true
				}
			case *ast.TypeSpec:
				declareType(names, spec)
			}
		}
	}
}

func declareType(names map[string]bool, spec *ast.TypeSpec) {
	names[spec.Name.Name] = true
	var fields *ast.FieldList
	switch t := spec.Type.(type) {
	case *ast.StructType:
		fields = t.Fields
	case *ast.InterfaceType:
		fields = t.Methods
	default:
		return
	}
	for _, f := range fields.List {
		for _, n := range f.Names {
			names[spec.Name.Name+"."+n.Name] = true
		}
	}
}

func receiver(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.StarExpr:
		return receiver(e.X)
	case *ast.IndexExpr:
		return receiver(e.X)
	case *ast.Ident:
		return e.Name
	}
	return ""
}
