#!/bin/sh
# Run the official conformance tests of the Zotero API, version 3, against the embedded server.
#
#   sh scripts/conformance.sh DATASERVER [FILE...]
#
# DATASERVER: a clone of https://github.com/zotero/dataserver with its submodule htdocs/zotero-schema,
# and `npm ci` done in its tests/remote. FILE: names of test files; all core files by default.
# Writes tests/remote/config/local.json there. Wants node and curl; PORT chooses the port.
set -eu

core="annotation cache collection creator general group item keys loginSessions mappings note
notifications object params permissions publications relation schema search settings sort
storage-admin tag version"

if [ $# -eq 0 ]; then
    sed -n '2,8s/^# \{0,1\}//p' "$0" >&2
    exit 2
fi
tests=$1/tests/remote
shift
[ $# -gt 0 ] || set -- $core
port=${PORT:-8765}

if [ ! -d "$tests/node_modules" ]; then
    echo "In $tests, run: npm ci" >&2
    exit 1
fi

cat > "$tests/config/local.json" <<CONFIG
{
  "apiURLPrefix": "http://127.0.0.1:$port/",
  "rootUsername": "root", "rootPassword": "rootpw",
  "userID": 101, "userID2": 102,
  "password": "any", "emailPrimary": "one@example.org", "emailSecondary": "two@example.org"
}
CONFIG

.venv/bin/python -m zotsync sandbox --testing --port "$port" > /dev/null &
server=$!
trap 'kill $server' EXIT
until curl -s -o /dev/null "http://127.0.0.1:$port/itemTypes"; do
    kill -0 $server 2> /dev/null || exit 1
    sleep 0.2
done

files=
for name in "$@"; do
    files="$files tests/3/$name.test.js"
done
cd "$tests"
# shellcheck disable=SC2086
npx mocha --timeout 30000 $files
