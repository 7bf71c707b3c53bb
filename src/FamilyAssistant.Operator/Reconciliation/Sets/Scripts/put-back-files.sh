# shellcheck shell=bash
# Puts back the files that a restore has set aside. Can be repeated after every interruption.

exec {lock}< "$data_root"
if ! flock --wait "$wait_seconds" "$lock" 2> lock.err && [ ! -s lock.err ]; then fail Busy 'Another run of the same restore has not ended. See whether its pod is still there, and try again.'; fi

if [ -d "$before.part" ]; then
    # Not all had been set aside, and nothing had come in its place.
    move_all "$before.part" "$data_root"
    remove_empty "$before.part"
elif [ -d "$before" ]; then
    if [ ! -d "$after" ]; then
        make_folder "$after.part"
        move_all "$data_root" "$after.part"
        complete "$after"
    fi
    move_all "$before" "$data_root"
    remove_empty "$before"
fi
remove "$restored.part" "$restored" "$after.part" "$after"
succeed ''
