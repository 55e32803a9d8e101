#!/usr/bin/env bash
# engine.sh build|start|stop|status|images|revive [--nodes real|simulated|both] [--simulated N] [--gpus N]
#
# A private Kubernetes for tests: etcd, API server, controller manager and scheduler as processes on loopback, and
#   real       this machine as a node (containerd, kubelet, kube-proxy), with GPUs that a device plugin only pretends and
#              network policies that are enforced (default)
#   simulated  nodes of kwok, on which pods "run" without a process: for scheduling at scale
#   both       the simulated nodes are tainted kwok.x-k8s.io/node=fake:NoSchedule
# Everything is built from Go modules and unpacked from Debian packages into the cache; nothing is installed system-wide.
# The first start builds for 6 to 10 minutes on two cores (Go 1.26 or newer); later ones take about 10 seconds.
#
#   build      only what the first start would build and download
#   images     hands the images remotegpu/… of the engine that DOCKER_HOST names to the node; those it has already are skipped
#   revive     starts those processes again that died or were killed, each as it was started, and waits for the API server
#   stop       ends everything and forgets the cluster's state
#
# Last line of output of a successful start or status: KUBECONFIG=…
set -euo pipefail
HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

die() { printf 'engine.sh: %s\n' "$*" >&2; exit 1; }
say() { printf '%s\n' "$*" >&2; }

ACTION=${1:-start}; shift || true
NODES=real
SIMULATED=2
GPUS=8
while [ $# -gt 0 ]; do
  case $1 in
    --nodes) NODES=${2:?--nodes needs real, simulated or both}; shift 2 ;;
    --simulated) SIMULATED=${2:?--simulated needs a number}; shift 2 ;;
    --gpus) GPUS=${2:?--gpus needs a number}; shift 2 ;;
    *) die "unknown argument $1; usage: engine.sh build|start|stop|status|images|revive [--nodes real|simulated|both] [--simulated N] [--gpus N]" ;;
  esac
done
case $NODES in real | simulated | both) ;; *) die "unknown nodes $NODES: real, simulated or both" ;; esac

CACHE=${REMOTEGPU_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/remotegpu}
mkdir -p "$CACHE/engines/k8s"
ROOT=$(cd "$CACHE/engines/k8s" && pwd -P) # as the system shows the paths of processes and mounts
RUN=$ROOT/run                    # pids, keys, configuration, etcd's and containerd's data
DEBIAN=$ROOT/debian              # unpacked packages
NODE=rg-node                     # the real node's name
BRIDGE=rg-k8s0
PODS=172.28.0.0/24
SERVICES=10.96.0.0/16
NODE_PORTS=20000-60999           # the installation's default lease range, and what tests take from the system's free ports
API_PORT=16443
ETCD_PORT=16379

# shellcheck source=deploy/engines/k8s/build.sh source-path=SCRIPTDIR
. "$HERE/build.sh"
# shellcheck source=deploy/engines/k8s/processes.sh source-path=SCRIPTDIR
. "$HERE/processes.sh"
# shellcheck source=deploy/engines/k8s/control-plane.sh source-path=SCRIPTDIR
. "$HERE/control-plane.sh"
# shellcheck source=deploy/engines/k8s/node.sh source-path=SCRIPTDIR
. "$HERE/node.sh"

start() {
  local began=$SECONDS
  # a cluster none of whose recorded processes is alive is not gone on with
  if none_alive; then end_strays; [ ! -d "$RUN" ] || stop; fi
  [ "$NODES" = simulated ] || [ "$(id -u)" = 0 ] || die "a real node needs root"
  build_programs
  [ "$NODES" = simulated ] || unpack_debian
  mkdir -p "$RUN"/{pids,commands,log,pki,conf}
  chmod 700 "$RUN"
  use_programs
  start_control_plane
  [ "$NODES" = real ] || start_simulated_nodes
  [ "$NODES" = simulated ] || start_real_node
  wait_for "the default service account" 60 kubectl get serviceaccount default
  say "Kubernetes $VERSION up in $((SECONDS - began)) s ($NODES nodes)"
}

stop() {
  if [ ! -d "$RUN/pids" ]; then end_strays; say "no engine was running"; return 0; fi
  use_programs
  stop_real_node
  end_all kwok kube-scheduler kube-controller-manager kube-apiserver etcd
  end_strays
  forget_real_node
  rm -rf "$RUN"
  say "Kubernetes stopped"
}

revive() {
  [ -d "$RUN/pids" ] || die "no engine was running: engine.sh start"
  use_programs
  revive_dead
  wait_for "the API server" 120 api_answers
}

status() {
  use_programs
  if ! alive kube-apiserver || ! all_alive || ! api_answers >/dev/null; then say "not running"; exit 3; fi
  say "Kubernetes $VERSION is up, $(kubectl --kubeconfig "$RUN/kubeconfig" get nodes --no-headers | awk '$2 == "Ready"' | wc -l) nodes are ready"
}

exec 9>"$ROOT/lock"
case $ACTION in
  start) flock 9; start ;;
  stop) flock 9; stop; exit 0 ;;
  status) status ;;
  revive) flock 9; revive ;;
  images) flock 9; use_programs; import_images; exit 0 ;;
  build) flock 9; build_programs; unpack_debian; exit 0 ;;
  *) die "unknown action $ACTION: build, start, stop, status, images or revive" ;;
esac
printf 'KUBECONFIG=%s\n' "$RUN/kubeconfig"
