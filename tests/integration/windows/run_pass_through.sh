#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Drives a real changer (tgt) from ntmsapi.dll through the pass-through of Windows, under Wine, whose
# SG_IO goes through a preloaded shim to the target (tests/support/sg_shim):
#   run_pass_through.sh LINUX-BUILD WINDOWS-BUILD...
# LINUX-BUILD is a build tree of the preset dev or release with the targets sg_bridge, list_elements,
# sg_shim and, for 32-bit Windows, sg_shim_32; each WINDOWS-BUILD one of windows-x64 or windows-x86
# with the targets ntmsapi and pass_through_test. Needs the packages tgt, wine, and wine64 or
# wine32:i386. WINEPREFIX names Wine's folder; by default it is LINUX-BUILD/wine-pass-through.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
[ $# -ge 2 ] || { sed -n '3,10s/^# \{0,1\}//p' "$0" >&2; exit 2; }
linux=$(cd "$1" && pwd)
shift
tgt=$here/../../support/tgt
: "${TIME_LIMIT:=300}"    # seconds for one build tree

export WINEPREFIX=${WINEPREFIX:-$linux/wine-pass-through}
export WINEDEBUG=${WINEDEBUG:--all}
export WINEDLLOVERRIDES='mscoree,mshtml=;winemenubuilder.exe=d'
unset DISPLAY WAYLAND_DISPLAY
state=$(mktemp -d "${TMPDIR:-/tmp}/ntms-pass-XXXXXX")
export CHANGER_STATE=$state/tgt
export NTMS_SG_SHIM_DEVICES=$state/devices NTMS_SG_SHIM_SOCKET=$state/bridge
mkdir "$CHANGER_STATE" "$NTMS_SG_SHIM_DEVICES"
bridge=

leave() {
  wineserver -k 2>/dev/null || true
  [ -z "$bridge" ] || kill "$bridge" 2>/dev/null || true
  "$tgt/changer-down.sh" || true
  rm -rf "$state"
}
trap leave EXIT

# Wine first, and without the shim: the server and the services outlive every program, and whoever
# reads their output would wait for them.
mkdir -p "$WINEPREFIX"
wineserver -p3600 2>/dev/null || true
wineboot </dev/null >/dev/null 2>&1
wineserver -k || true    # those that run have not loaded the shim

# The order of the tape drives is not that of the changer's elements: they are told apart by their
# serial numbers.
drive_names='\\.\Tape1 \\.\Tape0'
devices='changer0 tape0 tape1'
unplug() { # also breaks what is open
  mv "$NTMS_SG_SHIM_SOCKET" "$NTMS_SG_SHIM_SOCKET.unplugged"
  for device in $devices; do rm -f "$WINEPREFIX/dosdevices/$device"; done
}
plug() {
  [ ! -e "$NTMS_SG_SHIM_SOCKET.unplugged" ] || mv "$NTMS_SG_SHIM_SOCKET"{.unplugged,}
  for device in $devices; do
    : >"$NTMS_SG_SHIM_DEVICES/$device"
    ln -sfn "$NTMS_SG_SHIM_DEVICES/$device" "$WINEPREFIX/dosdevices/$device"
  done
}

contents() { "$linux/bin/list_elements" "$CHANGER_URL"; }

# The operator of pass_through_test.cpp: reads what it prints, does what it asks for.
operate() {
  local line words
  while IFS= read -r line; do
    line=${line%$'\r'}
    if [[ $line != "operator: "* ]]; then
      printf '%s\n' "$line" >&2
      continue
    fi
    read -ra words <<<"${line#operator: }"
    case ${words[0]} in
      contents) contents ;;
      unplug) unplug ;;
      plug) plug ;;
      *) "$tgt/mailslot.sh" "${words[@]}" >&2 ;;
    esac
    echo 'done'
  done
}

run() { # WINDOWS-BUILD
  local build=$1 status=0
  "$tgt/changer-up.sh" >/dev/null || return 1
  # shellcheck disable=SC1091 # written by changer-up.sh
  . "$CHANGER_STATE/target.env"
  local target=${CHANGER_URL%/*}
  coproc bridge_process {
    exec "$linux/bin/sg_bridge" "$NTMS_SG_SHIM_SOCKET" "changer0=$CHANGER_URL" \
      "tape0=$target/3" "tape1=$target/2"
  }
  # shellcheck disable=SC2154 # set by coproc
  bridge=$bridge_process_PID
  local ready
  read -r ready <&"${bridge_process[0]}" && [ "$ready" = ready ] || return 1

  plug
  rm -rf "$WINEPREFIX/drive_c/ntms-pass-through"
  mkdir -p "$WINEPREFIX/drive_c/ntms-pass-through/locks"
  mkfifo "$state/asked" "$state/answered"
  operate <"$state/asked" >"$state/answered" &
  local operator=$!
  # shellcheck disable=SC2016 # the dynamic linker puts in $LIB
  (
    export LD_PRELOAD="$linux"'/sg_shim/$LIB/sg_shim.so'
    export NTMS_DATA='C:\ntms-pass-through\data' NTMS_LOCK_DIR='C:\ntms-pass-through\locks'
    export DRIVE_NAMES=$drive_names
    exec timeout "$TIME_LIMIT" wine "$build/bin/pass_through_test.exe" ${GTEST_ARGUMENTS:-}
  ) >"$state/asked" <"$state/answered" || status=$?
  wineserver -k || true    # its services keep the pipes
  wait "$operator" || true
  rm -f "$state/asked" "$state/answered"
  if [ "$status" -ne 0 ]; then
    cat "$WINEPREFIX"/drive_c/ntms-pass-through/data*/ntms.log >&2 2>/dev/null || true
  fi
  kill "$bridge" 2>/dev/null || true
  wait "$bridge" 2>/dev/null || true
  bridge=
  rm -f "$NTMS_SG_SHIM_SOCKET"*
  "$tgt/changer-down.sh"
  rm -rf "${CHANGER_STATE:?}"
  mkdir "$CHANGER_STATE"
  return "$status"
}

failed=0
for build in "$@"; do
  echo "== $build" >&2
  run "$(cd "$build" && pwd)" || { failed=1; echo "FAILED: $build" >&2; }
done
exit $failed
