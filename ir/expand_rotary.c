/* ir/expand_rotary.c - expansion of rotary_embedding.  f16 and bf16 are rotated in f32 and rounded once. */
#include "ir/expand_impl.h"

typedef struct Rotary {
	Value *x;                   /* [N, H, T, D] */
	Dim    half, rotated;
	bool   interleaved;
} Rotary;

/* Elements from .. to of the last axis. */
static Value *columns(Builder *b, Value *x, Dim from, Dim to)
{
	Dim zero = dim_const(b->ctx->dims, 0), start[RANK_MAX], limit[RANK_MAX];
	int rank = x->type->rank;

	if (dim_is(from, 0) && dim_known_equal(to, x->type->dim[rank - 1]))
		return x;
	for (int i = 0; i < rank; i++) {
		start[i] = i == rank - 1 ? from : zero;
		limit[i] = i == rank - 1 ? to : x->type->dim[i];
	}
	return BUILD(b, slice, ARGS(x), .start = dims_copy(expand_arena(b), rank, start), .limit = dims_copy(expand_arena(b), rank, limit));
}

/* x [N, H, T, .] in the shape [N, H, T, half] or [N, H, T, half, last]. */
static Value *paired(Builder *b, const Rotary *r, Value *x, int rank, int last)
{
	const Dim *d = r->x->type->dim;
	Dim dim[5] = { d[0], d[1], d[2], r->half, dim_const(b->ctx->dims, last) };

	return expand_in_shape(b, x, type_get(b->ctx->types, x->type->dtype, rank, dim));
}

/* The first or second elements of pairs, [N, H, T, half]. */
static Value *half_of(Builder *b, const Rotary *r, int which)
{
	DimTable *t = b->ctx->dims;
	Value *half;

	if (r->interleaved) {
		Value *pairs = paired(b, r, columns(b, r->x, dim_const(t, 0), r->rotated), 5, 2);
		half = paired(b, r, columns(b, pairs, dim_const(t, which), dim_const(t, which + 1)), 4, 0);
	} else {
		half = columns(b, r->x, which ? r->half : dim_const(t, 0), which ? r->rotated : r->half);
	}
	return expand_wide(b, half);
}

/* cos or sin over [N, H, T, half]. */
static Value *over_heads(Builder *b, const Op *op, int i, const Type *half)
{
	static const int64_t each[] = { 0, 2, 3 };
	Value *v = op->nargs == 4 ? expand_taken(b, op->arg[i], op->arg[3], 0) : op->arg[i];
	int skip = 3 - v->type->rank;

	return build_broadcast(b, expand_wide(b, v), half, ints_copy(expand_arena(b), 3 - skip, each + skip));
}

/* Axis 4 new in interleaved ones, to be joined along it. */
static Value *joined(Builder *b, const Rotary *r, Value *first, Value *second)
{
	DType t = r->x->type->dtype;
	Value *part[2];

	part[0] = expand_convert(b, first, t);
	part[1] = expand_convert(b, second, t);
	if (!r->interleaved)
		return BUILD(b, concatenate, ARGS(part[0], part[1]), .dim = 3);
	for (int i = 0; i < 2; i++)
		part[i] = paired(b, r, part[i], 5, 1);
	Value *pairs = BUILD(b, concatenate, ARGS(part[0], part[1]), .dim = 4);
	Dim dim[4];
	memcpy(dim, r->x->type->dim, sizeof dim);
	dim[3] = r->rotated;
	return expand_in_shape(b, pairs, type_get(b->ctx->types, t, 4, dim));
}

void expand_rotary_embedding(Builder *b, const Op *op, Value **out)
{
	const Type *cache = op->arg[1]->type;
	Rotary r = { .x = op->arg[0], .half = cache->dim[cache->rank - 1], .interleaved = op_attrs(rotary_embedding, op)->interleaved };
	Dim depth = r.x->type->dim[3];

	r.rotated = dim_mul(b->ctx->dims, r.half, dim_const(b->ctx->dims, 2));
	Value *first = half_of(b, &r, 0), *second = half_of(b, &r, 1);
	Value *cos = over_heads(b, op, 1, first->type), *sin = over_heads(b, op, 2, first->type);
	Value *fc = ew_mul(b, first, cos), *ss = ew_mul(b, second, sin), *fs = ew_mul(b, first, sin), *sc = ew_mul(b, second, cos);
	Value *re = ew_sub(b, fc, ss), *im = ew_add(b, fs, sc);
	out[0] = joined(b, &r, re, im);
	if (dim_known_equal(r.rotated, depth))
		return;
	Value *rest = columns(b, r.x, r.rotated, depth);
	out[0] = BUILD(b, concatenate, ARGS(out[0], rest), .dim = 3);
}
