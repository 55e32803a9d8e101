# shellcheck shell=bash
# Processes of the engine: each has a file with its pid and its start time, because pids are reused. For engine.sh.

start_time() { awk '$3 != "Z" { print $22 }' "/proc/$1/stat" 2>/dev/null; }

alive() { # name
  local recorded
  recorded=$(cat "$RUN/pids/$1" 2>/dev/null) || return 1
  # one that ended at once has none
  [ -n "${recorded#* }" ] && [ "$(start_time "${recorded% *}")" = "${recorded#* }" ]
}

# Fails where one of those that were started has ended, and names it.
all_alive() {
  local record
  for record in "$RUN"/pids/*; do
    alive "${record##*/}" || { say "${record##*/} has ended"; return 1; }
  done
}

none_alive() {
  local record
  for record in "$RUN"/pids/*; do ! alive "${record##*/}" || return 1; done
}

# Our servers, known by where they lie, that nobody keeps a record of: a run that was killed leaves them, with our ports.
end_strays() {
  local tenths=100
  while end_once && [ "$tenths" -gt 0 ]; do
    tenths=$((tenths - 1))
    sleep 0.1
  done
}

end_once() { # fails where there are none
  local process name found=1
  for process in /proc/[0-9]*; do
    case $(readlink "$process/exe") in
      "$ROOT"/*)
        IFS= read -rd '' name <"$process/cmdline" || continue
        case ${name##*/} in kubectl | ctr) continue ;; esac # of people
        ;;
      */bash) tr '\0' ' ' <"$process/cmdline" | grep -q " keep-kube-.* $RUN/" || continue ;;
      *) continue ;;
    esac 2>/dev/null
    kill -KILL "${process#/proc/}" 2>/dev/null && found=0
  done
  return "$found"
}

launch() { # name, command…
  local name=$1
  shift
  if alive "$name"; then return 0; fi
  printf '%q ' "$@" >"$RUN/commands/$name"
  # 9>&-: it must not inherit our lock
  setsid nohup "$@" >>"$RUN/log/$name.log" 2>&1 </dev/null 9>&- &
  echo "$! $(start_time $!)" >"$RUN/pids/$name"
}

# Starts it again whenever it ends, as a node's kubelet does with the processes of the control plane: the scheduler, for
# one, ends itself when the API server died over a placement and came back knowing more than it does.
launch_kept() { # name, command…
  local name=$1
  shift
  # the loop may be killed: what it runs must not outlive it
  launch "$name" bash -c 'while :; do setpriv --pdeathsig KILL "$@"; echo "$1 ended with $?" >&2; sleep 0.5; done' "keep-$name" "$@"
}

# Starts what died again, as it was started; what was ended has no pid file any more.
revive_dead() {
  local record name
  for record in "$RUN"/pids/*; do
    name=${record##*/}
    alive "$name" || { say "starting $name again"; eval "launch $name $(cat "$RUN/commands/$name")"; }
  done
}

wait_for() { # what, seconds, command…
  local what=$1 end=$((SECONDS + $2))
  shift 2
  until "$@" >/dev/null 2>&1; do
    [ "$SECONDS" -lt "$end" ] || { last_words; die "$what did not come; the logs: $RUN/log"; }
    sleep 0.1
  done
}

# For who sees only what this prints, not the logs: of those that ended the last lines, of the others the last errors.
last_words() {
  local record name
  for record in "$RUN"/pids/*; do
    name=${record##*/}
    if alive "$name"; then
      grep -E '^[EF][0-9]{4} |level=(error|fatal)' "$RUN/log/$name.log" | tail -n 3
    else
      echo "has ended"
      tail -n 5 "$RUN/log/$name.log"
    fi | cut -c1-400 | sed "s/^/$name: /" >&2
  done || true
}

end_one() { # name, signal
  local pid tenths=100
  if alive "$1"; then
    pid=$(cut -d' ' -f1 "$RUN/pids/$1")
    kill "-${2:-TERM}" "$pid" 2>/dev/null || true
    while alive "$1"; do
      tenths=$((tenths - 1))
      [ "$tenths" -gt 0 ] || { kill -KILL "$pid" 2>/dev/null || true; break; }
      sleep 0.1
    done
  fi
  rm -f "$RUN/pids/$1"
}

# At once: the state goes too, so there is nothing to end in good order.
end_all() { # names…
  local name
  for name in "$@"; do end_one "$name" KILL; done
}
