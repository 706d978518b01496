#!/bin/sh
# SPDX-License-Identifier: MIT
# Installs the library into an empty prefix, builds the consumers against it in two ways, runs them.
# Environment, set by ctest: NTMS_BUILD_DIR the build to install, NTMS_WORK_DIR a folder that this
# script may delete and write, NTMS_LIBDIR the library folder below the prefix, NTMS_CMAKE, CC, CXX,
# and CFLAGS, CXXFLAGS, LDFLAGS for the consumers. Exits with 0 when all four consumers succeed.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
case $NTMS_WORK_DIR in
  "$NTMS_BUILD_DIR"/*) rm -rf "$NTMS_WORK_DIR" ;;
  *) echo "the work folder $NTMS_WORK_DIR is not inside the build" >&2; exit 1 ;;
esac
mkdir -p "$NTMS_WORK_DIR/data"
prefix=$NTMS_WORK_DIR/prefix
export NTMS_DATA="$NTMS_WORK_DIR/data"  # no consumer may touch the machine's own database

for component in ntmsapi ntmsapi-dev; do
  "$NTMS_CMAKE" --install "$NTMS_BUILD_DIR" --prefix "$prefix" --component $component
done

echo "== find_package"
"$NTMS_CMAKE" -S "$here/consumer" -B "$NTMS_WORK_DIR/cmake" -DCMAKE_PREFIX_PATH="$prefix"
"$NTMS_CMAKE" --build "$NTMS_WORK_DIR/cmake"
"$NTMS_WORK_DIR/cmake/consumer_c"
"$NTMS_WORK_DIR/cmake/consumer_cpp"

echo "== pkg-config"
export PKG_CONFIG_PATH="$prefix/$NTMS_LIBDIR/pkgconfig"
flags=$(pkg-config --cflags ntmsapi)
libs=$(pkg-config --libs ntmsapi)
mkdir -p "$NTMS_WORK_DIR/pkgconfig"
# The flags are lists of words: they are meant to be split.
# shellcheck disable=SC2086
$CC -std=c11 -Wall -Wextra -Wpedantic -Werror $CFLAGS $flags "$here/consumer/consumer.c" \
  -o "$NTMS_WORK_DIR/pkgconfig/consumer_c" $LDFLAGS $libs
# shellcheck disable=SC2086
$CXX -std=c++20 -Wall -Wextra -Wpedantic -Werror $CXXFLAGS $flags "$here/consumer/consumer.cpp" \
  -o "$NTMS_WORK_DIR/pkgconfig/consumer_cpp" $LDFLAGS $libs
export LD_LIBRARY_PATH="$prefix/$NTMS_LIBDIR"
"$NTMS_WORK_DIR/pkgconfig/consumer_c"
"$NTMS_WORK_DIR/pkgconfig/consumer_cpp"
echo "all four consumers succeeded"
