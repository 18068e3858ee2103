#!/bin/sh
# In the sandbox: installs what the script's line "# packages: …" names, gives up the network, and runs it.
set -eu
cd /opt/gatehouse/integrations
script=$1.sh
packages=$(sed -n 's/^# packages: //p' "$script")
missing=
for package in $packages iproute2; do
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
exec unshare --net sh -c 'ip link set lo up && exec sh "$1"' sh "./$script"
