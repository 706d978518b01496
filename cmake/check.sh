#!/bin/bash
# SPDX-License-Identifier: MIT
# Everything that has to pass, on a Debian 12 machine: installs what is missing, then one lane after
# the other. Ends with ctest's own closing lines. A skipped test counts as a failure.
set -euo pipefail
cd "$(dirname "$0")/.."
jobs=$(nproc)
times=()

# lane NAME COMMAND...: runs a lane and notes its time.
lane() {
  local name=$1 started=$SECONDS
  shift
  printf '\n=== %s\n' "$name"
  "$@"
  times+=("$(printf '%-28s %5d s' "$name" $((SECONDS - started)))")
  printf '=== %s: %d s\n' "$name" $((SECONDS - started))
}

build() {
  local preset=$1
  shift
  cmake --preset "$preset" "$@" >"build/$preset.configure.log" ||
    { cat "build/$preset.configure.log"; return 1; }
  if ! cmake --build --preset "$preset" -j "$jobs" >"build/$preset.build.log" 2>&1; then
    tail -n 60 "build/$preset.build.log"
    return 1
  fi
  tail -n 1 "build/$preset.build.log"
}

# run PRESET [CTEST OPTIONS]: the tests of a built preset; none may be skipped.
run() {
  local preset=$1 log=build/$1.ctest.log status=0
  shift
  ctest --preset "$preset" -j "$jobs" "$@" >"$log" 2>&1 || status=$?
  if grep -q -e '\*\*\*Skipped' -e '\*\*\*Not Run' "$log"; then
    grep -e '\*\*\*Skipped' -e '\*\*\*Not Run' "$log"
    echo "tests were skipped"
    status=1
  fi
  if [ $status -ne 0 ]; then tail -n 200 "$log"; else tail -n 12 "$log"; fi
  return $status
}

format() {
  git ls-files -- '*.cpp' '*.h' '*.c' | grep -v '^include/ntmsapi.h$' |
    xargs clang-format --dry-run --Werror
}

# sanitized PRESET PROGRAMS...: builds some test programs with a sanitizer and runs them.
sanitized() {
  local preset=$1 program log
  shift
  cmake --preset "$preset" >"build/$preset.configure.log"
  if ! cmake --build --preset "$preset" -j "$jobs" --target "$@" >"build/$preset.build.log" 2>&1; then
    tail -n 60 "build/$preset.build.log"
    return 1
  fi
  for program in "$@"; do
    log=build/$preset.$program.log
    if ! "build/$preset/bin/$program" >"$log" 2>&1 || grep -q 'SKIPPED' "$log"; then
      tail -n 200 "$log"
      return 1
    fi
    printf '%s: %s\n' "$program" "$(grep 'PASSED' "$log")"
  done
}

# Every fuzz target for ten seconds; the captures of tests/corpus are where they begin.
fuzz() {
  build fuzz
  bash tests/fuzz/run.sh build/fuzz 10
}

# The DLLs, both bitnesses, drive the changer of tgt by way of Windows' and Wine's SCSI pass-through.
pass_through() {
  WINEPREFIX=$PWD/build/wine-pass-through bash tests/integration/windows/run_pass_through.sh \
    build/dev build/windows-x64 build/windows-x86 >build/pass-through.log 2>&1 ||
    { tail -n 100 build/pass-through.log; return 1; }
  grep -e PASSED build/pass-through.log
}

# The library on Linux' own SCSI stack, in an emulated machine.
kernel() {
  bash tests/integration/kernel/run_kernel_test.sh build/dev >build/kernel.log 2>&1 ||
    { tail -n 300 build/kernel.log; return 1; }
  tail -n 1 build/kernel.log
}

# One Wine server for all programs: each would start and end its own.
start_wine() {
  export WINEPREFIX=$PWD/build/wine
  mkdir -p "$WINEPREFIX"
  wineserver -p600 || true # one is there already
  trap 'wineserver -k || true' EXIT
}

mkdir -p build
lane "packages" sh cmake/install-debian-packages.sh test
lane "SQLite" sh cmake/fetch-sqlite.sh build/sqlite
lane "format" format
lane "quick start" sh cmake/quickstart.sh
lane "thread sanitizer" sanitized tsan store_test runtime_test platform_test
lane "address, undefined" sanitized asan store_test runtime_test platform_test security_test emulator_test \
  operations_test conformance_test
lane "fuzz" fuzz
lane "packages for Windows" sh cmake/install-debian-packages.sh windows
start_wine
lane "build for Windows x64" build windows-x64 -DNTMS_BUILD_TESTS=ON
lane "build for Windows x86" build windows-x86 -DNTMS_BUILD_TESTS=ON
# Now and then Wine gives up a process that is slow to start: a program that fails may try once more.
lane "tests on Windows x64" run windows-x64 --repeat until-pass:2
lane "tests on Windows x86" run windows-x86 --repeat until-pass:2
lane "build" build dev
lane "Windows to a real changer" pass_through
lane "Linux to a real changer" kernel
printf '\nTime of each lane:\n'
printf '  %s\n' "${times[@]}"
printf '\n=== all tests\n'
started=$SECONDS
run dev
