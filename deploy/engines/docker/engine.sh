#!/usr/bin/env bash
# engine.sh start|stop|status [--engine 26|20] [--machine]
# engine.sh images --machine
#
# A private Docker engine for tests, beside whatever the machine has: its own binaries, data, bridge and unix socket.
#   26  Debian 13's packages, with the Container Device Interface (CDI) that hands out the fake GPUs below
#   20  Debian 12's packages, without CDI: the oldest engine we support
# The packages come from the machine's own apt mirror and are unpacked into the cache, so nothing is installed system-wide
# but iptables, when that is missing. One engine runs at a time: two would rewrite each other's iptables chains.
#
# --machine: one more engine, as another machine would have it: in a network namespace (rg-machine, 172.27.0.2, this
# machine is 172.27.0.1 there), with its own data, so its own images, too; `images` copies the one of a terminal to it,
# from the engine that $DOCKER_HOST names.
#
# Last line of output of a successful start or status: DOCKER_HOST=unix://…
set -euo pipefail

die() { printf 'engine.sh: %s\n' "$*" >&2; exit 1; }
say() { printf '%s\n' "$*" >&2; }

ACTION=${1:-start}; shift || true
ENGINE=26
MACHINE=
while [ $# -gt 0 ]; do
  case $1 in
    --engine) ENGINE=${2:?--engine needs 26 or 20}; shift 2 ;;
    --machine) MACHINE=rg-machine; shift ;;
    *) die "unknown argument $1; usage: engine.sh start|stop|status [--engine 26|20] [--machine]" ;;
  esac
done
case $ENGINE in
  26) SUITE=trixie; PACKAGES=(docker.io docker-cli containerd docker-buildx) ;;
  20) SUITE=bookworm; PACKAGES=(docker.io containerd) ;;
  *) die "unknown engine $ENGINE: 26 or 20" ;;
esac

CACHE=${REMOTEGPU_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/remotegpu}
ROOT=$CACHE/engines/docker
BINARIES=$ROOT/$ENGINE            # one folder an engine, complete or absent
RUNC=$ROOT/runc                   # Debian 12's for both: the newer one wants a newer libseccomp than the machine may have
PLACE=$ROOT${MACHINE:+/machine}   # what only this engine has
RUN=$PLACE/run                    # pid file, configuration, the engine's exec-root
SOCKET=$PLACE/docker.sock
PIDFILE=$RUN/dockerd.pid
THERE=(env)                       # words before a command that make it run on the engine's machine
[ -z "$MACHINE" ] || THERE=(nsenter --net="/run/netns/$MACHINE") # `ip netns exec` would hide the control groups
BRIDGE=rg-docker0                 # not docker0: a distribution's engine may own that
VETH=rg-machine0                  # this machine's end of the cable to the other one
SOURCE=${DOCKER_HOST-}
export DOCKER_HOST=unix://$SOCKET

# The pid when the recorded one is really ours (pids are reused, also after a reboot), else nothing.
live_pid() { # pid file, what its command line must contain
  local pid
  pid=$(cat "$1" 2>/dev/null) && [ -n "$pid" ] || return 1
  tr '\0' ' ' 2>/dev/null <"/proc/$pid/cmdline" | grep -qF -- "$2" && printf '%s\n' "$pid"
}
engine_pid() { live_pid "$PIDFILE" "$RUN/daemon.json"; }
containerd_pid() { live_pid "$RUN/exec/containerd/containerd.pid" "$RUN/exec/containerd"; }
running_engine() { cat "$RUN/engine" 2>/dev/null || true; }

end_process() { # pid, seconds before it is killed
  local tenths=$(($2 * 10))
  kill "$1" 2>/dev/null || return 0
  while kill -0 "$1" 2>/dev/null; do
    [ "$tenths" -gt 0 ] || { kill -KILL "$1" 2>/dev/null || true; sleep 0.3; return 0; }
    tenths=$((tenths - 1)); sleep 0.1
  done
}

answers() { curl -sf --max-time 5 --unix-socket "$SOCKET" http://docker/_ping >/dev/null 2>&1; }

find_mirror() { # $REMOTEGPU_MIRROR, or the machine's own when it is a Debian
  if [ -n "${REMOTEGPU_MIRROR-}" ]; then echo "${REMOTEGPU_MIRROR%/}"; return; fi
  grep -q '^ID=debian' /etc/os-release || return 0
  awk '/^URIs:/ { print $2; exit } /^deb / { for (i = 2; i <= NF; i++) if ($i ~ /^http/) { print $i; exit } }' \
    /etc/apt/sources.list.d/debian.sources /etc/apt/sources.list 2>/dev/null
}

# Downloads packages with a private apt state and unpacks them; the target appears only when it is complete.
unpack() { # target folder, suite, packages…
  local target=$1 suite=$2 mirror apt deb; shift 2
  [ -d "$target" ] && return 0
  command -v apt-get >/dev/null || die "needs apt (Debian or Ubuntu) to download $*"
  mirror=$(find_mirror); [ -n "$mirror" ] || die "no Debian mirror found: set REMOTEGPU_MIRROR to the address of one"
  [ -r /usr/share/keyrings/debian-archive-keyring.gpg ] || die "needs the package debian-archive-keyring"
  say "downloading $* ($suite) from $mirror"
  apt=$ROOT/apt-$suite
  rm -rf "$target.partial" "$apt/debs"
  mkdir -p "$target.partial" "$apt/debs" "$apt/lists/partial" "$apt/cache/archives/partial"
  printf 'deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] %s %s main\n' "$mirror" "$suite" >"$apt/sources.list"
  local options=(-qq -oDir::Etc::sourcelist="$apt/sources.list" -oDir::Etc::sourceparts=- -oDir::State::lists="$apt/lists"
    -oDir::Cache="$apt/cache" -oAPT::Sandbox::User=root -oAcquire::Languages=none -oAcquire::Retries=3)
  apt-get "${options[@]}" update >&2
  (cd "$apt/debs" && apt-get "${options[@]}" download "$@" >&2)
  for deb in "$apt"/debs/*.deb; do dpkg-deb -x "$deb" "$target.partial"; done
  mv -T "$target.partial" "$target"
  rm -rf "$apt"
}

install_missing() {
  unpack "$BINARIES" "$SUITE" "${PACKAGES[@]}"
  unpack "$RUNC" bookworm runc
  command -v iptables >/dev/null && return 0
  say "installing iptables"
  apt-get update -qq >&2 || true
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends iptables >"$ROOT/log/iptables.log" 2>&1 \
    || say "iptables could not be installed: containers will have no way out, published ports go through the proxy"
}

there() { "${THERE[@]}" "$@"; }

# The other machine: a network namespace, and a cable to it.
make_machine() {
  [ -n "$MACHINE" ] || return 0
  ip netns add "$MACHINE" 2>/dev/null || nsenter --net="/run/netns/$MACHINE" true 2>/dev/null \
    || { ip netns delete "$MACHINE" 2>/dev/null || true; ip netns add "$MACHINE"; }
  ip link show "$VETH" >/dev/null 2>&1 || ip link add "$VETH" type veth peer name eth0 netns "$MACHINE"
  ip addr replace 172.27.0.1/24 dev "$VETH"
  ip link set "$VETH" up
  there ip link set lo up
  there ip addr replace 172.27.0.2/24 dev eth0
  there ip link set eth0 up
  there ip route replace default via 172.27.0.1
}

# Our own bridge, because the engine creates only docker0 by itself.
make_bridge() { # mtu
  there ip link show "$BRIDGE" >/dev/null 2>&1 || there ip link add "$BRIDGE" type bridge
  there ip addr replace 172.29.0.1/24 dev "$BRIDGE"
  there ip link set "$BRIDGE" mtu "$1" up
}

fake_gpus() {
  mkdir -p "$ROOT/cdi"
  # RG_GPU names the last device given; RG_GPU_<n> marks each, so that a test sees every device of several.
  {
    printf '{"cdiVersion":"0.5.0","kind":"remotegpu.test/gpu","devices":['
    local n comma=
    for n in 0 1 2 3; do
      printf '%s\n {"name":"%d","containerEdits":{"env":["RG_GPU=%d","RG_GPU_%d=present"]}}' "$comma" "$n" "$n" "$n"; comma=,
    done
    printf '\n]}\n'
  } >"$ROOT/cdi/.gpu.json.new"
  mv "$ROOT/cdi/.gpu.json.new" "$ROOT/cdi/remotegpu.test.json"
}

configure() { # mtu
  local cdi='' iptables=true
  [ "$ENGINE" = 20 ] || cdi="\"features\": {\"cdi\": true}, \"cdi-spec-dirs\": [\"$ROOT/cdi\"],
  \"default-network-opts\": {\"bridge\": {\"com.docker.network.driver.mtu\": \"$1\"}},"
  there iptables -t nat -nL >/dev/null 2>&1 || iptables=false
  [ $iptables = true ] || say "iptables does not work here: containers have no way out, published ports go through the proxy"
  cat >"$RUN/daemon.json" <<JSON
{ $cdi
  "hosts": ["unix://$SOCKET"], "pidfile": "$PIDFILE",
  "data-root": "$PLACE/data-$ENGINE", "exec-root": "$RUN/exec",
  "bridge": "$BRIDGE", "mtu": $1, "iptables": $iptables,
  "default-address-pools": [{"base": "172.30.0.0/16", "size": 24}],
  "storage-driver": "overlay2", "log-level": "warn", "shutdown-timeout": 5,
  "log-driver": "json-file", "log-opts": {"max-size": "10m", "max-file": "2"} }
JSON
}

# What a killed engine leaves: its containerd, files that name dead processes, a socket nobody listens on.
clear_leftovers() {
  local pid
  if pid=$(engine_pid); then say "engine $pid does not answer: ending it"; end_process "$pid" 10; fi
  if pid=$(containerd_pid); then say "ending the containerd $pid of a dead engine"; end_process "$pid" 5; fi
  rm -f "$PIDFILE" "$SOCKET" "$RUN/exec/containerd/containerd.pid" "$RUN"/exec/containerd/*.sock*
}

start() {
  [ "$(id -u)" = 0 ] || die "the engine needs root"
  [ ${#SOCKET} -lt 108 ] || die "the path of the socket is too long for unix: $SOCKET; set REMOTEGPU_CACHE to a shorter folder"
  if answers; then
    [ "$(running_engine)" = "$ENGINE" ] || die "engine $(running_engine) is running: engine.sh stop, then start --engine $ENGINE"
    say "engine $ENGINE is already up"
    return 0
  fi
  mkdir -p "$RUN" "$ROOT/log" "$PLACE/log"
  clear_leftovers
  install_missing
  fake_gpus
  local device mtu began=$SECONDS log=$PLACE/log/dockerd-$ENGINE.log
  device=$(ip -o route show default | awk '{ for (i = 1; i < NF; i++) if ($i == "dev") { print $(i + 1); exit } }')
  mtu=$(cat "/sys/class/net/$device/mtu" 2>/dev/null || echo 1500)
  make_machine
  make_bridge "$mtu"
  configure "$mtu"
  echo "$ENGINE" >"$RUN/engine"
  # 9>&-: the engine must not inherit our lock
  PATH=$BINARIES/usr/sbin:$BINARIES/usr/bin:$RUNC/usr/sbin:$RUNC/usr/bin:$PATH \
    "${THERE[@]}" setsid nohup dockerd --config-file "$RUN/daemon.json" >"$log" 2>&1 </dev/null 9>&- &
  local pid=$! tries=600
  until answers; do
    tries=$((tries - 1))
    if ! kill -0 "$pid" 2>/dev/null || [ $tries -le 0 ]; then
      tail -20 "$log" >&2
      die "the engine did not come up; its log: $log"
    fi
    sleep 0.1
  done
  say "engine $ENGINE up in $((SECONDS - began)) s, pid $(cat "$PIDFILE"), client $BINARIES/usr/bin/docker"
}

stop() {
  local pid
  if pid=$(engine_pid); then end_process "$pid" 30; say "engine $(running_engine) stopped"; else say "no engine was running"; fi
  clear_leftovers
  if [ -z "$MACHINE" ]; then ip link del "$BRIDGE" 2>/dev/null || true; return; fi
  ip link del "$VETH" 2>/dev/null || true
  ip netns delete "$MACHINE" 2>/dev/null || true
}

status() {
  answers || { say "not running"; exit 3; }
  say "engine $(running_engine) is up, pid $(engine_pid || echo unknown)"
}

images() {
  if [ -z "$MACHINE" ] || [ -z "$SOURCE" ]; then die "images needs --machine, and \$DOCKER_HOST with the engine to copy from"; fi
  local docker=$BINARIES/usr/bin/docker image=remotegpu/terminal:1 wanted
  wanted=$(DOCKER_HOST=$SOURCE "$docker" image inspect -f '{{.Id}}' "$image") || die "$SOURCE has no $image: deploy/images/build.sh"
  if [ "$("$docker" image inspect -f '{{.Id}}' "$image" 2>/dev/null)" = "$wanted" ]; then say "$image is there"; return; fi
  DOCKER_HOST=$SOURCE "$docker" save "$image" | "$docker" load >&2
}

mkdir -p "$PLACE"
exec 9>"$PLACE/lock"
case $ACTION in
  start) flock 9; start ;;
  stop) flock 9; stop; exit 0 ;;
  status) status ;;
  images) images ;;
  *) die "unknown action $ACTION: start, stop, status or images" ;;
esac
printf 'DOCKER_HOST=%s\n' "$DOCKER_HOST"
