#!/bin/sh
# Exim: a mail becomes a ticket; a fault, and a program that is missing, leave it in Exim's queue; nothing bounces.
# packages: exim4-daemon-light swaks jq
. ./common.sh

start_ticket_sink
install_gatehouse '[]'
sed -i "s/^dc_eximconfig_configtype=.*/dc_eximconfig_configtype='internet'/; s/^dc_use_split_config=.*/dc_use_split_config='true'/
    s/^dc_other_hostnames=.*/dc_other_hostnames='desk.example'/; s/^dc_local_interfaces=.*/dc_local_interfaces='127.0.0.1'/" \
    /etc/exim4/update-exim4.conf.conf
follow exim
exim4 -bdf &
wait_for 20 "Exim" listens 25

accepted_is() { [ "$(input_count accepted)" -eq "$1" ]; }
log_has() { grep -q "$1" /var/log/exim4/mainlog; }
send_mail support@desk.example first "I cannot log in"
wait_for 20 "delivery" accepted_is 1
expect "queue" "$(exim4 -bpc)" 0

break_state
send_mail support@desk.example second "Somebody emptied my account"
wait_for 20 "the deferral" log_has 'T=gatehouse_pipe defer'
expect "queue during the fault" "$(exim4 -bpc)" 1
mend_state
mv /usr/local/bin/gatehouse /var/tmp/gatehouse
exim4 -qff
expect "queue without a program" "$(exim4 -bpc)" 1
mv /var/tmp/gatehouse /usr/local/bin/gatehouse
exim4 -qff
wait_for 20 "delivery after the fault" accepted_is 2
as_gatehouse run
expect "tickets" "$(ticket_count)" 2
expect "account" "$(ticket_count '"account":"support@desk.example"')" 2
# Its own postmaster hears of a frozen mail; the customer hears nothing.
expect "bounces" "$(grep -c -E ' \*\* | (==|=>|->) customer@' /var/log/exim4/mainlog || true)" 0
proved "two tickets; a fault and a missing program leave the mail in the queue; no bounce"
