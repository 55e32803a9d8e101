# shellcheck shell=bash
# ./remotegpu agent: builds the agent where it is out of date, then becomes it.

AGENT_JAR=$ROOT/deploy/agent/target/remotegpu-agent.jar

agent() {
  local argument
  for argument in "$@"; do
    case $argument in
      --help | -h)
        cat "$ROOT/deploy/agent/src/main/resources/io/remotegpu/agent/usage.txt"
        return 0
        ;;
    esac
  done
  # Before a first build, which takes minutes.
  if [ $# -eq 0 ] && [ -z "${REMOTEGPU_AGENT_SERVER-}" ]; then misuse "agent wants --server, --temporal, --host-id and --token-file"; fi
  make_home
  watch_signals
  need_jdk
  if [ -n "${REMOTEGPU_AGENT_JAR-}" ]; then
    [ -f "$REMOTEGPU_AGENT_JAR" ] || die "REMOTEGPU_AGENT_JAR names $REMOTEGPU_AGENT_JAR, which is not there"
    AGENT_JAR=$REMOTEGPU_AGENT_JAR
  else
    build_module deploy/agent "$AGENT_JAR"
  fi
  trap - INT TERM HUP EXIT
  # Same process, so same pid: Ctrl-C now goes to java, which ends in order.
  exec "$JAVA_HOME/bin/java" "${JVM_FLAGS[@]}" -jar "$AGENT_JAR" "$@"
}
