# shellcheck shell=bash
# ./remotegpu bom: what the server is made of. The jar carries the answer; what building says is for people.

bom() {
  make_home
  watch_signals
  need_jdk >&2
  build >&2
  trap - INT TERM HUP EXIT
  exec "$JAVA_HOME/bin/java" "${JVM_FLAGS[@]}" -XX:TieredStopAtLevel=1 -jar "$JAR" bom "$@"
}
