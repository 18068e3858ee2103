#!/bin/sh
# getmail fetches from a Dovecot and hands over; what was not taken comes again, what was taken does not.
# packages: getmail6 dovecot-core dovecot-imapd jq
. ./common.sh

start_ticket_sink
install_gatehouse '[]'
secret imap.password imap-password
start_dovecot
# The sandbox's server has no TLS.
sed -i 's/SimpleIMAPSSLRetriever/SimpleIMAPRetriever/; s/imap.example.org/127.0.0.1/' "$DEPLOY/getmail/getmailrc"
fetch() { runuser -u gatehouse -- getmail --getmaildir /var/lib/gatehouse/.getmail; }

put_mail first "I cannot log in"
follow getmail
expect "accepted" "$(input_count accepted)" 1
fetch
expect "fetched again" "$(input_count duplicate)" 0

# getmail's own memory lies in the state's folder, so only the database is broken here.
put_mail second "Somebody emptied my account"
chmod 0 /etc/gatehouse/gatehouse.jsonc
fetch || true
chmod 644 /etc/gatehouse/gatehouse.jsonc
expect "accepted during the fault" "$(input_count accepted)" 1
fetch
as_gatehouse run
expect "tickets" "$(ticket_count)" 2
expect "taken in as written" "$(newest '.data.from[0].email')" ana@example.net
doveadm stop
proved "fetched once each; what a fault left comes with the next call"
