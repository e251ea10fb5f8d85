#!/bin/sh
# ui.sh TARGET builds or checks the page in webui/app. It needs Node, which
# nothing else of rush does: what is built is committed.
#
#   ui.sh build   write webui/dist anew
#   ui.sh same    build, and fail when webui/dist is not what is committed
#   ui.sh test    types, and the tests of the pieces
#   ui.sh e2e     the page in a browser, against the real server, on both stores
#   ui.sh soak    what of it takes long
#   ui.sh bench   what is measured there, into docs/ui-bench.md
#   ui.sh shots   write docs/page/*.png anew
set -eu
cd "$(dirname "$0")/.."

if ! command -v node >/dev/null 2>&1 || ! command -v npm >/dev/null 2>&1; then
	echo "ui: building the page needs Node 20.19 or newer with npm, and neither is in PATH here" >&2
	echo "ui: install it (https://nodejs.org), or leave webui/dist as it is: go build needs no Node" >&2
	exit 1
fi
if ! node -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 20 || (a === 20 && b >= 19) ? 0 : 1)'; then
	echo "ui: building the page needs Node 20.19 or newer; this is $(node --version)" >&2
	exit 1
fi

cd webui/app
# What is installed is what the lock file says, and is not installed again.
stamp=node_modules/.installed
if ! cmp -s package-lock.json "$stamp"; then
	npm ci --no-fund --no-audit
	cp package-lock.json "$stamp"
fi

case ${1:-} in
build) npm run --silent build ;;
same)
	npm run --silent build
	if [ -n "$(git status --porcelain -- ../dist)" ]; then
		git status --short -- ../dist >&2
		echo "ui: webui/dist is not what webui/app builds: run   make ui   and commit webui/dist" >&2
		exit 1
	fi
	;;
test)
	npm run --silent check
	npm run --silent test
	;;
e2e) npm run --silent e2e ;;
soak) RUSH_SOAK=1 npm run --silent e2e ;;
bench) npm run --silent bench ;;
shots) node e2e/screenshots.mjs ;;
*)
	sed -n '5,11s/^# *//p' "$0" >&2
	exit 2
	;;
esac
