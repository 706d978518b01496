#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Breaks every connection to the target, as a network failure would; returns when none is left.
set -euo pipefail
. "${CHANGER_STATE:?names the directory that changer-up.sh printed}/target.env"
export TGT_IPC_SOCKET

connections() { # one line "SID CID" for each
  timeout 10 tgtadm -C 0 --lld iscsi --mode conn --op show --tid 1 |
    awk '/^Session:/ { sid = $2 } /Connection:/ { print sid, $2 }'
}

for _ in $(seq 1 100); do
  list=$(connections)
  [ -n "$list" ] || exit 0
  while read -r sid cid; do
    timeout 10 tgtadm -C 0 --lld iscsi --mode conn --op delete --tid 1 --sid "$sid" --cid "$cid" || true
  done <<<"$list"
done
echo "connections remain: $list" >&2
exit 1
