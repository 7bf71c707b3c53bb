#!/usr/bin/env bash
# Builds kube-apiserver and kube-controller-manager from the distribution's source package `kubernetes`.
#   build-control-plane.sh BUILD_FOLDER CACHE_FOLDER PATCH_LEVEL
# Prints progress, and at the end "RESULT <folder>". The caller holds a lock and has installed the packages that this needs.
set -euo pipefail

build=$1 cache=$2 patch_level=$3
work=$build/kubernetes
log=$build/kubernetes.log

say() { printf '%s\n' "$*"; }

# Runs a noisy step: its output goes to the log, and the end of that is shown when it fails.
quietly() {
    local code=0
    say "$1"
    shift
    # In the background and waited for: in a condition, bash would ignore "set -e" inside the step.
    "$@" >>"$log" 2>&1 &
    wait "$!" || code=$?
    [ "$code" = 0 ] || {
        say "failed: $*"
        tail -n 25 "$log"
        exit "$code"
    }
}

# APT's own configuration stays as it is: the same addresses, suites and keys, asked for sources, in a folder of our own.
derive_sources() {
    local parts=$work/sources file
    mkdir -p "$parts" "$work/lists/partial"
    for file in /etc/apt/sources.list.d/*.sources; do
        [ -e "$file" ] && sed 's/^Types:.*/Types: deb-src/' "$file" >"$parts/${file##*/}"
    done
    for file in /etc/apt/sources.list /etc/apt/sources.list.d/*.list; do
        [ -e "$file" ] && sed -n 's/^deb\(-src\)\{0,1\}[[:space:]]/deb-src /p' "$file" | sort -u >"$parts/from-${file##*/}"
    done
    find "$parts" -name '*.list' -empty -delete
    apt=(-q
        -o Dir::Etc::sourcelist=/dev/null
        -o "Dir::Etc::sourceparts=$parts"
        -o "Dir::State::lists=$work/lists"
        -o "Dir::Cache::pkgcache=" -o "Dir::Cache::srcpkgcache="
        -o APT::Sandbox::User=root)
}

fetch() {
    cd "$work"
    apt-get "${apt[@]}" source --download-only kubernetes
    # The upstream tree alone: the distribution's own patches concern kubectl's output.
    dpkg-source --skip-patches -x kubernetes_*.dsc tree
}

# reflect2 1.0.1, which the tree vendors, reads the map iterator of Go's runtime as it was before Go 1.18: the first custom resource
# would end the API server with a segmentation fault. 1.0.2 does not; the distribution packages it.
replace_reflect2() {
    local vendored=$work/tree/vendor/github.com/modern-go/reflect2
    rm -f "$vendored"/*.go "$vendored"/*.s
    cp /usr/share/gocode/src/github.com/modern-go/reflect2/*.{go,s} "$vendored/"
    rm -f "$vendored"/*_test.go
}

compile() {
    local go=/usr/lib/go-1.19/bin
    [ -d "$go" ] || go=/usr/lib/go/bin
    mkdir -p "$work/go/src/k8s.io"
    ln -sfn "$work/tree" "$work/go/src/k8s.io/kubernetes"
    cd "$work/go/src/k8s.io/kubernetes"
    env -u GOFLAGS -u GOPROXY -u GOSUMDB -u GOMOD -u GOROOT \
        GOPATH="$work/go" GOCACHE="$work/go-cache" GO111MODULE=off CGO_ENABLED=0 PATH="$go:$PATH" \
        make WHAT="cmd/kube-apiserver cmd/kube-controller-manager" GOLDFLAGS="-s -w"
}

# Files under a temporary name in the same file system, then one rename: a folder in the cache is complete.
publish() {
    local version key partial
    version=$("$output/kube-apiserver" --version | sed -n 's/^Kubernetes v\([0-9.]*\).*/\1/p')
    key=debian-$version-$patch_level
    partial=$cache/.partial-$$
    mkdir -p "$partial"
    cp "$output/kube-apiserver" "$output/kube-controller-manager" "$partial/"
    [ -d "$cache/$key" ] && rm -rf "${cache:?}/$key"
    mv "$partial" "$cache/$key"
    say "RESULT $cache/$key"
}

mkdir -p "$build" "$cache"
rm -rf "$work" "$cache"/.partial-*
mkdir -p "$work"
: >"$log"
derive_sources
quietly "reading the indexes of the distribution's source packages" apt-get "${apt[@]}" update
quietly "downloading and unpacking the source package kubernetes" fetch
quietly "replacing the vendored reflect2, which newer Go cannot run" replace_reflect2
quietly "generating code and compiling kube-apiserver and kube-controller-manager (5 to 10 minutes on two cores)" compile
output=$(dirname "$(find "$work/tree/_output" -type f -name kube-apiserver -path '*linux*' | head -n 1)")
publish
rm -rf "$work"
