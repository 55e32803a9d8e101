# sh -c <this> lifeline SIGNAL SECONDS COMMAND…
#
# Runs COMMAND for as long as our standard input stays open. RemoteGPU holds the other end and nobody else does, so the
# kernel closes it however RemoteGPU ends, kill -9 included; then COMMAND gets SIGNAL, and SIGKILL after SECONDS.
# pdeathsig covers the other loss: this very shell being killed.
signal=$1 seconds=$2
shift 2
exec 3<&0 </dev/null
"$@" 3<&- &
child=$!
{
  read -r _ <&3
  kill -s "$signal" "$child"
  tenths=$((seconds * 10))
  while [ "$tenths" -gt 0 ] && kill -0 "$child"; do
    sleep 0.1
    tenths=$((tenths - 1))
  done
  kill -s KILL "$child"
} 2>/dev/null &
watch=$!
exec 3<&-
wait "$child"
status=$?
kill "$watch" 2>/dev/null
exit "$status"
