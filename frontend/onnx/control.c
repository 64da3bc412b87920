/* frontend/onnx/control.c - If, Loop and Scan.

   A condition or a number of rounds that is known while the model is read is no control flow: one branch is read, or a short body
   that many times.  That is also the only way to carry sequences and values whose shapes change from round to round.  Otherwise
   the body is a region: of a scan where the number of rounds is a size or a number, of a while where it is data.  What a loop
   collects then has a bounded dimension, whose bound is the greatest number of rounds. */
#include "frontend/onnx/import.h"

/* Nodes of a loop that are copied without need, and nodes of a model from which on none are; rounds copied when needed. */
enum { UNROLL_MAX = 256, UNROLL_NODES_MAX = 1 << 17, ROUNDS_MAX = 1 << 12 };

/* Is its value there to be had?  That of an input of the graph, which whoever runs the model gives when it is asked for, only
   where it is needed. */
static bool can_tell(Onnx *o, Value *v, bool needed)
{
	bool input = !v->def && v->block && !v->block->parent;

	return input ? needed : knows(o, v);
}

/* v without its axes, which are to be 1. */
static Value *scalar_of(Onnx *o, const char *what, Value *v)
{
	for (int i = 0; v && i < v->type->rank; i++)
		if (!dim_is(v->type->dim[i], 1)) {
			refuse(o, "%s has more than one element", what);
			return NULL;
		}
	return v && v->type->rank ? reshaped(o, v, 0, NULL) : v;
}

static bool truth_of(Onnx *o, Value *v, bool *out)
{
	Ints at;
	int64_t x;

	if (v->type->rank == 0 ? !int_in(o, v, &x) : !ints_in(o, v, &at))
		return false;
	if (v->type->rank && at.n != 1)
		return refuse(o, "the condition has %d elements, wanted one", at.n);
	*out = (v->type->rank ? at.at[0] : x) != 0;
	return true;
}

/* Where ops go, for a time. */
typedef struct Spot { Builder b; Node *node; } Spot;

static Spot enter(Onnx *o, Block *b)
{
	Spot s = { o->b, o->node };

	o->b.block = b;
	o->b.before = NULL;
	return s;
}

static void leave(Onnx *o, Spot s)
{
	o->b = s.b;
	o->node = s.node;
}

static bool are_tensors(int n, Known *const *k)
{
	for (int i = 0; i < n; i++)
		if (k[i]->kind != KNOWN_TENSOR)
			return false;
	return true;
}

static bool end_region(Onnx *o, int n, Known *const *k)
{
	Value **v = ARENA_ARRAY(o->arena, Value *, n + 1);

	for (int i = 0; i < n; i++)
		v[i] = k[i]->value;
	return build_op(&o->b, OP_yield, n, v, NULL) != NULL;
}

/* Results whose shapes are told apart for certain, or whose element types or ranks are. */
static bool types_differ(const Type *a, const Type *b)
{
	if (a->dtype != b->dtype || a->rank != b->rank)
		return true;
	for (int i = 0; i < a->rank; i++)
		if (dim_known_unequal(a->dim[i], b->dim[i]))
			return true;
	return false;
}

static bool take_branch(Onnx *o, const Onnx__GraphProto *g)
{
	Known **out = ARENA_ARRAY(o->arena, Known *, g->n_output + 1);

	if (!import_body(o, g, 0, NULL, out))
		return false;
	for (int i = 0; i < (int)o->node->proto->n_output; i++)
		if (wants(o, i) && !give_known(o, i, out[i]))
			return false;
	return true;
}

static bool both_branches(Onnx *o, Value *cond, const Onnx__GraphProto *const *g)
{
	Op *op = build_begin(&o->b, OP_cond, 1, &cond, NULL);
	int n = (int)g[0]->n_output;
	Known **out[2];

	for (int i = 0; i < 2; i++) {
		Spot spot = enter(o, op->region[i]);
		out[i] = ARENA_ARRAY(o->arena, Known *, n + 1);
		bool ok = import_body(o, g[i], 0, NULL, out[i]);
		leave(o, spot);
		if (!ok)
			return false;
	}
	for (int k = 0; k < n; k++) {
		bool alike = out[0][k]->kind == KNOWN_TENSOR && out[1][k]->kind == KNOWN_TENSOR &&
		             !types_differ(out[0][k]->value->type, out[1][k]->value->type);
		if (alike)
			continue;
		op_erase(op);
		return refuse(o, "result %d is not of the same type in both branches, so that the condition must be known when the model is "
		              "compiled; make it a constant, or bind the symbols it depends on by --dim", k);
	}
	for (int i = 0; i < 2; i++) {
		Spot spot = enter(o, op->region[i]);
		bool ok = end_region(o, n, out[i]);
		leave(o, spot);
		if (!ok)
			return false;
	}
	return give_all(o, build_finish(&o->b, op));
}

/* Do the declared results say that the branches differ, or that they are no tensors? */
static bool must_choose(const Onnx__GraphProto *const *g)
{
	for (size_t k = 0; k < g[0]->n_output; k++) {
		const Onnx__TypeProto *t[2];

		for (int i = 0; i < 2; i++) {
			t[i] = g[i]->output[k]->type;
			if (!t[i] || t[i]->value_case == ONNX__TYPE_PROTO__VALUE__NOT_SET)
				return false;
			if (t[i]->value_case != ONNX__TYPE_PROTO__VALUE_TENSOR_TYPE)
				return true;
		}
		const Onnx__TensorShapeProto *a = t[0]->tensor_type->shape, *b = t[1]->tensor_type->shape;
		if (!a || !b)
			continue;
		if (a->n_dim != b->n_dim)
			return true;
		for (size_t i = 0; i < a->n_dim; i++)
			if (a->dim[i]->value_case == ONNX__TENSOR_SHAPE_PROTO__DIMENSION__VALUE_DIM_VALUE &&
			    b->dim[i]->value_case == ONNX__TENSOR_SHAPE_PROTO__DIMENSION__VALUE_DIM_VALUE && a->dim[i]->dim_value != b->dim[i]->dim_value)
				return true;
	}
	return false;
}

bool onnx_if(Onnx *o)
{
	const Onnx__GraphProto *g[2] = { get_graph(o, "then_branch"), get_graph(o, "else_branch") };
	Value *cond = arg(o, 0);
	bool truth;

	if (!cond)
		return false;
	if (!g[0] || !g[1])
		return refuse(o, "attribute '%s' is missing", g[0] ? "else_branch" : "then_branch");
	if (g[0]->n_output != g[1]->n_output || g[0]->n_output < o->node->proto->n_output)
		return refuse(o, "the branches give %zu and %zu values, wanted %zu", g[0]->n_output, g[1]->n_output, o->node->proto->n_output);
	if (can_tell(o, cond, must_choose(g)))
		return truth_of(o, cond, &truth) && take_branch(o, g[!truth]);
	cond = scalar_of(o, "the condition", cond);
	return cond && both_branches(o, cond, g);
}

/* --- Loop --- */

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
	Spot spot = enter(o, op->region[0]);
	Value *at = block_add_arg(op->region[0], v[0]->type, NULL, o->b.loc);
	for (int i = 0; i < n; i++)
		in[i] = known_tensor(o, block_add_arg(op->region[0], v[1 + i]->type, NULL, o->b.loc));
	Value *yes = number(o, DT_BOOL, 1);
	bool ok = one_round(l, known_tensor(o, at), known_tensor(o, yes), in, out);
	if (ok && !keeps_types(l, out, changed)) {
		leave(o, spot);
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
	leave(o, spot);
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
	Spot spot = enter(o, op->region[0]);
	Value *at = block_add_arg(op->region[0], type_scalar(o->ctx->types, DT_I64), NULL, o->b.loc);
	Value *cond = block_add_arg(op->region[0], type_scalar(o->ctx->types, DT_BOOL), NULL, o->b.loc);

	for (int i = 0; i < n; i++)
		in[i] = known_tensor(o, block_add_arg(op->region[0], l->carried[i]->value->type, NULL, o->b.loc));
	bool ok = one_round(l, known_tensor(o, at), known_tensor(o, cond), in, out);
	leave(o, spot);
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
	Spot spot = enter(o, op->region[0]);
	Value *more = op->region[0]->args.at[1];
	if (l->most) {
		Value *left = compare(o, CMP_LT, op->region[0]->args.at[0], l->most);
		more = EW(o, and, more, left);
	}
	bool ok = more && build_op(&o->b, OP_yield, 1, &more, NULL);
	leave(o, spot);
	spot = enter(o, op->region[1]);
	ok = ok && while_body(l, op->region[1], nargs);
	leave(o, spot);
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

/* --- Scan --- */

typedef struct Scan {
	Onnx   *o;
	const Onnx__GraphProto *body;
	int     nstates, nxs, nys;
	Ints    in_directions, out_directions, in_axes, out_axes;
} Scan;

static bool list_of(Onnx *o, const char *name, int n, Ints *out)
{
	*out = get_ints(o, name);
	if (out->n && out->n != n)
		return refuse_attr(o, name, "%d entries found, wanted %d", out->n, n);
	return true;
}

static Value *mirrored(Onnx *o, Value *v, int axis)
{
	return EMIT(o, reverse, ARGS(v), .dims = ints_of(o->arena, 1, axis));
}

/* Axis `from` moved to place `to`. */
static Value *axis_moved(Onnx *o, Value *v, int from, int to)
{
	int64_t p[RANK_MAX];
	int next = 0;

	if (!v || from == to)
		return v;
	for (int i = 0; i < v->type->rank; i++) {
		if (i != to && next == from)
			next++;
		p[i] = i == to ? from : next++;
	}
	return transposed(o, v, p);
}

/* A scan of ours over the first axis of xs; *length: how many steps count, or NULL for all. */
static Op *scan_over(Scan *s, Value *const *state, Value *const *xs, Value *length)
{
	Onnx *o = s->o;
	int n = s->nstates, nargs = 0, nout = n + s->nys;
	Value **v = ARENA_ARRAY(o->arena, Value *, n + s->nxs + 1), **y = ARENA_ARRAY(o->arena, Value *, nout + 1);
	Known **in = ARENA_ARRAY(o->arena, Known *, n + s->nxs + 1), **out = ARENA_ARRAY(o->arena, Known *, nout + 1);

	for (int i = 0; i < n; i++)
		v[nargs++] = state[i];
	for (int i = 0; i < s->nxs; i++)
		v[nargs++] = xs[i];
	if (length)
		v[nargs++] = EMIT(o, iota, NO_ARGS, .dim = 0, .dtype = length->type->dtype, .shape = dims_copy(o->arena, 1, xs[0]->type->dim));
	for (int i = 0; i < nargs; i++)
		if (!v[i])
			return NULL;
	Op *op = build_begin(&o->b, OP_scan, nargs, v, &(struct attrs_scan){ .carry = n });
	Spot spot = enter(o, op->region[0]);
	for (int i = 0; i < nargs; i++) {
		const Type *t = v[i]->type;
		Value *a = block_add_arg(op->region[0], i < n ? t : type_get(o->ctx->types, t->dtype, t->rank - 1, t->dim + 1), NULL, o->b.loc);
		if (i < n + s->nxs)
			in[i] = known_tensor(o, a);
	}
	bool ok = import_body(o, s->body, n + s->nxs, in, out);
	if (ok && !are_tensors(nout, out))
		ok = refuse(o, "what the body gives is no tensor");
	Value *runs = ok && length ? compare(o, CMP_LT, op->region[0]->args.at[nargs - 1], length) : NULL;
	for (int i = 0; i < nout && ok; i++) {
		y[i] = out[i]->value;
		if (runs) {
			Value *old = i < n ? in[i]->value : number_like(o, y[i], 0);
			y[i] = EW(o, select, runs, y[i], old);
		}
		ok = y[i] != NULL;
	}
	ok = ok && build_op(&o->b, OP_yield, nout, y, NULL);
	leave(o, spot);
	return ok ? build_finish(&o->b, op) : NULL;
}

static bool read_scan(Scan *s, int first)
{
	Onnx *o = s->o;
	int nargs = o->node->nargs - first;

	s->body = get_graph(o, "body");
	int64_t nxs = get_int(o, "num_scan_inputs", 0);
	if (!s->body)
		return refuse(o, "attribute 'body' is missing");
	if (nxs < 1 || nxs > nargs || (int)s->body->n_input != nargs)
		return refuse(o, "'num_scan_inputs' is %lld, and the body takes %zu values of %d operands", (long long)nxs, s->body->n_input, nargs);
	s->nxs = (int)nxs;
	s->nstates = nargs - s->nxs;
	s->nys = (int)s->body->n_output - s->nstates;
	if (s->nys < 0 || (int)o->node->proto->n_output > s->nstates + s->nys)
		return refuse(o, "the body gives %zu values, which does not go with %d states and %zu results", s->body->n_output, s->nstates,
		              o->node->proto->n_output);
	return true;
}

bool onnx_scan(Onnx *o)
{
	Scan s = { .o = o };

	if (!read_scan(&s, 0) || !list_of(o, "scan_input_directions", s.nxs, &s.in_directions) ||
	    !list_of(o, "scan_output_directions", s.nys, &s.out_directions) || !list_of(o, "scan_input_axes", s.nxs, &s.in_axes) ||
	    !list_of(o, "scan_output_axes", s.nys, &s.out_axes))
		return false;
	Value **v = ARENA_ARRAY(o->arena, Value *, o->node->nargs + 1);
	for (int i = 0; i < o->node->nargs; i++) {
		int k = i - s.nstates, axis = 0;
		if (!(v[i] = arg(o, i)))
			return false;
		if (k < 0)
			continue;
		if (!axis_of(o, "scan_input_axes", s.in_axes.n ? s.in_axes.at[k] : 0, v[i]->type->rank, &axis))
			return false;
		v[i] = axis_moved(o, v[i], axis, 0);
		if (s.in_directions.n && s.in_directions.at[k])
			v[i] = mirrored(o, v[i], 0);
		if (!v[i])
			return false;
	}
	Op *op = scan_over(&s, v, v + s.nstates, NULL);
	for (int i = 0; op && i < (int)o->node->proto->n_output; i++) {
		Value *y = op->result[i];
		int k = i - s.nstates, axis = 0;
		if (k >= 0 && s.out_directions.n && s.out_directions.at[k])
			y = mirrored(o, y, 0);
		if (k >= 0 && !axis_of(o, "scan_output_axes", s.out_axes.n ? s.out_axes.at[k] : 0, op->result[i]->type->rank, &axis))
			return false;
		if (wants(o, i) && !give(o, i, axis_moved(o, y, 0, axis)))
			return false;
	}
	return op != NULL;
}

/* The steps of x in reverse, those that count alone where there is a length. */
static Value *backwards(Onnx *o, Value *x, Value *length)
{
	if (!length)
		return mirrored(o, x, 0);
	Value *at = EMIT(o, iota, NO_ARGS, .dim = 0, .dtype = length->type->dtype, .shape = dims_copy(o->arena, 1, x->type->dim));
	Value *one = number_like(o, length, 1), *last = EW(o, sub, length, one), *other = EW(o, sub, last, at);
	Value *counts = compare(o, CMP_LT, at, length), *index = EW(o, select, counts, other, at);

	return EMIT(o, take, ARGS(x, index), .axis = 0);
}

/* Opset 8: the first axis of everything is a batch, each sample with a scan of its own, and perhaps a length of its own. */
bool onnx_scan_batch(Onnx *o)
{
	Scan s = { .o = o };
	Value *lengths = arg_opt(o, 0);

	if (!read_scan(&s, 1) || !list_of(o, "directions", s.nxs, &s.in_directions))
		return false;
	int n = s.nstates + s.nxs, nargs = n + (lengths != NULL), nout = s.nstates + s.nys;
	Value **v = ARENA_ARRAY(o->arena, Value *, nargs), **in = ARENA_ARRAY(o->arena, Value *, nargs);
	for (int i = 0; i < n; i++)
		if (!(v[i] = arg(o, 1 + i)))
			return false;
	if (lengths)
		v[n] = lengths;
	Op *op = build_begin(&o->b, OP_scan, nargs, v, &(struct attrs_scan){ .carry = 0 });
	Spot spot = enter(o, op->region[0]);
	bool ok = true;
	for (int i = 0; i < nargs && ok; i++) {
		const Type *t = v[i]->type;
		if (t->rank < 1 || (i >= s.nstates && i < n && t->rank < 2)) {
			ok = refuse(o, "operand %d has rank %d, which is too small for a batch of sequences", i < n ? 1 + i : 0, t->rank);
			break;
		}
		in[i] = block_add_arg(op->region[0], type_get(o->ctx->types, t->dtype, t->rank - 1, t->dim + 1), NULL, o->b.loc);
	}
	for (int i = s.nstates; i < n && ok && s.in_directions.n; i++)
		if (s.in_directions.at[i - s.nstates])
			ok = (in[i] = backwards(o, in[i], lengths ? in[n] : NULL)) != NULL;
	Op *inner = ok ? scan_over(&s, in, in + s.nstates, lengths ? in[n] : NULL) : NULL;
	ok = inner && build_op(&o->b, OP_yield, nout, inner->result, NULL);
	leave(o, spot);
	return ok && give_all(o, build_finish(&o->b, op));
}
