#!/usr/bin/env bash
# quotas.sh
#
# Shows that what is written to disk is limited where an engine's file system has project quotas, which the kernel of a test
# machine often lacks. Boots an emulated machine (Debian 12, its kernel, its engine 20 on xfs with pquota) and runs in there the
# test of disk limits of ContainerIsolationIT, then once more on xfs without quotas, where nothing may be brought up.
# As root, with Maven and a JDK 25 ($JAVA_HOME); an engine that has the image remotegpu/terminal:1 ($DOCKER_HOST). Takes 5 minutes and
# 3 GB below $TMPDIR, leaves nothing. Exit status 0 when both hold.
set -euo pipefail
cd "$(dirname "$0")/../../.."

die() { printf 'quotas.sh: %s\n' "$*" >&2; exit 1; }
say() { printf '%s\n' "$*" >&2; }

[ "$(id -u)" = 0 ] || die "needs root"
[ -x "${JAVA_HOME-}/bin/java" ] || die "needs JAVA_HOME, a JDK 25"
for program in mvn mmdebstrap mke2fs qemu-system-x86_64 curl; do command -v "$program" >/dev/null || die "needs $program"; done
MIRROR=${REMOTEGPU_MIRROR-}
[ -n "$MIRROR" ] || MIRROR=$(awk '/^URIs:/ { print $2; exit } /^deb / { for (i = 2; i <= NF; i++) if ($i ~ /^http/) { print $i; exit } }' \
  /etc/apt/sources.list.d/debian.sources /etc/apt/sources.list 2>/dev/null)
[ -n "$MIRROR" ] || die "no Debian mirror found: set REMOTEGPU_MIRROR to the address of one"
IMAGE=remotegpu/terminal:1
TEST='io.remotegpu.drivers.docker.ContainerIsolationIT#whereDisksAreToBeLimitedTheyAreOrNothingIsBroughtUp()'

WORK=$(mktemp -d "${TMPDIR:-/tmp}/remotegpu-quotas.XXXXXX")
trap 'rm -rf "$WORK"' EXIT
FILES=$WORK/files
mkdir -p "$FILES/jars" "$FILES/classes" "$WORK/tmp"

save_image() {
  local socket=${DOCKER_HOST-unix:///var/run/docker.sock}
  [ "${socket#unix://}" != "$socket" ] || die "needs DOCKER_HOST=unix://…, an engine that has $IMAGE"
  curl -sf --unix-socket "${socket#unix://}" "http://docker/images/$IMAGE/get" -o "$FILES/image.tar" \
    || die "no image $IMAGE in the engine of $socket: deploy/images/build.sh terminal makes it"
}

# The test's class path, and JUnit's own program for it in the version of the build.
tests() {
  local path junit
  mvn -q -B test-compile org.apache.maven.plugins:maven-dependency-plugin:3.9.0:build-classpath -pl drivers/docker -am \
    -Dmdep.outputFile="$WORK/classpath" -Dmdep.includeScope=test >"$WORK/maven.log" 2>&1 || { tail -20 "$WORK/maven.log" >&2; die "the tests do not compile"; }
  printf '%s\n' "$(tr ':' '\n' <"$WORK/classpath")" "$PWD"/drivers/docker/target/{classes,test-classes} >"$WORK/paths"
  junit=$(sed -n 's/.*junit-platform-commons-\(.*\)\.jar$/\1/p' "$WORK/paths")
  mvn -q -B org.apache.maven.plugins:maven-dependency-plugin:3.9.0:copy -DoutputDirectory="$FILES" -Dmdep.stripVersion=true \
    -Dartifact="org.junit.platform:junit-platform-console-standalone:$junit" >"$WORK/maven.log" 2>&1 || { tail -20 "$WORK/maven.log" >&2; die "no console of JUnit $junit"; }
  while read -r path; do
    if [ -d "$path" ]; then cp -r "$path" "$FILES/classes/$(printf '%s' "$path" | tr / -)"; else cp "$path" "$FILES/jars/"; fi
  done <"$WORK/paths"
  cp -rL "$JAVA_HOME" "$FILES/jdk"
}

# The whole system of the machine: what the kernel starts, and what ends it.
write_init() {
  cat >"$FILES/init" <<'INIT'
#!/bin/bash
export PATH=/usr/sbin:/usr/bin:/sbin:/bin
{ mount -t proc proc /proc; mount -t sysfs sys /sys; mount -t devtmpfs dev /dev; } 2>/dev/null
mkdir -p /dev/pts /dev/shm /data
mount -t devpts devpts /dev/pts
for folder in /dev/shm /run /tmp; do mount -t tmpfs tmpfs $folder; done
mount -t cgroup2 cgroup /sys/fs/cgroup
mkdir /sys/fs/cgroup/init && echo $$ >/sys/fs/cgroup/init/cgroup.procs
for controller in $(cat /sys/fs/cgroup/cgroup.controllers); do echo "+$controller" >/sys/fs/cgroup/cgroup.subtree_control; done
ip link set lo up
ip link add way0 type dummy && ip addr add 192.0.2.2/24 dev way0 && ip link set way0 up && ip route add default via 192.0.2.1
OPTIONS=$(sed 's/.* quotas=\([a-z]*\).*/\1/' /proc/cmdline)
mkfs.xfs -q /dev/vdb && mount -t xfs -o "$OPTIONS" /dev/vdb /data && grep ' /data ' /proc/mounts
export DOCKER_HOST=unix:///run/docker.sock
dockerd --data-root /data/docker --host "$DOCKER_HOST" >/run/dockerd.log 2>&1 &
for _ in $(seq 300); do docker version >/dev/null 2>&1 && break; sleep 1; done
docker load -q -i /files/image.tar
cd /tmp
[ "$OPTIONS" = pquota ] && export REMOTEGPU_TEST_DISK_QUOTAS=true
REMOTEGPU_TEST_DOCKER_HOST=$DOCKER_HOST CI=true /files/jdk/bin/java -XX:TieredStopAtLevel=1 \
  -jar /files/junit-platform-console-standalone.jar execute --disable-banner --disable-ansi-colors \
  --class-path "$(printf ':%s' /files/classes/* /files/jars/*)" --select-method="$(cat /files/test)" </dev/null
echo "exit status $?"
sync
echo b >/proc/sysrq-trigger # qemu ends with a reboot
INIT
  chmod +x "$FILES/init"
  printf '%s' "$TEST" >"$FILES/test"
}

make_machine() {
  local root=$WORK/root
  TMPDIR=$WORK/tmp mmdebstrap --variant=minbase --mode=root --aptopt='Acquire::Languages "none"' --dpkgopt=force-unsafe-io \
    --include=linux-image-cloud-amd64,initramfs-tools,zstd,docker.io,iptables,xfsprogs,iproute2,kmod \
    bookworm "$root" "deb $MIRROR bookworm main" >"$WORK/debian.log" 2>&1 || { tail -20 "$WORK/debian.log" >&2; die "the machine could not be made"; }
  mv "$FILES" "$root/files"
  cp -L "$root"/boot/vmlinuz-* "$WORK/vmlinuz"
  cp -L "$root"/boot/initrd.img-* "$WORK/initrd.img"
  mke2fs -q -t ext4 -m 1 -d "$root" "$WORK/disk.raw" "$(($(du -sm --apparent-size "$root" | cut -f1) * 115 / 100 + 300))M"
  rm -rf "$root"
}

run_with() { # mount option of xfs
  say "on xfs with $1:"
  truncate -s 0 "$WORK/data.raw"
  truncate -s 6G "$WORK/data.raw"
  timeout 1800 qemu-system-x86_64 -accel tcg,thread=multi -cpu max -smp 2 -m 3072 -nographic -nodefaults -no-reboot \
    -kernel "$WORK/vmlinuz" -initrd "$WORK/initrd.img" -serial "file:$WORK/console" \
    -append "root=/dev/vda rw console=ttyS0 quiet panic=-1 no_timer_check init=/files/init quotas=$1" \
    -drive "file=$WORK/disk.raw,if=virtio,format=raw,cache=unsafe" -drive "file=$WORK/data.raw,if=virtio,format=raw,cache=unsafe"
  sed 's/\r$//' "$WORK/console" | sed -n '/ \/data xfs/p; /ContainerIsolationIT/,/^exit status/p' | grep -v '^ *$' >&2
  tr -d '\r' <"$WORK/console" | grep -q '^exit status 0$' || die "did not hold with $1"
}

save_image
say "compiling the tests, making the machine"
tests
write_init
make_machine
run_with pquota
run_with noquota
say "both hold"
