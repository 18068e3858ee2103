#!/bin/sh
# cron: the line of deploy/cron makes tickets by itself, and stays silent.
# packages: cron jq
. ./common.sh

start_ticket_sink
install_gatehouse '[{ "name": "support-mail", "type": "maildir", "path": "/srv/mail/support/Maildir",
                      "account": "support@example.org" }]'
put_mail first "I cannot log in"
follow cron
# cron would mail what a run says: here a file gets it.
cat >/usr/sbin/sendmail <<'END'
#!/bin/sh
cat >>/var/tmp/cron-mail
END
chmod 755 /usr/sbin/sendmail
cron
has_tickets() { [ "$(ticket_count)" -eq "$1" ]; }
wait_for 75 "the first run" has_tickets 1
put_mail second "Somebody emptied my account"
wait_for 75 "the second run" has_tickets 2
expect "mails of cron" "$(cat /var/tmp/cron-mail 2>/dev/null | wc -c)" 0

# A complaint is mailed.
echo '{' >/etc/gatehouse/gatehouse.jsonc
wait_for 75 "the complaint" test -s /var/tmp/cron-mail
grep -q 'gatehouse.jsonc:' /var/tmp/cron-mail || fail "cron mailed: $(cat /var/tmp/cron-mail)"
proved "a ticket within the minute, twice; silence where all is well, a mail where not"
