#!/usr/bin/env bash
# engine.sh start|stop|status|crash
#
# libvirt with QEMU, for tests and for hosts without systemd: installs Debian's packages when run as root, and starts
# virtlogd and libvirtd by hand where systemd does not run. No network of libvirt's own is needed or started: machines use
# QEMU's user-mode network. Where hardware virtualization is missing (see the note that start prints), machines are emulated.
#
# `stop` ends only daemons that `start` started, and first destroys the machines of RemoteGPU's tests (installation test-…)
# that a killed test run left behind.
#
# `crash` kills libvirtd as hard as can be, for tests of what holds then; only one that `start` started. Machines go on.
#
# Last line of output of a successful start or status: LIBVIRT_URI=qemu:///system
set -euo pipefail

URI=qemu:///system
CACHE=${REMOTEGPU_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/remotegpu}
ROOT=$CACHE/engines/libvirt
PACKAGES=(libvirt-daemon libvirt-daemon-system libvirt-clients qemu-system-x86 qemu-utils libxml2-utils)

die() { printf 'engine.sh: %s\n' "$*" >&2; exit 1; }
say() { printf '%s\n' "$*" >&2; }

# The pid when the recorded one is really ours (pids are reused, also after a reboot), else nothing.
live_pid() { # daemon
  local pid
  pid=$(cat "$ROOT/$1.pid" 2>/dev/null) && [ -n "$pid" ] || return 1
  tr '\0' ' ' 2>/dev/null <"/proc/$pid/cmdline" | grep -qF -- "$ROOT/$1.pid" && printf '%s\n' "$pid"
}
answers() { timeout 20 virsh -c $URI version >/dev/null 2>&1; }

install_missing() {
  local program missing=
  for program in libvirtd virtlogd virsh qemu-system-x86_64 qemu-img xmllint; do command -v $program >/dev/null || missing=1; done
  [ -n "$missing" ] || return 0
  command -v apt-get >/dev/null || die "only Debian and Ubuntu are known here; install libvirt, QEMU and qemu-img by hand"
  say "installing ${PACKAGES[*]}"
  { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${PACKAGES[@]}"; } \
    >"$ROOT/apt.log" 2>&1 || { tail -20 "$ROOT/apt.log" >&2; die "the packages could not be installed; the whole log: $ROOT/apt.log"; }
}

# Without systemd there is neither AppArmor's nor SELinux' service that libvirt's confinement needs.
configure() {
  local file=/etc/libvirt/qemu.conf
  grep -q '^# remotegpu engine.sh' $file 2>/dev/null && return 0
  printf '\n# remotegpu engine.sh\nsecurity_driver = "none"\n' >>$file
}

# A /dev/kvm that QEMU's user may not open, as virtual machines without nested virtualization have it, makes libvirt look at
# QEMU anew for each machine, which takes a minute. udev would give it to the group; where nothing did, we do.
open_kvm() {
  [ -e /dev/kvm ] && [ "$(stat -c '%G %a' /dev/kvm)" = 'root 600' ] || return 0
  chgrp kvm /dev/kvm && chmod 660 /dev/kvm
}

start_by_hand() { # daemon
  if live_pid "$1" >/dev/null; then return 0; fi
  # 9>&-: a daemon must not inherit our lock
  "$1" -d -p "$ROOT/$1.pid" 9>&- >>"$ROOT/$1.log" 2>&1 || { tail -5 "$ROOT/$1.log" >&2; die "$1 does not start; its log: $ROOT/$1.log"; }
}

start() {
  local began=$SECONDS tries=300
  [ "$(id -u)" = 0 ] || die "libvirt's system daemon needs root"
  install_missing
  if answers; then
    say "libvirt is already up"
  elif [ -d /run/systemd/system ]; then
    systemctl enable --now virtlogd.socket libvirtd.socket libvirtd.service >&2
  else
    configure
    open_kvm
    start_by_hand virtlogd
    start_by_hand libvirtd
  fi
  until answers; do
    tries=$((tries - 1)); [ $tries -gt 0 ] || die "libvirt did not come up within 30 s; its log: $ROOT/libvirtd.log"
    sleep 0.1
  done
  if grep -qE '^flags.*\b(vmx|svm)\b' /proc/cpuinfo; then say "machines run on KVM"
  else say "note: no hardware virtualization here, machines are emulated"; fi
  say "$(virsh -c $URI version | sed -n 's/^Running hypervisor: //p; s/^Using library: //p' | paste -sd, | sed 's/,/, /') up in $((SECONDS - began)) s"
}

# Machines of tests carry their installation in our metadata.
destroy_leftovers() {
  local domain
  virsh -c $URI list --all --name 2>/dev/null | grep '^remotegpu-' | while read -r domain; do
    if virsh -c $URI metadata "$domain" urn:remotegpu:environment:1 2>/dev/null | grep -q 'installation="test-'; then
      say "ending $domain, left by a test"
      virsh -c $URI destroy "$domain" >/dev/null 2>&1 || true
      virsh -c $URI undefine --managed-save --nvram "$domain" >/dev/null 2>&1 || true
    fi
  done || true
}

stop() {
  local daemon pid tries
  if answers; then destroy_leftovers; fi
  for daemon in libvirtd virtlogd; do
    pid=$(live_pid $daemon) || continue
    kill "$pid" 2>/dev/null || true
    tries=100
    while kill -0 "$pid" 2>/dev/null; do
      tries=$((tries - 1)); [ $tries -gt 0 ] || { kill -KILL "$pid" 2>/dev/null || true; break; }
      sleep 0.1
    done
    rm -f "$ROOT/$daemon.pid"
    say "$daemon stopped"
  done
}

crash() {
  local pid
  pid=$(live_pid libvirtd) || die "this script started no libvirtd that runs, and kills no other"
  kill -KILL "$pid"
  while kill -0 "$pid" 2>/dev/null; do sleep 0.02; done
}

status() {
  answers || { say "not running"; exit 3; }
  virsh -c $URI version >&2
}

mkdir -p "$ROOT"
exec 9>"$ROOT/lock"
case ${1:-start} in
  start) flock 9; start ;;
  stop) flock 9; stop; exit 0 ;;
  crash) flock 9; crash ;;
  status) status ;;
  *) die "unknown action $1; usage: engine.sh start|stop|status|crash" ;;
esac
printf 'LIBVIRT_URI=%s\n' "$URI"
