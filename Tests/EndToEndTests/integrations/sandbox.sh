#!/bin/sh
# Runs one script of this folder in a sandbox: sandbox.sh PROGRAMS NAME. Exit code 77: skipped, for the reason that is printed.
#
# An overlay of this machine's root, in namespaces of its own for mounts, processes and, once the packages are there, the network.
# It goes with its last process.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
repository=$(cd "$here/../../.." && pwd)

skip() {
    echo "skipped: $*"
    exit 77
}

# Outside: checks what is needed, then comes back inside of the namespaces.
outside() {
    [ "$(id -u)" = 0 ] || skip "needs root, for a sandbox with servers in it"
    command -v apt-get >/dev/null 2>&1 || skip "needs Debian's packages"
    unshare --mount --pid --fork --kill-child true 2>/dev/null || skip "this machine gives no namespaces"
    mount_point=$(mktemp -d /var/tmp/gatehouse-sandbox.XXXXXX)
    code=0
    unshare --mount --pid --fork --kill-child sh "$0" "$1" "$2" "$mount_point" || code=$?
    rmdir "$mount_point"
    exit "$code"
}

# In the namespaces: the overlay and what a system mounts on its root.
inside() {
    top=$3
    root=$top/root
    mount -t tmpfs -o mode=0755 tmpfs "$top"
    mkdir "$top/upper" "$top/work" "$root"
    mount -t overlay overlay -o "lowerdir=/,upperdir=$top/upper,workdir=$top/work" "$root" 2>/dev/null \
        || skip "this machine mounts no overlay"
    mount -t proc proc "$root/proc"
    mount --rbind /dev "$root/dev"
    mount --rbind /sys "$root/sys"
    mount -t tmpfs -o mode=0755 tmpfs "$root/run"
    mount -t tmpfs -o mode=1777 tmpfs "$root/tmp"
    mkdir -p "$root/run/lock" "$root/opt/gatehouse/programs"
    cp "$1/gatehouse" "$1/ticket-sink" "$root/opt/gatehouse/programs/"
    cp -R "$repository/deploy" "$repository/Samples" "$root/opt/gatehouse/"
    cp "$repository"/*.md "$repository/LICENSE" "$repository/NOTICE" "$root/opt/gatehouse/"
    cp -R "$here" "$root/opt/gatehouse/integrations"
    exec chroot "$root" sh /opt/gatehouse/integrations/enter.sh "$2"
}

if [ $# -eq 2 ]; then outside "$@"; else inside "$@"; fi
