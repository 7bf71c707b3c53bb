# shellcheck shell=bash
# A restore into a new database that then takes the name of the old one. Whoever holds the lock in the new database is the one who works on it, and holds it in the
# session that also does the renaming: a run whose session has ended cannot rename any more.

# Status 1: this role or server cannot do it so.
readonly lock_new='SELECT pg_try_advisory_lock(1178682703, 4);'

# What the database in use has of its own: settings and rights are not in a dump. Runs in the database in use; :"new" is the new one.
# shellcheck disable=SC2016
readonly copy_settings='DO $fa$
DECLARE
    d pg_catalog.pg_database;
    new text := pg_catalog.current_setting($$fa.new$$);
    r record;
BEGIN
    SELECT * INTO d FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database();
    EXECUTE pg_catalog.format($$ALTER DATABASE %I CONNECTION LIMIT %s$$, new, d.datconnlimit);
    FOR r IN SELECT pg_catalog.split_part(s, $$=$$, 1) AS name, pg_catalog.substr(s, pg_catalog.strpos(s, $$=$$) + 1) AS value, rolname
        FROM pg_catalog.pg_db_role_setting LEFT JOIN pg_catalog.pg_roles a ON a.oid = setrole, pg_catalog.unnest(setconfig) AS s WHERE setdatabase = d.oid
    LOOP
        -- Lists are stored as they are written, with their quotes.
        EXECUTE pg_catalog.format($$ALTER %s SET %s TO %s$$,
            CASE WHEN r.rolname IS NULL THEN pg_catalog.format($$DATABASE %I$$, new) ELSE pg_catalog.format($$ROLE %I IN DATABASE %I$$, r.rolname, new) END,
            r.name, CASE WHEN r.name IN ($$search_path$$, $$temp_tablespaces$$, $$local_preload_libraries$$, $$session_preload_libraries$$) THEN r.value ELSE pg_catalog.quote_literal(r.value) END);
    END LOOP;
    IF d.datacl IS NOT NULL THEN
        EXECUTE pg_catalog.format($$REVOKE ALL ON DATABASE %I FROM PUBLIC$$, new);
        FOR r IN SELECT privilege_type, is_grantable, CASE WHEN grantee = 0 THEN $$PUBLIC$$ ELSE pg_catalog.quote_ident(pg_catalog.pg_get_userbyid(grantee)) END AS who FROM pg_catalog.aclexplode(d.datacl) WHERE grantee <> d.datdba
        LOOP
            EXECUTE pg_catalog.format($$GRANT %s ON DATABASE %I TO %s%s$$, r.privilege_type, new, r.who, CASE WHEN r.is_grantable THEN $$ WITH GRANT OPTION$$ ELSE $$$$ END);
        END LOOP;
    END IF;
END
$fa$;'

# The statement that makes the new database like the one in use, as text.
# shellcheck disable=SC2016
readonly create_statement='SELECT pg_catalog.format($$CREATE DATABASE %I TEMPLATE template0 ENCODING %L LC_COLLATE %L LC_CTYPE %L%s$$, pg_catalog.current_setting($$fa.new$$), pg_catalog.pg_encoding_to_char(encoding),
    coalesce(datcollate, $$C$$), coalesce(datctype, $$C$$),
    CASE to_jsonb(d)->>$$datlocprovider$$ WHEN $$i$$ THEN pg_catalog.format($$ LOCALE_PROVIDER icu ICU_LOCALE %L$$, coalesce(to_jsonb(d)->>$$datlocale$$, to_jsonb(d)->>$$daticulocale$$))
        WHEN $$b$$ THEN pg_catalog.format($$ LOCALE_PROVIDER builtin BUILTIN_LOCALE %L$$, to_jsonb(d)->>$$datlocale$$) ELSE $$$$ END)
FROM pg_catalog.pg_database d WHERE datname = pg_catalog.current_database();'

# Whether the role may do it: create a database, and rename this one, which takes its owner.
# shellcheck disable=SC2016
readonly may_swap='SELECT (r.rolsuper OR (r.rolcreatedb AND pg_catalog.pg_has_role(d.datdba, $$USAGE$$))) AND NOT d.datistemplate AND d.datname NOT IN ($$postgres$$, $$template0$$, $$template1$$)
FROM pg_catalog.pg_roles r, pg_catalog.pg_database d WHERE r.rolname = current_user AND d.datname = pg_catalog.current_database();'

extensions_of_dump() { # FILE
    pg_restore --list "$1" 2> list.err | sed -n 's/^[0-9]*; [0-9]* [0-9]* EXTENSION - \([a-z_][a-z0-9_]*\) *$/\1/p'
}

# Creates the new database, opens a session to it and takes its lock. Status 1: not possible here. Waits for another run that works on it, which may end all there is to do.
begin_new() { # DUMP
    local until=$((SECONDS + wait_seconds)) extension create
    while :; do
        session_open "$PGDATABASE" || session_failure DatabaseUnreachable 'The database could not be opened.'
        session "$may_swap" || session_failure RestoreFailed 'The catalogue of the database cannot be read.'
        [ "$answer" = t ] || return 1
        session "SELECT set_config('fa.new', '$new_database', false) \\g /dev/null
$create_statement" || session_failure RestoreFailed 'The catalogue of the database cannot be read.'
        create=$answer
        if ! session "$create;"; then
            case $state in
                42P04 | 23505) ;;
                42501 | 55006 | 0A000 | 22023) return 1 ;;
                *) session_failure RestoreFailed 'The new database could not be created.' ;;
            esac
        fi
        if session_open "$new_database" && session "$lock_new" && [ "$answer" = t ]; then
            # Now nobody else works on it. Another run may have come to the end meanwhile.
            session "SELECT $(exists "$old_database");" || session_failure RestoreFailed 'The catalogue of the database cannot be read.'
            if [ "$answer" = t ]; then
                session_close
                return 2
            fi
            # What an interrupted run has left is not continued.
            session "SELECT count(*) = 0 FROM $user_tables;" || session_failure RestoreFailed 'The catalogue of the database cannot be read.'
            if [ "$answer" = t ] && session "SELECT (SELECT count(*) FROM pg_largeobject_metadata) + (SELECT count(*) FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname NOT IN ('public', 'information_schema')) + (SELECT count(*) FROM pg_extension WHERE extname <> 'plpgsql') = 0;" && [ "$answer" = t ]; then break; fi
            session_open "$PGDATABASE" || session_failure DatabaseUnreachable 'The database could not be opened.'
            if drop_unused "$new_database"; then continue; fi
        fi
        session_close
        if [ "$SECONDS" -ge "$until" ]; then
            fail Busy 'Another run of the same restore has not ended. See whether its pod is still there, and try again.'
        fi
        sleep 1
        look
        if [ "$is_old" = t ]; then return 2; fi
    done
    for extension in $(extensions_of_dump "$1"); do
        # Only tried: the dump says in which schema.
        session 'BEGIN;' || true
        if ! session "CREATE EXTENSION IF NOT EXISTS $extension WITH SCHEMA public;"; then
            [ "$state" != lost ] || session_failure DatabaseUnreachable 'The connection to the database was lost.'
            # Not ours to create: where it is there already, one transaction does.
            drop_new
            return 1
        fi
        session 'ROLLBACK;' || true
    done
}

drop_new() {
    session_open "$PGDATABASE" || session_failure DatabaseUnreachable 'The database could not be opened.'
    session "DROP DATABASE IF EXISTS $new_database;" || true
    session_close
}

swap_pipe() { # DUMP
    feed "$1" restored.sum | pg_restore --dbname="$new_database" --no-owner --no-acl --no-publications --no-subscriptions --no-security-labels --no-tablespaces \
        --exit-on-error --no-password > /dev/null 2> restore.err
    printf '%s %s\n' "${PIPESTATUS[@]}" > statuses
}

# Status 1 or 2 as begin_new. After it the new database has the name, and rows and tables are counted.
swap_in() { # DUMP
    local code=0 feed_status restore_status different
    begin_new "$1" || code=$?
    [ "$code" = 0 ] || return "$code"
    run swap_pipe "$1"
    read -r feed_status restore_status < statuses
    [ "$feed_status" = 0 ] || rm -f restored.sum
    if [ "$feed_status" != 0 ] || ! grep -qxF "Database $(cat restored.sum)" parts; then
        drop_new
        check_sum Database restored.sum
    fi
    if [ "$restore_status" != 0 ]; then
        # The server may be gone: then the new database stays for the next run to drop.
        if session 'SELECT 1;'; then drop_new; fi
        database_failure restore.err RestoreFailed "The server refused something in the dump of the set $FA_SET. The database in use is as it was."
    fi
    session "$set_expected
$compare_rows" || session_failure RestoreFailed 'The restored rows could not be counted.'
    read -r different rows tables _ <<< "$answer"
    if [ "$different" != 0 ]; then
        drop_new
        fail RowsDiffer "$different restored tables do not have the rows that the set $FA_SET says. The database in use is as it was."
    fi
    # The settings are read in the database in use and given to the new one.
    query "$PGDATABASE" <<< "SELECT set_config('fa.new', '$new_database', false) \\g /dev/null
$copy_settings" || { if grep -qE 'permission denied|must be' sql.err; then drop_new; return 1; else database_failure sql.err RestoreFailed 'The settings of the database could not be copied.'; fi; }
    rename "$PGDATABASE" "$old_database" || session_failure NotPermitted 'The database could not be renamed.'
    finish_swap
}

# The second renaming: what is left when only the new one and the one set aside exist.
finish_swap() {
    session_open "$old_database" || session_failure DatabaseUnreachable 'The database could not be opened.'
    if ! rename "$new_database" "$PGDATABASE"; then
        # Another run was faster, or it was done before the connection was lost.
        cp session.err rename.err
        look
        [ "$in_use" = t ] || database_failure rename.err NotPermitted 'The database could not be renamed.'
    fi
    session_close
}
