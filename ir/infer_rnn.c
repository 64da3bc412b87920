/* ir/infer_rnn.c - inference of recurrent layers: lstm, gru, simple_rnn. */
#include "ir/infer_impl.h"
#include "ir/rnn.h"

RnnActivation rnn_activation(const char *name)
{
	static const char *const known[] = {
		[RNN_TANH] = "tanh", [RNN_SIGMOID] = "sigmoid", [RNN_RELU] = "relu", [RNN_LINEAR] = "linear",
	};
	int i = 0;

	while (i < RNN_ACTIVATION_COUNT && strcmp(known[i], name))
		i++;
	return i;
}

static bool is_activation(Infer *in, const char *attr, const char *name)
{
	return rnn_activation(name) != RNN_ACTIVATION_COUNT ||
	       infer_fail(in, "'%s' is \"%s\", wanted \"tanh\", \"sigmoid\", \"relu\" or \"linear\"", attr, name);
}

/* Their attributes begin alike; simple_rnn has no activation of gates. */
static bool activations_are_known(Infer *in)
{
	const struct attrs_lstm *a = in->op->attrs;

	return is_activation(in, "activation", a->activation) &&
	       (in->op->kind == OP_simple_rnn || is_activation(in, "recurrent_activation", a->recurrent_activation));
}

bool infer_rnn(Infer *in)
{
	OpKind kind = in->op->kind;
	int gates = rnn_gates(kind), states = rnn_states(kind), n = in->op->nargs;
	const char *what = states == 2 ? "x, kernel, recurrent kernel, bias, and optionally h and c" :
	                                 "x, kernel, recurrent kernel, bias, and optionally h";

	if ((n != 4 && n != 4 + states && !infer_fail(in, "%d operand%s found, wanted %s", n, n == 1 ? "" : "s", what)) ||
	    !activations_are_known(in) || !infer_dtype_in(in, 0, DTS_FLOAT) || !infer_rank_is(in, 0, 3) || !infer_rank_is(in, 1, 2) ||
	    !infer_rank_is(in, 2, 2))
		return false;

	const Type *x = infer_arg(in, 0);
	Dim units = infer_arg(in, 2)->dim[0], columns = infer_mul(in, units, infer_const(in, gates)), batch = x->dim[0];
	if (!columns)
		return infer_fail(in, "the number of columns of the kernels does not fit 64 bits");
	bool two_rows = kind == OP_gru && op_attrs(gru, in->op)->reset_after;
	Dim bias[2] = { infer_const(in, 2), columns }, state[2] = { batch, units };
	if (!infer_operand_is(in, 1, "the kernel", 2, (Dim[]){ x->dim[2], columns }) ||
	    !infer_operand_is(in, 2, "the recurrent kernel", 2, (Dim[]){ units, columns }) ||
	    !infer_operand_is(in, 3, "the bias", 1 + two_rows, bias + !two_rows))
		return false;
	for (int i = 4; i < n; i++)
		if (!infer_operand_is(in, i, i == 4 ? "h at the start" : "c at the start", 2, state))
			return false;
	if (!infer_fits(in, "what the kernel gives", dtype_compute(x->dtype), 3, (Dim[]){ x->dim[1], batch, columns }) ||
	    !infer_result(in, x->dtype, 3, (Dim[]){ batch, x->dim[1], units }))
		return false;
	for (int i = 0; i < states; i++)
		if (!infer_result(in, x->dtype, 2, state))
			return false;
	return true;
}
