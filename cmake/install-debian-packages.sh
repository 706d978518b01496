#!/bin/sh
# SPDX-License-Identifier: MIT
# Installs from Debian's archive what is missing to build the project and run its demonstration
# (install-debian-packages.sh demo) or also its tests (... test), or what is missing to cross-build it
# for Windows and run the tests of that under Wine (... windows). Needs root or sudo only when
# something is missing.
set -eu
packages="g++ cmake ninja-build pkg-config libboost1.81-dev libspdlog-dev libfmt-dev libiscsi-dev \
ca-certificates curl unzip"
# The programs that one architecture of Debian alone does not have.
wine_packages=
case ${1:-} in
  demo) ;;
  test)
    # From clang on for the fuzz targets and what they reach.
    # From qemu on for the emulated machine in which the kernel's SCSI stack has a changer.
    packages="$packages googletest libgtest-dev libgmock-dev libbenchmark-dev tgt clang-format \
clang-tidy ccache sqlite3 \
clang libclang-rt-14-dev llvm llvm-14 \
qemu-system-x86 busybox-static cpio kmod xz-utils file mtx libkmod2 libmount1 libssl3 libsystemd0"
    ;;
  windows)
    # gcc-multilib, libiscsi and tgt are for the test that reaches a real changer through Wine.
    packages="cmake ninja-build g++-mingw-w64-x86-64-posix g++-mingw-w64-i686-posix gcc-multilib \
libboost1.81-dev libspdlog-dev libfmt-dev libiscsi-dev googletest ccache tgt ca-certificates curl unzip"
    wine_packages="wine wine64 wine32:i386"
    ;;
  *)
    echo "usage: $0 demo|test|windows" >&2
    exit 2
    ;;
esac

if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
  echo "This is no Debian system. Install what corresponds to: $packages $wine_packages" >&2
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

# apt CONFIGURATION ARGUMENTS...: apt-get without questions; the configuration may be empty.
apt() {
  configuration=$1
  shift
  as_root env ${configuration:+"APT_CONFIG=$configuration"} DEBIAN_FRONTEND=noninteractive \
    apt-get -q -o DPkg::Lock::Timeout=300 -o Dpkg::Options::=--force-confold "$@"
}

# update CONFIGURATION: reads the lists of packages. A mirror that is just being changed does not show
# all of them; whether they are enough is seen when something is installed.
update() {
  apt "$1" update || apt "$1" update || echo "Not all lists of packages could be read."
}

# Adds to $missing the packages of its arguments that are not installed.
find_missing() {
  for package in "$@"; do
    if ! dpkg-query -W -f='${Status}\n' "$package" 2>/dev/null | grep -qx 'install ok installed'; then
      missing="$missing $package"
    fi
  done
}

install_missing() {
  if [ -z "$missing" ]; then return; fi
  echo "Installing:$missing"
  update ''
  # shellcheck disable=SC2086 # a list of words
  apt '' install -y --no-install-recommends $missing
}

# Wine for 32-bit programs is of architecture i386 and needs libraries in the very version that amd64
# has. Where the indexes of the security suite differ between the two (while a mirror is being
# updated), they are taken from Debian's stable suites alone.
install_wine() {
  if [ -z "$missing" ]; then return; fi
  echo "Installing:$missing"
  as_root dpkg --add-architecture i386
  apt '' update || true
  # shellcheck disable=SC2086 # a list of words
  if apt '' install -y --no-install-recommends $wine_packages; then return; fi
  echo "The suites are out of step; installing from the stable suites alone"
  only=$(mktemp -d)
  chmod 755 "$only"
  mkdir -p "$only/sources" "$only/preferences" "$only/lists/partial"
  cat >"$only/sources/stable.sources" <<END
Types: deb
URIs: $(apt-get indextargets --format '$(RELEASE) $(REPO_URI)' 'Created-By: Packages' |
    sed -n 's/^bookworm //p' | head -n 1)
Suites: bookworm bookworm-updates
Components: main
Architectures: amd64 i386
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg
END
  printf 'Package: *\nPin: release o=Debian,n=bookworm\nPin-Priority: 1001\n' \
    >"$only/preferences/stable.pref"
  cat >"$only/apt.conf" <<END
Dir::Etc::sourcelist "/dev/null";
Dir::Etc::sourceparts "$only/sources/";
Dir::Etc::preferencesparts "$only/preferences/";
Dir::State::lists "$only/lists";
Dir::Cache::pkgcache "";
Dir::Cache::srcpkgcache "";
END
  update "$only/apt.conf"
  # shellcheck disable=SC2086 # a list of words
  apt "$only/apt.conf" install -y --no-install-recommends --allow-downgrades $wine_packages
  as_root rm -rf "$only"
}

missing=
# shellcheck disable=SC2086 # a list of words
find_missing $packages
install_missing

missing=
# shellcheck disable=SC2086 # a list of words
find_missing $wine_packages
install_wine

# SQLite comes from sqlite.org; only where that cannot be reached, npm is the other way to it
# (fetch-sqlite.sh). A copy that is already there needs neither.
if [ ! -e "$(dirname "$0")/../build/sqlite/sqlite3.c" ] && ! command -v npm >/dev/null &&
  ! curl -fsSI --connect-timeout 5 -o /dev/null \
    https://sqlite.org/2026/sqlite-amalgamation-3530400.zip 2>/dev/null; then
  missing=" npm"
  install_missing
fi
