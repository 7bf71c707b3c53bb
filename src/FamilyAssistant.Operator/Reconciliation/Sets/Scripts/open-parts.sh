# shellcheck shell=bash
# Writes the parts Configuration and Secrets to the log, for the operator, which reads them there: sealed with a key that was made for this Job alone.

tidy() { gpg_end; }

seal_pipe() { # PATH PART
    if [ "$2" = Secrets ]; then
        feed "$1" opened.sum | gpg_ --decrypt 2> opened.err | seal
    else
        feed "$1" opened.sum | cat 2> opened.err | seal
    fi
    printf '%s %s %s\n' "${PIPESTATUS[@]}" > statuses
}

seal() { openssl enc -aes-256-cbc -pbkdf2 -iter 10000 -md sha256 -salt -base64 -pass "file:$input/seal-key" 2> seal.err > sealed; }

read_manifest "$set_folder"
if [ ! -s "$input/seal-key" ]; then fail InputInvalid 'The input of the Job has no key. This is a fault of the operator: report it.'; fi
parts_to_open=$(chosen_parts)
for part in $parts_to_open; do
    case $part in
        Secrets) check_passphrase ;;
        Configuration) ;;
        *) continue ;;
    esac
    path=$(part_path "$set_folder" "$part")
    run seal_pipe "$path" "$part"
    gpg_end
    read -r feed_status reader_status seal_status < statuses
    [ "$feed_status" = 0 ] || rm -f opened.sum
    check_sum "$part" opened.sum
    if [ "$reader_status" != 0 ]; then
        log_errors opened.err
        wrong_passphrase
    fi
    [ "$seal_status" = 0 ] || fail ScriptFailed 'A part could not be sealed. See that the image of the backup tools has openssl.'
    printf -- '-----BEGIN FAMILY ASSISTANT PART %s-----\n' "$part"
    cat sealed
    printf -- '-----END FAMILY ASSISTANT PART %s-----\n' "$part"
done
succeed ''
