# An objective in POSIX shell whose process stays: command: [sh, f.sh], keep: true
#
#   . ./rush_objective.sh
#   objective() { rush_answer "y=$(( $(rush_x x1) * 2 ))"; }
#   rush_serve
#
# rush_x NAME prints a parameter: a number or a text without quotes in it. $rush_task,
# $rush_attempt and $rush_seed are the task's, $rush_line all that it was sent as.
# rush_answer NAME=NUMBER... gives the outputs; rush_report STEP NAME=NUMBER... makes them
# known after a step, and fails when the task should stop early; rush_should_stop asks
# between two reports. rush_progress JSON and rush_log LEVEL TEXT tell something;
# rush_fail TEXT fails the task. With a fidelity parameter the file $rush_checkpoint_from, if
# it is not empty, is what the task that this one continues left in its $rush_checkpoint
# (docs/fidelity.md). Other prints are shown. Copy this file. Lines: docs/json-lines.md.

rush_field() { # TEXT NAME: the value that comes first under the name
	rush_value=${1#*"\"$2\":"}
	case $rush_value in
	'"'*) rush_value=${rush_value#'"'}; printf '%s\n' "${rush_value%%'"'*}" ;;
	*) printf '%s\n' "${rush_value%%[,\}]*}" ;;
	esac
}

rush_x() { rush_field "${rush_line#*'"xs":'}" "$1"; }

rush_text() { # a text as JSON
	printf '"%s"' "$(printf '%s' "$1" | tr '\n\t' '  ' | sed 's/[\\"]/\\&/g')"
}

rush_object() { # NAME=NUMBER...
	rush_comma=
	printf '{'
	for rush_pair; do
		printf '%s"%s":%s' "$rush_comma" "${rush_pair%%=*}" "${rush_pair#*=}"
		rush_comma=,
	done
	printf '}'
}

rush_progress() { printf '{"progress":%s}\n' "$1"; }
rush_log() { printf '{"log":%s,"level":"%s"}\n' "$(rush_text "$2")" "$1"; }
rush_answer() { rush_answered=yes; printf '{"task":%s,"attempt":%s,"ys":%s}\n' "$rush_task" "$rush_attempt" "$(rush_object "$@")"; }
rush_fail() { rush_answered=yes; printf '{"task":%s,"attempt":%s,"error":%s}\n' "$rush_task" "$rush_attempt" "$(rush_text "$1")"; }

rush_goes_on() { read -r rush_stop <&3; [ "$rush_stop" = '{"stop":false}' ]; }
rush_should_stop() { printf '{"ask":"stop"}\n'; ! rush_goes_on; }
rush_report() {
	rush_step=$1
	shift
	printf '{"report":{"step":%s,"ys":%s}}\n' "$rush_step" "$(rush_object "$@")"
	rush_goes_on
}

rush_serve() {
	exec 3<&0 </dev/null # what the objective starts does not read the tasks
	while IFS= read -r rush_line <&3; do
		rush_task=$(rush_field "$rush_line" task) rush_attempt=$(rush_field "$rush_line" attempt) rush_answered=
		rush_rest=${rush_line##*\"constants\"} rush_checkpoint= rush_checkpoint_from=
		rush_seed=$(rush_field "$rush_rest" seed)
		case $rush_rest in
		*'"checkpoint":'*) rush_checkpoint=$(rush_field "$rush_rest" checkpoint) rush_checkpoint_from=$(rush_field "$rush_rest" checkpoint_from) ;;
		esac
		[ "$rush_checkpoint_from" != null ] || rush_checkpoint_from=
		objective
		[ -n "$rush_answered" ] || rush_fail "the objective gave no answer"
	done
}
