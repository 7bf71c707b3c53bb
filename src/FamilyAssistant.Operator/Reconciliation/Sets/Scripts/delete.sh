# shellcheck shell=bash
# Deletes one set, after it has seen that those that must remain are there.

for kept in ${FA_KEEP:-}; do
    if ! [[ $kept =~ ^[0-9]{8}t[0-9]{6}z-[0-9a-f]{8}$ ]] || [ "$kept" = "$FA_SET" ]; then fail InputInvalid 'The variable FA_KEEP is malformed. This is a fault of the operator: report it.'; fi
    if [ ! -s "$home/$kept/manifest.json" ]; then fail KeptSetMissing "The set $kept, which must remain, is not on the volume. Nothing was deleted. See that the right volume is mounted."; fi
done
deleted=false
# Out of sight in one step: half a set is never found.
if [ -e "$set_folder" ]; then
    if ! perl -e 'exit(rename($ARGV[0], $ARGV[1]) ? 0 : 1)' "$set_folder" "$home/.deleted-$FA_SET-$(date +%s%N)"; then fail VolumeReadOnly 'The volume of the sets cannot be written. See that it is mounted for writing and belongs to the group 1001.'; fi
    sync -- "$home" 2> sync.err || true
    deleted=true
fi
for left in "$home/.deleted-$FA_SET-"*; do
    if [ -e "$left" ]; then rm -rf -- "$left"; fi
done
succeed "\"deleted\":$deleted"
