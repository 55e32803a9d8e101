# shellcheck shell=bash
# Sourced by build.sh: makes a minimal Debian 12 image from packages, for machines that reach a mirror but no registry.

mirror() { # $REMOTEGPU_MIRROR, or the machine's own when it is a Debian, or nothing
  if [ -n "${REMOTEGPU_MIRROR-}" ]; then echo "${REMOTEGPU_MIRROR%/}"; return; fi
  grep -q '^ID=debian' /etc/os-release || return 0
  awk '/^URIs:/ { print $2; exit } /^deb / { for (i = 2; i <= NF; i++) if ($i ~ /^http/) { print $i; exit } }' \
    /etc/apt/sources.list.d/debian.sources /etc/apt/sources.list 2>/dev/null
}

make_base() { # image, value of its source label, log file
  local image=$1 hash=$2 log=$3 work debian sources=()
  [ "$(id -u)" = 0 ] || { echo "making $image needs root; or give --base IMAGE" >"$log"; return 1; }
  if ! command -v mmdebstrap >/dev/null; then
    command -v apt-get >/dev/null || { echo "making $image needs mmdebstrap; or give --base IMAGE" >"$log"; return 1; }
    { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends mmdebstrap; } >"$log" 2>&1 || return 1
  fi
  debian=$(mirror)
  # Without a known mirror mmdebstrap takes its default.
  if [ -n "$debian" ]; then
    sources=("deb $debian bookworm main" "deb $debian bookworm-updates main" "deb ${debian%/debian}/debian-security bookworm-security main")
  fi
  work=$(mktemp -d "$( [ -w /dev/shm ] && echo /dev/shm || echo "${TMPDIR:-/tmp}")/remotegpu-base.XXXXXX")
  # As Debian's official images: no package cache in layers, no fsync per file, no manuals and translations.
  cat >"$work/apt" <<'APT'
DPkg::Post-Invoke { "rm -f /var/cache/apt/archives/*.deb /var/cache/apt/*.bin || true"; };
Dir::Cache::pkgcache "";
Dir::Cache::srcpkgcache "";
Acquire::Languages "none";
Acquire::Retries "3";
APT
  cat >"$work/dpkg" <<'DPKG'
force-unsafe-io
path-exclude /usr/share/doc/*
path-include /usr/share/doc/*/copyright
path-exclude /usr/share/man/*
path-exclude /usr/share/locale/*
DPKG
  mkdir "$work/certificates" "$work/tmp"
  find /usr/local/share/ca-certificates -maxdepth 1 -name '*.crt' -exec cp {} "$work/certificates/" \; 2>/dev/null || true
  # shellcheck disable=SC2016 # $1 is the hook's own: the new root
  TMPDIR=$work/tmp mmdebstrap --variant=minbase --mode=root --include=ca-certificates \
    --aptopt='Acquire::Languages "none"' --dpkgopt="$work/dpkg" \
    --customize-hook="cp '$work/apt' \"\$1/etc/apt/apt.conf.d/99-image\"; cp '$work/dpkg' \"\$1/etc/dpkg/dpkg.cfg.d/99-image\"" \
    --customize-hook="cp '$work/certificates/'*.crt \"\$1/usr/local/share/ca-certificates/\" 2>/dev/null || true" \
    --customize-hook='chroot "$1" update-ca-certificates; rm -rf "$1"/usr/share/locale/* "$1"/usr/share/man/* "$1"/var/cache/apt/*.bin' \
    bookworm - "${sources[@]}" 2>"$log" \
    | docker import -c 'CMD ["bash"]' -c "LABEL io.remotegpu.source=$hash" - "$image" >/dev/null 2>>"$log"
  local status=$?
  rm -rf "$work"
  return $status
}
