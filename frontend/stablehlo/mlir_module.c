/* frontend/stablehlo/mlir_module.c - the whole text: aliases, one module or loose functions, resources. */
#include "frontend/stablehlo/mlir_parse.h"

#include "ir/lex.h"

static void reader_init(Reader *r, Ctx *ctx, Source *src)
{
	*r = (Reader){ .ctx = ctx, .src = src };
	map_init(&r->types, ctx->arena);
	map_init(&r->bound, ctx->arena);
	strmap_init(&r->attr_alias, ctx->arena);
	strmap_init(&r->type_alias, ctx->arena);
	strmap_init(&r->loc_alias, ctx->arena);
	forms_init(r);
	r->i64 = element_type(r, "i64");
	r->f64 = element_type(r, "f64");
	MlirType *opaque = ARENA_NEW(ctx->arena, MlirType);
	*opaque = (MlirType){ .kind = MLIR_OPAQUE, .text = "unknown" };
	r->opaque = opaque;
}

/* What it stands for, after the '='. */
static bool read_alias(Reader *r, StrMap *aliases, const char *name, Loc loc, bool type)
{
	Alias *alias = ARENA_NEW(r->ctx->arena, Alias);
	int64_t nodes = r->nodes;

	r->deepest = r->depth;
	if (type)
		alias->type = read_type(r);
	else
		alias->attr = read_attr(r);
	if (!alias->type && !alias->attr)
		return false;
	alias->nodes = r->nodes - nodes;
	alias->depth = r->deepest - r->depth;
	if (strmap_has(aliases, name))
		return mlir_wrong(r, loc, "%c%s is defined twice", type ? '!' : '#', name);
	strmap_set(aliases, name, alias);
	return true;
}

/* #name = attribute, #name = loc(...). */
static bool read_attr_alias(Reader *r)
{
	const char *name = tok_text(r);
	Loc loc = tok_loc(r);

	advance(r);
	if (!want(r, '='))
		return false;
	if (tok_word(r, "loc"))
		return read_loc_alias(r, name);
	return read_alias(r, &r->attr_alias, name, loc, false);
}

/* !name = type */
static bool read_type_alias(Reader *r)
{
	const char *name = tok_text(r);
	Loc loc = tok_loc(r);

	advance(r);
	return want(r, '=') && read_alias(r, &r->type_alias, name, loc, true);
}

static bool read_all(Reader *r, MlirBlock *top)
{
	advance(r);
	while (r->tok.kind != MT_EOF) {
		if (r->tok.kind == MT_HASH) {
			if (!read_attr_alias(r))
				return false;
		} else if (r->tok.kind == MT_BANG) {
			if (!read_type_alias(r))
				return false;
		} else if (r->tok.kind == MT_META_OPEN) {
			if (!read_resources(r))
				return false;
		} else {
			MlirOp *op = read_op(r);
			if (!op)
				return false;
			block_append(top, op);
		}
	}
	return true;
}

static bool is_module(const MlirOp *op) { return strcmp(op->name, "builtin.module") == 0; }

/* What shardings refer to says nothing on one device. */
static bool can_drop(const MlirOp *op) { return strncmp(op->name, "sdy.", 4) == 0; }

/* Functions only; each name once. */
static void keep_functions(Reader *r, MlirModule *m, MlirOp *first)
{
	MlirBlock kept = { 0 };
	StrMap names;

	strmap_init(&names, r->ctx->arena);
	for (MlirOp *op = first, *next; op; op = next) {
		const MlirAttr *name = mlir_attr(op, "sym_name");
		next = op->next;
		op->next = NULL;
		if (can_drop(op))
			continue;
		if (is_module(op)) {
			mlir_wrong(r, op->src_loc, "a module within a module is not supported");
			continue;
		}
		if (strcmp(op->name, "func.func") != 0) {
			mlir_wrong(r, op->src_loc, "%s is not supported outside functions", op->name);
			continue;
		}
		if (!name || name->kind != MLIR_STRING) {
			mlir_wrong(r, op->src_loc, "func.func: no name (sym_name)");
			continue;
		}
		const MlirOp *before = strmap_get(&names, name->text);
		if (before) {
			mlir_wrong(r, op->src_loc, "the function @%s is defined twice", name->text);
			diag_note(&r->ctx->diag, before->src_loc, "it is defined here first");
			continue;
		}
		strmap_set(&names, name->text, op);
		block_append(&kept, op);
	}
	m->first = kept.first;
}

static MlirModule *make_module(Reader *r, const MlirBlock *top)
{
	MlirModule *m = ARENA_NEW(r->ctx->arena, MlirModule);
	MlirOp *first = top->first;

	/* Either one module, or functions without one. */
	if (first && is_module(first) && first == top->last) {
		const MlirAttr *name = mlir_attr(first, "sym_name");
		m->name = name && name->kind == MLIR_STRING ? name->text : NULL;
		m->attrs = first->attrs;
		if (first->nregions != 1)
			mlir_wrong(r, first->src_loc, "builtin.module: %d regions instead of one", first->nregions);
		first = first->nregions && first->region[0] ? first->region[0]->first : NULL;
	}
	keep_functions(r, m, first);
	return m;
}

MlirModule *mlir_parse(Ctx *ctx, Source *src)
{
	int nerrors = ctx->diag.nerrors;
	MlirBlock top = { 0 };
	Reader r;

	if (src->size >= 4 && memcmp(src->text, "ML\xefR", 4) == 0) {
		diag_error(&ctx->diag, loc_name(ctx->arena, src->name),
		           "this is MLIR bytecode, not text: export text instead (in JAX: jax.jit(f).lower(...).as_text())");
		return NULL;
	}
	if (!lex_check_text(ctx, src))
		return NULL;
	reader_init(&r, ctx, src);
	if (!read_all(&r, &top))
		return NULL;
	r.depth = 0;
	finish_locs(&r);
	finish_resources(&r);
	MlirModule *m = make_module(&r, &top);
	return ctx->diag.nerrors == nerrors ? m : NULL;
}
