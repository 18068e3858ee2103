#!/bin/sh
# Runs the end-to-end tests against a real django-helpdesk: installs it from PyPI into a folder of its own, starts it on
# loopback with gunicorn and SQLite, runs the tests, stops it and removes the folder.
set -eu
port=${DJANGO_HELPDESK_PORT:-8083}
cd "$(dirname "$0")/../.."

if ! python3 -c 'import venv, ensurepip' 2>/dev/null; then
    echo "skipped: Python with venv is not here (Debian: python3-venv)"
    exit 0
fi
work=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server" 2>/dev/null || true; rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
if ! "$work/venv/bin/pip" install -q django-helpdesk==2.6.1 djangorestframework gunicorn 2>"$work/pip.log"; then
    echo "skipped: django-helpdesk can't be installed: $(tail -1 "$work/pip.log")"
    exit 0
fi
site=$work/site
mkdir "$site"
"$work/venv/bin/django-admin" startproject desk "$site"
cat >>"$site/desk/settings.py" <<PYTHON
DEBUG = False
ALLOWED_HOSTS = ["127.0.0.1"]
INSTALLED_APPS += ["django.contrib.sites", "django.contrib.humanize", "helpdesk", "rest_framework", "rest_framework.authtoken"]
SITE_ID = 1
DEFAULT_AUTO_FIELD = "django.db.models.AutoField"
HELPDESK_TEAMS_MODE_ENABLED = False
HELPDESK_ACTIVATE_API_ENDPOINT = True
HELPDESK_PUBLIC_TICKET_QUEUE = "support"
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
REST_FRAMEWORK = {"DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework.authentication.TokenAuthentication"]}
MEDIA_ROOT = "$work/media"
LOGIN_URL = "/login/"
DATABASES["default"]["OPTIONS"] = {"timeout": 20, "transaction_mode": "IMMEDIATE", "init_command": "PRAGMA journal_mode=WAL;"}
PYTHON
cat >"$site/desk/urls.py" <<PYTHON
from django.urls import include, path

urlpatterns = [path("", include("helpdesk.urls"))]
PYTHON
cd "$site"
"$work/venv/bin/python" manage.py migrate -v0
token=$("$work/venv/bin/python" manage.py shell -v0 -c '
from django.contrib.auth import get_user_model
from helpdesk.models import Queue
from rest_framework.authtoken.models import Token
user = get_user_model().objects.create_superuser("admin", "admin@desk.example", "gatehouse-test")
Queue.objects.create(title="Support", slug="support", allow_public_submission=True)
print(Token.objects.create(user=user).key)' 2>/dev/null | tail -1)
"$work/venv/bin/gunicorn" -w 2 -b "127.0.0.1:$port" desk.wsgi >"$work/log" 2>&1 &
server=$!
cd - >/dev/null
ready=
for _ in $(seq 200); do
    if [ "$(curl -s -o /dev/null -w '%{http_code}' -H "Authorization: Token $token" "http://127.0.0.1:$port/api/tickets/")" = 200 ]; then
        ready=yes
        break
    fi
    sleep 0.1
done
if [ -z "$ready" ]; then
    echo "django-helpdesk did not start:" >&2
    tail -5 "$work/log" >&2
    exit 1
fi
DJANGO_HELPDESK_URL="http://127.0.0.1:$port" DJANGO_HELPDESK_SECRET="$token" DJANGO_HELPDESK_QUEUE=1 \
    ${TEST_COMMAND:-swift test --filter TicketSystemEndToEndTests}
