/* frontend/stablehlo/mlir_region.c - the pretty forms of while and reduce, whose regions have arguments that they name. */
#include "frontend/stablehlo/mlir_parse.h"

static MlirValue typed(const MlirType *t, Loc loc) { return (MlirValue){ .type = t, .loc = loc }; }

/* (%iterArg = %0, ...) : T, T attributes {...} cond {...} do {...} */
bool form_while(Reader *r, Operation *o)
{
	VEC(ArgName) names = { 0 };
	ArgList args = { 0 };
	MlirAttrs all;

	if (!want(r, '('))
		return false;
	while (!take(r, ')')) {
		ArgName name;
		if ((names.n && !want(r, ',')) || !read_arg_name(r, &name) || !want(r, '=') || !read_operand(r, o))
			return false;
		vec_push(r->ctx->arena, &names, name);
	}
	if (take(r, ':'))
		do {
			const MlirType *t = read_type(r);
			if (!t)
				return false;
			vec_push(r->ctx->arena, &o->results, t);
		} while (take(r, ','));
	if (!check_args(r, o, &o->results))
		return false;
	if (take_word(r, "attributes") && (!read_dict(r, &all) || !named_add_all(r, &o->attrs, &all)))
		return false;
	for (int i = 0; i < names.n; i++)
		args_add(r, &args, &names.at[i],
		         typed(i < o->results.n ? o->results.at[i] : r->opaque, span_loc(r, names.at[i].begin, names.at[i].end)), -1);
	return want_word(r, "cond") && region_add(r, o, &args) && want_word(r, "do") && region_add(r, o, &args);
}

/* applies stablehlo.add: the region that says it in full. */
static void add_simple_region(Reader *r, Operation *o, const char *name, Loc loc, const MlirType *t)
{
	Arena *a = r->ctx->arena;
	MlirBlock *b = ARENA_NEW(a, MlirBlock);
	MlirOp *op = ARENA_NEW(a, MlirOp), *end = ARENA_NEW(a, MlirOp);

	b->nargs = 2;
	b->arg = ARENA_ARRAY(a, MlirValue, 2);
	op->nargs = 2;
	op->arg = ARENA_ARRAY(a, MlirValue *, 2);
	for (int i = 0; i < 2; i++) {
		b->arg[i] = typed(t, loc);
		b->arg[i].index = i;
		op->arg[i] = &b->arg[i];
	}
	op->name = name;
	op->loc = op->src_loc = end->loc = end->src_loc = loc;
	op->nresults = 1;
	op->result = ARENA_NEW(a, MlirValue);
	*op->result = typed(t, loc);
	op->result->def = op;
	end->name = ctx_str(r->ctx, "stablehlo.return");
	end->nargs = 1;
	end->arg = ARENA_NEW(a, MlirValue *);
	end->arg[0] = op->result;
	block_append(b, op);
	block_append(b, end);
	vec_push(a, &o->regions, b);
}

/* reducer(%a: T, %b: T) (%c: U, %d: U) {...}: the arguments are %a, %c, %b, %d. */
static bool read_reducer(Reader *r, Operation *o)
{
	ArgList pairs = { 0 }, args = { 0 };

	while (take(r, '(')) {
		if (!read_typed_arg(r, &pairs) || !want(r, ',') || !read_typed_arg(r, &pairs) || !want(r, ')'))
			return false;
	}
	for (int side = 0; side < 2; side++)
		for (int i = side; i < pairs.value.n; i += 2)
			args_add(r, &args, &pairs.name.at[i], pairs.value.at[i], pairs.fix.at[i]);
	MlirAttrs all;
	if (take_word(r, "attributes") && (!read_dict(r, &all) || !named_add_all(r, &o->attrs, &all)))
		return false;
	return region_add(r, o, &args);
}

/* (%x init: %0), (%y init: %1) applies stablehlo.add across dimensions = [1] {...} : (...) -> T reducer(...) {...} */
bool form_reduce(Reader *r, Operation *o)
{
	Operation inits = { 0 };
	const char *simple = NULL;
	Loc loc = NULL;
	const int64_t *v;
	int n;

	do {
		if (!want(r, '(') || !read_operand(r, o) || !want_word(r, "init") || !want(r, ':') || !read_operand(r, &inits) ||
		    !want(r, ')'))
			return false;
	} while (take(r, ','));
	for (int i = 0; i < inits.args.n; i++) {
		vec_push(r->ctx->arena, &o->args, inits.args.at[i]);
		vec_push(r->ctx->arena, &o->arg_at, inits.arg_at.at[i]);
	}
	if (take_word(r, "applies")) {
		if (r->tok.kind != MT_WORD)
			return not_wanted(r, "the name of an op");
		simple = tok_text(r);
		loc = tok_loc(r);
		advance(r);
	}
	if (!want_word(r, "across") || !want_word(r, "dimensions") || !want(r, '='))
		return false;
	Loc dims = tok_loc(r);
	if (!read_ints(r, &n, &v) || !named_add(r, &o->attrs, ctx_str(r->ctx, "dimensions"), ints_attr(r, dims, n, v, "i64")) ||
	    !read_attr_dict(r, o) || !want(r, ':') || !read_signature(r, o))
		return false;
	if (!simple)
		return want_word(r, "reducer") && read_reducer(r, o);
	if (o->args.n != 2)
		return mlir_wrong(r, loc, "stablehlo.reduce: one op is applied, but to %d operands", o->args.n / 2);
	add_simple_region(r, o, simple, loc, o->args.at[1]->type);
	return true;
}
