# shellcheck shell=bash
# Common to all scripts of a Job; the loader puts it in front. The environment and the mounted files are the only input, the termination message is the only
# output. What a script says about a failure is a constant sentence: what psql, tar or gpg wrote may quote somebody's data.
set -Eeuo pipefail
umask 027
# Messages in English, because they are classified; nothing of libpq's that was not asked for.
export LC_ALL=C LANG=C PGCLIENTENCODING=UTF8 PGAPPNAME=family-assistant-backup PGCONNECT_TIMEOUT=20 PGPASSFILE=/dev/null
unset PGSERVICE PGSERVICEFILE PGOPTIONS PGHOSTADDR PGTZ PGDATESTYLE PSQLRC CDPATH GLOBIGNORE TAR_OPTIONS POSIXLY_CORRECT

readonly set_root=${FA_SET_ROOT:-/set} data_root=${FA_DATA_ROOT:-/data} input=${FA_INPUT:-/input} scratch=${FA_SCRATCH:-/scratch}
readonly passphrase_file=${FA_PASSPHRASE_FILE:-/passphrase/passphrase} result_file=${FA_RESULT_FILE:-/dev/termination-log}
readonly wait_seconds=${FA_WAIT_SECONDS:-300}
export TMPDIR=$scratch

work='' job='' stopped='' result=''
SECONDS=0

# Ends the script with a reason of the closed list and a sentence that says what to do. Works in a subshell too, if its caller ends with it. The first one counts.
fail() { # REASON MESSAGE
    if [ -n "$work" ] && [ ! -e "$work/failure" ]; then printf '%s\n%s' "$1" "$2" > "$work/failure"; fi
    exit 1
}

json_string() {
    local text=$1
    text=${text//\\/\\\\}
    text=${text//\"/\\\"}
    printf '"%s"' "${text//[[:cntrl:]]/ }"
}

# The end of a script that did what it was asked for. The members are JSON.
succeed() { # MEMBERS
    result="{\"outcome\":\"Succeeded\"${1:+,$1},\"seconds\":$SECONDS}"
    [ ${#result} -le 4000 ] || fail ScriptFailed "The result does not fit into a termination message. Look at the set by hand."
    exit 0
}

# Replaced by scripts that have something of their own to remove.
tidy() { :; }

# Whether a folder takes not even a small file, because its disk is full.
is_full() { # FOLDER
    [ -d "$1" ] && [ -w "$1" ] && perl -MErrno=ENOSPC,EDQUOT,EFBIG -e '
        $SIG{XFSZ} = "IGNORE";
        my $file = "$ARGV[0]/.probe-$$";
        my $ok = open(my $handle, ">", $file) && (syswrite($handle, "x" x 65536) // 0) == 65536 && close($handle);
        my $full = !$ok && ($! == ENOSPC || $! == EDQUOT || $! == EFBIG);
        unlink $file;
        exit($full ? 0 : 1)' "$1" 2>/dev/null
}

# The pod goes with its Job, so the last lines that explain a reason without a name of its own go with the result. They are what log_errors let through: a server that is no
# database, and one that refuses the role, is not quoted.
last_words() { # REASON
    local line words=''
    case $1 in DumpFailed | DumpCorrupt | FilesCorrupt | RestoreFailed | NotPermitted | ScriptFailed) ;; *) return 0 ;; esac
    while IFS= read -r line; do words+="${words:+ / }$line"; done < <(tail -n 3 -- "$work/said" 2>/dev/null)
    printf '%s' "${words:+ Last said: $words}"
}

failure() {
    local reason=ScriptFailed message='The script ended in a way that it has no name for; report it.'
    if [ -s "$work/failure" ]; then
        { IFS= read -r reason; IFS= read -r message || true; } < "$work/failure"
    elif is_full "$scratch"; then
        reason=DiskFull message='The scratch space of the Job is full. Give the node more ephemeral storage.'
    fi
    printf '{"outcome":"Failed","reason":%s,"message":%s,"seconds":%s}' "$(json_string "$reason")" "$(json_string "$message$(last_words "$reason")")" "$SECONDS"
}

finish() {
    local code=$?
    trap '' TERM INT HUP
    trap - EXIT
    set +e
    # A process group of its own per background job; see run.
    [ -z "$job" ] || { kill -TERM -- "-$job"; wait "$job"; } 2>/dev/null
    session_close
    tidy
    # A pod that is ended from outside has no result: whoever waits for it starts another one.
    if [ -n "$stopped" ]; then
        code=143
    elif [ "$code" -eq 0 ] && [ -n "$result" ]; then
        printf '%s' "$result" > "$result_file"
    else
        failure > "$result_file"
        code=1
    fi
    [ -z "$work" ] || rm -rf -- "$work"
    exit "$code"
}

trap finish EXIT
# Where a command failed that nobody asked for its status: a place in the script, nothing of what it worked with.
trap 'code=$?; if [ ! -e "$work/failure" ]; then say "status $code in ${FUNCNAME[0]:-the script}, line $LINENO"; fi' ERR
trap 'stopped=1; exit 143' TERM INT HUP

# Runs something long so that a signal is heeded at once and not after its end, and so that it can be ended with all its children.
run() { # COMMAND…
    local code=0
    set -m
    # What fails in it is told by the statuses that it leaves.
    (set +eE; trap - ERR; "$@") &
    job=$!
    set +m
    wait "$job" || code=$?
    job=
    return "$code"
}

# To the pod's log, and to what last_words looks at.
say() { # LINE
    printf '%s\n' "$1" >&2
    [ -z "$work" ] || printf '%s\n' "$1" 2>/dev/null >> "$work/said" || true
}

# What went wrong: only the programs' own error lines, without values, and nothing when a secret stands in them.
log_errors() { # FILE
    local line
    while IFS= read -r line; do
        case $line in *ERROR:*|*FATAL:*|pg_dump:*|pg_restore:*|psql:*|tar:*|gpg:*|initdb:*) ;; *) continue ;; esac
        if [ -n "${PGPASSWORD:-}" ] && [[ $line == *"$PGPASSWORD"* ]]; then continue; fi
        # What stands in quotes behind a colon or "value" is a value.
        line=${line%%: \"*}
        line=${line%%value \"*}
        # Bytes outside ASCII could be cut in the middle of a letter.
        line=${line//[^ -~]/?}
        say "${line:0:300}"
    done < <(tail -n 20 -- "$1" 2>/dev/null)
}

# The sizes and checksums travel through one process: it writes or reads a file once, and says on descriptor 3 or in a file what passed through it.
# sink FILE: standard input to a new file, synced; writes "SIZE SHA256" to FILE.sum in the work folder. Ends with 28 when the disk is full.
sink() { # FILE SUM
    # shellcheck disable=SC2016
    perl -MDigest::SHA -MErrno=ENOSPC,EDQUOT,EFBIG -MIO::Handle -MFcntl -e '
        use strict; use warnings;
        $SIG{XFSZ} = "IGNORE";
        my ($file, $sum) = @ARGV;
        sub refuse { exit($! == ENOSPC || $! == EDQUOT || $! == EFBIG ? 28 : 29) }
        sysopen(my $out, $file, O_WRONLY | O_CREAT | O_EXCL, 0640) or refuse;
        my ($sha, $size, $block) = (Digest::SHA->new(256), 0);
        while (my $read = sysread(STDIN, $block, 262144)) {
            $sha->add($block);
            $size += $read;
            for (my $at = 0; $at < $read;) {
                my $written = syswrite($out, $block, $read - $at, $at) or refuse;
                $at += $written;
            }
        }
        $out->sync or refuse;
        close($out) or refuse;
        open(my $note, ">", $sum) or exit 29;
        print $note $size, " ", $sha->hexdigest, "\n" or exit 29;
        close($note) or exit 29' "$1" "$2"
}

# feed FILE SUM: a file to standard output, read from the disk and not from the cache where the system allows that; reads to the end even when nobody listens any more.
feed() { # FILE SUM
    dd if="$1" iflag=nocache count=0 status=none 2>/dev/null || true
    # shellcheck disable=SC2016
    perl -MDigest::SHA -e '
        use strict; use warnings;
        $SIG{PIPE} = "IGNORE";
        my ($file, $sum) = @ARGV;
        open(my $in, "<", $file) or exit 29;
        my ($sha, $size, $open, $block) = (Digest::SHA->new(256), 0, 1);
        while (1) {
            my $read = sysread($in, $block, 262144);
            exit 29 unless defined $read;
            last if $read == 0;
            $sha->add($block);
            $size += $read;
            for (my $at = 0; $open && $at < $read;) {
                my $written = syswrite(STDOUT, $block, $read - $at, $at);
                if (defined $written) { $at += $written } else { $open = 0 }
            }
        }
        close(STDOUT);
        open(my $note, ">", $sum) or exit 29;
        print $note $size, " ", $sha->hexdigest, "\n" or exit 29;
        close($note) or exit 29' "$1" "$2"
}

# Replaced by database.sh.
session_close() { :; }

require() { # NAME PATTERN
    if ! [[ ${!1:-} =~ $2 ]]; then fail InputInvalid "The variable $1 is missing or malformed. This is a fault of the operator: report it."; fi
}

case $wait_seconds in '' | *[!0-9]*) exit 1 ;; esac
work=$(mktemp -d -- "$scratch/work-XXXXXXXX")
cd "$work"
