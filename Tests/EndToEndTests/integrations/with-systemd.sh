#!/bin/sh
# systemd: verify finds nothing, exposure is at most 2.0, and the system calls of a run are those that the unit allows.
# packages: systemd strace jq
. ./common.sh

start_ticket_sink
install_gatehouse '[{ "name": "support-mail", "type": "maildir", "path": "/srv/mail/support/Maildir",
                      "account": "support@example.org" }]'
# What stands beside other packages' units is not ours.
units=/usr/local/lib/systemd/system
systemd-analyze verify $units/gatehouse.service $units/gatehouse.timer 2>&1 | grep gatehouse && fail "verify has complaints"
systemd-analyze security --offline=true --threshold=20 $units/gatehouse.service >/var/tmp/security || fail "exposed: $(tail -n 1 /var/tmp/security)"
exposure=$(sed -n 's/.*exposure level for gatehouse.service: \([0-9.]*\).*/\1/p' /var/tmp/security)
systemd-analyze calendar minutely >/dev/null

# No systemd runs in here, so its filter of system calls is held against what runs really do.
put_mail first "I cannot log in"
runuser -u gatehouse -- strace -f -o /var/lib/gatehouse/trace -- /usr/local/bin/gatehouse run
expect "tickets" "$(ticket_count)" 1
runuser -u gatehouse -- strace -f -o /var/lib/gatehouse/trace2 -- /usr/local/bin/gatehouse purge --older-than 0d || true
sed -n 's/^[0-9]* *\([a-z0-9_]*\)(.*/\1/p' /var/lib/gatehouse/trace /var/lib/gatehouse/trace2 | sort -u >/var/tmp/calls
# The calls of a set and of the sets within it.
calls_of() {
    systemd-analyze syscall-filter "$1" | sed -n 's/^    \([@a-z0-9_-]*\)$/\1/p' | while read -r word; do
        case $word in @*) calls_of "$word" ;; *) echo "$word" ;; esac
    done
}
calls_of @system-service | sort -u >/var/tmp/system-service
{ calls_of @privileged && calls_of @resources; } | sort -u >/var/tmp/forbidden
# And the calls that the unit names one by one.
named() { sed -n 's/^SystemCallFilter=\([a-z0-9_]*\)$/\1/p' $units/gatehouse.service; }
{ comm -23 /var/tmp/system-service /var/tmp/forbidden && named; } | sort -u >/var/tmp/allowed
[ "$(wc -l </var/tmp/allowed)" -gt 100 ] || fail "systemd's sets of system calls can't be read"
refused=$(comm -23 /var/tmp/calls /var/tmp/allowed | tr '\n' ' ')
expect "system calls outside of the unit's filter" "$refused" ""
proved "verify silent, exposure $exposure, $(wc -l </var/tmp/calls) system calls of a run all within the filter"
