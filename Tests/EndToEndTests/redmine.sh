#!/bin/sh
# Runs the end-to-end tests against a real Redmine: installs Debian's packages (SQLite inside), makes a project and a custom
# field for our id, starts it on loopback, runs the tests, stops it. Needs root, on a machine for tests: the issues stay in
# that Redmine's database.
set -eu
port=${REDMINE_PORT:-8084}
cd "$(dirname "$0")/../.."

if [ ! -e /usr/share/redmine/config.ru ]; then
    if ! command -v apt-get >/dev/null 2>&1 || [ "$(id -u)" != 0 ]; then
        echo "skipped: Redmine is not installed, and installing it needs Debian and root"
        exit 0
    fi
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -qq
    debconf-set-selections <<CONF
redmine redmine/instances/default/dbconfig-install boolean true
redmine redmine/instances/default/database-type select sqlite3
redmine redmine/default-language select en
CONF
    apt-get install -y -qq --no-install-recommends redmine-sqlite redmine puma curl >/dev/null
fi

work=$(mktemp -d)
chown www-data "$work"
export X_DEBIAN_SITEID=default RAILS_ENV=production
cat >"$work/setup.rb" <<RUBY
Setting.rest_api_enabled = "1"
Setting.notified_events = []
admin = User.find_by_login("admin")
token = Token.where(user_id: admin.id, action: "api").first || Token.create!(user: admin, action: "api")
Project.find_by_identifier("gatehouse-test") ||
    Project.create!(name: "Gatehouse test", identifier: "gatehouse-test", trackers: Tracker.all)
field = IssueCustomField.find_by_name("ExternalId") ||
    IssueCustomField.create!(name: "ExternalId", field_format: "string", is_for_all: true, is_filter: true, trackers: Tracker.all)
puts "KEY=#{token.value} FIELD=#{field.id}"
RUBY
as_www() { su -s /bin/sh www-data -c "cd /usr/share/redmine && export X_DEBIAN_SITEID=default RAILS_ENV=production && $1"; }
facts=$(as_www "bin/rails runner $work/setup.rb" 2>/dev/null | grep '^KEY=')
key=${facts#KEY=}
key=${key%% *}
as_www "exec puma -e production -b tcp://127.0.0.1:$port -t 1:5 --pidfile $work/pid config.ru" >"$work/log" 2>&1 &
trap 'kill "$(cat "$work/pid")" 2>/dev/null || true; rm -rf "$work"' EXIT
ready=
for _ in $(seq 600); do
    if [ "$(curl -s -o /dev/null -w '%{http_code}' -H "X-Redmine-API-Key: $key" "http://127.0.0.1:$port/users/current.json")" = 200 ]; then
        ready=yes
        break
    fi
    sleep 0.1
done
if [ -z "$ready" ]; then
    echo "Redmine did not start:" >&2
    tail -5 "$work/log" >&2
    exit 1
fi
REDMINE_URL="http://127.0.0.1:$port" REDMINE_SECRET="$key" REDMINE_QUEUE=gatehouse-test \
    REDMINE_OPTIONS="{ \"external_id_field\": \"${facts##*FIELD=}\" }" ${TEST_COMMAND:-swift test --filter TicketSystemEndToEndTests}
# Without the custom field the newest issues are read.
REDMINE_URL="http://127.0.0.1:$port" REDMINE_SECRET="$key" REDMINE_QUEUE=gatehouse-test \
    ${TEST_COMMAND:-swift test --filter TicketSystemEndToEndTests}
