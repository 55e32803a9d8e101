# shellcheck shell=bash
# ./remotegpu chaos: builds the program and what it breaks, then becomes it.

chaos() {
  local argument
  for argument in "$@"; do
    case $argument in
      --help | -h)
        cat "$ROOT/deploy/chaos/src/main/resources/io/remotegpu/chaos/usage.txt"
        return 0
        ;;
    esac
  done
  make_home
  watch_signals
  need_jdk
  build_chaos
  need_temporal
  unpack
  need_aot_cache yes
  local wanted modes=()
  wanted=,$(wanted_modes "$@"),
  case $wanted in *,docker,* | *,all,*) chaos_docker ;; esac
  case $wanted in *,k8s,* | *,all,*) chaos_cluster ;; esac
  case $wanted in *,vm,* | *,all,*) chaos_machines ;; esac
  trap - INT TERM HUP EXIT
  exec "$JAVA_HOME/bin/java" "${JVM_FLAGS[@]}" -jar "$ROOT/deploy/chaos/target/remotegpu-chaos.jar" \
    --server-jar "$APP/remotegpu.jar" --hook "$ROOT/deploy/chaos/target/fast/classes" \
    --agent-jar "$ROOT/deploy/agent/target/remotegpu-agent.jar" "${modes[@]}" "$@"
}

# The values of --mode, joined by commas.
wanted_modes() {
  local before='' argument
  for argument in "$@"; do
    [ "$before" != --mode ] || printf '%s,' "$argument"
    before=$argument
  done
}

# What follows adds to modes what a mode needs. What is missing for one that was named, the harness says; "all" goes on without.

# An engine that may be killed: that of another machine, which is a network namespace.
chaos_docker() {
  local engine=$ROOT/deploy/engines/docker/engine.sh
  if [ "$(id -u)" != 0 ]; then say Docker "takes root, for an engine that may be killed"; return 0; fi
  say Docker "an engine of its own, with the image of a terminal from the usual one"
  step "$LOGS/chaos-engine.log" '' "$engine" start --machine || die "no engine: $(tail -3 "$LOGS/chaos-engine.log")"
  if ! need_engine; then say Docker "there is no engine from which the image is copied"; return 0; fi
  need_images
  export DOCKER_HOST=${DOCKER_HOST:-unix:///var/run/docker.sock}
  step "$LOGS/chaos-engine.log" '' "$engine" images --machine || die "no image: $(tail -3 "$LOGS/chaos-engine.log")"
  modes+=(--docker-script "$engine")
}

# A cluster of tests that runs already; another one only by --kubeconfig.
chaos_cluster() {
  local engine=$ROOT/deploy/engines/k8s/engine.sh kubeconfig=${REMOTEGPU_TEST_KUBECONFIG-}
  [ -n "$kubeconfig" ] || kubeconfig=$("$engine" status 2>/dev/null | sed -n 's/^KUBECONFIG=//p')
  if [ -z "$kubeconfig" ]; then say Kubernetes "no cluster of tests runs: deploy/engines/k8s/engine.sh start, and images"; return 0; fi
  command -v kubectl >/dev/null || PATH=$PATH:$(echo "$REMOTEGPU_CACHE"/engines/k8s/programs-*)
  modes+=(--kubeconfig "$kubeconfig")
}

chaos_machines() {
  local images=${REMOTEGPU_TEST_LIBVIRT_IMAGES:-/var/lib/remotegpu/vm/images}
  if [ "$(id -u)" != 0 ] || ! "$ROOT/deploy/engines/libvirt/engine.sh" status >/dev/null 2>&1; then
    say Machines "take root, and libvirt: deploy/engines/libvirt/engine.sh start"
    return 0
  fi
  if [ ! -d "$images/remotegpu/terminal" ]; then say Machines "have no images in $images: deploy/images/vm/build.sh"; return 0; fi
  modes+=(--vm-images "$images")
}

# Both jars from the same sources; Maven leaves what is up to date alone.
build_chaos() {
  local log=$LOGS/build-chaos.log
  need_maven
  build
  say Build "the harness"
  step "$log" '' mvn -B -Dfast -f "$ROOT/pom.xml" -pl deploy/chaos,deploy/agent -am package \
    || { grep -m 20 '^\[ERROR\]' "$log" >&2 || tail -20 "$log" >&2; die "the build failed; its whole output: $log"; }
}
