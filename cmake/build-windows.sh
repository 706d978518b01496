#!/bin/sh
# SPDX-License-Identifier: MIT
# Builds the release for Windows, x64 and x86, on Debian 12: build/ntmsapi-<version>-windows. Installs
# what is missing, as root or with sudo.
set -eu
cd "$(dirname "$0")/.."
sh cmake/install-debian-packages.sh windows
sh cmake/fetch-sqlite.sh build/sqlite
for preset in windows-x64 windows-x86; do
  cmake --preset "$preset" -DNTMS_BUILD_TESTS=OFF >/dev/null
  cmake --build --preset "$preset"
done
ls -d build/ntmsapi-*-windows/*
