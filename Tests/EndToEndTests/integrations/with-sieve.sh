#!/bin/sh
# Dovecot's Sieve: a mail is handed over as it is delivered; on a fault it stays in the mailbox, from where poll takes it.
# packages: dovecot-core dovecot-sieve dovecot-imapd jq
. ./common.sh

start_ticket_sink
install_gatehouse '[{ "name": "support-mail", "type": "maildir", "path": "/srv/mail/support/Maildir",
                      "account": "support@example.org" }]'
start_dovecot 'protocol lda {
  mail_plugins = $mail_plugins sieve
}
postmaster_address = postmaster@example.org
service auth {
  unix_listener auth-userdb {
    mode = 0666
  }
}'
follow sieve

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
