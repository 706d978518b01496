#!/bin/sh
# SPDX-License-Identifier: MIT
# In the guest: a target of tgt with two tape drives (LUN 1 and 2) and a changer (LUN 3): 16 slots at
# 1001, two import/export elements at 16, two drives at 256; ten cartridges and one for cleaning.
set -e
home=/var/lib/vtl
target() { tgtadm -C 0 --lld iscsi "$@"; }
unit() { target --mode logicalunit --op update --tid 1 --lun "$1" --params "$2"; }
tgtd --iscsi portal=127.0.0.1:3260 >/run/tgtd.log 2>&1
tries=0
until tgtadm -C 0 --mode sys --op show >/dev/null 2>&1; do
  tries=$((tries + 1))
  [ $tries -lt 200 ] || { echo "tgtd does not answer"; cat /run/tgtd.log; exit 1; }
  usleep 50000
done

target --op new --mode target --tid 1 -T iqn.2026-01.test:changer
for drive in 1 2; do
  target --mode logicalunit --op new --tid 1 --lun $drive -b $home/notape --device-type=tape
  unit $drive vendor_id=HP,product_id="Ultrium 5-SCSI",product_rev=Z51W,scsi_sn=HU000000$drive
  unit $drive removable=1,online=0
done
target --mode logicalunit --op new --tid 1 --lun 3 -b $home/smc --device-type=changer
unit 3 vendor_id=HP,product_id="MSL G3 Series",product_rev=3.00,scsi_sn=LIB0000001,removable=1
unit 3 media_home=$home
unit 3 element_type=1,start_address=1,quantity=1
unit 3 element_type=4,start_address=256,quantity=2
unit 3 element_type=4,address=256,tid=1,lun=1
unit 3 element_type=4,address=257,tid=1,lun=2
unit 3 element_type=3,start_address=16,quantity=2
unit 3 element_type=2,start_address=1001,quantity=16
for number in 01 02 03 04 05 06 07 08 09 10; do
  unit 3 element_type=2,address=10$number,barcode=VT00${number}L5,sides=1
done
unit 3 element_type=2,address=1016,barcode=CLN001L5,sides=1
target --op bind --mode target --tid 1 -I ALL
