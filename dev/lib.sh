#!/usr/bin/env bash
# The one set-up that every command in dev/ shares. Sourced, never run.
#
# Everything is kept in one ignored folder, $STATE. Each step builds under a
# temporary name and is renamed or stamped when it is whole, so that whatever was
# interrupted is simply made again by the next run.
# shellcheck disable=SC2034  # what one file sets, another uses

set -euo pipefail

MODULE=npo_relations
ROOT=$(cd -P "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
STATE=${STATE:-$ROOT/.state}
PORT=${PORT:-8069}
TEMPLATE=npo_template
PG_ROLE=npo
PG_PORT=5433
ODOO_GIT=${ODOO_GIT:-https://github.com/odoo/odoo.git}
NEEDED_MB=${NEEDED_MB:-4000}
export DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8 PYTHONUTF8=1
unset PYTHONPATH PYTHONHOME PGHOST PGPORT PGUSER PGDATABASE PGPASSWORD ODOO_RC

# shellcheck source=dev/lib_system.sh
. "$ROOT/dev/lib_system.sh"
# shellcheck source=dev/lib_odoo.sh
. "$ROOT/dev/lib_odoo.sh"
# shellcheck source=dev/lib_database.sh
. "$ROOT/dev/lib_database.sh"

# --- words -------------------------------------------------------------------

say() { printf '%s\n' "$*" >&2; }

die() {
    printf '\n%s: %s\n' "dev/${0##*/}" "$*" >&2
    exit 1
}

# show_help: print the comment block that opens the calling script.
show_help() {
    sed -n '2,/^[^#]/{/^#/!d;s/^# \{0,1\}//p}' "$0"
    exit 0
}

wants_help() {
    case ${1:-} in -h | --help) return 0 ;; *) return 1 ;; esac
}

# explain LOG: turn the usual causes found in a log into a sentence.
explain() {
    local free
    free=$(df -Pm "$STATE" | awk 'NR == 2 { print $4 }')
    if [ "$free" -lt 20 ] || grep -qiE 'no space left|disk full|not enough free space' "$1"; then
        echo "The disk is full. Free some space (about $NEEDED_MB MB are needed) or choose another place with STATE=/path, then run the command again."
    elif grep -qiE 'could not resolve|unable to access|failed to connect|temporary failure|network is unreachable|connection refused|unable to connect|failed to fetch|connection (error|timed out)|ECONNREFUSED|ENOTFOUND|EAI_AGAIN|newconnectionerror|proxyerror' "$1"; then
        echo "The network (or the package mirror) cannot be reached. Check the connection and the proxy settings, then run the command again: it goes on where it stopped."
    elif grep -qiE 'permission denied|not permitted|EACCES|are you root' "$1"; then
        echo "A right is missing. Run as root, or as a user who may use sudo and who owns $STATE."
    else
        echo "Read the log, put right what it says, then run the command again."
    fi
}

# step WHAT COMMAND…: run it with its output in a log, explain a failure.
# Never call it where bash ignores "set -e" (in a condition, before && or ||).
# OPTIONAL=1 goes on after a failure, ADVICE=… replaces the explanation.
step() {
    local what=$1 log=$STATE/log/setup.log part=$STATE/log/$$.part status=0 begin=$SECONDS
    shift
    say "… $what"
    set +e
    (set -euo pipefail; "$@") >"$part" 2>&1 </dev/null
    status=$?
    set -e
    { printf '\n== %s ==\n' "$what"; cat "$part"; } >>"$log" 2>/dev/null || true
    if [ "$status" -ne 0 ]; then
        tail -n 15 "$part" >&2
        set -- "${ADVICE:-$(explain "$part")}"
        rm -f "$part"
        [ -z "${OPTIONAL:-}" ] || {
            say "  $what failed. $1 (log: $log)"
            return 0
        }
        die "$what failed. $1 (log: $log)"
    fi
    rm -f "$part"
    [ $((SECONDS - begin)) -lt 5 ] || say "  done in $((SECONDS - begin)) s"
}

# odoo_step WHAT COMMAND…: a step of Odoo's, whose failures lie in the module.
odoo_step() { ADVICE="Put right what Odoo says above, then run the command again." step "$@"; }

# --- the whole set-up ----------------------------------------------------------

# setup [python|database|template]: as much as the command needs, all by default.
setup() {
    ensure_state
    lock
    forget_old_log
    ensure_space
    if [ "${1:-}" = python ]; then
        find_python >/dev/null || ensure_debian_packages
        ensure_python
    else
        ensure_debian_packages
        ensure_python
        ensure_odoo
        ensure_node
        ensure_config
        ensure_cluster
        [ "${1:-}" = database ] || ensure_template
    fi
    unlock
}

ensure_state() {
    mkdir -p "$STATE" 2>/dev/null || die "The state folder $STATE cannot be made. Choose another with STATE=/path."
    STATE=$(cd -P "$STATE" && pwd)
    if [ ! -O "$STATE" ] || [ ! -w "$STATE" ]; then
        die "The state folder $STATE belongs to $(stat -c %U "$STATE"). Run as that user, or choose another folder with STATE=/path."
    fi
    mkdir -p "$STATE"/{log,run,download,filestore,addons,screenshots}
}

lock() {
    exec 9>"$STATE/lock"
    flock -n 9 || {
        say "… waiting for another set-up in $STATE"
        flock -w 1800 9 || die "Another set-up holds $STATE/lock. End it, then run the command again."
    }
}

unlock() { exec 9>&-; }

forget_old_log() {
    [ "$(stat -c %s "$STATE/log/setup.log" 2>/dev/null || echo 0)" -lt 1000000 ] || rm -f "$STATE/log/setup.log"
}

ensure_space() {
    local free
    [ ! -e "$STATE/odoo.path" ] || NEEDED_MB=300
    free=$(df -Pm "$STATE" | awk 'NR == 2 { print $4 }')
    [ "$free" -ge "$NEEDED_MB" ] || die "Only $free MB are free where $STATE lies, $NEEDED_MB MB are needed. Free some space or choose another place with STATE=/path."
}
