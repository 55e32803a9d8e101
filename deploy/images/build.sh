#!/usr/bin/env bash
# build.sh [--force] [--base IMAGE] [--tag TAG] [terminal ide desktop training]
#
# Builds the images of the environment types on the engine that $DOCKER_HOST names (or the default one):
# remotegpu/terminal:1, remotegpu/ide:1, remotegpu/desktop:1, remotegpu/training:1, without any image registry.
# An image whose sources, and whose parents' sources, have not changed is left alone.
#
#   --force        builds again whatever stands
#   --base IMAGE   builds on this image instead of remotegpu/base:bookworm, for example nvidia/cuda:12.9.1-runtime-ubuntu24.04
#   --tag TAG      another tag than 1, so that images on several bases stand side by side
#
# Run as root when remotegpu/base:bookworm has to be made. $REMOTEGPU_MIRROR names a Debian mirror other than the machine's.
set -euo pipefail
cd "$(dirname "$0")"
# shellcheck source=deploy/images/base.sh source-path=SCRIPTDIR
. ./base.sh

die() { printf 'build.sh: %s\n' "$*" >&2; exit 1; }

FORCE=
BASE=
TAG=1
TYPES=()
while [ $# -gt 0 ]; do
  case $1 in
    --force) FORCE=1 ;;
    --base) BASE=${2:?--base needs an image}; shift ;;
    --tag) TAG=${2:?--tag needs a tag}; shift ;;
    terminal | ide | desktop | training) TYPES+=("$1") ;;
    *) die "unknown argument $1; usage: build.sh [--force] [--base IMAGE] [--tag TAG] [terminal ide desktop training]" ;;
  esac
  shift
done
[ ${#TYPES[@]} -gt 0 ] || TYPES=(terminal ide desktop training)

# The client: the one on the PATH, or the one that came with our test engine.
CACHE=${REMOTEGPU_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/remotegpu}
PATH=$PATH:$CACHE/engines/docker/26/usr/bin
command -v docker >/dev/null || die "no docker client found: install the package docker.io, or start deploy/engines/docker/engine.sh"
docker version >/dev/null 2>&1 || die "no engine answers at ${DOCKER_HOST:-the default socket}: start one, or set DOCKER_HOST"
# The classic builder is in every engine since 20.10; buildx is not.
export DOCKER_BUILDKIT=${DOCKER_BUILDKIT:-0}

mkdir -p "$CACHE"
exec 9>"$CACHE/images.lock" # two builds at once would do the same work twice
flock 9

WORK=$(mktemp -d)
trap 'rm -rf "$WORK"' EXIT
mkdir "$WORK/certificates"
find /usr/local/share/ca-certificates -maxdepth 1 -name '*.crt' -exec cp {} "$WORK/certificates/" \; 2>/dev/null || true
touch "$WORK/certificates/.keep" # COPY refuses an empty folder

hash_of() { # text, folders… : the names, modes and contents of the files in the folders, and the text
  local text=$1; shift
  { printf '%s\n' "$text"
    for folder in "$@"; do (cd "$folder" && find . -type f -printf '%m %p\n' | LC_ALL=C sort -k 2 | while read -r mode file; do
      printf '%s %s ' "$mode" "$file"; sha256sum <"$file"
    done); done
  } | sha256sum | cut -d' ' -f1
}
label() { docker image inspect -f '{{index .Config.Labels "io.remotegpu.source"}}' "$1" 2>/dev/null || true; }
megabytes() { docker image inspect -f '{{.Size}}' "$1" | awk '{ printf "%.0f MB", $1 / 1e6 }'; }

# The base image: given, or made from packages. Its identity is part of every image's hash.
base() {
  if [ -n "$BASE" ]; then
    docker image inspect "$BASE" >/dev/null 2>&1 || docker pull -q "$BASE" >/dev/null || die "the base image $BASE is neither here nor can it be pulled"
    BASE_HASH=$(docker image inspect -f '{{.Id}}' "$BASE")
    return
  fi
  BASE=remotegpu/base:bookworm
  BASE_HASH=$(hash_of "$(sha256sum <base.sh)" "$WORK/certificates")
  if [ -z "$FORCE" ] && [ "$(label $BASE)" = "$BASE_HASH" ]; then printf '%-9s up to date\n' base; return; fi
  local began=$SECONDS
  make_base "$BASE" "$BASE_HASH" "$WORK/base.log" || { tail -20 "$WORK/base.log" >&2; die "the base image could not be made"; }
  printf '%-9s built in %d s, %s\n' base $((SECONDS - began)) "$(megabytes $BASE)"
}

declare -A HASHES=()
build() { # type
  local type=$1 image=remotegpu/$1:$TAG parent=$BASE parent_hash=$BASE_HASH began=$SECONDS
  [ -z "${HASHES[$type]-}" ] || return 0
  if [ "$type" != terminal ]; then
    build terminal
    parent=remotegpu/terminal:$TAG parent_hash=${HASHES[terminal]}
  fi
  HASHES[$type]=$(hash_of "$parent_hash" "$type" "$WORK/certificates")
  if [ -z "$FORCE" ] && [ "$(label "$image")" = "${HASHES[$type]}" ]; then printf '%-9s up to date\n' "$type"; return; fi
  local replaced
  replaced=$(docker image inspect -f '{{.Id}}' "$image" 2>/dev/null || true)
  cp -r "$type" "$WORK/$type"
  cp -r "$WORK/certificates" "$WORK/$type/certificates"
  local options=(--build-arg "BASE_IMAGE=$parent" --label "io.remotegpu.source=${HASHES[$type]}" -t "$image") variable
  for variable in http_proxy https_proxy no_proxy HTTP_PROXY HTTPS_PROXY NO_PROXY; do
    if [ -n "${!variable-}" ]; then options+=(--build-arg "$variable"); fi
  done
  [ -z "$FORCE" ] || options+=(--no-cache)
  docker build "${options[@]}" "$WORK/$type" >"$WORK/$type.log" 2>&1 \
    || { tail -30 "$WORK/$type.log" >&2; die "$image could not be built"; }
  # The image replaced goes, with its layers, unless a container or another image stands on it.
  if [ -n "$replaced" ] && [ "$replaced" != "$(docker image inspect -f '{{.Id}}' "$image")" ]; then docker rmi "$replaced" >/dev/null 2>&1 || true; fi
  printf '%-9s built in %d s, %s\n' "$type" $((SECONDS - began)) "$(megabytes "$image")"
}

base
for type in "${TYPES[@]}"; do build "$type"; done
