#!/bin/sh
# The Debian package: builds, has no error for lintian, installs, runs, is upgraded, removed and purged.
# packages: dpkg-dev binutils lintian adduser jq man-db sqlite3 tzdata ca-certificates libcurl4 libsqlite3-0 zlib1g
. ./common.sh

# One second here counts for more than a few bytes of a package.
export DEB_LEVEL=1
package() { DEB_VERSION=$1 "$DEPLOY/debian/build-deb.sh" /opt/gatehouse/programs/gatehouse /var/tmp/deb; }
# `make deb` of the pages, with the program that was built outside; as make does, not a second time.
make() {
    expect "the only target" "$*" deb
    if ! ls .build/gatehouse_*.deb 2>/dev/null; then "$DEPLOY/debian/build-deb.sh" programs/gatehouse .build; fi
}

old=$(package 0.1.0)
new=$(package 0.2.0)
follow debian
dpkg --purge gatehouse
follow docs/quick-start 1
dpkg --purge gatehouse
cmp "$old" /opt/gatehouse/.build/gatehouse_*.deb || fail "the same sources do not give the same package"
lintian --allow-root --fail-on error,warning "$new" || fail "lintian has errors"

getent passwd gatehouse && fail "the user is there before the package"
traces() { find /etc /usr /var /home /root -name '*gatehouse*' -not -path '/var/tmp/*' | sort; }
traces >/var/tmp/before
dpkg -i "$old" || fail "the package does not install"
expect "mode of the state" "$(stat -c '%a %U %G' /var/lib/gatehouse)" "700 gatehouse gatehouse"
expect "mode of the configuration" "$(stat -c '%a %U %G' /etc/gatehouse)" "750 root gatehouse"
gatehouse --version
man -w gatehouse gatehouse.jsonc
needed=$(readelf -d /usr/bin/gatehouse | sed -n 's/.*NEEDED.*\[\(.*\)\]/\1/p' | sort | tr '\n' ' ')
expect "libraries" "$needed" "ld-linux-x86-64.so.2 libc.so.6 libcrypto.so.3 libm.so.6 libsqlite3.so.0 libz.so.1 "
dpkg-query -W -f '${Depends}' gatehouse | grep -q 'libcurl4 (>= ' || fail "the package does not depend on libcurl, which is loaded when it is needed"
for package in $(dpkg-query -W -f '${Depends}' gatehouse | sed 's/([^)]*)//g; s/,/ /g'); do
    dpkg-query -W -f '${Status}' "$package" | grep -q '^install ok installed' || fail "there is no package $package"
done
systemd-analyze verify /usr/lib/systemd/system/gatehouse.service /usr/lib/systemd/system/gatehouse.timer
expect "the timer" "$(systemctl is-enabled gatehouse.timer)" enabled

# It runs, with a configuration by its own hand.
start_ticket_sink
install -d -o gatehouse -g gatehouse /var/mail/support
cp -R "$SAMPLES/email/maildir" /var/mail/support/Maildir
chown -R gatehouse: /var/mail/support
gatehouse init --output /etc/gatehouse/gatehouse.jsonc --state-dir /var/lib/gatehouse --maildir /var/mail/support/Maildir \
    --account support@example.org --preset generic-json --url http://127.0.0.1:8099/tickets
chgrp gatehouse /etc/gatehouse/gatehouse.jsonc
chmod 640 /etc/gatehouse/gatehouse.jsonc
runuser -u gatehouse -- gatehouse check
runuser -u gatehouse -- gatehouse run
expect "tickets" "$(ticket_count)" 3

# An upgrade keeps state and configuration, and what a person has decided about the timer.
systemctl disable gatehouse.timer
cp "$new" /opt/gatehouse/
follow docs/upgrading 1
follow docs/upgrading 2
expect "the copy" "$(sqlite3 /backup/gatehouse.sqlite3 'SELECT count(*) FROM message')" 3
expect "the timer after the upgrade" "$(systemctl is-enabled gatehouse.timer || true)" disabled
runuser -u gatehouse -- gatehouse run
runuser -u gatehouse -- gatehouse reconcile
expect "tickets after the upgrade" "$(ticket_count)" 3

dpkg -r gatehouse
[ -f /var/lib/gatehouse/gatehouse.sqlite3 ] || fail "remove deleted the state"
[ -f /etc/gatehouse/gatehouse.jsonc ] || fail "remove deleted the configuration"
dpkg -i "$new"
runuser -u gatehouse -- gatehouse run
expect "tickets after removing and installing" "$(ticket_count)" 3
dpkg --purge gatehouse || fail "the package does not go"
traces >/var/tmp/after
diff /var/tmp/before /var/tmp/after || fail "purge leaves something"
getent passwd gatehouse && fail "purge leaves the user"
getent group gatehouse && fail "purge leaves the group"
proved "lintian without errors and warnings; installed, run, upgraded, removed, purged without a trace; built twice the same"
