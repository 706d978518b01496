#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The operator's hands at the mail slot:  mailslot.sh put ADDRESS BARCODE | take ADDRESS
# A cartridge without a tape image gets one. Bar codes have at most 10 characters: more crash tgtd.
set -euo pipefail
. "${CHANGER_STATE:?names the directory that changer-up.sh printed}/target.env"
export TGT_IPC_SOCKET

changer() {
  timeout 10 tgtadm -C 0 --lld iscsi --mode logicalunit --op update --tid 1 --lun 1 --params "$1"
}

case ${1:-} in
put)
  [ ${#3} -le 10 ] || { echo "the bar code $3 is too long for tgt" >&2; exit 2; }
  [ -f "$CHANGER_STATE/media/$3" ] ||
    tgtimg --op new --device-type tape --barcode="$3" --size=4 --type=data \
      --file="$CHANGER_STATE/media/$3" --thin-provisioning >/dev/null
  changer "element_type=3,address=$2,barcode=$3,sides=1"
  ;;
take) changer "element_type=3,address=$2,clear_slot=1" ;;
*)
  echo "usage: mailslot.sh put ADDRESS BARCODE | take ADDRESS" >&2
  exit 2
  ;;
esac
