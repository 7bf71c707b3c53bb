# shellcheck shell=bash
# A restore in one transaction, for roles that may not create databases or extensions: all or nothing, and no copy is kept.

# The comment of an extension is not the role's to write where somebody else created it, and its text is the extension's own.
restorable_list() { # DUMP
    pg_restore --list "$1" 2> list.err | grep -v '^[0-9]*; [0-9]* [0-9]* COMMENT - EXTENSION ' > entries || { [ -s entries ] || fail DumpCorrupt "The dump of the set $FA_SET has no table of contents. Choose another set."; }
}

# The dump as SQL, without the COMMIT at its end. Without --single-transaction pg_restore puts large objects into a transaction of their own, whose COMMIT would end ours
# in the middle; with it there is one COMMIT, the last statement. Only the end is looked at: the same word may be somebody's data.
uncommitted() {
    # shellcheck disable=SC2016
    perl -e '
        use strict; use warnings;
        my $tail = "";
        sub pass {
            for (my $at = 0; $at < $_[0];) {
                my $written = syswrite(STDOUT, $tail, $_[0] - $at, $at) or exit 29;
                $at += $written;
            }
            substr($tail, 0, $_[0], "");
        }
        while (my $read = sysread(STDIN, $tail, 262144, length $tail)) { pass(length($tail) - 4096) if length $tail > 4096 }
        my $found = $tail =~ s/(?<![^\n])COMMIT;\n((?:\n|--[^\n]*\n|\\unrestrict [^\n]*\n)*)\z/$1/;
        pass(length $tail);
        exit($found ? 0 : 1)'
}

sql_pipe() { # DUMP, standard output to psql
    feed "$1" restored.sum | pg_restore --file=- --use-list=entries --single-transaction --no-owner --no-acl --no-publications --no-subscriptions --no-security-labels --no-tablespaces 2> restore.err \
        | uncommitted >&5
    printf '%s %s %s\n' "${PIPESTATUS[@]}" > statuses
}

# Whether this restore has been committed before.
has_mark() { session "SELECT pg_catalog.to_regclass('public.$mark') IS NOT NULL;" && [ "$answer" = t ]; }

# A refusal by the server ends psql: nothing can be sent that would commit.
must() { # REASON MESSAGE SQL
    local code=0
    session "$3" || code=$?
    # psql goes on after a refused statement of several; its words remain.
    if [ "$code" != 0 ] || has_errors session.err; then session_failure "$1" "$2"; fi
}

# A row that refers to none, which the server looks at when it commits: with it no COMMIT succeeds, wherever it comes from.
readonly forbid_commit="CREATE TABLE public.$mark (id int PRIMARY KEY, missing int REFERENCES public.$mark DEFERRABLE INITIALLY DEFERRED);
INSERT INTO public.$mark VALUES (1, 2);"

# Ends the transaction. Where the connection is lost in that moment only the server knows how it ended; the lock is free when it has.
commit() {
    local until=$((SECONDS + wait_seconds))
    if session 'COMMIT;'; then return 0; fi
    cp session.err commit.err
    while [ "$SECONDS" -lt "$until" ]; do
        if session_open "$PGDATABASE" && session 'SELECT pg_advisory_lock(1178682703, 4) \g /dev/null'; then
            if has_mark; then return 0; fi
            [ "$state" != 00000 ] || database_failure commit.err RestoreFailed 'The transaction could not be ended. The database is as it was.'
        fi
        sleep 1
    done
    # Not known, so no result: another run finds the mark, or does the work.
    stopped=1
    exit 143
}

replace_in_transaction() { # DUMP
    local feed_status sql_status filter_status different
    restorable_list "$1"
    session_open "$PGDATABASE" || session_failure DatabaseUnreachable 'The database could not be opened.'
    must RestoreFailed 'The transaction could not be begun.' '\set ON_ERROR_STOP on
BEGIN;'
    # One at a time: the next one finds the mark of the one before.
    must RestoreFailed 'The transaction could not be begun.' 'SELECT pg_advisory_xact_lock(1178682703, 4) \g /dev/null'
    if has_mark; then
        must RestoreFailed 'The restored rows could not be counted.' "$set_expected
$compare_rows"
        read -r _ rows tables _ <<< "$answer"
        return 0
    fi
    if [ "${FA_REPLACE_DATA:-false}" != true ]; then
        must NotPermitted 'The database cannot be examined.' "$has_data"
        [ "$answer" != t ] || refuse_data
    fi
    must NotPermitted 'The objects of the database could not be dropped.' "$drop_own"
    must RestoreFailed 'The transaction could not be prepared.' "$forbid_commit"
    # The dump answers with rows of its own, which nobody reads while it is written.
    must RestoreFailed 'The transaction could not be prepared.' '\o /dev/null'
    run sql_pipe "$1" 5>&"$session_in"
    read -r feed_status sql_status filter_status < statuses
    [ "$feed_status" = 0 ] || rm -f restored.sum
    check_sum Database restored.sum
    if [ "$sql_status $filter_status" != '0 0' ] && ! has_errors session.err; then
        fail DumpCorrupt "The dump of the set $FA_SET cannot be read to its end. The database is as it was."
    fi
    must RestoreFailed "The server refused something in the dump of the set $FA_SET. The database is as it was." "\\o
$session_settings
$set_expected
$compare_rows"
    read -r different rows tables _ <<< "$answer"
    if [ "$different" != 0 ]; then
        fail RowsDiffer "$different restored tables do not have the rows that the set $FA_SET says. The database is as it was."
    fi
    must RestoreFailed 'The transaction could not be ended. The database is as it was.' "DELETE FROM public.$mark;"
    commit
    session_close
}
