#!/usr/bin/env bash
# Records the histories that ReplayTest replays, from real operations on a running `./remotegpu up`.
# That server runs with REMOTEGPU_IMAGES_ALLOWED='*', because one create is to fail for its image.
#   record-histories.sh API_URL TEMPORAL_ADDRESS [temporal CLI]
# Uses a new user; what it creates, it deletes. A released history is kept for ever: record beside it, never over it.
set -euo pipefail
api=$1/api/v1 temporal=$2 cli=${3:-temporal}
folder=$(cd "$(dirname "$0")" && pwd)/resources/histories
mkdir -p "$folder"
field() { python3 -c 'import json,sys; print(json.load(sys.stdin)["'"$1"'"])'; }
call() { # METHOD PATH [BODY] [Prefer]
    local prefer=wait=60; [ $# -lt 4 ] || prefer=$4
    curl -sS -X "$1" "$api$2" -H "Authorization: Bearer ${token:-}" -H 'Content-Type: application/json' \
        -H "Prefer: $prefer" ${3:+-d "$3"}
}
new_user() { # sets user and token
    user=recorder-$RANDOM$RANDOM
    token=
    call POST /users/register '{"username":"'$user'","email":"'$user'@example.com","password":"recorder-123456"}' >/dev/null
    token=$(call POST /users/login '{"username":"'$user'","password":"recorder-123456"}' | field token)
}
new_user
spec() { # NAME TYPE CPU [IMAGE]
    printf '{"name":"%s","environment_type":"%s","deployment_mode":"docker","cpu":%s,"memory":"512Mi","gpu":0,"storage":"1Gi"%s}' \
        "$1" "$2" "$3" "${4:+,\"image\":\"$4\"}"
}
record() { # NAME WORKFLOW_ID [RUN_ID]
    "$cli" workflow show --address "$temporal" --workflow-id "$2" ${3:+--run-id "$3"} --output json >"$folder/$1.json"
    echo "recorded $1"
}
runs() { # WORKFLOW_ID: run ids, newest first
    "$cli" workflow list --address "$temporal" --query "WorkflowId = '$1'" --output json \
        | python3 -c 'import json,sys
for w in sorted(json.load(sys.stdin), key=lambda w: w["startTime"], reverse=True): print(w["execution"]["runId"])'
}
# The visibility store lags behind: wait until it knows as many runs.
await_runs() { until [ "$(runs "$1" | wc -l)" -ge "$2" ]; do sleep 0.2; done; }

id=$(call POST /environments "$(spec lived terminal 1)" | field id)
record create "environment-$id"
call GET "/environments/$id/logs" >/dev/null
record capture-log "log-$id"
call POST "/environments/$id/stop" >/dev/null
record stop "environment-$id"
call POST "/environments/$id/start" >/dev/null
record start "environment-$id"
call DELETE "/environments/$id" >/dev/null
record delete "environment-$id"

failed=$(call POST /environments "$(spec failed terminal 1 remotegpu/absent:1)" | field id)
record create-failed "environment-$failed"
call DELETE "/environments/$failed" >/dev/null

before=$("$cli" workflow count --address "$temporal" --query "UserName = '$user'" | tr -dc 0-9)
call POST /environments "$(spec refused terminal 33)" >/dev/null
until [ "$("$cli" workflow count --address "$temporal" --query "UserName = '$user'" | tr -dc 0-9)" -gt "$before" ]; do sleep 0.2; done
refused=$("$cli" workflow list --address "$temporal" --query "UserName = '$user'" --output json \
    | python3 -c 'import json,sys; print(max(json.load(sys.stdin), key=lambda w: w["startTime"])["execution"]["workflowId"])')
record create-refused "$refused"

cut=$(call POST /environments "$(spec cut ide 1)" wait=0 | field id)
call DELETE "/environments/$cut" >/dev/null
await_runs "environment-$cut" 2
record delete-after-cut-create "environment-$cut" "$(runs "environment-$cut" | sed -n 1p)"
record create-cut-by-delete "environment-$cut" "$(runs "environment-$cut" | sed -n 2p)"

# The queue for room, on simulated hosts (--simulate) without other users: users of our own fill them, each to its quota.
simulated() { # NAME [MORE]
    printf '{"name":"%s","environment_type":"terminal","deployment_mode":"simulated","cpu":1,"memory":"512Mi","gpu":1,"storage":"1Gi"%s}' \
        "$1" "${2:-}"
}
waiting=$(call POST /environments "$(simulated waiting)" | field id)
# Follows its log for ten seconds; the host goes on for a while, and then its workflow has ended.
host=$(call GET "/environments/$waiting" | field host_id)
grep -q '^data:' < <(timeout 10 curl -sSN "$api/environments/$waiting/logs" -H "Authorization: Bearer $token" -H 'Accept: text/event-stream')
"$cli" workflow result --address "$temporal" --workflow-id "follow-logs-$host" >/dev/null
record follow-logs "follow-logs-$host"
call POST "/environments/$waiting/stop" >/dev/null
us=$token fillers=()
new_user
while true; do
    answer=$(call POST /environments "$(simulated "filler-$RANDOM$RANDOM")")
    case $answer in
        *'"quota_exceeded"'*) new_user ;;
        *'"no_capacity"'*) break ;;
        *) fillers+=("$token $(field id <<<"$answer")") ;;
    esac
done
token=$us
next=$(call POST /environments "$(simulated next ',"wait":true')" wait=0 | field id)
late=$(call POST /environments "$(simulated late ',"wait":true,"wait_timeout":"1s"')" | field id)
record create-waited-in-vain "environment-$late"
call POST "/environments/$waiting/start" '{"wait":true}' wait=0 >/dev/null
call POST "/environments/$waiting/stop" >/dev/null
record start-not-waited-for "environment-$waiting"
call POST "/environments/$waiting/start" '{"wait":true}' wait=0 >/dev/null
call DELETE "/environments/$waiting" >/dev/null
await_runs "environment-$waiting" 5
record start-cut-by-delete "environment-$waiting" "$(runs "environment-$waiting" | sed -n 2p)"
token=${fillers[0]% *}
call DELETE "/environments/${fillers[0]#* }" >/dev/null
token=$us
until [ "$(call GET "/environments/$next" | field status)" = running ]; do sleep 0.2; done
record create-waited "environment-$next"
for of in "$us $next" "$us $late" "${fillers[@]:1}"; do
    token=${of% *}
    call DELETE "/environments/${of#* }" >/dev/null
done

# Where a cluster is set (remotegpu.kubernetes.clusters): the newest look at its nodes.
looks=$("$cli" workflow list --address "$temporal" --query "WorkflowType = 'SyncNodes' AND ExecutionStatus = 'Completed'" --output json \
    | python3 -c 'import json,sys
for w in json.load(sys.stdin)[:1]: print(w["execution"]["workflowId"])')
[ -z "$looks" ] || record sync-nodes "$looks"

# The watch over hosts: a look, and what is done about the simulated host sim-1 (up --simulate), which is declared lost, swept and
# given environments again. The user must be an administrator.
newest() { # TYPE
    "$cli" workflow list --address "$temporal" --query "WorkflowType = '$1' AND ExecutionStatus = 'Completed'" --output json \
        | python3 -c 'import json,sys
for w in json.load(sys.stdin)[:1]: print(w["execution"]["workflowId"])'
}
lost=$(printf '%s' "$(spec lost terminal 1)" | sed 's/"docker"/"simulated"/')
if call GET /hosts/sim-1 | grep -q '"id":"sim-1"'; then
    lost=$(call POST /environments "$lost" | field id)
    host=$(call GET "/environments/$lost" | field host_id)
    call POST "/hosts/$host/lost" >/dev/null
    until call GET "/hosts/$host" | grep -q '"unswept":false'; do sleep 0.5; done
    call POST "/hosts/$host/activate" >/dev/null
    call DELETE "/environments/$lost" >/dev/null
    until [ -n "$(newest LoseHost)" ]; do sleep 0.2; done
    record lose-host "lose-host-$host"
    record watch-hosts "$(newest WatchHosts)"
fi
