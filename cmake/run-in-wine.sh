#!/bin/sh
# SPDX-License-Identifier: MIT
# Runs one Windows program under Wine without a display: run-in-wine.sh <program.exe> [arguments].
# run-in-wine.sh --start: makes Wine ready and keeps it so for a minute after the last program. Wine's
# services are started with it; else the first program would start them, they would inherit its standard
# streams, and whoever reads those would wait for the services to end.
# WINEPREFIX names Wine's folder; by default a folder wine beside that of the program.
: "${WINEPREFIX:=$(cd "$(dirname "$1")/.." && pwd)/wine}"
: "${WINEDEBUG:=-all}"
: "${WINEDLLOVERRIDES:=mscoree,mshtml=;winemenubuilder.exe=d}"
export WINEPREFIX WINEDEBUG WINEDLLOVERRIDES
unset DISPLAY WAYLAND_DISPLAY
if [ "$1" = --start ]; then
  mkdir -p "$WINEPREFIX"
  wineserver -p60 </dev/null >/dev/null 2>&1 # fails when there is one already
  exec wineboot </dev/null >/dev/null 2>&1
fi
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
# Debian's command "wine" starts the other bitness through one more program, which takes time and
# sometimes fails under load; its loaders can be called themselves. The machine stands in the PE header.
header=$(od -An -tu4 -j60 -N4 "$1" 2>/dev/null | tr -d ' ')
machine=$(od -An -tx2 -j"$((${header:-0} + 4))" -N2 "$1" 2>/dev/null | tr -d ' ')
case $machine in
  8664) loader=/usr/lib/wine/wine64 ;;
  014c) loader=/usr/lib/wine/wine ;;
  *) loader= ;;
esac
if [ -x "$loader" ]; then exec "$loader" "$@"; fi
exec wine "$@"
