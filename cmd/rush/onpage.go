package main

// A pagePlace says where on the page of "rush ui" a person does what a command does.
type pagePlace struct {
	at    string // the view, or ""
	flags string // those that have a place there
	why   string // of what has none: a command, or flags by their names
}

// pagePlaces has every command; docs/page.md tells people. What a flag of all commands
// does (--json, --network, --yes, --store) is done by the page as a whole.
var pagePlaces = map[string]pagePlace{
	"check": {why: "a search file is of the machine that has it"}, "plan": {why: "as check"}, "new": {why: "writes files"},
	"run": {why: "needs the search file; its --ui opens the page"}, "demo": {why: "as run"}, "bench": {why: "measures optimizers in networks of its own"},
	"config": {why: "configurations are named by rush worker --config"}, "plugins": {why: "are of the machine that has them"},
	"rerun":    {at: "Task: a command to copy", why: "evaluates where it is called: --attempt is added there"},
	"replay":   {at: "Export: a command to copy"},
	"script":   {at: "Workers, Add: a command to copy", flags: "n", why: "--config and --worker-id are added to it"},
	"worker":   {at: "Workers, Add", flags: "n queue detach", why: "the search says the rest, or a command that is copied: --config --expiry --give-up --grace --heartbeat --idle-timeout --keep-output --log --log-dir --loop --objective --wait --worker-id"},
	"env":      {at: "Workers, Environment"},
	"env show": {at: "Workers, Environment"}, "env set": {at: "Workers, Environment", flags: "var", why: "workers are told at once, for 3 seconds: --no-refresh --wait"},
	"env unset": {at: "Workers, Environment", flags: "var", why: "as env set: --no-refresh --wait"},

	"best":       {at: "Overview and Tasks, sorted", why: "the goals are those of the search: --all-fidelities --hypervolume --maximize --minimize --number --reference"},
	"export":     {at: "Export", flags: "format output spreadsheet-safe state", why: "--fields, --plain and --follow are for scripts"},
	"importance": {at: "Explore", flags: "target pairs", why: "slices are drawn there: --csv --maximize --minimize --partial --surrogate"},
	"log":        {at: "Logs", flags: "follow kind level n task worker", why: "columns and files are of the terminal: --diff --dir --keep --logger"},
	"networks":   {at: "Networks"}, "objects": {why: "large values of programs"}, "report": {why: "the page, as a file to send"},
	"progress": {at: "Task", flags: "follow"}, "task": {at: "Task"}, "tasks": {at: "Tasks", flags: "limit state workers"},
	"top": {at: "Overview", why: "--once prints it"}, "ui": {why: "the page itself"}, "workers": {at: "Workers", flags: "load"},
	"workers delete": {at: "Workers, Forget"},
	"queue":          {at: "Push, Queues"}, "queue list": {at: "Push, Queues", flags: "queue"}, "queue position": {at: "Task"},
	"queue remove": {at: "Tasks and Task, Take out", flags: "message"}, "queue empty": {at: "Push, Queues", flags: "queue message"},

	"ask":     {at: "Push, Take a point", why: "one at a time, held by the page's client: --expiry --held --n --search --serve --wait --worker"},
	"tell":    {at: "Task, Evaluate it yourself", flags: "fail", why: "the task knows its --worker"},
	"cancel":  {at: "Tasks and Task"},
	"delete":  {at: "Tasks and Task", flags: "running"},
	"message": {at: "Workers, Message", flags: "worker", why: "the page waits for 3 seconds: --wait"},
	"pause":   {at: "Workers", why: "the page shows it when it comes: --wait"}, "resume": {at: "Workers", why: "as pause: --wait"},
	"push": {at: "Push", flags: "after after-rows draw extra format max-retries queue timeout worker",
		why: "--terminate waits until all have ended: on the page that is seen, and Workers stops them then"},
	"reset":   {at: "Networks and Overview", flags: "stop workers", why: "10 seconds: --timeout"},
	"retry":   {at: "Tasks and Task; Overview, by failure", flags: "class failed ignore-limit next-seed"},
	"stop":    {at: "Workers", flags: "kill"},
	"wait":    {why: "the page is what one waits with; it is for scripts"},
	"destroy": {at: "Networks and Overview", flags: "after keep stop", why: "10 seconds: --timeout"},
	"doctor":  {why: "repairs stores, also those that no page can open"}, "version": {why: "of the program"},
	"completion": {why: "of the shell"}, "help": {why: "of the program"},
}
