/* ir/expand_contract.c - expansions of matmul and dense. */
#include "ir/expand_impl.h"

/* x with its last two axes (or its only one) below the given batch extents. */
static Value *over_batch(Builder *b, Value *x, int nbatch, const Dim *batch)
{
	int core = x->type->rank < 2 ? x->type->rank : 2, own = x->type->rank - core, rank = nbatch + core;
	Dim dim[RANK_MAX + 2];
	int64_t to[RANK_MAX];

	for (int i = 0; i < nbatch; i++)
		dim[i] = batch[i];
	for (int i = 0; i < core; i++)
		dim[nbatch + i] = x->type->dim[own + i];
	for (int i = 0; i < x->type->rank; i++)
		to[i] = i < own ? nbatch - own + i : nbatch + i - own;
	return build_broadcast(b, x, type_get(b->ctx->types, x->type->dtype, rank, dim), (Ints){ x->type->rank, to });
}

/* numpy: a rank-1 operand is a row on the left and a column on the right, and that axis goes from the result; axes
   before the last two are a batch, broadcast.  A right side without a batch needs none on the left either: one
   product of all rows. */
void expand_matmul(Builder *b, const Op *op, Value **out)
{
	Value *x = op->arg[0], *y = op->arg[1];
	int xr = x->type->rank, yr = y->type->rank;
	int nbatch = yr <= 2 ? 0 : op->result[0]->type->rank - (xr > 1) - 1;

	if (nbatch) {
		x = over_batch(b, x, nbatch, op->result[0]->type->dim);
		y = over_batch(b, y, nbatch, op->result[0]->type->dim);
		xr = x->type->rank;
	}
	Ints batch = expand_range(b, 0, nbatch);
	int contract = nbatch ? nbatch : yr - 1 - (yr > 1);
	out[0] = BUILD(b, dot_general, ARGS(x, y), .lhs_batch = batch, .rhs_batch = batch,
	               .lhs_contract = expand_range(b, xr - 1, xr), .rhs_contract = expand_range(b, contract, contract + 1));
}

void expand_dense(Builder *b, const Op *op, Value **out)
{
	Value *x = op->arg[0];
	int last = x->type->rank - 1;
	Value *y = BUILD(b, dot_general, ARGS(x, op->arg[1]), .lhs_contract = expand_range(b, last, last + 1),
	                 .rhs_contract = expand_range(b, 0, 1));

	out[0] = expand_add_bias(b, op, 2, y);
}
