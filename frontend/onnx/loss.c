/* frontend/onnx/loss.c - NegativeLogLikelihoodLoss and SoftmaxCrossEntropyLoss. */
#include "frontend/onnx/import.h"

/* Of x [N, C, rest...] the element of the class that target [N, rest...] names. */
static Value *of_class(Onnx *o, Value *x, Value *target)
{
	int rank = x->type->rank;
	int64_t last[RANK_MAX];

	for (int k = 0; k < rank; k++)
		last[k] = k == 0 ? 0 : k < rank - 1 ? k + 1 : 1;
	x = transposed(o, x, ints_copy(o->arena, rank, last).at);
	target = emit(o, OP_expand_dims, 1, &target, &(struct attrs_expand_dims){ .dims = ints_of(o->arena, 1, rank - 1) });
	return emit(o, OP_gather_nd, 2, (Value *[]){ x, target }, &(struct attrs_gather_nd){ .batch_dims = rank - 1 });
}

static Value *total(Onnx *o, Value *x)
{
	int64_t all[RANK_MAX];

	for (int k = 0; x && k < x->type->rank; k++)
		all[k] = k;
	return x ? reduced(o, OP_reduce_sum, x, ints_copy(o->arena, x->type->rank, all), false) : NULL;
}

/* What an element counts: the weight of its class, 0 where it is ignored; NULL with *failed false: 1 everywhere. */
static Value *weights(Onnx *o, Value *target, Value *table, Value *kept, DType t, bool *failed)
{
	Value *w = NULL, *none = number(o, t, 0);

	if (table)
		w = emit(o, OP_take, 2, (Value *[]){ as_type(o, table, t), target }, &(struct attrs_take){ .axis = 0 });
	else if (kept)
		w = as_type(o, kept, t);
	*failed = (table || kept) && !w;
	return w && table && kept ? emit(o, OP_where, 3, (Value *[]){ kept, w, none }, NULL) : w;
}

/* -log_prob of the target's class, weighted and reduced. */
static bool loss(Onnx *o, Value *log_prob, Value *target, Value *table, DType t)
{
	bool mean = get_is(o, "reduction", "mean", "mean"), sum = get_is(o, "reduction", "mean", "sum"), failed;
	int64_t ignored = get_int(o, "ignore_index", 0);
	Value *kept = NULL, *none = number(o, log_prob->type->dtype, 0);

	if (!mean && !sum && !get_is(o, "reduction", "mean", "none"))
		return refuse_attr(o, "reduction", "is '%s', wanted none, sum or mean", get_string(o, "reduction", ""));
	if (log_prob->type->rank < 2 || target->type->rank != log_prob->type->rank - 1)
		return refuse(o, "the operands have rank %d and %d, wanted at least 2 and one less", log_prob->type->rank, target->type->rank);
	if (table && table->type->rank != 1)
		return refuse(o, "the weights, operand 2, have rank %d, wanted 1", table->type->rank);
	if (has_attr(o, "ignore_index")) {
		Value *which = number_like(o, target, (double)ignored);
		kept = compare(o, CMP_NE, target, which);
	}
	Value *w = weights(o, target, table, kept, log_prob->type->dtype, &failed), *y = of_class(o, log_prob, target);
	y = EW(o, neg, y);
	if (kept)
		y = emit(o, OP_where, 3, (Value *[]){ kept, y, none }, NULL);
	if (w)
		y = EW(o, mul, y, w);
	if (failed || !y)
		return false;
	if (mean) {
		Dim n = type_count(o->ctx->types, y->type);
		Value *count = w ? total(o, w) : as_type(o, size_value(o, n), y->type->dtype);
		y = total(o, y);
		y = EW(o, div, y, count);
	} else if (sum) {
		y = total(o, y);
	}
	return give(o, 0, as_type(o, y, t));
}

bool onnx_negative_log_likelihood_loss(Onnx *o)
{
	Value *x = arg(o, 0), *target = arg(o, 1), *table = arg_opt(o, 2);

	if (!x || !target || (has_arg(o, 2) && !table))
		return false;
	DType t = x->type->dtype;
	return loss(o, as_type(o, x, dtype_compute(t)), target, table, t);
}

bool onnx_softmax_cross_entropy_loss(Onnx *o)
{
	Value *x = arg(o, 0), *target = arg(o, 1), *table = arg_opt(o, 2);

	if (!x || !target || (has_arg(o, 2) && !table))
		return false;
	DType t = x->type->dtype;
	x = as_type(o, x, dtype_compute(t));
	x = emit(o, OP_log_softmax, 1, &x, &(struct attrs_log_softmax){ .axis = 1 });
	return x && loss(o, x, target, table, t) && (!wants(o, 1) || give(o, 1, as_type(o, x, t)));
}
