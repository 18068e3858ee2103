#!/bin/sh
# nginx and fcgiwrap: signed payloads by CGI, and every answer that a vendor may hear.
# packages: nginx-light fcgiwrap busybox jq curl openssl
. ./common.sh

start_ticket_sink
"$DEPLOY/install-files.sh" install /opt/gatehouse/programs/gatehouse
useradd --system --home-dir /var/lib/gatehouse --shell /usr/sbin/nologin gatehouse
install -d -m 0755 /etc/gatehouse
secret meta.app-secret app-secret-1
secret meta.verify-token verify-1
install_gatehouse '[{ "name": "whatsapp", "type": "webhook", "channel": "web_chat", "format": "generic-chat",
    "signature": { "scheme": "meta", "secret": { "file": "/etc/gatehouse/meta.app-secret" },
                   "verify_token": { "file": "/etc/gatehouse/meta.verify-token" } } }]'

follow cgi 1
follow cgi 2
systemd-analyze verify fcgiwrap.service 2>&1 | grep fcgiwrap && fail "systemd finds fault with the drop-in"
rm -f /etc/nginx/sites-enabled/*
cat >/etc/nginx/sites-enabled/desk <<'END'
server { listen 127.0.0.1:8080; server_name desk.example; include snippets/gatehouse.conf; }
END
install -d -o gatehouse -g www-data -m 0750 /run/fcgi
ln -s /run/fcgi/socket /run/fcgiwrap.socket
options=$(sed -n 's/^Environment="DAEMON_OPTS=\(.*\)"/\1/p' "$DEPLOY/cgi/fcgiwrap.service.conf")
# shellcheck disable=SC2086
(umask 007 && exec setpriv --reuid gatehouse --regid www-data --clear-groups fcgiwrap $options -s unix:/run/fcgi/socket) \
    >/var/tmp/fcgiwrap.log 2>&1 &
nginx -t
nginx
wait_for 10 "nginx" listens 8080
wait_for 10 "fcgiwrap" test -S /run/fcgi/socket

follow cgi 3
follow cgi 4
expect "refused by the page's own commands" "$(input_count refused)" 2
gate=http://127.0.0.1:8080/gate/whatsapp
# post FILE SECRET [WORDS OF CURL…]: prints the status code.
post() {
    file=$1
    signature=$(hmac "$2" <"$file")
    shift 2
    curl -s -o /var/tmp/answer -w '%{http_code}' --data-binary "@$file" -H "X-Hub-Signature-256: sha256=$signature" \
        -H 'Content-Type: application/json' "$@" "$gate"
}
payload() { printf '{"format":"gatehouse-chat/1","id":"%s","conversation_id":"c%s","text":"Message %s"}' "$1" "$1" "$1"; }

payload 1 >/var/tmp/1.json
printf '{ "format":"gatehouse-chat/1",\r\n\t"id":"2", "conversation_id":"c2", "text":"gr\303\274\303\237e \\u00fc" }  \r\n' >/var/tmp/2.json
head -c 3145728 /dev/zero | tr '\0' '\t' >>/var/tmp/2.json
expect "a signed payload" "$(post /var/tmp/1.json app-secret-1)" 200
expect "its answer" "$(wc -c </var/tmp/answer)" 0
expect "an odd payload of 3 MiB" "$(post /var/tmp/2.json app-secret-1)" 200
expect "its digest" "$(newest .data.raw.sha256)" "$(sha256sum /var/tmp/2.json | cut -d ' ' -f 1)"
expect "its verification" "$(newest .data.verification.status)" verified
expect "chunked, a copy" "$(post /var/tmp/1.json app-secret-1 -H 'Transfer-Encoding: chunked')" 200
expect "duplicates" "$(input_count duplicate)" 1
expect "a wrong signature" "$(post /var/tmp/1.json wrong)" 401
expect "no signature" "$(curl -s -o /dev/null -w '%{http_code}' --data-binary @/var/tmp/1.json "$gate")" 401
expect "refused" "$(input_count refused)" 4
expect "Meta's question" "$(curl -s "$gate?hub.mode=subscribe&hub.verify_token=verify-1&hub.challenge=4711")" 4711
expect "with a wrong token" \
    "$(curl -s -o /dev/null -w '%{http_code}' "$gate?hub.mode=subscribe&hub.verify_token=no&hub.challenge=1")" 403
expect "another method" "$(curl -s -o /dev/null -w '%{http_code}' -X PUT --data x "$gate")" 405
head -c 34000000 /dev/zero >/var/tmp/large
expect "too large" "$(post /var/tmp/large app-secret-1)" 413
expect "words in the query" "$(gate="$gate?--version+--help" && post /var/tmp/1.json app-secret-1)" 200
for path in /gate/nobody /gate/../etc/passwd /gate/ '/gate/whatsapp%00' '/gate/.x'; do
    code=$(curl -s -o /dev/null -w '%{http_code}' --path-as-is "http://127.0.0.1:8080$path")
    case $code in 400 | 403 | 404) ;; *) fail "$path: $code" ;; esac
done

# Forty at once.
for number in $(seq 101 140); do
    payload "$number" >"/var/tmp/$number.json"
    (post "/var/tmp/$number.json" app-secret-1 >"/var/tmp/$number.code") &
    pids="${pids:-} $!"
done
for pid in $pids; do wait "$pid"; done
expect "forty at once, answered 200" "$(cat /var/tmp/1[0-4][0-9].code | grep -o 200 | wc -l)" 40
expect "accepted" "$(input_count accepted)" 42

# What can't be stored now is 503; afterwards it is taken.
chmod 0500 /var/lib/gatehouse
mv /var/lib/gatehouse/gatehouse.sqlite3 /var/tmp/kept
payload 200 >/var/tmp/200.json
expect "a fault" "$(post /var/tmp/200.json app-secret-1)" 503
mv /var/tmp/kept /var/lib/gatehouse/gatehouse.sqlite3
chmod 0700 /var/lib/gatehouse
expect "after the fault" "$(post /var/tmp/200.json app-secret-1)" 200
as_gatehouse run
expect "tickets" "$(ticket_count)" 43
nginx -s quit
proved "signed payloads byte for byte, 200 401 403 405 413 503 as documented, forty requests at once"
