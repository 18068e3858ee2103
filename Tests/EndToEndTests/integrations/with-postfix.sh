#!/bin/sh
# Postfix: a mail becomes a ticket by the transport and by the alias; what goes wrong for a while stays in Postfix's queue; nothing
# bounces.
# packages: postfix swaks jq iproute2
. ./common.sh

start_ticket_sink
install_gatehouse '[]'
start_postfix 'relay_domains = example.org' # desk.example is local
follow postfix 1
follow postfix 2

send_mail support@example.org by-transport "Somebody emptied my account"
send_mail support@desk.example by-alias "I cannot log in"
wait_for 20 "delivery" queue_is_empty
expect "accepted" "$(input_count accepted)" 2
as_gatehouse run
expect "tickets" "$(ticket_count)" 2
expect "tickets by the transport" "$(ticket_count 'Somebody emptied my account')" 1
expect "account by the transport" "$(ticket_count '"account":"support@example.org"')" 2
expect "Delivered-To and Return-Path are not the customer's text" "$(ticket_count 'Delivered-To')" 0

# A second copy of a mail is known.
send_mail support@example.org by-transport "Somebody emptied my account"
wait_for 20 "delivery of the copy" queue_is_empty
expect "duplicates" "$(input_count duplicate)" 1

# The state can't be written for a while: both ways answer 75, Postfix keeps both mails.
break_state
send_mail support@example.org waits-transport "Transport during the fault"
send_mail support@desk.example waits-alias "Alias during the fault"
wait_for 20 "two deferrals" deferred_is 2
expect "queue" "$(queue_length)" 2
grep 'status=deferred' /var/log/postfix.log | tail -n 2

# The configuration is broken: the same.
mend_state
cp /etc/gatehouse/gatehouse.jsonc /var/tmp/good
echo '{' >/etc/gatehouse/gatehouse.jsonc
postqueue -f
wait_for 20 "deferrals by the configuration" deferred_is 4
# The program itself is gone, as between two installations.
cp /var/tmp/good /etc/gatehouse/gatehouse.jsonc
mv /usr/local/bin/gatehouse /var/tmp/gatehouse
postqueue -f
sleep 2
mv /var/tmp/gatehouse /usr/local/bin/gatehouse
tail -n 4 /var/log/postfix.log
expect "queue without a program" "$(queue_length)" 2

postqueue -f
wait_for 20 "delivery after the fault" queue_is_empty
as_gatehouse run
expect "tickets after the fault" "$(ticket_count)" 4
expect "bounces" "$(bounces)" 0
postfix stop
proved "transport and alias make tickets; three kinds of fault leave the mails in the queue; no bounce"
