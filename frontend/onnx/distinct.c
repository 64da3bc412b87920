/* frontend/onnx/distinct.c - results whose size is data: NonZero, Compress, Unique. */
#include "frontend/onnx/import.h"

/* A symbol of its own for the number of rows; the op that defines it knows its bound. */
static Dim size_symbol(Onnx *o)
{
	return dim_sym(o->ctx->dims, ctx_str(o->ctx, arena_printf(o->arena, "size_%d", o->nsizes++)), INT64_MAX);
}

/* [K, rank] */
static Value *places(Onnx *o, Value *x)
{
	Op *op = emit_op(o, OP_nonzero, 1, &x, &(struct attrs_nonzero){ .size = size_symbol(o) });

	return op ? op->result[0] : NULL;
}

static Value *as_vector(Onnx *o, Value *x)
{
	Dim n = x ? type_count(o->ctx->types, x->type) : NULL;

	return n && x->type->rank != 1 ? reshaped(o, x, 1, &n) : x;
}

bool onnx_non_zero(Onnx *o)
{
	static const int64_t swap[] = { 1, 0 };

	return give(o, 0, transposed(o, places(o, arg(o, 0)), swap));
}

bool onnx_compress(Onnx *o)
{
	Value *x = arg(o, 0), *wanted = arg(o, 1);
	int axis = 0;

	if (!x || !wanted)
		return false;
	if (!has_attr(o, "axis"))
		x = as_vector(o, x);
	else if (!get_axis(o, "axis", 0, x->type->rank, &axis))
		return false;
	if (wanted->type->rank != 1)
		return refuse(o, "the condition has rank %d, wanted 1", wanted->type->rank);
	Value *at = as_vector(o, places(o, wanted));
	return give(o, 0, emit(o, OP_take, 2, (Value *[]){ x, at }, &(struct attrs_take){ .axis = axis }));
}

static Value *positions(Onnx *o, Dim n)
{
	return EMIT(o, iota, NO_ARGS, .dtype = DT_I64, .shape = dims_copy(o->arena, 1, &n));
}

/* x < y of scalars; a NaN is above all numbers. */
static Value *is_below(Onnx *o, Value *x, Value *y)
{
	Value *less = compare(o, CMP_LT, x, y);

	if (!dtype_is_float(x->type->dtype))
		return less;
	Value *number = compare(o, CMP_EQ, x, x), *nan = compare(o, CMP_NE, y, y);
	nan = EW(o, and, number, nan);
	return EW(o, or, less, nan);
}

/* Both vectors in the order of the first. */
static Op *sorted_by(Onnx *o, Value *key, Value *with)
{
	if (!key || !with)
		return NULL;
	Builder outer = o->b;
	Value *operand[2] = { key, with }, *at[4];
	Op *sort = build_begin(&outer, OP_sort, 2, operand, &(struct attrs_sort){ .stable = true });

	for (int i = 0; i < 4; i++)
		at[i] = block_add_arg(sort->region[0], type_scalar(o->ctx->types, operand[i / 2]->type->dtype), NULL, outer.loc);
	o->b = builder_at_end(o->ctx, sort->region[0]);
	o->b.loc = outer.loc;
	Value *less = is_below(o, at[0], at[1]);
	emit_op(o, OP_yield, 1, &less, NULL);
	o->b = outer;
	return build_finish(&o->b, sort);
}

static Value *taken(Onnx *o, Value *x, Value *at)
{
	return emit(o, OP_take, 2, (Value *[]){ x, at }, &(struct attrs_take){ .axis = 0 });
}

/* The order of the rows of x [n, m]: stably by one column after the other, the last one first. */
static Value *order_of_rows(Onnx *o, Value *x)
{
	static const int64_t swap[] = { 1, 0 };
	Dim n = x->type->dim[0];
	Value *start = positions(o, n), *columns = transposed(o, x, swap);

	if (!start || !columns)
		return NULL;
	Builder outer = o->b;
	Op *scan = build_begin(&outer, OP_scan, ARGS(start, columns), &(struct attrs_scan){ .carry = 1, .reverse = true });
	Value *order = block_add_arg(scan->region[0], start->type, NULL, outer.loc);
	Value *column = block_add_arg(scan->region[0], type_get(o->ctx->types, x->type->dtype, 1, &n), NULL, outer.loc);
	o->b = builder_at_end(o->ctx, scan->region[0]);
	o->b.loc = outer.loc;
	Op *sort = sorted_by(o, taken(o, column, order), order);
	if (sort)
		emit_op(o, OP_yield, 1, &sort->result[1], NULL);
	o->b = outer;
	scan = sort ? build_finish(&o->b, scan) : NULL;
	return scan ? scan->result[0] : NULL;
}

/* Of each row of x [n, m] which of the different rows it is, these being in ascending order. */
static Value *row_numbers(Onnx *o, Value *x)
{
	Value *order = order_of_rows(o, x), *rows = taken(o, x, order);

	if (!rows)
		return NULL;
	Dim n = x->type->dim[0], zero = dim_num(o, 0), one = dim_num(o, 1);
	Value *before = sliced(o, rows, 0, zero, dim_sub(o->ctx->dims, n, one)), *first = sliced(o, rows, 0, zero, one);
	Value *previous = concatenated(o, 2, (Value *[]){ first, before }, 0);
	Value *differs = compare(o, CMP_NE, rows, previous);
	differs = reduced(o, OP_reduce_any, differs, ints_of(o->arena, 1, 1), false);
	Value *step = as_type(o, differs, DT_I64);
	Value *number = emit(o, OP_cumsum, 1, &step, &(struct attrs_cumsum){ .axis = 0 });
	/* back to where each row was: the order is a permutation, and sorting it undoes it */
	Op *back = sorted_by(o, order, number);
	return back ? back->result[1] : NULL;
}

typedef struct Distinct { Value *first, *inverse, *counts; } Distinct;

/* In the order in which they come first, not that of their values. */
static bool in_first_order(Onnx *o, Distinct *d)
{
	if (!d->first)
		return false;
	Value *number = positions(o, d->first->type->dim[0]);
	Op *by_first = sorted_by(o, d->first, number);
	if (!by_first)
		return false;
	d->first = by_first->result[0];
	d->counts = taken(o, d->counts, by_first->result[1]);
	Op *rank = sorted_by(o, by_first->result[1], number);
	d->inverse = rank ? taken(o, rank->result[1], d->inverse) : NULL;
	return d->inverse;
}

/* Without an axis of the elements, else of the slices along it: these are numbered first, and their numbers are the elements. */
bool onnx_unique(Onnx *o)
{
	bool sorted = get_int(o, "sorted", 1);
	Value *x = arg(o, 0), *key;
	int axis = 0;

	if (!x)
		return false;
	if (!has_attr(o, "axis")) {
		x = key = as_vector(o, x);
	} else {
		int rank = x->type->rank;
		int64_t *front = ARENA_ARRAY(o->arena, int64_t, rank + 1);
		if (!get_axis(o, "axis", 0, rank, &axis))
			return false;
		for (int k = 0; k < rank; k++)
			front[k] = k == 0 ? axis : k - (k <= axis);
		key = transposed(o, x, front);
		key = emit(o, OP_flatten, 1, &key, &(struct attrs_flatten){ .axis = 1 });
		key = key ? row_numbers(o, key) : NULL;
	}
	Op *op = emit_op(o, OP_unique, 1, &key, &(struct attrs_unique){ .size = size_symbol(o) });
	if (!op)
		return false;
	Distinct d = { op->result[1], op->result[2], op->result[3] };
	if (!sorted && !in_first_order(o, &d))
		return false;
	Value *y = emit(o, OP_take, 2, (Value *[]){ x, d.first }, &(struct attrs_take){ .axis = axis });
	return give(o, 0, y) && give(o, 1, d.first) && give(o, 2, d.inverse) && give(o, 3, d.counts);
}
