/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the build makes from the tables of the program: completions for shells from those of the command line,
 * manuals from the rules and from the facts. The program itself holds none of it.
 */
#pragma once

#include "base/buf.h"

void generate_bash(struct vc_buf *out);
void generate_zsh(struct vc_buf *out);
void generate_fish(struct vc_buf *out);

void generate_man_rules(struct vc_buf *out);
void generate_man_facts(struct vc_buf *out);
