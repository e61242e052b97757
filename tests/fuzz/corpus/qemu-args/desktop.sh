#!/bin/sh
# A guest as people start it by hand: what is wrong stands on lines and in arguments of its own.
modprobe vfio-pci
qemu-system-x86_64 -enable-kvm -M q35 -cpu host -m 16G -smp 8 \
	-device intel-iommu,aw-bits=48,intremap=on \
	-device '{"driver": "vfio-pci", "host": "01:00.0", "rombar": 0}' \
	-object '{"qom-type": "memory-backend-memfd", "id": "ram0", "size": 17179869184}' \
	-blockdev '{"driver": "qcow2", "node-name": "disk0", "file": {"driver": "file", "filename": "/images/guest.qcow2"}}' \
	-device virtio-blk-pci,drive=disk0 \
	-frobnicate 3 -frobnicate 4 --hotpots \
	-display gtk
