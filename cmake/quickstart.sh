#!/bin/sh
# SPDX-License-Identifier: MIT
# From a fresh Debian 12 to an ejected cartridge: installs what is missing (as root or with sudo),
# builds, and ejects a cartridge from an emulated tape library. All it leaves behind are installed
# packages and the folder build/.
set -eu
cd "$(dirname "$0")/.."

say() {
  printf '\n==> %s\n' "$*"
}

# Shows a command, then runs it.
show() {
  printf '  $ rsm'
  for word in "$@"; do
    case $word in
      *[!A-Za-z0-9/_.:-]*) printf ' "%s"' "$word" ;;
      *) printf ' %s' "$word" ;;
    esac
  done
  printf '\n'
  "$bin/rsm" "$@"
}

say "Installing what the build needs and the system has not"
sh cmake/install-debian-packages.sh demo
sh cmake/fetch-sqlite.sh build/sqlite

say "Building into build/release (a few minutes)"
cmake --preset release -DNTMS_BUILD_TESTS=OFF -DNTMS_BUILD_BENCHMARKS=OFF >/dev/null
cmake --build --preset release
bin=$PWD/build/release/bin

demo=$(mktemp -d)
host=
finish() {
  if [ -n "$host" ]; then
    kill "$host" 2>/dev/null || true
    wait "$host" || true
  fi
  rm -rf "$demo"
}
trap finish EXIT
trap 'exit 1' INT TERM HUP

# until_where CARTRIDGE PLACE: waits, at most a minute, until the cartridge is in that place.
until_where() {
  attempts=0
  until "$bin/rsm" view /tphysical_media /where /b | grep -q "^$1  *$2"; do
    attempts=$((attempts + 1))
    if [ $attempts -gt 600 ]; then
      echo "$1 does not get to: $2" >&2
      "$bin/rsm" view /tphysical_media /where >&2
      exit 1
    fi
    sleep 0.1
  done
}

say "An emulated tape library: 8 slots, 1 drive, 1 port, 5 cartridges; all of it is one file"
show emulator create "$demo/library" /slots8 /drives1 /ports1 /media5 >"$demo/created"
cat "$demo/created"
NTMS_DEVICES=$(tail -n 1 "$demo/created")
NTMS_DATA=$demo/data
NTMS_IDENTIFY=no # the cartridges are blank; there is no label to read
export NTMS_DEVICES NTMS_DATA NTMS_IDENTIFY

say "A process that works for all programs of this computer, in the background"
echo '  $ rsm host &'
touch "$demo/host" # the host may be slower than the first look at it
"$bin/rsm" host >"$demo/host" 2>&1 &
host=$!
attempts=0
until grep -q running "$demo/host"; do
  attempts=$((attempts + 1))
  if [ $attempts -gt 600 ] || ! kill -0 "$host" 2>/dev/null; then
    cat "$demo/host" >&2
    echo "The host did not start." >&2
    exit 1
  fi
  sleep 0.1
done
until_where EMU005L8 "Slot 5"

say "The libraries: the emulated one, and the place of cartridges that are in none"
show view /tlibrary /guiddisplay

say "The cartridges and where they are, as the robot reported them"
show view /tphysical_media /where

say "New cartridges are in the import pool; keep them on record when they are ejected"
show policy /keepimporton

say "Eject a cartridge by its name; the answer is the GUID of the request"
show eject /pfEMU003L8 /b
until_where EMU003L8 "Port 1"

say "The robot has put it into the port and waits for a person"
show view /tphysical_media /where

say "The person takes it out of the port"
show emulator take "$demo/library" /port1
until_where EMU003L8 "Off-line Media"

say "With that the request has passed: the cartridge is on record as off-line"
show view /tphysical_media /where

say "That is all. The same with your own library: set NTMS_DEVICES to its URI; see docs/configuration.md"
