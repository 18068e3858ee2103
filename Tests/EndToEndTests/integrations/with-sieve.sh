#!/bin/sh
# Dovecot's Sieve: a mail is handed over as it is delivered; on a fault it stays in the mailbox, from where poll takes it.
# packages: dovecot-core dovecot-sieve dovecot-imapd jq
. ./common.sh

start_ticket_sink
install_gatehouse '[{ "name": "support-mail", "type": "maildir", "path": "/srv/mail/support/Maildir",
                      "account": "support@example.org" }]'
install -D -m 0755 "$deploy/sieve/gatehouse-ingest" /usr/local/lib/gatehouse/sieve/gatehouse-ingest
install -D -m 0644 "$deploy/sieve/gatehouse.sieve" /etc/gatehouse/sieve/gatehouse.sieve
install -m 0644 "$deploy/sieve/90-gatehouse.conf" /etc/dovecot/conf.d/90-gatehouse.conf
start_dovecot 'protocol lda {
  mail_plugins = $mail_plugins sieve
}
postmaster_address = postmaster@example.org
service auth {
  unix_listener auth-userdb {
    mode = 0666
  }
}'
sievec /etc/gatehouse/sieve/gatehouse.sieve
doveadm reload

deliver() { mail "$@" | /usr/lib/dovecot/dovecot-lda -d support@example.org; }
deliver first "I cannot log in"
expect "accepted by Sieve" "$(input_count accepted)" 1
expect "mails in the mailbox" "$(find /srv/mail/support/Maildir/new -type f | wc -l)" 1

break_state
deliver second "Somebody emptied my account" || true
mend_state
expect "mails in the mailbox after the fault" "$(find /srv/mail/support/Maildir/new -type f | wc -l)" 2
as_gatehouse run
expect "duplicates" "$(input_count duplicate)" 1
expect "tickets" "$(ticket_count)" 2
expect "the one of the fault" "$(ticket_count 'emptied my account')" 1
doveadm stop
proved "handed over at delivery; on a fault kept in INBOX and polled; the rest known as duplicates"
