# shellcheck shell=bash
# shellcheck disable=SC2153 # WORK is build.sh's
# Sourced by build.sh: the small guest of the tests. Debian's cloud kernel, an initramfs of busybox and dropbear that reads
# the same seed as the real images, and an empty disk for the home folders.

MINI_MODULES=(virtio_ring virtio virtio_pci_legacy_dev virtio_pci_modern_dev virtio_pci virtio_blk failover net_failover
  virtio_net cdrom isofs jbd2 mbcache crc16 crc32c_generic ext4 button evdev)

mini_kernel() { apt-cache depends linux-image-cloud-amd64 2>/dev/null | awk '/Depends: linux-image/ { print $2; exit }' || true; }

make_mini() { # folder
  local out=$1 work=$WORK/mini-work root=$WORK/mini-work/root kernel module file modules applet library
  [ -x /bin/busybox ] || need busybox-static-missing:busybox-static
  need dropbear:dropbear-bin cpio:cpio mke2fs:e2fsprogs qemu-img:qemu-utils xz:xz-utils strip:binutils
  mkdir -p "$root"/{bin,sbin,usr/bin,usr/sbin,etc/dropbear,proc,sys,dev,tmp,run,home,root,mnt,lib/modules,lib64,lib/x86_64-linux-gnu}
  kernel=$(mini_kernel)
  [ -n "$kernel" ] || { apt-get update -qq >/dev/null 2>&1 || true; kernel=$(mini_kernel); }
  [ -n "$kernel" ] || die "apt knows no linux-image-cloud-amd64"
  # _apt may not write here, so apt warns that it downloads as root
  (cd "$work" && apt-get download -qq "$kernel" 2>/dev/null && dpkg-deb -x "$kernel"_*.deb kernel) || die "could not download $kernel"
  cp /bin/busybox "$root/bin/"
  for applet in $(/bin/busybox --list); do [ "$applet" = busybox ] || ln -sf /bin/busybox "$root/bin/$applet"; done
  cp /usr/sbin/dropbear "$root/usr/sbin/"; cp /usr/bin/dropbearkey "$root/usr/bin/"
  for library in $(ldd /usr/sbin/dropbear | awk '/=> \// { print $3 }') /lib/x86_64-linux-gnu/libnss_files.so.2; do
    [ ! -e "$library" ] || cp -L "$library" "$root/lib/x86_64-linux-gnu/"
  done
  cp -L /lib64/ld-linux-x86-64.so.2 "$root/lib64/"
  modules=$(echo "$work"/kernel/lib/modules/*)
  for module in "${MINI_MODULES[@]}"; do
    file=$(find "$modules" -name "$module.ko*" | head -1)
    [ -n "$file" ] || continue # built in
    case $file in *.xz) xz -dc "$file" >"$root/lib/modules/$module.ko" ;; *) cp "$file" "$root/lib/modules/$module.ko" ;; esac
    strip --strip-debug "$root/lib/modules/$module.ko"
    echo "$module" >>"$root/lib/modules/order"
  done
  printf 'root:x:0:0:root:/root:/bin/sh\ndev:x:1000:1000::/home/dev:/bin/sh\n' >"$root/etc/passwd"
  printf 'root:x:0:\ndev:x:1000:\n' >"$root/etc/group"
  echo /bin/sh >"$root/etc/shells"
  # dropbear offers RSA whether it has such a key or not, and to make one takes an emulated guest seconds.
  dropbearkey -t rsa -s 2048 -f "$root/etc/dropbear/rsa" >/dev/null 2>&1
  install -m 755 mini/init "$root/init"
  install -m 755 mini/dhcp mini/session mini/greet "$root/bin/"
  (cd "$root" && find . | cpio -o -H newc --quiet | gzip -1) >"$out/initrd.img"
  cp "$work"/kernel/boot/vmlinuz-* "$out/vmlinuz"
  echo 'console=ttyS0 quiet no_timer_check' >"$out/cmdline"
  mke2fs -q -t ext4 -O ^has_journal "$work/disk.raw" 64M
  qemu-img convert -O qcow2 "$work/disk.raw" "$out/disk.qcow2"
  rm -rf "$work"
}
