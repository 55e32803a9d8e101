#!/usr/bin/env bash
# Records the histories of operations that an operator intervened in, as record-histories.sh does those that nobody touched.
#   record-hand-histories.sh API_URL TEMPORAL_ADDRESS ADMIN_TOKEN [temporal CLI]
# Adds a host without an agent; the other creates run on the server's own Docker engine.
set -euo pipefail
api=$1/api/v1 temporal=$2 token=$3 cli=${4:-temporal}
folder=$(cd "$(dirname "$0")" && pwd)/resources/histories
field() { python3 -c 'import json,sys; print(json.load(sys.stdin)["'"$1"'"])'; }
call() { # METHOD PATH [BODY] [Prefer]
    local prefer=wait=60; [ $# -lt 4 ] || prefer=$4
    curl -sS -X "$1" "$api$2" -H "Authorization: Bearer $token" -H 'Content-Type: application/json' \
        -H "Prefer: $prefer" ${3:+-d "$3"}
}
spec() { # NAME [MORE]
    printf '{"name":"%s","environment_type":"terminal","deployment_mode":"docker","cpu":1,"memory":"512Mi","gpu":0,"storage":"1Gi"%s}' \
        "$1" "${2:-}"
}
record() { # NAME WORKFLOW_ID
    "$cli" workflow show --address "$temporal" --workflow-id "$2" --output json >"$folder/$1.json"
    echo "recorded $1"
}
closed() { # WORKFLOW_ID: waits until its newest run has ended
    until ! "$cli" workflow describe --address "$temporal" --workflow-id "$1" | grep -q 'Status .*Running'; do sleep 0.3; done
}
say() { # ENVIRONMENT WORD: until its step is under way and the word is taken
    until "$cli" workflow update execute --address "$temporal" --workflow-id "environment-$1" --name "$2" \
        --input '{"by":"recorder","reason":"to be recorded"}'; do sleep 0.1; done
}

# No agent takes its deploy up: tried again, then given up, which ends when the host is declared lost.
quiet=$(call POST /hosts '{"id":"quiet","name":"quiet","ip_address":"127.0.0.1"}' | field token)
curl -sS -X POST "$api/hosts/quiet/heartbeat" -H "Authorization: Bearer $quiet" -H 'Content-Type: application/json' \
    -d '{"cpu":8,"memory":"64Gi","deployment_modes":["docker"]}' >/dev/null
aborted=$(call POST /environments "$(spec aborted ',"host_id":"quiet"')" wait=0 | field id)
say "$aborted" retry
say "$aborted" abort
call POST /hosts/quiet/lost >/dev/null
closed "environment-$aborted"
record create-retried-and-aborted "environment-$aborted"
call DELETE "/environments/$aborted" >/dev/null
call DELETE /hosts/quiet >/dev/null

# On an engine: each word comes while it is at work.
id=$(call POST /environments "$(spec attended)" wait=0 | field id)
say "$id" retry
closed "environment-$id"
record create-retried "environment-$id"
call POST "/environments/$id/stop" '' wait=0 >/dev/null
say "$id" retry
closed "environment-$id"
record stop-retried "environment-$id"
call POST "/environments/$id/start" '' wait=0 >/dev/null
say "$id" abort
closed "environment-$id"
record start-aborted "environment-$id"
call DELETE "/environments/$id" '' wait=0 >/dev/null
say "$id" retry
closed "environment-$id"
record delete-retried "environment-$id"
