/* ir/expand_shape.c - expansions of composites that change shapes, mask and choose. */
#include "ir/expand_impl.h"

static Dims shape_of(Builder *b, const Type *t)
{
	return dims_copy(expand_arena(b), t->rank, t->dim);
}

/* squeeze, expand_dims, flatten: the same elements in the shape of the result. */
void expand_reshape(Builder *b, const Op *op, Value **out)
{
	out[0] = BUILD(b, reshape, ARGS(op->arg[0]), .shape = shape_of(b, op->result[0]->type));
}

void expand_stack(Builder *b, const Op *op, Value **out)
{
	const Type *t = op->result[0]->type;
	int axis = expand_axis(op_attrs(stack, op)->axis, t->rank);
	Value **piece = ARENA_ARRAY(expand_arena(b), Value *, op->nargs);
	Dim dim[RANK_MAX];

	memcpy(dim, t->dim, sizeof *dim * (size_t)t->rank);
	dim[axis] = dim_const(b->ctx->dims, 1);
	for (int i = 0; i < op->nargs; i++)
		piece[i] = BUILD(b, reshape, ARGS(op->arg[i]), .shape = dims_copy(expand_arena(b), t->rank, dim));
	out[0] = build_value(b, OP_concatenate, op->nargs, piece, &(struct attrs_concatenate){ .dim = axis });
}

/* Elements from start to before limit along an axis. */
static Value *part(Builder *b, Value *x, int axis, Dim start, Dim limit)
{
	const Type *t = x->type;
	Dim from[RANK_MAX], to[RANK_MAX];

	for (int k = 0; k < t->rank; k++) {
		from[k] = k == axis ? start : dim_const(b->ctx->dims, 0);
		to[k] = k == axis ? limit : t->dim[k];
	}
	return BUILD(b, slice, ARGS(x), .start = dims_copy(expand_arena(b), t->rank, from),
	             .limit = dims_copy(expand_arena(b), t->rank, to));
}

void expand_split(Builder *b, const Op *op, Value **out)
{
	const struct attrs_split *a = op_attrs(split, op);
	int axis = expand_axis(a->axis, op->arg[0]->type->rank);
	Dim start = dim_const(b->ctx->dims, 0);

	for (int i = 0; i < a->sizes.n; i++) {
		Dim limit = dim_add(b->ctx->dims, start, a->sizes.at[i]);

		out[i] = part(b, op->arg[0], axis, start, limit);
		start = limit;
	}
}

static Dim product(Builder *b, int n, const Dim *dim)
{
	Dim d = dim_const(b->ctx->dims, 1);

	for (int i = 0; i < n; i++)
		d = dim_mul(b->ctx->dims, d, dim[i]);
	CHECK(d, "the extents of a verified type overflow");
	return d;
}

enum { TILE_AXES = 7 };   /* with their repeats and what lies around them no more than RANK_MAX axes */

/* Axes first .. last-1 repeated: each gets an axis of repeats before it.  dim: the extents of x, and then those repeated. */
static Value *tile_axes(Builder *b, Value *x, int first, int last, const int64_t *repeats, int rank, Dim *dim)
{
	Dim from[TILE_AXES + 2], to[2 * TILE_AXES + 2];
	int64_t where[TILE_AXES + 2];
	int nfrom = 0, nto = 0;

	where[nfrom] = nto;
	from[nfrom++] = to[nto++] = product(b, first, dim);
	for (int k = first; k < last; k++) {
		Dim r = dim_const(b->ctx->dims, repeats[k]);

		if (repeats[k] != 1)
			to[nto++] = r;
		where[nfrom] = nto;
		from[nfrom++] = to[nto++] = dim[k];
		dim[k] = dim_mul(b->ctx->dims, dim[k], r);
	}
	where[nfrom] = nto;
	from[nfrom++] = to[nto++] = product(b, rank - last, dim + last);
	x = BUILD(b, reshape, ARGS(x), .shape = dims_copy(expand_arena(b), nfrom, from));
	return build_broadcast(b, x, type_get(b->ctx->types, x->type->dtype, nto, to), (Ints){ nfrom, where });
}

void expand_tile(Builder *b, const Op *op, Value **out)
{
	Ints given = op_attrs(tile, op)->repeats;
	const Type *t = op->result[0]->type, *own = op->arg[0]->type;
	int64_t repeats[RANK_MAX];
	Value *x = op->arg[0];
	Dim dim[RANK_MAX];

	for (int k = 0; k < t->rank; k++) {
		int i = k - (t->rank - given.n), axis = k - (t->rank - own->rank);

		repeats[k] = i < 0 ? 1 : given.at[i];
		dim[k] = axis < 0 ? dim_const(b->ctx->dims, 1) : own->dim[axis];
	}
	for (int last = t->rank, first; last > 0; last = first) {
		first = last > TILE_AXES ? last - TILE_AXES : 0;
		x = tile_axes(b, x, first, last, repeats, t->rank, dim);
	}
	out[0] = BUILD(b, reshape, ARGS(x), .shape = shape_of(b, t));
}

/* How far elements move up an axis of extent n: 0 to n - 1 (and 0 when it is empty). */
static Dim distance(Builder *b, int64_t shift, Dim n)
{
	DimTable *dims = b->ctx->dims;

	return dim_mod(dims, dim_const(dims, shift), dim_max(dims, n, dim_const(dims, 1)));
}

void expand_roll(Builder *b, const Op *op, Value **out)
{
	const struct attrs_roll *a = op_attrs(roll, op);
	Value *x = op->arg[0];

	for (int i = 0; i < a->dims.n; i++) {
		int axis = expand_axis(a->dims.at[i], x->type->rank);
		Dim n = x->type->dim[axis], d = distance(b, a->shift.at[i], n), cut = d ? dim_sub(b->ctx->dims, n, d) : NULL;

		CHECK(cut, "roll: an extent overflows");
		if (dim_is(d, 0))
			continue;
		Value *last = part(b, x, axis, cut, n), *first = part(b, x, axis, dim_const(b->ctx->dims, 0), cut);
		x = BUILD(b, concatenate, ARGS(last, first), .dim = axis);
	}
	out[0] = x;
}

/* Where column <= row + k (or the contrary) x, else 0.  Beyond the corners one diagonal is like another. */
static Value *triangle(Builder *b, const Op *op, int64_t k, bool lower)
{
	enum { SMALL = 1 << 30 };
	const Type *t = op->arg[0]->type;
	const Dim *plane = t->dim + t->rank - 2;
	bool narrow = dim_is_const(plane[0]) && dim_is_const(plane[1]) && plane[0]->value <= SMALL && plane[1]->value <= SMALL;
	int64_t most = narrow ? SMALL : (int64_t)1 << 52;
	DType it = narrow ? DT_I32 : DT_I64;
	Dims shape = dims_copy(expand_arena(b), 2, plane);

	k = k > most ? most : k < -most ? -most : k;
	Value *row = BUILD(b, iota, NO_ARGS, .dim = 0, .dtype = it, .shape = shape);
	Value *column = BUILD(b, iota, NO_ARGS, .dim = 1, .dtype = it, .shape = shape);
	Value *keep = ew_compare(b, lower ? CMP_LE : CMP_GE, column, ew_plus(b, row, (double)k));
	keep = expand_numpy(b, keep, t);
	return ew_select(b, keep, op->arg[0], expand_like(b, op->arg[0], 0));
}

void expand_triu(Builder *b, const Op *op, Value **out)
{
	out[0] = triangle(b, op, op_attrs(triu, op)->k, false);
}

void expand_tril(Builder *b, const Op *op, Value **out)
{
	out[0] = triangle(b, op, op_attrs(tril, op)->k, true);
}

void expand_where(Builder *b, const Op *op, Value **out)
{
	Value *v[3];

	for (int i = 0; i < 3; i++)
		v[i] = expand_numpy(b, op->arg[i], op->result[0]->type);
	out[0] = ew_select(b, v[0], v[1], v[2]);
}
