/* passes/pipelines.c - the default pipeline: what runs, in which order. Through `order` it is the same for every
   target and at every -O; from there on no pass changes a bit of any result. */
#include "passes/pass.h"

const PassId pipeline_default[] = {
	PASS_expand,
	PASS_canonicalize,
	PASS_fold,
	PASS_relax,
	PASS_order,
	PASS_inline,
	PASS_bind,
	/* From here on the machine may be looked at. */
	PASS_canonicalize,
	PASS_fold,
	PASS_cse,
	PASS_dce,
	PASS_layout,
	PASS_canonicalize,
	PASS_fold,
	PASS_cse,
	PASS_dce,
	PASS_fuse,
	PASS_dce,
	PASS_schedule,
	PASS_buffers,
};
const int pipeline_default_count = (int)(sizeof pipeline_default / sizeof *pipeline_default);
