# shellcheck shell=bash
# What the engine consists of: one multi-call program from Go modules, in a folder named after what it is built from, and
# Debian's packages of the container runtime. For engine.sh.

VERSION=$(sed -n 's#^\tk8s.io/kubernetes v##p' "$HERE/src/go.mod")
STAMP=$(cd "$HERE/src" && find . -type f -print0 | LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum | cut -c1-16)
PROGRAMS=$ROOT/programs-$STAMP   # complete or absent

build_programs() {
  [ -d "$PROGRAMS" ] && return 0
  command -v go >/dev/null || die "needs Go 1.26 or newer to build Kubernetes $VERSION: https://go.dev/dl"
  local began=$SECONDS component=k8s.io/component-base/version flags stages stage
  say "building Kubernetes $VERSION, once; this takes 6 to 10 minutes"
  flags="-s -w -X $component.gitVersion=v$VERSION -X $component.gitMajor=${VERSION%%.*} -X $component.gitMinor=$(cut -d. -f2 <<<"$VERSION")"
  flags+=" -X $component.gitTreeState=clean -X $component.gitCommit=unknown -X k8s.io/client-go/pkg/version.gitVersion=v$VERSION"
  rm -rf "$PROGRAMS.partial"
  mkdir -p "$PROGRAMS.partial"
  (
    cd "$HERE/src"
    export GOFLAGS="-buildvcs=false -trimpath -mod=readonly" CGO_ENABLED=0
    nice go build -ldflags "$flags" -o "$PROGRAMS.partial/hyper" ./hyper
    nice go build -ldflags "-s -w" -o "$PROGRAMS.partial/pause" ./pause
    # kwok's own stages: what makes a simulated node ready and a simulated pod run
    stages=$(go list -m -f '{{.Dir}}' sigs.k8s.io/kwok)/kustomize/stage
    for stage in node/fast/node-initialize node/heartbeat-with-lease/node-heartbeat-with-lease \
      pod/fast/pod-ready pod/fast/pod-complete pod/fast/pod-delete; do
      echo "---"
      cat "$stages/$stage.yaml"
    done >"$PROGRAMS.partial/stages.yaml"
  ) >&2 || die "the build failed"
  local name
  for name in etcd kube-apiserver kube-controller-manager kube-scheduler kubelet kube-proxy kubectl kwok fakegpu localpv netpol; do
    ln -s hyper "$PROGRAMS.partial/$name"
  done
  find "$ROOT" -maxdepth 1 -name 'programs-*' ! -name "programs-$STAMP*" -exec rm -rf {} +
  mv -T "$PROGRAMS.partial" "$PROGRAMS"
  say "built in $((SECONDS - began)) s, $(du -m "$PROGRAMS/hyper" | cut -f1) MB"
}

unpack_debian() {
  local packages="containerd runc containernetworking-plugins nftables libnftables1 libnftnl11 libmnl0 libjansson4 libgmp10
    libedit2 libbsd0 libmd0 iptables libxtables12 libip4tc2 libip6tc2 libnfnetlink0 libnetfilter-conntrack3 libseccomp2"
  [ -d "$DEBIAN" ] && return 0
  command -v apt-get >/dev/null || die "needs apt (Debian) to download the container runtime"
  say "downloading containerd and what it needs"
  rm -rf "$DEBIAN.partial" "$ROOT/packages"
  mkdir -p "$DEBIAN.partial/alternatives" "$ROOT/packages"
  (
    cd "$ROOT/packages"
    # shellcheck disable=SC2086 # a list
    apt-get download -qq $packages 2>/dev/null || { apt-get update -qq && apt-get download -qq $packages; }
    local package
    for package in *.deb; do dpkg-deb -x "$package" "$DEBIAN.partial"; done
  ) >&2 || die "the packages could not be downloaded"
  local name
  for name in iptables iptables-save iptables-restore ip6tables ip6tables-save ip6tables-restore; do
    ln -s ../usr/sbin/xtables-nft-multi "$DEBIAN.partial/alternatives/$name"
  done
  mv -T "$DEBIAN.partial" "$DEBIAN"
  rm -rf "$ROOT/packages"
}

use_programs() {
  PATH=$PROGRAMS:$DEBIAN/usr/bin:$DEBIAN/usr/sbin:$DEBIAN/alternatives:$PATH
  export PATH
}

# Debian's programs find their libraries only when told; others must not.
WITH_DEBIAN=(env "LD_LIBRARY_PATH=$DEBIAN/usr/lib/x86_64-linux-gnu" "XTABLES_LIBDIR=$DEBIAN/usr/lib/x86_64-linux-gnu/xtables")
