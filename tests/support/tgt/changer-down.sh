#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Ends the tgtd that changer-up.sh started for $CHANGER_STATE, and no other. May be called again.
set -euo pipefail
: "${CHANGER_STATE:?names the directory that changer-up.sh printed}"
export TGT_IPC_SOCKET=$CHANGER_STATE/ipc
pid=$(cat "$CHANGER_STATE/tgtd.pid" 2>/dev/null || true)

mine() { # alive, no zombie (whose environment is unreadable), and started for this directory
  [ -n "$pid" ] && [ "$(cat "/proc/$pid/comm" 2>/dev/null)" = tgtd ] &&
    grep -zqxF "TGT_IPC_SOCKET=$TGT_IPC_SOCKET" "/proc/$pid/environ" 2>/dev/null
}

if mine; then
  kill -CONT "$pid"    # a stopped one would answer nothing
  timeout 5 tgtadm -C 0 --lld iscsi --mode target --op delete --force --tid 1 2>/dev/null || true
  timeout 5 tgtadm -C 0 --mode system --op delete 2>/dev/null || true
  for _ in $(seq 1 60); do
    mine || break
    sleep 0.02
  done
  if mine; then kill -9 "$pid"; fi    # it does not heed SIGTERM
fi
rm -f "$CHANGER_STATE"/{tgtd.pid,target.env,ipc*}
