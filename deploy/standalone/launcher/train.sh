#!/usr/bin/env bash
# train.sh APP: starts the server that lies unpacked in the folder APP, uses it for a while, and keeps what its JVM learned
# (JEP 483, 514 and 515: the classes as they were linked, and which methods are worth compiling) in APP/remotegpu.aot.
#
# For the launcher. With data of its own, without an engine. Wants JAVA_HOME, REMOTEGPU_CACHE and REMOTEGPU_TEMPORAL_CLI.
set -euo pipefail
APP=$1
WORK=$(mktemp -d)
HALF=$APP/remotegpu.aot.$$
SERVER=
# Only what it needs: the settings of the real server, its database for one, are none of its business.
JAVA=(env -i "PATH=$PATH" "HOME=$HOME" "REMOTEGPU_HOME=$WORK" "REMOTEGPU_CACHE=$REMOTEGPU_CACHE"
  "REMOTEGPU_TEMPORAL_CLI=$REMOTEGPU_TEMPORAL_CLI" REMOTEGPU_LIBVIRT_URI=off "DOCKER_HOST=unix://$WORK/no-engine"
  "$JAVA_HOME/bin/java" --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow)

WALKS=()
end_walks() { [ ${#WALKS[@]} = 0 ] || kill -TERM "${WALKS[@]}" 2>/dev/null || true; }
end_server() {
  [ -n "$SERVER" ] || return 0
  kill -TERM "$SERVER" 2>/dev/null || true
  wait "$SERVER" 2>/dev/null || true
  SERVER=
}
trap 'end_walks; end_server; rm -rf "$WORK" "$HALF" "$HALF.config"' EXIT
trap 'exit 143' INT TERM HUP

state_of() { sed -n "s/^$1=//p" "$WORK/run/state" 2>/dev/null || true; }
is_free() { ! (: </dev/tcp/127.0.0.1/"$1") 2>/dev/null; }
port=$((20000 + RANDOM % 10000))
until is_free "$port"; do port=$((port + 1)); done

"${JAVA[@]}" "-XX:AOTCacheOutput=$HALF" -Xlog:disable \
  -jar "$APP/remotegpu.jar" up --simulate 4x8 --port "$port" &
SERVER=$!
until [ "$(state_of phase)" = ready ]; do
  kill -0 "$SERVER"
  sleep 0.2
done
WALK=("${JAVA[@]}" -XX:TieredStopAtLevel=1 -jar "$APP/remotegpu.jar" demo --mode simulated --url "$(state_of api)" --times)
"${WALK[@]}" 1 # which registers
for _ in 1 2 3; do
  "${WALK[@]}" 20 &
  WALKS+=($!)
done
for pid in "${WALKS[@]}"; do wait "$pid"; done
WALKS=()
end_server # which writes the file
mv -f "$HALF" "$APP/remotegpu.aot"
