# shellcheck shell=sh
# What the scripts share: an installed Gatehouse with its user, a ticket endpoint on loopback, and questions to both.
# Read by `. ./common.sh` in the sandbox.
set -eu

here=/opt/gatehouse/integrations
deploy=/opt/gatehouse/deploy
samples=/opt/gatehouse/Samples
tickets=/var/tmp/tickets
export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
export LC_ALL=C.UTF-8
unset GATEHOUSE_CONFIG

fail() {
    echo "failed: $*" >&2
    exit 1
}

# The last word of a script: what it has shown.
proved() { echo "proved: $*"; }

# install_gatehouse SOURCES [MORE]: by the same steps as the manual's; SOURCES is the configuration's JSON.
install_gatehouse() {
    "$deploy/install-files.sh" install /opt/gatehouse/programs/gatehouse
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
