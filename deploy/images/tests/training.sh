# shellcheck shell=bash
# Sourced by test.sh: TensorBoard over ~/workspace/runs.

create training "$(new_volume training)"
board=http://127.0.0.1:$(port 6006)
check "training: TensorBoard answers" within 60 curl -sf -o /dev/null --max-time 5 "$board/"
check "training: it is TensorBoard's page" bash -c "curl -sf --compressed $board/ | grep -qi '<title>TensorBoard'"
write_run='from tensorboard.compat.proto.event_pb2 import Event
from tensorboard.compat.proto.summary_pb2 import Summary
from tensorboard.summary.writer.event_file_writer import EventFileWriter
writer = EventFileWriter("/home/dev/workspace/runs/one")
writer.add_event(Event(wall_time=1, step=1, summary=Summary(value=[Summary.Value(tag="loss", simple_value=0.5)])))
writer.close()'
check "training: a run is written over SSH" with_key python - <<<"$write_run"
shows_run() { curl -sf --compressed "$board/data/runs" | grep -q '"one"'; }
check "training: … and shown" within 30 shows_run
check "training: a killed TensorBoard comes back" bash -c "docker exec $C pkill -KILL -o -f bin/tensorboard"
check "training: … and answers" within 60 curl -sf -o /dev/null --max-time 5 "$board/"
well_behaved training
