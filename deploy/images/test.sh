#!/usr/bin/env bash
# test.sh [--tag TAG] [terminal ide desktop training]
#
# Proves the built images with real clients (ssh, sftp, curl, a VNC viewer, an RDP client under Xvfb) on the engine that
# $DOCKER_HOST names. One line a check; the exit status is 1 when any failed. Containers and volumes carry the label
# io.remotegpu.images-test=<this run> and are removed at the end. As root it installs the clients that are missing.
set -uo pipefail
cd "$(dirname "$0")" || exit 1

TAG=1
TYPES=()
while [ $# -gt 0 ]; do
  case $1 in
    --tag) TAG=${2:?--tag needs a tag}; shift ;;
    terminal | ide | desktop | training) TYPES+=("$1") ;;
    *) echo "usage: test.sh [--tag TAG] [terminal ide desktop training]" >&2; exit 2 ;;
  esac
  shift
done
[ ${#TYPES[@]} -gt 0 ] || TYPES=(terminal ide desktop training)

CACHE=${REMOTEGPU_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/remotegpu}
PATH=$PATH:$CACHE/engines/docker/26/usr/bin
RUN_ID=$$-$RANDOM
LABEL=io.remotegpu.images-test=$RUN_ID
WORK=$(mktemp -d)
FAILED=0
PASSED=0
TOKEN=$(head -c 24 /dev/urandom | od -An -tx1 | tr -d ' \n')
PASSWORD=$(head -c 4 /dev/urandom | od -An -tx1 | tr -d ' \n') # 8 characters

clean_up() {
  jobs -rp | xargs -r kill 2>/dev/null
  docker ps -aq --filter "label=$LABEL" | xargs -r docker rm -f >/dev/null
  docker volume ls -q --filter "label=$LABEL" | xargs -r docker volume rm >/dev/null
  rm -rf "$WORK"
}
trap clean_up EXIT

# One line a check. A failed check shows the end of what its command said.
check() { # what, command…
  local what=$1; shift
  if "$@" >"$WORK/output" 2>&1; then printf 'ok    %s\n' "$what"; PASSED=$((PASSED + 1))
  else printf 'FAIL  %s\n' "$what"; sed 's/^/      /' "$WORK/output" | tail -8; FAILED=$((FAILED + 1)); fi
}
not() { ! "$@"; }
says() { local expected=$1 got; shift; got=$("$@" 2>/dev/null); [ "$got" = "$expected" ] || { echo "expected: $expected"; echo "got: $got"; return 1; }; }
within() { # seconds, command… : true as soon as the command is
  local end=$((SECONDS + $1)); shift
  until "$@"; do [ $SECONDS -lt $end ] || return 1; sleep 0.2; done
}

need() { # program, package
  command -v "$1" >/dev/null && return
  if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then echo "test.sh needs $1 (package $2)" >&2; exit 2; fi
  echo "installing $2" >&2
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$2" >"$WORK/apt.log" 2>&1 \
    || { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$2"; } >"$WORK/apt.log" 2>&1 \
    || { tail -5 "$WORK/apt.log" >&2; exit 2; }
}

new_volume() { docker volume create --label "$LABEL" "rg-images-test-$RUN_ID-$1" >/dev/null; echo "rg-images-test-$RUN_ID-$1"; }

# An environment as the platform makes it: same security options, secrets as files before the start.
# Sets C (the container); the secrets that the type has come from $WORK/secrets-<type>.
create() { # type, volume, further options of `docker create`…
  local type=$1 volume=$2; shift 2
  C=$(docker create --label "$LABEL" --cap-drop ALL --security-opt no-new-privileges --pids-limit 512 --shm-size 256m \
    -v "$volume:/home/dev" -P "$@" "remotegpu/$type:$TAG") || exit 1
  (cd "$WORK/secrets-$type" && tar --owner 1000 --group 1000 --mode 0400 -cf - -- *) | docker cp - "$C:/run/remotegpu" || exit 1
  docker start "$C" >/dev/null || exit 1
}
port() { docker port "$C" "$1" | head -1 | sed 's/.*://'; }

SSH_OPTIONS=(-o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -o LogLevel=ERROR -o ConnectTimeout=5 -F none)
with_key() { ssh "${SSH_OPTIONS[@]}" -i "$WORK/key" -o IdentitiesOnly=yes -o BatchMode=yes -p "$(port 2222)" "${AS:-dev}@127.0.0.1" "$@"; }
banner() { timeout 2 bash -c "exec 3<>/dev/tcp/127.0.0.1/$1 && read -t 2 -r -n 4 -u 3 line && [[ \$line == $2* ]]" 2>/dev/null; }
listens() { bash -c "exec 3<>/dev/tcp/127.0.0.1/$(port "$1")" 2>/dev/null; }
answers_ssh() { banner "$(port 2222)" SSH; }

# What holds for every type, whatever its services: nobody is root, nothing leaks, the end is quick.
only_dev() { ! docker top "$C" -eo uid,pid,args | awk 'NR > 1 && $1 != 1000' | grep .; }
no_capabilities() { docker exec "$C" sh -c 'cat /proc/[0-9]*/status 2>/dev/null; true' | awk '/^Cap(Eff|Prm|Bnd)/ && $2 !~ /^0+$/ { print; bad = 1 } END { exit bad }'; }
no_setuid_programs() { ! docker exec "$C" find / -xdev -type f -perm /6000 2>/dev/null | grep .; }
no_zombies() { ! docker exec "$C" ps -eo stat,pid,args | grep '^Z'; }
reaps() { docker exec "$C" bash -c 'for i in {1..20}; do (sleep 0.3 &); done' && sleep 1 && no_zombies; }
no_secret_seen() {
  { docker inspect "$C"; docker logs "$C" 2>&1; docker top "$C" -eo pid,args
    docker exec "$C" sh -c 'cat /proc/[0-9]*/environ 2>/dev/null; true' | tr '\0' '\n'; } >"$WORK/seen"
  [ -s "$WORK/seen" ] && not grep -F -e "$TOKEN" -e "$PASSWORD" "$WORK/seen"
}
comes_back() { # name of the process, command that proves it
  docker exec "$C" pkill -KILL -o -x "$1" && sleep 0.3 && within 20 "${@:2}"
}
stops_quickly() { # the status of a killed container is 137
  local began=${EPOCHREALTIME/./} took
  docker stop "$C" >/dev/null
  took=$(((${EPOCHREALTIME/./} - began) / 1000))
  echo "took $took ms, status $(docker inspect -f '{{.State.ExitCode}}' "$C")"
  [ $took -le 3000 ] && [ "$(docker inspect -f '{{.State.ExitCode}}' "$C")" != 137 ]
}
well_behaved() { # type
  check "$1: no process runs as root" only_dev
  check "$1: no process holds a capability" no_capabilities
  check "$1: no setuid program is left" no_setuid_programs
  check "$1: orphans are reaped" reaps
  check "$1: no secret in inspect, logs, command lines or environments" no_secret_seen
  check "$1: SIGTERM ends it within 3 s" stops_quickly
}

need ssh openssh-client
need curl curl
docker version >/dev/null 2>&1 || { echo "test.sh: no engine answers at ${DOCKER_HOST:-the default socket}" >&2; exit 2; }
ssh-keygen -q -t ed25519 -N '' -C images-test -f "$WORK/key"
ssh-keygen -q -t ed25519 -N '' -C stranger -f "$WORK/other-key"
for type in terminal ide desktop training; do
  mkdir "$WORK/secrets-$type"
  cp "$WORK/key.pub" "$WORK/secrets-$type/authorized_keys"
done
printf '%s' "$TOKEN" >"$WORK/secrets-ide/jupyter-token"
printf '%s' "$PASSWORD" >"$WORK/secrets-desktop/password"

for type in "${TYPES[@]}"; do
  # shellcheck source=/dev/null
  . "tests/$type.sh"
done
printf '%d passed, %d failed\n' "$PASSED" "$FAILED"
[ "$FAILED" = 0 ]
