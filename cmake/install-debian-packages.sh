#!/bin/sh
# SPDX-License-Identifier: MIT
# Installs from Debian's archive what is missing to build the project and run its demonstration
# (install-debian-packages.sh demo) or also its tests (... test), or what is missing to cross-build it
# for Windows (... windows). Needs root or sudo only when something is missing.
set -eu
packages="g++ cmake ninja-build pkg-config libboost1.81-dev libspdlog-dev libfmt-dev libiscsi-dev \
ca-certificates curl unzip"
case ${1:-} in
  demo) ;;
  test)
    packages="$packages googletest libgtest-dev libgmock-dev libbenchmark-dev tgt clang-format \
clang-tidy ccache sqlite3"
    ;;
  windows)
    packages="cmake ninja-build g++-mingw-w64-x86-64-posix g++-mingw-w64-i686-posix \
libboost1.81-dev libspdlog-dev libfmt-dev googletest ca-certificates curl unzip"
    ;;
  *)
    echo "usage: $0 demo|test|windows" >&2
    exit 2
    ;;
esac

if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
  echo "This is no Debian system. Install what corresponds to: $packages" >&2
  exit 1
fi

as_root() {
  if [ "$(id -u)" -eq 0 ]; then
    "$@"
  elif command -v sudo >/dev/null; then
    sudo "$@"
  else
    echo "Please run this as root, or install sudo; missing:$missing" >&2
    exit 1
  fi
}

# Adds to $missing the packages of its arguments that are not installed.
find_missing() {
  for package in "$@"; do
    if ! dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -qx 'install ok installed'; then
      missing="$missing $package"
    fi
  done
}

install_missing() {
  if [ -z "$missing" ]; then return; fi
  echo "Installing:$missing"
  as_root apt-get update -q
  # shellcheck disable=SC2086 # a list of words
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends $missing
}

missing=
# shellcheck disable=SC2086 # a list of words
find_missing $packages
install_missing

# SQLite comes from sqlite.org; only where that cannot be reached, npm is the other way to it
# (fetch-sqlite.sh). A copy that is already there needs neither.
if [ ! -e "$(dirname "$0")/../build/sqlite/sqlite3.c" ] && ! command -v npm >/dev/null &&
  ! curl -fsSI --connect-timeout 5 -o /dev/null \
    https://sqlite.org/2026/sqlite-amalgamation-3530400.zip 2>/dev/null; then
  missing=" npm"
  install_missing
fi
