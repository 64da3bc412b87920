/* frontend/onnx/loop.c - Loop.

   A short body whose number of rounds is known while the model is read is read that many times.  That is also the only way to carry
   sequences and values whose shapes change from round to round.  Otherwise the body is a region: of a scan where the number of
   rounds is a size or a number, of a while where it is data.  What a loop collects then has a bounded dimension, whose bound is the
   greatest number of rounds. */
#include "frontend/onnx/control.h"

/* Nodes of a loop that are copied without need, and nodes of a model from which on none are; rounds copied when needed. */
enum { UNROLL_MAX = 256, UNROLL_NODES_MAX = 1 << 17, ROUNDS_MAX = 1 << 12 };

typedef struct Loop {
	Onnx   *o;
	const Onnx__GraphProto *body;
	int     ncarried, nscans;
	Known **carried;            /* at the start */
	Value  *most, *cond;        /* scalars, or NULL */
} Loop;

static Known *round_number(Onnx *o, int64_t i)
{
	Value *v = size_value(o, dim_num(o, i));

	return v ? known_tensor(o, v) : NULL;
}

/* The results of one round: out[0] is the condition. */
static bool one_round(Loop *l, Known *number, Known *cond, Known *const *carried, Known **out)
{
	Onnx *o = l->o;
	Known **in = ARENA_ARRAY(o->arena, Known *, l->ncarried + 2);

	if (!number || !cond)
		return false;
	in[0] = number;
	in[1] = cond;
	for (int i = 0; i < l->ncarried; i++)
		in[2 + i] = carried[i];
	return import_body(o, l->body, l->ncarried + 2, in, out);
}

static bool give_results(Loop *l, Known *const *carried, Value *const *scans)
{
	Onnx *o = l->o;

	for (int i = 0; i < l->ncarried + l->nscans; i++)
		if (wants(o, i) && !(i < l->ncarried ? give_known(o, i, carried[i]) : give(o, i, scans[i - l->ncarried])))
			return false;
	return true;
}

/* A collection of nothing: of the element type and shape that the body declares. */
static Value *empty_scan(Loop *l, int k)
{
	Onnx *o = l->o;
	const Onnx__TypeProto *t = l->body->output[1 + l->ncarried + k]->type;
	const Onnx__TypeProto__Tensor *x = t && t->value_case == ONNX__TYPE_PROTO__VALUE_TENSOR_TYPE ? t->tensor_type : NULL;
	Dim dim[RANK_MAX] = { dim_num(o, 0) };
	DType type;
	int rank = 1;

	if (!x || !x->shape || x->shape->n_dim > RANK_MAX - 1) {
		refuse(o, "there is no round, and the type of result %d is not declared", l->ncarried + k);
		return NULL;
	}
	if (!onnx_dtype(o, x->elem_type, &type))
		return NULL;
	for (size_t i = 0; i < x->shape->n_dim; i++)
		dim[rank++] = dim_num(o, x->shape->dim[i]->value_case == ONNX__TENSOR_SHAPE_PROTO__DIMENSION__VALUE_DIM_VALUE ? x->shape->dim[i]->dim_value : 0);
	Value *zero = number(o, type, 0);
	return zero ? broadcast_to(o, zero, rank, dim) : NULL;
}

/* The body again and again, as long as its condition is known to hold. */
static bool unroll(Loop *l, int64_t most, bool truth)
{
	Onnx *o = l->o;
	int nout = 1 + l->ncarried + l->nscans;
	Known **out = ARENA_ARRAY(o->arena, Known *, nout), **carried = l->carried;
	VEC(Value *) *scans = ARENA_ARRAY(o->arena, __typeof__(*scans), l->nscans + 1);
	Value **joined = ARENA_ARRAY(o->arena, Value *, l->nscans + 1);

	memset(scans, 0, sizeof *scans * (size_t)l->nscans);
	for (int64_t i = 0; i < most && truth; i++) {
		Value *yes = number(o, DT_BOOL, 1);
		if (i == ROUNDS_MAX)
			return refuse(o, "more than %d rounds would have to be unrolled, since sequences or changing shapes go from round to round", ROUNDS_MAX);
		if (!one_round(l, round_number(o, i), yes ? known_tensor(o, yes) : NULL, carried, out))
			return false;
		if (out[0]->kind != KNOWN_TENSOR)
			return refuse(o, "the body's condition is no tensor");
		if (l->cond && !knows(o, out[0]->value))
			return refuse(o, "sequences or values of changing shape go from round to round, so that the number of rounds must be known; "
			              "but the condition after round %lld is data", (long long)i);
		if (l->cond && !truth_of(o, out[0]->value, &truth))
			return false;
		carried = ARENA_ARRAY(o->arena, Known *, l->ncarried + 1);
		for (int k = 0; k < l->ncarried; k++)
			carried[k] = out[1 + k];
		for (int k = 0; k < l->nscans; k++) {
			if (out[1 + l->ncarried + k]->kind != KNOWN_TENSOR)
				return refuse(o, "what is collected in result %d is no tensor", l->ncarried + k);
			vec_push(o->arena, &scans[k], out[1 + l->ncarried + k]->value);
		}
	}
	for (int k = 0; k < l->nscans; k++) {
		joined[k] = scans[k].n ? emit(o, OP_stack, scans[k].n, scans[k].at, &(struct attrs_stack){ .axis = 0 }) : empty_scan(l, k);
		if (!joined[k] && wants(o, l->ncarried + k))
			return false;
	}
	return give_results(l, carried, joined);
}

/* --- as a region --- */

/* The types of carried values must stay: true where the region's values are such; a changed shape is told of. */
static bool keeps_types(Loop *l, Known *const *out, int *changed)
{
	for (int i = 0; i < l->ncarried; i++) {
		if (out[1 + i]->kind == KNOWN_TENSOR && !types_differ(out[1 + i]->value->type, l->carried[i]->value->type))
			continue;
		*changed = i;
		return false;
	}
	return true;
}

/* A trip count that is a size: a scan of the carried values, the number of the round among them. */
static bool as_scan(Loop *l, Dim rounds, int *changed)
{
	Onnx *o = l->o;
	int n = l->ncarried, nout = 1 + n + l->nscans;
	Value **v = ARENA_ARRAY(o->arena, Value *, n + l->nscans + 2);
	Known **out = ARENA_ARRAY(o->arena, Known *, nout + 1), **in = ARENA_ARRAY(o->arena, Known *, n + 1);

	if (!(v[0] = size_value(o, dim_num(o, 0))))
		return false;
	for (int i = 0; i < n; i++)
		v[1 + i] = l->carried[i]->value;
	Op *op = build_begin(&o->b, OP_scan, 1 + n, v, &(struct attrs_scan){ .carry = 1 + n, .length = dims_copy(o->arena, 1, &rounds) });
	Spot spot = region_enter(o, op->region[0]);
	Value *at = block_add_arg(op->region[0], v[0]->type, NULL, o->b.loc);
	for (int i = 0; i < n; i++)
		in[i] = known_tensor(o, block_add_arg(op->region[0], v[1 + i]->type, NULL, o->b.loc));
	Value *yes = number(o, DT_BOOL, 1);
	bool ok = one_round(l, known_tensor(o, at), known_tensor(o, yes), in, out);
	if (ok && !keeps_types(l, out, changed)) {
		region_leave(o, spot);
		op_erase(op);
		return false;
	}
	if (ok && !are_tensors(nout, out))
		ok = refuse(o, "what is collected is no tensor");
	if (ok) {
		Value *one = size_value(o, dim_num(o, 1));
		v[0] = EW(o, add, at, one);
		for (int i = 1; i < nout; i++)
			v[i] = out[i]->value;
		ok = v[0] && build_op(&o->b, OP_yield, nout, v, NULL);
	}
	region_leave(o, spot);
	if (!ok || !(op = build_finish(&o->b, op)))
		return false;
	Known **last = ARENA_ARRAY(o->arena, Known *, n + 1);
	for (int i = 0; i < n; i++)
		last[i] = known_tensor(o, op->result[1 + i]);
	return give_results(l, last, op->result + 1 + n);
}

/* Reads the body once to find the types of what it collects; the ops made are taken back. */
static bool scan_types(Loop *l, const Type **types, int *changed)
{
	Onnx *o = l->o;
	int n = l->ncarried, nout = 1 + n + l->nscans;
	Known **out = ARENA_ARRAY(o->arena, Known *, nout + 1), **in = ARENA_ARRAY(o->arena, Known *, n + 1);
	Dim one = dim_num(o, 1);
	Op *op = build_begin(&o->b, OP_scan, 0, NULL, &(struct attrs_scan){ .carry = 0, .length = dims_copy(o->arena, 1, &one) });
	Spot spot = region_enter(o, op->region[0]);
	Value *at = block_add_arg(op->region[0], type_scalar(o->ctx->types, DT_I64), NULL, o->b.loc);
	Value *cond = block_add_arg(op->region[0], type_scalar(o->ctx->types, DT_BOOL), NULL, o->b.loc);

	for (int i = 0; i < n; i++)
		in[i] = known_tensor(o, block_add_arg(op->region[0], l->carried[i]->value->type, NULL, o->b.loc));
	bool ok = one_round(l, known_tensor(o, at), known_tensor(o, cond), in, out);
	region_leave(o, spot);
	ok = ok && keeps_types(l, out, changed);
	for (int k = 0; k < l->nscans && ok; k++) {
		if (out[1 + n + k]->kind != KNOWN_TENSOR)
			ok = refuse(o, "what is collected is no tensor");
		else
			types[k] = out[1 + n + k]->value->type;
	}
	op_erase(op);
	return ok;
}

static Value *written(Onnx *o, Value *all, Value *at, Value *part)
{
	int rank = all->type->rank;
	Value **v = ARENA_ARRAY(o->arena, Value *, rank + 2);
	Dim dim[RANK_MAX] = { dim_num(o, 1) };

	memcpy(dim + 1, part->type->dim, sizeof *dim * (size_t)part->type->rank);
	v[0] = all;
	v[1] = reshaped(o, part, rank, dim);
	v[2] = at;
	for (int i = 1; i < rank; i++)
		v[2 + i] = size_value(o, dim_num(o, 0));
	return emit(o, OP_dynamic_update_slice, rank + 2, v, NULL);
}

/* The body of the while: carried are the number of the round, the condition, the values, and what is collected so far. */
static bool while_body(Loop *l, Block *b, int nargs)
{
	Onnx *o = l->o;
	int n = l->ncarried;
	Value **v = ARENA_ARRAY(o->arena, Value *, nargs);
	Known **out = ARENA_ARRAY(o->arena, Known *, 2 + n + l->nscans), **in = ARENA_ARRAY(o->arena, Known *, n + 1);

	for (int i = 0; i < n; i++)
		in[i] = known_tensor(o, b->args.at[2 + i]);
	if (!one_round(l, known_tensor(o, b->args.at[0]), known_tensor(o, b->args.at[1]), in, out))
		return false;
	if (!are_tensors(1 + n + l->nscans, out))
		return refuse(o, "what the body gives is no tensor");
	Value *one = size_value(o, dim_num(o, 1));
	v[0] = EW(o, add, b->args.at[0], one);
	v[1] = l->cond ? scalar_of(o, "the condition of the body", out[0]->value) : number(o, DT_BOOL, 1);
	for (int i = 0; i < n; i++)
		v[2 + i] = out[1 + i]->value;
	for (int k = 0; k < l->nscans; k++)
		v[2 + n + k] = written(o, b->args.at[2 + n + k], b->args.at[0], out[1 + n + k]->value);
	for (int i = 0; i < nargs; i++)
		if (!v[i])
			return false;
	return build_op(&o->b, OP_yield, nargs, v, NULL) != NULL;
}

static bool as_while(Loop *l, Dim most, int *changed)
{
	Onnx *o = l->o;
	int n = l->ncarried, nargs = 2 + n + l->nscans;
	Value **v = ARENA_ARRAY(o->arena, Value *, nargs);
	const Type **types = ARENA_ARRAY(o->arena, const Type *, l->nscans + 1);

	if (!scan_types(l, types, changed))
		return false;
	v[0] = size_value(o, dim_num(o, 0));
	v[1] = l->cond ? l->cond : number(o, DT_BOOL, 1);
	for (int i = 0; i < n; i++)
		v[2 + i] = l->carried[i]->value;
	for (int k = 0; k < l->nscans; k++) {
		Dim dim[RANK_MAX + 1] = { most };
		Value *zero = number(o, types[k]->dtype, 0);
		memcpy(dim + 1, types[k]->dim, sizeof *dim * (size_t)types[k]->rank);
		v[2 + n + k] = zero ? broadcast_to(o, zero, 1 + types[k]->rank, dim) : NULL;
	}
	for (int i = 0; i < nargs; i++)
		if (!v[i])
			return false;
	Op *op = build_begin(&o->b, OP_while, nargs, v, NULL);
	for (int r = 0; r < 2; r++)
		for (int i = 0; i < nargs; i++)
			block_add_arg(op->region[r], v[i]->type, NULL, o->b.loc);
	Spot spot = region_enter(o, op->region[0]);
	Value *more = op->region[0]->args.at[1];
	if (l->most) {
		Value *left = compare(o, CMP_LT, op->region[0]->args.at[0], l->most);
		more = EW(o, and, more, left);
	}
	bool ok = more && build_op(&o->b, OP_yield, 1, &more, NULL);
	region_leave(o, spot);
	spot = region_enter(o, op->region[1]);
	ok = ok && while_body(l, op->region[1], nargs);
	region_leave(o, spot);
	if (!ok || !(op = build_finish(&o->b, op)))
		return false;
	Value **scans = ARENA_ARRAY(o->arena, Value *, l->nscans + 1);
	Dim size = NULL;
	if (l->nscans) {
		const char *name = ctx_str(o->ctx, arena_printf(o->arena, "K%d", o->nsizes++));
		size = dim_sym_limited(o->ctx->dims, name, most);
		Value *count = op->result[0];
		if (!size || !EMIT(o, define_size, ARGS(count), .size = size))
			return false;
	}
	for (int k = 0; k < l->nscans; k++)
		scans[k] = sliced(o, op->result[2 + n + k], 0, dim_num(o, 0), size);   /* as much as there is of the room for more */
	Known **last = ARENA_ARRAY(o->arena, Known *, n + 1);
	for (int i = 0; i < n; i++)
		last[i] = known_tensor(o, op->result[2 + i]);
	return give_results(l, last, scans);
}

/* Does the body hand its condition on, or is what it gives a constant?  Then the condition at the start is all there is. */
static bool condition_stays(const Onnx__GraphProto *g)
{
	const char *name = g->output[0]->name, *in = g->n_input > 1 ? g->input[1]->name : NULL;

	for (int hops = 0; name && in && hops < 8; hops++) {
		const Onnx__NodeProto *from = NULL;

		if (!strcmp(name, in))
			return true;
		for (size_t i = 0; i < g->n_node && !from; i++)
			for (size_t k = 0; k < g->node[i]->n_output; k++)
				if (!strcmp(g->node[i]->output[k], name))
					from = g->node[i];
		if (!from || !from->op_type || strcmp(from->op_type, "Identity") || from->n_input != 1)
			return false;
		name = from->input[0];
	}
	return false;
}

static bool read_loop(Loop *l)
{
	Onnx *o = l->o;
	Value *most = arg_opt(o, 0), *cond = arg_opt(o, 1);

	l->body = get_graph(o, "body");
	if (!l->body)
		return refuse(o, "attribute 'body' is missing");
	l->ncarried = (int)l->body->n_input - 2;
	l->nscans = (int)l->body->n_output - 1 - l->ncarried;
	if (l->ncarried < 0 || l->nscans < 0 || o->node->nargs - 2 > l->ncarried)
		return refuse(o, "the body takes %zu values and gives %zu, which does not go with %d operands", l->body->n_input, l->body->n_output,
		              o->node->nargs);
	if ((int)o->node->proto->n_output > l->ncarried + l->nscans)
		return refuse(o, "%zu results declared, but the body gives %d", o->node->proto->n_output, l->ncarried + l->nscans);
	l->carried = ARENA_ARRAY(o->arena, Known *, l->ncarried + 1);
	for (int i = 0; i < l->ncarried; i++) {
		l->carried[i] = has_arg(o, 2 + i) ? arg_known(o, 2 + i) : known_none(o);
		if (!l->carried[i])
			return false;
	}
	l->most = scalar_of(o, "the number of rounds", most);
	l->cond = scalar_of(o, "the condition", cond);
	return (!most || l->most) && (!cond || l->cond);
}

/* What is collected needs a bound of the rounds, and sequences need their number: inputs of the graph are asked for that. */
static bool find_rounds(Loop *l, Dim *rounds, bool *fixed, bool *truth)
{
	Onnx *o = l->o;
	bool needed = l->nscans || !are_tensors(l->ncarried, l->carried);
	Dims d;

	*rounds = NULL;
	*truth = true;
	if (l->most && can_tell(o, l->most, needed)) {
		if (!dims_in(o, l->most, &d))
			return false;
		*rounds = d.n == 1 ? d.at[0] : NULL;
	}
	if (l->cond && can_tell(o, l->cond, needed)) {
		if (!truth_of(o, l->cond, truth))
			return false;
		if (condition_stays(l->body))
			l->cond = NULL;
	}
	*fixed = *rounds && !l->cond;
	return true;
}

bool onnx_loop(Onnx *o)
{
	Loop l = { .o = o };
	Dim rounds;
	bool fixed, truth, ok = false;
	int changed = -1;

	if (!read_loop(&l) || !find_rounds(&l, &rounds, &fixed, &truth))
		return false;
	int64_t most = rounds && dim_is_const(rounds) ? rounds->value : -1;
	bool tensors = are_tensors(l.ncarried, l.carried);
	if (!truth || (rounds && dim_is_const(rounds) && rounds->value <= 0))
		return unroll(&l, 0, true);
	if (!l.most && !l.cond)
		return refuse(o, "neither a number of rounds nor a condition that changes: the loop would never end");
	int64_t nodes = 1 + (int64_t)l.body->n_node;
	bool is_short = fixed && most >= 0 && most <= UNROLL_MAX / nodes && o->nnodes < UNROLL_NODES_MAX;
	if (!tensors || is_short)
		return rounds || l.cond ? unroll(&l, most >= 0 ? most : ROUNDS_MAX + 1, true) :
		       refuse(o, "sequences go from round to round, so that the number of rounds must be known when the model is compiled");
	if (l.nscans && !rounds)
		return refuse(o, "what is collected needs a bound, but the number of rounds is data; make it a constant or a size");
	if (rounds)
		rounds = dim_max(o->ctx->dims, rounds, dim_num(o, 0));
	ok = fixed ? as_scan(&l, rounds, &changed) : as_while(&l, rounds, &changed);
	if (ok || changed < 0)
		return ok;
	if (fixed && most >= 0)
		return unroll(&l, most, true);
	return refuse(o, "the type of loop-carried value %d changes from round to round, so that the number of rounds must be known when the model "
	              "is compiled", changed);
}
