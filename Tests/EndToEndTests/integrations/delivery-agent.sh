#!/bin/sh
# What holds for each program behind Postfix that hands mails on.

# prove_delivery_agent NAME: a program behind Postfix that hands mails on, set up as its page says in two steps.
prove_delivery_agent() {
    start_ticket_sink
    install_gatehouse '[]'
    start_postfix
    follow "$1" 1
    follow "$1" 2

    send_mail support@desk.example first "I cannot log in"
    wait_for 20 "delivery" queue_is_empty
    expect "accepted" "$(input_count accepted)" 1
    break_state
    send_mail support@desk.example second "Somebody emptied my account"
    wait_for 20 "the deferral" deferred_is 1
    expect "queue" "$(queue_length)" 1
    mend_state
    postqueue -f
    wait_for 20 "delivery after the fault" queue_is_empty
    as_gatehouse run
    expect "tickets" "$(ticket_count)" 2
    expect "bounces" "$(bounces)" 0
    expect "mails in a spool" "$(find /var/mail /var/spool/mail -type f -size +0 -path '*gatehouse*' | wc -l)" 0
    postfix stop
    proved "two tickets, a fault kept in the queue, no bounce, nothing left in a spool"
}
