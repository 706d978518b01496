#!/bin/sh
# Puts the pinned official SQLite 3.53.4 amalgamation into the folder $1, from sqlite.org or, on a
# machine that reaches only package registries, out of an npm package (no package script is run).
set -eu
dir=$1
version=3530400
check() {
  printf '%s\n' \
    "b1dd5d74ec7f29055a6684fa06fb3c2f6821c87dd38f9a458dfd2e8a1db28189  $dir/sqlite3.c" \
    "919e7f2e8ed1d8f56ac17b412b8971c76aa5d1a879752cc6058f75e7d5910e1d  $dir/sqlite3.h" |
    sha256sum -c --quiet --status 2>/dev/null
}
if check; then exit 0; fi
mkdir -p "$dir"
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
if command -v curl >/dev/null && command -v unzip >/dev/null &&
  curl -fsSL --connect-timeout 5 -o "$tmp/sqlite.zip" \
    "https://sqlite.org/2026/sqlite-amalgamation-$version.zip" 2>/dev/null; then
  (cd "$tmp" && unzip -q sqlite.zip)
  cp "$tmp/sqlite-amalgamation-$version/sqlite3.c" "$tmp/sqlite-amalgamation-$version/sqlite3.h" "$dir/"
elif command -v npm >/dev/null; then
  (cd "$tmp" && npm pack --silent @appthreat/sqlite3@9.0.2 >/dev/null 2>&1 &&
    echo "a52fcf4edad7be543c9b3a212ac77820f7520b379b355a2e68fa22c746780984  appthreat-sqlite3-9.0.2.tgz" |
    sha256sum -c --quiet && tar xzf ./*.tgz package/deps)
  cp "$tmp/package/deps/sqlite-amalgamation-$version/sqlite3.c" \
    "$tmp/package/deps/sqlite-amalgamation-$version/sqlite3.h" "$dir/"
fi
check || { echo "could not get the SQLite amalgamation $version" >&2; exit 1; }
