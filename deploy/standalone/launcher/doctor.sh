# shellcheck shell=bash
# ./remotegpu doctor: looks at the installation of this folder, running or not; changes nothing of it.

doctor() {
  local argument jar=$RUN/remotegpu.jar
  for argument in "$@"; do
    case $argument in
      --json) ;;
      *) misuse "doctor does not know $argument" ;;
    esac
  done
  make_home
  # The running server's own jar, so that the versions are its versions; what building says is for people.
  if [ ! -f "$jar" ]; then
    watch_signals
    build >&2
    trap - INT TERM HUP EXIT
    jar=$JAR
  fi
  need_jdk
  exec "$JAVA_HOME/bin/java" "${JVM_FLAGS[@]}" -XX:TieredStopAtLevel=1 -jar "$jar" doctor "$@"
}
