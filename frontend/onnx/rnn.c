/* frontend/onnx/rnn.c - RNN, GRU and LSTM.

   Each direction of a layer is one op of ours (simple_rnn, gru, lstm) where that knows all that the node asks for: then it is what
   makes layers fast.  Peepholes, lengths of sequences, clipping, coupled gates and rarer activations are a scan built here.

   ONNX packs the gates of the kernels as rows: of LSTM input, output, forget, cell; of GRU update, reset, candidate.  A sequence
   shorter than the rest keeps its state after its end, where its results are 0; backwards, it begins with its own last step. */
#include <strings.h>

#include "frontend/onnx/import.h"

typedef struct Activation { const char *name; double alpha, beta; } Activation;

typedef struct Rnn {
	Onnx   *o;
	OpKind  kind;               /* OP_simple_rnn, OP_gru, OP_lstm */
	int     gates, states;
	int     ndirections;
	bool    backwards;          /* of the only direction */
	bool    batch_first;        /* layout 1 */
	DType   given, wide;
	Dim     steps, batch, units;
	Value  *x, *w, *r, *b, *p, *lengths, *start[2];
	double  clip;               /* 0: none */
	bool    linear_before_reset, input_forget;
	Activation act[6];
} Rnn;

static const struct { const char *name; bool alpha, beta; double a, b; const char *ours; } known_activations[] = {
	{ "Tanh",            false, false, 0,    0,   "tanh" },
	{ "Sigmoid",         false, false, 0,    0,   "sigmoid" },
	{ "Relu",            false, false, 0,    0,   "relu" },
	{ "Affine",          true,  true,  1,    0,   NULL },
	{ "LeakyRelu",       true,  false, 0.01, 0,   NULL },
	{ "ThresholdedRelu", true,  false, 1,    0,   NULL },
	{ "ScaledTanh",      true,  true,  1,    1,   NULL },
	{ "HardSigmoid",     true,  true,  0.2,  0.5, NULL },
	{ "Elu",             true,  false, 1,    0,   NULL },
	{ "Softsign",        false, false, 0,    0,   NULL },
	{ "Softplus",        false, false, 0,    0,   NULL },
};
enum { NACTIVATIONS = sizeof known_activations / sizeof *known_activations };

static int activation_find(const char *name)
{
	int i = 0;

	while (i < NACTIVATIONS && strcasecmp(known_activations[i].name, name))
		i++;
	return i;
}

/* How ops of ours call it, or NULL. */
static const char *ours(const Activation *a)
{
	return known_activations[activation_find(a->name)].ours;
}

/* Alphas and betas go to the activations that have one, in order. */
static bool read_activations(Rnn *r)
{
	static const char *const usual[3][3] = { { "Tanh" }, { "Sigmoid", "Tanh" }, { "Sigmoid", "Tanh", "Tanh" } };
	Onnx *o = r->o;
	Strings names = get_strings(o, "activations");
	Floats alpha = get_floats(o, "activation_alpha"), beta = get_floats(o, "activation_beta");
	int each = r->kind == OP_lstm ? 3 : r->kind == OP_gru ? 2 : 1, n = each * r->ndirections, na = 0, nb = 0;

	if (names.n && names.n != n)
		return refuse_attr(o, "activations", "%d names found, wanted %d", names.n, n);
	for (int i = 0; i < n; i++) {
		const char *name = names.n ? names.at[i] : usual[each - 1][i % each];
		int k = activation_find(name);
		if (k == NACTIVATIONS)
			return refuse_attr(o, "activations", "\"%s\" is not known", name);
		r->act[i] = (Activation){ name, known_activations[k].a, known_activations[k].b };
		if (known_activations[k].alpha && na < alpha.n)
			r->act[i].alpha = alpha.at[na++];
		if (known_activations[k].beta && nb < beta.n)
			r->act[i].beta = beta.at[nb++];
	}
	return true;
}

/* What clipping does not touch: the cell, on its way to h. */
static Value *activate_whole(const Rnn *r, const Activation *a, Value *x)
{
	Onnx *o = r->o;

	if (!x)
		return NULL;
	Value *alpha = number_like(o, x, a->alpha), *beta = number_like(o, x, a->beta);
	switch (activation_find(a->name)) {
	case 0:  return EW(o, tanh, x);
	case 1:  return EW(o, logistic, x);
	case 2:  return EMIT(o, relu, ARGS(x));
	case 3:  x = EW(o, mul, alpha, x); return EW(o, add, x, beta);
	case 4:  return emit(o, OP_leaky_relu, ARGS(x), &(struct attrs_leaky_relu){ .negative_slope = a->alpha });
	case 5:  beta = compare(o, CMP_GE, x, alpha); alpha = number_like(o, x, 0); return EW(o, select, beta, x, alpha);
	case 6:  x = EW(o, mul, beta, x); x = EW(o, tanh, x); return EW(o, mul, alpha, x);
	case 7:  return emit(o, OP_hard_sigmoid, ARGS(x), &(struct attrs_hard_sigmoid){ .alpha = a->alpha, .beta = a->beta });
	case 8:  return emit(o, OP_elu, ARGS(x), &(struct attrs_elu){ .alpha = a->alpha });
	case 9:  return EMIT(o, softsign, ARGS(x));
	default: return EMIT(o, softplus, ARGS(x));
	}
}

/* Of a gate. */
static Value *activate(const Rnn *r, const Activation *a, Value *x)
{
	if (x && r->clip > 0) {
		Value *low = number_like(r->o, x, -r->clip), *high = number_like(r->o, x, r->clip);
		x = EW(r->o, clamp, low, x, high);
	}
	return activate_whole(r, a, x);
}

/* Block d of the first axis, without that axis. */
static Value *block_of(Rnn *r, Value *v, int d)
{
	Onnx *o = r->o;

	v = v ? sliced(o, v, 0, dim_num(o, d), dim_num(o, d + 1)) : NULL;
	return v ? reshaped(o, v, v->type->rank - 1, v->type->dim + 1) : NULL;
}

/* Part `first` to `last` of the gates along an axis. */
static Value *gates_of(const Rnn *r, Value *v, int axis, int first, int last)
{
	Onnx *o = r->o;
	DimTable *t = o->ctx->dims;

	return v ? sliced(o, v, axis, dim_mul(t, dim_num(o, first), r->units), dim_mul(t, dim_num(o, last), r->units)) : NULL;
}

/* The gates along an axis in the order of our ops. */
static Value *in_order(const Rnn *r, Value *v, int axis)
{
	static const int order[4] = { 0, 2, 3, 1 };
	Value *part[4];

	if (!v || r->kind != OP_lstm)
		return v;
	for (int i = 0; i < 4; i++)
		part[i] = gates_of(r, v, axis, order[i], order[i] + 1);
	return concatenated(r->o, 4, part, axis);
}

static Value *zeros(const Rnn *r, DType t, int rank, const Dim *dim)
{
	Value *zero = number(r->o, t, 0);

	return broadcast_to(r->o, zero, rank, dim);
}

static Value *start_of(Rnn *r, int state, int d)
{
	return r->start[state] ? block_of(r, r->start[state], d) : zeros(r, r->given, 2, (Dim[]){ r->batch, r->units });
}

/* x [A, B, .] as [B, A, .]. */
static Value *exchanged(Onnx *o, Value *v)
{
	return transposed(o, v, (int64_t[]){ 1, 0, 2 });
}

typedef struct Layer { Value *y, *last[2]; bool batch_first; } Layer;

static bool fits_composite(const Rnn *r, int d)
{
	int each = r->kind == OP_lstm ? 3 : r->kind == OP_gru ? 2 : 1;
	const Activation *a = r->act + d * each;

	for (int i = 0; i < each; i++)
		if (!ours(&a[i]))
			return false;
	return !r->p && !r->lengths && r->clip == 0 && !r->input_forget && (r->kind != OP_lstm || !strcasecmp(a[1].name, a[2].name));
}

/* The bias of both kernels as our op wants it: added up, or for gru with reset_after apart. */
static Value *composite_bias(Rnn *r, int d)
{
	Onnx *o = r->o;
	Dim n = dim_mul(o->ctx->dims, dim_num(o, r->gates), r->units);
	bool apart = r->kind == OP_gru && r->linear_before_reset;

	if (!r->b)
		return apart ? zeros(r, r->given, 2, (Dim[]){ dim_num(o, 2), n }) : zeros(r, r->given, 1, &n);
	Value *b = block_of(r, r->b, d);
	if (apart)
		return reshaped(o, b, 2, (Dim[]){ dim_num(o, 2), n });
	Value *of_x = gates_of(r, b, 0, 0, r->gates), *of_h = gates_of(r, b, 0, r->gates, 2 * r->gates);
	return in_order(r, EW(o, add, of_x, of_h), 0);
}

static bool by_composite(Rnn *r, int d, bool backwards, Layer *out)
{
	Onnx *o = r->o;
	int each = r->kind == OP_lstm ? 3 : r->kind == OP_gru ? 2 : 1, nargs = 4;
	const Activation *a = r->act + d * each;
	Value *v[6];

	v[0] = r->batch_first ? r->x : exchanged(o, r->x);
	v[1] = transposed(o, in_order(r, block_of(r, r->w, d), 0), (int64_t[]){ 1, 0 });
	v[2] = transposed(o, in_order(r, block_of(r, r->r, d), 0), (int64_t[]){ 1, 0 });
	v[3] = composite_bias(r, d);
	if (r->start[0] || r->start[1])
		for (int i = 0; i < r->states; i++)
			v[nargs++] = start_of(r, i, d);
	Op *op = NULL;
	if (r->kind == OP_lstm)
		op = emit_op(o, OP_lstm, nargs, v, &(struct attrs_lstm){ .activation = ours(&a[1]), .recurrent_activation = ours(&a[0]),
		             .go_backwards = backwards });
	else if (r->kind == OP_gru)
		op = emit_op(o, OP_gru, nargs, v, &(struct attrs_gru){ .activation = ours(&a[1]), .recurrent_activation = ours(&a[0]),
		             .go_backwards = backwards, .reset_after = r->linear_before_reset });
	else
		op = emit_op(o, OP_simple_rnn, nargs, v, &(struct attrs_simple_rnn){ .activation = ours(&a[0]), .go_backwards = backwards });
	if (!op)
		return false;
	out->batch_first = true;
	out->y = op->result[0];
	if (backwards)
		out->y = EMIT(o, reverse, ARGS(out->y), .dims = ints_of(o->arena, 1, 1));
	for (int i = 0; i < r->states; i++)
		out->last[i] = op->result[1 + i];
	return out->y != NULL;
}

/* What a step of the scan needs beside the states and its row. */
typedef struct Step { Value *kernel, *bias, *peephole[3]; const Activation *act; } Step;

static Value *times(Onnx *o, Value *h, Value *kernel)
{
	return EMIT(o, dot_general, ARGS(h, kernel), .lhs_contract = ints_of(o->arena, 1, 1), .rhs_contract = ints_of(o->arena, 1, 1));
}

static Value *add_peephole(const Rnn *r, const Step *s, int i, Value *gate, Value *cell)
{
	if (!s->peephole[i])
		return gate;
	Value *more = EW(r->o, mul, s->peephole[i], cell);
	return EW(r->o, add, gate, more);
}

static bool lstm_step(const Rnn *r, const Step *s, Value *xt, Value **state)
{
	Onnx *o = r->o;
	Value *h = times(o, state[0], s->kernel), *z = EW(o, add, xt, h), *c = state[1];
	Value *in = gates_of(r, z, 1, 0, 1), *out = gates_of(r, z, 1, 1, 2), *forget = gates_of(r, z, 1, 2, 3), *cell = gates_of(r, z, 1, 3, 4);

	in = activate(r, &s->act[0], add_peephole(r, s, 0, in, c));
	if (r->input_forget) {
		Value *one = number(o, r->wide, 1);
		forget = EW(o, sub, one, in);
	} else {
		forget = activate(r, &s->act[0], add_peephole(r, s, 2, forget, c));
	}
	cell = activate(r, &s->act[1], cell);
	Value *kept = EW(o, mul, forget, c), *new = EW(o, mul, in, cell);
	state[1] = EW(o, add, kept, new);
	out = activate(r, &s->act[0], add_peephole(r, s, 1, out, state[1]));
	Value *shown = activate_whole(r, &s->act[2], state[1]);
	state[0] = EW(o, mul, out, shown);
	return state[0] != NULL;
}

static bool gru_step(const Rnn *r, const Step *s, Value *xt, Value **state)
{
	Onnx *o = r->o;
	Value *h = state[0], *of_h = NULL, *gate[2];

	for (int i = 0; i < 2; i++) {
		Value *x = gates_of(r, xt, 1, i, i + 1), *kernel = gates_of(r, s->kernel, 0, i, i + 1);
		Value *y = times(o, h, kernel);
		gate[i] = activate(r, &s->act[0], EW(o, add, x, y));
	}
	Value *kernel = gates_of(r, s->kernel, 0, 2, 3), *x = gates_of(r, xt, 1, 2, 3);
	if (r->linear_before_reset) {
		of_h = times(o, h, kernel);
		if (s->bias)
			of_h = EW(o, add, of_h, s->bias);
		of_h = EW(o, mul, gate[1], of_h);
	} else {
		of_h = times(o, EW(o, mul, gate[1], h), kernel);
	}
	Value *new = activate(r, &s->act[1], EW(o, add, x, of_h)), *one = number(o, r->wide, 1);
	Value *rest = EW(o, sub, one, gate[0]), *kept = EW(o, mul, gate[0], h);
	new = EW(o, mul, rest, new);
	state[0] = EW(o, add, new, kept);
	return state[0] != NULL;
}

static bool simple_step(const Rnn *r, const Step *s, Value *xt, Value **state)
{
	Value *h = times(r->o, state[0], s->kernel);

	return (state[0] = activate(r, &s->act[0], EW(r->o, add, xt, h))) != NULL;
}

/* What the kernel makes of x in all steps, with the biases that are added at once: [T, N, gates * U]. */
static Value *inputs_of(Rnn *r, int d, Step *s)
{
	Onnx *o = r->o;
	Value *x = as_type(o, r->batch_first ? exchanged(o, r->x) : r->x, r->wide), *w = as_type(o, block_of(r, r->w, d), r->wide);
	Value *z = EMIT(o, dot_general, ARGS(x, w), .lhs_contract = ints_of(o->arena, 1, 2), .rhs_contract = ints_of(o->arena, 1, 1));

	if (!r->b)
		return z;
	Value *b = as_type(o, block_of(r, r->b, d), r->wide);
	Value *of_x = gates_of(r, b, 0, 0, r->gates), *of_h = gates_of(r, b, 0, r->gates, 2 * r->gates);
	if (r->kind == OP_gru && r->linear_before_reset) {
		s->bias = gates_of(r, of_h, 0, 2, 3);
		Value *part[2] = { gates_of(r, of_h, 0, 0, 2), zeros(r, r->wide, 1, &r->units) };
		of_h = concatenated(o, 2, part, 0);
	}
	b = EW(o, add, of_x, of_h);
	return EW(o, add, z, b);
}

/* The new states where the step is one of the sequence, else the old ones; *shown: h there, else 0. */
static bool keep_old(const Rnn *r, Value *step, Value *const *old, Value **state, Value **shown)
{
	Onnx *o = r->o;
	Value *runs = compare(o, CMP_LT, step, r->lengths), *zero = number(o, r->wide, 0);

	runs = reshaped(o, runs, 2, (Dim[]){ r->batch, dim_num(o, 1) });
	for (int i = 0; i < r->states; i++)
		state[i] = EW(o, select, runs, state[i], old[i]);
	return (*shown = EW(o, select, runs, state[0], zero)) != NULL;
}

static bool scan_body(const Rnn *r, const Step *s, Op *scan, Value *const *start, Value *rows)
{
	Onnx *o = r->o;
	Builder outer = o->b;
	Block *body = scan->region[0];
	Value *old[2], *state[3], *shown;
	int n = r->states;

	o->b.block = body;
	o->b.before = NULL;
	for (int i = 0; i < n; i++)
		state[i] = old[i] = block_add_arg(body, start[i]->type, NULL, o->b.loc);
	Value *xt = block_add_arg(body, type_get(o->ctx->types, r->wide, 2, rows->type->dim + 1), NULL, o->b.loc);
	Value *step = r->lengths ? block_add_arg(body, type_scalar(o->ctx->types, r->lengths->type->dtype), NULL, o->b.loc) : NULL;
	bool ok = r->kind == OP_lstm ? lstm_step(r, s, xt, state) : r->kind == OP_gru ? gru_step(r, s, xt, state) : simple_step(r, s, xt, state);
	shown = state[0];
	ok = ok && (!step || keep_old(r, step, old, state, &shown));
	state[n] = shown;
	ok = ok && build_op(&o->b, OP_yield, n + 1, state, NULL);
	o->b = outer;
	return ok;
}

static bool by_scan(Rnn *r, int d, bool backwards, Layer *out)
{
	Onnx *o = r->o;
	int each = r->kind == OP_lstm ? 3 : r->kind == OP_gru ? 2 : 1, n = r->states, nargs = n;
	Step s = { .act = r->act + d * each };
	Value *v[4], *rows = inputs_of(r, d, &s);

	s.kernel = as_type(o, block_of(r, r->r, d), r->wide);
	for (int i = 0; r->p && i < 3; i++)
		s.peephole[i] = gates_of(r, as_type(o, block_of(r, r->p, d), r->wide), 0, i, i + 1);
	for (int i = 0; i < n; i++)
		v[i] = as_type(o, start_of(r, i, d), r->wide);
	v[nargs++] = rows;
	if (r->lengths)
		v[nargs++] = EMIT(o, iota, NO_ARGS, .dim = 0, .dtype = r->lengths->type->dtype, .shape = dims_copy(o->arena, 1, &r->steps));
	for (int i = 0; i < nargs; i++)
		if (!v[i])
			return false;
	if (!s.kernel || (r->p && (!s.peephole[0] || !s.peephole[1] || !s.peephole[2])))
		return false;
	Op *scan = build_begin(&o->b, OP_scan, nargs, v, &(struct attrs_scan){ .carry = n, .reverse = backwards });
	if (!scan_body(r, &s, scan, v, rows) || !(scan = build_finish(&o->b, scan)))
		return false;
	for (int i = 0; i < n; i++)
		out->last[i] = as_type(o, scan->result[i], r->given);
	out->y = as_type(o, scan->result[n], r->given);
	out->batch_first = false;
	return true;
}

/* [T, N, U] or [N, T, U] with the axis of directions where the layout has it. */
static Value *with_direction(Rnn *r, const Layer *l)
{
	Onnx *o = r->o;
	Dim one = dim_num(o, 1);
	Value *y = l->batch_first == r->batch_first ? l->y : exchanged(o, l->y);

	return r->batch_first ? reshaped(o, y, 4, (Dim[]){ r->batch, r->steps, one, r->units }) :
	                        reshaped(o, y, 4, (Dim[]){ r->steps, one, r->batch, r->units });
}

static bool give_layers(Rnn *r, const Layer *l)
{
	Onnx *o = r->o;
	Dim one = dim_num(o, 1);
	Value *part[2];

	if (wants(o, 0)) {
		for (int d = 0; d < r->ndirections; d++)
			part[d] = with_direction(r, &l[d]);
		if (!give(o, 0, concatenated(o, r->ndirections, part, r->batch_first ? 2 : 1)))
			return false;
	}
	for (int i = 0; i < r->states; i++) {
		if (!wants(o, 1 + i))
			continue;
		for (int d = 0; d < r->ndirections; d++)
			part[d] = r->batch_first ? reshaped(o, l[d].last[i], 3, (Dim[]){ r->batch, one, r->units }) :
			                           reshaped(o, l[d].last[i], 3, (Dim[]){ one, r->batch, r->units });
		if (!give(o, 1 + i, concatenated(o, r->ndirections, part, r->batch_first ? 1 : 0)))
			return false;
	}
	return true;
}

/* Lengths that are all that of the longest say nothing.  Those that are an input are data: nobody asks for them. */
static bool are_whole(Onnx *o, Value *lengths, Dim steps)
{
	Dims d;

	if (!lengths->def || !knows(o, lengths) || !dims_in(o, lengths, &d))
		return false;
	for (int i = 0; i < d.n; i++)
		if (!d.at[i] || !dim_known_equal(d.at[i], steps))
			return false;
	return true;
}

static bool read_operands(Rnn *r)
{
	Onnx *o = r->o;

	r->x = arg(o, 0);
	r->w = arg(o, 1);
	r->r = arg(o, 2);
	r->b = arg_opt(o, 3);
	r->lengths = arg_opt(o, 4);
	r->start[0] = arg_opt(o, 5);
	r->start[1] = r->kind == OP_lstm ? arg_opt(o, 6) : NULL;
	r->p = r->kind == OP_lstm ? arg_opt(o, 7) : NULL;
	if (!r->x || !r->w || !r->r)
		return false;
	if (r->x->type->rank != 3 || r->w->type->rank != 3 || r->r->type->rank != 3)
		return refuse(o, "X, W and R have ranks %d, %d and %d, wanted 3", r->x->type->rank, r->w->type->rank, r->r->type->rank);
	if ((r->b && r->b->type->rank != 2) || (r->p && r->p->type->rank != 2) || (r->lengths && r->lengths->type->rank != 1))
		return refuse(o, "B and P have rank 2, and sequence_lens 1");
	for (int i = 0; i < r->states; i++)
		if (r->start[i] && r->start[i]->type->rank != 3)
			return refuse(o, "a state at the start has rank %d, wanted 3", r->start[i]->type->rank);
	r->given = r->x->type->dtype;
	r->wide = dtype_compute(r->given);
	r->steps = r->x->type->dim[r->batch_first];
	r->batch = r->x->type->dim[!r->batch_first];
	r->units = r->r->type->dim[2];
	if (r->lengths && are_whole(o, r->lengths, r->steps))
		r->lengths = NULL;
	for (int i = 0; i < r->states && r->batch_first; i++)
		if (r->start[i] && !(r->start[i] = exchanged(o, r->start[i])))
			return false;
	return true;
}

static bool read_direction(Rnn *r)
{
	const char *direction = get_string(r->o, "direction", "forward");

	r->ndirections = 1 + !strcmp(direction, "bidirectional");
	r->backwards = !strcmp(direction, "reverse");
	if (r->ndirections == 1 && !r->backwards && strcmp(direction, "forward"))
		return refuse_attr(r->o, "direction", "\"%s\" found, wanted \"forward\", \"reverse\" or \"bidirectional\"", direction);
	return true;
}

static bool make(Onnx *o, OpKind kind)
{
	Rnn r = { .o = o, .kind = kind, .gates = kind == OP_lstm ? 4 : kind == OP_gru ? 3 : 1, .states = 1 + (kind == OP_lstm) };
	Layer layer[2];

	r.batch_first = get_int(o, "layout", 0) != 0;
	r.clip = get_float(o, "clip", 0);
	r.linear_before_reset = get_int(o, "linear_before_reset", 0) != 0;
	r.input_forget = get_int(o, "input_forget", 0) != 0;
	if (!read_direction(&r) || !read_activations(&r) || !read_operands(&r))
		return false;
	if (!dim_is(r.w->type->dim[0], r.ndirections) || !dim_is(r.r->type->dim[0], r.ndirections))
		return refuse(o, "W and R are not of %d direction%s along axis 0", r.ndirections, r.ndirections == 1 ? "" : "s");
	for (int d = 0; d < r.ndirections; d++) {
		bool backwards = r.backwards || d == 1;
		if (!(fits_composite(&r, d) ? by_composite(&r, d, backwards, &layer[d]) : by_scan(&r, d, backwards, &layer[d])))
			return false;
	}
	return give_layers(&r, layer);
}

bool onnx_rnn(Onnx *o)
{
	return make(o, OP_simple_rnn);
}

bool onnx_gru(Onnx *o)
{
	return make(o, OP_gru);
}

bool onnx_lstm(Onnx *o)
{
	return make(o, OP_lstm);
}
