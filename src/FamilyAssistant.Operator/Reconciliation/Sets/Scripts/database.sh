# shellcheck shell=bash
# Connections. A name is never given to -d before it is known to be a plain one: libpq takes other texts for connection strings and sends the password elsewhere.

has_database() { [ -n "${PGHOST:-}" ]; }

if has_database; then
    require PGDATABASE '^[a-z_][a-z0-9_]{0,62}$'
    require PGUSER '.'
fi

# Says what a client program's error output means. The default reason and message are for what nothing else explains.
database_failure() { # FILE REASON MESSAGE
    log_errors "$1"
    local where="${PGHOST:-} "
    where=${where//[![:alnum:].: -]/}
    if grep -qE 'password authentication failed|no password supplied|no pg_hba.conf entry|authentication failed|role ".*" does not exist|not permitted to log in' "$1"; then
        fail AuthenticationFailed "The server ${where}refuses the role or its password. Correct the Secret of the database."
    elif grep -qE 'FATAL:  database ".*" does not exist' "$1"; then
        fail DatabaseMissing 'The server does not have the database. Create it, or correct its name in spec.database.'
    elif grep -q 'server version mismatch' "$1"; then
        fail ClientTooOld "The server is newer than the programs of the Job's image. Set the image of the backup tools to the server's major version."
    elif grep -qE 'unsupported version .* in file header' "$1"; then
        fail VersionTooNew "The dump was made by a newer PostgreSQL than the programs of the Job's image. Restore it on a server of that version."
    elif grep -qE 'No space left on device|could not extend file|Disk quota exceeded' "$1"; then
        fail DiskFull 'The disk of the database server is full. Make room there; a restore needs the old and the new data side by side.'
    elif grep -qE 'is being accessed by other users' "$1"; then
        fail DatabaseInUse 'Somebody is connected to the database. End those sessions and try again.'
    elif grep -qE 'could not connect|Connection refused|could not translate host name|timeout expired|server closed the connection|connection to server .* failed|terminating connection|the database system is|no connection to the server|could not receive data|could not send data|SSL error|SSL SYSCALL|connection to server was lost' "$1"; then
        fail DatabaseUnreachable "The database server ${where}does not answer, or went away during the work. See that it runs and can be reached from the namespace."
    elif grep -qE 'permission denied|must be owner|must be superuser|must be able to' "$1"; then
        fail NotPermitted "$3 The role lacks a right that it needs for that: grant it."
    fi
    fail "$2" "$3"
}

client() { psql --no-psqlrc --no-password --quiet --no-align --tuples-only "$@"; }

# For our own sessions only: what the database's owner set for a role or database (search_path, timeouts) has no say in them. What is told to be done has to be on the disk of
# the server; for standbys nobody waits who did not before.
readonly session_settings="SET search_path = pg_catalog, pg_temp; SET row_security = off; SET client_min_messages = error; SET tcp_keepalives_idle = 30; SET tcp_keepalives_interval = 10; SET tcp_keepalives_count = 3;
SELECT set_config('synchronous_commit', 'local', false) WHERE current_setting('synchronous_commit') = 'off' \\g /dev/null
SELECT set_config(name, '0', false) FROM pg_catalog.pg_settings WHERE name IN ('statement_timeout', 'lock_timeout', 'idle_in_transaction_session_timeout', 'idle_session_timeout', 'transaction_timeout') \\g /dev/null"

# One connection, the statements on standard input, the rows on standard output. The status is psql's; errors are in sql.err.
query() { # DATABASE
    { printf '%s\n' "$session_settings"; cat; } | PGDATABASE=$1 client --set ON_ERROR_STOP=1 2> sql.err
}

session_pid='' answer='' state=''

# A connection that stays open. Its psql runs in the work folder.
session_open() { # DATABASE
    session_close
    rm -f session.in session.out
    mkfifo session.in session.out
    # Not a function: the process to end is psql itself.
    PGDATABASE=$1 exec psql --no-psqlrc --no-password --quiet --no-align --tuples-only < session.in > session.out 2> session.err &
    session_pid=$!
    exec {session_in}> session.in {session_out}< session.out
    session "$session_settings"
}

# Gives psql a text without waiting for the answer.
session_send() { # SQL
    trap '' PIPE
    printf '%s\n' "$1" 2>/dev/null 1>&"$session_in" || true
    trap - PIPE
}

# Gives psql a text; its rows are in $answer, the code of the last error in $state ("00000": none). Status 1 after an error, 2 when the connection is lost.
session() { # SQL
    session_send "$1
\\echo fa-end :SQLSTATE"
    session_wait
}

session_wait() {
    local line
    answer='' state=lost
    while IFS= read -r line <&"$session_out"; do
        case $line in
            'fa-end '*)
                state=${line#fa-end }
                if [ "$state" = 00000 ]; then return 0; else return 1; fi
                ;;
            *) answer+=${answer:+$'\n'}$line ;;
        esac
    done
    return 2
}

session_close() {
    [ -n "$session_pid" ] || return 0
    exec {session_in}>&- {session_out}<&-
    # At the end of its input psql leaves; in the middle of a statement it has to be told.
    kill -TERM "$session_pid" 2>/dev/null || true
    wait "$session_pid" 2>/dev/null || true
    session_pid=
}

# Whether a program complained in earnest: a server may warn.
has_errors() { grep -qE '(ERROR|FATAL|PANIC): |psql: error: |connection to server was lost|server closed the connection' "$1"; } # FILE

session_failure() { database_failure session.err "$1" "$2"; }

# The tables that are counted: everybody's but the system's and those of extensions; of a partitioned table its leaves. A restore's own mark is none.
readonly user_tables="pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind = 'r' AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' AND c.relname !~ '^family_assistant_restored_[0-9a-f]{8}_[0-9a-f]{8}\$'
AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d WHERE d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.objid = c.oid AND d.deptype = 'e')"

# One line of JSON per table. As statements of their own, so that no text grows with the number of tables.
readonly count_rows="SELECT pg_catalog.format('SELECT pg_catalog.json_build_object(''schema'', %L::text, ''table'', %L::text, ''rows'', pg_catalog.count(*)) FROM ONLY %I.%I', n.nspname, c.relname, n.nspname, c.relname)
FROM $user_tables ORDER BY n.nspname, c.relname \\gexec"

# Compares the database with rows.json, which the psql variable "expected" holds, and prints one line: "DIFFERENT ROWS TABLES COMPARISON". plpgsql, because the names of tables vary.
# shellcheck disable=SC2016,SC2034
readonly compare_rows='SELECT pg_catalog.set_config($$fa.expected$$, :'\''expected'\'', false) \g /dev/null
DO $fa$
DECLARE
    t record;
    n bigint;
    actual jsonb := $$[]$$;
BEGIN
    FOR t IN SELECT n.nspname, c.relname FROM '"$user_tables"' LOOP
        EXECUTE pg_catalog.format($$SELECT pg_catalog.count(*) FROM ONLY %I.%I$$, t.nspname, t.relname) INTO n;
        actual := actual || pg_catalog.jsonb_build_array(pg_catalog.jsonb_build_object($$s$$, t.nspname, $$t$$, t.relname, $$n$$, n));
    END LOOP;
    PERFORM pg_catalog.set_config($$fa.actual$$, actual::text, false);
END
$fa$;
WITH e AS (SELECT "schema" AS s, "table" AS t, rows AS n FROM pg_catalog.jsonb_to_recordset(pg_catalog.current_setting($$fa.expected$$)::jsonb) AS x("schema" text, "table" text, rows bigint)),
a AS (SELECT * FROM pg_catalog.jsonb_to_recordset(pg_catalog.current_setting($$fa.actual$$)::jsonb) AS x(s text, t text, n bigint)),
b AS (SELECT s, t, e.n AS before, a.n AS now, pg_catalog.row_number() OVER (PARTITION BY CASE WHEN a.n IS NULL THEN 1 WHEN a.n = 0 AND e.n > 0 THEN 2 WHEN a.n < e.n THEN 3 END ORDER BY s, t) AS i FROM e FULL JOIN a USING (s, t)),
l AS (SELECT *, pg_catalog."left"(s || $$.$$ || t, 64) AS name FROM b)
SELECT pg_catalog.concat_ws($$ $$, (SELECT pg_catalog.count(*) FROM b WHERE before IS DISTINCT FROM now), (SELECT coalesce(pg_catalog.sum(n), 0) FROM a), (SELECT pg_catalog.count(*) FROM a),
    pg_catalog.jsonb_build_object(
        $$setRows$$, (SELECT coalesce(pg_catalog.sum(n), 0) FROM e), $$setTables$$, (SELECT pg_catalog.count(*) FROM e),
        $$missing$$, (SELECT pg_catalog.jsonb_build_object($$count$$, pg_catalog.count(*), $$first$$, coalesce(pg_catalog.jsonb_agg(name) FILTER (WHERE i <= 5), $$[]$$)) FROM l WHERE now IS NULL),
        $$emptied$$, (SELECT pg_catalog.jsonb_build_object($$count$$, pg_catalog.count(*), $$first$$, coalesce(pg_catalog.jsonb_agg(name) FILTER (WHERE i <= 5), $$[]$$)) FROM l WHERE now = 0 AND before > 0),
        $$fewer$$, (SELECT pg_catalog.jsonb_build_object($$count$$, pg_catalog.count(*), $$first$$, coalesce(pg_catalog.jsonb_agg(name) FILTER (WHERE i <= 5), $$[]$$)) FROM l WHERE now > 0 AND now < before)));'

# psql reads rows.json itself: in an argument it would be too long and seen by everybody.
# shellcheck disable=SC2034,SC2016
readonly set_expected='\set expected `cat rows.json`'

# "t" when a table of a user, other than Alembic's own, has a row. Superuser or owner: everything is visible to them.
# shellcheck disable=SC2034,SC2016
readonly has_data='DO $fa$
DECLARE
    t record;
    found boolean := false;
BEGIN
    FOR t IN SELECT n.nspname, c.relname FROM '"$user_tables"' AND c.relname <> $$alembic_version$$ LOOP
        EXECUTE pg_catalog.format($$SELECT EXISTS (SELECT FROM ONLY %I.%I)$$, t.nspname, t.relname) INTO found;
        EXIT WHEN found;
    END LOOP;
    PERFORM pg_catalog.set_config($$fa.found$$, found::text, false);
END
$fa$;
SELECT pg_catalog.current_setting($$fa.found$$)::boolean;'

refuse_data() { fail DatabaseHasData 'The database has rows and the set was named by its volume. To replace them say spec.replaceData: true, or restore into an empty database.'; }
