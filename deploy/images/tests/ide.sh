# shellcheck shell=bash disable=SC2016 # what stands in single quotes is expanded in the environment
# Sourced by test.sh: JupyterLab and its token.

jupyter_status() { curl -s -o /dev/null -w '%{http_code}' --max-time 5 "$@"; }
jupyter_up() { [ "$(jupyter_status "http://127.0.0.1:$(port 8888)/api")" = 200 ]; }

create ide "$(new_volume ide)" -e PLAIN=yes
check "ide: Jupyter answers" within 60 jupyter_up
api=http://127.0.0.1:$(port 8888)/api
check "ide: 200 with the token" says 200 jupyter_status -H "Authorization: token $TOKEN" "$api/contents"
check "ide: 403 without a token" says 403 jupyter_status "$api/contents"
check "ide: 403 with a wrong token" says 403 jupyter_status -H "Authorization: token ${TOKEN%?}x" "$api/contents"
check "ide: the Lab page opens by the link with the token" says 200 jupyter_status -L -c "$WORK/cookies" "${api%api}lab?token=$TOKEN"
check "ide: a wrong token in the link leads to the login page" bash -c "curl -sL '${api%api}lab?token=wrong' | grep -qi 'name=\"password\"'"
writes() { curl -sf -X PUT -H "Authorization: token $TOKEN" -d '{"type":"file","format":"text","content":"hello"}' "$api/contents/hello.txt" && says hello docker exec "$C" cat /home/dev/workspace/hello.txt; }
check "ide: files are written to the workspace" writes
check "ide: a kernel starts" curl -sf -X POST -H "Authorization: token $TOKEN" -d '{"name":"python3"}' "$api/kernels"
check "ide: SSH works beside it" says 1000 with_key id -u
check "ide: SSH sees the venv and the environment" says '/opt/venv yes' with_key 'python -c "import sys; print(sys.prefix, end=\" \")"; echo $PLAIN'
check "ide: what pip installs goes to the volume" with_key 'pip install -q --no-input --no-warn-script-location iniconfig && python -c "import iniconfig; assert iniconfig.__file__.startswith(\"/home/dev/.local\")"'
check "ide: a killed Jupyter comes back" bash -c "docker exec $C pkill -KILL -o -f bin/jupyter-lab"
check "ide: … and answers" within 60 jupyter_up
well_behaved ide

rm "$WORK/secrets-ide/jupyter-token"
create ide "$(new_volume ide-without-token)"
within 10 answers_ssh
without_token() { sleep 3; ! jupyter_up && docker logs "$C" 2>&1 | grep 'jupyter-token is missing'; }
check "ide: without a token Jupyter stays down and says why" without_token
printf '%s' "$TOKEN" >"$WORK/secrets-ide/jupyter-token"
