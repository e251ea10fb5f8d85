package examples_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// pushers are loops that do the same in every language: queue two tasks, take them,
// report two steps of each, and finish it.
var pushers = map[string]struct {
	command string
	code    string
}{
	"py": {"python3", `
from rush_loop import rush
rush.push(xss=[{"x": 1}, {"x": 2}], extras=[{"from": "py"}, {}], max_retries=1)
while task := rush.pop(wait=0)["task"]:
    for step in (1, 2):
        print("stop:", rush.report(key=task["key"], step=step, ys={"y": step})["stop"])
    rush.finish(key=task["key"], ys={"y": task["xs"]["x"] * 2})
`},
	"R": {"Rscript, --vanilla", `
source("rush_loop.R")
rush$push_tasks(list(list(x = 1), list(x = 2)), extra = list(list(from = "R"), list()), max_retries = 1)
while (!is.null(task <- rush$pop_task(timeout = 0))) {
  for (step in 1:2) cat("stop:", rush$report(task$key, step, list(y = step)), "\n")
  rush$finish_tasks(task$key, yss = list(list(y = task$xs$x * 2)))
}
`},
	"js": {"node", `
const rush = require('./rush_loop')
rush.call('push', {xss: [{x: 1}, {x: 2}], extras: [{from: 'js'}, {}], max_retries: 1})
for (let task; (task = rush.call('pop', {wait: 0}).task);) {
  for (const step of [1, 2]) console.log('stop:', rush.call('report', {key: task.key, step, ys: {y: step}}).stop)
  rush.call('finish', {key: task.key, ys: {y: task.xs.x * 2}})
}
`},
	"sh": {"sh", `
. ./rush_loop.sh
rush '{"verb":"push","xss":[{"x":1},{"x":2}],"extras":[{"from":"sh"},{}],"max_retries":1}' || exit 1
while rush '{"verb":"pop","wait":0}' && key=$(rush_get key) && [ "$key" ]; do
	x=$(rush_get x)
	for step in 1 2; do
		rush "{\"verb\":\"report\",\"key\":$key,\"step\":$step,\"ys\":{\"y\":$step}}" || exit 1
		echo "stop: $(rush_get stop)"
	done
	rush "{\"verb\":\"finish\",\"key\":$key,\"ys\":{\"y\":$((${x%.*} * 2))}}"
done
`},
}

func TestLoopsOfEveryLanguagePushAndReport(t *testing.T) {
	for language, p := range pushers {
		t.Run(language, func(t *testing.T) {
			u := newUser(t)
			dir := t.TempDir()
			adapter, err := os.ReadFile("jsonlines/rush_loop." + language)
			if err != nil {
				t.Fatal(err)
			}
			for name, text := range map[string]string{
				"rush_loop." + language: string(adapter), "loop." + language: p.code,
				"search.yaml": "loop: {command: [" + p.command + ", loop." + language + "]}\nworkers: 1\ncodomain: {y: minimize}\n" +
					"space: {x: {type: int, lower: 1, upper: 9}}\n",
			} {
				if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			u.search(filepath.Join(dir, "search.yaml"))
			tasks := u.export()
			if len(tasks["y"]) != 2 || tasks["from"][0] != language {
				t.Fatalf("found %v, expected two tasks, the first from %s", tasks, language)
			}
			for i, y := range tasks["y"] {
				if number(t, y) != 2*number(t, tasks["x"][i]) {
					t.Errorf("found y = %s of x = %s", y, tasks["x"][i])
				}
			}
			if out := u.run("rush", "task", "0", "--json"); strings.Count(out, `"step":`) != 2 {
				t.Errorf("found %s, expected two reports", out)
			}
		})
	}
}
