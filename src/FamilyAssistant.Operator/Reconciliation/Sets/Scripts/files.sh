# shellcheck shell=bash
# Replacing the files on the data volume. Everything happens on that volume by renaming; which of four folders exist says how far it is:
#   .restore-UID.part  being unpacked           .restore-UID  unpacked and compared, still to be moved
#   .before-UID.part   being filled             .before-UID   holds everything that was there
#   .after-UID.part    being filled             .after-UID    holds everything that a restore brought, while it is being put back

require FA_UID8 '^[0-9a-f]{8}$'
# shellcheck disable=SC2034
readonly restored=$data_root/.restore-$FA_UID8 before=$data_root/.before-$FA_UID8 after=$data_root/.after-$FA_UID8

data_failure() { # FILE
    if is_full "$data_root" || grep -qE 'No space left on device|Disk quota exceeded|File too large' "$1"; then
        fail DiskFull 'The data volume is full: a restore needs room for the old and the new files side by side. Enlarge it.'
    fi
    log_errors "$1"
    fail VolumeReadOnly 'The data volume cannot be written. Give all its files to the user and group of the application (1001).'
}

# Moves what stands in one folder into another one. What a restore works with, and the volume's own folder, are no data.
move_all() { # FROM TO
    local entry
    for entry in "$1"/* "$1"/.[!.]* "$1"/..?*; do
        # By the folder and the name: the star of a pattern goes through slashes, to what is in those folders.
        if [ "$1" = "$data_root" ]; then
            case ${entry##*/} in .before-* | .restore-* | .after-* | lost+found) continue ;; esac
        fi
        if [ ! -e "$entry" ] && [ ! -L "$entry" ]; then continue; fi
        perl -e 'rename($ARGV[0], $ARGV[1]) or do { print STDERR "tar: $!\n"; exit 1 }' "$entry" "$2/${entry##*/}" 2> move.err || data_failure move.err
    done
    sync -- "$1" "$2" 2> sync.err || true
}

# A folder gets the name that says it is whole.
complete() { # FOLDER
    perl -e 'rename($ARGV[0], $ARGV[1]) or do { print STDERR "tar: $!\n"; exit 1 }' "$1.part" "$1" 2> move.err || data_failure move.err
    sync -- "$data_root" 2> sync.err || true
}

make_folder() { mkdir -p -- "$1" 2> mkdir.err || data_failure mkdir.err; }

# A folder that everything has been moved out of. Never with what is in it: that would be data.
remove_empty() { rmdir -- "$1" 2> remove.err || data_failure remove.err; } # FOLDER

remove() { # FOLDER…
    local folder
    for folder in "$@"; do
        [ -e "$folder" ] || continue
        # Folders that may not be written hold on to their entries.
        chmod -R u+rwX -- "$folder" 2>/dev/null || true
        rm -rf -- "$folder" 2> remove.err || data_failure remove.err
    done
}
