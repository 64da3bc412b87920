/* ir/eval_control.c - while, cond, case, scan, call, fusion, and composite ops through their expansion. */
#include <stdlib.h>

#include "ir/base/check.h"
#include "ir/eval_impl.h"
#include "ir/expand.h"

/* No limit on the number of rounds: on_op can stop the evaluation. */
bool eval_while(Eval *e, const Op *op, Tensor *const *in, Tensor **out)
{
	Dims said = op_attrs(while, op)->rounds;
	int n = op->nargs;
	int64_t rounds = 0, wanted = 0;
	Tensor **next = calloc((size_t)n + 1, sizeof *next);
	bool ok = next != NULL && (!said.n || eval_dim(e, op, said.at[0], &wanted)), more = ok;

	for (int i = 0; i < n; i++)
		out[i] = tensor_ref(in[i]);
	while (more) {
		Tensor *cond = NULL;

		ok = eval_block(e, op->region[0], out, &cond);
		more = ok && tensor_get(cond, 0) != 0;
		eval_release(e, cond);
		if (!more)
			break;
		rounds++;
		ok = more = eval_block(e, op->region[1], out, next);
		for (int i = 0; i < n && ok; i++) {
			eval_release(e, out[i]);
			out[i] = next[i];
		}
		/* A loop without ops inside tells of its rounds itself, or nothing could stop it. */
		if (ok && op_has(op->region[0]->first, T_TERMINATOR) && op_has(op->region[1]->first, T_TERMINATOR) &&
		    e->opt && e->opt->on_op && !e->untraced)
			ok = more = e->opt->on_op(e->opt->arg, op, out);
	}
	if (ok && said.n && rounds != wanted)
		ok = eval_fail(e, op, "'rounds' is %lld, but there were %lld", (long long)wanted, (long long)rounds);
	free(next);
	return ok;
}

bool eval_cond(Eval *e, const Op *op, Tensor *const *in, Tensor **out)
{
	return eval_block(e, op->region[tensor_get(in[0], 0) ? 0 : 1], NULL, out);
}

bool eval_case(Eval *e, const Op *op, Tensor *const *in, Tensor **out)
{
	int64_t k = eval_int(in[0], 0);

	return eval_block(e, op->region[k < 0 || k >= op->nregions ? op->nregions - 1 : k], NULL, out);
}

/* Slice `at` of t along axis 0. */
static Tensor *slice_of(Eval *e, const Op *op, const Tensor *t, int64_t at)
{
	Tensor *s = eval_tensor_of(e, op, t->dtype, t->rank - 1, t->dim + 1);
	size_t bytes = s ? (size_t)tensor_bytes(s) : 0;

	if (bytes)
		memcpy(s->data, (const char *)t->data + bytes * (size_t)at, bytes);
	return s;
}

/* arg: the carried values, references that the round takes over, and room for the slices; next: what the region yields. */
static bool scan_round(Eval *e, const Op *op, Tensor *const *in, int64_t at, Tensor **arg, Tensor **next, Tensor **out)
{
	int carry = (int)op_attrs(scan, op)->carry;
	bool ok = true;

	for (int i = carry; i < op->nargs; i++)
		ok = (arg[i] = ok ? slice_of(e, op, in[i], at) : NULL) && ok;
	ok = ok && eval_block(e, op->region[0], arg, next);
	for (int i = 0; i < op->nargs; i++) {
		eval_release(e, arg[i]);
		arg[i] = NULL;
	}
	for (int i = 0; i < op->nresults && ok; i++) {
		size_t bytes = (size_t)tensor_bytes(next[i]);

		if (i < carry) {
			arg[i] = next[i];
			continue;
		}
		if (bytes)
			memcpy((char *)out[i]->data + bytes * (size_t)at, next[i]->data, bytes);
		eval_release(e, next[i]);
	}
	return ok;
}

bool eval_scan(Eval *e, const Op *op, Tensor *const *in, Tensor **out)
{
	const struct attrs_scan *a = op_attrs(scan, op);
	int carry = (int)a->carry;
	Tensor **arg = calloc((size_t)(op->nargs + op->nresults) + 1, sizeof *arg), **next = arg ? arg + op->nargs : NULL;
	int64_t rounds = 0;
	bool ok = arg && (a->length.n ? eval_dim(e, op, a->length.at[0], &rounds) : true);

	if (ok && carry < op->nargs)
		rounds = in[carry]->dim[0];
	for (int i = carry; i < op->nresults && ok; i++)
		ok = (out[i] = eval_tensor(e, op, op->result[i]->type)) != NULL;
	for (int i = 0; i < carry && ok; i++)
		arg[i] = tensor_ref(in[i]);
	for (int64_t k = 0; k < rounds && ok; k++)
		ok = scan_round(e, op, in, a->reverse ? rounds - 1 - k : k, arg, next, out);
	for (int i = 0; i < carry && ok; i++)
		out[i] = arg[i];
	free(arg);
	return ok;
}

bool eval_barrier(Eval *e, const Op *op, Tensor *const *in, Tensor **out)
{
	(void)e;
	for (int i = 0; i < op->nargs; i++)
		out[i] = tensor_ref(in[i]);
	return true;
}

bool eval_custom_call(Eval *e, const Op *op, Tensor *const *in, Tensor **out)
{
	const struct attrs_custom_call *a = op_attrs(custom_call, op);
	int64_t *dims = ARENA_ARRAY(e->arena, int64_t, a->dims.n + 1);

	if (!e->opt || !e->opt->custom)
		return eval_fail(e, op, "there is nobody here to call '%s'", a->target);
	if (!eval_dims(e, op, a->dims.n, a->dims.at, dims))
		return false;
	for (int i = 0; i < op->nresults; i++)
		if (!(out[i] = eval_tensor(e, op, op->result[i]->type)))
			return false;
	return e->opt->custom(e->ctx, op, in, out, dims);
}

bool eval_call(Eval *e, const Op *op, Tensor *const *in, Tensor **out)
{
	static const DimEnv none = { 0, NULL, NULL };
	const char *name = op_attrs(call, op)->callee;
	const Func *callee = module_func(e->func->module, name);

	if (!callee)
		return eval_fail(e, op, "there is no graph @%s", name);
	return eval_callee(e, op, callee, &none, in, out);
}

bool eval_fusion(Eval *e, const Op *op, Tensor *const *in, Tensor **out)
{
	return eval_block(e, op->region[0], in, out);
}

/* A graph of its own around a copy of the op, expanded.  It lives in a module of its own, so that the program at hand is
   not touched. */
static const Func *expand_alone(Eval *e, const Op *op)
{
	Module *m = ARENA_NEW(e->arena, Module);

	*m = (Module){ .ctx = e->ctx, .arena = e->arena };

	Func *f = func_new(m, op_row(op)->name, op->loc);
	Map map;

	map_init(&map, e->arena);
	for (int i = 0; i < op->nargs; i++) {
		if (!map_has(&map, op->arg[i]))
			map_set(&map, op->arg[i], block_add_arg(f->body, op->arg[i]->type, NULL, op->loc));
	}

	Op *copy = op_clone(f, op, &map);

	op_append(f->body, copy);

	Builder b = builder_before(e->ctx, copy);
	Value **by = ARENA_ARRAY(e->arena, Value *, copy->nresults + 1);

	expand_table[op->kind](&b, copy, by);
	op_append(f->body, op_new(f, OP_return, op->loc, copy->nresults, by, NULL));
	op_erase(copy);
	return f;
}

bool eval_composite(Eval *e, const Op *op, Tensor *const *in, Tensor **out)
{
	const Func *f = map_get(&e->expanded, op);
	Tensor **arg = calloc((size_t)op->nargs + 1, sizeof *arg);
	int n = 0;

	if (!arg)
		return eval_fail(e, op, "out of memory for %d operands", op->nargs);
	if (!f) {
		f = expand_alone(e, op);
		map_set(&e->expanded, op, (void *)f);
	}
	/* Equal operands are one argument: see expand_alone. */
	for (int i = 0; i < op->nargs; i++) {
		bool seen = false;

		for (int k = 0; k < i; k++)
			seen |= op->arg[k] == op->arg[i];
		if (!seen)
			arg[n++] = in[i];
	}
	e->untraced++;
	bool ok = eval_block(e, f->body, arg, out);
	e->untraced--;
	free(arg);
	return ok;
}
