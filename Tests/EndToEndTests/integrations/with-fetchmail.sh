#!/bin/sh
# fetchmail fetches from a Dovecot and hands over; what was not taken stays unseen and comes again; nobody is written to.
# packages: fetchmail dovecot-core dovecot-imapd jq
. ./common.sh

start_ticket_sink
install_gatehouse '[]'
start_dovecot
# The sandbox's server has no TLS.
sed -i 's/ssl sslcertck/sslproto ""/; s/imap.example.org/127.0.0.1/; s/password "…"/password "imap-password"/' \
    "$DEPLOY/fetchmail/fetchmailrc"
fetch() { runuser -u gatehouse -- env HOME=/var/lib/gatehouse fetchmail; }

put_mail first "I cannot log in"
follow fetchmail
expect "accepted" "$(input_count accepted)" 1
code=0
fetch || code=$?
expect "fetchmail's word for: no new mail" "$code" 1
put_mail second "Somebody emptied my account"
chmod 0 /etc/gatehouse/gatehouse.jsonc
fetch || true
chmod 644 /etc/gatehouse/gatehouse.jsonc
expect "accepted during the fault" "$(input_count accepted)" 1
fetch || true
as_gatehouse run
expect "tickets" "$(ticket_count)" 2
expect "taken in as written" "$(newest '.data.from[0].email')" ana@example.net
doveadm stop
proved "fetched once each; what a fault left comes with the next call"
