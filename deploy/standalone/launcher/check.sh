#!/usr/bin/env bash
# check.sh: what the launcher promises, on a real start. Needs JDK 25 and, unless REMOTEGPU_JAR names the jar, Maven.
#
# Prints one line a promise. Exit status 0 when all are kept. Everything it makes lies in a temporary folder.
set -euo pipefail
ROOT=$(cd "$(dirname "$0")/../../.." && pwd)
WORK=$(mktemp -d)
export REMOTEGPU_HOME=$WORK/home
export REMOTEGPU_CACHE=${REMOTEGPU_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/remotegpu}
unset TEMPORAL_ADDRESS REMOTEGPU_DATABASE_URL REMOTEGPU_TEMPORAL_CLI
# No engine: environments are not what is looked at here.
export DOCKER_HOST=unix://$WORK/no-engine REMOTEGPU_LIBVIRT_URI=off
FAILED=0
SERVER=

remotegpu() { timeout 300 "$ROOT/remotegpu" "$@" </dev/null 9>&-; }
ok() { printf 'ok      %s\n' "$1"; }
broken() { printf 'BROKEN  %s\n' "$1"; FAILED=$((FAILED + 1)); [ -z "${2-}" ] || tail -15 "$2" | sed 's/^/        | /'; }
check() { # promise, log, command…
  local promise=$1 log=$2
  shift 2
  if "$@" >/dev/null 2>&1; then ok "$promise"; else broken "$promise" "$log"; fi
}
until_true() { # seconds, command…
  local tenths=$(($1 * 10))
  shift
  until "$@" >/dev/null 2>&1; do
    [ "$tenths" -gt 0 ] || return 1
    sleep 0.1
    tenths=$((tenths - 1))
  done
}
says() { grep -qE -- "$2" "$1"; }

# Every process that works on our folder: children of the server carry its path, or run from it.
ours() {
  local file
  for file in /proc/[0-9]*/cmdline; do
    if [ "$file" != "/proc/$$/cmdline" ] && tr '\0' ' ' 2>/dev/null <"$file" | grep -qF "$REMOTEGPU_HOME/"; then
      file=${file#/proc/}
      printf '%s\n' "${file%/cmdline}"
    fi
  done
}
nothing_left() { [ -z "$(ours)" ]; }

start() { # log, arguments…
  local log=$1
  shift
  # setsid: the signals below go to this one process. What a script starts with & ignores Ctrl-C, hence env.
  setsid env --default-signal=INT,QUIT "$ROOT/remotegpu" up --no-install --no-images --port "$PORT" "$@" >"$log" 2>&1 </dev/null &
  SERVER=$!
}
is_up() { says "$1" '^RemoteGPU is up'; }
has_ended() { ! kill -0 "$1"; }
end() { # signal
  kill -s "$1" "$SERVER" 2>/dev/null || true
  if ! until_true 60 has_ended "$SERVER"; then broken "ends within 60 s after $1"; kill -KILL "$SERVER"; fi
  local status=0
  wait "$SERVER" 2>/dev/null || status=$?
  SERVER=
  return "$status"
}
clean() {
  local pid
  [ -z "$SERVER" ] || kill -KILL "$SERVER" 2>/dev/null || true
  for pid in $(ours); do kill -KILL "$pid" 2>/dev/null || true; done
  rm -rf "$WORK"
}
trap clean EXIT
trap 'exit 130' INT TERM

PORT=$((20000 + RANDOM % 10000))

# Words -------------------------------------------------------------------------------------------------------------
refuses() { # expected in the message, arguments…
  local expected=$1 status=0
  shift
  remotegpu "$@" >"$WORK/out" 2>&1 || status=$?
  if [ "$status" = 2 ] && says "$WORK/out" "$expected"; then ok "'$*' is refused with a clear word"; else broken "'$*' is refused with a clear word" "$WORK/out"; fi
}
refuses 'no command fly' fly
refuses 'does not know --frob' up --frob
refuses 'wants a value' up --port
refuses '1 to 65535' up --port 70000
refuses 'HOSTSxGPUS' up --simulate many
refuses 'takes no arguments' down now
refuses 'agent wants --server' agent
refuses 'bom does not know --frob' bom --frob
remotegpu --help >"$WORK/out"
for command in up down bench; do
  remotegpu "$command" --help >"$WORK/out.of-$command"
  check "$command --help says the same, and does nothing" "$WORK/out.of-$command" cmp "$WORK/out" "$WORK/out.of-$command"
done
check "--help names every command" "$WORK/out" sh -c "for c in up down status demo doctor agent test; do grep -q \"remotegpu \$c\" '$WORK/out' || exit 1; done"
remotegpu agent --help >"$WORK/out"
check "agent --help says what it wants, without a build" "$WORK/out" says "$WORK/out" '--token-file'
status=0; remotegpu status >"$WORK/out" || status=$?
check "status without a server says so, with 3" "$WORK/out" test "$status" = 3
check "down without a server is success" "$WORK/out" remotegpu down

# A taken port ------------------------------------------------------------------------------------------------------
coproc HOLDER { exec python3 -c "import socket,sys; s=socket.socket(); s.bind(('127.0.0.1',$PORT)); s.listen(); print('held',flush=True); sys.stdin.read()" 2>/dev/null; }
read -r _ <&"${HOLDER[0]}"
status=0; remotegpu up --no-install --no-images --port "$PORT" >"$WORK/out" 2>&1 || status=$?
check "a taken port is named, with its holder and the way out" "$WORK/out" says "$WORK/out" "port $PORT is taken by python.* \(pid [0-9]+\).*--port"
kill "${HOLDER_PID-}" 2>/dev/null || true
wait "${HOLDER_PID-}" 2>/dev/null || true

# A download that never ends, and one that is broken ----------------------------------------------------------------
if ! command -v temporal >/dev/null; then
  mkdir -p "$WORK/bin" "$WORK/cache/temporal"
  echo 'cut off in the middle' >"$WORK/cache/temporal/temporal-1.9.1"
  chmod 755 "$WORK/cache/temporal/temporal-1.9.1"
  cat >"$WORK/bin/python3" <<'PYTHON'
#!/bin/sh
case "$*" in
  *--version*) ;;
  *download*) sh -c 'sleep 300; :' "$REMOTEGPU_HOME/download" ;;
esac
PYTHON
  chmod 755 "$WORK/bin/python3"
  PATH=$WORK/bin:$PATH REMOTEGPU_CACHE=$WORK/cache start "$WORK/log"
  downloads() { ours | grep -q .; }
  check "a cached program that does not run is fetched again" "$WORK/log" until_true 300 downloads
  status=0; end INT || status=$?
  check "Ctrl-C during a download ends it, with 130" "$WORK/log" test "$status" = 130
  check "and leaves no process and no partial file" "$WORK/log" \
    sh -c "[ -z '$(ours)' ] && [ -z \"\$(ls -A '$WORK/cache/temporal' | grep partial)\" ]"
  sed -i 's/\*download.*/*download*) echo no route to the index; exit 1 ;;/' "$WORK/bin/python3"
  ln -s /bin/false "$WORK/bin/go"
  status=0; PATH=$WORK/bin:$PATH REMOTEGPU_CACHE=$WORK/cache remotegpu up --no-install --no-images --port "$PORT" >"$WORK/out" 2>&1 || status=$?
  check "without any way to a Temporal server it says which ways there are" "$WORK/out" \
    sh -c "[ $status = 1 ] && grep -q 'no route to the index' '$WORK/out' && grep -q 'TEMPORAL_ADDRESS' '$WORK/out'"
fi

# A training run that is cut off ------------------------------------------------------------------------------------
mkdir -p "$WORK/untrained"
for folder in temporal postgres; do
  if [ -e "$REMOTEGPU_CACHE/$folder" ]; then ln -s "$REMOTEGPU_CACHE/$folder" "$WORK/untrained/"; fi
done
in_training() { tr '\0' ' ' 2>/dev/null </proc/"$1"/cmdline | grep -qF "$WORK/untrained/app"; }
trainers() { for pid in /proc/[0-9]*; do if [ "$pid" != "/proc/$$" ] && in_training "${pid#/proc/}"; then echo "${pid#/proc/}"; fi; done; }
trains() { [ -n "$(trainers)" ]; }
nothing_trains() { ! trains; }
REMOTEGPU_CACHE=$WORK/untrained start "$WORK/log"
check "the first start after a build makes a training run, and says so" "$WORK/log" until_true 300 says "$WORK/log" 'a training run'
until_true 60 trains || broken "a server is trained" "$WORK/log"
status=0; end INT || status=$?
check "Ctrl-C during it ends it, with 130" "$WORK/log" test "$status" = 130
check "and leaves no process behind, soon" "$WORK/log" until_true 15 nothing_trains
check "no half of a cache stays" "$WORK/log" sh -c "! ls '$WORK'/untrained/app/*/remotegpu.aot* 2>/dev/null | grep -q ."

# A first run, after one that broke off ------------------------------------------------------------------------------
mkdir -p "$REMOTEGPU_HOME/postgres/data.half/base" "$REMOTEGPU_HOME/run"
echo 'cut o' >"$REMOTEGPU_HOME/run/pid"
start "$WORK/log"
check "a half-finished first run is repaired and comes up" "$WORK/log" until_true 300 is_up "$WORK/log"
[ "$FAILED" = 0 ] || exit 1
check "it says where everything is, and what to type next" "$WORK/log" \
  sh -c "grep -q 'API docs .*http' '$WORK/log' && grep -q 'Temporal UI .*http' '$WORK/log' && grep -q './remotegpu demo' '$WORK/log' && grep -q 'Host .* CPUs' '$WORK/log'"
check "its JVM starts with what the training run left" "$WORK/log" \
  sh -c "[ -s '$REMOTEGPU_HOME/run/app/remotegpu.aot' ] && tr '\\0' '\\n' <'/proc/$SERVER/cmdline' | grep -q AOTCache"
check "without an engine it serves, and says what is missing" "$WORK/log" says "$WORK/log" 'No Docker engine answers'
check "status says that it runs" "$WORK/log" remotegpu status
status=0; remotegpu up --no-install --no-images >"$WORK/out" 2>&1 || status=$?
check "a second up says that it runs already, and where" "$WORK/out" sh -c "[ $status = 0 ] && grep -q 'already runs' '$WORK/out' && grep -q 'API .*:$PORT' '$WORK/out'"

# A dev server that dies ---------------------------------------------------------------------------------------------
for pid in $(ours); do
  case $(tr '\0' ' ' <"/proc/$pid/cmdline") in *lifeline*) ;; *start-dev*) kill -KILL "$pid" ;; esac
done
check "a Temporal server that dies is started again, with a word" "$WORK/log" until_true 30 says "$WORK/log" 'Temporal +is back'
for pid in $(ours); do
  case $(tr '\0' ' ' <"/proc/$pid/cmdline") in *lifeline*) ;; *"postgres -D"*) kill -KILL "$pid" ;; esac
done
check "a PostgreSQL that dies is started again, with a word" "$WORK/log" until_true 30 says "$WORK/log" 'PostgreSQL +is back'

# Ends ---------------------------------------------------------------------------------------------------------------
kill -KILL "$SERVER"
wait "$SERVER" 2>/dev/null || true
SERVER=
check "kill -9 leaves no process behind" "$WORK/log" until_true 40 nothing_left
start "$WORK/log"
check "after kill -9 it comes up again" "$WORK/log" until_true 60 is_up "$WORK/log"
check "down ends it" "$WORK/log" remotegpu down
until_true 10 has_ended "$SERVER" || broken "down waits for the end" "$WORK/log"
SERVER=
check "down leaves no process behind" "$WORK/log" nothing_left
for moment in 0.1 0.4 0.8 1.3 2 3 5; do
  start "$WORK/log"
  sleep "$moment"
  end INT || true
  check "Ctrl-C after $moment s leaves no process behind" "$WORK/log" until_true 1 nothing_left
done
start "$WORK/log"
until_true 60 is_up "$WORK/log" || broken "after all of these it comes up again" "$WORK/log"
status=0; end INT || status=$?
check "Ctrl-C on a running one ends it in order, with 130" "$WORK/log" sh -c "[ $status = 130 ] && grep -q 'RemoteGPU has stopped' '$WORK/log' && ! grep -qi exception '$WORK/log'"
check "and leaves no process behind" "$WORK/log" nothing_left
status=0; LC_ALL=C remotegpu up --no-install --no-images --detach --port "$PORT" --simulate 2x4 >"$WORK/log" 2>&1 || status=$?
check "up --detach returns when it is up" "$WORK/log" sh -c "[ $status = 0 ] && grep -q '^RemoteGPU is up' '$WORK/log'"
check "simulated hosts are shown as such, also without a locale" "$WORK/log" says "$WORK/log" 'sim-2.*4 × Simulated'
check "status knows them" "$WORK/log" sh -c "'$ROOT/remotegpu' status | grep -q 'Host .*sim-2'"
remotegpu down >>"$WORK/log"
check "down ends a detached one" "$WORK/log" nothing_left

printf '%s\n' "$([ "$FAILED" = 0 ] && echo 'all promises kept' || echo "$FAILED promises broken")"
[ "$FAILED" = 0 ]
