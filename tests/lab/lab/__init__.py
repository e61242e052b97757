# SPDX-License-Identifier: GPL-2.0-or-later
"""The ground-truth lab: emulated hosts, cases, and what vhostcheck said against what happened."""
