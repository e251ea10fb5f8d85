#!/bin/sh
# need.sh TOOL... makes sure that tools are there. What is missing it installs
# with apt-get when it may; otherwise it says what to install and exits 1.
set -eu

# has TOOL reports whether a tool works, not only whether a file has its name.
has() {
	case $1 in
	gcc) printf '#include <stdlib.h>\n' | gcc -E - >/dev/null 2>&1 ;;
	python3-sklearn) /usr/bin/python3 -c 'import sklearn' >/dev/null 2>&1 ;;
	python3-pandas) /usr/bin/python3 -c 'import pandas' >/dev/null 2>&1 ;;
	python3-grpcio) /usr/bin/python3 -c 'import grpc' >/dev/null 2>&1 ;;
	python3-protobuf) /usr/bin/python3 -c 'import google.protobuf' >/dev/null 2>&1 ;;
	python3-msgpack) /usr/bin/python3 -c 'import msgpack' >/dev/null 2>&1 ;;
	r-cran-*) Rscript -e "library(${1#r-cran-})" >/dev/null 2>&1 ;;
	*) command -v "$1" >/dev/null 2>&1 ;;
	esac
}

# packages TOOL prints the Debian packages that bring a tool.
packages() {
	case $1 in
	gcc) echo gcc libc6-dev ;; # cgo, and so the race detector, needs the C headers
	Rscript) echo r-base-core ;;
	node) echo nodejs ;;
	rsvg-convert) echo librsvg2-bin ;;
	protoc) echo protobuf-compiler ;;
	grpc_python_plugin) echo protobuf-compiler-grpc ;;
	*) echo "$1" ;;
	esac
}

missing=
for tool in "$@"; do
	has "$tool" || missing="$missing $(packages "$tool")"
done
[ -n "$missing" ] || exit 0

if ! command -v apt-get >/dev/null 2>&1; then
	echo "need: missing here (by their names in Debian):$missing" >&2
	echo "need: install them with this system's package manager, then try again" >&2
	exit 1
fi
if [ "$(id -u)" -ne 0 ]; then
	echo "need: missing here:$missing" >&2
	echo "need: run   sudo apt-get update && sudo apt-get install -y$missing" >&2
	exit 1
fi
echo "need: installing$missing"
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
# shellcheck disable=SC2086 # a list of packages
apt-get install -y -qq --no-install-recommends $missing </dev/null
