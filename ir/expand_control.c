/* ir/expand_control.c - case and scan in terms of cond and while. */
#include "ir/expand_impl.h"

/* Branches first .. last by a chain of conditions. */
static Op *choose(Builder *b, const Op *op, int first)
{
	Value *is = BUILD(b, compare, ARGS(op->arg[0], build_scalar(b, DT_I32, first)), .dir = CMP_EQ);
	Op *cond = build_begin(b, OP_cond, 1, &is, NULL);

	expand_move_ops(cond->region[0], op->region[first]);
	if (first + 2 == op->nregions) {
		expand_move_ops(cond->region[1], op->region[first + 1]);
	} else {
		Builder in = builder_at_end(b->ctx, cond->region[1]);
		in.loc = b->loc;
		Op *rest = choose(&in, op, first + 1);
		op_append(cond->region[1], op_new(b->func, OP_yield, b->loc, rest->nresults, rest->result, NULL));
	}
	return build_finish(b, cond);
}

void expand_case(Builder *b, const Op *op, Value **out)
{
	if (op->nregions == 1) {
		Op *yield = block_terminator(op->region[0]);
		Op *end = b->before;

		for (int i = 0; i < op->nresults; i++)
			out[i] = yield->arg[i];
		for (Op *o = op->region[0]->first, *next; o != yield; o = next) {
			next = o->next;
			op_unlink(o);
			op_insert_before(end, o);
		}
		return;
	}
	Op *cond = choose(b, op, 0);
	for (int i = 0; i < op->nresults; i++)
		out[i] = cond->result[i];
}

/* A loop that carries the number of the round, the carried values, and the results made of slices. */
typedef struct Scan {
	const Op *op;
	int       carry;
	Dim       rounds;
} Scan;

static Dim scan_rounds(const Op *op)
{
	const struct attrs_scan *a = op_attrs(scan, op);

	for (int i = (int)a->carry; i < op->nargs; i++)
		if (dim_is_const(op->arg[i]->type->dim[0]))
			return op->arg[i]->type->dim[0];
	return a->length.n ? a->length.at[0] : op->arg[a->carry]->type->dim[0];
}

static Value *dim_as_value(Builder *b, Dim d)
{
	return dim_is_const(d) ? build_scalar(b, DT_I64, (double)d->value) : BUILD(b, dimension, NO_ARGS, .value = d);
}

/* Start indices of slice `at` of a tensor of this rank. */
static Value **slice_start(Builder *b, Value *x, Value *at, int rank, int skip)
{
	Value **arg = ARENA_ARRAY(expand_arena(b), Value *, skip + rank);

	arg[0] = x;
	for (int k = 0; k < rank; k++)
		arg[skip + k] = k == 0 ? at : build_scalar(b, DT_I64, 0);
	return arg;
}

static Value *take_slice(Builder *b, Value *x, Value *at, const Type *slice)
{
	Dim size[RANK_MAX];
	const Type *t = x->type;

	for (int k = 0; k < t->rank; k++)
		size[k] = k == 0 ? dim_const(b->ctx->dims, 1) : t->dim[k];
	Value *y = build_value(b, OP_dynamic_slice, 1 + t->rank, slice_start(b, x, at, t->rank, 1),
	                       &(struct attrs_dynamic_slice){ .sizes = dims_copy(expand_arena(b), t->rank, size) });
	return BUILD(b, reshape, ARGS(y), .shape = dims_copy(expand_arena(b), slice->rank, slice->dim));
}

static Value *put_slice(Builder *b, Value *to, Value *slice, Value *at)
{
	Dim shape[RANK_MAX];
	const Type *t = to->type;

	for (int k = 0; k < t->rank; k++)
		shape[k] = k == 0 ? dim_const(b->ctx->dims, 1) : t->dim[k];
	Value **arg = slice_start(b, to, at, t->rank, 2);
	arg[1] = BUILD(b, reshape, ARGS(slice), .shape = dims_copy(expand_arena(b), t->rank, shape));
	return build_value(b, OP_dynamic_update_slice, 2 + t->rank, arg, NULL);
}

static void scan_test(Builder *b, const Scan *s, Block *cond)
{
	Builder in = builder_at_end(b->ctx, cond);

	in.loc = b->loc;
	Value *more = BUILD(&in, compare, ARGS(cond->args.at[0], dim_as_value(&in, s->rounds)), .dir = CMP_LT);
	op_append(cond, op_new(b->func, OP_yield, b->loc, 1, &more, NULL));
}

static void scan_body(Builder *b, const Scan *s, Block *body)
{
	const Op *op = s->op;
	Block *from = op->region[0];
	Builder in = builder_at_end(b->ctx, body);
	Value **next = ARENA_ARRAY(expand_arena(b), Value *, 1 + op->nresults);

	in.loc = b->loc;
	Value *round = body->args.at[0], *at = round;
	if (op_attrs(scan, op)->reverse) {
		Value *last = BUILD(&in, sub, ARGS(dim_as_value(&in, s->rounds), build_scalar(&in, DT_I64, 1)));
		at = BUILD(&in, sub, ARGS(last, round));
	}
	for (int i = 0; i < op->nargs; i++)
		value_replace(from->args.at[i], i < s->carry ? body->args.at[1 + i] :
		              take_slice(&in, op->arg[i], at, from->args.at[i]->type));
	expand_move_ops(body, from);
	Op *yield = block_terminator(body);
	in.before = yield;
	next[0] = BUILD(&in, add, ARGS(round, build_scalar(&in, DT_I64, 1)));
	for (int i = 0; i < op->nresults; i++)
		next[1 + i] = i < s->carry ? yield->arg[i] : put_slice(&in, body->args.at[1 + i], yield->arg[i], at);
	op_set_args(yield, 1 + op->nresults, next);
}

void expand_scan(Builder *b, const Op *op, Value **out)
{
	Scan s = { .op = op, .carry = (int)op_attrs(scan, op)->carry, .rounds = scan_rounds(op) };
	int n = 1 + op->nresults;
	Value **init = ARENA_ARRAY(expand_arena(b), Value *, n);

	if (dim_is(s.rounds, 0)) {    /* there is no slice to take */
		for (int i = 0; i < op->nresults; i++)
			out[i] = i < s.carry ? op->arg[i] : build_splat(b, op->result[i]->type, 0);
		return;
	}

	init[0] = build_scalar(b, DT_I64, 0);
	for (int i = 0; i < op->nresults; i++)
		init[1 + i] = i < s.carry ? op->arg[i] : build_splat(b, op->result[i]->type, 0);
	Op *loop = build_begin(b, OP_while, n, init, &(struct attrs_while){ .rounds = dims_copy(expand_arena(b), 1, &s.rounds) });
	for (int r = 0; r < 2; r++)
		for (int i = 0; i < n; i++)
			block_add_arg(loop->region[r], init[i]->type, NULL, b->loc);
	scan_test(b, &s, loop->region[0]);
	scan_body(b, &s, loop->region[1]);
	loop = build_finish(b, loop);
	for (int i = 0; i < op->nresults; i++)
		out[i] = loop->result[1 + i];
}
