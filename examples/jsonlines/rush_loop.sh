# rush in a POSIX shell, for worker loops: source this file.
#
#   . ./rush_loop.sh
#   while rush_take; do                      # sets key, and task if there is one already
#     [ "$task" ] || rush "{\"verb\":\"start\",\"key\":$key,\"xs\":{\"x1\":0.5}}"
#     rush "{\"verb\":\"evaluate\",\"key\":$key,\"finish\":true}"
#   done
#
# The verbs are those of docs/json-lines.md. In the search file:
#   loop: {command: [sh, loop.sh]}
exec 3>&1 1>&2 # what the loop prints is shown, and is no verb

# rush calls a verb, a JSON object, and leaves the answer in $answer; it fails when
# the answer is an error, which it prints.
rush() {
	printf '%s\n' "$1" >&3
	IFS= read -r answer || exit 1 # the worker is gone
	case $answer in '{"error":'*) printf '%s\n' "$answer"; return 1 ;; esac
}

# rush_get prints a number, or a text without quotes in it, that the answer has under
# a name.
rush_get() {
	printf '%s\n' "$answer" | sed -n "s/.*\"$1\":\"\{0,1\}\([^\",}]*\).*/\1/p"
}

# rush_take sets key to the number of a task that is to be evaluated, and task to its
# JSON; task is empty for one that is to be proposed. It fails when all is over.
rush_take() {
	rush '{"verb":"take"}' || return 1
	task='' key=$(rush_get key)
	case $answer in '{"over":'*'"task":{'* | '{"task":{'*) task=$answer ;; esac
	[ -n "$key" ]
}
