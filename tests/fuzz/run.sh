#!/bin/bash
# SPDX-License-Identifier: MIT
# run.sh BUILD SECONDS: runs every fuzz target of a build for so many seconds, as many at once as there
# are processors (JOBS: another number), and fails when one finds something. What makes a target
# fail is left in BUILD/fuzz/found/, what reaches new code in BUILD/fuzz/corpus/, for the next run.
set -euo pipefail
build=$1
export seconds=$2
export folder=$build/fuzz bin=$build/bin
mkdir -p "$folder/found"

run() {
  local name=$1 log=$folder/$1.log
  mkdir -p "$folder/corpus/$name"
  if ! "$bin/fuzz_$name" "$folder/corpus/$name" "$folder/seeds/$name" -max_total_time="$seconds" \
    -max_len=4096 -rss_limit_mb=1024 -timeout=10 -print_final_stats=1 -verbosity=1 \
    -artifact_prefix="$folder/found/$name-" >"$log" 2>&1; then
    echo "fuzz_$name found something:"
    tail -n 60 "$log"
    return 1
  fi
  printf '%-16s %s runs, nothing found\n' "$name" "$(sed -n 's/stat::number_of_executed_units: *//p' "$log")"
}
export -f run

printf '%s\n' "$folder"/seeds/*/ | xargs -n 1 basename |
  xargs -P "${JOBS:-$(nproc)}" -I{} bash -c 'run {}'
