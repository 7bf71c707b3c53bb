# shellcheck shell=bash
# Makes a set beside its final name, renames it, and proves it. A set that is there already is proven and reported: a Job that runs twice makes one set.

require FA_INCLUDE '^[A-Z][a-z]+( [A-Z][a-z]+)*$'
require HOSTNAME '^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$'
if [[ " $FA_INCLUDE " == *' Database '* ]] && ! has_database; then fail InputInvalid 'The variable PGHOST is missing. This is a fault of the operator: report it.'; fi
readonly partial=$home/.partial-$FA_SET-$HOSTNAME

tidy() {
    stop_server
    gpg_end
    rm -rf -- "$partial"
}

report() {
    FA_PARTS='' prove "$set_folder"
    succeed "\"manifest\":$(cat manifest.compact)${verified:+,$verified}"
}

if [ -e "$set_folder" ]; then report; fi

if ! mkdir -p -- "$home" 2> mkdir.err || ! [ -w "$home" ]; then
    if is_full "$set_root" || grep -q 'No space left' mkdir.err; then writing_failure 28; else writing_failure 29; fi
fi
# What a pod that was lost has left. A run may still be alive, also that of a backup whose object is gone: it holds a lock on its folder. To empty a folder that is
# being renamed would leave half a set under its name.
for left in "$home"/.partial-* "$home"/.deleted-*; do
    case $left in
        *'/.partial-*' | *'/.deleted-*') ;;
        *'/.partial-'*) if flock --nonblock "$left" true 2>/dev/null; then rm -rf -- "$left"; fi ;;
        *) rm -rf -- "$left" ;;
    esac
done
mkdir -- "$partial" 2> mkdir.err || { if is_full "$home" || grep -q 'No space left' mkdir.err; then writing_failure 28; else writing_failure 29; fi; }
exec {lock}< "$partial"
flock --nonblock "$lock" 2>/dev/null || true

: > made
for part in $FA_INCLUDE; do file_of "$part" > /dev/null; done
# In this order: the files after the database, so that no row is without its file; the cheap ones last.
for part in Database Files Configuration Secrets; do
    case " $FA_INCLUDE " in *" $part "*) ;; *) continue ;; esac
    case $part in
        Database) make_database ;;
        Files) make_files ;;
        Configuration) make_configuration ;;
        Secrets) make_secrets ;;
    esac
done
write_manifest
sync -- "$partial" "$partial"/* 2> sync.err || writing_failure 29
# Never onto another one: rename(2) refuses a folder that is not empty.
if perl -e 'exit(rename($ARGV[0], $ARGV[1]) ? 0 : 1)' "$partial" "$set_folder"; then
    sync -- "$home" 2> sync.err || true
elif [ ! -e "$set_folder" ]; then
    writing_failure 29
fi
report
