#!/bin/sh
# In the sandbox: installs what the script's line "# packages: …" names, gives up the network, and runs it.
set -eu
cd /opt/gatehouse/integrations
script=$1.sh
packages=$(sed -n 's/^# packages: //p' "$script")
missing=
for package in $packages iproute2 python3; do
    dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q '^install ok installed' || missing="$missing $package"
done
if [ -n "$missing" ]; then
    # Nothing may start by itself: each script starts its servers, and sees them stop.
    printf '#!/bin/sh\nexit 101\n' >/usr/sbin/policy-rc.d
    chmod 755 /usr/sbin/policy-rc.d
    export DEBIAN_FRONTEND=noninteractive
    # shellcheck disable=SC2086
    if ! apt-get install -y -qq --no-install-recommends $missing >/tmp/apt.log 2>&1; then
        # shellcheck disable=SC2086
        if ! { apt-get update -qq && apt-get install -y -qq --no-install-recommends $missing; } >>/tmp/apt.log 2>&1; then
            tail -n 5 /tmp/apt.log
            echo "skipped: these packages can't be had here:$missing"
            exit 77
        fi
    fi
fi
# A container's root, as its Dockerfile has it, for the script that asks for one.
if [ "$script" = with-container-root.sh ]; then
    list=$(sed -n '/^FROM debian/,$s/.*--no-install-recommends \([^\\]*\).*/\1/p' ../deploy/docker/Dockerfile | tr -s ' ' ',' | sed 's/,$//')
    mmdebstrap --quiet --variant=apt --include="$list" bookworm /var/tmp/image >/tmp/mmdebstrap.log 2>&1 || {
        tail -n 3 /tmp/mmdebstrap.log
        echo "skipped: an empty Debian 12 can't be had here"
        exit 77
    }
fi
exec unshare --net sh -c 'ip link set lo up && exec sh "$1"' sh "./$script"
