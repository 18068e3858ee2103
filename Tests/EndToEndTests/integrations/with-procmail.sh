#!/bin/sh
# procmail behind Postfix: a mail becomes a ticket, a fault stays in Postfix's queue, nothing bounces and nothing goes into a spool.
# packages: postfix swaks procmail jq
. ./common.sh
. ./delivery-agent.sh

prove_delivery_agent procmail
