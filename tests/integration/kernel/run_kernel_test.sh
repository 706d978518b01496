#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Runs the programs of a build tree against the real SCSI stack of Linux, in an emulated machine:
#   run_kernel_test.sh BUILD [ARGUMENT...]
# BUILD is a build tree of the preset dev or release with the targets ntmsapi, rsm, ntms_worker and
# kernel_test; the arguments are for kernel_test. Ends with the number of tests that have passed, and
# fails when that is not the number of those that there are. What the engine wrote into its logs is
# shown after a failure. Needs what build_guest.sh needs; the guest is kept in BUILD/guest.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
[ $# -ge 1 ] || { sed -n '3,8s/^# \{0,1\}//p' "$0" >&2; exit 2; }
build=$(cd "$1" && pwd)
shift
"$here/build_guest.sh" "$build/guest"

stage=$(mktemp -d "${TMPDIR:-/tmp}/ntms-stage-XXXXXX")
trap 'rm -rf "$stage"' EXIT
mkdir "$stage/t" "$stage/out"
# What only a debugger reads is left out: the guest takes its memory from these files.
for file in kernel_test ntms_worker rsm libntmsapi.so.0 libntmsemulator.so.0; do
  objcopy --strip-debug "$build/bin/$file" "$stage/t/$file"
done
expected=$("$build/bin/kernel_test" --gtest_list_tests "$@" | grep -c '^  ') || true

status=0
"$here/run_in_guest.sh" -T "${TIME_LIMIT:-600}" "$build/guest" "$stage/t" "$stage/out" \
  "LD_LIBRARY_PATH=/t GTEST_COLOR=no ./kernel_test $*" 2>&1 | tee "$stage/console" || status=$?
[ "$status" -eq 0 ] || exit "$status"
passed=$(sed -n 's/^\[  PASSED  \] \([0-9]*\) tests\{0,1\}\.\r\{0,1\}$/\1/p' "$stage/console")
if [ "$expected" -eq 0 ] || [ "$passed" != "$expected" ] || grep -q SKIPPED "$stage/console"; then
  echo "of $expected tests ${passed:-none} passed" >&2
  exit 1
fi
echo "kernel_test: $passed tests passed on Linux $(cat "$build/guest/version")"
