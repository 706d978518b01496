#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Builds what run_in_guest.sh boots, from packages of Debian 12 only:   build_guest.sh DIRECTORY
# DIRECTORY/vmlinux is Debian's kernel, DIRECTORY/base.cpio a small system with tgt, the kernel's
# iSCSI initiator, and mtx. Does nothing when they are there and newer than these scripts. Needs the
# packages that install-debian-packages.sh test installs, and package lists to download the kernel
# and open-iscsi, which are unpacked but not installed.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
[ $# -eq 1 ] || { sed -n '3,7s/^# \{0,1\}//p' "$0" >&2; exit 2; }
mkdir -p "$1"
guest=$(cd "$1" && pwd)
exec 9>"$guest/lock"
flock 9
fresh=1
for script in build_guest.sh changer_setup.sh guest_init.sh; do
  [[ $guest/version -nt $here/$script ]] || fresh=0
done
if ((fresh)) && [[ -s $guest/vmlinux && -s $guest/base.cpio ]]; then exit 0; fi

# The kernel package is the one that linux-image-amd64 depends on.
[[ -n $(apt-cache pkgnames linux-image-amd64) && -n $(apt-cache pkgnames open-iscsi) ]] ||
  apt-get -q update >"$guest/update.log" 2>&1 || true # one index that fails need not be one of ours
package=$(apt-cache depends linux-image-amd64 |
  sed -n 's/^ *Depends: \(linux-image-6[^ ]*\)$/\1/p' | awk 'NR == 1')
[[ -n $package ]] || { echo "no kernel package is known; apt-get update" >&2; exit 1; }
version=${package#linux-image-}
work=$(mktemp -d "$guest/build.XXXXXX")
trap 'rm -rf "$work"' EXIT
mkdir "$work/packages" "$work/kernel" "$work/initiator" "$work/root"
(
  cd "$work/packages"
  apt-get -q download -o APT::Sandbox::User=root "$package" open-iscsi libopeniscsiusr libisns0
) >"$guest/download.log" 2>&1 || { cat "$guest/download.log" >&2; exit 1; }
for file in "$work"/packages/*.deb; do
  case $file in
    */linux-image*) dpkg -x "$file" "$work/kernel" ;;
    *) dpkg -x "$file" "$work/initiator" ;;
  esac
done

# Modules with what they depend on, in the order in which they are loaded. crc32c is asked for by
# name when the initiator logs in, so that it is in no list of dependencies.
/sbin/depmod -b "$work/kernel" "$version"
root=$work/root
mkdir -p "$root"/{bin,sbin,usr/bin,usr/sbin,proc,sys,dev,run,tmp,etc,root,var/lib/vtl,var/run,t,out}
mkdir "$root/modules"
chmod 1777 "$root/tmp"
: >"$root/modules/order"
for module in virtio_pci 9pnet_virtio 9p crc32c_generic sg st ch iscsi_tcp; do
  /sbin/modprobe -d "$work/kernel" -S "$version" --show-depends --ignore-install "$module"
done | while read -r verb file _; do
  [[ $verb == insmod ]] || continue
  name=${file##*/}
  if [[ ! -e $root/modules/$name ]]; then
    cp "$file" "$root/modules/$name"
    echo "$name" >>"$root/modules/order"
  fi
done

# add SOURCE DESTINATION: a program with its shared libraries.
add() {
  install -D -m 755 "$1" "$root$2"
  LD_LIBRARY_PATH=$work/initiator/usr/lib/x86_64-linux-gnu ldd "$1" 2>/dev/null |
    sed -n 's/^.*=> \(\/[^ ]*\) (.*/\1/p; s/^\s*\(\/lib64\/[^ ]*\) (.*/\1/p' |
    while read -r library; do
      local place=${library#"$work/initiator"}
      [[ -e $root$place ]] || install -D -m 755 "$(readlink -f "$library")" "$root$place"
    done
}
for program in /usr/sbin/tgtd /usr/sbin/tgtadm /usr/sbin/mtx; do add "$program" "$program"; done
add "$work/initiator/sbin/iscsistart" /usr/sbin/iscsistart
# A shell that starts the programs on PATH: that of busybox prefers its own.
add /bin/dash /bin/sh
cp /bin/busybox "$root/bin/busybox"
"$root/bin/busybox" --list | while read -r applet; do
  case $applet in busybox | sh | ash) ;; *) ln -sf /bin/busybox "$root/bin/$applet" ;; esac
done
echo 'root:x:0:0:root:/root:/bin/sh' >"$root/etc/passwd"
echo 'root:x:0:' >"$root/etc/group"
echo '127.0.0.1 localhost' >"$root/etc/hosts"
install -m 755 "$here/changer_setup.sh" "$root/sbin/changer_setup"
install -m 755 "$here/guest_init.sh" "$root/init"

# The cartridges are made here, where it takes a tenth of the time.
home=$root/var/lib/vtl
image() { # BAR-CODE MEGABYTES KIND FILE
  tgtimg --op new --device-type tape --barcode "$1" --size "$2" --type "$3" --file "$home/$4" \
    >/dev/null
}
for number in 01 02 03 04 05 06 07 08 09 10; do
  image "VT00${number}L5" 64 data "VT00${number}L5"
done
image CLN001L5 1 clean CLN001L5
image "" 1 data notape
dd if=/dev/zero of="$home/smc" bs=1k count=1 status=none

# Neither is compressed: to copy costs the emulated machine less than to unpack. The kernel as a
# bare ELF file boots by PVH.
(cd "$root" && find . | LC_ALL=C sort | cpio -o -H newc --quiet -R 0:0) >"$guest/base.cpio"
image=$work/kernel/boot/vmlinuz-$version
offset=$(LC_ALL=C grep -obUaP '\xfd7zXZ\x00' "$image" | awk -F: 'NR == 1 { print $1 }')
xz -dc --single-stream < <(tail -c "+$((offset + 1))" "$image") >"$guest/vmlinux"
head -c 4 "$guest/vmlinux" | grep -qa ELF || { echo "no kernel in $image" >&2; exit 1; }
echo "$version" >"$guest/version"
