# shellcheck shell=sh
# What the scripts share: an installed Gatehouse with its user, a ticket endpoint on loopback, and questions to both.
# Read by `. ./common.sh` in the sandbox.
set -eu

here=/opt/gatehouse/integrations
export DEPLOY=/opt/gatehouse/deploy
export SAMPLES=/opt/gatehouse/Samples
tickets=/var/tmp/tickets
export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
export LC_ALL=C.UTF-8
unset GATEHOUSE_CONFIG

fail() {
    echo "failed: $*" >&2
    tail -n 8 /var/log/postfix.log /var/log/dovecot.log /var/log/exim4/mainlog /var/lib/gatehouse/procmail.log >&2 2>/dev/null || true
    exit 1
}

# follow PAGE [NUMBER]: does word for word what the (first) block `console root` of a page of deploy/ says (README: of the
# repository), and compares what is printed with what the page shows. A folder's page is its README.md.
follow() {
    case $1 in
        README) page=/opt/gatehouse/README.md ;;
        docs/*) page=$DEPLOY/$1.md ;;
        *) page=$DEPLOY/$1/README.md ;;
    esac
    session=$(mktemp -d /var/tmp/session.XXXXXX)
    python3 "$here/session.py" write "$page" "${2:-1}" "$session" || fail "there is no such block"
    cd /opt/gatehouse
    # shellcheck disable=SC1091
    . "$session/steps"
    cd "$here"
    python3 "$here/session.py" compare "$session" >&2 || fail "$1, block ${2:-1}: not what the page shows"
}
step_failed() { fail "step $(($2 + 1)) of $page: $(cat "$1")"; }

# What the pages call and a sandbox's root does not have.
sudo() { "$@"; }

# No systemd runs in the sandbox.
systemctl() { case $1 in daemon-reload | restart) ;; *) command systemctl "$@" ;; esac }

# The last word of a script: what it has shown.
proved() { echo "proved: $*"; }

# install_gatehouse SOURCES [MORE]: by the same steps as the manual's; SOURCES is the configuration's JSON.
install_gatehouse() {
    "$DEPLOY/install-files.sh" install /opt/gatehouse/programs/gatehouse
    getent passwd gatehouse >/dev/null \
        || useradd --system --home-dir /var/lib/gatehouse --shell /usr/sbin/nologin gatehouse
    install -d -o gatehouse -g gatehouse -m 0700 /var/lib/gatehouse
    install -d -m 0755 /etc/gatehouse
    configure_gatehouse "$@"
}

configure_gatehouse() {
    cat >/etc/gatehouse/gatehouse.jsonc <<END
{ "schema": 1, "state_dir": "/var/lib/gatehouse", "sources": $1,
  "targets": [{ "name": "desk", "preset": "generic-json", "url": "http://127.0.0.1:8099/tickets",
                "retry": { "min_s": 0.1, "max_s": 0.2 } }] ${2:-} }
END
    chmod 644 /etc/gatehouse/gatehouse.jsonc
    as_gatehouse check || fail "the configuration is wrong"
}

as_gatehouse() { runuser -u gatehouse -- /usr/local/bin/gatehouse "$@"; }

# wait_for SECONDS WORDS COMMAND…: until COMMAND succeeds.
wait_for() {
    seconds=$1
    words=$2
    shift 2
    for _ in $(seq $((seconds * 10))); do
        if "$@" >/dev/null 2>&1; then return 0; fi
        sleep 0.1
    done
    fail "$words did not come within $seconds s"
}

listens() { ss -ltn "sport = :$1" | grep -q LISTEN; }

start_ticket_sink() {
    /opt/gatehouse/programs/ticket-sink --port 8099 --directory "$tickets" >/var/tmp/sink.log 2>&1 &
    wait_for 10 "the ticket endpoint" listens 8099
}

# ticket_count [WORDS]: how many tickets, or how many whose envelope has these words.
ticket_count() { grep -c -- "${1:-^{}" "$tickets/tickets.jsonl" 2>/dev/null || true; }

# input_count STATE: of `gatehouse status`.
input_count() { as_gatehouse status --config /etc/gatehouse/gatehouse.jsonc --json | jq -r ".inputs_by_state.$1"; }

# expect WHAT GOT WANTED
expect() { [ "$2" = "$3" ] || fail "$1: $2, not $3"; }

# secret FILE WORDS: a file in /etc/gatehouse that only the user gatehouse reads.
secret() {
    install -o gatehouse -g gatehouse -m 0600 /dev/null "/etc/gatehouse/$1"
    printf '%s\n' "$2" >"/etc/gatehouse/$1"
}

# hmac SECRET: hex HMAC-SHA-256 of standard input.
hmac() { openssl dgst -sha256 -hmac "$1" -r | cut -d ' ' -f 1; }

# newest MEMBER: of the envelope that was stored last, as jq finds it.
newest() {
    id=$(as_gatehouse list --config /etc/gatehouse/gatehouse.jsonc --limit 1 --json | jq -r .id)
    as_gatehouse show --config /etc/gatehouse/gatehouse.jsonc "$id" --json | jq -r "$1"
}

# What mail servers in the sandbox have in common.

# start_postfix: for mail to desk.example, on port 25, with its log in /var/log/postfix.log.
start_postfix() {
    postconf 'myhostname = mail.desk.example' 'mydestination = desk.example, mail.desk.example' 'inet_interfaces = loopback-only' \
        'inet_protocols = ipv4' 'mynetworks = 127.0.0.0/8' 'compatibility_level = 3.6' \
        'maillog_file = /var/log/postfix.log' "$@"
    newaliases
    # The sandbox lies over this machine's root: what waits in its own queue is none of ours.
    postsuper -d ALL >/dev/null 2>&1 || true
    postfix start
    wait_for 20 "Postfix" listens 25
}

# send_mail RECIPIENT NAME TEXT: NAME is subject and Message-ID.
send_mail() {
    swaks --server 127.0.0.1 --from customer@example.net --to "$1" --header "Subject: $2" --body "$3" --silent 2 \
        --header "Message-Id: <$2@example.net>"
}

queue_length() { postqueue -j | wc -l; }
queue_is_empty() { [ "$(queue_length)" -eq 0 ]; }
deferred_is() { [ "$(grep -c 'status=deferred' /var/log/postfix.log)" -ge "$1" ]; }
bounces() { grep -c -E 'status=bounced|postfix/bounce.*notification' /var/log/postfix.log || true; }

# The state can't be opened, as on a full or broken disk; and is whole again.
break_state() { chown root:root /var/lib/gatehouse && chmod 0700 /var/lib/gatehouse; }
mend_state() { chown gatehouse:gatehouse /var/lib/gatehouse; }

# start_dovecot: a Dovecot whose only user is support@example.org ("imap-password"), with a Maildir in /srv/mail/support that the user
# gatehouse owns; IMAP on 143.
start_dovecot() {
    install -d -o gatehouse -g gatehouse -m 0700 /srv/mail /srv/mail/support
    cat >/etc/dovecot/dovecot.conf <<END
protocols = imap
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
base_dir = /run/dovecot
log_path = /var/log/dovecot.log
mail_location = maildir:~/Maildir
first_valid_uid = 1
passdb {
  driver = static
  args = password=imap-password
}
userdb {
  driver = static
  args = uid=gatehouse gid=gatehouse home=/srv/mail/support
}
!include_try conf.d/90-gatehouse.conf
${1:-}
END
    dovecot
    wait_for 10 "Dovecot" listens 143
}

# put_mail NAME TEXT: into that Maildir, as a server that delivers would.
put_mail() {
    install -d -o gatehouse -g gatehouse -m 0700 /srv/mail/support/Maildir /srv/mail/support/Maildir/new \
        /srv/mail/support/Maildir/cur /srv/mail/support/Maildir/tmp
    mail "$@" >"/srv/mail/support/Maildir/new/$(date +%s).$1.host"
    chown gatehouse: /srv/mail/support/Maildir/new/*
}

# mail NAME TEXT: to standard output.
mail() {
    printf 'From: Ana <ana@example.net>\nTo: support@example.org\nSubject: %s\nMessage-ID: <%s@example.net>\n' "$1" "$1"
    printf 'Date: Fri, 02 Jan 2026 03:04:05 +0000\n\n%s\n' "$2"
}
