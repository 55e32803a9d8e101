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
closed() { # WORKFLOW_ID: waits until its newest run has ended, however
    "$cli" workflow result --address "$temporal" --workflow-id "$1" >/dev/null 2>&1 || true
}
say() { # ENVIRONMENT WORD: as soon as its step is under way
    local answer
    while true; do
        answer=$(call POST "/environments/$1/operation/$2" '{"reason":"to be recorded"}' wait=0)
        case $answer in
            *'"nothing_to_retry"'* | *'"not_abortable"'* | *'"invalid_state"'*) ;;
            *'"code"'*'"detail"'* | *'"detail"'*'"code"'*) echo "too late for $2 of $1: $answer" >&2; return 1 ;;
            *) return ;;
        esac
    done
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

# The same on another host, where what is to be undone is skipped before the lost host's stand-in comes to it.
quiet=$(call POST /hosts '{"id":"quieter","name":"quieter","ip_address":"127.0.0.1"}' | field token)
curl -sS -X POST "$api/hosts/quieter/heartbeat" -H "Authorization: Bearer $quiet" -H 'Content-Type: application/json' \
    -d '{"cpu":8,"memory":"64Gi","deployment_modes":["docker"]}' >/dev/null
skipped=$(call POST /environments "$(spec skipped ',"host_id":"quieter"')" wait=0 | field id)
say "$skipped" abort
call POST /hosts/quieter/lost >/dev/null
say "$skipped" skip
closed "environment-$skipped"
record create-undo-skipped "environment-$skipped"
call DELETE "/environments/$skipped" >/dev/null

# On an engine: each word comes while it is at work.
id=$(call POST /environments "$(spec attended)" wait=0 | field id)
say "$id" retry
closed "environment-$id"
record create-retried "environment-$id"
until call POST "/environments/$id/stop" '' wait=0 >/dev/null && say "$id" retry; do
    call POST "/environments/$id/start" >/dev/null # it was too quick
done
closed "environment-$id"
record stop-retried "environment-$id"
until call POST "/environments/$id/start" '' wait=0 >/dev/null && say "$id" abort; do
    call POST "/environments/$id/stop" >/dev/null # it was too quick
done
closed "environment-$id"
record start-aborted "environment-$id"
call DELETE "/environments/$id" >/dev/null
