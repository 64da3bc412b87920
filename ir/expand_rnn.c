/* ir/expand_rnn.c - expansions of recurrent layers: lstm, gru, simple_rnn.

   What the kernel makes of x is one product for all steps; a scan does the rest.  All is in the type that the operands' ops
   compute in, from the first step to the last. */
#include "ir/expand_impl.h"
#include "ir/rnn.h"

/* What a step needs beside the states and its row of x times the kernel. */
typedef struct Rnn {
	const Op *op;
	Value    *recurrent;        /* kernel; of gru without reset_after that of the two gates */
	Value    *candidate;        /* and that of the candidate, else NULL */
	Value    *bias;             /* of the state (gru with reset_after), else NULL */
	Dim       units;
} Rnn;

/* The new states in place of the old ones.  xt: [N, gates * U]. */
typedef void RnnStep(Builder *b, const Rnn *r, Value *xt, Value **state);

static Value *activate(Builder *b, const char *name, Value *x)
{
	switch (rnn_activation(name)) {
	case RNN_TANH:    return ew_tanh(b, x);
	case RNN_SIGMOID: return ew_logistic(b, x);
	case RNN_RELU:    return ew_at_least(b, x, 0);
	default:          return x;
	}
}

/* Columns first * U to last * U. */
static Value *columns(Builder *b, const Rnn *r, Value *x, int first, int last)
{
	DimTable *dims = b->ctx->dims;
	Dim zero = dim_const(dims, 0), from = dim_mul(dims, dim_const(dims, first), r->units);
	Dim to = dim_mul(dims, dim_const(dims, last), r->units);

	return BUILD(b, slice, ARGS(x), .start = dims_copy(expand_arena(b), 2, (Dim[]){ zero, from }),
	             .limit = dims_copy(expand_arena(b), 2, (Dim[]){ x->type->dim[0], to }));
}

static Value *block(Builder *b, const Rnn *r, Value *x, int i)
{
	return columns(b, r, x, i, i + 1);
}

static Value *times(Builder *b, Value *x, Value *kernel)
{
	int last = x->type->rank - 1;

	return BUILD(b, dot_general, ARGS(x, kernel), .lhs_contract = expand_range(b, last, last + 1), .rhs_contract = expand_range(b, 0, 1));
}

static void lstm_step(Builder *b, const Rnn *r, Value *xt, Value **state)
{
	const struct attrs_lstm *a = r->op->attrs;
	Value *z = ew_add(b, xt, times(b, state[0], r->recurrent)), *g[4];

	for (int i = 0; i < 4; i++) {
		g[i] = block(b, r, z, i);
		g[i] = activate(b, i == 2 ? a->activation : a->recurrent_activation, g[i]);
	}
	Value *kept = ew_mul(b, g[1], state[1]), *new = ew_mul(b, g[0], g[2]);
	state[1] = ew_add(b, kept, new);
	state[0] = ew_mul(b, g[3], activate(b, a->activation, state[1]));
}

static void gru_step(Builder *b, const Rnn *r, Value *xt, Value **state)
{
	const struct attrs_gru *a = r->op->attrs;
	Value *h = state[0], *inner = times(b, h, r->recurrent), *gate[2], *of_state;

	if (r->bias)
		inner = ew_add(b, inner, build_broadcast(b, r->bias, inner->type, expand_range(b, 1, 2)));
	for (int i = 0; i < 2; i++) {
		Value *of_x = block(b, r, xt, i);
		gate[i] = ew_add(b, of_x, block(b, r, inner, i));
		gate[i] = activate(b, a->recurrent_activation, gate[i]);
	}
	if (r->candidate)
		of_state = times(b, ew_mul(b, gate[1], h), r->candidate);
	else
		of_state = ew_mul(b, gate[1], block(b, r, inner, 2));
	Value *of_x = block(b, r, xt, 2);
	Value *new = activate(b, a->activation, ew_add(b, of_x, of_state));
	Value *kept = ew_mul(b, gate[0], h), *rest = ew_sub(b, expand_like(b, gate[0], 1), gate[0]);
	state[0] = ew_add(b, kept, ew_mul(b, rest, new));
}

static void simple_step(Builder *b, const Rnn *r, Value *xt, Value **state)
{
	const struct attrs_simple_rnn *a = r->op->attrs;

	state[0] = activate(b, a->activation, ew_add(b, xt, times(b, state[0], r->recurrent)));
}

/* [A, B, .] to [B, A, .] */
static Value *exchange(Builder *b, Value *x)
{
	return BUILD(b, transpose, ARGS(x), .permutation = ints_of(expand_arena(b), 3, 1, 0, 2));
}

/* x times the kernel, and the bias added, for all steps in their order: [T, N, gates * U]. */
static Value *inputs(Builder *b, const Op *op, Value *bias)
{
	const struct attrs_lstm *a = op->attrs;
	Value *kernel = expand_wide(b, op->arg[1]), *x = exchange(b, expand_wide(b, op->arg[0]));

	if (a->go_backwards)
		x = BUILD(b, reverse, ARGS(x), .dims = expand_range(b, 0, 1));
	x = times(b, x, kernel);
	return ew_add(b, x, build_broadcast(b, bias, x->type, expand_range(b, 2, 3)));
}

/* States at the start, then those after the last step, and h after each of them. */
static void run(Builder *b, const Rnn *r, RnnStep *step, Value *x, Value **state, Value **sequence)
{
	int n = rnn_states(r->op->kind);
	Value *arg[3], *now[3];

	for (int i = 0; i < n; i++)
		arg[i] = state[i];
	arg[n] = x;
	Op *scan = build_begin(b, OP_scan, n + 1, arg, &(struct attrs_scan){ .carry = n });
	Builder in = builder_at_end(b->ctx, scan->region[0]);
	in.loc = b->loc;
	for (int i = 0; i < n; i++)
		now[i] = block_add_arg(scan->region[0], state[i]->type, NULL, b->loc);
	Value *xt = block_add_arg(scan->region[0], type_get(b->ctx->types, x->type->dtype, 2, x->type->dim + 1), NULL, b->loc);
	step(&in, r, xt, now);
	now[n] = now[0];
	CHECK(build_op(&in, OP_yield, n + 1, now, NULL), "yield of %s", op_row(r->op)->name);
	scan = build_finish(b, scan);
	CHECK(scan, "the scan of %s is refused", op_row(r->op)->name);
	for (int i = 0; i < n; i++)
		state[i] = scan->result[i];
	*sequence = scan->result[n];
}

static void layer(Builder *b, Rnn *r, RnnStep *step, Value *bias, Value **out)
{
	const Op *op = r->op;
	int n = rnn_states(op->kind);
	Value *x = inputs(b, op, bias), *state[2], *sequence;
	DType t = op->result[0]->type->dtype;

	for (int i = 0; i < n; i++) {
		const Type *wide = type_with_dtype(b->ctx->types, op->result[1 + i]->type, x->type->dtype);
		state[i] = op->nargs > 4 ? expand_in_shape(b, expand_wide(b, op->arg[4 + i]), wide) : build_splat(b, wide, 0);
	}
	run(b, r, step, x, state, &sequence);
	sequence = expand_convert(b, exchange(b, sequence), t);
	out[0] = expand_in_shape(b, sequence, op->result[0]->type);
	for (int i = 0; i < n; i++)
		out[1 + i] = expand_in_shape(b, expand_convert(b, state[i], t), op->result[1 + i]->type);
}

void expand_lstm(Builder *b, const Op *op, Value **out)
{
	Rnn r = { .op = op, .recurrent = expand_wide(b, op->arg[2]), .units = op->arg[2]->type->dim[0] };

	layer(b, &r, lstm_step, expand_wide(b, op->arg[3]), out);
}

void expand_simple_rnn(Builder *b, const Op *op, Value **out)
{
	Rnn r = { .op = op, .recurrent = expand_wide(b, op->arg[2]), .units = op->arg[2]->type->dim[0] };

	layer(b, &r, simple_step, expand_wide(b, op->arg[3]), out);
}

/* Row i of a matrix. */
static Value *row(Builder *b, Value *x, int i)
{
	DimTable *dims = b->ctx->dims;
	Dim n = x->type->dim[1], from[2] = { dim_const(dims, i), dim_const(dims, 0) }, to[2] = { dim_const(dims, i + 1), n };

	x = BUILD(b, slice, ARGS(x), .start = dims_copy(expand_arena(b), 2, from), .limit = dims_copy(expand_arena(b), 2, to));
	return BUILD(b, reshape, ARGS(x), .shape = dims_copy(expand_arena(b), 1, &n));
}

void expand_gru(Builder *b, const Op *op, Value **out)
{
	Value *recurrent = expand_wide(b, op->arg[2]), *bias = expand_wide(b, op->arg[3]);
	Rnn r = { .op = op, .recurrent = recurrent, .units = op->arg[2]->type->dim[0] };

	if (op_attrs(gru, op)->reset_after) {
		r.bias = row(b, bias, 1);
		bias = row(b, bias, 0);
	} else {
		r.recurrent = columns(b, &r, recurrent, 0, 2);
		r.candidate = columns(b, &r, recurrent, 2, 3);
	}
	layer(b, &r, gru_step, bias, out);
}
