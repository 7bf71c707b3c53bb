# shellcheck shell=bash
# Where a set is, and what its manifest says. Nothing in a manifest names a file: the files of the parts have fixed names.

require FA_INSTANCE '^[a-z0-9]([-a-z0-9]*[a-z0-9])?$'
require FA_SET '^[0-9]{8}t[0-9]{6}z-[0-9a-f]{8}$'
# shellcheck disable=SC2034
readonly home=$set_root/$FA_INSTANCE set_folder=$set_root/$FA_INSTANCE/$FA_SET

file_of() { # PART
    case $1 in
        Database) printf database.dump ;;
        Files) printf files.tar ;;
        Configuration) printf configuration.json ;;
        Secrets) printf secrets.json.gpg ;;
        *) fail InputInvalid 'A part is named that this operator does not know. Report it.' ;;
    esac
}

# Reads a manifest strictly and leaves, in the work folder: manifest.compact (without the row counts), rows.json (the row counts), parts ("NAME SIZE SHA256" lines)
# and facts ("server-major rows tables"). Ends the script when the set is not one, or not this one.
read_manifest() { # FOLDER
    local code=0
    if [ ! -e "$1" ]; then fail SetNotFound "The set $FA_SET of the instance $FA_INSTANCE is not on the volume. Look for its folder there."; fi
    if [ -L "$set_root/$FA_INSTANCE" ] || [ -L "$1" ] || [ ! -d "$1" ] || [ -L "$1/manifest.json" ] || [ ! -f "$1/manifest.json" ]; then
        fail ManifestInvalid "The folder of the set $FA_SET holds no manifest.json that is a plain file. It is no set; choose another one."
    fi
    perl -MJSON::PP -e '
        use strict; use warnings;
        my ($file, $instance, $set) = @ARGV;
        my $json = JSON::PP->new->utf8->canonical;
        my %files = (Database => 1, Files => 1, Configuration => 1, Secrets => 1);
        -s $file <= 16 * 1024 * 1024 or exit 20;
        open(my $in, "<:raw", $file) or exit 20;
        my $text = do { local $/; <$in> };
        my $manifest = eval { $json->decode($text) };
        ref $manifest eq "HASH" or exit 20;
        ($manifest->{schemaVersion} // "") =~ /^1\z/ or exit 21;
        my $whole = sub { defined $_[0] && !ref $_[0] && $_[0] =~ /^[0-9]{1,18}\z/ };
        ref $manifest->{instance} eq "HASH" && ref $manifest->{parts} eq "ARRAY" && @{$manifest->{parts}} && ref $manifest->{rowCounts} eq "ARRAY" or exit 20;
        ($manifest->{setId} // "") eq $set && ($manifest->{instance}{name} // "") eq $instance or exit 22;
        my ($parts, %seen) = ("");
        for my $part (@{$manifest->{parts}}) {
            ref $part eq "HASH" && !ref $part->{name} && $files{$part->{name} // ""} && !$seen{$part->{name}}++ && $whole->($part->{sizeBytes}) && ($part->{sha256} // "") =~ /^[0-9a-f]{64}\z/ or exit 20;
            $parts .= "$part->{name} $part->{sizeBytes} $part->{sha256}\n";
        }
        my ($rows, $tables) = (0, 0);
        for my $table (@{$manifest->{rowCounts}}) {
            ref $table eq "HASH" && $whole->($table->{rows}) && !ref $table->{schema} && !ref $table->{table} && defined $table->{schema} && defined $table->{table} or exit 20;
            $rows += $table->{rows};
            $tables++;
        }
        my $database = $manifest->{database};
        if ($seen{Database}) {
            ref $database eq "HASH" && $whole->($database->{serverMajor}) && ($database->{rows} // "") eq $rows && ($database->{tables} // "") eq $tables or exit 20;
        }
        my $write = sub { open(my $out, ">:raw", $_[0]) or exit 29; print($out $_[1]) or exit 29; close($out) or exit 29 };
        $write->("rows.json", $json->encode(delete $manifest->{rowCounts}));
        $write->("manifest.compact", $json->encode($manifest));
        $write->("parts", $parts);
        $write->("facts", join(" ", $seen{Database} ? $database->{serverMajor} : 0, $rows, $tables) . "\n")' \
        "$1/manifest.json" "$FA_INSTANCE" "$FA_SET" 2>/dev/null || code=$?
    case $code in
        0) ;;
        21) fail ManifestInvalid "The manifest of the set $FA_SET has another schema version than 1. Use the version of the operator that made it, or restore it by hand." ;;
        22) fail ForeignSet "The manifest in the folder of the set $FA_SET speaks of another set or instance. Put the folder back where it belongs." ;;
        29) fail DiskFull 'The scratch space of the Job is full. Give the node more ephemeral storage.' ;;
        20) fail ManifestInvalid "The manifest of the set $FA_SET cannot be read: it is damaged or not of this operator. Choose another set." ;;
        *) exit 1 ;;
    esac
    # shellcheck disable=SC2034
    read -r dump_major set_rows set_tables < facts
}

# The parts that are looked at: those asked for, or all of the set.
chosen_parts() {
    local part
    if [ -n "${FA_PARTS:-}" ]; then
        for part in $FA_PARTS; do
            file_of "$part" > /dev/null
            if ! grep -q "^$part " parts; then fail PartMissing "The set $FA_SET has no part $part. Leave it out of spec.parts, or choose another set."; fi
        done
        printf '%s' "$FA_PARTS"
    else
        cut -d ' ' -f 1 parts | tr '\n' ' '
    fi
}

# The path of a part, which is a plain file.
part_path() { # FOLDER PART
    local path
    path=$1/$(file_of "$2")
    if [ -L "$path" ]; then fail ManifestInvalid "A file of the set $FA_SET is a link and not a plain file. Choose another set."; fi
    if [ ! -f "$path" ]; then fail ChecksumMismatch "The file of the part $2 is missing in the set $FA_SET. Choose another set."; fi
    printf '%s' "$path"
}

# Ends the script unless what a feed read is what the manifest says.
check_sum() { # PART SUM
    if [ ! -s "$2" ]; then fail ChecksumMismatch "The part $1 of the set $FA_SET cannot be read to its end. Look at the disk of the set volume."; fi
    if ! grep -qxF "$1 $(cat "$2")" parts; then fail ChecksumMismatch "The part $1 of the set $FA_SET is not what was written: its size or SHA-256 differs from the manifest. Choose another set and look at the disk of the set volume."; fi
}

# The passphrase as gpg takes it: the first line.
check_passphrase() {
    local first=
    [ ! -r "$passphrase_file" ] || IFS= read -r first < "$passphrase_file" || true
    if [ -z "$first" ] || [ ${#first} -gt 255 ]; then
        fail PassphraseMissing 'The Secret of the passphrase has no key passphrase, or its first line is empty or longer than 255 bytes. Correct it and try again.'
    fi
}

# gpg with a home of its own, so that nothing of the image's or of another run matters.
gpg_() {
    [ -d "$work/g" ] || mkdir -m 700 "$work/g"
    gpg --homedir "$work/g" --no-options --batch --quiet --no-tty --pinentry-mode loopback --passphrase-file "$passphrase_file" "$@"
}

gpg_end() { [ ! -d "$work/g" ] || gpgconf --homedir "$work/g" --kill all > /dev/null 2>&1 || true; }

# Whether the passphrase opens a file, given on standard input.
wrong_passphrase() { fail WrongPassphrase "The passphrase does not open the secrets of the set $FA_SET. Give the one that was in force when it was made."; }
