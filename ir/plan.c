/* ir/plan.c - places of parts of values: slices, operands of concatenations and pads, reshapes of them. */
#include "ir/plan.h"

/* The strides of type t without gaps; false on overflow. */
static bool dense_strides(Ctx *ctx, const Type *t, Dim *stride)
{
	Dim n = dim_const(ctx->dims, 1);

	for (int i = t->rank - 1; i >= 0; i--) {
		stride[i] = n;
		n = dim_mul(ctx->dims, n, t->dim[i]);
		if (!n && i > 0)
			return false;
	}
	return true;
}

/* Gives out its strides, or none where they are those of a value without gaps. */
static bool set_strides(Ctx *ctx, Arena *a, const Type *t, const Dim *stride, Place *out)
{
	Dim dense[RANK_MAX];
	bool gaps = false;

	if (!dense_strides(ctx, t, dense))
		return false;
	for (int i = 0; i < t->rank; i++)
		gaps = gaps || (stride[i] != dense[i] && !dim_is(t->dim[i], 1));
	out->stride = NULL;
	if (gaps) {
		Dim *copy = ARENA_ARRAY(a, Dim, t->rank);
		memcpy(copy, stride, sizeof *copy * (size_t)t->rank);
		out->stride = copy;
	}
	return true;
}

bool place_part(Ctx *ctx, Arena *a, const Place *whole, const Type *t, const Dim *start, const int64_t *step, const Type *part,
                Place *out)
{
	DimTable *dims = ctx->dims;
	Dim stride[RANK_MAX], at = dim_const(dims, 0);

	if (whole->stride)
		memcpy(stride, whole->stride, sizeof *stride * (size_t)t->rank);
	else if (!dense_strides(ctx, t, stride))
		return false;
	for (int i = 0; i < t->rank; i++) {
		at = dim_add(dims, at, dim_mul(dims, start[i], stride[i]));
		stride[i] = dim_mul(dims, stride[i], dim_const(dims, step ? step[i] : 1));
		if (!at || !stride[i])
			return false;
	}
	*out = *whole;
	out->offset = dim_add(dims, whole->offset, dim_mul(dims, at, dim_const(dims, dtype_size(t->dtype))));
	return out->offset && set_strides(ctx, a, part, stride, out);
}

typedef struct Axes { int n; Dim dim[RANK_MAX], stride[RANK_MAX]; int number[RANK_MAX]; } Axes;

/* The axes of t whose extent is not 1. */
static Axes axes_of(const Type *t, const Dim *stride)
{
	Axes a = { 0 };

	for (int i = 0; i < t->rank; i++) {
		if (dim_is(t->dim[i], 1))
			continue;
		a.dim[a.n] = t->dim[i];
		a.stride[a.n] = stride ? stride[i] : NULL;
		a.number[a.n++] = i;
	}
	return a;
}

static bool is_less(DimTable *dims, Dim n, Dim m)
{
	return dim_is_const(n) && dim_is_const(m) ? n->value < m->value : dim_divide_exact(dims, m, n) != NULL;
}

/* Both shapes are walked from the end, in groups of axes of as many elements.  Axes that are merged must follow each other
   without gaps. */
bool place_reshape(Ctx *ctx, Arena *a, const Place *place, const Type *from, const Type *to, Place *out)
{
	DimTable *dims = ctx->dims;
	Dim stride[RANK_MAX];

	*out = *place;
	if (!place->stride)
		return true;
	Axes f = axes_of(from, place->stride), t = axes_of(to, NULL);
	int i = f.n, k = t.n;
	while (i > 0 && k > 0) {
		Dim n = f.dim[--i], m = t.dim[--k];
		t.stride[k] = f.stride[i];
		while (n != m) {
			if (is_less(dims, n, m)) {
				if (i == 0 || f.stride[i - 1] != dim_mul(dims, f.stride[i], f.dim[i]))
					return false;
				n = dim_mul(dims, n, f.dim[--i]);
			} else {
				if (k == 0)
					return false;
				t.stride[k - 1] = dim_mul(dims, t.stride[k], t.dim[k]);
				m = dim_mul(dims, m, t.dim[--k]);
			}
			if (!n || !m)
				return false;
		}
	}
	if (i > 0 || k > 0)
		return false;
	for (int x = 0; x < to->rank; x++)
		stride[x] = dim_const(dims, 1);
	for (int x = 0; x < t.n; x++) {
		if (!t.stride[x])
			return false;
		stride[t.number[x]] = t.stride[x];
	}
	return set_strides(ctx, a, to, stride, out);
}

static bool pad_is_plain(const struct attrs_pad *p)
{
	for (int i = 0; i < p->low.n; i++)
		if (p->low.at[i] < 0 || p->high.at[i] < 0 || (p->interior.n && p->interior.at[i]))
			return false;
	return true;
}

bool place_operand(Ctx *ctx, Arena *a, const Op *op, int i, const Place *whole, Place *out)
{
	const Type *t = op->result[0]->type;
	Dim start[RANK_MAX];

	for (int k = 0; k < t->rank; k++)
		start[k] = dim_const(ctx->dims, 0);
	if (op->kind == OP_concatenate) {
		int axis = (int)op_attrs(concatenate, op)->dim;
		for (int k = 0; k < i; k++)
			start[axis] = dim_add(ctx->dims, start[axis], op->arg[k]->type->dim[axis]);
		if (!start[axis])
			return false;
	} else if (op->kind == OP_pad && i == 0 && pad_is_plain(op_attrs(pad, op))) {
		for (int k = 0; k < t->rank; k++)
			start[k] = dim_const(ctx->dims, op_attrs(pad, op)->low.at[k]);
	} else {
		return false;
	}
	return place_part(ctx, a, whole, t, start, NULL, op->arg[i]->type, out);
}

bool place_slice(Ctx *ctx, Arena *a, const Op *op, const Place *whole, Place *out)
{
	const struct attrs_slice *s = op_attrs(slice, op);

	return place_part(ctx, a, whole, op->arg[0]->type, s->start.at, s->strides.n ? s->strides.at : NULL, op->result[0]->type, out);
}

bool place_equal(const Place *a, const Place *b, const Type *t)
{
	if (a->kind != b->kind || a->index != b->index || a->offset != b->offset || !a->stride != !b->stride)
		return false;
	for (int i = 0; a->stride && i < t->rank; i++)
		if (a->stride[i] != b->stride[i] && !dim_is(t->dim[i], 1))
			return false;
	return true;
}
