#!/usr/bin/env bash
# The private PostgreSQL cluster and the databases in it. Sourced by lib.sh.

# --- cluster -----------------------------------------------------------------

# PostgreSQL refuses to run as root: under root it runs as this user.
pg_user() {
    if [ "$(id -u)" -ne 0 ]; then
        id -un
    elif id postgres >/dev/null 2>&1; then
        echo postgres
    else
        echo nobody
    fi
}

as_pg_user() {
    if [ "$(id -u)" -eq 0 ]; then
        (cd / && exec runuser -u "$(pg_user)" -- "$@")
    else
        "$@"
    fi
}

# Sets PG_HOME, PG_SOCKET and PG_BIN. The cluster lies in the state folder, or, when
# PostgreSQL's user cannot enter that or its path is too long for a socket, in a
# folder below /var/tmp whose name is kept in the state folder.
place_cluster() {
    PG_BIN=$(postgres_bin)
    if [ -s "$STATE/pg.place" ] && [ -d "$(cat "$STATE/pg.place")" ]; then
        PG_HOME=$(cat "$STATE/pg.place")
    else
        PG_HOME=$STATE/pg
        mkdir -p "$PG_HOME"
        chown "$(pg_user)" "$PG_HOME"
        if [ "${#PG_HOME}" -gt 80 ] || ! as_pg_user test -w "$PG_HOME"; then
            PG_HOME=$(mktemp -d /var/tmp/npo-pg.XXXXXX)
            chown "$(pg_user)" "$PG_HOME"
            echo "$PG_HOME" >"$STATE/pg.place"
        fi
        chmod 700 "$PG_HOME"
    fi
    PG_SOCKET=$PG_HOME
}

ensure_cluster() {
    as_pg_user test -e "$PG_HOME/data/.complete" || step "making a private PostgreSQL cluster" make_cluster
    pg_is_ready || step "starting PostgreSQL" start_cluster
}

pg_is_ready() { "$PG_BIN/psql" -qAtX -c 'SELECT 1' >/dev/null 2>&1; }

make_cluster() {
    as_pg_user rm -rf "$PG_HOME/data.new" "$PG_HOME/data"
    as_pg_user "$PG_BIN/initdb" -D "$PG_HOME/data.new" -U "$PG_ROLE" --auth=trust --no-sync \
        -E UTF8 --locale=C.UTF-8 --no-instructions
    as_pg_user tee -a "$PG_HOME/data.new/postgresql.conf" <<CONF
# Nobody else reaches this cluster: no TCP, and a socket in a folder of one user.
listen_addresses = ''
port = $PG_PORT
unix_socket_directories = '$PG_SOCKET'
unix_socket_permissions = 0700
max_connections = 200
# Speed before safety: nothing here is worth keeping after a power failure.
fsync = off
synchronous_commit = off
full_page_writes = off
shared_buffers = 256MB
max_wal_size = 2GB
jit = off
CONF
    as_pg_user touch "$PG_HOME/data.new/.complete"
    as_pg_user mv "$PG_HOME/data.new" "$PG_HOME/data"
}

start_cluster() {
    as_pg_user "$PG_BIN/pg_ctl" -D "$PG_HOME/data" -l "$PG_HOME/server.log" -w -t 60 start 9>&- || {
        as_pg_user tail -n 5 "$PG_HOME/server.log"
        return 1
    }
}

stop_cluster() {
    as_pg_user test -e "$PG_HOME/data/postmaster.pid" || return 0
    as_pg_user "$PG_BIN/pg_ctl" -D "$PG_HOME/data" -m fast -w stop
}

# --- databases ---------------------------------------------------------------

sql() { "$PG_BIN/psql" -qAtX -v ON_ERROR_STOP=1 "$@"; }

database_exists() {
    [ "$(sql -c "SELECT 1 FROM pg_database WHERE datname = '$1'")" = 1 ]
}

drop_database() {
    "$PG_BIN/dropdb" --if-exists --force "$1" 2>/dev/null
    rm -rf "$STATE/filestore/filestore/$1"
}

# copy_database FROM TO: the files of the filestore are shared by hard links, as
# Odoo never writes into an existing one.
copy_database() {
    local from=$1 to=$2 files=$STATE/filestore/filestore try
    drop_database "$to"
    for try in 1 2 3 4 5; do
        "$PG_BIN/createdb" -T "$from" "$to" && break
        [ "$try" -lt 5 ] || return 1
        sleep 2
    done
    mkdir -p "$files"
    [ ! -d "$files/$from" ] || cp -al "$files/$from" "$files/$to"
}

# note DB [TEXT]: read or write the mark that a database carries.
note() {
    if [ $# -eq 1 ]; then
        sql -c "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = '$1'"
    else
        sql -c "COMMENT ON DATABASE \"$1\" IS '$2'"
    fi
}

# --- the template --------------------------------------------------------------

dependencies() {
    "$VENV/bin/python" -c '
import ast, sys
print(",".join(sorted(ast.literal_eval(open(sys.argv[1]).read())["depends"])))
' "$ROOT/__manifest__.py" || die "__manifest__.py cannot be read."
}

ensure_template() {
    local depends mark
    depends=$(dependencies)
    mark="2 $depends $(odoo_version)"
    [ "$(note "$TEMPLATE")" = "$mark" ] || step "making the template database (some minutes, once)" make_template "$depends" "$mark"
}

make_template() {
    local depends=$1 mark=$2 files=$STATE/filestore/filestore
    drop_database "${TEMPLATE}_new"
    "$PG_BIN/createdb" "${TEMPLATE}_new"
    odoo_init "${TEMPLATE}_new" -i "$depends" --without-demo --load-language=ar_001
    [ "$(sql -d "${TEMPLATE}_new" -c "SELECT count(*) FROM ir_module_module WHERE state = 'installed' AND name = ANY(string_to_array('$depends', ','))")" = "$(tr ',' '\n' <<<"$depends" | wc -l)" ]
    drop_database "$TEMPLATE"
    [ ! -d "$files/${TEMPLATE}_new" ] || mv "$files/${TEMPLATE}_new" "$files/$TEMPLATE"
    sql -c "ALTER DATABASE ${TEMPLATE}_new RENAME TO $TEMPLATE"
    note "$TEMPLATE" "$mark"
}

# mark_demo DB: let the module's own demo data in, without that of the others.
mark_demo() { sql -d "$1" -c "UPDATE ir_module_module SET demo = true WHERE state = 'installed'"; }

module_is_installed() {
    [ "$(sql -d "$1" -c "SELECT state FROM ir_module_module WHERE name = '$MODULE'")" = installed ]
}

# Odoo goes on without the demo data when they fail to load; we do not.
demo_is_installed() {
    [ "$(sql -d "$1" -c "SELECT demo FROM ir_module_module WHERE name = '$MODULE'")" = t ]
}

# module_state [FIND EXPRESSION]: changes whenever a file that Odoo loads changes.
module_state() {
    (cd "$ROOT" && find . \( -path ./.git -o -path ./.state -o -path ./dev -o -path ./.ci \
        -o -path ./tests -o -name __pycache__ -o -name '*.md' "$@" \) -prune \
        -o -type f -printf '%p %s %T@\n' | sort | sha256sum | cut -c 1-12)
}
