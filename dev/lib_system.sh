#!/usr/bin/env bash
# Debian packages, the Python environment and rtlcss. Sourced by lib.sh.
# shellcheck disable=SC2034  # what one file sets, another uses

# --- rights ------------------------------------------------------------------

as_root() {
    if [ "$(id -u)" -eq 0 ]; then
        "$@"
    else
        sudo -n env DEBIAN_FRONTEND=noninteractive ${http_proxy:+http_proxy="$http_proxy"} \
            ${https_proxy:+https_proxy="$https_proxy"} "$@"
    fi
}

may_be_root() {
    [ "$(id -u)" -eq 0 ] || { command -v sudo >/dev/null && sudo -n true 2>/dev/null; }
}

# Ask for sudo's password once, here, where a person still looks.
need_root() {
    may_be_root && return 0
    if [ -t 0 ] && command -v sudo >/dev/null; then
        say "sudo is needed to install: $*"
        sudo -v && return 0
    fi
    die "These Debian packages are missing: $*. Run once as root or as a user who may use sudo, or ask an administrator for: apt-get install $*"
}

# --- Debian packages -----------------------------------------------------------

has_package() {
    [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]
}

postgres_bin() {
    local initdb
    initdb=$(find /usr/lib/postgresql/*/bin/initdb 2>/dev/null | sort -V | tail -n 1 || true)
    [ -n "$initdb" ] || initdb=$(command -v initdb || true)
    [ -n "$initdb" ] || return 1
    dirname "$(readlink -f "$initdb")"
}

python_is_right() {
    "$1" -c 'import sys, ensurepip, venv; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null
}

# The first Python that fits and that everybody may run.
find_python() {
    local candidate
    for candidate in ${PYTHON:+"$PYTHON"} python3 /usr/bin/python3 python3.11 python3.12 python3.13; do
        python_is_right "$candidate" && {
            "$candidate" -c 'import sys; print(sys.executable)'
            return 0
        }
    done
    return 1
}

missing_packages() {
    local package
    for package in poppler-utils libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 \
        fonts-hosny-amiri fonts-noto-core ca-certificates; do
        has_package "$package" || echo "$package"
    done
    command -v chromium >/dev/null || echo chromium
    find_python >/dev/null || echo python3 python3-venv
    postgres_bin >/dev/null || echo postgresql
    command -v node >/dev/null || echo nodejs
    command -v npm >/dev/null || echo npm
}

ensure_debian_packages() {
    local missing
    command -v apt-get >/dev/null || die "This set-up is for Debian 12 (apt-get was not found)."
    mapfile -t missing < <(missing_packages | tr ' ' '\n')
    [ "${#missing[@]}" -gt 0 ] || return 0
    need_root "${missing[@]}"
    step "installing from Debian: ${missing[*]}" install_packages "${missing[@]}"
    mapfile -t missing < <(missing_packages)
    [ "${#missing[@]}" -eq 0 ] || die "Still missing after the installation: ${missing[*]}. Install them by hand, then run the command again."
}

# Debian's package would create and start a cluster of the system's own: a
# configuration snippet forbids that while the package is being installed.
install_packages() {
    local snippet=/etc/postgresql-common/createcluster.d/$MODULE-$$.conf
    local fresh=0 status=0
    [ -d /etc/postgresql-common ] || fresh=1
    as_root dpkg --configure -a
    as_root apt-get -q -o APT::Update::Error-Mode=any update
    as_root mkdir -p "${snippet%/*}"
    echo 'create_main_cluster = false' | as_root tee "$snippet" >/dev/null
    as_root apt-get -q -y -o DPkg::Lock::Timeout=300 install --no-install-recommends "$@" || status=$?
    as_root rm -f "$snippet"
    if [ "$fresh" -eq 1 ] && ! has_package postgresql-common; then
        as_root rmdir --ignore-fail-on-non-empty -p "${snippet%/*}" 2>/dev/null || true
    fi
    return "$status"
}

# --- Python ------------------------------------------------------------------

ensure_python() {
    local base key
    base=$(find_python)
    key=$({ "$base" -V; cat "$ROOT/dev/requirements.txt"; } | sha256sum | cut -c 1-10)
    if [ ! -e "$STATE/venv-$key/.complete" ]; then
        step "making the Python environment (exact versions)" make_venv "$base" "$STATE/venv-$key"
    fi
    [ "$(readlink "$STATE/venv" || true)" = "venv-$key" ] || {
        [ -L "$STATE/venv" ] || rm -rf "$STATE/venv"
        ln -sfn "venv-$key" "$STATE/venv"
    }
    VENV=$STATE/venv-$key
}

make_venv() {
    rm -rf "$2"
    "$1" -m venv "$2"
    "$2/bin/python" -m pip install -q --disable-pip-version-check --no-deps \
        -r "$ROOT/dev/requirements.txt"
    "$2/bin/python" -m pip check
    touch "$2/.complete"
}

# --- rtlcss ------------------------------------------------------------------

ensure_node() {
    local key
    key=$(sha256sum "$ROOT/dev/node/package-lock.json" | cut -c 1-10)
    [ -x "$STATE/node-$key/node_modules/.bin/rtlcss" ] || step "installing rtlcss" make_node "$STATE/node-$key"
    NODE_BIN=$STATE/node-$key/node_modules/.bin
}

make_node() {
    rm -rf "$1" "$1.new"
    mkdir "$1.new"
    cp "$ROOT"/dev/node/package*.json "$1.new"
    (cd "$1.new" && npm ci --no-audit --no-fund --ignore-scripts)
    mv "$1.new" "$1"
}
