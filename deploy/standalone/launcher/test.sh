# shellcheck shell=bash
# shellcheck disable=SC2034 # some variables are for common.sh
# ./remotegpu test: sets up what the tests need, runs all of them, and says what ran and what did not.

SKIPPED=() # parts that could not run at all, and why
STARTED_ENGINES=() # how to stop the ones that were not running before

run_tests() {
  local strict='' maven=()
  [ "${CI-}" != true ] || strict=1
  while [ $# -gt 0 ]; do
    case $1 in
      --no-install) NO_INSTALL=1 ;;
      --strict) strict=1 ;;
      --) shift; maven=("$@"); break ;;
      *) misuse "test does not know $1" ;;
    esac
    shift
  done
  LOGS=$ROOT/target/test-logs
  mkdir -p "$LOGS"
  watch_signals
  CLEANUP=(stop_test_engines)
  printf '%s · tests\n' "$(version)"
  set_up
  if [ -n "$strict" ]; then
    export REMOTEGPU_TEST_REQUIRE=all
    [ ${#SKIPPED[@]} -eq 0 ] || die "with --strict, or CI=true, nothing may be missing: ${SKIPPED[*]}"
  fi
  local failed=0
  rm -f "$LOGS/scripts"
  run_script_tests || failed=1
  run_maven_tests ${maven[@]+"${maven[@]}"} || failed=1
  stop_test_engines
  CLEANUP=()
  sum_up "$failed"
}

missing() { SKIPPED+=("$1: $2"); say Missing "$1: $2"; }

set_up() {
  need_jdk
  need_maven
  need_command ssh openssh-client "tests that connect by ssh"
  need_command redis-server redis-server "the tests of the cache that replicas share"
  need_command shellcheck shellcheck "the check of the scripts"
  if (need_temporal) >"$LOGS/temporal.log" 2>&1; then
    need_temporal
    export REMOTEGPU_TEST_TEMPORAL_CLI=${REMOTEGPU_TEMPORAL_CLI-}
  else
    missing Temporal "$(tail -1 "$LOGS/temporal.log")"
  fi
  set_up_schemathesis
  set_up_promtool
  set_up_docker
  set_up_kubernetes
  set_up_libvirt
}
need_command() { # command, package, what for
  command -v "$1" >/dev/null && return 0
  if may_install && install_packages "for $3" "$2" && command -v "$1" >/dev/null; then return 0; fi
  missing "$1" "$3 cannot run without (Debian: apt install $2)"
}
set_up_schemathesis() {
  local folder=$REMOTEGPU_CACHE/schemathesis
  if ! "$folder/bin/schemathesis" --version >/dev/null 2>&1; then
    say Fuzzing "fetching schemathesis into $folder, once"
    fetch_schemathesis "$folder"
    if ! "$folder/bin/schemathesis" --version >/dev/null 2>&1; then
      # Debian keeps venv in a package of its own
      if may_install && install_packages "for schemathesis" python3-venv; then
        fetch_schemathesis "$folder"
      fi
    fi
  fi
  if "$folder/bin/schemathesis" --version >/dev/null 2>&1; then
    export REMOTEGPU_TEST_SCHEMATHESIS=$folder/bin/schemathesis
  else
    missing schemathesis "the API fuzz cannot run: $(tail -1 "$LOGS/schemathesis.log" 2>/dev/null)"
  fi
}
# Unpacked beside everything else: installed, the package would run a server.
set_up_promtool() {
  local folder=$REMOTEGPU_CACHE/promtool log=$LOGS/promtool.log promtool
  [ -z "${REMOTEGPU_TEST_PROMTOOL-}" ] || return 0
  promtool=$(command -v promtool || printf '%s' "$folder/usr/bin/promtool")
  if [ ! -x "$promtool" ] && [ -z "$NO_INSTALL" ] && command -v apt-get >/dev/null; then
    say Monitoring "fetching promtool into $folder, once"
    rm -rf "$folder"
    mkdir -p "$folder"
    (fetch_promtool "$folder") >"$log" 2>&1 || true
  fi
  if [ -x "$promtool" ]; then
    export REMOTEGPU_TEST_PROMTOOL=$promtool
  else
    missing promtool "the alert rules cannot be checked: $(tail -1 "$log" 2>/dev/null)"
  fi
}
fetch_promtool() { # folder
  cd "$1" || return 1
  apt-get download -q prometheus || { apt-get update -q && apt-get download -q prometheus; } || return 1
  dpkg -x prometheus_*.deb . && rm -f prometheus_*.deb
}
fetch_schemathesis() { # folder
  local log=$LOGS/schemathesis.log
  rm -rf "$1"
  step "$log" '' python3 -m venv "$1" || return 0
  step "$log" '' "$1/bin/pip" install -q --disable-pip-version-check "schemathesis>=4,<5" || true
}
# Engines of our own, so that tests never touch what is the machine's. Sets the variable to what its script says of itself
# in the line NAME=…, unless it is set already: then that engine is used, and left alone.
engine() { # variable, what, folder, NAME, how long the first time takes, the script's further options…
  local variable=$1 what=$2 script=$ROOT/deploy/engines/$3/engine.sh name=$4 log=$LOGS/engine-$3${6-}.log
  [ -z "${!variable-}" ] || return 0
  if ! "$script" status "${@:6}" >/dev/null 2>&1; then
    if [ "$(id -u)" != 0 ]; then missing "$what" "the test engine needs root; or set $variable"; return 1; fi
    if [ -n "$NO_INSTALL" ]; then missing "$what" "the test engine is not running, and --no-install forbids to fetch it; or set $variable"; return 1; fi
    say "$what" "starting the test engine; the first time $5"
    STARTED_ENGINES+=("$(printf '%q ' "$script" stop "${@:6}")")
    step "$log" 's/^/  /p' "$script" start "${@:6}" || {
      say "$what" "once more, from the beginning"
      "$script" stop "${@:6}" >>"$LOGS/engines.log" 2>&1 || true
      step "$log" 's/^/  /p' "$script" start "${@:6}"
    } || { missing "$what" "the test engine does not start; see $log"; return 1; }
  fi
  export "$variable=$("$script" status "${@:6}" 2>/dev/null | sed -n "s/^$name=//p")"
}
set_up_docker() {
  engine REMOTEGPU_TEST_DOCKER_HOST Docker docker DOCKER_HOST "fetches its packages" || return 0
  say Images "building what is missing"
  DOCKER_HOST=$REMOTEGPU_TEST_DOCKER_HOST step "$LOGS/images.log" 's/^/  /p' "$ROOT/deploy/images/build.sh" \
    || missing Images "not all could be built; see $LOGS/images.log"
  local own=${REMOTEGPU_TEST_MACHINE_DOCKER_HOST-}
  engine REMOTEGPU_TEST_MACHINE_DOCKER_HOST "2nd machine" docker DOCKER_HOST "copies an image" --machine || return 0
  [ -z "$own" ] || return 0
  DOCKER_HOST=$REMOTEGPU_TEST_DOCKER_HOST step "$LOGS/images-machine.log" 's/^/  /p' "$ROOT/deploy/engines/docker/engine.sh" images --machine \
    || missing Images "the second machine did not get its image; see $LOGS/images-machine.log"
}
set_up_kubernetes() {
  local own=${REMOTEGPU_TEST_KUBECONFIG-}
  engine REMOTEGPU_TEST_KUBECONFIG Kubernetes k8s KUBECONFIG "builds it, which takes 7 to 10 minutes" \
    --nodes both --simulated 100 || return 0
  [ -z "$own" ] || return 0 # whose cluster it is has the images there
  DOCKER_HOST=${REMOTEGPU_TEST_DOCKER_HOST-} step "$LOGS/images-k8s.log" 's/^/  /p' "$ROOT/deploy/engines/k8s/engine.sh" images \
    || missing Images "not all reached the Kubernetes node; see $LOGS/images-k8s.log"
}
# The first time: packages half a minute, images two minutes; after that the images come from the cache.
set_up_libvirt() {
  local own=${REMOTEGPU_TEST_LIBVIRT_URI-} images=$REMOTEGPU_CACHE/vm-images
  engine REMOTEGPU_TEST_LIBVIRT_URI libvirt libvirt LIBVIRT_URI "installs its packages" || return 0
  if [ -z "$own" ]; then export REMOTEGPU_TEST_LIBVIRT_ENGINE=$ROOT/deploy/engines/libvirt/engine.sh; fi # to be killed in tests
  [ -z "${REMOTEGPU_TEST_LIBVIRT_IMAGES-}" ] || return 0
  if [ "$(id -u)" != 0 ]; then missing Machines "their images can only be built by root; or set REMOTEGPU_TEST_LIBVIRT_IMAGES"; return 0; fi
  say Machines "building the images that are missing; the first time takes some minutes"
  step "$LOGS/images-vm.log" 's/^/  /p' "$ROOT/deploy/images/vm/build.sh" ${NO_INSTALL:+--no-install} --folder "$images" mini terminal \
    || { missing Machines "not all images could be built; see $LOGS/images-vm.log"; return 0; }
  if ! qemu_reads "$images/remotegpu/terminal/mini/disk.qcow2"; then
    # The cache is in root's home folder: another name for the same files, outside.
    TEST_IMAGES=$(mktemp -d /var/tmp/remotegpu-test-images.XXXXXX)
    chmod 755 "$TEST_IMAGES"
    cp -a --link "$images/." "$TEST_IMAGES" 2>/dev/null || cp -a "$images/." "$TEST_IMAGES"
    images=$TEST_IMAGES
  fi
  export REMOTEGPU_TEST_LIBVIRT_IMAGES=$images
}
TEST_IMAGES=
qemu_reads() { # file
  local user
  user=$(getent passwd libvirt-qemu qemu | head -1 | cut -d: -f1)
  [ -z "$user" ] || runuser -u "$user" -- test -r "$1"
}
stop_test_engines() {
  local stop
  if [ -n "$TEST_IMAGES" ]; then rm -rf -- "$TEST_IMAGES"; TEST_IMAGES=; fi
  for stop in ${STARTED_ENGINES[@]+"${STARTED_ENGINES[@]}"}; do
    eval "$stop" >>"$LOGS/engines.log" 2>&1 || say Engine "this fails: $stop; see $LOGS/engines.log"
  done
  STARTED_ENGINES=()
}

export FUZZ_SECONDS=${FUZZ_SECONDS:-40}
# Each script test prints what it checks; its exit status is the verdict, 77 means skipped.
run_script_tests() {
  local script status failed=0
  for script in "$ROOT"/deploy/standalone/launcher/check.sh "$ROOT"/deploy/images/test.sh \
    "$ROOT"/deploy/standalone/src/test/fuzz/fuzz.sh; do
    [ -x "$script" ] || continue
    status=0
    if [[ $script == */images/test.sh && -z ${REMOTEGPU_TEST_DOCKER_HOST-} ]]; then
      echo 77 >"$LOGS/script.output"
      status=77
    else
      say Script "${script#"$ROOT"/}"
      DOCKER_HOST=${REMOTEGPU_TEST_DOCKER_HOST-} step "$LOGS/script.output" 's/^/  /p' "$script" || status=$?
    fi
    printf '%s %s\n' "$status" "${script#"$ROOT"/}" >>"$LOGS/scripts"
    case $status in 0 | 77) ;; *) failed=1; say Script "${script#"$ROOT"/} failed" ;; esac
  done
  return "$failed"
}

run_maven_tests() {
  local log=$LOGS/maven.log status=0
  say Maven "mvn verify $*; its whole output: $log"
  # Old reports would be counted.
  find "$ROOT" -path '*/target/*-reports/TEST-*.xml' -not -path "$ROOT/target/*" -delete 2>/dev/null || true
  step "$log" 's/^\[INFO\] Building \(RemoteGPU .*\[[0-9]*\/[0-9]*\]\)$/\1/p
    s/^\[\(INFO\|WARNING\|ERROR\)\] \(Tests run: .* in .*\)$/    \2/p; s/^\[ERROR\] \(  [A-Z].*\)$/\1/p' \
    mvn -B -f "$ROOT/pom.xml" verify --fail-at-end "$@" || status=$?
  [ "$status" = 0 ] || grep -m 30 '^\[ERROR\]' "$log" >&2 || true
  return "$status"
}

# The reports' own numbers, and the reasons of what was skipped.
sum_up() { # whether something failed that the reports may not know
  local run=0 failed=0 skipped=0 tests errors failures left file status script
  while read -r file; do
    read -r tests errors failures left < <(sed -n '/<testsuite /,/>/p' "$file" | tr '\n' ' ' | awk '{
      split("tests errors failures skipped", names, " ")
      for (i = 1; i <= 4; i++) { match($0, " " names[i] "=\"[0-9]+\""); v = substr($0, RSTART, RLENGTH); gsub(/[^0-9]/, "", v); printf "%d ", v }
      print ""; exit }')
    run=$((run + tests)); failed=$((failed + errors + failures)); skipped=$((skipped + left))
  done < <(find "$ROOT" -path '*/target/*-reports/TEST-*.xml' -not -path "$ROOT/target/*")
  while read -r status script; do
    run=$((run + 1))
    case $status in 0) ;; 77) skipped=$((skipped + 1)); SKIPPED+=("$script: no Docker engine") ;; *) failed=$((failed + 1)) ;; esac
  done < <(cat "$LOGS/scripts" 2>/dev/null)
  # A build that broke before its tests is no success, whatever the reports say.
  if [ "$1" != 0 ] && [ "$failed" = 0 ]; then failed=1; fi
  printf '\n%d tests ran\n' "$((run - skipped))"
  if [ ${#SKIPPED[@]} -gt 0 ]; then printf 'missing   %s\n' "${SKIPPED[@]}"; fi
  find "$ROOT" -path '*/target/*-reports/TEST-*.xml' -not -path "$ROOT/target/*" -exec sed -n \
    's/.*<skipped[^>]* message="\([^"]*\)".*/\1/p; t; s/.*<skipped[^>]*><!\[CDATA\[\(.*\)/\1/p' {} + \
    | sed 's/]]>.*//; s/&quot;/"/g; s/&apos;/'"'"'/g; s/&lt;/</g; s/&gt;/>/g; s/&amp;/\&/g; s/^org.opentest4j.TestAbortedException: //; s/^Assumption failed: //' \
    | sort | uniq -c | sed 's/^ *\([0-9]*\) /skipped   \1 × /'
  printf '%d passed, %d failed, %d skipped\n' "$((run - failed - skipped))" "$failed" "$skipped"
  [ "$failed" = 0 ]
}
