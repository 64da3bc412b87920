/* codegen/lower/pointwise.c - the element of a movement, of an iota, of a gather: arithmetic on positions. */
#include "codegen/lower/lower.h"

#include "ir/base/check.h"

static KOp *both(Emit *e, KOp *a, KOp *b)
{
	return !a ? b : !b ? a : kb_op(&e->b, SC_and, a, b, NULL);
}

/* emit_value of v at ix where `in` holds, else `other`: loads are masked, so positions outside are never touched. */
static KOp *value_where(Emit *e, KOp *in, Value *v, const Index *ix, KOp *other)
{
	if (!in)
		return emit_value(e, v, ix);
	KOp *old = e->mask;

	e->mask = emit_mask_and(e, in);
	KOp *x = emit_value(e, v, ix);
	e->mask = old;
	return kb_op(&e->b, SC_select, in, x, other);
}

static KOp *emit_constant(Emit *e, const Op *op, const Index *ix)
{
	const Blob *blob = value_constant(op->result[0]);

	CHECK(blob, "a constant without a value inside a kernel");
	if (blob_is_splat(blob) || blob_count(blob) == 1)
		return kb_const(&e->b, blob->dtype, blob_get(blob, 0));
	/* Small tables: a chain of selects over the position. */
	int64_t n = blob_count(blob);
	CHECK(n <= 16, "a constant of %lld elements inside a kernel", (long long)n);
	KOp *at = index_linear(e, op->result[0]->type, ix);
	KOp *r = kb_const(&e->b, blob->dtype, blob_get(blob, n - 1));
	for (int64_t i = n - 2; i >= 0; i--)
		r = kb_op(&e->b, SC_select, kb_op(&e->b, SC_eq, at, kb_int(&e->b, i), NULL),
		          kb_const(&e->b, blob->dtype, blob_get(blob, i)), r);
	return r;
}

static KOp *emit_broadcast_in_dim(Emit *e, const Op *op, const Index *ix)
{
	const Type *from = op->arg[0]->type, *to = op->result[0]->type;
	Ints dims = op_attrs(broadcast_in_dim, op)->dims;
	Index in = index_none(from->rank);

	for (int i = 0; i < from->rank; i++)
		in.at[i] = dim_is(from->dim[i], 1) ? kb_int(&e->b, 0) : index_axis(e, to, ix, (int)dims.at[i]);
	return emit_value(e, op->arg[0], &in);
}

static KOp *emit_slice(Emit *e, const Op *op, const Index *ix)
{
	const struct attrs_slice *s = op_attrs(slice, op);
	const Type *to = op->result[0]->type;
	Index in = index_none(to->rank);

	for (int i = 0; i < to->rank; i++) {
		KOp *at = index_axis(e, to, ix, i);
		if (s->strides.n)
			at = kb_mul(&e->b, at, kb_int(&e->b, s->strides.at[i]));
		in.at[i] = kb_add(&e->b, at, kb_dim(&e->b, s->start.at[i]));
	}
	return emit_value(e, op->arg[0], &in);
}

static KOp *emit_reverse(Emit *e, const Op *op, const Index *ix)
{
	const Type *t = op->result[0]->type;
	Ints dims = op_attrs(reverse, op)->dims;
	Index in = index_none(t->rank);

	for (int i = 0; i < t->rank; i++)
		in.at[i] = index_axis(e, t, ix, i);
	for (int i = 0; i < dims.n; i++) {
		int k = (int)dims.at[i];
		in.at[k] = kb_sub(&e->b, kb_sub(&e->b, kb_dim(&e->b, t->dim[k]), kb_int(&e->b, 1)), in.at[k]);
	}
	return emit_value(e, op->arg[0], &in);
}

static KOp *emit_pad(Emit *e, const Op *op, const Index *ix)
{
	const struct attrs_pad *p = op_attrs(pad, op);
	const Type *from = op->arg[0]->type, *to = op->result[0]->type;
	Index in = index_none(to->rank), scalar = index_none(0);
	KOp *where = NULL, *zero = kb_int(&e->b, 0);

	for (int i = 0; i < to->rank; i++) {
		int64_t step = (p->interior.n ? p->interior.at[i] : 0) + 1;
		KOp *at = kb_sub(&e->b, index_axis(e, to, ix, i), kb_int(&e->b, p->low.at[i]));

		if (p->low.at[i] > 0)
			where = both(e, where, kb_op(&e->b, SC_le, zero, at, NULL));
		if (step > 1) {
			/* rem keeps the sign of `at`, which is negative only where the test above fails already */
			where = both(e, where, kb_op(&e->b, SC_eq, kb_op(&e->b, SC_rem, at, kb_int(&e->b, step), NULL),
			                             zero, NULL));
			at = kb_op(&e->b, SC_div, at, kb_int(&e->b, step), NULL);
		}
		if (p->high.at[i] > 0)
			where = both(e, where, kb_op(&e->b, SC_lt, at, kb_dim(&e->b, from->dim[i]), NULL));
		in.at[i] = at;
	}
	return value_where(e, where, op->arg[0], &in, emit_value(e, op->arg[1], &scalar));
}

static KOp *emit_concatenate(Emit *e, const Op *op, const Index *ix)
{
	const Type *to = op->result[0]->type;
	int axis = (int)op_attrs(concatenate, op)->dim;
	Dim start = dim_const(e->ctx->dims, 0);
	KOp *at = index_axis(e, to, ix, axis), *value[64] = { NULL }, *below[64], *lower = NULL;

	CHECK(op->nargs >= 1 && op->nargs <= 64, "concatenate: %d operands in one kernel", op->nargs);
	for (int i = 0; i < op->nargs; i++) {
		Index in = *ix;
		KOp *old = e->mask, *mine;
		Dim end = dim_add(e->ctx->dims, start, op->arg[i]->type->dim[axis]);

		for (int k = 0; k < to->rank; k++)
			in.at[k] = k == axis ? kb_sub(&e->b, at, kb_dim(&e->b, start)) : index_axis(e, to, ix, k);
		in.linear = NULL;
		below[i] = i + 1 < op->nargs ? kb_op(&e->b, SC_lt, at, kb_dim(&e->b, end), NULL) : NULL;
		mine = both(e, lower, below[i]);
		e->mask = emit_mask_and(e, mine);
		value[i] = emit_value(e, op->arg[i], &in);
		e->mask = old;
		lower = below[i] ? kb_op(&e->b, SC_not, below[i], NULL, NULL) : NULL;
		start = end;
	}
	KOp *r = value[op->nargs - 1];
	for (int i = op->nargs - 2; i >= 0; i--)
		r = kb_op(&e->b, SC_select, below[i], value[i], r);
	return r;
}

KOp *emit_clamped_start(Emit *e, Value *start, Dim axis, Dim size)
{
	Index scalar = index_none(0);
	KOp *x = emit_value(e, start, &scalar);
	KOp *last = kb_dim(&e->b, dim_sub(e->ctx->dims, axis, size));

	if (x->type.dtype == DT_U64)   /* large values stay large */
		x = kb_op(&e->b, SC_min, x, kb_const(&e->b, DT_U64, INT64_MAX), NULL);
	x = emit_convert(e, x, DT_I64);
	return kb_op(&e->b, SC_max, kb_op(&e->b, SC_min, x, last, NULL), kb_int(&e->b, 0), NULL);
}

static KOp *emit_dynamic_slice(Emit *e, const Op *op, const Index *ix)
{
	const Type *from = op->arg[0]->type, *to = op->result[0]->type;
	Index in = index_none(to->rank);

	for (int i = 0; i < to->rank; i++)
		in.at[i] = kb_add(&e->b, emit_clamped_start(e, op->arg[1 + i], from->dim[i], to->dim[i]),
		                  index_axis(e, to, ix, i));
	return emit_value(e, op->arg[0], &in);
}

static KOp *emit_dynamic_update_slice(Emit *e, const Op *op, const Index *ix)
{
	const Type *to = op->result[0]->type, *up = op->arg[1]->type;
	Index in = index_none(to->rank);
	KOp *where = NULL;

	for (int i = 0; i < to->rank; i++) {
		KOp *start = emit_clamped_start(e, op->arg[2 + i], to->dim[i], up->dim[i]);
		in.at[i] = kb_sub(&e->b, index_axis(e, to, ix, i), start);
		if (up->dim[i] == to->dim[i])
			continue;
		where = both(e, where, kb_op(&e->b, SC_le, kb_int(&e->b, 0), in.at[i], NULL));
		where = both(e, where, kb_op(&e->b, SC_lt, in.at[i], kb_dim(&e->b, up->dim[i]), NULL));
	}
	return value_where(e, where, op->arg[1], &in, emit_value(e, op->arg[0], ix));
}

static bool has(Ints list, int64_t x)
{
	for (int i = 0; i < list.n; i++)
		if (list.at[i] == x)
			return true;
	return false;
}

/* StableHLO's gather: result axes are batch axes (positions in start_indices without index_vector_dim) and
   offset axes (positions in the slice). */
static KOp *emit_gather(Emit *e, const Op *op, const Index *ix)
{
	const struct attrs_gather *g = op_attrs(gather, op);
	const Type *from = op->arg[0]->type, *idx = op->arg[1]->type, *to = op->result[0]->type;
	KOp *batch[RANK_MAX];
	Index at = index_none(idx->rank), in = index_none(from->rank);
	int nbatch = 0, b = 0, o = 0;

	for (int i = 0; i < to->rank; i++)
		if (!has(g->offset_dims, i))
			batch[nbatch++] = index_axis(e, to, ix, i);
	for (int i = 0; i < idx->rank; i++)
		if (i != g->index_vector_dim)
			at.at[i] = batch[b++];
	for (int i = 0; i < from->rank; i++) {
		KOp *start = kb_int(&e->b, 0), *offset = start;

		for (int k = 0; k < g->start_index_map.n; k++) {
			if (g->start_index_map.at[k] != i)
				continue;
			if (g->index_vector_dim < idx->rank)
				at.at[g->index_vector_dim] = kb_int(&e->b, k);
			Dim last = dim_sub(e->ctx->dims, from->dim[i], g->slice_sizes.at[i]);
			KOp *x = emit_value(e, op->arg[1], &at);
			if (x->type.dtype == DT_U64)
				x = kb_op(&e->b, SC_min, x, kb_const(&e->b, DT_U64, INT64_MAX), NULL);
			x = emit_convert(e, x, DT_I64);
			start = kb_op(&e->b, SC_max, kb_op(&e->b, SC_min, x, kb_dim(&e->b, last), NULL),
			              kb_int(&e->b, 0), NULL);
		}
		for (int k = 0; k < g->operand_batching_dims.n; k++)
			if (g->operand_batching_dims.at[k] == i) {
				int axis = (int)g->start_indices_batching_dims.at[k];
				start = batch[axis - (axis > g->index_vector_dim)];
			}
		if (!has(g->collapsed_slice_dims, i) && !has(g->operand_batching_dims, i))
			offset = index_axis(e, to, ix, (int)g->offset_dims.at[o++]);
		in.at[i] = kb_add(&e->b, start, offset);
	}
	return emit_value(e, op->arg[0], &in);
}

/* An element's bits as an unsigned integer of its size; those that a narrow type does not use are 0. */
static KOp *emit_bits(Emit *e, DType bits_type, KOp *x)
{
	DType t = x->type.dtype;

	x = kb_cast(&e->b, SC_bitcast, bits_type, x);
	if (!(dtype_is_narrow(t) && dtype_is_signed(t)))
		return x;
	return kb_op(&e->b, SC_and, x, kb_const(&e->b, bits_type, ((uint64_t)1 << dtype_width(t)) - 1), NULL);
}

/* Its inverse. */
static KOp *emit_of_bits(Emit *e, DType to, KOp *x)
{
	DType scalar = dtype_scalar(to);

	if (!dtype_is_narrow(to))
		return kb_cast(&e->b, SC_bitcast, to, x);
	if (dtype_is_int(to))
		return emit_convert(e, kb_cast(&e->b, SC_bitcast, scalar, x), to);
	return kb_cast(&e->b, SC_bitcast, to, kb_op(&e->b, SC_and, x, kb_const(&e->b, DT_U8, (1u << dtype_width(to)) - 1), NULL));
}

/* Unsigned integers stand for the bits on the way.  A narrower result is a part of an element, a wider one is put
   together from the elements of the last axis. */
static KOp *emit_bitcast_convert(Emit *e, const Op *op, const Index *ix)
{
	static const DType bits_type[] = { [1] = DT_U8, [2] = DT_U16, [4] = DT_U32, [8] = DT_U64 };
	const Type *from = op->arg[0]->type, *to = op->result[0]->type;
	int nfrom = dtype_width(from->dtype), nto = dtype_width(to->dtype);
	DType ufrom = bits_type[dtype_size(from->dtype)], uto = bits_type[dtype_size(to->dtype)];
	Index in = index_none(from->rank);
	KOp *r = NULL;

	if (nfrom == nto)
		return emit_of_bits(e, to->dtype, emit_bits(e, ufrom, emit_value(e, op->arg[0], ix)));
	for (int i = 0; i < from->rank && i < to->rank; i++)
		in.at[i] = index_axis(e, to, ix, i);
	if (nfrom > nto) {
		KOp *x = emit_bits(e, ufrom, emit_value(e, op->arg[0], &in));
		KOp *by = kb_mul(&e->b, index_axis(e, to, ix, to->rank - 1), kb_int(&e->b, nto));
		x = kb_op(&e->b, SC_shr_l, x, kb_cast(&e->b, SC_convert, ufrom, by), NULL);
		return emit_of_bits(e, to->dtype, kb_cast(&e->b, SC_convert, uto, x));
	}
	for (int i = 0; i < nto / nfrom; i++) {
		in.at[from->rank - 1] = kb_int(&e->b, i);
		KOp *x = emit_bits(e, ufrom, emit_value(e, op->arg[0], &in));
		x = kb_op(&e->b, SC_shl, kb_cast(&e->b, SC_convert, uto, x), kb_const(&e->b, uto, (uint64_t)(i * nfrom)), NULL);
		r = r ? kb_op(&e->b, SC_or, r, x, NULL) : x;
	}
	return emit_of_bits(e, to->dtype, r);
}

/* Positions below 2^31 become floats by way of i32: vectors of i64 are slow to convert where they can be at all. */
static KOp *emit_iota(Emit *e, const Op *op, const Index *ix)
{
	const Type *to = op->result[0]->type;
	int axis = (int)op_attrs(iota, op)->dim;
	KOp *at = index_axis(e, to, ix, axis);

	if (dtype_is_float(to->dtype) && dim_is_const(to->dim[axis]) && to->dim[axis]->value <= INT32_MAX)
		at = emit_convert(e, at, DT_I32);
	return emit_convert(e, at, to->dtype);
}

static KOp *emit_dimension(Emit *e, const Op *op, const Index *ix)
{
	(void)ix;
	return kb_dim(&e->b, op_attrs(dimension, op)->value);
}

static KOp *emit_reshape(Emit *e, const Op *op, const Index *ix)
{
	Index in = index_none(op->arg[0]->type->rank);

	in.linear = index_linear(e, op->result[0]->type, ix);
	return emit_value(e, op->arg[0], &in);
}

static KOp *emit_transpose(Emit *e, const Op *op, const Index *ix)
{
	const Type *to = op->result[0]->type;
	Index in = index_none(to->rank);

	for (int i = 0; i < to->rank; i++)
		in.at[op_attrs(transpose, op)->permutation.at[i]] = index_axis(e, to, ix, i);
	return emit_value(e, op->arg[0], &in);
}

/* emit_<name> of each op of the class move. */
typedef KOp *EmitFn(Emit *e, const Op *op, const Index *ix);
#define EMIT_move(name) [OP_##name] = emit_##name,
#define EMIT_none(name)
#define EMIT_control(name)
#define EMIT_fusion(name)
#define EMIT_collective(name)
#define EMIT_constant(name)
#define EMIT_scalar(name)
#define EMIT_reduce(name)
#define EMIT_window(name)
#define EMIT_scan(name)
#define EMIT_contract(name)
#define EMIT_scatter(name)
#define EMIT_sort(name)
#define EW(...)
#define COMPOSITE(...)
#define STRUCTURED(...)
#define OP(name, operands, traits, attributes, regions, infer, eval, lower, doc) EMIT_##lower(name)
static EmitFn *const emit_move[OP_COUNT] = {
#include "ir/ops.def"
};

KOp *emit_pointwise(Emit *e, const Op *op, int result, const Index *ix)
{
	CHECK(op && result == 0, "a value is asked for that no kernel computes here");
	if (op->kind == OP_constant || op->kind == OP_weight)
		return emit_constant(e, op, ix);
	CHECK(emit_move[op->kind], "%s is not pointwise", op_row(op)->name);
	return emit_move[op->kind](e, op, ix);
}
