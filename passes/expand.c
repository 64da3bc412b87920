/* passes/expand.c - composite ops become primitives, and complex numbers pairs of real ones, until none is left. */
#include "ir/expand.h"

#include "passes/pass.h"

PassResult pass_expand(PassCtx *p)
{
	if (!expand_func(p->ctx, p->fn, &p->nhits))
		return PASS_FAILED;
	return p->nhits ? PASS_CHANGED : PASS_SAME;
}
