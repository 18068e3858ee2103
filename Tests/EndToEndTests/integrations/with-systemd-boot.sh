#!/bin/sh
# systemd itself, as the sandbox's first process: the timer starts the service, and all that the unit forbids does not keep it from its
# work.
# packages: systemd jq
. ./common.sh

# Second part, as a unit of that systemd: waits for the timer's work.
if [ "${1:-}" = inside ]; then
    # So that all that was said is copied before everything ends.
    trap 'sleep 1' EXIT
    systemctl() { command systemctl "$@"; }
    follow systemd
    follow docs/quick-start 5
    start_ticket_sink
    has_tickets() { [ "$(ticket_count)" -eq "$1" ]; }
    systemctl start gatehouse.service || { journalctl -u gatehouse.service; fail "the service fails"; }
    wait_for 10 "the ticket by the service" has_tickets 1
    put_mail second "Somebody emptied my account"
    wait_for 90 "the ticket by the timer" has_tickets 2
    expect "mails marked as seen" "$(find /srv/mail/support/Maildir/cur -name '*:2,S' | wc -l)" 2
    expect "result" "$(systemctl show -P Result gatehouse.service)" success
    # The timer's next run may be at work; the unit's own view of the system is what counts.
    expect "mode of the state" "$(stat -c '%a %U' /var/lib/gatehouse)" "700 gatehouse"
    # Without a configuration nothing runs, and nothing fails.
    systemctl stop gatehouse.timer
    mv /etc/gatehouse/gatehouse.jsonc /var/tmp/gatehouse.jsonc
    systemctl start gatehouse.service || fail "without a configuration the unit fails"
    mv /var/tmp/gatehouse.jsonc /etc/gatehouse/gatehouse.jsonc
    # What the service may not do: write elsewhere. A Maildir that is not in ReadWritePaths= is an error that is said.
    rm /etc/systemd/system/gatehouse.service.d/paths.conf
    systemctl daemon-reload
    put_mail third "One more"
    systemctl start gatehouse.service || true
    journalctl -u gatehouse.service -o cat | tail -n 5
    journalctl -u gatehouse.service -o cat | grep -q 'Read-only file system' \
        || fail "the unit may write to a Maildir that was not named"
    proved "started by its timer under a real systemd, with all its restrictions"
    exit 0
fi

[ $$ -eq 1 ] || { echo "skipped: systemd has to be the first process, and is not in here"; exit 77; }
install_gatehouse '[{ "name": "support-mail", "type": "maildir", "path": "/srv/mail/support/Maildir", "after": "seen",
                      "account": "support@example.org" }]'
put_mail first "I cannot log in"
install -d /etc/systemd/system/gatehouse.service.d /etc/systemd/system/gatehouse.timer.d
printf '[Service]\nReadWritePaths=/srv/mail/support/Maildir\n' >/etc/systemd/system/gatehouse.service.d/paths.conf
printf '[Timer]\nOnBootSec=\nOnUnitInactiveSec=\nOnActiveSec=3\nOnUnitInactiveSec=10\n' >/etc/systemd/system/gatehouse.timer.d/soon.conf
cat >/etc/systemd/system/proof.service <<END
[Service]
Type=oneshot
ExecStart=/bin/sh ./with-systemd-boot.sh inside
ExecStopPost=/bin/sh -c 'systemctl exit \$EXIT_STATUS'
WorkingDirectory=$PWD
StandardOutput=file:/var/tmp/proof.log
StandardError=file:/var/tmp/proof.log
END
cat >/etc/systemd/system/proof.target <<'END'
[Unit]
Requires=basic.target proof.service
After=basic.target
AllowIsolate=yes
END
# Other packages' units have no business here.
rm -rf /etc/systemd/system/*.wants
for unit in systemd-udevd systemd-udev-trigger systemd-networkd systemd-resolved systemd-timesyncd systemd-logind; do
    ln -sf /dev/null "/etc/systemd/system/$unit.service"
done
mount --make-rprivate / 2>/dev/null || true
umount -l /sys/fs/cgroup 2>/dev/null || true
mkdir -p /sys/fs/cgroup
mount -t cgroup2 cgroup2 /sys/fs/cgroup || { echo "skipped: this machine mounts no cgroup2 in here"; exit 77; }
: >/var/tmp/proof.log
# systemd has its own idea of standard output; what the unit says is copied to ours.
tail -n +1 -f /var/tmp/proof.log &
exec env container=sandbox /lib/systemd/systemd --unit=proof.target --show-status=no
