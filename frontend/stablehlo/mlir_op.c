/* frontend/stablehlo/mlir_op.c - ops in generic form, their regions, and the names of values. */
#include "frontend/stablehlo/mlir_parse.h"

#include <stdlib.h>

struct Binding {
	MlirValue *at;         /* %x is at[0], %x#1 at[1] */
	int n;
	uint32_t begin, end;   /* of the name where it is defined */
};

enum { ATTRS_MAX = 1000 };   /* of an op: each is looked for among the others */

static bool is_number(const char *s) { return s[strspn(s, "0123456789")] == 0; }

static void bind_values(Reader *r, const ArgName *name, MlirValue *at, int n)
{
	Binding *b = map_get(&r->bound, name->name);

	for (int i = 0; i < n; i++)
		at[i].name = is_number(name->name) ? NULL : name->name;
	if (b) {
		mlir_wrong(r, span_loc(r, name->begin, name->end), "the value %%%s is defined twice", name->name);
		diag_note(&r->ctx->diag, span_loc(r, b->begin, b->end), "it is defined here first");
		return;
	}
	b = ARENA_NEW(r->ctx->arena, Binding);
	*b = (Binding){ at, n, name->begin, name->end };
	map_set(&r->bound, name->name, b);
	vec_push(r->ctx->arena, &r->scope, name->name);
}

static void scope_end(Reader *r, int begin)
{
	while (r->scope.n > begin)
		map_set(&r->bound, vec_pop(&r->scope), NULL);
}

/* Stands for a value that is not defined, so that reading can go on. */
static MlirValue *value_unknown(Reader *r)
{
	MlirValue *v = ARENA_NEW(r->ctx->arena, MlirValue);

	v->type = r->opaque;
	v->loc = tok_loc(r);
	return v;
}

bool read_operand(Reader *r, Operation *o)
{
	int64_t index = 0;

	if (r->tok.kind != MT_VALUE)
		return not_wanted(r, "a value (%name)");
	MlirToken t = r->tok;
	const char *name = tok_text(r);
	const Binding *b = map_get(&r->bound, name);
	MlirValue *v = NULL;
	advance(r);
	if (r->tok.kind == MT_HASH && r->tok.begin == t.end && r->tok.text[0] >= '0' && r->tok.text[0] <= '9') {
		if (!number_parse(number_find("i64"), false, r->tok.text, r->tok.len, &index))
			index = -1;
		t.end = r->tok.end;
		advance(r);
	}
	if (!b)
		mlir_wrong(r, span_loc(r, t.begin, t.end), "the value %%%s is not defined", name);
	else if (index < 0 || index >= b->n)
		mlir_wrong(r, span_loc(r, t.begin, t.end), "%%%s has %d result%s", name, b->n, b->n == 1 ? "" : "s");
	else
		v = &b->at[index];
	vec_push(r->ctx->arena, &o->args, v ? v : value_unknown(r));
	vec_push(r->ctx->arena, &o->arg_at, t.begin);
	return true;
}

bool read_operands(Reader *r, Operation *o)
{
	if (r->tok.kind != MT_VALUE)
		return true;
	do {
		if (!read_operand(r, o))
			return false;
	} while (take(r, ','));
	return true;
}

bool check_args(Reader *r, const Operation *o, const TypeList *types)
{
	if (types->n != o->args.n)
		return mlir_wrong(r, span_loc(r, o->begin, o->end), "%s: %d operand%s, but types of %d", o->name, o->args.n,
		                  o->args.n == 1 ? "" : "s", types->n);
	for (int i = 0; i < types->n; i++) {
		const MlirValue *v = o->args.at[i];
		if (v->type == types->at[i] || v->type == r->opaque || types->at[i] == r->opaque)
			continue;
		mlir_wrong(r, span_loc(r, o->arg_at.at[i], o->arg_at.at[i] + 1), "%s: operand %d is %s, but %s is written for it",
		           o->name, i, v->type->text, types->at[i]->text);
		diag_note(&r->ctx->diag, v->loc, "it is defined here");
	}
	return true;
}

bool read_signature(Reader *r, Operation *o)
{
	TypeList args = { 0 };

	if (!want(r, '(') || !read_type_list(r, ')', &args) || !want_arrow(r) || !read_results(r, &o->results))
		return false;
	return check_args(r, o, &args);
}

bool read_attr_dict(Reader *r, Operation *o)
{
	MlirAttrs all;

	if (!tok_is(r, '{'))
		return true;
	return read_dict(r, &all) && named_add_all(r, &o->attrs, &all);
}

bool named_add(Reader *r, NamedList *list, const char *name, const MlirAttr *value)
{
	for (int i = 0; i < list->n; i++)
		if (list->at[i].name == name)
			return mlir_wrong(r, value->loc, "the attribute '%s' is given twice", name);
	if (list->n == ATTRS_MAX)
		mlir_wrong(r, value->loc, "an op has more than %d attributes", ATTRS_MAX);
	vec_push(r->ctx->arena, list, ((MlirNamed){ name, value }));
	return true;
}

bool named_add_all(Reader *r, NamedList *list, const MlirAttrs *more)
{
	for (int i = 0; i < more->n && list->n <= ATTRS_MAX; i++)
		named_add(r, list, more->at[i].name, more->at[i].value);
	return true;
}

bool read_arg_name(Reader *r, ArgName *out)
{
	if (r->tok.kind != MT_VALUE)
		return not_wanted(r, "a value (%name)");
	*out = (ArgName){ tok_text(r), r->tok.begin, r->tok.end };
	advance(r);
	return true;
}

void args_add(Reader *r, ArgList *out, const ArgName *name, MlirValue v, int fix)
{
	v.index = out->value.n;
	vec_push(r->ctx->arena, &out->value, v);
	vec_push(r->ctx->arena, &out->name, *name);
	vec_push(r->ctx->arena, &out->fix, fix);
}

bool read_typed_arg(Reader *r, ArgList *out)
{
	MlirValue v = { 0 };
	ArgName name;
	int fix = -1;

	if (!read_arg_name(r, &name) || !want(r, ':') || !(v.type = read_type(r)))
		return false;
	v.loc = span_loc(r, name.begin, name.end);
	if (tok_word(r, "loc")) {
		fix = r->locs.n;
		if (!read_loc(r, ARENA_NEW(r->ctx->arena, Loc)))   /* block_new says where it goes */
			return false;
	}
	args_add(r, out, &name, v, fix);
	return true;
}

MlirBlock *block_new(Reader *r, const ArgList *args)
{
	MlirBlock *b = ARENA_NEW(r->ctx->arena, MlirBlock);

	b->nargs = args->value.n;
	b->arg = arena_copy(r->ctx->arena, args->value.at, sizeof *b->arg * (size_t)b->nargs);
	for (int i = 0; i < b->nargs; i++) {
		bind_values(r, &args->name.at[i], &b->arg[i], 1);
		if (args->fix.at[i] >= 0)
			r->locs.at[args->fix.at[i]].where = &b->arg[i].loc;
	}
	return b;
}

void block_append(MlirBlock *b, MlirOp *op)
{
	if (b->last)
		b->last->next = op;
	else
		b->first = op;
	b->last = op;
}

bool read_block(Reader *r, MlirBlock *b)
{
	while (!tok_is(r, '}')) {
		if (r->tok.kind == MT_CARET) {
			diag_error(&r->ctx->diag, tok_loc(r), "a region of several blocks is not supported: control flow must be structured");
			return false;
		}
		MlirOp *op = read_op(r);
		if (!op)
			return false;
		block_append(b, op);
	}
	return true;
}

/* ^bb0(%x: T, ...): or nothing. */
static bool read_label(Reader *r, ArgList *args)
{
	if (r->tok.kind != MT_CARET)
		return true;
	advance(r);
	if (take(r, '(') && !take(r, ')')) {
		do {
			if (!read_typed_arg(r, args))
				return false;
		} while (take(r, ','));
		if (!want(r, ')'))
			return false;
	}
	return want(r, ':');
}

bool region_add(Reader *r, Operation *o, const ArgList *args)
{
	int begin = r->scope.n;
	ArgList own = { 0 };

	if (!want(r, '{') || !go_deeper(r))
		return false;
	if (!args && !read_label(r, &own))
		return false;
	MlirBlock *b = block_new(r, args ? args : &own);
	if (!read_block(r, b))
		return false;
	scope_end(r, begin);
	come_back(r);
	advance(r);
	vec_push(r->ctx->arena, &o->regions, b->first || b->nargs ? b : NULL);
	return true;
}

/* After the name: (%a, %b) <{...}> ({...}, {...}) {...} : (T, T) -> T */
static bool read_generic(Reader *r, Operation *o)
{
	if (!want(r, '(') || !read_operands(r, o) || !want(r, ')'))
		return false;
	if (tok_is(r, '[')) {
		diag_error(&r->ctx->diag, tok_loc(r), "%s: successors are not supported: control flow must be structured", o->name);
		return false;
	}
	if (take(r, '<') && (!read_attr_dict(r, o) || !want(r, '>')))
		return false;
	if (take(r, '(')) {
		do {
			if (!region_add(r, o, NULL))
				return false;
		} while (take(r, ','));
		if (!want(r, ')'))
			return false;
	}
	return read_attr_dict(r, o) && want(r, ':') && read_signature(r, o);
}

MlirOp *op_make(Reader *r, const Operation *o)
{
	Arena *a = r->ctx->arena;
	MlirOp *op = ARENA_NEW(a, MlirOp);

	op->name = o->name;
	op->loc = op->src_loc = span_loc(r, o->begin, o->end);
	op->unread = o->unread;
	op->nargs = o->args.n;
	op->arg = arena_copy(a, o->args.at, sizeof *op->arg * (size_t)o->args.n);
	op->nregions = o->regions.n;
	op->region = arena_copy(a, o->regions.at, sizeof *op->region * (size_t)o->regions.n);
	op->attrs = (MlirAttrs){ o->attrs.n, arena_copy(a, o->attrs.at, sizeof *o->attrs.at * (size_t)o->attrs.n) };
	op->nresults = o->results.n;
	op->result = ARENA_ARRAY(a, MlirValue, op->nresults);
	for (int i = 0; i < op->nresults; i++)
		op->result[i] = (MlirValue){ .type = o->results.at[i], .loc = op->loc, .def = op, .index = i };
	return op;
}

/* %a, %b:2 = */
static bool read_result_names(Reader *r, Operation *o)
{
	if (r->tok.kind != MT_VALUE)
		return true;
	do {
		ResultName name = { .n = 1 };
		if (!read_arg_name(r, &name.name) || (take(r, ':') && !read_int(r, &name.n)))
			return false;
		vec_push(r->ctx->arena, &o->names, name);
	} while (take(r, ','));
	return want(r, '=');
}

/* An op of which nothing is known has as many results as there are names, if that is a sane number. */
static void unread_results(Reader *r, Operation *o)
{
	for (int i = 0; i < o->names.n; i++)
		for (int64_t k = 0; k < o->names.at[i].n && k < 1 << 16 && o->results.n < 1 << 20; k++)
			vec_push(r->ctx->arena, &o->results, r->opaque);
}

static void bind_results(Reader *r, MlirOp *op, const Operation *o)
{
	int64_t at = 0;

	for (int i = 0; i < o->names.n; i++) {
		const ResultName *name = &o->names.at[i];
		if (name->n < 1 || name->n > op->nresults - at) {
			mlir_wrong(r, span_loc(r, name->name.begin, name->name.end), "%s has %d result%s: the names are of others",
			           op->name, op->nresults, op->nresults == 1 ? "" : "s");
			at = op->nresults;
			for (; i < o->names.n; i++)
				bind_values(r, &o->names.at[i].name, ARENA_NEW(r->ctx->arena, MlirValue), 0);
			break;
		}
		bind_values(r, &name->name, op->result + at, (int)name->n);
		at += name->n;
	}
	if (o->names.n && at < op->nresults)
		mlir_wrong(r, op->src_loc, "%s has %d results, but names for %lld", op->name, op->nresults, (long long)at);
}

/* Words that stand for an op without its dialect. */
static const char *full_name(Reader *r, const char *word)
{
	static const char *const names[][2] = { { "module", "builtin.module" }, { "call", "func.call" }, { "return", "func.return" } };

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (strcmp(word, names[i][0]) == 0)
			return ctx_str(r->ctx, names[i][1]);
	return word;
}

static Operation *operation_new(Reader *r)
{
	if (!r->spare.n)
		return ARENA_NEW(r->ctx->arena, Operation);
	Operation *o = vec_pop(&r->spare);
	o->names.n = o->args.n = o->arg_at.n = o->attrs.n = o->results.n = o->regions.n = 0;
	o->unread = false;
	return o;
}

MlirOp *read_op(Reader *r)
{
	Operation *o = operation_new(r);

	if (!read_result_names(r, o))
		return NULL;
	bool generic = r->tok.kind == MT_STRING;
	if (!generic && r->tok.kind != MT_WORD)
		return not_wanted(r, "an op"), NULL;
	o->name = tok_text(r);
	o->name = generic ? o->name : full_name(r, o->name);
	o->begin = r->tok.begin;
	o->end = r->tok.end;
	advance(r);
	if (!(generic ? read_generic : read_form)(r, o))
		return NULL;
	if (o->unread)
		unread_results(r, o);
	MlirOp *op = op_make(r, o);
	if (strcmp(op->name, "func.func") == 0)
		func_finish(r, op);
	bind_results(r, op, o);
	vec_push(r->ctx->arena, &r->spare, o);
	return read_trailing_loc(r, &op->loc) ? op : NULL;
}
