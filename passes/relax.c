/* passes/relax.c - the only rewrites that may change a rounding: scales into weights, division by a constant.

   A contraction with constant weights followed by additions and multiplications by constants per feature (a batch
   norm, a bias before it) is the same contraction with scaled weights and one addition:
   ((conv(x, W) + b - m) * s) + t = conv(x, W * s) + ((b - m) * s + t).
   Runs before `order`, alike for every target and every -O; --pass.relax=off leaves each op's own bounds in force. */
#include <math.h>

#include "ir/base/check.h"
#include "passes/pass.h"

/* The axis of a contraction's result that belongs to the columns of its right-hand side, and theirs in it. */
static bool feature_axes(const Op *op, int *out, int *rhs)
{
	if (op->kind == OP_conv_general) {
		*out = (int)op_attrs(conv_general, op)->out_spec.at[1];
		*rhs = (int)op_attrs(conv_general, op)->rhs_spec.at[0];
		return true;
	}
	if (op->kind != OP_dot_general)
		return false;
	const struct attrs_dot_general *d = op_attrs(dot_general, op);
	int n = op->arg[1]->type->rank, free = 0;
	for (int i = 0; i < n; i++) {
		bool used = false;
		for (int k = 0; k < d->rhs_contract.n; k++)
			used = used || d->rhs_contract.at[k] == i;
		for (int k = 0; k < d->rhs_batch.n; k++)
			used = used || d->rhs_batch.at[k] == i;
		if (!used) {
			*rhs = i;
			free++;
		}
	}
	*out = op->result[0]->type->rank - 1;
	return free == 1;
}

/* v as a constant vector along `axis` (or a scalar): the vector, of extent n; NULL when it is something else. */
static Value *feature_vector(Builder *b, Value *v, int axis, const Type *vec)
{
	const Op *op = v->def;
	double x;

	if (!op || op->kind != OP_broadcast_in_dim || !(value_constant(op->arg[0]) || value_is_splat(op->arg[0], &x)))
		return NULL;
	Ints dims = op_attrs(broadcast_in_dim, op)->dims;
	const Type *t = op->arg[0]->type;
	if (t == vec && dims.at[0] == axis)
		return op->arg[0];
	return t->rank == 0 ? build_broadcast(b, op->arg[0], vec, (Ints){ 0, NULL }) : NULL;
}

typedef struct Affine {
	Op    *root;               /* the contraction */
	Value *scale, *offset;     /* vectors, or NULL: 1 and 0 */
	Op    *last;               /* the last op of the chain */
	bool   worth;              /* a multiplication was met */
} Affine;

/* One more op of the chain: false where it ends. */
static bool extend(Builder *b, Affine *f, int axis, const Type *vec)
{
	Value *v = f->last->result[0];
	Op *op = value_has_one_use(v) ? v->first_use->user : NULL;

	if (!op || op->nargs != 2 || op->block != f->root->block ||
	    (op->kind != OP_add && op->kind != OP_sub && op->kind != OP_mul))
		return false;
	int side = op->arg[0] == v ? 1 : 0;
	if (op->kind == OP_sub && side == 0)
		return false;
	b->before = op;
	Value *c = feature_vector(b, op->arg[side], axis, vec);
	if (!c)
		return false;
	if (op->kind == OP_mul) {
		f->scale = f->scale ? BUILD(b, mul, ARGS(f->scale, c)) : c;
		f->offset = f->offset ? BUILD(b, mul, ARGS(f->offset, c)) : NULL;
		f->worth = true;
	} else if (op->kind == OP_add) {
		f->offset = f->offset ? BUILD(b, add, ARGS(f->offset, c)) : c;
	} else {
		f->offset = f->offset ? BUILD(b, sub, ARGS(f->offset, c)) : BUILD(b, neg, ARGS(c));
	}
	f->last = op;
	return true;
}

static bool fold_scale(PassCtx *p, Op *op)
{
	int out_axis, rhs_axis;
	const Type *t = op->result[0]->type;

	if (!feature_axes(op, &out_axis, &rhs_axis) || (t->dtype != DT_F32 && t->dtype != DT_F64) ||
	    !value_constant(op->arg[1]))
		return false;
	Builder b = builder_before(p->ctx, op);
	const Type *vec = type_get(p->ctx->types, t->dtype, 1, &t->dim[out_axis]);
	Affine f = { .root = op, .last = op };
	while (extend(&b, &f, out_axis, vec))
		;
	if (!f.worth || !pass_may_rewrite(p))
		return false;
	b.before = f.last;
	b.loc = f.last->loc;
	int64_t rhs_dims[1] = { rhs_axis }, out_dims[1] = { out_axis };
	Arena *a = p->module->arena;
	Value *s = build_broadcast(&b, f.scale, op->arg[1]->type, ints_copy(a, 1, rhs_dims));
	Value *w = BUILD(&b, mul, ARGS(op->arg[1], s));
	Op *scaled = build_op(&b, op->kind, 2, (Value *[]){ op->arg[0], w }, op->attrs);
	CHECK(scaled, "relax: the scaled contraction is refused");
	Value *y = scaled->result[0];
	if (f.offset)
		y = BUILD(&b, add, ARGS(y, build_broadcast(&b, f.offset, t, ints_copy(a, 1, out_dims))));
	y->name = f.last->result[0]->name;
	value_replace(f.last->result[0], y);
	p->nhits++;
	if (p->explain)
		diag_remark(&p->ctx->diag, op->loc, "relax: scales and offsets behind this %s go into its weights", op_row(op)->name);
	return true;
}

/* x / c is x * (1 / c) where the inverse is a normal number. */
static bool invert_division(PassCtx *p, Op *op)
{
	const Type *t = op->result[0]->type;
	double c;

	if (op->kind != OP_div || (t->dtype != DT_F32 && t->dtype != DT_F64) || !value_is_splat(op->arg[1], &c))
		return false;
	double inverse = t->dtype == DT_F32 ? (double)(1.0f / (float)c) : 1 / c;
	double least = t->dtype == DT_F32 ? 0x1p-126 : 0x1p-1022;
	if (!isfinite(inverse) || fabs(inverse) < least || !isfinite(c) || !pass_may_rewrite(p))
		return false;
	Builder b = builder_before(p->ctx, op);
	Value *y = BUILD(&b, mul, ARGS(op->arg[0], build_splat(&b, t, inverse)));
	y->name = op->result[0]->name;
	value_replace(op->result[0], y);
	op_erase(op);
	p->nhits++;
	return true;
}

static void relax_block(PassCtx *p, Block *b)
{
	for (Op *op = b->first, *next; op; op = next) {
		next = op->next;
		for (int i = 0; i < op->nregions; i++)
			relax_block(p, op->region[i]);
		if (op->nresults == 1 && !invert_division(p, op))
			fold_scale(p, op);
	}
}

PassResult pass_relax(PassCtx *p)
{
	relax_block(p, p->fn->body);
	return p->nhits ? PASS_CHANGED : PASS_SAME;
}
