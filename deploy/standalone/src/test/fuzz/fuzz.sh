#!/usr/bin/env bash
# fuzz.sh: requests made from the OpenAPI document by schemathesis, sane and hostile, against a real server with
# simulated hosts: as an admin, as a user, and as nobody. Every answer must be documented, as documented, and no 5xx.
#
#   fuzz.sh [--url URL]    a fresh server of its own by default; with --url one that runs, which it fills with rubbish
#
# FUZZ_SECONDS (90) is the time for each of the two long runs, FUZZ_SEED (42) makes it repeatable, FUZZ_REPORTS keeps
# the reports. REMOTEGPU_TEST_SCHEMATHESIS names the program; else it is fetched into the cache folder. Exit status 0
# when nothing was found, 77 when it cannot run here; the last line counts the operations.
set -euo pipefail
ROOT=$(cd "$(dirname "$0")/../../../../.." && pwd)
CACHE=${REMOTEGPU_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/remotegpu}
SECONDS_EACH=${FUZZ_SECONDS:-90}
SEED=${FUZZ_SEED:-42}
WORK=$(mktemp -d)
REPORTS=${FUZZ_REPORTS:-$WORK/reports}
URL=
OWN=

end() {
  [ -z "$OWN" ] || "$ROOT/remotegpu" down >/dev/null 2>&1 || true
  rm -rf "$WORK"
}
trap end EXIT
trap 'exit 130' INT TERM
die() { printf 'fuzz.sh: %s\n' "$1" >&2; exit "${2:-1}"; }

while [ $# -gt 0 ]; do
  case $1 in
    --url) [ $# -ge 2 ] || die "--url wants a value" 2; URL=$2; shift ;;
    *) die "it does not know $1; it takes --url URL" 2 ;;
  esac
  shift
done

schemathesis_program() {
  local folder=$CACHE/schemathesis
  if [ -n "${REMOTEGPU_TEST_SCHEMATHESIS-}" ]; then
    printf '%s\n' "$REMOTEGPU_TEST_SCHEMATHESIS"
    return
  fi
  if ! "$folder/bin/schemathesis" --version >/dev/null 2>&1; then
    rm -rf "$folder"
    { python3 -m venv "$folder" && "$folder/bin/pip" install -q --disable-pip-version-check 'schemathesis>=4,<5'; } >&2 || return 1
  fi
  printf '%s\n' "$folder/bin/schemathesis"
}
SCHEMATHESIS=$(schemathesis_program) || die "skipped: schemathesis cannot be had" 77

start_server() {
  local port
  port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
  URL=http://127.0.0.1:$port
  export REMOTEGPU_HOME=$WORK/home DOCKER_HOST=unix://$WORK/no-engine REMOTEGPU_LIBVIRT_URI=off
  unset TEMPORAL_ADDRESS REMOTEGPU_DATABASE_URL
  OWN=1
  # In a group of its own: Ctrl-C here must leave it to us.
  setsid "$ROOT/remotegpu" up --detach --no-install --no-images --simulate 2x4 --port "$port" >"$WORK/up.log" 2>&1 </dev/null \
    || { cat "$WORK/up.log" >&2; die "the server does not start"; }
}
[ -n "$URL" ] || start_server
API=$URL/api/v1

# Registers and logs in; the first of a fresh server is its admin.
token_of() { # name
  local login='"username":"'$1'","password":"fuzz-pass-'$1'"'
  curl -sS -f -o /dev/null -H 'Content-Type: application/json' -d "{$login,\"email\":\"$1@example.com\"}" "$API/users/register"
  curl -sS -f -H 'Content-Type: application/json' -d "{$login}" "$API/users/login" \
    | python3 -c 'import json, sys; print(json.load(sys.stdin)["token"])'
}
unique=$$
ADMIN=$(token_of "fuzz-admin-$unique") || die "nobody can log in at $URL"
USER=$(token_of "fuzz-user-$unique")
THROWAWAY=$(token_of "fuzz-throwaway-$unique")

# Something to find, start, stop and delete.
environment() { # token
  curl -sS -f -o /dev/null -H "Authorization: Bearer $1" -H 'Content-Type: application/json' -H 'Prefer: wait=30' -d '{
    "name": "to-play-with", "environment_type": "ide", "deployment_mode": "simulated", "cpu": 1, "memory": "1Gi", "gpu": 1,
    "storage": "1Gi"}' "$API/environments" || die "no simulated environment can be made at $URL: was it started with --simulate?"
}
environment "$ADMIN"
environment "$USER"

CHECKS=not_a_server_error,status_code_conformance,content_type_conformance,response_headers_conformance,response_schema_conformance
# What ends the login of the one who calls it, or takes hosts away, has runs of its own at the end.
LOCKS_OUT='^/api/v1/users/(logout|me/password|\{id\}/(status|role))$'
HOSTS='^/api/v1/hosts/\{id\}(/.*)?$'
FAILED=0
fuzz() { # name, seconds, arguments…
  local name=$1 seconds=$2
  shift 2
  printf '%s\n' "--- as $name"
  "$SCHEMATHESIS" run "$URL/v3/api-docs" --checks "$CHECKS" --seed "$SEED" --max-time "$seconds" --request-timeout 75 \
    --continue-on-failure --suppress-health-check all --warnings off --no-color --generation-database none \
    --report junit --report-junit-path "$REPORTS/$name.xml" "$@" || FAILED=1
}
mkdir -p "$REPORTS"
LONG=(--phases "examples,coverage,fuzzing,stateful" --exclude-path-regex "$LOCKS_OUT|$HOSTS")
fuzz admin "$SECONDS_EACH" "${LONG[@]}" -H "Authorization: Bearer $ADMIN"
fuzz user "$SECONDS_EACH" "${LONG[@]}" -H "Authorization: Bearer $USER"
# A token that nobody gave out: without any, schemathesis would register a user of its own.
fuzz nobody $((SECONDS_EACH / 3)) --phases examples,coverage -H "Authorization: Bearer nonsense"
fuzz admin-of-hosts $((SECONDS_EACH / 3)) --phases examples,coverage,fuzzing --include-path-regex "$HOSTS" -H "Authorization: Bearer $ADMIN"
fuzz locked-out $((SECONDS_EACH / 6)) --phases examples,coverage --include-path-regex "$LOCKS_OUT" -H "Authorization: Bearer $THROWAWAY"

# The server must have survived it, and its own rules must hold.
curl -sS -f -o /dev/null "$URL/actuator/health" || { echo "the server is not healthy afterwards"; FAILED=1; }

python3 - "$FAILED" "$REPORTS"/*.xml <<'PYTHON'
import sys, xml.etree.ElementTree as tree
passed = failed = 0
for report in sys.argv[2:]:
    for case in tree.parse(report).iter("testcase"):
        if case.find("failure") is not None or case.find("error") is not None:
            failed += 1
        elif case.find("skipped") is None:
            passed += 1
# A run that broke off is no success, whatever its report says.
failed = failed or int(sys.argv[1])
print(f"{passed} passed, {failed} failed")
sys.exit(1 if failed else 0)
PYTHON
