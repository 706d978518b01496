#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Boots Debian's kernel in an emulated machine with a changer on its SCSI stack, and runs a command
# there as root:   run_in_guest.sh [-T SECONDS] [-v] GUEST DIRECTORY OUT COMMAND...
# GUEST is what build_guest.sh has built. DIRECTORY is mounted read-only at /t, OUT at /out; COMMAND
# is one line for sh. The console comes on standard output, the exit status is that of the command;
# 124: the time limit (180 s) is over, 125: the guest did not come up, or died.
set -euo pipefail
limit=180
messages=2
while getopts T:v option; do
  case $option in T) limit=$OPTARG ;; v) messages=7 ;; *) exit 2 ;; esac
done
shift $((OPTIND - 1))
[[ $# -ge 4 && -d $2 && -d $3 ]] || { sed -n '3,8s/^# \{0,1\}//p' "$0" >&2; exit 2; }
guest=$(cd "$1" && pwd)
directory=$(cd "$2" && pwd)
out=$(cd "$3" && pwd)
shift 3

work=$(mktemp -d "${TMPDIR:-/tmp}/ntms-guest-XXXXXX")
machine=
leave() {
  if [[ -n $machine ]]; then
    kill "$machine" 2>/dev/null || true
    wait "$machine" 2>/dev/null || true
  fi
  rm -rf "$work"
}
trap leave EXIT
trap 'exit 130' INT TERM

# What is added to the base system: the command, and the shared libraries that it needs.
mkdir "$work/root"
printf '%s\n' "$*" >"$work/root/guest_command"
for file in "$directory"/*; do
  ldd "$file" 2>/dev/null | sed -n 's/^.*=> \(\/[^ ]*\) (.*/\1/p; s/^\s*\(\/lib64\/[^ ]*\) (.*/\1/p' || true
done | sort -u | while read -r library; do
  [[ -e $directory/${library##*/} ]] ||
    install -D -m 755 "$(readlink -f "$library")" "$work/root$library"
done
(cd "$work/root" && find . | cpio -o -H newc --quiet -R 0:0) >"$work/added.cpio"
cat "$guest/base.cpio" "$work/added.cpio" >"$work/initrd"

# Emulated even where /dev/kvm is there: inside another virtual machine it may hang.
: >"$work/status"
timeout -k 5 "$limit" qemu-system-x86_64 -accel tcg,thread=multi -smp 2 -cpu max,la57=off -m 512 \
  -machine q35 -nodefaults -display none -no-reboot -nic none \
  -kernel "$guest/vmlinux" -initrd "$work/initrd" \
  -append "no_timer_check console=ttyS0 loglevel=$messages panic=-1 mitigations=off nokaslr random.trust_cpu=on" \
  -chardev stdio,id=console,signal=off -serial chardev:console \
  -serial "file:$work/status" \
  -fsdev "local,id=tests,path=$directory,security_model=none,readonly=on" \
  -device virtio-9p-pci,fsdev=tests,mount_tag=tests \
  -fsdev "local,id=out,path=$out,security_model=none" \
  -device virtio-9p-pci,fsdev=out,mount_tag=out \
  </dev/null &
machine=$!
status=0
wait "$machine" || status=$?
machine=
case $status in
  0) ;;
  124 | 137) echo "the guest's time limit of $limit s is over" >&2; exit 124 ;;
  *) echo "the emulator ended with $status" >&2; exit 125 ;;
esac
answer=$(tr -dc 0-9 <"$work/status")
[[ -n $answer ]] || { echo "the guest has ended without a status" >&2; exit 125; }
exit "$answer"
