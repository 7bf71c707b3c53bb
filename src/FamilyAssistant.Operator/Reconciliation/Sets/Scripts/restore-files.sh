# shellcheck shell=bash
# Puts the files of a set in the place of those on the data volume. Can be repeated after every interruption.

# The volume itself is nobody's to change: its owner, mode and times are the storage's.
unpack_pipe() { # ARCHIVE
    feed "$1" restored.sum | tar --extract --file=- --directory="$restored.part" --same-permissions --no-same-owner --no-overwrite-dir --delay-directory-restore > /dev/null 2> unpack.err
    printf '%s %s\n' "${PIPESTATUS[@]}" > statuses
}

FA_PARTS=Files
read_manifest "$set_folder"
chosen_parts > /dev/null
archive=$(part_path "$set_folder" Files)
if [ ! -d "$data_root" ] || [ ! -w "$data_root" ]; then fail VolumeReadOnly 'The data volume cannot be written. Give all its files to the user and group of the application (1001).'; fi
exec {lock}< "$data_root"
if ! flock --wait "$wait_seconds" "$lock" 2> lock.err && [ ! -s lock.err ]; then fail Busy 'Another run of the same restore has not ended. See whether its pod is still there, and try again.'; fi

if [ ! -d "$before" ]; then
    if [ ! -d "$restored" ]; then
        remove "$restored.part"
        make_folder "$restored.part"
        run unpack_pipe "$archive"
        read -r feed_status tar_status < statuses
        [ "$feed_status" = 0 ] || rm -f restored.sum
        if [ "$tar_status" != 0 ] || [ "$feed_status" != 0 ] || ! grep -qxF "Files $(cat restored.sum)" parts; then
            full=
            if is_full "$data_root" || grep -qE 'No space left on device|Disk quota exceeded|File too large' unpack.err; then full=1; fi
            remove "$restored.part"
            if [ -n "$full" ]; then fail DiskFull 'The data volume is full: a restore needs room for the old and the new files side by side. Enlarge it.'; fi
            check_sum Files restored.sum
            log_errors unpack.err
            fail FilesCorrupt "The archive of the files of the set $FA_SET could not be unpacked. The files of the instance are as they were."
        fi
        sync --file-system -- "$restored.part" 2> sync.err || data_failure sync.err
        complete "$restored"
    fi
    make_folder "$before.part"
    move_all "$data_root" "$before.part"
    complete "$before"
fi
if [ -d "$restored" ]; then
    move_all "$restored" "$data_root"
    remove_empty "$restored"
fi
succeed ''
