#!/bin/sh
sudo -E qemu-system-x86_64 \
-machine type=q35,accel=nvmm -smp cpus=1 -m 1G -boot d \
-drive file=QEMU_UEFI_CODE-x86_64.fd,if=pflash,format=raw,readonly=on \
-drive file=QEMU_UEFI_VARS-x86_64.fd,if=pflash,format=raw \
-device virtio-scsi-pci -device scsi-cd,drive=cd0 \
-drive id=cd0,if=none,format=raw,media=cdrom,file=FreeBSD-14.3-RELEASE-amd64-bootonly.iso \
-device virtio-net-pci,netdev=net0 -netdev user,id=net0 -vga virtio
