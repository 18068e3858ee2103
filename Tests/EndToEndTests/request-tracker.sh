#!/bin/sh
# Runs the end-to-end test against a real Request Tracker 5: installs Debian's packages (SQLite inside, no mail goes out),
# makes the custom field that holds our id, starts it on loopback, runs the test, stops it. Needs root, on a machine for
# tests: the tickets stay in that Request Tracker's database.
set -eu
port=${RT_PORT:-8085}
password=${RT_PASSWORD:-rt-test-password}
cd "$(dirname "$0")/../.."

if [ ! -x /usr/share/request-tracker5/libexec/rt-server ]; then
    if ! command -v apt-get >/dev/null 2>&1 || [ "$(id -u)" != 0 ]; then
        echo "skipped: Request Tracker 5 is not installed, and installing it needs Debian and root"
        exit 0
    fi
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -qq
    debconf-set-selections <<EOF
request-tracker5 request-tracker5/rtname string test.example
request-tracker5 request-tracker5/organization string test.example
request-tracker5 request-tracker5/correspondaddress string rt@test.example
request-tracker5 request-tracker5/commentaddress string rt-comment@test.example
request-tracker5 request-tracker5/webbaseurl string http://127.0.0.1:$port
request-tracker5 request-tracker5/webpath string
request-tracker5 request-tracker5/initial-root-password password $password
request-tracker5 request-tracker5/initial-root-password-again password $password
request-tracker5 request-tracker5/handle-siteconfig-permissions boolean true
request-tracker5 request-tracker5/dbconfig-install boolean true
request-tracker5 request-tracker5/database-type select sqlite3
EOF
    apt-get install -y -qq --no-install-recommends msmtp-mta request-tracker5 rt5-standalone rt5-db-sqlite rt5-clients curl >/dev/null
fi

# Its own mails go into a file, not into this machine's queue.
settings=/etc/request-tracker5/RT_SiteConfig.d/90-gatehouse-test.pm
printf '%s\n' 'Set($MailCommand, "testfile");' '1;' >"$settings"
chmod 644 "$settings"

log=$(mktemp)
as_rt() { su -s /bin/sh www-data -c "$1"; }
# The field exists already where this has run before.
as_rt "perl -I/usr/share/request-tracker5/lib -e '
    use RT; RT::LoadConfig(); RT->Config->Set(LogToSTDERR => \"error\"); RT::Init();
    my \$field = RT::CustomField->new(RT->SystemUser);
    \$field->LoadByName(Name => \"ExternalId\", LookupType => \"RT::Queue-RT::Ticket\");
    unless (\$field->Id) {
        \$field->Create(Name => \"ExternalId\", Type => \"FreeformSingle\", LookupType => \"RT::Queue-RT::Ticket\", MaxValues => 1);
        \$field->AddToObject(RT::Queue->new(RT->SystemUser));
    }'"
su -s /bin/sh www-data -c \
    "exec /usr/share/request-tracker5/libexec/rt-server --server Starlet --host 127.0.0.1 --port $port --max-workers 2 --env deployment" \
    >"$log" 2>&1 &
# su gives its command a session of its own, so the server is found by its port.
trap 'pkill -TERM -f "rt-server .*--port $port" || true; rm -f "$log" "$settings"' EXIT
ready=
for _ in $(seq 300); do
    if [ "$(curl -s -o /dev/null -w '%{http_code}' -u "root:$password" "http://127.0.0.1:$port/REST/2.0/rt")" = 200 ]; then
        ready=yes
        break
    fi
    sleep 0.1
done
if [ -z "$ready" ]; then
    echo "Request Tracker did not start, or its root password is not \$RT_PASSWORD:" >&2
    tail -5 "$log" >&2
    exit 1
fi
RT_URL="http://127.0.0.1:$port" RT_USER=root RT_PASSWORD="$password" swift test --filter RequestTrackerEndToEndTests
