/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report/stream.h"

const struct vc_format_row *const vc_formats[VC_FORMAT_COUNT] = {
	[VC_FORMAT_TEXT] = &vc_format_text,   [VC_FORMAT_JSON] = &vc_format_json,
	[VC_FORMAT_JSONL] = &vc_format_jsonl, [VC_FORMAT_SARIF] = &vc_format_sarif,
	[VC_FORMAT_JUNIT] = &vc_format_junit, [VC_FORMAT_GITHUB] = &vc_format_github,
};
