# make lists what there is to do.

PKG       ?= ./...
VERSION   ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo devel)
TIMESTAMP ?= $(shell git log -1 --format=%ct 2>/dev/null || echo 315532800)

PLATFORMS = linux_amd64 linux_arm64 darwin_amd64 darwin_arm64 windows_amd64 windows_arm64
BINARIES  = $(foreach p,$(PLATFORMS),bin/rush_$(p)$(if $(findstring windows,$(p)),.exe))
GO_BUILD  = CGO_ENABLED=0 go build -trimpath -ldflags '-s -w -X main.version=$(VERSION)'

# Packages that the race detector would only slow down: those without goroutines
# of their own, and those whose tests are long runs of what other packages test.
# A new package is checked until it is named here.
NO_RACE = rushnet/rush$$|/seeds$$|/loops/(acquisition|cmaes|dependence|descent|forest|gp|importance|localsearch|mbo|nsga2|parego|pareto|sobol|space|tpe)$$|/internal/wire$$|/internal/importtest$$|/internal/paritytest$$|/internal/faults$$|/examples|/scripts/

.PHONY: help test race lint build build-all dist bench soak ui check-ui test-ui soak-ui bench-ui screenshots icons generate clean
help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

test: ## run all tests, after installing what they need (PKG=./table/... for some)
	@scripts/need.sh redis-server gcc python3-sklearn python3-pandas python3-grpcio python3-protobuf python3-msgpack Rscript r-cran-jsonlite r-cran-data.table r-cran-ranger node
	go test -timeout 20m $(PKG)

# A program under the race detector sleeps a second before it exits, and the
# tests start a thousand. SQLite is C put into Go: it is ten times slower under
# the detector, which has nothing to find there.
race: ## run the tests of most packages under the race detector
	@scripts/need.sh redis-server gcc python3-sklearn python3-pandas python3-grpcio python3-protobuf python3-msgpack Rscript r-cran-jsonlite r-cran-data.table r-cran-ranger node
	CGO_ENABLED=1 GORACE=atexit_sleep_ms=0 go test -race -gcflags='modernc.org/...=-race=false' -timeout 20m $$(go list ./... | grep -vE '$(NO_RACE)')

lint: ## gofmt, go vet (for the other systems, too), staticcheck and govulncheck
	@unformatted=$$(gofmt -l .) && test -z "$$unformatted" || { echo "gofmt -w is needed on:" $$unformatted; exit 1; }
	go vet ./...
	GOOS=windows go vet ./...
	GOOS=darwin go vet ./...
	go tool staticcheck ./...
	@scripts/vulncheck.sh

build: ## build bin/rush for this machine
	$(GO_BUILD) -o bin/rush ./cmd/rush

build-all: $(BINARIES) ## build bin/rush_OS_ARCH for linux, darwin and windows

# The go command knows best what is up to date: always ask it.
.PHONY: $(BINARIES)
$(BINARIES): bin/rush_%:
	GOOS=$(word 1,$(subst _, ,$(basename $*))) GOARCH=$(word 2,$(subst _, ,$(basename $*))) $(GO_BUILD) -o $@ ./cmd/rush

dist: build-all ## pack the builds into dist/, with checksums
	go run ./scripts/dist -version $(VERSION) -time $(TIMESTAMP) -o dist $(BINARIES)

bench: ## run the benchmarks (PKG=./table/... for some)
	@scripts/need.sh redis-server
	go test -run '^$$' -bench . -benchmem $(PKG)

soak: ## run the long tests, TestSoak*
	@scripts/need.sh redis-server
	RUSH_SOAK=1 go test -run '^TestSoak' -count=1 -timeout 2h -v $(PKG)

ui: ## build the page (webui/app) into webui/dist; needs Node
	@scripts/ui.sh build

check-ui: ## the page: types, the tests of its pieces, and that webui/dist is what is built
	@scripts/ui.sh test
	@scripts/ui.sh same

test-ui: ## the page in a browser, against the real server and real workers, on both stores
	@scripts/need.sh chromium redis-server
	@scripts/ui.sh e2e

soak-ui: ## what of test-ui takes long: a tab that is asleep for ten minutes
	@scripts/need.sh chromium redis-server
	@scripts/ui.sh soak

bench-ui: ## measure the page in a browser, and write docs/ui-bench.md
	@scripts/need.sh chromium
	@scripts/ui.sh bench

screenshots: ## write docs/page/*.png anew, from searches of the examples
	@scripts/need.sh chromium pngquant python3-sklearn
	@scripts/ui.sh shots

icons: ## write the icon of rush ui --install anew, in its sizes
	@scripts/need.sh rsvg-convert
	for n in 32 48 64 128 256; do rsvg-convert -w $$n -h $$n webui/app/public/icon.svg -o cmd/rush/icons/$$n.png; done

generate: ## write the generated code anew
	@scripts/need.sh protoc grpc_python_plugin
	go generate ./...

clean: ## remove what make builds
	rm -rf bin dist
