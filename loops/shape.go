package loops

import (
	"errors"
	"fmt"
	"math"
	"reflect"
	"strings"
	"unicode"

	"github.com/rushnet/rush"
)

// A shape is a struct, or a map, that inputs or outputs are.
type shape struct {
	of        reflect.Type
	fields    []int      // of the struct
	arguments []Argument // one for each field; nil for a map
}

var valuesType = reflect.TypeFor[map[string]any]()

func newShape(t reflect.Type) (*shape, error) {
	s := &shape{of: t}
	if t.ConvertibleTo(valuesType) {
		return s, nil
	}
	if t.Kind() != reflect.Struct {
		return nil, fmt.Errorf("%v is neither a struct nor a map[string]any", t)
	}
	s.arguments = []Argument{}
	seen := map[string]bool{}
	for i := range t.NumField() {
		f := t.Field(i)
		name, tagged := f.Tag.Lookup("rush")
		if !tagged {
			name = snake(f.Name)
		}
		if !f.IsExported() || name == "-" {
			continue
		}
		ft, optional := f.Type, f.Type.Kind() == reflect.Pointer
		if optional {
			ft = ft.Elem()
		}
		kind := argumentType(ft)
		switch {
		case kind == "":
			return nil, fmt.Errorf("field %s is a %v; expected a number, bool, string, slice, map[string]any or any, or a pointer to one", f.Name, f.Type)
		case name == "" || seen[name]:
			return nil, fmt.Errorf("field %s is named %q; expected a name that no other field has", f.Name, name)
		}
		seen[name] = true
		s.fields = append(s.fields, i)
		s.arguments = append(s.arguments, Argument{Name: name, Type: kind, Required: !optional && kind != Any, Help: f.Tag.Get("help")})
	}
	return s, nil
}

// argumentType says which inputs a field of this type takes; "" for none.
func argumentType(t reflect.Type) ArgumentType {
	switch k := t.Kind(); {
	case k == reflect.Float64 || k == reflect.Float32:
		return Number
	case reflect.Int <= k && k <= reflect.Uint64:
		return Integer
	case k == reflect.Bool:
		return Boolean
	case k == reflect.String:
		return Text
	case k == reflect.Slice && argumentType(t.Elem()) != "":
		return List
	case k == reflect.Map && t.Key().Kind() == reflect.String && argumentType(t.Elem()) != "":
		return Map
	case k == reflect.Interface && t.NumMethod() == 0:
		return Any
	}
	return ""
}

// snake writes MaxDepth as max_depth and XGBRate as xgb_rate.
func snake(name string) string {
	var b strings.Builder
	runes := []rune(name)
	for i, r := range runes {
		next := i+1 < len(runes) && unicode.IsLower(runes[i+1])
		if i > 0 && unicode.IsUpper(r) && runes[i-1] != '_' && (!unicode.IsUpper(runes[i-1]) || next) {
			b.WriteByte('_')
		}
		b.WriteRune(unicode.ToLower(r))
	}
	return b.String()
}

// names lists the names; nil if a map may have any.
func (s *shape) names() []string {
	if s.arguments == nil {
		return nil
	}
	names := []string{}
	for i := range s.arguments {
		names = append(names, s.arguments[i].Name)
	}
	return names
}

// read makes one of values.
func (s *shape) read(v rush.Values) (reflect.Value, error) {
	if s.arguments == nil {
		return reflect.ValueOf(map[string]any(v)).Convert(s.of), nil
	}
	in := reflect.New(s.of).Elem()
	checked, err := CheckArguments(s.arguments, v)
	if err != nil {
		return in, err
	}
	var problems []error
	for i, field := range s.fields {
		name := s.arguments[i].Name
		value, ok := checked[name]
		if !ok {
			continue
		}
		if err := assign(in.Field(field), value); err != nil {
			problems = append(problems, &ArgumentError{name, err.Error()})
		}
	}
	return in, errors.Join(problems...)
}

// assign stores a value that a task can have.
func assign(to reflect.Value, value any) error {
	if to.Kind() == reflect.Pointer {
		to.Set(reflect.New(to.Type().Elem()))
		to = to.Elem()
	}
	a := Argument{Type: argumentType(to.Type())}
	coerced, ok := a.coerce(value)
	if !ok {
		return fmt.Errorf("expected %s, found %s", a.Expected(), found(value))
	}
	switch v := coerced.(type) {
	case []any:
		return assignList(to, v)
	case map[string]any:
		return assignMap(to, v)
	case int64:
		if to.CanInt() && to.OverflowInt(v) || to.CanUint() && (v < 0 || to.OverflowUint(uint64(v))) {
			return fmt.Errorf("expected an integer that a %v holds, found %d", to.Type(), v)
		}
	case nil:
		return nil
	}
	if to.Kind() == reflect.Interface {
		to.Set(reflect.ValueOf(coerced))
		return nil
	}
	to.Set(reflect.ValueOf(coerced).Convert(to.Type()))
	return nil
}

func assignList(to reflect.Value, list []any) error {
	if to.Kind() == reflect.Interface {
		to.Set(reflect.ValueOf(list))
		return nil
	}
	to.Set(reflect.MakeSlice(to.Type(), len(list), len(list)))
	for i, v := range list {
		if err := assign(to.Index(i), v); err != nil {
			return fmt.Errorf("element %d: %w", i, err)
		}
	}
	return nil
}

func assignMap(to reflect.Value, m map[string]any) error {
	if to.Kind() == reflect.Interface {
		to.Set(reflect.ValueOf(m))
		return nil
	}
	to.Set(reflect.MakeMapWithSize(to.Type(), len(m)))
	for name, v := range m {
		element := reflect.New(to.Type().Elem()).Elem()
		if err := assign(element, v); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		to.SetMapIndex(reflect.ValueOf(name).Convert(to.Type().Key()), element)
	}
	return nil
}

// write makes values of one; nil pointers are left out.
func (s *shape) write(out reflect.Value) rush.Values {
	if s.arguments == nil {
		return rush.Values(out.Convert(valuesType).Interface().(map[string]any))
	}
	v := make(rush.Values, len(s.fields))
	for i, field := range s.fields {
		f := out.Field(field)
		if f.Kind() == reflect.Pointer {
			if f.IsNil() {
				continue
			}
			f = f.Elem()
		}
		v[s.arguments[i].Name] = plain(f)
	}
	return v
}

// plain is a value as a task can have it.
func plain(v reflect.Value) any {
	switch k := v.Kind(); {
	case v.CanFloat():
		return v.Float()
	case v.CanInt():
		return v.Int()
	case v.CanUint() && v.Uint() <= math.MaxInt64:
		return int64(v.Uint())
	case k == reflect.Bool:
		return v.Bool()
	case k == reflect.String:
		return v.String()
	case k == reflect.Slice:
		list := make([]any, v.Len())
		for i := range list {
			list[i] = plain(v.Index(i))
		}
		return list
	case k == reflect.Map:
		m := make(map[string]any, v.Len())
		for _, key := range v.MapKeys() {
			m[key.String()] = plain(v.MapIndex(key))
		}
		return m
	}
	return v.Interface()
}
