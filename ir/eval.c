/* ir/eval.c - the reference interpreter's driver: values, their lives, limits, and the table of ops.

   A block is evaluated op by op.  A value's tensor is held from its definition to its last use in the block that
   defines it (uses in nested regions count for the op that holds the region), so that the memory in use is that of the
   live values. */
#include "ir/eval.h"

#include <stdarg.h>
#include <stdlib.h>

#include "ir/base/check.h"
#include "ir/base/num.h"
#include "ir/eval_impl.h"

#define MAX_BYTES_DEFAULT ((int64_t)16 << 30)

#define OP(name, operands, traits, attributes, regions, infer, eval, lower, doc) \
	bool eval_##eval(Eval *e, const Op *op, Tensor *const *in, Tensor **out);
#include "ir/ops.def"

const EvalFn eval_table[OP_COUNT] = {
#define OP(name, operands, traits, attributes, regions, infer, eval, lower, doc) [OP_##name] = eval_##eval,
#include "ir/ops.def"
};

bool eval_none(Eval *e, const Op *op, Tensor *const *in, Tensor **out)
{
	(void)e, (void)in, (void)out;
	UNREACHABLE("%s is not evaluated by itself", op_row(op)->name);
}

/* Failures. */

bool eval_fail(Eval *e, const Op *op, const char *fmt, ...)
{
	if (e->folding)
		return false;

	Str text = { 0 };
	va_list ap;

	va_start(ap, fmt);
	str_vprintf(&text, fmt, ap);
	va_end(ap);
	diag_error(&e->ctx->diag, op->loc, "%s: %s", op_row(op)->name, str_cstr(&text));
	str_free(&text);
	return false;
}

/* Memory. */

static bool reserve(Eval *e, const Op *op, int64_t count, int64_t size)
{
	int64_t bytes, total;

	if (i64_mul(count, size, &bytes) && i64_add(*e->live, bytes, &total) && total <= e->max_bytes) {
		*e->live = total;
		return true;
	}
	return eval_fail(e, op, "needs more than the %lld bytes that the interpreter may hold",
		(long long)e->max_bytes);
}

Tensor *eval_tensor_of(Eval *e, const Op *op, DType dtype, int rank, const int64_t *dim)
{
	int64_t count = 1;
	bool fits = rank <= RANK_MAX, empty = false;

	for (int i = 0; i < rank; i++)
		empty |= dim[i] == 0;
	for (int i = 0; i < rank && fits; i++)
		fits = dim[i] >= 0 && i64_mul(count, empty ? 0 : dim[i], &count);
	if (!fits) {
		eval_fail(e, op, "its result has a negative extent or too many elements");
		return NULL;
	}
	if (!reserve(e, op, count, dtype_size(dtype)))
		return NULL;

	Tensor *t = tensor_new(dtype, rank, dim);

	if (!t) {
		*e->live -= count * dtype_size(dtype);
		eval_fail(e, op, "out of memory for %lld elements", (long long)count);
	}
	return t;
}

Tensor *eval_tensor(Eval *e, const Op *op, const Type *type)
{
	int64_t dim[RANK_MAX];

	return eval_dims(e, op, type->rank, type->dim, dim) ? eval_tensor_of(e, op, type->dtype, type->rank, dim)
	                                                    : NULL;
}

void eval_release(Eval *e, Tensor *t)
{
	if (!t)
		return;
	if (t->refs == 1)
		*e->live -= tensor_bytes(t);
	tensor_unref(t);
}

void *eval_scratch(Eval *e, const Op *op, int64_t count, size_t size)
{
	if (!reserve(e, op, count, (int64_t)size))
		return NULL;

	void *p = calloc((size_t)count + !count, size);

	if (!p) {
		*e->live -= count * (int64_t)size;
		eval_fail(e, op, "out of memory for %lld elements of scratch", (long long)count);
	}
	return p;
}

void eval_scratch_free(Eval *e, void *p, int64_t count, size_t size)
{
	if (p)
		*e->live -= count * (int64_t)size;
	free(p);
}

bool eval_dim(Eval *e, const Op *op, Dim d, int64_t *out)
{
	if (dim_eval(d, &e->env, out))
		return true;
	if (e->folding)
		return false;

	Str text = { 0 };

	dim_print(&text, d);
	eval_fail(e, op, "the dimension %s has no value", str_cstr(&text));
	str_free(&text);
	return false;
}

bool eval_dims(Eval *e, const Op *op, int n, const Dim *d, int64_t *out)
{
	for (int i = 0; i < n; i++) {
		if (!eval_dim(e, op, d[i], &out[i]))
			return false;
	}
	return true;
}

/* Values. */

/* Takes over the reference to t. */
static void value_bind(Eval *e, const Value *v, Tensor *t)
{
	eval_release(e, map_get(&e->values, v));
	map_set(&e->values, v, t);
}

static Tensor *value_tensor(Eval *e, const Value *v)
{
	Tensor *t = map_get(&e->values, v);

	CHECK(t, "value %%%s is read before it is defined, or after its last use", v->name ? v->name : "?");
	return t;
}

/* Which values of a block are last used by which of its ops; slot 0 is for arguments nobody uses. */
typedef VEC(const Value *) Dying;
typedef struct BlockPlan { int nops; Dying *at; } BlockPlan;

static int last_use(const Block *b, const Value *v, const Map *index, int born)
{
	int last = born;

	for (const Use *u = v->first_use; u; u = u->next) {
		const Op *op = u->user;

		while (op && op->block != b)
			op = op->block ? op->block->parent : NULL;
		if (op && (int)(intptr_t)map_get(index, op) > last)
			last = (int)(intptr_t)map_get(index, op);
	}
	return last;
}

static BlockPlan *block_plan(Eval *e, const Block *b)
{
	BlockPlan *plan = map_get(&e->plans, b);

	if (plan)
		return plan;
	plan = ARENA_NEW(e->arena, BlockPlan);

	Map index;

	map_init(&index, e->arena);
	for (const Op *op = b->first; op; op = op->next)
		map_set(&index, op, (void *)(intptr_t)++plan->nops);
	plan->at = ARENA_ARRAY(e->arena, Dying, plan->nops + 1);
	for (int i = 0; i < b->args.n; i++) {
		const Value *v = b->args.at[i];

		vec_push(e->arena, &plan->at[last_use(b, v, &index, 0)], v);
	}
	int born = 0;
	for (const Op *op = b->first; op; op = op->next) {
		born++;
		for (int i = 0; i < op->nresults; i++)
			vec_push(e->arena, &plan->at[last_use(b, op->result[i], &index, born)], op->result[i]);
	}
	map_set(&e->plans, b, plan);
	return plan;
}

static void release_dying(Eval *e, const BlockPlan *plan, int at)
{
	for (int i = 0; i < plan->at[at].n; i++)
		value_bind(e, plan->at[at].at[i], NULL);
}

/* Ops. */

/* Refuses results that are not what the op's type says: our own bug, or the shape of a call's result. */
static bool results_fit(Eval *e, const Op *op, Tensor *const *out)
{
	for (int i = 0; i < op->nresults; i++) {
		const Type *type = op->result[i]->type;
		int64_t dim[RANK_MAX];

		CHECK(out[i], "%s did not compute result %d", op_row(op)->name, i);
		CHECK(out[i]->dtype == type->dtype && out[i]->rank == type->rank, "%s: result %d has the wrong type",
			op_row(op)->name, i);
		if (!eval_dims(e, op, type->rank, type->dim, dim))
			return false;
		for (int k = 0; k < type->rank; k++) {
			if (out[i]->dim[k] != dim[k])
				return eval_fail(e, op, "axis %d of result %d has extent %lld, but its type says %lld", k, i,
					(long long)out[i]->dim[k], (long long)dim[k]);
		}
	}
	return true;
}

/* No element to compute, and no loop over the other extents. */
static bool is_empty(const Op *op)
{
	bool empty = op->nresults > 0 && op_row(op)->lower >= LOWER_scalar;

	for (int i = 0; i < op->nresults; i++)
		empty = empty && type_is_empty(op->result[i]->type);
	return empty;
}

static bool make_empty(Eval *e, const Op *op, Tensor **out)
{
	for (int i = 0; i < op->nresults; i++)
		if (!(out[i] = eval_tensor(e, op, op->result[i]->type)))
			return false;
	return true;
}

bool eval_run(Eval *e, const Op *op, Tensor *const *in, Tensor **out)
{
	bool ok = (is_empty(op) ? make_empty(e, op, out) : eval_table[op->kind](e, op, in, out)) && results_fit(e, op, out);

	if (ok && e->opt && e->opt->on_op && !e->untraced)
		ok = e->opt->on_op(e->opt->arg, op, out);
	return ok;
}

static bool eval_one(Eval *e, const Op *op)
{
	enum { SMALL = 32 };
	Tensor *small[SMALL] = { NULL };
	int n = op->nargs + op->nresults;
	Tensor **many = n <= SMALL ? NULL : calloc((size_t)n, sizeof *many);
	Tensor **in = n <= SMALL ? small : many;
	Tensor **out = in + op->nargs;

	if (!in)
		return eval_fail(e, op, "out of memory for %d operands", n);
	for (int i = 0; i < op->nargs; i++)
		in[i] = value_tensor(e, op->arg[i]);
	bool ok = eval_run(e, op, in, out);
	for (int i = 0; i < op->nresults; i++) {
		if (ok)
			value_bind(e, op->result[i], out[i]);
		else
			eval_release(e, out[i]);
	}
	free(many);
	return ok;
}

bool eval_block(Eval *e, const Block *b, Tensor *const *in, Tensor **out)
{
	const BlockPlan *plan = block_plan(e, b);
	int at = 0;

	for (int i = 0; i < b->args.n; i++)
		value_bind(e, b->args.at[i], tensor_ref(in[i]));
	release_dying(e, plan, at);
	for (const Op *op = b->first; op; op = op->next) {
		if (op_has(op, T_TERMINATOR)) {
			for (int i = 0; i < op->nargs; i++)
				out[i] = tensor_ref(value_tensor(e, op->arg[i]));
		} else if (!eval_one(e, op)) {
			return false;
		}
		release_dying(e, plan, ++at);
	}
	return true;
}

/* Entries. */

void eval_open(Eval *e, Ctx *ctx, const Func *f, const EvalOptions *opt, int64_t *live)
{
	*e = (Eval){ .ctx = ctx, .func = f, .arena = arena_new(), .opt = opt, .live = live };
	e->max_bytes = opt && opt->max_bytes ? opt->max_bytes : MAX_BYTES_DEFAULT;
	map_init(&e->values, e->arena);
	map_init(&e->plans, e->arena);
	map_init(&e->progs, e->arena);
	map_init(&e->expanded, e->arena);
}

void eval_close(Eval *e)
{
	for (int i = 0; i < e->values.n; i++)
		eval_release(e, e->values.val[i]);
	arena_free(e->arena);
}

bool eval_callee(Eval *e, const Op *op, const Func *callee, const DimEnv *env, Tensor *const *in, Tensor **out)
{
	Eval inner;

	eval_open(&inner, e->ctx, callee, e->opt, e->live);
	inner.folding = e->folding;
	inner.untraced = e->untraced;
	inner.func = callee = eval_real(&inner, callee);
	bool ok = callee && eval_bind(&inner, callee, env, in, op->nargs) && eval_block(&inner, callee->body, in, out);
	eval_close(&inner);
	return ok;
}

bool eval_func(Ctx *ctx, Func *f, const DimEnv *env, Tensor *const *in, int nin, Tensor **out, const EvalOptions *opt)
{
	static const DimEnv none = { 0, NULL, NULL };
	int64_t live = 0;
	Eval e;

	eval_open(&e, ctx, f, opt, &live);
	const Func *real = e.func = eval_real(&e, f);
	bool ok = real && eval_bind(&e, real, env ? env : &none, in, nin) && eval_block(&e, real->body, in, out);
	eval_close(&e);
	return ok;
}
