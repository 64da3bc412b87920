/* ir/expand.c - the table of expansions, and what they share. */
#include "ir/complex.h"
#include "ir/expand_impl.h"
#include "ir/fusion.h"

const ExpandFn expand_table[OP_COUNT] = {
#define EW(name, ...)
#define OP(name, ...)
#define COMPOSITE(name, operands, attributes, infer, expand, doc) [OP_##name] = expand_##expand,
#define STRUCTURED(name, operands, attributes, regions, infer, eval, expand, doc) [OP_##name] = expand_##expand,
#include "ir/ops.def"
};

Value *expand_convert(Builder *b, Value *x, DType t)
{
	return x->type->dtype == t ? x : BUILD(b, convert, ARGS(x), .dtype = t);
}

Value *expand_wide(Builder *b, Value *x)
{
	return expand_convert(b, x, dtype_compute(x->type->dtype));
}

Value *expand_like(Builder *b, Value *like, double x)
{
	return build_splat(b, like->type, x);
}

Ints expand_range(Builder *b, int from, int to)
{
	int64_t *at = ARENA_ARRAY(expand_arena(b), int64_t, to - from + 1);

	for (int i = from; i < to; i++)
		at[i - from] = i;
	return (Ints){ to - from, at };
}

Value *expand_over(Builder *b, Value *x, Value *like, Ints dims)
{
	int64_t kept[RANK_MAX];
	int n = 0;

	for (int k = 0; k < like->type->rank; k++) {
		bool gone = false;

		for (int i = 0; i < dims.n; i++)
			gone |= dims.at[i] == k;
		if (!gone)
			kept[n++] = k;
	}
	return build_broadcast(b, x, type_with_dtype(b->ctx->types, like->type, x->type->dtype), (Ints){ n, kept });
}

Value *expand_numpy(Builder *b, Value *x, const Type *shape)
{
	int rank = shape->rank;

	return build_broadcast(b, x, type_with_dtype(b->ctx->types, shape, x->type->dtype),
	                       expand_range(b, rank - x->type->rank, rank));
}

Value *expand_extent(Builder *b, Dim d, DType t)
{
	if (dim_is_const(d))
		return build_scalar(b, t, (double)d->value);
	return expand_convert(b, BUILD(b, dimension, NO_ARGS, .value = d), t);
}

static Dim extent_of(Builder *b, const Type *t, Ints dims)
{
	Dim n = dim_const(b->ctx->dims, 1);

	for (int i = 0; n && i < dims.n; i++)
		n = dim_mul(b->ctx->dims, n, t->dim[dims.at[i]]);
	CHECK(n, "the extents of a verified type overflow");
	return n;
}

Value *expand_mean_of(Builder *b, Value *x, Ints dims)
{
	Value *sum = build_reduce(b, OP_add, x, dims, false);
	Value *n = expand_extent(b, extent_of(b, x->type, dims), x->type->dtype);

	return BUILD(b, div, ARGS(sum, build_broadcast(b, n, sum->type, (Ints)INTS_NONE)));
}

Value *expand_center(Builder *b, Value *x, Ints dims, Value **variance)
{
	Value *mean = expand_mean_of(b, x, dims);
	Value *d = ew_sub(b, x, expand_over(b, mean, x, dims));

	*variance = expand_mean_of(b, ew_mul(b, d, d), dims);
	return d;
}

Value *expand_unless_negative(Builder *b, Value *x, Value *y)
{
	Value *p = ew_compare(b, CMP_GE, x, expand_like(b, x, 0));

	return ew_select(b, p, x, y);
}

Value *expand_combiner(Builder *b, Op *op, OpKind combine)
{
	Block *region = op->region[0];
	const Type *scalar = type_scalar(b->ctx->types, op->arg[0]->type->dtype);
	Builder in = builder_at_end(b->ctx, region);
	in.loc = b->loc;
	Value *l = block_add_arg(region, scalar, NULL, b->loc), *r = block_add_arg(region, scalar, NULL, b->loc);

	if (combine != OP_COUNT)
		r = build_value(&in, combine, ARGS(l, r), NULL);
	CHECK(build_op(&in, OP_yield, ARGS(r), NULL), "yield of %s", op_row(op)->name);
	op = build_finish(b, op);
	CHECK(op, "an expansion's op is refused");
	return op->result[0];
}

Value *expand_add_bias(Builder *b, const Op *op, int i, Value *y)
{
	if (op->nargs <= i)
		return y;
	return ew_add(b, y, expand_over(b, op->arg[i], y, expand_range(b, 0, y->type->rank - 1)));
}

Value *expand_in_shape(Builder *b, Value *x, const Type *t)
{
	return x->type == t ? x : BUILD(b, reshape, ARGS(x), .shape = dims_copy(expand_arena(b), t->rank, t->dim));
}

void expand_move_ops(Block *to, Block *from)
{
	while (from->first) {
		Op *op = from->first;

		op_unlink(op);
		op_append(to, op);
	}
}

/* The whole graph. */

static void expand_op(Ctx *ctx, Op *op)
{
	Builder b = builder_before(ctx, op);
	Value **out = ARENA_ARRAY(expand_arena(&b), Value *, op->nresults);

	CHECK(expand_table[op->kind], "%s has no expansion", op_row(op)->name);
	expand_table[op->kind](&b, op, out);
	for (int i = 0; i < op->nresults; i++) {
		CHECK(out[i]->type == op->result[i]->type, "the expansion of %s has another type", op_row(op)->name);
		if (out[i]->def && !out[i]->name && out[i]->def->kind != OP_weight)
			out[i]->name = op->result[i]->name;
		value_replace(op->result[i], out[i]);
	}
}

static void expand_block(Ctx *ctx, Block *b, int *nhits)
{
	for (Op *op = b->first; op;) {
		if (!op_has(op, T_COMPOSITE)) {
			for (int i = 0; i < op->nregions; i++)
				expand_block(ctx, op->region[i], nhits);
			op = op->next;
			continue;
		}
		/* An expansion may use composites in turn: go on with the first op that it has built. */
		Op *before = op->prev, *next;
		expand_op(ctx, op);
		++*nhits;
		next = before ? before->next : b->first;
		next = next == op ? op->next : next;
		op_erase(op);
		op = next;
	}
}

/* A composite may have brought what the region that it stood in cannot hold. */
static bool check_body(Op *op, void *arg)
{
	Ctx *ctx = arg;
	const Op *intruder = op_body_intruder(op);

	if (intruder)
		diag_error(&ctx->diag, intruder->loc, "%s: is needed here, but cannot stand in the region of %s, which takes ops that work "
		           "element by element", op_row(intruder)->name, op_row(op)->name);
	return true;
}

bool expand_func(Ctx *ctx, Func *f, int *nhits)
{
	int errors = ctx->diag.nerrors;

	expand_block(ctx, f->body, nhits);
	if (!complex_expand(ctx, f, nhits))
		return false;
	block_walk(f->body, check_body, ctx);
	return ctx->diag.nerrors == errors;
}
