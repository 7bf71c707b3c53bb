#!/usr/bin/env bash
# Makes `CREATE EXTENSION vector` possible on this machine's PostgreSQL. Does nothing when it already is.
# First the distribution's package; where the release has none (Debian 12), the source package of a later Debian
# release is compiled. Addresses come from the machine's own APT configuration.
set -euo pipefail

major=${1:?usage: install-pgvector.sh MAJOR_VERSION_OF_POSTGRESQL}
extensions=/usr/share/postgresql/$major/extension
libraries=/usr/lib/postgresql/$major/lib
later_release=trixie

installed() { [ -e "$extensions/vector.control" ] && [ -e "$libraries/vector.so" ]; }
installed && exit 0

export DEBIAN_FRONTEND=noninteractive
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# APT drops its privileges to download.
chmod 755 "$work"

if apt-cache show "postgresql-$major-pgvector" >/dev/null 2>&1; then
    apt-get install -y --no-install-recommends "postgresql-$major-pgvector"
    installed && exit 0
fi

echo "pgvector: no package in this release, compiling the source package of $later_release"
apt-get install -y --no-install-recommends gcc libc6-dev dpkg-dev

# The headers alone: the -dev package would pull in a whole LLVM.
mkdir -p "$work/headers" "$work/source" "$work/sources.list.d" "$work/lists/partial"
(cd "$work" && apt-get download "postgresql-server-dev-$major" && dpkg-deb -x postgresql-server-dev-*.deb headers)

mirror=$( (cat /etc/apt/sources.list /etc/apt/sources.list.d/*.list 2>/dev/null || true) \
    | sed -n 's/^deb \(\[[^]]*\] \)\?\(http[^ ]*debian\/\?\) .*/\2/p' | head -n 1)
[ -n "$mirror" ] || mirror=$(sed -n 's/^URIs: *\(http[^ ]*debian\/\?\) *$/\1/p' /etc/apt/sources.list.d/*.sources | head -n 1)
[ -n "$mirror" ] || { echo "pgvector: no Debian mirror in this machine's APT sources" >&2; exit 1; }
cat > "$work/sources.list.d/later.sources" <<SOURCES
Types: deb-src
URIs: $mirror
Suites: $later_release
Components: main
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg
SOURCES
apt=(-o Dir::Etc::sourcelist=/dev/null -o "Dir::Etc::sourceparts=$work/sources.list.d" -o "Dir::State::lists=$work/lists")
apt-get "${apt[@]}" update
# As root only to write into the folder; APT has verified the signed index and the checksums.
(cd "$work/source" && apt-get "${apt[@]}" -o APT::Sandbox::User=root source --download-only pgvector && tar -xzf pgvector_*.orig.tar.gz --strip-components=1)

version=$(sed -n "s/^default_version = '\(.*\)'/\1/p" "$work/source/vector.control")
gcc -O2 -fPIC -shared -fno-strict-aliasing -fwrapv -ftree-vectorize -o "$work/vector.so" "$work"/source/src/*.c \
    -I"$work/headers/usr/include/postgresql/$major/server" -I/usr/include/postgresql -lm
install -m 644 "$work/vector.so" "$libraries/vector.so"
install -m 644 "$work/source/sql/vector.sql" "$extensions/vector--$version.sql"
for upgrade in "$work"/source/sql/vector--*--*.sql; do install -m 644 "$upgrade" "$extensions/"; done
# Last: this file is what says that everything is there.
install -m 644 "$work/source/vector.control" "$extensions/vector.control"
echo "pgvector $version is ready for PostgreSQL $major"
