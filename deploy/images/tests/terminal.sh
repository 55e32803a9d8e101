# shellcheck shell=bash disable=SC2016 # what stands in single quotes is expanded in the environment
# Sourced by test.sh: SSH, which every type has, and what the volume keeps.

host_key() { ssh-keyscan -t ed25519 -p "$(port 2222)" 127.0.0.1 2>/dev/null | cut -d' ' -f2-; }
odd_value='a "b" $HOME `c` '\''d'\'' \e
second line'

first=$(new_volume terminal)
create terminal "$first" -e "ODD=$odd_value" -e PLAIN=yes -e PATH=/opt/tool/bin:/usr/local/bin:/usr/bin:/bin
check "terminal: answers with an SSH banner" within 10 answers_ssh
# What it sends counts among what its own network namespace has sent.
has_sent() { docker exec "$C" awk '/^Udp: [0-9]/ && $5 > 0 { found = 1 } END { exit !found }' /proc/net/snmp; }
check "terminal: has said a word to its gateway" has_sent
check "terminal: the key opens it, as uid 1000" says 1000 with_key id -u
check "terminal: no key, no way in" not ssh "${SSH_OPTIONS[@]}" -i "$WORK/other-key" -o IdentitiesOnly=yes -o BatchMode=yes -p "$(port 2222)" dev@127.0.0.1 true
as_root() { AS=root with_key true; }
check "terminal: root is refused" not as_root
only_keys_offered() {
  local answer
  answer=$(ssh "${SSH_OPTIONS[@]}" -o PubkeyAuthentication=no -p "$(port 2222)" dev@127.0.0.1 true 2>&1 </dev/null)
  [[ $answer == *'Permission denied (publickey).'* ]]
}
check "terminal: passwords are not even offered" only_keys_offered
check "terminal: environment in a command" says yes with_key 'echo $PLAIN'
check "terminal: environment with quotes and newlines" says "$odd_value" with_key 'printf "%s\n" "$ODD"'
check "terminal: environment in a login shell" says "yes /opt/tool/bin" with_key 'bash -lc "echo \$PLAIN \${PATH%%:*}"'
interactive() { echo 'echo "<$PLAIN>"; exit' | with_key -tt 2>/dev/null | grep '<yes>'; }
check "terminal: environment at an interactive prompt" interactive
exit_status() { with_key "exit $1"; echo $?; }
check "terminal: the exit status comes through" says 7 exit_status 7

there_and_back() {
  head -c 300000 /dev/urandom >"$WORK/sent"
  printf 'put %s/sent workspace/sent\nget workspace/sent %s/got\n' "$WORK" "$WORK" \
    | sftp "${SSH_OPTIONS[@]}" -q -b - -i "$WORK/key" -P "$(port 2222)" dev@127.0.0.1 && cmp "$WORK/sent" "$WORK/got"
}
check "terminal: sftp there and back" there_and_back
copies() { scp "${SSH_OPTIONS[@]}" -q -i "$WORK/key" -P "$(port 2222)" "$WORK/sent" dev@127.0.0.1:workspace/copied && with_key cmp workspace/sent workspace/copied; }
check "terminal: scp" copies
forwards() { with_key -W 127.0.0.1:2222 </dev/null | head -c 4 | grep SSH-; }
check "terminal: forwards a port" forwards
check "terminal: the tools are there" with_key 'command -v bash curl git less vim.tiny nano ps tmux rsync python3'

key_before=$(host_key)
again() { docker rm -f "$C" >/dev/null; create terminal "$1"; within 10 answers_ssh; }
check "terminal: comes up again on its volume" again "$first"
check "terminal: same host key after re-creation" says "$key_before" host_key
check "terminal: the workspace is kept" with_key test -s workspace/sent
cut_short() { docker exec "$C" truncate -s 20 /home/dev/.remotegpu/ssh/ssh_host_ed25519_key && docker restart -t 2 "$C" && within 10 answers_ssh && with_key true; }
check "terminal: a host key cut short is made anew" cut_short
opened_to_group() { docker exec "$C" chmod -R g+rw /home/dev/.remotegpu && docker restart -t 2 "$C" && within 10 answers_ssh && with_key true; }
check "terminal: a host key opened to the group still serves" opened_to_group
check "terminal: a killed sshd comes back" comes_back sshd answers_ssh
well_behaved terminal

# A volume that starts empty, as Kubernetes gives it: owned by the user, without the image's files.
second=$(new_volume empty)
docker run --rm --label "$LABEL" --user 0 --entrypoint chown --mount "type=volume,src=$second,dst=/v,volume-nocopy" "remotegpu/terminal:$TAG" 1000:1000 /v
secrets=$WORK/secrets-terminal
C=$(docker create --label "$LABEL" --cap-drop ALL --security-opt no-new-privileges -P --mount "type=volume,src=$second,dst=/home/dev,volume-nocopy" "remotegpu/terminal:$TAG")
tar -C "$secrets" --owner 1000 --group 1000 -cf - authorized_keys | docker cp - "$C:/run/remotegpu"
docker start "$C" >/dev/null
check "terminal: comes up on an empty volume" within 10 answers_ssh
check "terminal: fills in what is missing there" with_key 'test -f .bashrc && test -f .profile && test -w workspace'
check "terminal: another volume, another host key" not says "$key_before" host_key
