# shellcheck shell=bash
# Puts the database of a set in the place of the one that is there, whole or not at all. Can be repeated after every interruption, and run twice at once.

require FA_MODE '^(Auto|Transaction)?$'
if ! has_database; then fail InputInvalid 'The variable PGHOST is missing. This is a fault of the operator: report it.'; fi
rows=0 tables=0

done_by() { succeed "\"mode\":\"$1\",\"rows\":$rows,\"tables\":$tables"; }

count_again() {
    local compared
    compared=$(query "$PGDATABASE" <<< "$set_expected
$compare_rows") || database_failure sql.err RestoreFailed 'The restored rows could not be counted.'
    read -r _ rows tables _ <<< "$compared"
}

FA_PARTS=Database
read_manifest "$set_folder"
chosen_parts > /dev/null
dump=$(part_path "$set_folder" Database)

if [ "${FA_MODE:-Auto}" = Auto ]; then
    look
    if [ "$is_old" = t ]; then
        # A run before this one had restored and compared everything.
        [ "$in_use" = t ] || finish_swap
        count_again
        done_by Swap
    fi
    if [ "${FA_REPLACE_DATA:-false}" != true ]; then
        session_open "$PGDATABASE" || session_failure DatabaseUnreachable 'The database could not be opened.'
        if ! has_mark; then
            session "$has_data" || session_failure NotPermitted 'The database cannot be examined.'
            [ "$answer" != t ] || refuse_data
        fi
        session_close
    fi
    code=0
    swap_in "$dump" || code=$?
    case $code in
        0) done_by Swap ;;
        2)
            look
            [ "$in_use" = t ] || finish_swap
            count_again
            done_by Swap
            ;;
    esac
fi
replace_in_transaction "$dump"
done_by Transaction
