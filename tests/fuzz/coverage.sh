#!/bin/bash
# SPDX-License-Identifier: MIT
# coverage.sh BUILD [CORPUS]: which lines of the parsers the seeds of the fuzz targets reach, and the
# inputs that earlier runs left in CORPUS (build/fuzz/fuzz/corpus) if it is named. BUILD is a build of the
# preset fuzz-coverage. Fails when a file is reached to less than 90 %.
set -euo pipefail
build=$1
corpus=${2:-}
folder=$build/fuzz/coverage
rm -rf "$folder"
mkdir -p "$folder"

programs=()
for seeds in "$build"/fuzz/seeds/*/; do
  name=$(basename "$seeds")
  inputs=("$seeds")
  if [ -n "$corpus" ] && [ -d "$corpus/$name" ]; then inputs+=("$corpus/$name"); fi
  LLVM_PROFILE_FILE=$folder/$name.profraw "$build/bin/fuzz_$name" -runs=0 -max_len=1048576 "${inputs[@]}" \
    >"$folder/$name.log" 2>&1
  programs+=(-object "$build/bin/fuzz_$name")
done
llvm-profdata merge -o "$folder/all.profdata" "$folder"/*.profraw

# The parsers; what else is linked to them is not counted.
parsers='scsi/(element_status|mode_pages|inquiry|sense|luns|tape_alert|density|text)\.cpp
labels/(free_label|label|microsoft_tape_format|recognition|tar|volume_label)\.cpp
security/descriptor\.cpp'
llvm-cov report "${programs[@]:1}" -instr-profile="$folder/all.profdata" |
  grep -E "^[^ ]*src/(${parsers//$'\n'/|}) " |
  awk '{ lines += $8; missed += $9; share = 100 * ($8 - $9) / $8
         printf "%-40s %4d of %4d lines %6.1f %%\n", $1, $8 - $9, $8, share
         if (share < 90) low = 1 }
       END { if (lines == 0) exit 1
             printf "%-40s %4d of %4d lines %6.1f %%\n", "all", lines - missed, lines, 100 * (lines - missed) / lines
             exit low }'
