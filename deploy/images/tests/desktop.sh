# shellcheck shell=bash
# Sourced by test.sh: the desktop, seen and used by a VNC and an RDP client. Never more than four wrong passwords in a row:
# the VNC server then locks the address out for a while.

need xtigervncviewer tigervnc-viewer
need xfreerdp freerdp2-x11
need Xvfb xvfb
need xdotool xdotool
need identify imagemagick

create desktop "$(new_volume desktop)"
vnc_answers() { banner "$(port 5901)" RFB; }
check "desktop: VNC answers" within 20 vnc_answers
sleep 2 # the window manager and the terminal draw themselves

stored() { printf '%s' "$1" | docker run --rm -i --label "$LABEL" --entrypoint vncpasswd "remotegpu/desktop:$TAG" -f; }
stored "$PASSWORD" >"$WORK/vnc-right"
stored "wrong123" >"$WORK/vnc-wrong"
# The viewer runs on a display of its own, and what it shows is photographed there.
screen=$((90 + RANDOM % 900))
Xvfb ":$screen" -screen 0 1280x800x24 >/dev/null 2>&1 &
within 10 test -S "/tmp/.X11-unix/X$screen"
photograph() { DISPLAY=:$screen import -window root "$1"; }
picture() { # right or wrong password
  local viewer
  rm -f "$WORK/vnc.png"
  DISPLAY=:$screen xtigervncviewer -FullScreen -SecurityTypes VncAuth -AlertOnFatalError=0 -ReconnectOnError=0 \
    -passwd "$WORK/vnc-$1" "127.0.0.1::$(port 5901)" >"$WORK/viewer.log" 2>&1 & viewer=$!
  sleep 3
  photograph "$WORK/vnc.png"
  kill $viewer 2>/dev/null && wait $viewer 2>/dev/null
  cat "$WORK/viewer.log"
  ! grep -qi -e 'authentication fail' -e 'unable to connect' -e refused "$WORK/viewer.log"
}
refused() { ! picture wrong && grep -i 'authentication fail' "$WORK/viewer.log"; }
not_blank() { local colours; colours=$(identify -format %k "$1") && echo "$colours colours" && [ "$colours" -gt 30 ]; }
check "desktop: VNC shows a picture with the password" picture right
check "desktop: … of something" not_blank "$WORK/vnc.png"
check "desktop: VNC refuses a wrong password" refused
# A VNC server that turns an address away greets it with an older version.
greets() { timeout 2 bash -c "exec 3<>/dev/tcp/127.0.0.1/$(port 5901) && read -t 2 -r -n 11 -u 3 line && [[ \$line == 'RFB 003.008' ]]"; }
knocks_lock_nobody_out() { for _ in {1..8}; do vnc_answers; done; greets; }
check "desktop: connections that never log in lock nobody out" knocks_lock_nobody_out

# The proof of an RDP session is what it does: keys typed there reach the terminal on the desktop. xrdp draws an error window
# after a wrong password, so neither a picture nor the client's status would tell.
rdp_types() { # password, file to create
  local client status
  export DISPLAY=:$screen
  timeout 60 xfreerdp "/v:127.0.0.1:$(port 3389)" /u:dev "/p:$1" /cert:ignore /size:1280x800 /log-level:ERROR >"$WORK/rdp.log" 2>&1 & client=$!
  sleep 6
  xdotool mousemove 300 250 click 1 && sleep 0.5 && xdotool type --delay 80 "touch $2" && xdotool key Return
  photograph "$WORK/rdp.png"
  within 5 docker exec "$C" test -e "/home/dev/workspace/$2"; status=$?
  kill "$client" 2>/dev/null; wait "$client" 2>/dev/null
  unset DISPLAY
  cat "$WORK/rdp.log"
  return $status
}
within 20 listens 3389
check "desktop: RDP opens a session with the password, keys arrive" rdp_types "$PASSWORD" rdpright
check "desktop: … and it shows the desktop" not_blank "$WORK/rdp.png"
rdp_refused() { ! rdp_types wrong123 rdpwrong && docker logs "$C" 2>&1 | grep 'VNC password failed'; }
check "desktop: RDP gets no session with a wrong password" rdp_refused
certificate() { docker exec "$C" openssl x509 -noout -fingerprint -in /home/dev/.remotegpu/xrdp/tls.pem; }
before=$(certificate)
check "desktop: SSH works beside it" says 1000 with_key id -u
check "desktop: a killed VNC server comes back" comes_back Xvnc picture right
windows_again() { picture right && not_blank "$WORK/vnc.png"; }
check "desktop: … with its windows" within 20 windows_again
check "desktop: a killed xrdp comes back" comes_back xrdp listens 3389
well_behaved desktop

docker start "$C" >/dev/null
within 20 listens 3389
check "desktop: same TLS certificate after a restart" says "$before" certificate
create desktop "$(new_volume desktop-two)"
within 20 listens 3389; sleep 1
check "desktop: another volume, another TLS certificate" not says "$before" certificate
