# shellcheck shell=bash
# Proof of a set: every part is read again from the disk, to its end, by the program that a restore would use.

verified=''

# Status of feed and of who listens to it, in "statuses".
prove_pipe() { # PATH SUM COMMAND…
    local path=$1 sum=$2
    shift 2
    feed "$path" "$sum" | "$@" > /dev/null 2> prove.err
    printf '%s %s\n' "${PIPESTATUS[@]}" > statuses
}

# The dump as SQL to nowhere: unlike a listing this decompresses every row.
read_dump() { pg_restore --file=/dev/null; }

read_files() { tar --list --file=-; }

read_json() { perl -MJSON::PP -e 'local $/; my $list = decode_json(<STDIN>); exit(ref $list eq "HASH" && ref $list->{items} eq "ARRAY" ? 0 : 1)'; }

read_secrets() { gpg_ --decrypt | read_json; }

# The dump is of a version that these tools do not read. Replaced by a script that can leave it to others.
other_version() { database_failure prove.err VersionTooNew 'The dump is of another version.'; }

prove_part() { # FOLDER PART
    local path feed_status reader_status
    path=$(part_path "$1" "$2")
    rm -f prove.sum
    case $2 in
        Database) run prove_pipe "$path" prove.sum read_dump ;;
        Files) run prove_pipe "$path" prove.sum read_files ;;
        Configuration) run prove_pipe "$path" prove.sum read_json ;;
        Secrets)
            check_passphrase
            run prove_pipe "$path" prove.sum read_secrets
            gpg_end
            ;;
    esac
    read -r feed_status reader_status < statuses
    [ "$feed_status" = 0 ] || rm -f prove.sum
    check_sum "$2" prove.sum
    [ "$reader_status" != 0 ] || return 0
    log_errors prove.err
    case $2 in
        Database)
            if grep -q 'unsupported version' prove.err; then
                other_version
                return 0
            fi
            fail DumpCorrupt "The dump of the set $FA_SET cannot be read to its end although it is what was written. Choose another set, and report this."
            ;;
        Files) fail FilesCorrupt "The archive of the files of the set $FA_SET cannot be read to its end although it is what was written. Choose another set, and report this." ;;
        Configuration) fail ManifestInvalid "The part Configuration of the set $FA_SET is no list of objects. Choose another set." ;;
        Secrets) wrong_passphrase ;;
    esac
}

# Reads the manifest and proves these parts. A test restore reads the dump to its end as well and compares it, so nothing reads it before.
prove() { # FOLDER
    local part parts
    read_manifest "$1"
    parts=$(chosen_parts)
    for part in $parts; do
        if [ "$part" = Database ] && [ "${FA_VERIFY:-Read}" = Restore ]; then test_restore "$1"; else prove_part "$1" "$part"; fi
    done
}

# A server of this pod alone: a socket in the work folder, nothing synced, one superuser.
start_server() {
    local binaries name library
    binaries=$(dirname "$(command -v initdb || find /usr/lib/postgresql -path '*/bin/initdb' 2>/dev/null | sort -V | tail -n 1)")
    if [ ! -x "$binaries/initdb" ]; then fail ScriptFailed 'The image of the backup tools has no PostgreSQL server for the test restore. Use pgvector/pgvector of the server'"'"'s major version.'; fi
    # initdb wants a name for the user it runs as; the user of a pod has none.
    if ! getent passwd "$(id -u)" > /dev/null; then
        name=postgres
        library=$(find /usr/lib -name libnss_wrapper.so 2>/dev/null | sort | tail -n 1)
        printf '%s:x:%s:%s:PostgreSQL:%s:/bin/false\n' "$name" "$(id -u)" "$(id -g)" "$work" > passwd
        printf '%s:x:%s:\n' "$name" "$(id -g)" > group
        export NSS_WRAPPER_PASSWD=$work/passwd NSS_WRAPPER_GROUP=$work/group LD_PRELOAD=$library
    fi
    mkdir -m 700 s
    "$binaries/initdb" --pgdata="$work/d" --username=postgres --auth=trust --encoding=UTF8 --locale=C.UTF-8 --no-sync > /dev/null 2> initdb.err || test_failure initdb.err
    setsid "$binaries/postgres" -D "$work/d" -k "$work/s" -p 5432 -c listen_addresses= -c unix_socket_permissions=0700 -c fsync=off -c full_page_writes=off -c synchronous_commit=off \
        -c wal_level=minimal -c max_wal_senders=0 -c autovacuum=off -c shared_buffers=64MB -c max_wal_size=2GB -c max_connections=10 -c max_locks_per_transaction=4096 -c dynamic_shared_memory_type=mmap -c logging_collector=off > server.log 2>&1 &
    server_pid=$!
    local tries=0
    until pg_isready --quiet --host="$work/s" --port=5432; do
        if ! kill -0 "$server_pid" 2>/dev/null || [ $((tries += 1)) -gt 600 ]; then test_failure server.log; fi
        sleep 0.1
    done
}

server_pid=''

stop_server() {
    [ -n "$server_pid" ] || return 0
    kill -QUIT "$server_pid" 2>/dev/null
    wait "$server_pid" 2>/dev/null
    server_pid=
    rm -rf "$work/d"
}

test_failure() { # FILE
    if is_full "$scratch" || grep -q 'No space left on device' "$1" server.log 2>/dev/null; then
        fail DiskFull 'The scratch space of the Job is full: a test restore needs as much room as the database has. Give the node more ephemeral storage.'
    fi
    if grep -q 'unsupported version' "$1"; then database_failure "$1" VersionTooNew 'The dump is of another version.'; fi
    log_errors "$1"
    fail RestoreFailed "The dump of the set $FA_SET could not be restored into a PostgreSQL made for it."
}

# In one transaction a server of this wal_level writes no log of the rows; for the locks of many tables and large objects it has room.
restore_pipe() { # PATH SUM
    # PGPASSWORD and the like are of another server.
    (cd / && feed "$1" "$work/$2") | env -u PGPASSWORD -u PGSSLMODE -u PGSSLROOTCERT PGPORT=5432 PGUSER=postgres PGHOST="$work/s" pg_restore --dbname=restored --no-owner --no-acl --no-publications \
        --no-subscriptions --no-security-labels --no-tablespaces --single-transaction --no-password > /dev/null 2> restore.err
    printf '%s %s\n' "${PIPESTATUS[@]}" > statuses
}

local_query() { # DATABASE
    env -u PGPASSWORD -u PGSSLMODE -u PGSSLROOTCERT PGPORT=5432 PGUSER=postgres PGHOST="$work/s" PGDATABASE="$1" psql --no-psqlrc --no-password --quiet --no-align --tuples-only --set ON_ERROR_STOP=1 2> local.err
}

# Restores the dump into a throw-away server and compares the rows; leaves what a result says of it in $verified.
test_restore() { # FOLDER
    local path started seconds feed_status restore_status different rows tables
    path=$(part_path "$1" Database)
    start_server
    local_query postgres <<< 'CREATE DATABASE restored TEMPLATE template0;' || test_failure local.err
    started=$SECONDS
    run restore_pipe "$path" test.sum
    seconds=$((SECONDS - started))
    read -r feed_status restore_status < statuses
    [ "$feed_status" = 0 ] || rm -f test.sum
    check_sum Database test.sum
    [ "$restore_status" = 0 ] || test_failure restore.err
    read -r different rows tables _ < <(local_query restored <<< "$set_expected
$compare_rows") || test_failure local.err
    if [ "$different" != 0 ]; then
        fail RowsDiffer "After a test restore $different tables of the set $FA_SET do not have the rows that were counted when it was made. Do not use it; make another one, and report this."
    fi
    stop_server
    verified="\"verified\":{\"rows\":$rows,\"tables\":$tables,\"restoreSeconds\":$seconds}"
}
