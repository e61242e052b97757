#!/bin/sh
: "${RAM:=4G}"
QEMU=${QEMU:-qemu-system-x86_64}
cat <<END
qemu-system-x86_64 -m 1 # is not run
END
$QEMU -machine q35,accel=kvm -m "$RAM" -cpu host \
	-pflash "$CODE" \
	-device vfio-pci,host=$GPU \
	-drive file=`pwd`/disk.img \
	$EXTRA "$@"
