# shellcheck shell=bash
# Removes what a restore has set aside, once nobody wants it back: after this the old data is gone. Each half only where its volume or database is given.

if has_database; then
    look
    if [ "$in_use" != t ]; then fail DatabaseMissing 'The database in use is not there, so nothing that was set aside is deleted. Look at the databases of the server by hand.'; fi
    session_open "$PGDATABASE" || session_failure DatabaseUnreachable 'The database could not be opened.'
    for database in "$old_database" "$new_database"; do
        session "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '$database' AND usename = current_user \\g /dev/null" || true
        if ! session "DROP DATABASE IF EXISTS $database;"; then
            sleep 1
            session "DROP DATABASE IF EXISTS $database;" || session_failure NotPermitted 'A database that was set aside cannot be dropped.'
        fi
    done
    session "SELECT format('DROP TABLE public.%I', relname) FROM pg_class WHERE relname ~ '^family_assistant_restored_${FA_UID8}_[0-9a-f]{8}\$' AND relkind = 'r' AND relnamespace = 'public'::regnamespace \\gexec" \
        || session_failure NotPermitted 'The mark of a restore cannot be dropped.'
    session_close
fi
if [ -d "$data_root" ]; then remove "$before.part" "$before" "$restored.part" "$restored" "$after.part" "$after"; fi
succeed ''
