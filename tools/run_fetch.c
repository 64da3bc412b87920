/* tools/run_fetch.c - inner values as results. */
#include "ir/text.h"
#include "tools/run_parts.h"

void fetch_add(Func *f, Value *v, const char *name)
{
	Op *ret = block_terminator(f->body);
	Value **arg = ARENA_ARRAY(f->module->arena, Value *, ret->nargs + 1);

	if (ret->nargs)
		memcpy(arg, ret->arg, (size_t)ret->nargs * sizeof *arg);
	arg[ret->nargs] = v;
	op_set_args(ret, ret->nargs + 1, arg);
	vec_push(f->module->arena, &f->result_names, name);
	vec_push(f->module->arena, &f->result_types, v->type);
}

/* What types of results name has to be a result, too. */
static bool is_returned(const Op *ret, const Value *v)
{
	for (int i = 0; i < ret->nargs; i++)
		if (ret->arg[i] == v)
			return true;
	return false;
}

void fetch_sizes(Func *f)
{
	for (Op *op = f->body->first; op; op = op->next) {
		const Op *ret = block_terminator(f->body);
		bool wanted = false;
		for (int i = 0; op_size(op) && i < ret->nargs; i++)
			for (int k = 0; k < ret->arg[i]->type->rank; k++)
				wanted = wanted || dim_mentions(ret->arg[i]->type->dim[k], (*op_size(op))->name);
		if (wanted && !is_returned(ret, op->result[op->nresults - 1]))
			fetch_add(f, op->result[op->nresults - 1], ctx_str(f->module->ctx, arena_printf(f->module->arena, "size.%s", (*op_size(op))->name)));
	}
}

static bool name_in_region(Op *op, void *arg)
{
	const char **wanted = arg;

	for (int i = 0; i < op->nresults && *wanted; i++)
		if (op->result[i]->name && strcmp(op->result[i]->name, *wanted) == 0)
			*wanted = NULL;
	return *wanted != NULL;
}

bool fetch_value(Ctx *ctx, Func *f, const char *name)
{
	const Names *names = names_new(ctx->arena, f);
	const char *wanted = name;
	Value *found = NULL;

	for (int i = 0; i < f->body->args.n; i++)
		if (strcmp(names_get(names, f->body->args.at[i]), name) == 0)
			found = f->body->args.at[i];
	for (Op *op = f->body->first; op; op = op->next)
		for (int i = 0; i < op->nresults; i++)
			if (op->kind != OP_weight && strcmp(names_get(names, op->result[i]), name) == 0)
				found = op->result[i];
	if (!found) {
		block_walk(f->body, name_in_region, &wanted);
		diag_system(&ctx->diag, wanted ? "--fetch: graph @%s has no value %%%s" :
		                                 "--fetch: in graph @%s, %%%s is inside a region, where it has many values", f->name, name);
		return false;
	}
	for (int i = 0; i < f->result_names.n; i++)
		if (f->result_names.at[i] && strcmp(f->result_names.at[i], name) == 0) {
			if (block_terminator(f->body)->arg[i] == found)
				return true;
			diag_system(&ctx->diag, "--fetch: graph @%s has another result named %s", f->name, name);
			return false;
		}
	fetch_add(f, found, ctx_str(ctx, name));
	fetch_sizes(f);
	return true;
}

void computed_values(const Func *f, Arena *a, Computed *out)
{
	for (Op *op = f->body->first; op; op = op->next)
		for (int i = 0; i < op->nresults && !op_has(op, T_CONST); i++)
			vec_push(a, &out->value, op->result[i]);
}
