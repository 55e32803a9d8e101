#!/usr/bin/env bash
# Records the histories of alerts that ReplayTest replays, from a GPU that is set to error on a running `./remotegpu up` with
# REMOTEGPU_ALERTS_EVERY=2s REMOTEGPU_ALERTS_LOOPBACK=true REMOTEGPU_ALERTS_RETRYFIRST=200ms, and --simulate 1x2.
#   record-alert-histories.sh API_URL TEMPORAL_ADDRESS ADMINS_TOKEN [temporal CLI]
# What it makes, it deletes. A released history is kept for ever: record beside it, never over it.
set -euo pipefail
api=$1/api/v1 temporal=$2 token=$3 cli=${4:-temporal}
folder=$(cd "$(dirname "$0")" && pwd)/resources/histories
field() { python3 -c 'import json,sys
value = json.load(sys.stdin)
for key in sys.argv[1].split("."): value = value[int(key)] if isinstance(value, list) else value[key]
print(value)' "$1"; }
call() { # METHOD PATH [BODY]
    curl -sS -X "$1" "$api$2" -H "Authorization: Bearer $token" -H 'Content-Type: application/json' ${3:+-d "$3"}
}
record() { # NAME WORKFLOW_ID [RUN_ID]
    until "$cli" workflow describe --address "$temporal" --workflow-id "$2" ${3:+--run-id "$3"} | grep -qi 'Status .*completed'; do
        sleep 0.3
    done
    "$cli" workflow show --address "$temporal" --workflow-id "$2" ${3:+--run-id "$3"} --output json >"$folder/$1.json"
    echo "recorded $1"
}
port=$((20000 + RANDOM % 10000))
# Takes the second of two.
python3 - "$port" <<'PY' &
import http.server, sys
class Hook(http.server.BaseHTTPRequestHandler):
    heard = 0
    def do_POST(self):
        self.rfile.read(int(self.headers['Content-Length']))
        Hook.heard += 1
        self.send_response(503 if Hook.heard == 1 else 204)
        self.end_headers()
    def log_message(self, *_): pass
http.server.HTTPServer(('127.0.0.1', int(sys.argv[1])), Hook).serve_forever()
PY
hook=$!
trap 'kill $hook' EXIT
target=$(call POST /alert-targets '{"name":"recorder-'$RANDOM'","url":"http://127.0.0.1:'$port'/"}' | field id)
gpu=$(call GET /gpus | field items.0.id)
call PUT "/gpus/$gpu/status" '{"status":"error","reason":"recorded"}' >/dev/null
until alert=$(call GET '/alerts?rule=gpu_error&state=firing' | field items.0.id 2>/dev/null); do sleep 0.3; done
delivery=alert-$alert-firing-1-webhook-$target
until "$cli" workflow describe --address "$temporal" --workflow-id "$delivery" >/dev/null 2>&1; do sleep 0.3; done
record deliver-alert "$delivery"
look=$("$cli" workflow describe --address "$temporal" --workflow-id "$delivery" --output json \
    | python3 -c 'import json,sys; p=json.load(sys.stdin)["workflowExecutionInfo"]["parentExecution"]; print(p["workflowId"], p["runId"])')
# shellcheck disable=SC2086
record evaluate-alerts $look
call PUT "/gpus/$gpu/status" '{"status":"available"}' >/dev/null
call DELETE "/alert-targets/$target"
