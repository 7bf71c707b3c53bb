# shellcheck shell=bash
# Names and states of a database that is replaced. Which of three databases exist says how far a restore is, whenever it was interrupted:
# the one in use, the new one ("_restore_") and the one set aside ("_before_").

require FA_UID8 '^[0-9a-f]{8}$'
# PostgreSQL cuts a name at 63 bytes.
readonly new_database=${PGDATABASE:0:46}_restore_$FA_UID8 old_database=${PGDATABASE:0:46}_before_$FA_UID8
# A table that a restore in one transaction leaves: it says that the transaction has been committed.
# shellcheck disable=SC2034
readonly mark=family_assistant_restored_${FA_UID8}_${FA_SET##*-}

# Which databases exist, in $in_use, $is_new and $is_old (t or f). Asked of the first one that can be opened.
look() {
    local database
    for database in "$PGDATABASE" "$old_database" "$new_database"; do
        if session_open "$database" && session "SELECT concat_ws(' ', $(exists "$PGDATABASE"), $(exists "$new_database"), $(exists "$old_database"));"; then
            read -r in_use is_new is_old <<< "$answer"
            session_close
            return 0
        fi
        session_close
        grep -q 'FATAL:  database ".*" does not exist' session.err || session_failure DatabaseUnreachable 'The database could not be opened.'
    done
    session_failure DatabaseMissing 'The server does not have the database.'
}

exists() { printf "(SELECT pg_catalog.count(*) FROM pg_catalog.pg_database WHERE datname = '%s') = 1" "$1"; }

# Renames a database as soon as nobody is connected to it. Sessions of our own role (of an application that has been stopped, a look at the database) are ended; those of
# another run of this step, which leave by themselves, only after a while. Runs in the session that is open, which is one to another database.
rename() { # FROM TO
    local until=$((SECONDS + wait_seconds)) patience=$((SECONDS + 90)) others
    while :; do
        if session "ALTER DATABASE $1 RENAME TO $2;"; then return 0; fi
        # object_in_use; all else is final.
        [ "$state" = 55006 ] || return 1
        if [ "$SECONDS" -ge "$until" ]; then
            fail DatabaseInUse 'Somebody is connected to the database, so it cannot be renamed. End those sessions (pg_stat_activity names them) and try again.'
        fi
        others="AND application_name <> '$PGAPPNAME'"
        [ "$SECONDS" -lt "$patience" ] || others=
        session "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '$1' AND usename = current_user AND pid <> pg_backend_pid() $others \\g /dev/null" || true
        sleep 0.2
    done
}

# Drops a database that nobody is connected to; status 1 when somebody is.
drop_unused() { # DATABASE, in an open session to another one
    if session "DROP DATABASE IF EXISTS $1;"; then return 0; fi
    [ "$state" = 55006 ] || session_failure NotPermitted 'A database of an interrupted restore cannot be dropped.'
    return 1
}

# Everything in the database that belongs to the role, except extensions and what they need. Extension members are not the role's to drop.
# shellcheck disable=SC2016,SC2034
readonly drop_own='DO $fa$
DECLARE
    o record;
    i record;
BEGIN
    FOR o IN SELECT s.classid, s.objid FROM pg_catalog.pg_shdepend s
        WHERE s.deptype = $$o$$ AND s.refclassid = $$pg_catalog.pg_authid$$::pg_catalog.regclass AND s.refobjid = (SELECT oid FROM pg_catalog.pg_roles WHERE rolname = current_user)
        AND s.dbid = (SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database())
        AND s.classid NOT IN ($$pg_catalog.pg_extension$$::pg_catalog.regclass, $$pg_catalog.pg_publication$$::pg_catalog.regclass, $$pg_catalog.pg_default_acl$$::pg_catalog.regclass)
        AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d WHERE d.classid = s.classid AND d.objid = s.objid AND d.objsubid = 0 AND d.deptype IN ($$e$$, $$i$$))
        AND NOT (s.classid = $$pg_catalog.pg_namespace$$::pg_catalog.regclass AND s.objid IN (SELECT extnamespace FROM pg_catalog.pg_extension UNION ALL SELECT oid FROM pg_catalog.pg_namespace WHERE nspname = $$public$$))
    LOOP
        -- What went away with another one has no identity any more.
        SELECT type, identity INTO i FROM pg_catalog.pg_identify_object(o.classid, o.objid, 0);
        IF i.identity IS NULL OR i.identity = $$$$ THEN
            CONTINUE;
        ELSIF i.type = $$large object$$ THEN
            PERFORM pg_catalog.lo_unlink(o.objid);
        ELSE
            EXECUTE pg_catalog.format($$DROP %s IF EXISTS %s CASCADE$$, CASE i.type WHEN $$statistics object$$ THEN $$STATISTICS$$ ELSE i.type END, i.identity);
        END IF;
    END LOOP;
END
$fa$;'
