# shellcheck shell=bash
# Counts the rows of the database of a running instance and sets them beside those of a set. What migrations changed differs too: whoever reads the result judges.

if ! has_database; then fail InputInvalid 'The variable PGHOST is missing. This is a fault of the operator: report it.'; fi
read_manifest "$set_folder"
compared=$(query "$PGDATABASE" <<< "$set_expected
$compare_rows") || database_failure sql.err NotPermitted 'The rows of the database could not be counted.'
read -r _ rows tables comparison <<< "$compared"
succeed "\"rows\":$rows,\"tables\":$tables,\"comparison\":$comparison"
