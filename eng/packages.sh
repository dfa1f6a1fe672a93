# Sourced by run.sh and test.sh: installs the Debian packages that PackRelay stands on.

# The servers and native libraries of a running hub.
hub_packages=(postgresql redis-server rabbitmq-server influxdb libsodium23 libxxhash0 libzstd1)

# ensure_packages NAME...: installs what is missing when that needs no prompt; otherwise prints the command and exits with status 3.
ensure_packages() {
    command -v dpkg-query >/dev/null || return 0 # not Debian: the AppHost names the servers that it does not find
    local name missing=()
    for name in "$@"; do
        [ "$(dpkg-query -W -f '${db:Status-Status}' "$name" 2>/dev/null)" = installed ] || missing+=("$name")
    done
    [ ${#missing[@]} -gt 0 ] || return 0

    if [ "$(id -u)" = 0 ]; then
        install_packages "${missing[@]}"
    elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
        install_packages "${missing[@]}"
    else
        echo "Debian packages are missing. Install them, then start again:" >&2
        echo "  sudo apt-get update && sudo apt-get install --yes --no-install-recommends ${missing[*]}" >&2
        exit 3
    fi
}

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi
}

install_packages() {
    echo "Installing Debian packages: $*"
    # The packages would start servers of their own on the well-known ports; PackRelay starts private ones and needs none of those.
    local policy=/usr/sbin/policy-rc.d made_policy=
    if [ ! -e "$policy" ]; then
        printf '#!/bin/sh\nexit 101\n' | as_root tee "$policy" >/dev/null
        as_root chmod 755 "$policy"
        made_policy=yes
    fi
    local status=0
    { as_root apt-get update -qq && as_root env DEBIAN_FRONTEND=noninteractive apt-get install --yes -qq --no-install-recommends "$@" >/dev/null; } || status=$?
    [ -z "$made_policy" ] || as_root rm -f "$policy"
    if [ "$status" != 0 ]; then
        echo "apt-get could not install: $*" >&2
        exit "$status"
    fi
}

ensure_dotnet() {
    command -v dotnet >/dev/null && return 0
    echo "The .NET 10 SDK is missing: 'dotnet' is not on the PATH." >&2
    exit 3
}
