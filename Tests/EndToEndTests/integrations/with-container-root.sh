#!/bin/sh
# The container's restrictions without an engine: the second stage's packages in an empty Debian, user 10001, no capabilities, a
# read-only root file system.
# packages: mmdebstrap jq
. ./common.sh

dockerfile=$DEPLOY/docker/Dockerfile
packages=$(sed -n '/^FROM debian/,$s/.*--no-install-recommends \([^\\]*\).*/\1/p' "$dockerfile" | tr -s ' ' ',' | sed 's/,$//')
root=/var/tmp/image
# Made while there was a network: see "# before" in enter.sh.
[ -d "$root/usr" ] || fail "the image's root is missing"
echo "packages: $packages"
user=$(sed -n 's/^USER \([0-9]*\):.*/\1/p' "$dockerfile")
install -d -o "$user" -g "$user" -m 0700 "$root/var/lib/gatehouse"
install -m 0755 /opt/gatehouse/programs/gatehouse "$root/usr/bin/gatehouse"
install -d "$root/etc/gatehouse" "$root/srv/gatehouse/exports"
cp "$SAMPLES/web_chat/generic-message-en.json" "$root/srv/gatehouse/exports/"
start_ticket_sink
# The CronJob's own configuration, with the sandbox's ticket endpoint.
sed -n '/gatehouse.jsonc: |/,/^---/p' "$DEPLOY/kubernetes/cronjob.yaml" | sed '1d; /^---/d; s/^    //' \
    | sed 's#https://desk.example.org/tickets#http://127.0.0.1:8099/tickets#; s/"after": "keep"/"settle_seconds": 0/' \
    >"$root/etc/gatehouse/gatehouse.jsonc"
mount --bind "$root" "$root"
mount --bind "$root/var/lib/gatehouse" "$root/var/lib/gatehouse"
mount -o remount,bind,ro "$root"
mount -t proc proc "$root/proc"
touch "$root/usr/bin/x" 2>/dev/null && fail "the root file system is not read-only"
chroot "$root" ldd /usr/bin/gatehouse | grep 'not found' && fail "the image misses libraries"
contained() {
    chroot "$root" /usr/bin/env -i TICKET_PASSWORD=x /usr/bin/setpriv --reuid "$user" --regid "$user" --clear-groups \
        --no-new-privs --bounding-set=-all --inh-caps=-all /usr/bin/gatehouse "$@"
}
contained run --config /etc/gatehouse/gatehouse.jsonc
contained status --config /etc/gatehouse/gatehouse.jsonc
expect "tickets" "$(ticket_count)" 1
# Without /proc a program can't know its own words: that must not look like a word that is wrong, which a mail server bounces on.
umount "$root/proc"
code=0
contained ingest --mda --config /etc/gatehouse/gatehouse.jsonc <"$SAMPLES/email/account-stolen-en.eml" || code=$?
expect "exit code without /proc" "$code" 75
proved "the image's packages suffice; runs as $user without capabilities on a read-only root"
