/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Networks and vDPA on a QEMU command line. Private to this room. */
#pragma once

#include "guest/read-option.h"

/* -netdev, -nic, -net */
vc_take_option_fn vc_qemu_take_network;

/* -blockdev driver=virtio-blk-vhost-vdpa */
vc_take_option_fn vc_qemu_take_vdpa_disk;

/* One more device pins the guest's memory, as VFIO does. */
vc_take_option_fn vc_qemu_count_pinning;
