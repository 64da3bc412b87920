/* ir/eval_fold.c - bodies of reductions applied to vectors of accumulators.

   A body of one op (add, max, ...) on f16, bf16 or a narrow type accumulates in its scalar type, so that it rounds once, at the end; any other body
   is evaluated as it stands and rounds every step. */
#include "ir/base/check.h"
#include "ir/eval_impl.h"

static ScalarOp scalar_of(OpKind combiner)
{
	switch (combiner) {
	case OP_add: return SC_add;
	case OP_mul: return SC_mul;
	case OP_min: return SC_min;
	case OP_max: return SC_max;
	case OP_and: return SC_and;
	case OP_or: return SC_or;
	case OP_xor: return SC_xor;
	default: UNREACHABLE("%s combines no accumulators", op_info[combiner].name);
	}
}

bool fold_open(Fold *f, Eval *e, const Op *op, int n, int64_t width)
{
	const Block *region = op->region[0];
	OpKind combiner = n == 1 ? region_combiner(region) : OP_COUNT;

	*f = (Fold){ .n = n, .width = width, .body = { .e = e } };
	if (!body_open(&f->body, e, op, region))
		return false;
	for (int k = 0; k < n; k++)
		f->from[k] = f->type[k] = region->args.at[k]->type->dtype;
	if (combiner != OP_COUNT && dtype_scalar(f->from[0]) != f->from[0]) {
		f->type[0] = dtype_scalar(f->from[0]);
		f->wide = scalar_prog_new(e->arena, 2, (DType[]){ f->type[0], f->type[0] });
		f->wide->result = scalar_op(f->wide, scalar_of(combiner), 0, 1, -1);
	}
	for (int k = 0; k < n; k++) {
		f->tmp[k] = eval_scratch(e, op, width, (size_t)dtype_size(f->type[k]));
		if (!f->tmp[k])
			return false;
	}
	return true;
}

void fold_close(Fold *f)
{
	for (int k = 0; k < f->n && k < FOLD_MAX; k++) {
		if (f->tmp[k])
			eval_scratch_free(f->body.e, f->tmp[k], f->width, (size_t)dtype_size(f->type[k]));
	}
}

bool fold_step(Fold *f, void *const *acc, const void *const *x, int64_t count)
{
	const void *in[BODY_MAX];

	CHECK(count <= f->width, "a step of %lld elements, at most %lld", (long long)count, (long long)f->width);
	for (int k = 0; k < f->n; k++) {
		in[k] = acc[k];
		in[f->n + k] = x[k];
	}
	if (f->wide)
		scalar_prog_eval(f->wide, in, (int[]){ 1, 1 }, f->tmp[0], (size_t)count);
	else if (!body_call(&f->body, in, f->tmp, count))
		return false;
	for (int k = 0; k < f->n; k++)
		memcpy(acc[k], f->tmp[k], (size_t)(count * dtype_size(f->type[k])));
	return true;
}

static void convert(DType from_type, const void *from, DType to_type, void *to, int64_t count)
{
	if (from_type == to_type) {
		memcpy(to, from, (size_t)(count * dtype_size(to_type)));
		return;
	}

	Arena *a = arena_new();
	ScalarProg *p = scalar_prog_new(a, 1, &from_type);

	p->result = scalar_cast(p, SC_convert, to_type, 0);
	scalar_prog_eval(p, &from, (int[]){ 1 }, to, (size_t)count);
	arena_free(a);
}

void fold_widen(const Fold *f, int k, const void *from, void *to, int64_t count)
{
	convert(f->from[k], from, f->type[k], to, count);
}

void fold_narrow(const Fold *f, int k, const void *from, void *to, int64_t count)
{
	convert(f->type[k], from, f->from[k], to, count);
}
