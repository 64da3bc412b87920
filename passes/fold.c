/* passes/fold.c - ops on constants are evaluated by the reference interpreter; layout ops on constants become views.

   A view costs nothing until the object is written, so layout ops fold at any size.  Everything else folds only where
   the result is not much larger than what it is made from: a constant never grows by more than 64 KiB. */
#include "ir/order.h"
#include "ir/base/check.h"
#include "ir/eval.h"
#include "passes/pass.h"

enum { GROWTH_MAX = 64 << 10, WORK_MAX = 16 << 20 };

/* A constant, or the broadcast of one as a view: a broadcast alone is left as it is, kernels repeat elements for
   nothing. */
static Blob *operand_blob(PassCtx *p, const Op *op, int i)
{
	const Value *v = op->arg[i];
	int64_t dim[RANK_MAX];

	if (!v->def || v->def->kind != OP_broadcast_in_dim)
		return value_constant(v);
	Blob *x = value_constant(v->def->arg[0]);
	if (!x || !type_is_static(v->type))
		return NULL;
	for (int k = 0; k < v->type->rank; k++)
		dim[k] = v->type->dim[k]->value;
	return blob_broadcast(p->scratch, x, v->type->rank, dim, op_attrs(broadcast_in_dim, v->def)->dims.at);
}

static bool all_static(const Op *op)
{
	for (int i = 0; i < op->nresults; i++)
		if (!type_is_static(op->result[i]->type))
			return false;
	return true;
}

static const int64_t *numbers(Arena *a, Dims d)
{
	int64_t *out = ARENA_ARRAY(a, int64_t, d.n + 1);

	for (int i = 0; i < d.n; i++) {
		if (!dim_is_const(d.at[i]))
			return NULL;
		out[i] = d.at[i]->value;
	}
	return out;
}

static const int64_t *extents(Arena *a, const Type *t)
{
	return numbers(a, (Dims){ t->rank, t->dim });
}

/* The result as a view of the operand, or NULL. */
static Blob *view(PassCtx *p, const Op *op, const Blob *x)
{
	Arena *a = p->module->arena;
	const Type *t = op->result[0]->type;

	switch (op->kind) {
	case OP_transpose:
		return blob_transpose(a, x, op_attrs(transpose, op)->permutation.at);
	case OP_reshape: {
		Blob *r = blob_reshape(a, x, t->rank, extents(p->scratch, t));
		return r ? r : blob_reshape(a, blob_materialize(a, x), t->rank, extents(p->scratch, t));
	}
	case OP_slice: {
		const struct attrs_slice *s = op_attrs(slice, op);
		int64_t *step = ARENA_ARRAY(p->scratch, int64_t, t->rank + 1);
		const int64_t *start = numbers(p->scratch, s->start), *limit = numbers(p->scratch, s->limit);
		for (int i = 0; i < t->rank; i++)
			step[i] = s->strides.n ? s->strides.at[i] : 1;
		return start && limit ? blob_slice(a, x, start, limit, step) : NULL;
	}
	case OP_pad: {
		const struct attrs_pad *s = op_attrs(pad, op);
		const Blob *value = operand_blob(p, op, 1);
		if (!value || blob_get(value, 0) != 0)
			return NULL;
		for (int i = 0; i < t->rank; i++)
			if (s->low.at[i] != 0 || s->high.at[i] < 0 || (s->interior.n && s->interior.at[i] != 0))
				return NULL;
		return blob_pad_high(a, x, s->high.at);
	}
	default:
		return NULL;
	}
}

static void replace_by(PassCtx *p, Op *op, Blob *const *blob)
{
	Builder b = builder_before(p->ctx, op);

	for (int i = 0; i < op->nresults; i++) {
		Value *c = build_constant(&b, blob[i]);
		CHECK(c->type == op->result[i]->type, "fold: %s gave another type", op_row(op)->name);
		c->name = op->result[i]->name;
		value_replace(op->result[i], c);
	}
	op_erase(op);
	p->nhits++;
}

/* Worth evaluating: the result is small, or not much larger than the operands.  What an operand repeats is no work to read: the
   scale of a convolution's weights is as large as they are, and a few bytes. */
static bool is_small(PassCtx *p, const Op *op)
{
	int64_t in = 0, out = 0, read = 0;

	for (int i = 0; i < op->nargs; i++) {
		const Blob *b = operand_blob(p, op, i);
		int64_t bytes = (int64_t)blob_bytes(b);
		in += bytes;
		read += bytes < (int64_t)b->size ? bytes : (int64_t)b->size;
	}
	for (int i = 0; i < op->nresults; i++)
		out += type_count_static(op->result[i]->type) * dtype_size(op->result[i]->type->dtype);
	return out <= in + GROWTH_MAX && read <= WORK_MAX && out <= WORK_MAX;
}

static bool evaluate(PassCtx *p, Op *op)
{
	Tensor *in[16], *out[16];
	Blob *blob[16];
	int errors = p->ctx->diag.nerrors;

	if (op->nargs > 16 || op->nresults > 16 || !is_small(p, op))
		return false;
	for (int i = 0; i < op->nargs; i++)
		in[i] = tensor_from_blob(operand_blob(p, op, i));
	bool ok = eval_op(p->ctx, op, in, out);
	for (int i = 0; i < op->nargs; i++)
		tensor_unref(in[i]);
	CHECK(p->ctx->diag.nerrors == errors, "fold: the interpreter refuses %s", op_row(op)->name);
	if (!ok)
		return false;
	for (int i = 0; i < op->nresults; i++) {
		blob[i] = blob_from_tensor(p->module->arena, out[i]);
		tensor_unref(out[i]);
	}
	replace_by(p, op, blob);
	return true;
}

static bool can_fold(PassCtx *p, const Op *op)
{
	if (op->nargs == 0 || op_has(op, T_TERMINATOR | T_COMPOSITE) || !op_is_pure(op) || !all_static(op) ||
	    op_has(op, T_CONTROL) || op->kind == OP_fusion || op->kind == OP_call || op->kind == OP_custom_call || op->kind == OP_optimization_barrier ||
	    op->kind == OP_broadcast_in_dim)
		return false;
	for (int i = 0; i < op->nargs; i++)
		if (!operand_blob(p, op, i))
			return false;
	return true;
}

/* Elementwise ops on splats are splats of any size: one element is computed. */
static bool fold_splat(PassCtx *p, Op *op)
{
	const Type *t = op->result[0]->type;

	if (!op_has(op, T_EW) || t->rank == 0)
		return false;
	for (int i = 0; i < op->nargs; i++)
		if (!blob_is_splat(operand_blob(p, op, i)))
			return false;
	Builder b = builder_before(p->ctx, op);
	Value *arg[8];
	CHECK(op->nargs <= 8, "%s: too many operands", op_row(op)->name);
	for (int i = 0; i < op->nargs; i++) {
		Blob *x = operand_blob(p, op, i);
		uint64_t bits = blob_get(x, 0);
		arg[i] = build_constant(&b, blob_splat(p->module->arena, x->dtype, 0, NULL, &bits));
	}
	Op *one = build_op(&b, op->kind, op->nargs, arg, op->attrs);
	CHECK(one, "fold: %s of scalars is refused", op_row(op)->name);
	Value *all = build_broadcast(&b, one->result[0], t, (Ints){ 0, NULL });
	all->name = op->result[0]->name;
	value_replace(op->result[0], all);
	op_erase(op);
	p->nhits++;
	evaluate(p, one);
	return true;
}

static void fold_block(PassCtx *p, Block *b)
{
	for (Op *op = b->first, *next; op; op = next) {
		next = op->next;
		for (int i = 0; i < op->nregions && op->kind != OP_fusion && !op_body_is_fixed(op); i++)
			fold_block(p, op->region[i]);
		if (!can_fold(p, op))
			continue;
		if (!pass_may_rewrite(p))
			return;
		Blob *v = op->nresults == 1 ? view(p, op, operand_blob(p, op, 0)) : NULL;
		if (v && !blob_is_splat(v) && blob_bytes(v) > v->size + GROWTH_MAX)
			continue;   /* the view repeats its data: writing it out would enlarge the object */
		if (v)
			replace_by(p, op, &v);
		else if (!fold_splat(p, op))
			evaluate(p, op);
	}
}

PassResult pass_fold(PassCtx *p)
{
	fold_block(p, p->fn->body);
	return p->nhits ? PASS_CHANGED : PASS_SAME;
}
