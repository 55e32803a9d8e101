#!/usr/bin/env bash
# install.sh – installs the distribution's own Docker engine (package docker.io of Debian and Ubuntu) and starts it:
# by systemd where that runs, else by hand in the background (log /var/log/dockerd.log, pid file /run/docker.pid).
# Does nothing when an engine answers already. Run as root. Last line of output: DOCKER_HOST=unix://…
set -euo pipefail

SOCKET=/run/docker.sock
LOG=/var/log/dockerd.log
PIDFILE=/run/docker.pid

die() { printf 'install.sh: %s\n' "$*" >&2; exit 1; }
say() { printf '%s\n' "$*" >&2; }
answers() { docker -H "unix://$SOCKET" version >/dev/null 2>&1; }

install_engine() {
  command -v apt-get >/dev/null || die "only Debian and Ubuntu are known here; install Docker by hand: https://docs.docker.com/engine/install/"
  local packages=(docker.io iptables iproute2 ca-certificates) log
  log=$(mktemp)
  apt-get update -qq >&2 || say "the package lists could not be refreshed; trying with those at hand"
  # Debian 13 and Ubuntu 24.10 split the client off.
  if apt-cache show docker-cli >/dev/null 2>&1; then packages+=(docker-cli); fi
  say "installing ${packages[*]}"
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${packages[@]}" >"$log" 2>&1 \
    || { tail -20 "$log" >&2; die "the packages could not be installed; the whole log: $log"; }
  rm -f "$log"
}

# Containers whose packets are larger than the way out lose them silently (cloud and overlay networks have less than 1500).
follow_mtu() {
  local device mtu
  device=$(ip -o route show default | awk '{ for (i = 1; i < NF; i++) if ($i == "dev") { print $(i + 1); exit } }')
  mtu=$(cat "/sys/class/net/$device/mtu" 2>/dev/null || echo 1500)
  if [ "$mtu" = 1500 ]; then return; fi
  if grep -qs '"mtu"' /etc/docker/daemon.json; then return; fi
  if [ -e /etc/docker/daemon.json ]; then
    say "note: the default route's MTU is $mtu; /etc/docker/daemon.json exists and is left as it is"
    return
  fi
  mkdir -p /etc/docker
  printf '{ "mtu": %s }\n' "$mtu" >/etc/docker/daemon.json
}

start_by_hand() {
  local pid
  pid=$(cat "$PIDFILE" 2>/dev/null || true)
  # The pid of an engine that was killed may be another process's by now, and dockerd would then refuse to start.
  if [ -n "$pid" ] && ! grep -qa dockerd "/proc/$pid/cmdline" 2>/dev/null; then rm -f "$PIDFILE"; fi
  setsid nohup dockerd --host "unix://$SOCKET" --pidfile "$PIDFILE" >>"$LOG" 2>&1 </dev/null &
}

[ "$(id -u)" = 0 ] || die "needs root"
if command -v docker >/dev/null && answers; then
  say "an engine is running already"
else
  if ! command -v dockerd >/dev/null; then install_engine; fi
  follow_mtu
  if [ -d /run/systemd/system ]; then
    systemctl enable --now docker.service >&2; hint="journalctl -u docker"
  else
    start_by_hand; hint=$LOG
  fi
  tries=300
  until answers; do
    tries=$((tries - 1)); [ $tries -gt 0 ] || die "the engine did not come up within 30 s; look at: $hint"
    sleep 0.1
  done
  say "Docker engine $(docker -H "unix://$SOCKET" version -f '{{.Server.Version}}') is up"
fi
printf 'DOCKER_HOST=unix://%s\n' "$SOCKET"
