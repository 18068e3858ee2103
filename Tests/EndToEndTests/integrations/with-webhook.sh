#!/bin/sh
# adnanh/webhook: a signed payload arrives byte for byte, a wrong signature is refused, what can't be stored now is sent again.
# packages: webhook jq curl openssl
. ./common.sh

start_ticket_sink
"$DEPLOY/install-files.sh" install /opt/gatehouse/programs/gatehouse
useradd --system --home-dir /var/lib/gatehouse --shell /usr/sbin/nologin gatehouse
install -d -m 0755 /etc/gatehouse
secret slack.signing-secret slack-secret-1
install_gatehouse '[
  { "name": "slack", "type": "webhook", "channel": "social_dm",
    "signature": { "scheme": "slack", "secret": { "file": "/etc/gatehouse/slack.signing-secret" } } },
  { "name": "chatwoot", "type": "webhook", "channel": "web_chat", "format": "chatwoot" }]'

follow webhook
systemd-analyze verify webhook.service 2>&1 | grep webhook && fail "systemd finds fault with the drop-in"
command=$(sed -n 's/^ExecStart=\(.\+\)/\1/p' "$DEPLOY/webhook/webhook.service.conf")
# shellcheck disable=SC2086
runuser -u gatehouse -- $command >/var/tmp/webhook.log 2>&1 &
wait_for 10 "webhook" listens 9000

# slack FILE SECRET [HEADER…]: prints the status code.
slack() {
    file=$1
    now=$(date +%s)
    signature=$({ printf 'v0:%s:' "$now" && cat "$file"; } | hmac "$2")
    shift 2
    curl -s -o /var/tmp/answer -w '%{http_code}' --data-binary "@$file" -H "X-Slack-Request-Timestamp: $now" \
        -H "X-Slack-Signature: v0=$signature" -H 'Content-Type: application/json' "$@" http://127.0.0.1:9000/hooks/slack
}

# As the vendor sends it; then with what a proxy or a parser would have straightened: CRLF, tabs, escapes, spaces at the end, 2 MiB.
sample=$SAMPLES/social_dm/slack-webhook-thread-en.json
expect "a signed payload" "$(slack "$sample" slack-secret-1)" 200
expect "its verification" "$(newest .data.verification.status)" verified
jq -c '.event.ts = "1768995001.000200" | .event.event_ts = .event.ts | .event.client_msg_id = "odd" | .event_id = "Ev0ODD"' "$sample" \
    | sed 's/,"/ ,\t\r\n  "/g; s/{/{ \\u/1; s/\\u/ /1' >/var/tmp/odd.json
printf '  \r\n\t' >>/var/tmp/odd.json
head -c 2097152 /dev/zero | tr '\0' ' ' >>/var/tmp/odd.json
expect "an odd payload" "$(slack /var/tmp/odd.json slack-secret-1)" 200
expect "its size" "$(newest .data.raw.size)" "$(wc -c </var/tmp/odd.json)"
expect "its digest" "$(newest .data.raw.sha256)" "$(sha256sum /var/tmp/odd.json | cut -d ' ' -f 1)"

expect "a copy" "$(slack "$sample" slack-secret-1)" 200
expect "duplicates" "$(input_count duplicate)" 1
expect "a wrong signature" "$(slack "$sample" wrong-secret)" 500
expect "refused" "$(input_count refused)" 1
expect "accepted" "$(input_count accepted)" 2

# A handshake is answered with its challenge, nothing but the challenge.
expect "the handshake" "$(slack "$SAMPLES/social_dm/slack-handshake.json" slack-secret-1)" 200
expect "the challenge" "$(cat /var/tmp/answer)" "$(jq -r .challenge "$SAMPLES/social_dm/slack-handshake.json")"

chatwoot() {
    curl -s -o /dev/null -w '%{http_code}' --data-binary "@$SAMPLES/web_chat/chatwoot-emptied-account-en.json" \
        -H 'Content-Type: application/json' "http://127.0.0.1:9000/hooks/chatwoot$1"
}
expect "no word in the address" "$(chatwoot '')" 401
expect "the word in the address" "$(chatwoot '?token=change-this-word')" 200
expect "accepted with chatwoot" "$(input_count accepted)" 3

# What can't be stored is 500: the vendor has it still.
chown root:root /var/lib/gatehouse/gatehouse.sqlite3*
chmod 0400 /var/lib/gatehouse/gatehouse.sqlite3*
jq -c '.event.ts = "1768995002.000200" | .event_id = "Ev0LATER"' "$sample" >/var/tmp/later.json
expect "a fault" "$(slack /var/tmp/later.json slack-secret-1)" 500
chown gatehouse:gatehouse /var/lib/gatehouse/gatehouse.sqlite3*
chmod 0600 /var/lib/gatehouse/gatehouse.sqlite3*
expect "after the fault" "$(slack /var/tmp/later.json slack-secret-1)" 200
as_gatehouse run
expect "tickets and follow-ups" "$(ticket_count)" 4
expect "files left behind" "$(find /var/lib/gatehouse -name '*whk*' -o -name '*hook*' | wc -l)" 0
proved "signed payloads byte for byte (2 MiB, CRLF), wrong signatures refused, copies known, faults answered 500"
