#!/usr/bin/env bash
# build.sh [--force] [--no-install] [--folder FOLDER] [--tag TAG] [mini terminal ide desktop training]
#
# Builds the base images of virtual machines from Debian packages (and the Python packages of ide and training), without
# any image registry, loop device or boot loader. As root; what is missing of mmdebstrap and friends is installed.
#
#   terminal ide desktop training   Debian 12 with systemd and cloud-init, and the very service scripts of deploy/images/<type>,
#                                   as remotegpu/<type>:1
#   mini                            for tests under emulation, as remotegpu/<type>:mini for every type: busybox and dropbear on the
#                                   same kernel, up in seconds. Its Jupyter, VNC and RDP only say hello.
#   --folder FOLDER   where images go; /var/lib/remotegpu/vm/images otherwise, which is where the driver looks
#   --tag TAG         another tag than 1 (or mini)
#   --force           builds again whatever stands
#   --no-install      installs nothing that building needs and is missing
#
# An image is a folder: disk.qcow2, vmlinuz, initrd.img, cmdline. Disks of environments stand on it for as long as they live,
# so a version is never written again: it lies in .versions/<name>-<hash of its sources>, and remotegpu/<type>/<tag> is a link
# that moves to the newest. Old versions may be deleted once no disk names them (qemu-img info).
set -euo pipefail
cd "$(dirname "$0")"
HERE=$PWD

die() { printf 'build.sh: %s\n' "$*" >&2; exit 1; }

FORCE=
NO_INSTALL=
FOLDER=/var/lib/remotegpu/vm/images
TAG=
NAMES=()
while [ $# -gt 0 ]; do
  case $1 in
    --force) FORCE=1 ;;
    --no-install) NO_INSTALL=1 ;;
    --folder) FOLDER=${2:?--folder needs a folder}; shift ;;
    --tag) TAG=${2:?--tag needs a tag}; shift ;;
    mini | terminal | ide | desktop | training) NAMES+=("$1") ;;
    *) die "unknown argument $1; usage: build.sh [--force] [--no-install] [--folder FOLDER] [--tag TAG] [mini terminal ide desktop training]" ;;
  esac
  shift
done
[ ${#NAMES[@]} -gt 0 ] || NAMES=(terminal ide desktop training)
[ "$(id -u)" = 0 ] || die "needs root"

need() { # program:package…
  local missing=() pair
  for pair in "$@"; do command -v "${pair%%:*}" >/dev/null || missing+=("${pair##*:}"); done
  [ ${#missing[@]} = 0 ] && return 0
  if [ -n "$NO_INSTALL" ] || ! command -v apt-get >/dev/null; then die "needs the packages ${missing[*]}"; fi
  { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}"; } \
    >"$WORK/apt.log" 2>&1 || { tail -10 "$WORK/apt.log" >&2; die "could not install ${missing[*]}"; }
}

WORK=$(mktemp -d "$([ -w /dev/shm ] && echo /dev/shm || echo "${TMPDIR:-/tmp}")/remotegpu-vm.XXXXXX")
trap 'rm -rf "$WORK"' EXIT
mkdir -p "$FOLDER/.versions" "$FOLDER/remotegpu"
exec 9>"$FOLDER/.lock" # two builds at once would do the same work twice
flock 9

hash_of() { # files and folders…
  for path in "$@"; do find "$path" -type f -printf '%m %p\n'; done | LC_ALL=C sort -k 2 -u | while read -r mode file; do
    printf '%s %s ' "$mode" "${file#"$HERE"/}"; sha256sum <"$file"
  done | sha256sum | cut -c1-12
}

# Moves a finished image to its place and its tags to it.
publish() { # folder, version, tag, types…
  local built=$1 version=$2 tag=$3 type; shift 3
  chmod 755 "$built"; chmod 644 "$built"/*
  rm -rf "$FOLDER/.versions/$version.new"
  cp -r "$built" "$FOLDER/.versions/$version.new"
  if [ -e "$FOLDER/.versions/$version" ]; then version=$version-$(date +%s); mv -T "$FOLDER/.versions/${version%-*}.new" "$FOLDER/.versions/$version"
  else mv -T "$FOLDER/.versions/$version.new" "$FOLDER/.versions/$version"; fi
  tags "$version" "$tag" "$@"
}
tags() { # version, tag, types…
  local version=$1 tag=$2 type; shift 2
  for type in "$@"; do
    mkdir -p "$FOLDER/remotegpu/$type"
    ln -sfn "../../.versions/$version" "$FOLDER/remotegpu/$type/.$tag.new"
    mv -T "$FOLDER/remotegpu/$type/.$tag.new" "$FOLDER/remotegpu/$type/$tag"
  done
}

build() { # name
  local name=$1 tag version sources types=("$1") began=$SECONDS
  if [ "$name" = mini ]; then tag=${TAG:-mini} sources=(build.sh mini) types=(terminal ide desktop training)
  else tag=${TAG:-1} sources=(build.sh guest.sh guest ../terminal); [ "$name" = terminal ] || sources+=("../$name"); fi
  version=$name-$(hash_of "${sources[@]}")
  if [ -z "$FORCE" ] && [ -e "$FOLDER/.versions/$version" ]; then
    tags "$version" "$tag" "${types[@]}"
    printf '%-9s up to date\n' "$name"
    return
  fi
  mkdir "$WORK/$name"
  if [ "$name" = mini ]; then make_mini "$WORK/$name"; else make_guest "$name" "$WORK/$name"; fi
  publish "$WORK/$name" "$version" "$tag" "${types[@]}"
  printf '%-9s built in %d s, %s\n' "$name" $((SECONDS - began)) "$(du -shL "$FOLDER/.versions/$version" | cut -f1)"
}

# shellcheck source=deploy/images/vm/guest.sh source-path=SCRIPTDIR
. ./guest.sh
# shellcheck source=deploy/images/vm/mini/make.sh source-path=SCRIPTDIR
. ./mini/make.sh
for name in "${NAMES[@]}"; do build "$name"; done
