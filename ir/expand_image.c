/* ir/expand_image.c - what the expansions that read images between their elements share. */
#include "ir/expand_image.h"

Value *image_over(Builder *b, OpKind kind, int nargs, Value *const *arg, const void *attrs)
{
	Value *v[3];

	CHECK(nargs <= 3, "%d operands of %s", nargs, op_info[kind].name);
	memcpy(v, arg, sizeof *v * (size_t)nargs);
	CHECK(build_common_shape(b, nargs, v), "operands of %s have no common shape", op_info[kind].name);
	return build_value(b, kind, nargs, v, attrs);
}

Value *image_compare(Builder *b, CmpDir dir, Value *x, Value *y)
{
	return image_over(b, OP_compare, ARGS(x, y), &(struct attrs_compare){ .dir = dir });
}

Value *image_count(Builder *b, DType t, Dim n)
{
	return BUILD(b, iota, NO_ARGS, .dim = 0, .dtype = t, .shape = dims_copy(expand_arena(b), 1, &n));
}

Value *image_reshape(Builder *b, Value *v, int rank, const Dim *dim)
{
	return expand_in_shape(b, v, type_get(b->ctx->types, v->type->dtype, rank, dim));
}

Value *image_along(Builder *b, Value *v, int axis, int rank)
{
	Dim dim[RANK_MAX];

	for (int k = 0; k < rank; k++)
		dim[k] = k == axis ? v->type->dim[0] : dim_const(b->ctx->dims, 1);
	return image_reshape(b, v, rank, dim);
}

Value *image_slice(Builder *b, Value *v, int axis, int64_t start, int64_t limit)
{
	const Type *t = v->type;
	Dim from[RANK_MAX], to[RANK_MAX];

	for (int k = 0; k < t->rank; k++) {
		from[k] = dim_const(b->ctx->dims, k == axis ? start : 0);
		to[k] = k == axis ? dim_const(b->ctx->dims, limit) : t->dim[k];
	}
	return BUILD(b, slice, ARGS(v), .start = dims_copy(expand_arena(b), t->rank, from),
	             .limit = dims_copy(expand_arena(b), t->rank, to));
}

Value *image_inside(Builder *b, Value *index, Dim extent, DType t)
{
	DType own = index->type->dtype;
	Value *low = build_scalar(b, own, 0), *high = ew_plus(b, expand_extent(b, extent, own), -1);

	return expand_convert(b, OVER(b, clamp, low, index, high), t);
}

static Value *polynomial(Builder *b, Value *d, const double *c)
{
	Value *p = expand_like(b, d, c[0]);

	for (int i = 1; i < 4; i++)
		p = ew_plus(b, ew_mul(b, p, d), c[i]);
	return p;
}

Value *image_cubic(Builder *b, Value *d, double a)
{
	const double near[] = { a + 2, -(a + 3), 0, 1 }, far[] = { a, -5 * a, 8 * a, -4 * a };
	Value *p = polynomial(b, d, near), *q = polynomial(b, d, far);
	Value *within = ew_compare(b, CMP_LT, d, expand_like(b, d, 2));

	q = ew_select(b, within, q, expand_like(b, d, 0));
	within = ew_compare(b, CMP_LE, d, expand_like(b, d, 1));
	return ew_select(b, within, p, q);
}

DType image_wide(DType t)
{
	return t == DT_F64 || ((DTS(t) & DTS_INT) && dtype_info[t].bits >= 32) ? DT_F64 : DT_F32;
}

Value *image_narrow(Builder *b, Value *y, DType t)
{
	if (y->type->dtype != t && !dtype_is_float(t))
		y = BUILD(b, round_nearest_even, ARGS(y));
	return expand_convert(b, y, t);
}
