#!/usr/bin/env bash
# Where Odoo 19 comes from, and how it is run. Sourced by lib.sh.

DEBIAN_KEYRING=/usr/share/keyrings/debian-archive-keyring.gpg
# Odoo's package links into these. They are unpacked into the same tree.
ODOO_LINKED=(fonts-glyphicons-halflings fonts-inconsolata fonts-font-awesome fonts-ocr-b
    fonts-roboto-unhinted libjs-jquery libjs-jquery-form libjs-underscore)

# --- sources, in order ---------------------------------------------------------

# $STATE/odoo.path holds the folder in which the Python package "odoo" lies.
ensure_odoo() {
    local key
    if [ -n "${ODOO_PATH:-}" ]; then
        use_given_odoo "$ODOO_PATH"
    elif ! odoo_is_19 "$(recorded_odoo)"; then
        rm -f "$STATE/odoo.path"
        use_importable_odoo || true
        [ -e "$STATE/odoo.path" ] || use_debian_odoo
        [ -e "$STATE/odoo.path" ] || use_cloned_odoo
    fi
    ODOO_HOME=$(recorded_odoo)
    key=$(find "$VENV/lib" -maxdepth 2 -name site-packages)
    [ "$(cat "$key/odoo_tree.pth" 2>/dev/null || true)" = "$ODOO_HOME" ] || echo "$ODOO_HOME" >"$key/odoo_tree.pth"
}

recorded_odoo() { cat "$STATE/odoo.path" 2>/dev/null || true; }

record_odoo() {
    echo "$1" >"$STATE/odoo.path.new"
    mv "$STATE/odoo.path.new" "$STATE/odoo.path"
    say "  Odoo 19 is taken from $1"
}

odoo_is_19() {
    [ -n "${1:-}" ] && grep -qsE '^version_info *= *\(19, *0' "$1/odoo/release.py" && [ -d "$1/odoo/addons/base" ]
}

use_given_odoo() {
    local path
    for path in "$1" "$1/usr/lib/python3/dist-packages" "$1/.." "$1/../.."; do
        odoo_is_19 "$path" || continue
        path=$(cd -P "$path" && pwd)
        [ "$(recorded_odoo)" = "$path" ] || record_odoo "$path"
        return 0
    done
    die "ODOO_PATH=$1 holds no Odoo 19.0 (no odoo/release.py that says so). Give the root of a checkout of branch 19.0, or leave ODOO_PATH out."
}

use_importable_odoo() {
    local python path
    for python in python3 /usr/bin/python3; do
        path=$("$python" -c 'import importlib.util as u; print(next(iter(u.find_spec("odoo").submodule_search_locations)))' 2>/dev/null) || continue
        odoo_is_19 "${path%/odoo}" || continue
        record_odoo "${path%/odoo}"
        return 0
    done
    return 1
}

use_debian_odoo() {
    local tree=$STATE/odoo
    if [ ! -e "$tree/.complete" ]; then
        [ -n "$(debian_mirror || true)" ] || return 0
        OPTIONAL=1 step "fetching Odoo 19 from Debian (about 130 MB)" fetch_debian_odoo "$tree"
    fi
    [ ! -e "$tree/.complete" ] || record_odoo "$tree/usr/lib/python3/dist-packages"
}

use_cloned_odoo() {
    local tree=$STATE/odoo-clone
    say "  Debian's package could not be had: a clone is tried."
    command -v git >/dev/null || die "No source of Odoo 19 is left to try: git is missing. Install git, or give ODOO_PATH=/path/of/odoo-19."
    step "cloning branch 19.0 of Odoo" clone_odoo "$tree"
    record_odoo "$tree"
}

clone_odoo() {
    rm -rf "$1.new"
    git clone -q --depth 1 --single-branch -b 19.0 "$ODOO_GIT" "$1.new"
    rm -rf "$1"
    mv "$1.new" "$1"
}

# --- Debian's package ------------------------------------------------------------

debian_mirror() {
    local site
    # shellcheck disable=SC2016  # apt fills that in
    [ -r "$DEBIAN_KEYRING" ] || return 1
    site=$(apt-get indextargets --format '$(SITE)' 'Created-By: Packages' 'Origin: Debian' 2>/dev/null | head -n 1)
    [ -n "$site" ] && echo "$site"
}

# apt_sid COMMAND…: apt-get with a list of its own; the system's is not touched.
apt_sid() {
    apt-get -q -o Dir::Etc::sourcelist="$STATE/apt/sources.list" -o Dir::Etc::sourceparts=- \
        -o Dir::State::Lists="$STATE/apt/lists" -o Dir::Cache="$STATE/apt/cache" \
        -o APT::Sandbox::User="$(id -un)" -o Debug::NoLocking=1 "$@"
}

# The suites of the machine and Debian's unstable, in a list file of our own.
write_apt_lists() {
    mkdir -p "$STATE/apt/lists/partial" "$STATE/apt/cache/archives/partial"
    echo "deb [signed-by=$DEBIAN_KEYRING] $(debian_mirror) sid main" >"$STATE/apt/sources.list"
}

fetch_debian_odoo() {
    local tree=$1 deb
    write_apt_lists
    apt_sid -o APT::Update::Error-Mode=any update
    apt_sid --print-uris download odoo-19 | grep -q '_19\.0' || {
        echo "Debian offers no Odoo 19.0 any more"
        return 1
    }
    mkdir -p "$STATE/download"
    cd "$STATE/download" || return 1
    # apt takes up a partial file and checks every sum; a damaged one goes first
    drop_damaged_downloads
    apt_sid download odoo-19 fonts-montserrat "${ODOO_LINKED[@]}"
    rm -rf "$tree.new" && mkdir "$tree.new"
    for deb in *.deb; do
        dpkg-deb -x "$deb" "$tree.new"
    done
    stub_left_out_files "$tree.new"
    touch "$tree.new/.complete"
    rm -rf "$tree"
    mv "$tree.new" "$tree"
    rm -f "$STATE"/download/*.deb
}

drop_damaged_downloads() {
    local deb
    for deb in *.deb; do
        [ -e "$deb" ] || continue
        dpkg-deb --fsys-tarfile "$deb" >/dev/null 2>&1 || rm -f "$deb"
    done
}

# Debian leaves one script out; the back office logs an error for it.
stub_left_out_files() {
    local stub=$1/usr/lib/python3/dist-packages/odoo/addons/mail/static/lib/selfie_segmentation/selfie_segmentation.js
    [ -e "$stub" ] || {
        mkdir -p "${stub%/*}"
        echo "// left out of the package: blurring of video backgrounds" >"$stub"
    }
}

# --- running it ------------------------------------------------------------------

# Odoo takes the module's name from its folder: one of that name, with a link to each
# part of the module. A link to the whole checkout would lead Odoo, which follows
# links when it collects strings, round in a circle through the state folder.
link_module() {
    local farm=$STATE/addons/$MODULE part
    [ ! -L "$farm" ] || rm "$farm"
    mkdir -p "$farm"
    for part in "$ROOT"/*; do
        case ${part##*/} in dev | __pycache__) continue ;; esac
        [ "$part" -ef "$STATE" ] || [ "$(readlink "$farm/${part##*/}")" = "$part" ] || ln -sfn "$part" "$farm/${part##*/}"
    done
    find "$farm" -maxdepth 1 -xtype l -delete
}

ensure_config() {
    local extra=
    link_module
    [ ! -d "$ODOO_HOME/addons/web" ] || extra=,$ODOO_HOME/addons
    place_cluster
    # mail goes to a port where nobody listens: demo people have real-looking addresses
    cat >"$STATE/odoo.conf.new" <<CONF
[options]
addons_path = $STATE/addons$extra
data_dir = $STATE/filestore
db_host = $PG_SOCKET
db_port = $PG_PORT
db_user = $PG_ROLE
http_interface = 127.0.0.1
http_port = $PORT
smtp_port = 9
CONF
    mv "$STATE/odoo.conf.new" "$STATE/odoo.conf"
    export PATH=$NODE_BIN:$VENV/bin:$PG_BIN:$PATH
    export ODOO_RC=$STATE/odoo.conf PGHOST=$PG_SOCKET PGPORT=$PG_PORT PGUSER=$PG_ROLE PGDATABASE=postgres
}

odoo() { "$VENV/bin/python" -m odoo "$@" 9>&-; }

# odoo_version: what a template depends on, besides the modules in it.
odoo_version() {
    { echo "$ODOO_HOME"; stat -c %Y "$ODOO_HOME/odoo/release.py"; } | sha256sum | cut -c 1-10
}

# odoo_init DB ARGUMENT…: install or update, and fail when Odoo only logs a failure.
odoo_init() {
    local db=$1
    shift
    odoo -d "$db" --no-http --stop-after-init --max-cron-threads=0 "$@"
}
