# shellcheck shell=bash
# Gives the database that was set aside its name back. Can be repeated after every interruption.

put_back() { succeed "\"putBack\":\"$1\""; }

look
if [ "$is_old" = t ]; then
    session_open "$old_database" || session_failure DatabaseUnreachable 'The database could not be opened.'
    if [ "$in_use" = t ]; then
        # A third one under this name is what a run has left that came too late.
        if [ "$is_new" = t ] && ! drop_unused "$new_database"; then fail Busy 'Another run of the same restore has not ended. See whether its pod is still there, and try again.'; fi
        rename "$PGDATABASE" "$new_database" || session_failure NotPermitted 'The database could not be renamed.'
    fi
    session_open "$new_database" || session_failure DatabaseUnreachable 'The database could not be opened.'
    rename "$old_database" "$PGDATABASE" || session_failure NotPermitted 'The database could not be renamed.'
    session_open "$PGDATABASE" || session_failure DatabaseUnreachable 'The database could not be opened.'
    drop_unused "$new_database" || true
    put_back PutBack
fi
session_open "$PGDATABASE" || session_failure DatabaseUnreachable 'The database could not be opened.'
[ "$is_new" != t ] || drop_unused "$new_database" || fail Busy 'Another run of the same restore has not ended. See whether its pod is still there, and try again.'
session "SELECT pg_catalog.count(*) FROM pg_catalog.pg_class WHERE relname LIKE 'family\\_assistant\\_restored\\_$FA_UID8\\_%' AND relnamespace = 'public'::pg_catalog.regnamespace;" || session_failure RestoreFailed 'The catalogue of the database cannot be read.'
if [ "$answer" = 0 ]; then put_back Untouched; fi
if [ "${FA_WAS_EMPTY:-false}" = true ]; then
    session "$drop_own" || session_failure NotPermitted 'The objects of the database could not be dropped.'
    put_back PutBack
fi
put_back NeedsSet
