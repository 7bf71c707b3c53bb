# shellcheck shell=bash
# Whether a set can be restored here. Changes nothing.

tidy() { gpg_end; }

# Without a database nobody has said of which version the tools have to be. The checksum agrees, and the dump is read to its end once the database is examined too.
other_version() { if has_database; then database_failure prove.err VersionTooNew 'The dump is of another version.'; fi; }

target=''
prove "$set_folder"
case " $(chosen_parts) " in
    *' Database '*)
        if has_database; then
            found=$(query "$PGDATABASE" <<< "SELECT concat_ws(' ', current_setting('server_version_num')::int / 10000, split_part(current_setting('server_version'), ' ', 1));
$has_data") || database_failure sql.err NotPermitted 'The database cannot be examined.'
            { read -r server server_version; read -r data; } <<< "$found"
            if [ "$server" -lt "$dump_major" ]; then
                fail VersionTooNew "The set $FA_SET was made from PostgreSQL $dump_major and the server is PostgreSQL $server_version. Restore it into a server of that version or newer."
            fi
            if [ "$data" = t ] && [ "${FA_REPLACE_DATA:-false}" != true ]; then refuse_data; fi
            if [ "$data" = t ]; then data=true; else data=false; fi
            target="\"target\":{\"serverVersion\":$(json_string "$server_version"),\"hasData\":$data}"
        fi
        ;;
esac
succeed "\"manifest\":$(cat manifest.compact)${target:+,$target}"
