/* passes/simplify_move.c - rules on movements. */
#include "passes/canonicalize.h"

static bool same_dims(const Type *a, const Type *b)
{
	return a->rank == b->rank && memcmp(a->dim, b->dim, sizeof(Dim) * (size_t)a->rank) == 0;
}

static const Op *made_by(const Value *v, OpKind kind)
{
	return v->def && v->def->kind == kind ? v->def : NULL;
}

Value *rule_transpose_of_transpose(Builder *b, Op *op)
{
	const Op *inner = made_by(op->arg[0], OP_transpose);
	int64_t perm[RANK_MAX];

	if (!inner)
		return NULL;
	Ints p = op_attrs(transpose, inner)->permutation, q = op_attrs(transpose, op)->permutation;
	for (int i = 0; i < q.n; i++)
		perm[i] = p.at[q.at[i]];
	return BUILD(b, transpose, ARGS(inner->arg[0]), .permutation = ints_copy(b->func->module->arena, q.n, perm));
}

Value *rule_transpose_identity(Builder *b, Op *op)
{
	Ints p = op_attrs(transpose, op)->permutation;

	(void)b;
	for (int i = 0; i < p.n; i++)
		if (p.at[i] != i)
			return NULL;
	return op->arg[0];
}

Value *rule_transpose_of_units(Builder *b, Op *op)
{
	Ints p = op_attrs(transpose, op)->permutation;
	const Type *t = op->arg[0]->type, *to = op->result[0]->type;
	int64_t last = -1;

	for (int i = 0; i < p.n; i++) {
		if (dim_is(t->dim[p.at[i]], 1))
			continue;
		if (p.at[i] < last)
			return NULL;
		last = p.at[i];
	}
	return BUILD(b, reshape, ARGS(op->arg[0]), .shape = dims_copy(b->func->module->arena, to->rank, to->dim));
}

Value *rule_reshape_of_reshape(Builder *b, Op *op)
{
	const Op *inner = made_by(op->arg[0], OP_reshape);

	return inner ? BUILD(b, reshape, ARGS(inner->arg[0]), .shape = op_attrs(reshape, op)->shape) : NULL;
}

Value *rule_reshape_identity(Builder *b, Op *op)
{
	(void)b;
	return op->arg[0]->type == op->result[0]->type ? op->arg[0] : NULL;
}

Value *rule_broadcast_of_broadcast(Builder *b, Op *op)
{
	const Op *inner = made_by(op->arg[0], OP_broadcast_in_dim);
	int64_t dims[RANK_MAX];

	if (!inner)
		return NULL;
	const struct attrs_broadcast_in_dim *in = op_attrs(broadcast_in_dim, inner), *out = op_attrs(broadcast_in_dim, op);
	for (int i = 0; i < in->dims.n; i++)
		dims[i] = out->dims.at[in->dims.at[i]];
	return BUILD(b, broadcast_in_dim, ARGS(inner->arg[0]), .shape = out->shape,
	             .dims = ints_copy(b->func->module->arena, in->dims.n, dims));
}

Value *rule_broadcast_identity(Builder *b, Op *op)
{
	Ints dims = op_attrs(broadcast_in_dim, op)->dims;

	(void)b;
	if (op->arg[0]->type != op->result[0]->type)
		return NULL;
	for (int i = 0; i < dims.n; i++)
		if (dims.at[i] != i)
			return NULL;
	return op->arg[0];
}

/* Along the axis of the concatenation all extents up to the operand are numbers, and so are start and limit. */
Value *rule_slice_of_concatenate(Builder *b, Op *op)
{
	const Op *inner = made_by(op->arg[0], OP_concatenate);
	const struct attrs_slice *s = op_attrs(slice, op);
	int64_t from = 0;

	if (!inner)
		return NULL;
	int d = (int)op_attrs(concatenate, inner)->dim, rank = op->arg[0]->type->rank;
	if (!dim_is_const(s->start.at[d]) || !dim_is_const(s->limit.at[d]))
		return NULL;
	int64_t start = s->start.at[d]->value, limit = s->limit.at[d]->value;
	for (int i = 0; i < inner->nargs && dim_is_const(inner->arg[i]->type->dim[d]); i++) {
		Value *x = inner->arg[i];
		int64_t n = x->type->dim[d]->value;
		if (start < from || limit > from + n) {
			from += n;
			continue;
		}
		Dim starts[RANK_MAX], limits[RANK_MAX];
		for (int k = 0; k < rank; k++) {
			if (k != d && x->type->dim[k] != op->arg[0]->type->dim[k])
				return NULL;
			starts[k] = k == d ? dim_const(b->ctx->dims, start - from) : s->start.at[k];
			limits[k] = k == d ? dim_const(b->ctx->dims, limit - from) : s->limit.at[k];
		}
		Arena *a = b->func->module->arena;
		return BUILD(b, slice, ARGS(x), .start = dims_copy(a, rank, starts), .limit = dims_copy(a, rank, limits), .strides = s->strides);
	}
	return NULL;
}

Value *rule_bitcast_and_back(Builder *b, Op *op)
{
	const Op *inner = made_by(op->arg[0], OP_bitcast_convert);

	(void)b;
	return inner && inner->arg[0]->type == op->result[0]->type ? inner->arg[0] : NULL;
}

Value *rule_slice_identity(Builder *b, Op *op)
{
	const struct attrs_slice *s = op_attrs(slice, op);

	(void)b;
	if (!same_dims(op->arg[0]->type, op->result[0]->type))
		return NULL;
	for (int i = 0; i < s->start.n; i++)
		if (!dim_is(s->start.at[i], 0) || (s->strides.n && s->strides.at[i] != 1))
			return NULL;
	return op->arg[0];
}

Value *rule_pad_identity(Builder *b, Op *op)
{
	const struct attrs_pad *p = op_attrs(pad, op);

	(void)b;
	for (int i = 0; i < p->low.n; i++)
		if (p->low.at[i] || p->high.at[i] || (p->interior.n && p->interior.at[i]))
			return NULL;
	return op->arg[0];
}

Value *rule_concatenate_one(Builder *b, Op *op)
{
	(void)b;
	return op->nargs == 1 ? op->arg[0] : NULL;
}

/* The start is clamped here as it would be at run time. */
Value *rule_dynamic_slice_static(Builder *b, Op *op)
{
	const Type *from = op->arg[0]->type, *to = op->result[0]->type;
	Dim start[RANK_MAX], limit[RANK_MAX];
	DimTable *dims = b->ctx->dims;
	Arena *a = b->func->module->arena;

	for (int i = 0; i < to->rank; i++) {
		const Blob *c = value_constant(op->arg[1 + i]);
		if (!c || !dim_is_const(from->dim[i]) || !dim_is_const(to->dim[i]))
			return NULL;
		uint64_t bits = blob_get(c, 0);
		int w = dtype_info[c->dtype].bits;
		int64_t at = dtype_info[c->dtype].kind == DK_UINT ? (bits > INT64_MAX ? INT64_MAX : (int64_t)bits)
		                                                  : (int64_t)(bits << (64 - w)) >> (64 - w);
		int64_t last = from->dim[i]->value - to->dim[i]->value;
		at = at > last ? last : at < 0 ? 0 : at;
		start[i] = dim_const(dims, at);
		limit[i] = dim_const(dims, at + to->dim[i]->value);
	}
	return BUILD(b, slice, ARGS(op->arg[0]), .start = dims_copy(a, to->rank, start), .limit = dims_copy(a, to->rank, limit));
}
