/* frontend/stablehlo/structure.c - regions, calls, tuples and tokens.

   Tuples are their parts and tokens are nothing: where our ops take a list of values, the tensors in it go in order. */
#include "frontend/stablehlo/import.h"

bool known_collect(Import *im, const Known *k, Values *out)
{
	if (k->poisoned)
		return false;
	if (k->value)
		vec_push(im->arena, out, k->value);
	for (int i = 0; i < k->nparts; i++)
		if (!known_collect(im, k->part[i], out))
			return false;
	return true;
}

Known *known_spread(Import *im, const MlirType *t, Value *const **next)
{
	Known *k = known_new(im);

	if (t->kind == MLIR_TENSOR)
		k->value = *(*next)++;
	if (t->kind == MLIR_TUPLE) {
		k->nparts = t->npart;
		k->part = ARENA_ARRAY(im->arena, Known *, t->npart + 1);
		for (int i = 0; i < t->npart; i++)
			k->part[i] = known_spread(im, t->part[i], next);
	}
	return k;
}

static bool args_collect(Import *im, const MlirOp *op, int first, Values *out)
{
	for (int i = first; i < op->nargs; i++)
		if (!known_collect(im, known(op->arg[i]), out))
			return false;
	return true;
}

/* Results that are tensors, tuples or tokens, from the values of ours. */
static bool results_spread(Import *im, const MlirOp *op, Op *ours)
{
	if (!ours)
		return false;
	Value *const *next = ours->result;
	int n = 0;
	for (int i = 0; i < op->nresults; i++) {
		if (op->result[i].type->kind == MLIR_TENSOR) {
			if (n >= ours->nresults)
				return refuse_op(im, "%d results declared, but there are %d", op->nresults, ours->nresults);
			if (!set_result(im, op, i, *next++))
				return false;
			n++;
			continue;
		}
		set_known(&op->result[i], known_spread(im, op->result[i].type, &next));
		n = (int)(next - ours->result);
	}
	return true;
}

/* A region's arguments: one value of ours for each tensor.  Types that leave extents open have those of `like`, which are
   the operands of an op whose regions take what the op takes. */
static bool make_args(Import *im, const MlirBlock *from, Block *to, const Values *like)
{
	int n = 0;

	for (int i = 0; i < from->nargs; i++) {
		const MlirType *t = from->arg[i].type;
		const Type *type;

		if (t->kind == MLIR_TENSOR) {
			type = like && n < like->n ? like->at[n]->type : import_type(im, t, from->arg[i].loc);
			n++;
			if (!type)
				return false;
			Value *v = block_add_arg(to, type, NULL, from->arg[i].loc);
			Value *const *next = &v;
			set_known(&from->arg[i], known_spread(im, t, &next));
			continue;
		}
		Values parts = { 0 };
		for (int k = 0; t->kind == MLIR_TUPLE && k < t->npart; k++) {
			if (t->part[k]->kind != MLIR_TENSOR)
				return refuse_at(im, from->arg[i].loc, "type %s is not supported as an argument of a region", t->text);
			type = import_type(im, t->part[k], from->arg[i].loc);
			if (!type)
				return false;
			vec_push(im->arena, &parts, block_add_arg(to, type, NULL, from->arg[i].loc));
			n++;
		}
		Value *const *next = parts.at;
		set_known(&from->arg[i], known_spread(im, t, &next));
	}
	return true;
}

static bool enter(Import *im)
{
	if (im->depth == IMPORT_DEPTH_MAX)
		return refuse_op(im, "regions and calls nest more than %d deep", IMPORT_DEPTH_MAX);
	im->depth++;
	return true;
}

static bool fill_region(Import *im, const MlirOp *op, int r, Block *to, const Values *like)
{
	const MlirBlock *from = r < op->nregions ? op->region[r] : NULL;
	Builder outer = im->b;
	Values yields = { 0 };
	bool ok;

	if (!from)
		return refuse_op(im, "region %d is missing or empty", r);
	if (!enter(im))
		return false;
	im->b.block = to;
	im->b.before = NULL;
	ok = make_args(im, from, to, like);
	const MlirOp *end = ok ? import_ops(im, from) : NULL;
	if (ok && !end)
		ok = refuse_op(im, "region %d does not end with a return", r);
	ok = ok && args_collect(im, end, 0, &yields);
	ok = ok && build_op(&im->b, OP_yield, yields.n, yields.at, NULL);
	im->b = outer;
	im->depth--;
	return ok;
}

/* Computed element by element, or steps that run one after the other. */
bool import_region_of(Import *im, const MlirOp *op, int r, Op *to, int to_r)
{
	bool outer = im->in_scalars;

	im->in_scalars = true;
	bool ok = fill_region(im, op, r, to->region[to_r], NULL);
	im->in_scalars = outer;
	return ok;
}

bool import_while(Import *im, const MlirOp *op)
{
	Values args = { 0 };

	if (!args_collect(im, op, 0, &args))
		return false;
	Op *ours = build_begin(&im->b, OP_while, args.n, args.at, NULL);
	bool ok = fill_region(im, op, 0, ours->region[0], &args);
	ok = fill_region(im, op, 1, ours->region[1], &args) && ok;
	return ok && results_spread(im, op, build_finish(&im->b, ours));
}

static bool branches(Import *im, const MlirOp *op, OpKind kind)
{
	Value *which = import_arg(im, op, 0);
	bool ok = true;

	if (!which)
		return false;
	Op *ours = build_begin(&im->b, kind, 1, &which, NULL);
	if (op_info[kind].nregions == VARIADIC)
		op_set_regions(ours, im->b.func, op->nregions);
	for (int r = 0; r < ours->nregions; r++)
		ok = fill_region(im, op, r, ours->region[r], NULL) && ok;
	return ok && results_spread(im, op, build_finish(&im->b, ours));
}

bool import_if(Import *im, const MlirOp *op)
{
	return branches(im, op, OP_cond);
}

bool import_case(Import *im, const MlirOp *op)
{
	return op->nregions ? branches(im, op, OP_case) : refuse_op(im, "has no branch, wanted at least one");
}

bool import_barrier(Import *im, const MlirOp *op)
{
	Values args = { 0 };

	if (!args_collect(im, op, 0, &args))
		return false;
	if (args.n)
		return results_spread(im, op, build_op(&im->b, OP_optimization_barrier, args.n, args.at, NULL));
	for (int i = 0; i < op->nresults; i++)
		set_known(&op->result[i], known_new(im));
	return true;
}

/* The region's ops once, on whole tensors: an op on elements is the same op on tensors. */
bool import_map(Import *im, const MlirOp *op)
{
	const MlirBlock *body = op->nregions ? op->region[0] : NULL;
	bool outer = im->in_map;

	if (!body || body->nargs != op->nargs || op->nargs == 0)
		return refuse_op(im, "the region does not take as many arguments as there are operands");
	for (int i = 0; i < op->nargs; i++)
		set_known(&body->arg[i], known(op->arg[i]));
	if (!enter(im))
		return false;
	im->in_map = true;
	const MlirOp *end = import_ops(im, body);
	im->in_map = outer;
	im->depth--;
	if (!end || end->nargs != op->nresults)
		return refuse_op(im, "the region does not give as many values as there are results");
	for (int i = 0; i < end->nargs; i++) {
		if (known(end->arg[i])->poisoned)
			return false;
		Value *v = known(end->arg[i])->value, *shape = known(op->arg[0])->value;
		if (v && shape && !v->type->rank)
			v = build_broadcast(&im->b, v, shape->type, (Ints)INTS_NONE);
		if (!set_result(im, op, i, v))
			return false;
	}
	return true;
}

/* Nothing else runs meanwhile: the region's ops are done where it starts, and the future is what they give. */
bool import_async_start(Import *im, const MlirOp *op)
{
	const MlirBlock *body = op->nregions ? op->region[0] : NULL;
	Known *k = known_new(im);

	if (!import_counts(im, op, 0, 1))
		return false;
	if (!body || body->nargs != op->nargs)
		return refuse_op(im, "the region does not take as many arguments as there are operands");
	for (int i = 0; i < op->nargs; i++)
		set_known(&body->arg[i], known(op->arg[i]));
	if (!enter(im))
		return false;
	const MlirOp *end = import_ops(im, body);
	im->depth--;
	if (!end)
		return refuse_op(im, "region 0 does not end with a return");
	k->nparts = end->nargs;
	k->part = ARENA_ARRAY(im->arena, Known *, end->nargs + 1);
	for (int i = 0; i < end->nargs; i++) {
		k->part[i] = known(end->arg[i]);
		if (k->part[i]->poisoned)
			return false;
	}
	set_known(&op->result[0], k);
	return true;
}

bool import_async_done(Import *im, const MlirOp *op)
{
	if (!import_counts(im, op, 1, 0))
		return false;
	const Known *k = known(op->arg[0]);
	if (k->value || k->nparts != op->nresults)
		return refuse_op(im, "%d results declared, but %d are awaited", op->nresults, k->value ? 0 : k->nparts);
	for (int i = 0; i < op->nresults; i++)
		if (!k->part[i]->value)
			set_known(&op->result[i], k->part[i]);
		else if (!set_result(im, op, i, k->part[i]->value))
			return false;
	return true;
}

bool import_tuple(Import *im, const MlirOp *op)
{
	Known *k = known_new(im);

	if (!import_counts(im, op, 0, 1))
		return false;
	k->nparts = op->nargs;
	k->part = ARENA_ARRAY(im->arena, Known *, op->nargs + 1);
	for (int i = 0; i < op->nargs; i++)
		k->part[i] = known(op->arg[i]);
	set_known(&op->result[0], k);
	return true;
}

bool import_get_tuple_element(Import *im, const MlirOp *op)
{
	const Known *k;
	int64_t i;

	if (!import_counts(im, op, 1, 1))
		return false;
	k = known(op->arg[0]);
	if (!import_int(im, op, "index", &i))
		return false;
	if (i < 0 || i >= k->nparts)
		return refuse_op(im, "attribute 'index' is %lld, but the tuple has %d parts", (long long)i, k->nparts);
	set_known(&op->result[0], k->part[i]);
	return true;
}

bool import_token(Import *im, const MlirOp *op)
{
	for (int i = 0; i < op->nresults; i++)
		set_known(&op->result[i], known_new(im));
	return true;
}

/* Results are the operands. */
bool import_pass(Import *im, const MlirOp *op)
{
	if (op->nargs < op->nresults)
		return refuse_op(im, "%d results declared of %d operands", op->nresults, op->nargs);
	for (int i = 0; i < op->nresults; i++) {
		const Known *k = known(op->arg[i]);
		if (!k->value)
			set_known(&op->result[i], known(op->arg[i]));
		else if (!set_result(im, op, i, k->value))
			return false;
	}
	return true;
}

/* A copy of the callee's ops, with its arguments bound to the operands. */
static bool copy_call(Import *im, const MlirOp *op, Callee *c)
{
	const MlirBlock *body = c->op->nregions ? c->op->region[0] : NULL;

	if (!body || body->nargs != op->nargs)
		return refuse_op(im, "%d operand%s found, but @%s takes %d", op->nargs, op->nargs == 1 ? "" : "s", c->name, body ? body->nargs : 0);
	if (!enter(im))
		return false;
	for (int i = 0; i < op->nargs; i++)
		set_known(&body->arg[i], known(op->arg[i]));
	c->open = true;
	const MlirOp *end = import_ops(im, body);
	c->open = false;
	im->depth--;
	if (!end || end->nargs != op->nresults)
		return refuse_op(im, "@%s does not return as many values as there are results", c->name);
	for (int i = 0; i < end->nargs; i++) {
		Known *k = known(end->arg[i]);
		if (k->poisoned)
			return false;
		if (k->value && !set_result(im, op, i, k->value))
			return false;
		set_known(&op->result[i], k);
	}
	return true;
}

bool import_call_of(Import *im, const MlirOp *op, const char *name)
{
	Callee *c = name ? strmap_get(&im->callees, name) : NULL;
	Values args = { 0 };

	if (!c)
		return refuse_op(im, "there is no function @%s", name ? name : "");
	if (c->open) {
		c->refused = true;
		return refuse_op(im, "@%s calls itself; recursion is not supported", name);
	}
	if (c->refused)
		return false;
	if (im->in_scalars || c->open_shapes || c->ncalls <= 1 || c->nops * c->ncalls <= CALL_COPY_MAX)
		return copy_call(im, op, c);
	if (!callee_import(im, c) || !args_collect(im, op, 0, &args))
		return false;
	return results_spread(im, op, build_op(&im->b, OP_call, args.n, args.at, &(struct attrs_call){ .callee = c->func->name }));
}

bool import_call(Import *im, const MlirOp *op)
{
	const MlirAttr *callee = mlir_attr(op, "callee");

	return import_call_of(im, op, callee && callee->kind == MLIR_SYMBOL ? callee->text : NULL);
}

bool import_composite(Import *im, const MlirOp *op)
{
	const MlirAttr *by = mlir_attr(op, "decomposition");

	return import_call_of(im, op, by && (by->kind == MLIR_SYMBOL || by->kind == MLIR_STRING) ? by->text : NULL);
}

/* The body is made of a call of the function on the region's arguments, copied in. */
bool callee_region(Import *im, const MlirOp *op, const char *name, Op *to)
{
	Callee *c = name ? strmap_get(&im->callees, name) : NULL;
	const MlirBlock *body = c && c->op->nregions ? c->op->region[0] : NULL;
	Values yields = { 0 };
	Builder outer = im->b;
	bool scalars = im->in_scalars;

	if (!body || c->open)
		return refuse_op(im, "there is no function @%s to reduce with", name ? name : "");
	if (!enter(im))
		return false;
	im->b.block = to->region[0];
	im->b.before = NULL;
	im->in_scalars = true;
	bool ok = make_args(im, body, to->region[0], NULL);
	c->open = true;
	const MlirOp *end = ok ? import_ops(im, body) : NULL;
	c->open = false;
	im->op = op;
	ok = end && args_collect(im, end, 0, &yields) && build_op(&im->b, OP_yield, yields.n, yields.at, NULL);
	im->in_scalars = scalars;
	im->b = outer;
	im->depth--;
	return ok;
}
