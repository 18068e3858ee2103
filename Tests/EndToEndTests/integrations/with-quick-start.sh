#!/bin/sh
# The quick start, word for word: installed by hand, a mailbox on an IMAP server and a ticket system behind TLS, checked, run.
# packages: dovecot-core dovecot-imapd nginx-light openssl ca-certificates jq
. ./common.sh

# A certificate authority of the sandbox's own, which the system trusts, and the two servers of the page.
openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj '/CN=Sandbox' -keyout /var/tmp/ca.key \
    -out /usr/local/share/ca-certificates/sandbox.crt 2>/dev/null
for host in imap.example.org rt.example.org; do
    openssl req -newkey rsa:2048 -nodes -subj "/CN=$host" -keyout "/var/tmp/$host.key" -out "/var/tmp/$host.csr" 2>/dev/null
    printf 'subjectAltName=DNS:%s\n' "$host" >"/var/tmp/$host.ext"
    openssl x509 -req -in "/var/tmp/$host.csr" -CA /usr/local/share/ca-certificates/sandbox.crt -CAkey /var/tmp/ca.key -CAcreateserial -days 2 \
        -extfile "/var/tmp/$host.ext" -out "/var/tmp/$host.crt" 2>/dev/null
done
update-ca-certificates >/dev/null 2>&1
echo '127.0.0.1 imap.example.org rt.example.org' >>/etc/hosts

"$DEPLOY/install-files.sh" install /opt/gatehouse/programs/gatehouse
follow docs/quick-start 2
start_dovecot 'ssl = yes
ssl_cert = </var/tmp/imap.example.org.crt
ssl_key = </var/tmp/imap.example.org.key
service imap-login {
  inet_listener imaps {
    port = 993
    ssl = yes
  }
}'
put_mail first "I cannot log in"

# As much of Request Tracker as a first ticket needs; a real one is in Tests/EndToEndTests/request-tracker.sh.
rm -f /etc/nginx/sites-enabled/*
cat >/etc/nginx/sites-enabled/rt <<'END'
log_format rt '$request_method $uri $status';
server {
    listen 127.0.0.1:443 ssl;
    ssl_certificate /var/tmp/rt.example.org.crt;
    ssl_certificate_key /var/tmp/rt.example.org.key;
    access_log /var/tmp/rt.log rt;
    default_type application/json;
    location = /NoAuth/Login.html { add_header Set-Cookie "RT_SID_example.org.443=1" always; return 302 /; }
    location = /REST/2.0/tickets { return 200 '{"items":[],"count":0,"total":0}'; }
    location = /REST/2.0/ticket { return 201 '{"id":"1","type":"ticket"}'; }
}
END
nginx
wait_for 10 "nginx" listens 443

# A person types the two passwords.
editor() {
    case $1 in
        */imap.password) echo imap-password >"$1" ;;
        */rt.password) echo rt-password >"$1" ;;
    esac
}
follow docs/quick-start 3
# The page's date is in the past by now, and so is the sample's: it opens a ticket.
follow docs/quick-start 4
follow docs/quick-start 6
grep -q '^POST /REST/2.0/ticket 201' /var/tmp/rt.log || fail "no ticket was made"
as_gatehouse run
expect "tickets made" "$(grep -c '^POST /REST/2.0/ticket ' /var/tmp/rt.log)" 1
nginx -s quit
doveadm stop
proved "installed, configured, checked and run as the page says, by IMAP and HTTPS; one ticket"
