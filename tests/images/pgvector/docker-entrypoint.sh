#!/usr/bin/bash
# Behaves as the official image's entrypoint where an operator sees it; the server is the machine's own PostgreSQL.
set -euo pipefail

export PGDATA=${PGDATA:-/var/lib/postgresql/data}

# As the official image: what does not start the server runs as it is (psql, pg_dump, …).
if [ "${1:-postgres}" != postgres ] && [ "${1#-}" = "$1" ]; then exec "$@"; fi
[ "${1:-postgres}" = postgres ] && shift || true

if [ "$(id -u)" = 0 ]; then
    mkdir -p "$PGDATA"
    chown -R 999:999 "$PGDATA"
    chmod 700 "$PGDATA"
    exec setpriv --reuid=999 --regid=999 --clear-groups "$0" postgres "$@"
fi

# initdb and psql want a name for the user they run as; a container's user often has none.
if ! getent passwd "$(id -u)" >/dev/null; then
    # With a read-only root /tmp is only writable when something is mounted there.
    names=$(mktemp -d 2>/dev/null || mktemp -d -p /dev/shm)
    echo "postgres:x:$(id -u):$(id -g):PostgreSQL:$PGDATA:/bin/false" > "$names/passwd"
    echo "postgres:x:$(id -g):" > "$names/group"
    export NSS_WRAPPER_PASSWD=$names/passwd NSS_WRAPPER_GROUP=$names/group LD_PRELOAD=libnss_wrapper.so
fi

socket_folder=/var/run/postgresql
[ -w "$socket_folder" ] || mkdir -p "$socket_folder" 2>/dev/null || socket_folder=/tmp
[ -w "$socket_folder" ] || socket_folder=/tmp

read_secret() { # NAME: the variable, or the content of the file that NAME_FILE names
    local name=$1 file=$1_FILE
    if [ -n "${!file:-}" ]; then cat "${!file}"; else printf '%s' "${!name:-}"; fi
}

initialize() {
    local user password database file
    user=$(read_secret POSTGRES_USER)
    user=${user:-postgres}
    password=$(read_secret POSTGRES_PASSWORD)
    database=$(read_secret POSTGRES_DB)
    database=${database:-$user}
    if [ -z "$password" ] && [ "${POSTGRES_HOST_AUTH_METHOD:-}" != trust ]; then
        echo "Error: Database is uninitialized and superuser password is not specified." >&2
        echo "       You must specify POSTGRES_PASSWORD to a non-empty value for the superuser." >&2
        exit 1
    fi
    mkdir -p "$PGDATA"
    # On somebody else's folder (a volume's root) this fails, and initdb says why; a folder below it is our own.
    chmod 700 "$PGDATA" || true
    # The password travels through a pipe: neither in the arguments nor in a file.
    initdb --pgdata="$PGDATA" --username="$user" --pwfile=<(printf '%s\n' "$password") --no-sync \
        --encoding=UTF8 --locale=C.UTF-8 --auth-local=trust --auth-host=scram-sha-256
    printf '\nhost all all all %s\n' "${POSTGRES_HOST_AUTH_METHOD:-scram-sha-256}" >> "$PGDATA/pg_hba.conf"
    echo "$PG_MAJOR" > "$PGDATA/.image-major"

    pg_ctl --pgdata="$PGDATA" --wait --silent start -o "-c listen_addresses='' -k $socket_folder -c fsync=off"
    if [ "$database" != postgres ]; then
        psql -v ON_ERROR_STOP=1 --no-psqlrc -h "$socket_folder" -U "$user" -d postgres -v database="$database" \
            <<< 'CREATE DATABASE :"database";'
    fi
    for file in /docker-entrypoint-initdb.d/*; do
        case "$file" in
            *.sql) psql -v ON_ERROR_STOP=1 --no-psqlrc -h "$socket_folder" -U "$user" -d "$database" -f "$file" ;;
            *.sh) . "$file" ;;
        esac
    done
    pg_ctl --pgdata="$PGDATA" --wait --silent --mode=fast stop
    echo
    echo "PostgreSQL init process complete; ready for start up."
    echo
}

if [ ! -s "$PGDATA/PG_VERSION" ]; then
    initialize
elif [ "$(cat "$PGDATA/.image-major" 2>/dev/null || echo "$PG_MAJOR")" != "$PG_MAJOR" ]; then
    # All tags are the same server here; a real one refuses the files of another major version with these words.
    echo "FATAL:  database files are incompatible with server" >&2
    echo "DETAIL:  The data directory was initialized by PostgreSQL version $(cat "$PGDATA/.image-major"), which is not compatible with this version $PG_MAJOR." >&2
    exit 1
fi

# After a crash the file names a process id that now is some other program of this container, which would be taken for a server.
# (In the official image the server is process 1 and so its own predecessor.)
if [ -s "$PGDATA/postmaster.pid" ] && [ "$(cat "/proc/$(head -n 1 "$PGDATA/postmaster.pid")/comm" 2>/dev/null)" != postgres ]; then
    rm -f "$PGDATA/postmaster.pid"
fi

# Never all addresses: the pods of this machine share its network, each has an address of its own.
address=$(getent ahostsv4 "$(hostname)" | awk 'NR == 1 { print $1 }')
[ -n "$address" ] || { echo "The host name $(hostname) has no address" >&2; exit 1; }

# A throw-away server: it survives the end of its process, not that of the machine.
options=(-c "listen_addresses=$address" -c port=5432 -k "$socket_folder" -c fsync=off -c full_page_writes=off
    -c shared_buffers=32MB)
[ -w /dev/shm ] || options+=(-c dynamic_shared_memory_type=mmap)

# The image's stop signal is SIGINT (fast shutdown), but whoever ends a container here sends SIGTERM, which
# would wait until the last client has left. With its own end, however sudden, this script takes the server along.
setpriv --pdeathsig KILL postgres "${options[@]}" "$@" &
server=$!
stopped=
trap 'stopped=1; kill -INT "$server" 2>/dev/null || true' TERM INT
while :; do
    code=0
    wait "$server" || code=$?
    # A signal interrupts the wait while the server is still on its way down.
    kill -0 "$server" 2>/dev/null || break
done
[ -z "$stopped" ] || code=0
exit "$code"
