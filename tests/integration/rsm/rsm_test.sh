#!/bin/sh
# SPDX-License-Identifier: MIT
# The worked forms of view, eject and inventory (rsm-command 5) on an emulated library, and the wrong
# forms, which must fail with usage. RSM is the command to test.
set -u
: "${RSM:?}"
dir=$(mktemp -d)
host=
failures=0

finish() {
  if [ -n "$host" ]; then
    kill "$host" 2>/dev/null
    wait "$host"
  fi
  rm -rf "$dir"
}
trap finish EXIT
trap 'exit 1' INT TERM

fail() {
  echo "FAILED: $*" >&2
  failures=$((failures + 1))
}

# run STATUS ARGUMENT...: runs rsm, keeps what it wrote in $out and $err, and checks the exit status.
run() {
  wanted=$1
  shift
  timeout 60 "$RSM" "$@" >"$dir/out" 2>"$dir/err"
  status=$?
  out=$(cat "$dir/out")
  err=$(cat "$dir/err")
  if [ $status -ne "$wanted" ]; then fail "rsm $*: status $status, not $wanted: $out $err"; fi
}

# wrong ARGUMENT...: the form must be refused with the usage, on standard error only.
wrong() {
  run 87 "$@"
  if [ -n "$out" ]; then fail "rsm $*: wrote to standard output: $out"; fi
  case $err in
    "87 "*"rsm $1"* | "87 "*"rsm /?"*) ;;
    *) fail "rsm $*: no usage: $err" ;;
  esac
}

# says TEXT: what the last command wrote holds this line.
says() {
  if ! printf '%s\n' "$out" | grep -qxF -- "$1"; then fail "no line \"$1\" in: $out"; fi
}

errs() {
  case $err in
    *"$1"*) ;;
    *) fail "no \"$1\" in: $err" ;;
  esac
}

# until_where CARTRIDGE PLACE: waits until rsm shows the cartridge in that place.
until_where() {
  attempts=0
  until "$RSM" view /tphysical_media /where /b | grep -qE -- "^$1 +$2\$"; do
    attempts=$((attempts + 1))
    if [ $attempts -gt 300 ]; then
      "$RSM" view /tphysical_media /where >&2
      "$RSM" view /tlibrequest /guiddisplay >&2
      fail "$1 does not get to $2"
      return
    fi
    sleep 0.1
  done
}

# ---- Help and wrong forms: none of them needs a server.
NTMS_DATA=$dir/data
NTMS_DEVICES=
NTMS_IDENTIFY=no
export NTMS_DATA NTMS_DEVICES NTMS_IDENTIFY
guid=4EE461D0AC00419F90F842E20BF62205
run 0
says "  inventory   Finds out what a library holds."
run 0 /?
run 0 view /?
run 0 EJECT /?
wrong format
wrong dismount eject
wrong allocate /m Pool /onew
wrong mount "/lg$guid" /lfx /oread
wrong eject "/sfSlot 3"
wrong eject
wrong eject /astop
wrong eject /astop /onoguid
wrong eject "/pg$guid" "/o$guid"
wrong eject "/pg$guid" /apause
wrong eject "/pg$guid" /pfx
wrong eject "/pg$guid" "/lg$guid"
wrong eject "/sg$guid" "/lfLibrary A"
wrong eject "/sg$guid" "/dg$guid" "/lg$guid"
wrong eject "/pg$guid" /aqueue /w
wrong eject /pg123
wrong inventory /lfx
wrong inventory /afast
wrong inventory /lfx /aquick
wrong view
wrong view /tcartridge
wrong view /t library
wrong view /tlibrary /cgx
wrong view /tlibrary /where
wrong policy /keepimportmaybe
wrong host /idle5
wrong host /detached /idlelong
wrong emulator
wrong emulator sell "$dir/x"
wrong emulator take "$dir/x"
wrong emulator show "$dir/x" /port1
wrong emulator create "$dir/x" /slots2 /media3
wrong emulator create "$dir/x" /scenario"$dir/y" /slots2
wrong emulator play "$dir/x"
wrong emulator play "$dir/x" /scenario"$dir/y" /port1
wrong emulator take "$dir/x" /port1 /scenario"$dir/y"
if [ -e "$dir/data" ]; then fail "a wrong form has opened the database"; fi

# ---- Subcommands that are listed but not built yet: their syntax is checked all the same.
run 120 deletepool '/mMyApp\LTO'
errs "not available yet"

# ---- The emulator.
library=$dir/library
run 0 emulator create "$library" /slots8 /drives1 /ports1 /media6
devices=$out
case $devices in
  emulator:/*) ;;
  *) fail "create printed $devices" ;;
esac
run 183 emulator create "$library"
run 216 emulator show "$dir/nothing" # 4312: the low byte
run 210 emulator take "$library" /port1 # 4306: empty
run 87 emulator take "$library" /port9
run 0 emulator put "$library" /port1 /barcodeNEW001L8
run 211 emulator put "$library" /port1 # 4307: there is one
run 0 emulator show "$library"
says "Port 1       16       NEW001L8"
run 0 emulator take "$library" /port1
says NEW001L8
run 0 emulator show "$library"
says "Shelf                 1 cartridge"

# ---- Scenario files.
cat >"$dir/scenario" <<'END'
library slots=4 ports=1 clock=virtual start=2026-01-05T08:00:00
slot 2 holds MED001L8
at +1h   door 0 open      # an hour passes in no time
then     slots 2 3 swap
then     door 0 close
expect   slot 3 holds MED001L8
END
run 216 emulator create "$dir/played" /scenario"$dir/nothing" # 4312
errs "cannot be read"
run 0 emulator create "$dir/played" /scenario"$dir/scenario"
case $out in
  emulator:/*/played) ;;
  *) fail "create printed $out" ;;
esac
run 183 emulator create "$dir/played" /scenario"$dir/scenario"
run 216 emulator play "$dir/nothing" /scenario"$dir/scenario"
run 0 emulator play "$dir/played" /scenario"$dir/scenario"
says "3  at +1h door 0 open"
says "6  expect slot 3 holds MED001L8"
says "The command completed successfully"
printf 'then door 0 open\nthen door 0 slam\n' >"$dir/wrong"
run 87 emulator play "$dir/played" /scenario"$dir/wrong"
errs 'wrong: line 2: "slam" is neither open nor close'
printf 'pace patience=0s\nexpect slot 3 empty within 5s\n' >"$dir/late"
run 180 emulator play "$dir/played" /scenario"$dir/late" # 1460
errs "late: line 2: expect slot 3 empty within 5s: still not after 5s"

# ---- Two libraries in service: the second holds another cartridge with the bar code EMU001L8. A host
# keeps them so, whatever single commands do.
run 0 emulator create "$dir/second" /slots2 /drives1 /media1
NTMS_DEVICES="$devices $out"
export NTMS_DEVICES
touch "$dir/host.out" # the host may be slower than the first look at it
"$RSM" host >"$dir/host.out" 2>&1 &
host=$!
attempts=0
until grep -q running "$dir/host.out"; do
  attempts=$((attempts + 1))
  if [ $attempts -gt 300 ] || ! kill -0 "$host"; then
    cat "$dir/host.out" >&2
    fail "the host does not start"
    exit 1
  fi
  sleep 0.1
done
until_where EMU001L8 "Slot 1 of .*"
until_where EMU006L8 "Slot 6 of .*"

run 0 view /tlibrary
first=$(printf '%s\n' "$out" | head -n 1)
if [ "$first" != LIBRARY ]; then fail "the heading is \"$first\""; fi
says "The command completed successfully"
run 0 view /tdrive /where /b
case $out in
  "Drive 1  emulator:"*"#1: serial number of the element"*) ;;
  *) fail "no reason of the mapping in: $out" ;;
esac
run 0 view /tphysical_media /where /b
name=$(printf '%s\n' "$out" | sed -n 's/^EMU006L8 *Slot 6 of //p')
run 0 view /tlibrary /b
says "Off-line Media"
says "$name"
run 0 view /tlibrary /guiddisplay
id=$(printf '%s\n' "$out" | grep -E -- "^$name +[^ ]+\$" | awk '{print $NF}')
case $id in
  *[!0-9A-F]*) fail "no GUID: $id" ;;
esac
if [ ${#id} -ne 32 ]; then fail "no GUID: $id"; fi
run 0 view /tphysical_media "/cg$id" /guiddisplay /b
count=$(printf '%s\n' "$out" | grep -cE '^[0-9A-F]{32}$')
if [ "$count" -ne 6 ]; then fail "$count cartridges: $out"; fi
cartridge=$(printf '%s\n' "$out" | head -n 1)
run 0 view /tpartition "/cg$cartridge" /guiddisplay /b
side=$out
run 0 view /tlogical_media "/cg$side" /guiddisplay /b
if [ -n "$out" ]; then fail "an unallocated side has logical media: $out"; fi
run 0 VIEW /TSTORAGESLOT "/CG$id" /B
says "Slot 8"
run 0 view /tdrive "/cg$id" /desc /guiddisplay
for type in changer changer_type computer drive_type iedoor ieport librequest media_pool media_type \
  oprequest; do
  run 0 "view" "/t$type"
  says "The command completed successfully"
done
run 87 view /tlibrary "/cg$id" # a library contains no libraries
run 216 view /tdrive "/cg$guid"
if [ -n "$out" ]; then fail "an error wrote to standard output: $out"; fi

run 0 inventory "/lf$name" /afast /w
run 0 inventory "/lg$id" /adefault
run 0 inventory "/lg$id" /anone
run 0 inventory "/lg$id" /astop /w
run 216 inventory "/lf$name x" /afast
run 205 inventory "/lfOff-line Media" /afast # 4301

run 0 policy /keepimporton /purgefreeoff
run 0 policy
says "keepimport on"
says "purgefree off"

# Eject by name; the operator takes the cartridge.
run 216 eject /pfemu005l8 # names are compared with case
errs 'No physical_media is named "emu005l8".'
run 87 eject /pfEMU001L8 # there are two of that name
errs "Several objects"
run 204 eject "/pg$guid" # 4300
run 210 eject "/sfSlot 8" "/lf$name" # 4306
run 0 eject /pfEMU005L8 /astart /b
operation=$out
if [ ${#operation} -ne 32 ]; then fail "no operation: $operation"; fi
until_where EMU005L8 "Port 1 of .*"
run 0 emulator take "$library" /port1
says EMU005L8
until_where EMU005L8 "Off-line Media"

# Eject what is in slot 3, and stop that: it goes back.
run 0 eject "/sfSlot 3" "/lf$name" /b
operation=$out
until_where EMU003L8 "Port 1 of .*"
run 0 eject /astop "/o$operation" /w
until_where EMU003L8 "Slot 3 of .*"
run 221 eject /astop "/o$operation" # 4317: it has ended

# Waiting for the end, while the operator takes it.
"$RSM" eject /pfEMU002L8 /w >"$dir/eject.out" 2>&1 &
waiting=$!
until_where EMU002L8 "Port 1 of .*"
run 0 emulator take "$library" /port1
if ! wait $waiting; then fail "eject /w: $(cat "$dir/eject.out")"; fi
run 0 view /tphysical_media /where /b
until_where EMU002L8 "Off-line Media"

# A batch of one port: the second is one too many; the first starts by itself.
run 0 eject /pfEMU004L8 /aqueue /b
if [ -n "$out" ]; then fail "a queued eject has printed $out"; fi
run 170 eject /pfEMU006L8 /aqueue
run 0 eject /pfEMU004L8 /astart /b
until_where EMU004L8 "Port 1 of .*"
run 0 emulator take "$library" /port1
until_where EMU004L8 "Off-line Media"

# What is in the drive of a library with one drive: nothing.
run 210 eject "/lf$name"
run 210 eject "/dfDrive 1" "/lf$name"

# With nothing to eject the port is locked.
run 170 emulator put "$library" /port1 /barcodeEMU005L8
errs "does not let the operator"

# A detached host ends by itself when there is nothing to do, and on SIGTERM.
run 0 host /detached /idle1
"$RSM" host /detached &
detached=$!
attempts=0
# Before it has a session, it may not be rsm yet but the shell's child, which would take the signal.
until [ -n "$(find "/proc/$detached/fd" -lname "$dir/data/*" 2>/dev/null)" ]; do
  attempts=$((attempts + 1))
  if [ $attempts -gt 300 ] || ! kill -0 $detached; then
    fail "the detached host does not open a session"
    break
  fi
  sleep 0.1
done
kill -TERM $detached
wait $detached
status=$?
if [ $status -ne 0 ]; then fail "the detached host: status $status"; fi

if ! kill "$host"; then fail "the host is gone"; fi
wait "$host"
status=$?
host=
if [ $status -ne 0 ]; then fail "the host ended with $status: $(cat "$dir/host.out")"; fi

if [ $failures -ne 0 ]; then
  echo "$failures checks failed" >&2
  exit 1
fi
