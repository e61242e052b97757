/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Machine types by their names. Private to this room. */
#pragma once

#include "guest/guest-input.h"

/* Fills machine (libvirt's default if none is written) and machine_family. */
void vc_machine_name(struct vc_guest *guest, const struct vc_guest_input *input);

/* Fills emulator with the usual path for the architecture if none is written. */
void vc_emulator_name(struct vc_guest *guest, const struct vc_guest_input *input, struct vc_arena *arena);

/*
 * A distributor's machine type (pc-q35-rhel9.4.0, pc-q35-noble): built from one of QEMU's, with other
 * defaults.
 */
bool vc_machine_is_vendor(const struct vc_guest *guest);

/* One of a distributor that is too old to share the layout of today's. */
bool vc_machine_is_old_vendor(const struct vc_guest *guest);

/* Fills phys_bits_source. */
void vc_phys_bits_source(struct vc_guest *guest, const struct vc_guest_input *input);
