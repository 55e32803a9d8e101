# shellcheck shell=bash
# This machine as a node: containerd, kubelet, kube-proxy, a device plugin for GPUs that do not exist, a provisioner that
# gives each claim a folder, and what enforces network policies. For engine.sh.

SANDBOX_IMAGE=remotegpu.test/pause:1
PLUGINS=/var/lib/kubelet/device-plugins # where kubelet and plugins meet; fixed by Kubernetes

ctr() { "${WITH_DEBIAN[@]}" ctr -a "$RUN/containerd.sock" -n k8s.io "$@"; }

start_real_node() {
  local address
  address=$(node_address)
  sysctl -qw net.ipv4.ip_forward=1
  mkdir -p "$RUN"/{cni.d,cni,volumes} "$PLUGINS"
  chmod 755 "$RUN/volumes"
  configure_network
  configure_containerd
  launch containerd "${WITH_DEBIAN[@]}" containerd --config "$RUN/conf/containerd.toml"
  wait_for containerd 60 ctr version
  import_sandbox_image
  configure_kubelet "$address"
  kubectl apply -f "$HERE/more-cpus.yaml" >/dev/null
  launch kubelet "${WITH_DEBIAN[@]}" kubelet --config "$RUN/conf/kubelet.yaml" --kubeconfig "$RUN/conf/kubelet" \
    --root-dir "$RUN/kubelet" --cert-dir "$RUN/kubelet/pki" --hostname-override "$NODE" --node-ip "$address" \
    --node-labels "nvidia.com/gpu.product=NVIDIA-H100-80GB-HBM3,nvidia.com/gpu.memory=81559"
  launch fakegpu fakegpu --count "$GPUS"
  launch localpv localpv --kubeconfig "$RUN/kubeconfig" --node "$NODE" --dir "$RUN/volumes"
  # between pods on one bridge, too
  [ ! -e /proc/sys/net/bridge/bridge-nf-call-iptables ] || sysctl -qw net.bridge.bridge-nf-call-iptables=1
  launch netpol "${WITH_DEBIAN[@]}" netpol --kubeconfig "$RUN/kubeconfig" --node "$NODE"
  launch kube-proxy "${WITH_DEBIAN[@]}" kube-proxy --kubeconfig "$RUN/conf/proxy" --proxy-mode nftables \
    --hostname-override "$NODE" --cluster-cidr "$PODS" --healthz-bind-address 127.0.0.1:10256 \
    --metrics-bind-address 127.0.0.1:10249 --conntrack-max-per-core 0 --conntrack-min 0
  wait_for "node $NODE" 120 kubectl wait --for=condition=Ready "node/$NODE" --timeout=1s
  [ "$GPUS" = 0 ] || wait_for "the GPUs of $NODE" 60 gpus_are_there
}

gpus_are_there() { kubectl get node "$NODE" -o jsonpath='{.status.allocatable.nvidia\.com/gpu}' | grep -qx "$GPUS"; }

configure_network() {
  local device mtu
  device=$(ip -o route show default | awk '{ for (i = 1; i < NF; i++) if ($i == "dev") { print $(i + 1); exit } }')
  mtu=$(cat "/sys/class/net/$device/mtu" 2>/dev/null || echo 1500)
  cat >"$RUN/cni.d/10-remotegpu.conflist" <<JSON
{"cniVersion": "0.4.0", "name": "remotegpu-test", "plugins": [
 {"type": "bridge", "bridge": "$BRIDGE", "isGateway": true, "hairpinMode": true, "ipMasq": true, "mtu": $mtu,
  "ipam": {"type": "host-local", "ranges": [[{"subnet": "$PODS"}]], "routes": [{"dst": "0.0.0.0/0"}], "dataDir": "$RUN/cni"}},
 {"type": "portmap", "capabilities": {"portMappings": true}},
 {"type": "firewall", "backend": "iptables"}]}
JSON
}

# restrict_oom_score_adj: kubelet's values need a capability that a container of CI may lack
configure_containerd() {
  cat >"$RUN/conf/containerd.toml" <<TOML
version = 2
root = "$RUN/containerd"
state = "$RUN/containerd-state"
disabled_plugins = ["io.containerd.snapshotter.v1.btrfs", "io.containerd.snapshotter.v1.zfs", "io.containerd.snapshotter.v1.aufs", "io.containerd.snapshotter.v1.devmapper"]
[grpc]
  address = "$RUN/containerd.sock"
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "$SANDBOX_IMAGE"
  stream_server_address = "127.0.0.1"
  restrict_oom_score_adj = true
  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = "$DEBIAN/usr/lib/cni"
    conf_dir = "$RUN/cni.d"
  [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
    runtime_type = "io.containerd.runc.v2"
    [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
      SystemdCgroup = false
TOML
}

# No systemd here, perhaps cgroups of version 1, and a disk that others fill: nothing of that shall evict a test's pod.
configure_kubelet() { # address
  cat >"$RUN/conf/kubelet.yaml" <<YAML
apiVersion: kubelet.config.k8s.io/v1beta1
kind: KubeletConfiguration
address: $1
authentication: {anonymous: {enabled: false}, webhook: {enabled: false}, x509: {clientCAFile: $RUN/pki/ca.crt}}
authorization: {mode: AlwaysAllow}
cgroupDriver: cgroupfs
failCgroupV1: false
failSwapOn: false
containerRuntimeEndpoint: unix://$RUN/containerd.sock
enforceNodeAllocatable: []
evictionHard: {memory.available: 100Mi, nodefs.available: 1%, nodefs.inodesFree: 1%, imagefs.available: 1%}
healthzBindAddress: 127.0.0.1
imageGCHighThresholdPercent: 100
makeIPTablesUtilChains: false
nodeStatusUpdateFrequency: 1s
podPidsLimit: 512
podLogsDir: $RUN/podlogs
resolvConf: ""
serializeImagePulls: false
YAML
}

# An image is a tar of a layer, its configuration and a manifest: what "docker save" writes.
import_sandbox_image() {
  local work sum
  [ -z "$(ctr images ls -q "name==$SANDBOX_IMAGE")" ] || return 0
  work=$(mktemp -d)
  tar --owner=0 --group=0 --mtime=@0 -C "$PROGRAMS" -cf "$work/layer.tar" pause
  sum=$(sha256sum "$work/layer.tar" | cut -d' ' -f1)
  echo "{\"architecture\":\"amd64\",\"os\":\"linux\",\"config\":{\"Cmd\":[\"/pause\"]},\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[\"sha256:$sum\"]}}" >"$work/config.json"
  echo "[{\"Config\":\"config.json\",\"RepoTags\":[\"$SANDBOX_IMAGE\"],\"Layers\":[\"layer.tar\"]}]" >"$work/manifest.json"
  tar -C "$work" -cf "$work/image.tar" manifest.json config.json layer.tar
  ctr images import "$work/image.tar" >/dev/null
  rm -rf "$work"
}

import_images() {
  local image id wanted=()
  alive containerd || die "no real node is running: engine.sh start"
  PATH=$PATH:$CACHE/engines/docker/26/usr/bin
  command -v docker >/dev/null || die "no docker client found: start deploy/engines/docker/engine.sh"
  mkdir -p "$RUN/images"
  while read -r image id; do
    case $image in remotegpu/base:*) continue ;; esac
    [ "$(cat "$RUN/images/${image//\//_}" 2>/dev/null)" = "$id" ] || wanted+=("$image")
  done < <(docker images --no-trunc --format '{{.Repository}}:{{.Tag}} {{.ID}}' 'remotegpu/*')
  [ ${#wanted[@]} -gt 0 ] || { say "the images are up to date"; return 0; }
  say "importing ${wanted[*]}"
  # All in one, because they share their layers.
  docker save "${wanted[@]}" | ctr images import - >/dev/null
  for image in "${wanted[@]}"; do docker image inspect -f '{{.Id}}' "$image" >"$RUN/images/${image//\//_}"; done
}

stop_real_node() {
  local task container space
  end_one kubelet
  if alive containerd; then
    for task in $(ctr tasks ls -q); do ctr tasks kill -s SIGKILL "$task" 2>/dev/null || true; done
    sleep 0.5
    for task in $(ctr tasks ls -q); do ctr tasks delete -f "$task" >/dev/null 2>&1 || true; done
    # what the network plugins set up goes with the network namespaces
    for container in $(ctr containers ls -q); do
      space=$(ctr containers info "$container" 2>/dev/null | grep -o '/var/run/netns/cni-[0-9a-f-]*' | head -1) || true
      ctr containers delete "$container" >/dev/null 2>&1 || true
      [ -z "$space" ] || ip netns del "${space##*/}" 2>/dev/null || true
    done
  fi
  end_one fakegpu
  end_one localpv
  end_one netpol
  end_one kube-proxy
  end_one containerd
}

# What a node leaves outside our folder.
forget_real_node() {
  local table rule action chain mount folder file id space process
  if [ ! -d "$DEBIAN" ] || [ "$(id -u)" != 0 ]; then return 0; fi
  # of pods whose containerd was dead
  grep -rhoE --include config.json '/run/netns/cni-[0-9a-f-]+' "$RUN/containerd-state" 2>/dev/null | sort -u \
    | while read -r space; do ip netns del "${space##*/}" 2>/dev/null || true; done || true
  for table in ip ip6; do "${WITH_DEBIAN[@]}" nft delete table $table kube-proxy 2>/dev/null || true; done
  ip link del "$BRIDGE" 2>/dev/null || true
  for action in FORWARD INPUT; do packet_filter mangle -D "$action" -j RG-NETPOL || true; done
  for action in F X; do
    packet_filter mangle -S | sed -n 's/^-N \(RG-NETPOL.*\)/\1/p' | while read -r chain; do packet_filter mangle "-$action" "$chain"; done
  done
  for table in nat filter; do
    packet_filter "$table" -S | grep -E '^-A .*(CNI-|name: "remotegpu-test")' | sed 's/^-A/-D/' | while read -r rule; do
      eval "packet_filter $table $rule" || true # the rule is quoted for a shell
    done || true
    for action in F X; do
      packet_filter "$table" -S | sed -n 's/^-N \(CNI-.*\)/\1/p' | while read -r chain; do packet_filter "$table" "-$action" "$chain"; done
    done
  done
  awk -v ours="$RUN/" 'index($2, ours) == 1 { print $2 }' /proc/mounts | sort -r | while read -r mount; do
    umount "$mount" 2>/dev/null || umount -l "$mount" || true
  done
  for folder in /sys/fs/cgroup/*/kubepods /sys/fs/cgroup/kubepods; do
    [ -d "$folder" ] || continue
    # there may be pods of others, whose images lie elsewhere
    find "$folder" -name cgroup.procs -exec cat {} + 2>/dev/null | sort -u | while read -r process; do
      ! grep -qsF "=$RUN/" "/proc/$process/mountinfo" || kill -KILL "$process" 2>/dev/null || true
    done || true
    find "$folder" -depth -type d -exec rmdir {} \; 2>/dev/null || true
  done
  for file in /var/lib/cni/results/remotegpu-test-*-eth0; do
    [ -e "$file" ] || continue
    id=${file#/var/lib/cni/results/remotegpu-test-}
    rm -f "$file" "/var/lib/cni/results/cni-loopback-${id%-eth0}-lo"
  done
  rm -f "$PLUGINS"/{fakegpu.sock,kubelet.sock,kubelet_internal_checkpoint}
}

packet_filter() { # table, arguments…
  local table=$1
  shift
  "${WITH_DEBIAN[@]}" iptables -t "$table" "$@" 2>/dev/null
}
