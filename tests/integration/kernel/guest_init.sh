#!/bin/sh
# SPDX-License-Identifier: MIT
# The first process of the guest: brings the changer up, runs the command, reports its exit status.
export PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root
mount -t proc proc /proc
mount -t sysfs sys /sys
mount -t devtmpfs dev /dev
mkdir -p /dev/shm /run/lock
chmod 1777 /run/lock
mount -t tmpfs tmp /dev/shm
say() {
  read -r up _ </proc/uptime
  echo "guest: [$up] $*"
}
finish() { # STATUS
  say "exit status $1"
  echo "$1" >/dev/ttyS1
  sync
  umount /out 2>/dev/null
  poweroff -f
  sleep 60
}
stty -onlcr </dev/console
for module in $(cat /modules/order); do insmod "/modules/$module" || say "no module $module"; done
ip link set lo up
mount -t 9p -o trans=virtio,version=9p2000.L,ro,msize=262144 tests /t || finish 125
mount -t 9p -o trans=virtio,version=9p2000.L,msize=262144 out /out || finish 125
changer_setup || finish 125
iscsistart -i iqn.2026-01.test:initiator -t iqn.2026-01.test:changer -g 1 -a 127.0.0.1 -p 3260 \
  >/run/iscsistart.log 2>&1 || { cat /run/iscsistart.log; finish 125; }
tries=0
while [ ! -e /dev/sch0 ] || [ ! -e /dev/nst1 ] || [ ! -e /dev/sg3 ]; do
  tries=$((tries + 1))
  [ $tries -lt 400 ] || { say "the devices do not appear"; ls -l /dev; dmesg; finish 125; }
  usleep 50000
done
say "the changer is there: $(cd /dev && echo sg* sch* nst?)"
cd /t
sh /guest_command
finish $?
