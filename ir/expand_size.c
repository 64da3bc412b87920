/* ir/expand_size.c - expansions of composites whose results have a size that is data: nonzero, unique.

   Both mark the elements that are wanted, and count the marks from the first element on: the count is where a marked element
   goes in storage as large as the bound; all others go to the end of the storage, which is outside, so that scatter leaves them
   out.  The number of marks is the size, and the result is the front of the storage. */
#include "ir/expand_impl.h"

static Dims dims1(Builder *b, Dim d)
{
	return dims_copy(expand_arena(b), 1, &d);
}

static const Type *vector(Builder *b, DType t, Dim n)
{
	return type_get(b->ctx->types, t, 1, &n);
}

static Value *positions(Builder *b, Dim n)
{
	return BUILD(b, iota, NO_ARGS, .dim = 0, .dtype = DT_I64, .shape = dims1(b, n));
}

static Value *number_of(Builder *b, Dim d, Value *like)
{
	return build_broadcast(b, expand_extent(b, d, DT_I64), like->type, (Ints)INTS_NONE);
}

/* updates written, or added, to zeros[n] at index (i64, as long as the updates). */
static Value *scattered(Builder *b, Dim n, Value *index, Value *updates, OpKind combine)
{
	Value *zeros = build_splat(b, vector(b, updates->type->dtype, n), 0);
	Ints first = expand_range(b, 0, 1);
	Op *op = build_begin(b, OP_scatter, ARGS(zeros, index, updates), &(struct attrs_scatter){ .update_window_dims = INTS_NONE,
		.inserted_window_dims = first, .scatter_dims_to_operand_dims = first, .index_vector_dim = 1 });

	return expand_combiner(b, op, combine);
}

static Value *front(Builder *b, Value *storage, Dim size)
{
	return BUILD(b, slice, ARGS(storage), .start = dims1(b, dim_const(b->ctx->dims, 0)), .limit = dims1(b, size));
}

/* Of a vector. */
static Value *running_sum(Builder *b, Value *x, bool exclusive)
{
	return build_value(b, OP_cumsum, ARGS(x), &(struct attrs_cumsum){ .axis = 0, .exclusive = exclusive });
}

typedef struct Marks {
	Value *mark;        /* bool[n] */
	Value *one;         /* the same as i64 */
	Value *place;       /* where the marked ones go, and the others: out of bounds */
	Value *size;        /* i64[], how many they are; the symbol has its value from here on */
	Dim    symbol, most;
} Marks;

static Marks marks_of(Builder *b, const Op *op, Value *mark)
{
	Marks m = { .mark = mark, .symbol = *op_size(op) };

	m.most = dim_bound(b->ctx->dims, m.symbol);
	m.one = expand_convert(b, mark, DT_I64);
	Value *before = running_sum(b, m.one, true), *outside = number_of(b, m.most, m.one);
	m.place = ew_select(b, mark, before, outside);
	m.size = build_reduce(b, OP_add, m.one, expand_range(b, 0, 1), false);
	m.size = BUILD(b, define_size, ARGS(m.size), .size = m.symbol);
	return m;
}

/* Of each marked position the update, in order. */
static Value *taken(Builder *b, const Marks *m, Value *updates)
{
	return front(b, scattered(b, m->most, m->place, updates, OP_COUNT), m->symbol);
}

static Value *flat(Builder *b, Value *x)
{
	Dim n = type_count(b->ctx->types, x->type);

	return expand_in_shape(b, x, vector(b, x->type->dtype, n));
}

/* Column k of the indices: the row-major positions, divided by what one step along axis k is. */
static Value *column(Builder *b, Value *at, const Type *t, int k)
{
	Dim step = dim_const(b->ctx->dims, 1), shape[] = { at->type->dim[0], step };

	for (int i = k + 1; i < t->rank; i++)
		step = dim_mul(b->ctx->dims, step, t->dim[i]);
	if (!dim_is(step, 1))
		at = ew_div(b, at, number_of(b, step, at));
	if (k > 0)
		at = BUILD(b, rem, ARGS(at, number_of(b, t->dim[k], at)));
	return BUILD(b, reshape, ARGS(at), .shape = dims_copy(expand_arena(b), 2, shape));
}

void expand_nonzero(Builder *b, const Op *op, Value **out)
{
	Value *x = flat(b, op->arg[0]), *column_of[RANK_MAX];
	const Type *t = op->arg[0]->type;
	bool is_mark = t->dtype == DT_BOOL;
	Marks m = marks_of(b, op, is_mark ? x : ew_compare(b, CMP_NE, x, expand_like(b, x, 0)));
	Value *at = taken(b, &m, positions(b, x->type->dim[0]));

	for (int k = 0; k < t->rank; k++)
		column_of[k] = column(b, at, t, k);
	if (t->rank == 0)
		out[0] = build_splat(b, op->result[0]->type, 0);
	else if (t->rank == 1)
		out[0] = column_of[0];
	else
		out[0] = build_value(b, OP_concatenate, t->rank, column_of, &(struct attrs_concatenate){ .dim = 1 });
	out[1] = m.size;
}

static Value *is_nan(Builder *b, Value *x)
{
	return ew_compare(b, CMP_NE, x, x);
}

/* x < y, where a NaN is above all numbers. */
static Value *is_below(Builder *b, Value *x, Value *y)
{
	Value *less = ew_compare(b, CMP_LT, x, y);

	if (!dtype_is_float(x->type->dtype))
		return less;
	Value *nan = is_nan(b, y), *number = ew_compare(b, CMP_EQ, x, x);
	return ew_or(b, less, ew_and(b, nan, number));
}

static Value *is_other(Builder *b, Value *x, Value *y)
{
	Value *other = ew_compare(b, CMP_NE, x, y);

	if (!dtype_is_float(x->type->dtype))
		return other;
	Value *nan = is_nan(b, x), *both = ew_and(b, nan, is_nan(b, y));
	return ew_and(b, other, ew_not(b, both));
}

/* The elements in order, and where they come from. */
static Op *sorted(Builder *b, Value *x)
{
	Op *sort = build_begin(b, OP_sort, ARGS(x, positions(b, x->type->dim[0])), &(struct attrs_sort){ .dim = 0, .stable = true });
	Block *region = sort->region[0];
	Builder in = builder_at_end(b->ctx, region);
	const Type *of[] = { type_scalar(b->ctx->types, x->type->dtype), type_scalar(b->ctx->types, DT_I64) };
	Value *arg[4];

	in.loc = b->loc;
	for (int i = 0; i < 4; i++)
		arg[i] = block_add_arg(region, of[i / 2], NULL, b->loc);
	Value *less = is_below(&in, arg[0], arg[1]);
	CHECK(build_op(&in, OP_yield, ARGS(less), NULL), "yield of a sort");
	sort = build_finish(b, sort);
	CHECK(sort, "the sort of unique is refused");
	return sort;
}

void expand_unique(Builder *b, const Op *op, Value **out)
{
	Value *x = flat(b, op->arg[0]), *zero = build_scalar(b, x->type->dtype, 0);
	Dim n = x->type->dim[0];
	Op *sort = sorted(b, x);
	Value *value = sort->result[0], *from = sort->result[1];
	Ints low = ints_of(expand_arena(b), 1, 1), high = ints_of(expand_arena(b), 1, -1);
	Value *previous = BUILD(b, pad, ARGS(value, zero), .low = low, .high = high);
	Value *at = positions(b, n), *first = ew_compare(b, CMP_EQ, at, expand_like(b, at, 0));
	Marks m = marks_of(b, op, ew_or(b, first, is_other(b, value, previous)));
	/* Of every sorted element the number of its group. */
	Value *through = running_sum(b, m.one, false), *group = ew_plus(b, through, -1);

	out[0] = taken(b, &m, value);
	out[1] = taken(b, &m, from);
	out[2] = scattered(b, n, from, group, OP_COUNT);
	out[3] = front(b, scattered(b, m.most, group, expand_like(b, group, 1), OP_add), m.symbol);
	out[4] = m.size;
}
