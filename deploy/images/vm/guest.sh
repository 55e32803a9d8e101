# shellcheck shell=bash
# shellcheck disable=SC2153 # WORK is build.sh's
# Sourced by build.sh: Debian 12 with systemd and cloud-init, whose services are the scripts of deploy/images/<type>.

MIRROR=${REMOTEGPU_MIRROR-}
[ -n "$MIRROR" ] || MIRROR=$(awk '/^URIs:/ { print $2; exit } /^deb / { for (i = 2; i <= NF; i++) if ($i ~ /^http/) { print $i; exit } }' \
  /etc/apt/sources.list.d/debian.sources /etc/apt/sources.list 2>/dev/null)

# What makes a machine, then what makes a workplace, as in deploy/images/terminal/Dockerfile.
GUEST_PACKAGES=linux-image-cloud-amd64,systemd-sysv,dbus,udev,cloud-init,initramfs-tools,zstd,e2fsprogs,sudo
GUEST_PACKAGES+=,bash,ca-certificates,curl,git,iproute2,less,nano,openssh-client,openssh-server,openssh-sftp-server,procps
GUEST_PACKAGES+=,python3-minimal,rsync,tmux,vim-tiny
# As in the Dockerfile of each type.
declare -A TYPE_PACKAGES=(
  [terminal]=''
  [ide]=',python3-venv'
  [desktop]=',fonts-dejavu-core,openbox,openssl,tigervnc-standalone-server,tigervnc-tools,tint2,x11-utils,xauth,xrdp,xterm'
  [training]=',python3-venv'
)
declare -A TYPE_PIP=([terminal]='' [ide]='jupyterlab>=4.4,<5' [desktop]='' [training]='tensorboard>=2.20,<3 setuptools<81')

make_guest() { # type, folder
  local type=$1 out=$2 work=$WORK/guest-work root=$WORK/guest-work/root log=$WORK/$1.log size
  need mmdebstrap:mmdebstrap qemu-img:qemu-utils mke2fs:e2fsprogs
  mkdir -p "$work/tmp" "$work/files"
  cp -r guest ../terminal "$work/files/"
  [ "$type" = terminal ] || cp -r "../$type" "$work/files/"
  mkdir "$work/files/certificates"
  find /usr/local/share/ca-certificates -maxdepth 1 -name '*.crt' -exec cp {} "$work/files/certificates/" \; 2>/dev/null || true
  # shellcheck disable=SC2016 # $1 is the hook's own: the new root
  TMPDIR=$work/tmp mmdebstrap --variant=minbase --mode=root --include="$GUEST_PACKAGES${TYPE_PACKAGES[$type]}" \
    --aptopt='Acquire::Languages "none"' --dpkgopt=force-unsafe-io \
    --dpkgopt='path-exclude=/usr/share/man/*' --dpkgopt='path-exclude=/usr/share/locale/*' \
    --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-include=/usr/share/doc/*/copyright' \
    --customize-hook="bash '$work/files/guest/install' \"\$1\" '$work/files' $type '${TYPE_PIP[$type]}'" \
    bookworm "$root" "deb $MIRROR bookworm main" "deb $MIRROR bookworm-updates main" \
    "deb ${MIRROR%/debian}/debian-security bookworm-security main" >"$log" 2>&1 \
    || { tail -30 "$log" >&2; die "the image $type could not be built"; }
  cp -L "$root"/boot/vmlinuz-* "$out/vmlinuz"
  cp -L "$root"/boot/initrd.img-* "$out/initrd.img"
  rm -rf "$root"/boot/initrd* "$root"/boot/vmlinuz*
  # no_timer_check: emulated on a busy host, the kernel's check of the timer fails now and then, and it gives up
  echo 'root=/dev/vda rw console=ttyS0 quiet no_timer_check' >"$out/cmdline"
  # As small as the system allows: what a user asked for comes on top, and the guest lets its file system grow into it.
  size=$(($(du -sm --apparent-size "$root" | cut -f1) * 115 / 100 + 192))
  mke2fs -q -t ext4 -m 1 -L root -d "$root" "$work/disk.raw" "${size}M"
  qemu-img convert -O qcow2 "$work/disk.raw" "$out/disk.qcow2"
  rm -rf "$work"
}
