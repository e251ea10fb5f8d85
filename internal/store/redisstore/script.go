package redisstore

import (
	"context"
	"crypto/sha1"
	"embed"
	"encoding/hex"
	"io/fs"
	"path"
	"strings"

	"github.com/redis/go-redis/v9"
)

//go:embed lua
var luaFiles embed.FS

// A script is a Lua script with the parts of the library that it uses.
type script struct {
	name string
	text string
	sha  string
}

// loadScripts reads all scripts, by the names of their files; ones that work on
// networks of any schema if that is wanted. The files are
// part of the program, so that what is wrong with them is a programmer's
// mistake.
func loadScripts(ignoreSchema bool) map[string]*script {
	names, err := fs.Glob(luaFiles, "lua/*.lua")
	if err != nil {
		panic(err)
	}
	scripts := make(map[string]*script, len(names))
	for _, name := range names {
		s := newScript(strings.TrimSuffix(path.Base(name), ".lua"), ignoreSchema)
		scripts[s.name] = s
	}
	return scripts
}

// newScript puts a script together. It begins with a line of its own that
// makes Redis refuse all of it when memory is short, or says why that is not
// needed; otherwise only the commands that need more would be refused, and
// the step would be half done. The line after that may be
//
//	--#use network wake
//
// which puts lua/lib/network.lua and lua/lib/wake.lua before the rest.
func newScript(name string, ignoreSchema bool) *script {
	first, text, _ := strings.Cut(readLua("lua/"+name+".lua"), "\n")
	if libs, rest, _ := strings.Cut(text, "\n"); strings.HasPrefix(libs, "--#use ") {
		var b strings.Builder
		for _, lib := range strings.Fields(libs)[1:] {
			b.WriteString(readLua("lua/lib/" + lib + ".lua"))
		}
		text = substitute(b.String()+rest, constants(ignoreSchema))
	}
	text = first + "\n" + text
	sum := sha1.Sum([]byte(text))
	return &script{name: name, text: text, sha: hex.EncodeToString(sum[:])}
}

// substitute replaces the words in capitals that are constants.
func substitute(text string, values map[string]string) string {
	inWord := func(c byte) bool {
		return c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '_'
	}
	var b strings.Builder
	for i := 0; i < len(text); {
		end := i
		for end < len(text) && inWord(text[end]) == inWord(text[i]) {
			end++
		}
		word := text[i:end]
		if value, ok := values[word]; ok {
			word = value
		}
		b.WriteString(word)
		i = end
	}
	return b.String()
}

func readLua(name string) string {
	b, err := luaFiles.ReadFile(name)
	if err != nil {
		panic(err)
	}
	return string(b)
}

// run calls a script with one key and returns what it returned: an int64 or
// a string.
func (s *Store) run(ctx context.Context, name, key string, args ...any) (any, error) {
	if err := ctx.Err(); err != nil {
		return nil, s.explain(ctx, err)
	}
	sc := s.scripts[name]
	cmd := sc.call(ctx, key, args)
	if err := s.client.Process(ctx, cmd); redis.HasErrorPrefix(err, "NOSCRIPT") {
		cmd = sc.send(ctx, key, args)
		_ = s.client.Process(ctx, cmd) // the error is in cmd
	}
	v, err := cmd.Result()
	return v, s.explain(ctx, err)
}

// call returns a command that calls the script by its digest.
func (sc *script) call(ctx context.Context, key string, args []any) *redis.Cmd {
	return redis.NewCmd(ctx, append([]any{"evalsha", sc.sha, 1, key}, args...)...)
}

// send returns a command that sends the script with the call.
func (sc *script) send(ctx context.Context, key string, args []any) *redis.Cmd {
	return redis.NewCmd(ctx, append([]any{"eval", sc.text, 1, key}, args...)...)
}
