# shellcheck shell=bash
# Proves a set that is there, and restores its database into a PostgreSQL made for it.

tidy() {
    stop_server
    gpg_end
}

FA_VERIFY=${FA_VERIFY:-Restore}
prove "$set_folder"
succeed "\"manifest\":$(cat manifest.compact)${verified:+,$verified}"
