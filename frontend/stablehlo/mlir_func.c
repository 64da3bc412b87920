/* frontend/stablehlo/mlir_func.c - modules and functions: func.func private @f(%x: T {...}) -> (T {...}) attributes {...} {...} */
#include "frontend/stablehlo/mlir_parse.h"

typedef struct Signature {
	ArgList  args;
	TypeList types, results;
	VEC(const MlirAttr *) arg_attrs, res_attrs;   /* a dictionary each */
	bool any_arg, any_res;
} Signature;

static bool add(Reader *r, Operation *o, const char *name, const MlirAttr *a)
{
	return named_add(r, &o->attrs, ctx_str(r->ctx, name), a);
}

static MlirAttr *no_attrs(Reader *r)
{
	MlirAttr *a = attr_new(r, MLIR_DICT, tok_loc(r));

	a->text = "";
	return a;
}

/* {...} or nothing, which is the empty one. */
static const MlirAttr *read_some_attrs(Reader *r, bool *any)
{
	MlirAttr *a = no_attrs(r);

	if (tok_is(r, '{') && !read_dict(r, &a->named))
		return NULL;
	*any |= a->named.n > 0;
	return a;
}

/* %x: T {...} loc(...), or of a declaration T {...}. */
static bool read_func_arg(Reader *r, Signature *s)
{
	MlirValue v = { 0 };
	ArgName name = { 0 };
	int fix = -1;
	bool named = r->tok.kind == MT_VALUE;

	if (named && (!read_arg_name(r, &name) || !want(r, ':')))
		return false;
	v.type = read_type(r);
	v.loc = span_loc(r, name.begin, name.end);
	const MlirAttr *a = v.type ? read_some_attrs(r, &s->any_arg) : NULL;
	if (!a)
		return false;
	if (tok_word(r, "loc")) {
		fix = r->locs.n;
		if (!read_loc(r, ARENA_NEW(r->ctx->arena, Loc)))   /* block_new says where it goes */
			return false;
	}
	vec_push(r->ctx->arena, &s->types, v.type);
	vec_push(r->ctx->arena, &s->arg_attrs, a);
	if (named)
		args_add(r, &s->args, &name, v, fix);
	return true;
}

static bool read_func_results(Reader *r, Signature *s)
{
	bool many = take(r, '(');

	if (many && take(r, ')'))
		return true;
	do {
		const MlirType *t = read_type(r);
		/* Without brackets a brace begins the body. */
		const MlirAttr *a = !t ? NULL : many ? read_some_attrs(r, &s->any_res) : no_attrs(r);
		if (!a)
			return false;
		vec_push(r->ctx->arena, &s->results, t);
		vec_push(r->ctx->arena, &s->res_attrs, a);
		if (!many)
			return true;
	} while (take(r, ','));
	return want(r, ')');
}

static const MlirAttr *list_of(Reader *r, Loc loc, int n, const MlirAttr *const *part)
{
	MlirAttr *a = attr_new(r, MLIR_LIST, loc);

	a->npart = n;
	a->part = part;
	return a;
}

static void add_signature(Reader *r, Operation *o, const Signature *s, Loc loc)
{
	MlirAttr *type = attr_new(r, MLIR_TYPE, loc);

	type->type = function_type(r, s->types.n, s->types.at, s->results.n, s->results.at);
	add(r, o, "function_type", type);
	if (s->any_arg)
		add(r, o, "arg_attrs", list_of(r, loc, s->arg_attrs.n, s->arg_attrs.at));
	if (s->any_res)
		add(r, o, "res_attrs", list_of(r, loc, s->res_attrs.n, s->res_attrs.at));
}

static bool read_func_head(Reader *r, Operation *o, Signature *s)
{
	Loc loc = tok_loc(r);

	if (tok_word(r, "public") || tok_word(r, "private") || tok_word(r, "nested")) {
		add(r, o, "sym_visibility", string_attr(r, loc, tok_text(r), r->tok.len));
		advance(r);
	}
	loc = tok_loc(r);
	const char *name = read_symbol(r);
	if (!name || !add(r, o, "sym_name", string_attr(r, loc, name, strlen(name))) || !want(r, '('))
		return false;
	while (!take(r, ')')) {
		if ((s->types.n && !want(r, ',')) || !read_func_arg(r, s))
			return false;
	}
	if (r->tok.kind == MT_ARROW) {
		advance(r);
		if (!read_func_results(r, s))
			return false;
	}
	add_signature(r, o, s, loc);
	return true;
}

bool form_func(Reader *r, Operation *o)
{
	Signature s = { 0 };
	MlirAttrs all;

	if (!read_func_head(r, o, &s))
		return false;
	if (take_word(r, "attributes") && (!read_dict(r, &all) || !named_add_all(r, &o->attrs, &all)))
		return false;
	if (!tok_is(r, '{')) {
		vec_push(r->ctx->arena, &o->regions, NULL);
		return true;
	}
	if (s.args.value.n != s.types.n)
		return not_wanted(r, "names of all arguments before the body");
	return region_add(r, o, &s.args);
}

static bool is_empty(const MlirNamed *a)
{
	bool empty = a->value->kind == MLIR_LIST && (strcmp(a->name, "arg_attrs") == 0 || strcmp(a->name, "res_attrs") == 0);

	for (int i = 0; empty && i < a->value->npart; i++)
		empty = a->value->part[i]->kind == MLIR_DICT && a->value->part[i]->named.n == 0;
	return empty;
}

/* Gives each argument its attributes; lists of empty ones, which some programs write, go. */
void func_finish(Reader *r, MlirOp *op)
{
	const MlirAttr *attrs;
	MlirBlock *b = op->nregions ? op->region[0] : NULL;
	NamedList kept = { 0 };

	for (int i = 0; i < op->attrs.n; i++)
		if (!is_empty(&op->attrs.at[i]))
			vec_push(r->ctx->arena, &kept, op->attrs.at[i]);
	op->attrs = (MlirAttrs){ kept.n, kept.at };
	attrs = mlir_attr(op, "arg_attrs");
	if (!attrs || attrs->kind != MLIR_LIST || !b)
		return;
	for (int i = 0; i < attrs->npart && i < b->nargs; i++)
		if (attrs->part[i]->kind == MLIR_DICT)
			b->arg[i].attrs = attrs->part[i]->named;
}

/* @name attributes {...} {...} */
bool form_module(Reader *r, Operation *o)
{
	MlirAttrs all;

	if (r->tok.kind == MT_SYMBOL) {
		Loc loc = tok_loc(r);
		const char *name = read_symbol(r);
		if (!name)
			return false;
		add(r, o, "sym_name", string_attr(r, loc, name, strlen(name)));
	}
	if (take_word(r, "attributes") && (!read_dict(r, &all) || !named_add_all(r, &o->attrs, &all)))
		return false;
	return region_add(r, o, &(ArgList){ 0 });
}
