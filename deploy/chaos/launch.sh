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
  local there=()
  for argument in "$@"; do
    if [ "$argument" = docker ]; then
      chaos_engine
      # For the harness a way back to this network: what starts the engine needs it. Ends with us.
      setpriv --pdeathsig KILL sleep infinity 9>&- &
      there=(nsenter --net=/run/netns/rg-machine)
      set -- --outside "/proc/$!/ns/net" "$@"
    fi
  done
  trap - INT TERM HUP EXIT
  exec "${there[@]}" "$JAVA_HOME/bin/java" "${JVM_FLAGS[@]}" -jar "$ROOT/deploy/chaos/target/remotegpu-chaos.jar" \
    --server-jar "$APP/remotegpu.jar" --hook "$ROOT/deploy/chaos/target/fast/classes" \
    --agent-jar "$ROOT/deploy/agent/target/remotegpu-agent.jar" \
    --docker-script "$ROOT/deploy/engines/docker/engine.sh" "$@"
}

# An engine that may be killed: that of another machine, which is a network namespace; there, too, is the server then.
chaos_engine() {
  local engine=$ROOT/deploy/engines/docker/engine.sh
  [ "$(id -u)" = 0 ] || die "--mode docker wants root, for an engine that may be killed"
  say Docker "an engine of its own, with the image of a terminal from the usual one"
  step "$LOGS/chaos-engine.log" '' "$engine" start --machine || die "no engine: $(tail -3 "$LOGS/chaos-engine.log")"
  if ! need_engine; then die "--mode docker wants a Docker engine from which the image is copied"; fi
  need_images
  step "$LOGS/chaos-engine.log" '' env "DOCKER_HOST=${DOCKER_HOST:-unix:///var/run/docker.sock}" "$engine" images --machine \
    || die "no image: $(tail -3 "$LOGS/chaos-engine.log")"
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
