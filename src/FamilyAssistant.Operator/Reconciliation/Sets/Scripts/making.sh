# shellcheck shell=bash
# Making the parts of a set in the folder $partial. Every file passes once through sink, which writes, hashes and syncs it.

# Status 28 of sink, or whatever else kept a part from being written.
writing_failure() { # STATUS
    if [ "$1" = 28 ]; then fail DiskFull 'The volume of the sets is full. Enlarge it, or delete sets that nobody needs.'; fi
    fail VolumeReadOnly 'The volume of the sets cannot be written. See that it is mounted for writing and belongs to the group 1001.'
}

add_part() { # PART
    local size digest
    read -r size digest < sum
    printf '%s %s %s %s\n' "$1" "$(file_of "$1")" "$size" "$digest" >> made
}

dump_pipe() { # FILE SNAPSHOT
    pg_dump --format=custom --compress=9 --no-password --snapshot="$2" 2> dump.err | sink "$1" sum
    printf '%s %s\n' "${PIPESTATUS[@]}" > statuses
}

# The snapshot is exported by a session that counts the rows while pg_dump writes them.
make_database() {
    local snapshot dump_status sink_status server client
    session_open "$PGDATABASE" || session_failure DatabaseUnreachable 'The database could not be opened.'
    session "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY; SELECT pg_export_snapshot();" || session_failure DumpFailed 'The database gives no snapshot. A backup needs a primary server, or a standby that answers.'
    snapshot=$answer
    session "SELECT concat_ws(' ', current_setting('server_version_num')::int / 10000, split_part(current_setting('server_version'), ' ', 1));" || session_failure DumpFailed 'The database does not say its version.'
    read -r server server_version <<< "$answer"
    client=$(pg_dump --version)
    client=${client##*(PostgreSQL) }
    client=${client%% *}
    if [ "${client%%[!0-9]*}" -lt "$server" ]; then
        fail ClientTooOld "The server is PostgreSQL $server_version and the image's pg_dump $client. Set the image of the backup tools to the server's major version."
    fi
    session "SELECT coalesce((SELECT extversion FROM pg_extension WHERE extname = 'vector'), '');" || session_failure DumpFailed 'The catalogue of the database cannot be read.'
    local vector=$answer
    session "SELECT format('SELECT string_agg(version_num::text, '','' ORDER BY version_num::text) FROM %I.%I', n.nspname, c.relname)
        FROM $user_tables AND c.relname = 'alembic_version' ORDER BY n.nspname = 'public' DESC LIMIT 1 \\gexec" || session_failure DumpFailed 'The table alembic_version cannot be read.'
    note_database "$server_version" "$server" "$client" "$vector" "$answer"
    # Its answer is read when the dump is done; until then its lines go to a file.
    session_send "\\o counts
$count_rows
\\o
\\echo fa-end :SQLSTATE"
    run dump_pipe "$partial/database.dump" "$snapshot"
    read -r dump_status sink_status < statuses
    if [ "$sink_status" != 0 ]; then writing_failure "$sink_status"; fi
    if [ "$dump_status" != 0 ]; then
        # With the session that counts the snapshot is gone as well: its words say why.
        if has_errors session.err; then session_failure DumpFailed 'The rows of a table could not be counted.'; fi
        database_failure dump.err DumpFailed 'pg_dump could not read the database.'
    fi
    session_wait || session_failure DumpFailed 'The rows of a table could not be counted.'
    # psql says the code of the last statement only; a statement before it that failed left its words.
    if has_errors session.err; then session_failure DumpFailed 'The rows of a table could not be counted.'; fi
    session 'COMMIT;' || session_failure DumpFailed 'The snapshot of the database was lost.'
    session_close
    add_part Database
}

note_database() { # SERVER-VERSION SERVER-MAJOR CLIENT-VERSION VECTOR REVISION
    printf '{"serverVersion":%s,"serverMajor":%s,"clientVersion":%s' "$(json_string "$1")" "$2" "$(json_string "$3")" > database.json
    [ -z "$4" ] || printf ',"vectorVersion":%s' "$(json_string "$4")" >> database.json
    [ -z "$5" ] || printf ',"revision":%s' "$(json_string "${5:0:256}")" >> database.json
    printf '}' >> database.json
}

files_pipe() { # FILE
    # What a restore has set aside or not finished is not data.
    tar --create --file=- --format=posix --numeric-owner --directory="$data_root" --warning=no-file-changed --warning=no-file-removed --warning=no-file-ignored \
        --exclude='./.before-*' --exclude='./.restore-*' --exclude='./.after-*' --exclude='./lost+found' . 2> files.err | sink "$1" sum
    printf '%s %s\n' "${PIPESTATUS[@]}" > statuses
}

make_files() {
    local tar_status sink_status
    if [ ! -d "$data_root" ]; then fail FilesUnreadable 'The data volume is not mounted. This is a fault of the operator: report it.'; fi
    run files_pipe "$partial/files.tar"
    read -r tar_status sink_status < statuses
    if [ "$sink_status" != 0 ]; then writing_failure "$sink_status"; fi
    # 1: a file changed or went away while it was read, which is what files of a running application do.
    if [ "$tar_status" -gt 1 ]; then
        log_errors files.err
        fail FilesUnreadable 'A file of the data volume cannot be read. Give all its files to the user and group of the application (1001).'
    fi
    add_part Files
}

make_configuration() {
    local code=0
    if [ ! -r "$input/configuration.json" ]; then fail InputInvalid 'The input of the Job has no configuration.json. This is a fault of the operator: report it.'; fi
    sink "$partial/configuration.json" sum < "$input/configuration.json" || code=$?
    [ "$code" = 0 ] || writing_failure "$code"
    add_part Configuration
}

secrets_pipe() { # FILE
    gpg_ --symmetric --cipher-algo AES256 --s2k-mode 3 --s2k-digest-algo SHA512 --s2k-count 65011712 --compress-algo none --output - 2> gpg.err < "$input/secrets.json" | sink "$1" sum
    printf '%s %s\n' "${PIPESTATUS[@]}" > statuses
    gpg_end
}

make_secrets() {
    local gpg_status sink_status
    check_passphrase
    if [ ! -r "$input/secrets.json" ]; then fail InputInvalid 'The input of the Job has no secrets.json. This is a fault of the operator: report it.'; fi
    run secrets_pipe "$partial/secrets.json.gpg"
    read -r gpg_status sink_status < statuses
    if [ "$sink_status" != 0 ]; then writing_failure "$sink_status"; fi
    if [ "$gpg_status" != 0 ]; then
        log_errors gpg.err
        fail ScriptFailed "The secrets could not be encrypted. See that the image of the backup tools has gpg and gpg-agent."
    fi
    add_part Secrets
}

# The operator's half and ours. The row counts are the last member, alone on their line, so that a person can cut them off.
write_manifest() {
    local code=0
    perl -MJSON::PP -e '
        use strict; use warnings;
        my ($input, $finished, $seconds) = @ARGV;
        my $json = JSON::PP->new->utf8->canonical;
        my $slurp = sub { open(my $in, "<:raw", $_[0]) or exit 20; local $/; my $text = <$in>; $text // "" };
        my $manifest = eval { $json->decode($slurp->("$input/manifest.json")) };
        ref $manifest eq "HASH" && ($manifest->{schemaVersion} // "") eq "1" or exit 20;
        my @parts = map { my ($name, $file, $size, $sum) = split; { name => $name, file => $file, sizeBytes => $size + 0, sha256 => $sum } } split /\n/, $slurp->("made");
        my @counts;
        if (-e "database.json") {
            my $database = $json->decode($slurp->("database.json"));
            my $rows = 0;
            for my $line (split /\n/, $slurp->("counts")) {
                my $table = $json->decode($line);
                $rows += $table->{rows};
                push @counts, $table;
            }
            @$database{qw(tables rows)} = (scalar @counts, $rows);
            $manifest->{database} = $database;
        }
        @$manifest{qw(parts finishedAt seconds)} = (\@parts, $finished, $seconds + 0);
        my @order = qw(schemaVersion setId instance createdAt finishedAt seconds image include fingerprintKey keys parts database);
        my %known = map { $_ => 1 } @order, "rowCounts";
        my $text = join(",\n", map { $json->encode([$_]) =~ s/^\[|\]$//gr . ":" . ($json->allow_nonref->encode($manifest->{$_})) } grep { exists $manifest->{$_} } @order, sort grep { !$known{$_} } keys %$manifest);
        print "{\n$text,\n\"rowCounts\":", $json->encode(\@counts), "\n}\n" or exit 29' "$input" "$(date -u +%Y-%m-%dT%H:%M:%SZ)" "$SECONDS" > manifest 2>/dev/null || code=$?
    if [ "$code" = 20 ]; then fail InputInvalid "The input of the Job has no manifest of schema version 1. This is a fault of the operator: report it."; fi
    [ "$code" = 0 ] || exit 1
    sink "$partial/manifest.json" sum < manifest || code=$?
    [ "$code" = 0 ] || writing_failure "$code"
}
