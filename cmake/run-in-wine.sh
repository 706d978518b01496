#!/bin/sh
# SPDX-License-Identifier: MIT
# Runs one Windows program under Wine without a display: run-in-wine.sh <program.exe> [arguments].
# WINEPREFIX names Wine's folder; by default a folder wine beside that of the program.
: "${WINEPREFIX:=$(cd "$(dirname "$1")/.." && pwd)/wine}"
: "${WINEDEBUG:=-all}"
: "${WINEDLLOVERRIDES:=mscoree,mshtml=;winemenubuilder.exe=d}"
export WINEPREFIX WINEDEBUG WINEDLLOVERRIDES
unset DISPLAY WAYLAND_DISPLAY
if [ ! -e "$WINEPREFIX/system.reg" ]; then
  mkdir -p "$WINEPREFIX"
  # One makes the folder, the others wait. Wine's services inherit the standard streams and the lock
  # and outlive it: whoever reads them would wait.
  (
    flock 9
    if [ ! -e "$WINEPREFIX/system.reg" ]; then
      wineboot </dev/null >/dev/null 2>&1 9>&-
    fi
  ) 9>"$WINEPREFIX.lock"
fi
exec wine "$@"
