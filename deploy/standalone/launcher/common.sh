# shellcheck shell=bash
# What every command uses: words, processes, steps with progress.

say() { printf '  %-12s %s\n' "$1" "$2"; }
die() { printf '\nremotegpu: %s\n' "$*" >&2; exit 1; }
misuse() { printf 'remotegpu: %s; ./remotegpu --help shows what there is\n' "$*" >&2; exit 2; }
no_arguments() { [ $# -eq 1 ] || misuse "$1 takes no arguments, and got $2"; }
value_of() { [ $# -ge 2 ] || misuse "$1 wants a value"; printf '%s\n' "$2"; }

NO_INSTALL=${NO_INSTALL-}
# Whether we may install packages: root, on Debian or its kin, and nobody said no.
may_install() { [ -z "$NO_INSTALL" ] && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; }

# Several packages at once, after saying so.
install_packages() { # why, packages…
  local why=$1 log=$LOGS/apt.log
  shift
  say Install "$* ($why), by apt-get"
  step "$log" '' env DEBIAN_FRONTEND=noninteractive sh -c \
    'apt-get update -qq; exec apt-get install -y -qq --no-install-recommends "$@"' apt "$@" \
    || { tail -5 "$log" >&2; return 1; }
}

# When a process began, in clock ticks since boot: with its pid it names one process for ever. A zombie is no process.
start_time() { # pid
  local stat
  stat=$(cat "/proc/$1/stat" 2>/dev/null) || return 1
  # The name, in parentheses, may hold anything; behind it come state, …, and the start time as 20th.
  # shellcheck disable=SC2086 # the fields are wanted
  set -- ${stat##*) }
  [ "$1" != Z ] && printf '%s\n' "${20}"
}

# Runs a long command in a session of its own, so that we decide when it ends, and shows what the sed script prints of
# its log as it grows. Ends with the command's status; on_signal ends the command.
STEP=
step() { # log, sed script, command…
  local log=$1 filter=$2 shown=0 lines status=0 never
  shift 2
  : >"$log"
  # 9>&-: what it leaves running must not hold our lock. pdeathsig: should we be killed, it goes too.
  setsid setpriv --pdeathsig TERM -- "$@" >"$log" 2>&1 </dev/null 9>&- &
  STEP=$!
  # Nothing is ever written there. Not "sleep": a shell that waits for a child beside others may miss its end.
  exec {never}<> <(:)
  while kill -0 "$STEP" 2>/dev/null; do
    read -rt 0.2 -u "$never" || true
    show_new
  done
  exec {never}>&-
  wait "$STEP" || status=$?
  STEP=
  show_new
  return "$status"
}
show_new() { # of step
  [ -n "$filter" ] || return 0
  mapfile -t lines < <(sed -n "$filter" "$log" 2>/dev/null)
  while [ "$shown" -lt ${#lines[@]} ]; do
    say '' "${lines[$shown]}"
    shown=$((shown + 1))
  done
}
end_step() {
  local pid=$STEP tenths=100
  [ -n "$pid" ] || return 0
  STEP=
  kill -TERM -- "-$pid" 2>/dev/null || kill -TERM "$pid" 2>/dev/null || true
  while kill -0 -- "-$pid" 2>/dev/null && [ "$tenths" -gt 0 ]; do
    sleep 0.1
    tenths=$((tenths - 1))
  done
  kill -KILL -- "-$pid" 2>/dev/null || true
}
on_signal() { # exit status
  trap '' INT TERM HUP
  printf '\n'
  say Stop "before everything was up; the next run continues from here"
  exit "$1"
}
CLEANUP=() # a command to run at the end, whatever the end
# For the time in which bash itself is at work; java has its own ways.
watch_signals() {
  trap 'on_signal 130' INT
  trap 'on_signal 143' TERM
  trap 'on_signal 129' HUP
  trap 'end_step; "${CLEANUP[@]-:}"' EXIT
}

LOGS=$REMOTEGPU_HOME/logs
RUN=$REMOTEGPU_HOME/run
make_home() {
  (umask 077 && mkdir -p "$LOGS" "$RUN") 2>/dev/null \
    || die "the folder $REMOTEGPU_HOME cannot be made: set REMOTEGPU_HOME to one that can"
  REMOTEGPU_HOME=$(cd "$REMOTEGPU_HOME" && pwd)
  LOGS=$REMOTEGPU_HOME/logs
  RUN=$REMOTEGPU_HOME/run
}
