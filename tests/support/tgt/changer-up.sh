#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Starts one private tgtd on 127.0.0.1 with one iSCSI target that holds a SCSI media changer (LUN 1)
# and tape drives (LUN 2 and following), and prints its settings, which are also kept in
# $CHANGER_STATE/target.env. changer-down.sh ends it.
#
# Settings, from the environment:
#   CHANGER_STATE  an existing, empty directory for everything (default: a new one under $TMPDIR)
#   SLOTS DRIVES MAILSLOTS  how many elements of each type
#   MEDIA          cartridges with bar codes TGT001L8 and following, in the first slots
#   IMAGES         how many of them can be mounted (have a tape image); default: all
#   SPARE          further cartridges NEW001L8 and following, out of the library, with images
#   TAPE_MB        capacity of each image in MiB
#   PORT           TCP port; 0: a free one
#   OWNER_FD       an inherited descriptor, the reading end of a pipe: when the writing end is closed
#                  (its owner ended, however), the target is ended and CHANGER_STATE removed
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

CHANGER_STATE=${CHANGER_STATE:-$(mktemp -d "${TMPDIR:-/tmp}/ntms-tgt-XXXXXXXX")}
SLOTS=${SLOTS:-12}
DRIVES=${DRIVES:-2}
MAILSLOTS=${MAILSLOTS:-2}
MEDIA=${MEDIA:-8}
IMAGES=${IMAGES:-$MEDIA}
SPARE=${SPARE:-3}
TAPE_MB=${TAPE_MB:-4}
PORT=${PORT:-0}
OWNER_FD=${OWNER_FD:-}
PICKER_AT=1
MAIL_AT=16
DRIVE_AT=256
SLOT_AT=1024
IQN=iqn.2026-01.org.ntms.test:changer
# Several instances run at once and a robot is known by its serial number, so each has its own.
unique=$(od -An -N4 -tx4 /dev/urandom | tr -d ' \n' | tr a-f A-F)
CHANGER_SERIAL=CHG$unique
# The identifier in the changer's element status has room for ten characters of a drive's serial.
DRIVE_SERIAL_PREFIX=$unique
export CHANGER_STATE
export TGT_IPC_SOCKET=$CHANGER_STATE/ipc    # private: no /var/run/tgtd, no clash with another tgtd

for program in tgtd tgtadm tgtimg; do
  command -v "$program" >/dev/null || { echo "$program is missing: install the package tgt" >&2; exit 2; }
done
# tgt builds a medium's path as media_home/barcode in 128 characters
[ ${#CHANGER_STATE} -le 90 ] || { echo "CHANGER_STATE is too long for tgt" >&2; exit 2; }
[ ! -e "$CHANGER_STATE/tgtd.pid" ] || { echo "$CHANGER_STATE is in use" >&2; exit 2; }

adm() { timeout 10 tgtadm -C 0 --lld iscsi "$@"; }
changer() { tgtadm -C 0 --lld iscsi --mode logicalunit --op update --tid 1 --lun 1 --params "$1"; }
image() { # FILE BARCODE MB TYPE
  tgtimg --op new --device-type tape --barcode="$2" --size="$3" --type="$4" --file="$1" \
    --thin-provisioning >/dev/null
}

media=$CHANGER_STATE/media
mkdir -p "$media"

up=no
for _ in $(seq 1 20); do
  port=$PORT
  [ "$port" != 0 ] || port=$((20000 + RANDOM % 12000))
  if (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then
    [ "$PORT" = 0 ] && continue
    echo "port $port is taken" >&2
    exit 3
  fi
  (
    [ -z "$OWNER_FD" ] || eval "exec $OWNER_FD<&-"
    exec setsid tgtd -f -C 0 --iscsi "portal=127.0.0.1:$port"
  ) </dev/null >"$CHANGER_STATE/tgtd.log" 2>&1 &
  pid=$!
  echo "$pid" >"$CHANGER_STATE/tgtd.pid"
  for _ in $(seq 1 100); do
    kill -0 "$pid" 2>/dev/null || break
    if adm --mode portal --op show 2>/dev/null | grep -qF "127.0.0.1:$port"; then
      up=yes
      break
    fi
    sleep 0.05
  done
  [ $up = yes ] && break
  kill -9 "$pid" 2>/dev/null || true
  wait "$pid" 2>/dev/null || true
  [ "$PORT" = 0 ] || break
done
[ $up = yes ] || { echo "tgtd did not start:" >&2; cat "$CHANGER_STATE/tgtd.log" >&2; exit 4; }

if [ -n "$OWNER_FD" ]; then
  # The watcher lets go of the caller's output, or the caller would wait for it.
  (
    eval "cat <&$OWNER_FD >/dev/null"
    "$here/changer-down.sh" || true
    rm -rf "$CHANGER_STATE"
  ) </dev/null >/dev/null 2>&1 &
fi

adm --mode target --op new --tid 1 -T "$IQN"

# The changer's backing file is required and unused.
dd if=/dev/zero of="$CHANGER_STATE/smc" bs=1k count=1 status=none
adm --mode logicalunit --op new --tid 1 --lun 1 -b "$CHANGER_STATE/smc" --device-type=changer
changer "vendor_id=TGT,product_id=VTL,product_rev=0001,scsi_sn=$CHANGER_SERIAL,removable=1,media_home=$media"

# Each drive is created on a throw-away cartridge and then put offline, which is an empty drive.
for drive in $(seq 1 "$DRIVES"); do
  lun=$((drive + 1))
  image "$CHANGER_STATE/notape$drive" "NOTAPE$drive" 1 clean
  adm --mode logicalunit --op new --tid 1 --lun $lun -b "$CHANGER_STATE/notape$drive" \
    --device-type=tape --bstype=ssc
  serial=$(printf '%s%02d' "$DRIVE_SERIAL_PREFIX" "$drive")
  adm --mode logicalunit --op update --tid 1 --lun $lun \
    --params "vendor_id=TGT,product_id=ULTRIUM-TD8,product_rev=0001,scsi_sn=$serial,removable=1"
  adm --mode logicalunit --op update --tid 1 --lun $lun --params online=0
done

changer "element_type=1,start_address=$PICKER_AT,quantity=1"
if [ "$MAILSLOTS" -gt 0 ]; then
  changer "element_type=3,start_address=$MAIL_AT,quantity=$MAILSLOTS"
fi
if [ "$DRIVES" -gt 0 ]; then
  changer "element_type=4,start_address=$DRIVE_AT,quantity=$DRIVES"
fi
changer "element_type=2,start_address=$SLOT_AT,quantity=$SLOTS"
for drive in $(seq 1 "$DRIVES"); do
  changer "element_type=4,address=$((DRIVE_AT + drive - 1)),tid=1,lun=$((drive + 1))"
done
for ((i = 1; i <= MEDIA; i++)); do
  printf -v barcode 'TGT%03dL8' "$i"
  if [ "$i" -le "$IMAGES" ]; then image "$media/$barcode" "$barcode" "$TAPE_MB" data; fi
  changer "element_type=2,address=$((SLOT_AT + i - 1)),barcode=$barcode,sides=1"
done
for i in $(seq 1 "$SPARE"); do
  printf -v barcode 'NEW%03dL8' "$i"
  image "$media/$barcode" "$barcode" "$TAPE_MB" data
done

adm --mode target --op bind --tid 1 -I 127.0.0.1

cat >"$CHANGER_STATE/target.env" <<E
CHANGER_STATE=$CHANGER_STATE
TGT_IPC_SOCKET=$TGT_IPC_SOCKET
TGTD_PID=$pid
PORTAL=127.0.0.1:$port
IQN=$IQN
CHANGER_SERIAL=$CHANGER_SERIAL
DRIVE_SERIAL_PREFIX=$DRIVE_SERIAL_PREFIX
CHANGER_LUN=1
DRIVE_LUNS="$(seq -s' ' 2 $((DRIVES + 1)))"
PICKER_AT=$PICKER_AT
MAIL_AT=$MAIL_AT
MAILSLOTS=$MAILSLOTS
DRIVE_AT=$DRIVE_AT
DRIVES=$DRIVES
SLOT_AT=$SLOT_AT
SLOTS=$SLOTS
CHANGER_URL=iscsi://127.0.0.1:$port/$IQN/1
E
cat "$CHANGER_STATE/target.env"
