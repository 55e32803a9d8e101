# shellcheck shell=bash
# ./remotegpu bench: builds the program and what it measures, then becomes it.

bench() {
  local argument own=1
  for argument in "$@"; do
    if [ "$argument" = --url ]; then own=; fi
  done
  make_home
  watch_signals
  need_jdk
  build_bench
  find_kubectl
  if [ -n "$own" ]; then
    need_temporal
    if need_engine; then need_images; fi
    unpack
    need_aot_cache yes
    set -- --server-jar "$APP/remotegpu.jar" "$@"
  fi
  trap - INT TERM HUP EXIT
  exec "$JAVA_HOME/bin/java" "${JVM_FLAGS[@]}" -jar "$ROOT/deploy/bench/target/remotegpu-bench.jar" "$@"
}

# Both jars from the same sources; Maven leaves what is up to date alone.
build_bench() {
  local log=$LOGS/build-bench.log
  need_maven
  build
  say Build "the benchmark"
  step "$log" '' mvn -B -Dfast -f "$ROOT/pom.xml" -pl deploy/bench -am package \
    || { grep -m 20 '^\[ERROR\]' "$log" >&2 || tail -20 "$log" >&2; die "the build failed; its whole output: $log"; }
}

# The one on the PATH, or the one that came with the test cluster.
find_kubectl() {
  local program
  command -v kubectl >/dev/null && return 0
  for program in "$REMOTEGPU_CACHE"/engines/k8s/programs-*/kubectl; do
    if [ -x "$program" ]; then export PATH=$PATH:${program%/*}; fi
  done
}
