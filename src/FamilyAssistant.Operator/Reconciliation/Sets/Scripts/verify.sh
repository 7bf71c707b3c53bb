# shellcheck shell=bash
# Proves a set that is there, and restores its database into a PostgreSQL made for it.

verified=''

tidy() {
    stop_server
    gpg_end
}

prove "$set_folder"
if [ "${FA_VERIFY:-Restore}" = Restore ] && grep -q '^Database ' parts; then test_restore "$set_folder"; fi
succeed "\"manifest\":$(cat manifest.compact)${verified:+,$verified}"
