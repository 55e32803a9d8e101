# shellcheck shell=bash
# shellcheck disable=SC2034 # some variables are for common.sh
# The commands around the server: up, down, status, demo, version.

version() {
  local number
  number=$(sed -n 's/^  <version>\(.*\)<\/version>$/\1/p' "$ROOT/pom.xml" | head -1)
  printf 'RemoteGPU %s\n' "${number:-unknown}"
}

up() {
  local detach='' only='' images=1 train=1 port=8080 bind=127.0.0.1 simulate=1x1 arguments=()
  while [ $# -gt 0 ]; do
    case $1 in
      --detach) detach=1 ;;
      --no-install) NO_INSTALL=1 ;;
      --no-images) images= ;;
      --no-training) train= ;;
      --port) port=$(value_of "$@"); shift ;;
      --bind) bind=$(value_of "$@"); shift ;;
      --simulate) simulate=$(value_of "$@"); arguments+=(--simulate "$simulate"); shift ;;
      --only) only=$(value_of "$@"); arguments+=(--only "$only"); shift ;;
      *) misuse "up does not know $1" ;;
    esac
    shift
  done
  if ! [[ $port =~ ^[1-9][0-9]{0,4}$ ]] || [ "$port" -gt 65535 ]; then misuse "--port wants a number from 1 to 65535; it got $port"; fi
  if ! [[ $simulate =~ ^[1-9][0-9]{0,3}x[0-9]{1,3}$ ]]; then misuse "--simulate wants HOSTSxGPUS, for example 4x8; it got $simulate"; fi
  case $only in '' | services | api | worker) ;; *) misuse "--only wants services, api or worker; it got $only" ;; esac
  arguments+=(--port "$port" --bind "$bind")

  make_home
  take_lock || return 0
  watch_signals
  printf '%s · data in %s\n' "$(version)" "$REMOTEGPU_HOME"
  case $only in services | worker) ;; *) check_port "$port" "$bind" ;; esac
  need_jdk
  build
  need_temporal
  # The other parts have no engine of their own: machines with one are an agent's.
  if [ -n "$only" ]; then
    :
  elif need_engine; then
    if [ -n "$images" ]; then need_images; fi
  else
    say Docker "going on without an engine"
  fi
  unpack
  need_aot_cache "$train"
  ln -sfn "$APP" "$RUN/app"
  local line=("$JAVA_HOME/bin/java" "${JVM_FLAGS[@]}" "${AOT[@]}" -jar "$RUN/app/remotegpu.jar" up "${arguments[@]}")
  if [ -n "$detach" ]; then
    start_detached "${line[@]}"
  else
    trap - INT TERM HUP EXIT
    # Same process, so same pid, same lock: Ctrl-C now goes to java, which ends everything in order.
    exec "${line[@]}"
  fi
}
# UTF-8 whatever the locale: without one, a service's or cron's, Java would say ? for × and the like.
JVM_FLAGS=(--enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow -Dstdout.encoding=UTF-8 -Dstderr.encoding=UTF-8)

# One RemoteGPU per folder: the lock is held by this process, then by the java it becomes, and by nobody after them.
take_lock() {
  exec 9>>"$RUN/lock"
  # `status` takes it for a moment only.
  if ! flock -w 2 9; then
    printf 'RemoteGPU already runs with the data in %s:\n' "$REMOTEGPU_HOME"
    status || true
    return 1
  fi
  rm -f "$RUN/state"
  note_pid $$
}
note_pid() { printf '%s %s\n' "$1" "$(start_time "$1" || true)" >"$RUN/pid"; }
# The pid of ours, if it is alive and really that process.
running_pid() {
  local pid began
  read -r pid began 2>/dev/null <"$RUN/pid" || return 1
  [ -n "$began" ] && [ "$(start_time "$pid")" = "$began" ] && printf '%s\n' "$pid"
}
is_locked() { [ -e "$RUN/lock" ] && ! flock -n "$RUN/lock" true; }

# Early, because a first build takes minutes; java looks again, more exactly.
check_port() { # port, address
  local inode pid
  inode=$(awk -v port=":$(printf %04X "$1")" -v address="$2" '
    $4 == "0A" && substr($2, length($2) - 4) == port {
      host = substr($2, 1, length($2) - 5)
      if (host ~ /^0+$/ || host == "0100007F" || address != "127.0.0.1") { print $10; exit }
    }' /proc/net/tcp /proc/net/tcp6 2>/dev/null)
  [ -n "$inode" ] || return 0
  pid=$(find /proc/[0-9]*/fd -lname "socket:\[$inode\]" 2>/dev/null | cut -d/ -f3 | sort -u | head -1 || true) # others' descriptors come and go
  die "port $1 is taken${pid:+ by $(cat "/proc/$pid/comm" 2>/dev/null || echo process) (pid $pid)}: end it, or choose another with --port"
}

start_detached() { # command…
  local log=$LOGS/console.log pid shown=0 filter='p'
  : >"$log"
  setsid nohup "$@" >"$log" 2>&1 </dev/null &
  pid=$!
  # Until it is up, it is ours to end at Ctrl-C.
  CLEANUP=(end_detached "$pid")
  note_pid "$pid"
  until [ "$(state_of phase)" = ready ]; do
    if ! start_time "$pid" >/dev/null; then
      show_plain
      CLEANUP=()
      wait "$pid" || exit $?
      exit 1
    fi
    sleep 0.2
    show_plain
  done
  sleep 0.2
  show_plain
  CLEANUP=()
  printf 'It runs in the background: ./remotegpu status, ./remotegpu down\n'
}
show_plain() { # of start_detached
  local lines
  mapfile -t lines < <(sed -n "$filter" "$log")
  while [ "$shown" -lt ${#lines[@]} ]; do
    case ${lines[$shown]} in Next:*) ;; *) printf '%s\n' "${lines[$shown]}" ;; esac
    shown=$((shown + 1))
  done
}
end_detached() { # pid
  kill -TERM "$1" 2>/dev/null || return 0
  wait "$1" 2>/dev/null || true
}

state_of() { sed -n "s/^$1=//p" "$RUN/state" 2>/dev/null || true; }

status() {
  local pid key label
  if ! is_locked; then
    say RemoteGPU "not running (data in $REMOTEGPU_HOME)"
    return 3
  fi
  pid=$(running_pid || echo '?')
  case $(state_of phase) in
    ready) say RemoteGPU "running, pid $pid, since $(state_of since)" ;;
    starting) say RemoteGPU "starting, pid $pid" ;;
    *) say RemoteGPU "preparing (building or fetching), pid $pid" ;;
  esac
  while read -r key label; do
    if [ -n "$(state_of "$key")" ]; then say "$label" "$(state_of "$key")"; fi
  done <<'KEYS'
api API
docs API docs
temporal Temporal
temporal_ui Temporal UI
postgres PostgreSQL
KEYS
  state_of 'host[.][^=]*' | while read -r label; do say Host "$label"; done
  say Data "$REMOTEGPU_HOME"
}

down() {
  local pid tenths
  if ! is_locked; then
    say RemoteGPU "not running"
    return 0
  fi
  pid=$(running_pid) || die "something holds $RUN/lock, but it is not the process in $RUN/pid: look with 'fuser $RUN/lock'"
  say RemoteGPU "stopping pid $pid"
  kill -TERM "$pid" 2>/dev/null || true
  tenths=900
  while is_locked; do
    [ "$tenths" -gt 0 ] || break
    sleep 0.1
    tenths=$((tenths - 1))
  done
  if is_locked; then
    say RemoteGPU "it does not end after 90 s: killing it (its data survives that)"
    kill -KILL "$pid" 2>/dev/null || true
    flock -w 30 "$RUN/lock" true || die "$RUN/lock is still held"
  fi
  rm -f "$RUN/pid" "$RUN/state"
  say RemoteGPU "stopped"
}

demo() {
  local jar=$RUN/app/remotegpu.jar url='' mode='' argument
  for argument in "$@"; do
    case $argument in
      --url) url=given ;;
      --mode) mode=given ;;
      --gpus | --times) ;;
      -*) misuse "demo does not know $argument" ;;
    esac
  done
  make_home
  if [ -z "$url" ]; then
    if ! is_locked || [ "$(state_of phase)" != ready ]; then die "RemoteGPU is not up: ./remotegpu up, or name another with --url"; fi
    set -- "$@" --url "$(state_of api)"
    # Without an engine, but with simulated hosts, there is still something to see.
    if [ -z "$mode" ] && [[ $(state_of modes) != *docker* && $(state_of modes) == *simulated* ]]; then set -- "$@" --mode simulated; fi
  else
    watch_signals
    build
    trap - INT TERM HUP EXIT
    jar=$JAR
  fi
  need_jdk
  exec "$JAVA_HOME/bin/java" "${JVM_FLAGS[@]}" -XX:TieredStopAtLevel=1 -jar "$jar" demo "$@"
}
