/* ir/eval_body.c - regions of scalars (bodies of reductions, comparators, ...) applied to vectors of elements. */
#include <stdlib.h>

#include "ir/base/check.h"
#include "ir/eval_impl.h"

/* The programs of a region's results; kept, because the op may be evaluated many times. */
typedef struct Programs {
	bool        general;
	ScalarProg *prog[];
} Programs;

static Programs *make_programs(Eval *e, const Block *region, int n)
{
	Programs *p = arena_alloc(e->arena, sizeof *p + (size_t)n * sizeof p->prog[0]);

	for (int k = 0; k < n && !p->general; k++) {
		p->prog[k] = region_prog(e->arena, region, k);
		p->general = p->prog[k] == NULL;
	}
	return p;
}

bool body_open(Body *b, Eval *e, const Op *op, const Block *region)
{
	Programs *p = map_get(&e->progs, region);

	*b = (Body){ .e = e, .op = op, .region = region, .nargs = region->args.n };
	b->nresults = block_terminator(region)->nargs;
	if (b->nargs > BODY_MAX || b->nresults > BODY_MAX)
		return eval_fail(e, op, "%d arguments of a region are too many for the interpreter, which takes %d",
			b->nargs, BODY_MAX);
	if (!p) {
		p = make_programs(e, region, b->nresults);
		map_set(&e->progs, region, p);
	}
	b->prog = p->general ? NULL : p->prog;
	return true;
}

/* Element i through the region itself. */
static bool call_general(Body *b, const void *const *in, void *const *out, int64_t i)
{
	Tensor *arg[BODY_MAX] = { NULL }, *result[BODY_MAX] = { NULL };
	bool ok = true;

	for (int k = 0; k < b->nargs && ok; k++) {
		DType t = b->region->args.at[k]->type->dtype;
		int size = dtype_size(t);

		arg[k] = eval_tensor_of(b->e, b->op, t, 0, NULL);
		ok = arg[k] != NULL;
		if (ok)
			memcpy(arg[k]->data, (const char *)in[k] + i * size, (size_t)size);
	}
	b->e->untraced++;
	ok = ok && eval_block(b->e, b->region, arg, result);
	b->e->untraced--;
	for (int k = 0; k < b->nresults; k++) {
		if (ok) {
			int size = dtype_size(result[k]->dtype);

			memcpy((char *)out[k] + i * size, result[k]->data, (size_t)size);
		}
		eval_release(b->e, result[k]);
	}
	for (int k = 0; k < b->nargs; k++)
		eval_release(b->e, arg[k]);
	return ok;
}

bool body_call(Body *b, const void *const *in, void *const *out, int64_t count)
{
	int step[BODY_MAX];

	if (!b->prog) {
		for (int64_t i = 0; i < count; i++) {
			if (!call_general(b, in, out, i))
				return false;
		}
		return true;
	}
	for (int k = 0; k < b->nargs; k++)
		step[k] = 1;
	for (int k = 0; k < b->nresults; k++)
		scalar_prog_eval(b->prog[k], in, step, out[k], (size_t)count);
	return true;
}
