#!/usr/bin/env bash
# Records the reconciler's histories that ReplayTest replays, from what is broken on purpose on a running `./remotegpu up`
# with REMOTEGPU_RECONCILER_EVERY=2s REMOTEGPU_RECONCILER_GRACE=3s REMOTEGPU_IDLE_EVERY=2s, a Docker engine with the terminal image, and --simulate 2x4.
#   record-reconciler-histories.sh API_URL TEMPORAL_ADDRESS DOCKER_HOST [temporal CLI]
# Uses a new user; what it creates, it deletes. A released history is kept for ever: record beside it, never over it.
set -euo pipefail
api=$1/api/v1 temporal=$2 engine=$3 cli=${4:-temporal}
folder=$(cd "$(dirname "$0")" && pwd)/resources/histories
user=recorder-$RANDOM$RANDOM
field() { python3 -c 'import json,sys; print(json.load(sys.stdin)["'"$1"'"])'; }
call() { # METHOD PATH [BODY] [Prefer]
    local prefer=wait=60; [ $# -lt 4 ] || prefer=$4
    curl -sS -X "$1" "$api$2" -H "Authorization: Bearer ${token:-}" -H 'Content-Type: application/json' \
        -H "Prefer: $prefer" ${3:+-d "$3"}
}
call POST /users/register '{"username":"'$user'","email":"'$user'@example.com","password":"recorder-123456"}' >/dev/null
token=$(call POST /users/login '{"username":"'$user'","password":"recorder-123456"}' | field token)
spec() { # NAME MODE
    printf '{"name":"%s","environment_type":"terminal","deployment_mode":"%s","cpu":1,"memory":"512Mi","gpu":0,"storage":"1Gi"}' "$1" "$2"
}
record() { # NAME WORKFLOW_ID
    "$cli" workflow show --address "$temporal" --workflow-id "$2" --output json >"$folder/$1.json"
    echo "recorded $1"
}
await() { # ENVIRONMENT STATUS
    until [ "$(call GET "/environments/$1" | field status)" = "$2" ]; do sleep 0.5; done
}
closed() { # WORKFLOW_ID: waits until its newest run has ended
    until ! "$cli" workflow describe --address "$temporal" --workflow-id "$1" | grep -q 'Status .*Running'; do sleep 0.3; done
}

# Its container is removed behind our back.
ended=$(call POST /environments "$(spec ended docker)" | field id)
docker -H "$engine" rm -f "$(docker -H "$engine" ps -q --filter "name=$ended")" >/dev/null
await "$ended" failed
closed "environment-$ended"
record repair-settle "environment-$ended"
call DELETE "/environments/$ended" >/dev/null

# A look at who uses one that may not be idle for ever.
watched=$(call POST /environments "$(spec watched docker | sed 's/}$/,"idle_timeout":"1h"}/')" | field id)
until call GET "/environments/$watched/activity" | grep -q '"state":"i'; do sleep 0.5; done
look=$("$cli" workflow list --address "$temporal" --query "WorkflowType = 'WatchIdleness' AND ExecutionStatus = 'Completed'" --limit 1 --output json \
    | python3 -c 'import json,sys; print(json.load(sys.stdin)[0]["execution"]["workflowId"])')
record watch-idleness "$look"
call DELETE "/environments/$watched" >/dev/null
# What it stops, with REMOTEGPU_IDLE_DEFAULTTIMEOUTS_TERMINAL=10s; without, nothing.
if [ -n "${REMOTEGPU_IDLE_DEFAULTTIMEOUTS_TERMINAL:-}" ]; then
    idle=$(call POST /environments "$(spec idle docker)" | field id)
    await "$idle" stopped
    closed "environment-$idle"
    record stop-idle "environment-$idle"
    call DELETE "/environments/$idle" >/dev/null
fi

# Its workflow is gone in the middle of a create.
lost=$(call POST /environments "$(spec lost docker)" wait=0 | field id)
"$cli" workflow terminate --address "$temporal" --workflow-id "environment-$lost" --reason 'to be found' >/dev/null
await "$lost" failed
closed "environment-$lost"
record repair-finish "environment-$lost"
call DELETE "/environments/$lost" >/dev/null

call POST /reconciler/run >/dev/null || true # an administrator's, where this is one
pass=$("$cli" workflow list --address "$temporal" --query "WorkflowType = 'Reconcile' AND ExecutionStatus = 'Completed'" --limit 1 --output json \
    | python3 -c 'import json,sys; print(json.load(sys.stdin)[0]["execution"]["workflowId"])')
record reconcile "$pass"
