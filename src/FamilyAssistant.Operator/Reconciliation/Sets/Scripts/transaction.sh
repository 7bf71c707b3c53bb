# shellcheck shell=bash
# A restore in one transaction, for roles that may not create databases or extensions: all or nothing, and no copy is kept.

# The comment of an extension is not the role's to write where somebody else created it, and its text is the extension's own.
restorable_list() { # DUMP
    pg_restore --list "$1" 2> list.err | grep -v '^[0-9]*; [0-9]* [0-9]* COMMENT - EXTENSION ' > entries || { [ -s entries ] || fail DumpCorrupt "The dump of the set $FA_SET has no table of contents. Choose another set."; }
}

sql_pipe() { # DUMP, standard output to psql
    feed "$1" restored.sum | pg_restore --file=- --use-list=entries --no-owner --no-acl --no-publications --no-subscriptions --no-security-labels --no-tablespaces 2> restore.err >&5
    printf '%s %s\n' "${PIPESTATUS[@]}" > statuses
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

replace_in_transaction() { # DUMP
    local feed_status sql_status different
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
    # The dump answers with rows of its own, which nobody reads while it is written.
    must RestoreFailed 'The transaction could not be prepared.' '\o /dev/null'
    run sql_pipe "$1" 5>&"$session_in"
    read -r feed_status sql_status < statuses
    [ "$feed_status" = 0 ] || rm -f restored.sum
    check_sum Database restored.sum
    if [ "$sql_status" != 0 ] && ! has_errors session.err; then
        fail DumpCorrupt "The dump of the set $FA_SET cannot be read to its end. The database is as it was."
    fi
    must RestoreFailed "The server refused something in the dump of the set $FA_SET; the log of the pod says which object. The database is as it was." "\\o
$session_settings
$set_expected
$compare_rows"
    read -r different rows tables _ <<< "$answer"
    if [ "$different" != 0 ]; then
        fail RowsDiffer "$different restored tables do not have the rows that the set $FA_SET says. The database is as it was."
    fi
    must RestoreFailed 'The transaction could not be ended. The database is as it was.' "CREATE TABLE public.$mark ();
COMMIT;"
    session_close
}
