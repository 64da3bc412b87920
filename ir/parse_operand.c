/* ir/parse_operand.c - names and what they stand for; operands, which may also be weights and numbers. */
#include "ir/build.h"
#include "ir/parse.h"

/* Names. */

bool bind(Parser *p, const Token *t, Value *value)
{
	Loc loc = token_loc(p, t);
	Binding *old = strmap_get(&p->bindings, t->text);

	if (old && old->live) {
		diag_error(&p->ctx->diag, loc, "'%%%s' is defined twice", t->text);
		diag_note(&p->ctx->diag, old->loc, "the first definition is here");
		return false;
	}
	Binding *b = ARENA_NEW(p->scratch, Binding);
	*b = (Binding){ .name = t->text, .value = value, .loc = loc, .live = true };
	strmap_set(&p->bindings, t->text, b);
	vec_push(p->scratch, &p->scope, b);
	return true;
}

void scope_end(Parser *p, int begin)
{
	while (p->scope.n > begin)
		vec_pop(&p->scope)->live = false;
}

void scope_clear(Parser *p)
{
	strmap_init(&p->bindings, p->scratch);
	strmap_init(&p->bounded, p->scratch);
	p->scope.n = 0;
}

/* Where `%name =` stands further down, for a note: a look at the text, good enough for that. */
static Loc later_definition(Parser *p, const Token *t)
{
	const char *text = p->lx.src->text;
	size_t n = t->end - t->begin, size = p->lx.src->size;

	for (size_t i = t->end; i + n < size; i++) {
		if (text[i] != '%' || memcmp(text + i, text + t->begin, n) != 0)
			continue;
		size_t k = i + n;
		while (k < size && text[k] == ' ')
			k++;
		if (k < size && text[k] == '=')
			return range_loc(p, (uint32_t)i, (uint32_t)(i + n));
	}
	return NULL;
}

static void undefined(Parser *p, const Token *t)
{
	Binding *b = strmap_get(&p->bindings, t->text);
	Loc loc = token_loc(p, t), later = NULL;

	if (b) {
		diag_error(&p->ctx->diag, loc, "'%%%s' belongs to a region that has ended", t->text);
		diag_note(&p->ctx->diag, b->loc, "it is defined here");
		return;
	}
	later = later_definition(p, t);
	if (later) {
		diag_error(&p->ctx->diag, loc, "'%%%s' is used before it is defined", t->text);
		diag_note(&p->ctx->diag, later, "it is defined here");
		return;
	}
	Guess g = { .wanted = t->text };
	for (int i = 0; i < p->scope.n; i++)
		guess_offer(&g, p->scope.at[i]->name);
	diag_error(&p->ctx->diag, loc, "'%%%s' is not defined%s", t->text, guess_text(p, &g, "%"));
}

/* Operands. */

/* `@w` as an operand: a weight op of its own. */
static Value *weight_value(Parser *p, Block *block, const Token *t)
{
	Weight *w = module_weight(p->m, t->text);
	Loc loc = token_loc(p, t);

	if (!w) {
		Guess g = { .wanted = t->text };
		for (int i = 0; i < p->m->weights.n; i++)
			guess_offer(&g, p->m->weights.at[i]->name);
		diag_error(&p->ctx->diag, loc, "weight '@%s' is not declared before this%s", t->text, guess_text(p, &g, "@"));
		return NULL;
	}
	Builder b = builder_at_end(p->ctx, block);
	b.loc = loc;
	Op *op = build_op(&b, OP_weight, 0, NULL, &(struct attrs_weight){ .name = w->name });
	if (!op)
		return NULL;
	op->result[0]->name = w->name;
	op->result[0]->loc = loc;
	return op->result[0];
}

static bool parse_operand(Parser *p, Block *block, Stmt *s)
{
	Operand o = { .loc = here(p) };
	Token t = p->tok;

	if (at_scalar(p)) {
		o.literal = true;
		if (!parse_literal(p, &o.lit))
			return false;
	} else if (accept(p, TOK_VALUE)) {
		Binding *b = strmap_get(&p->bindings, t.text);
		if (!b || !b->live)
			undefined(p, &t);
		o.value = b && b->live ? b->value : NULL;
		s->refused |= !o.value;
	} else if (accept(p, TOK_SYM)) {
		o.value = weight_value(p, block, &t);
		s->refused |= !o.value;
	} else {
		return unexpected(p, "an operand");
	}
	vec_push(p->scratch, &s->arg, o);
	return true;
}

/* A name at the start of a line may also be the next statement's: always after an op that takes no operands. */
static bool at_operand(const Parser *p, const Stmt *s)
{
	if (p->tok.line_start && at(p, TOK_VALUE) && (s->row->nargs == 0 || look_ahead(p, 1).kind == TOK_ASSIGN))
		return false;
	return at(p, TOK_VALUE) || at(p, TOK_SYM) || at_scalar(p);
}

static bool parse_operand_list(Parser *p, Block *block, Stmt *s)
{
	do {
		if (!parse_operand(p, block, s))
			return false;
	} while (accept(p, TOK_COMMA));
	return true;
}

/* `%a, %b`, or the same in parentheses, which a region's arguments are told from by the colon behind the first name. */
bool parse_operands(Parser *p, Block *block, Stmt *s)
{
	if (!at(p, TOK_LPAREN))
		return !at_operand(p, s) || parse_operand_list(p, block, s);
	Token first = look_ahead(p, 1), second = look_ahead(p, 2);
	bool region = first.kind == TOK_RPAREN ? s->row->nregions > 0 && !*s->row->region_name[0]
	                                       : first.kind == TOK_VALUE && second.kind == TOK_COLON;
	if (region)
		return true;
	next(p);
	if (accept(p, TOK_RPAREN))
		return true;
	return parse_operand_list(p, block, s) && expect(p, TOK_RPAREN, "the operands");
}

/* A literal has the element type of the nearest operand before it that it can have, else of the nearest one after. */
static bool literal_type(const Stmt *s, int i, DType *out)
{
	for (int step = -1; step <= 1; step += 2) {
		for (int k = i + step; k >= 0 && k < s->arg.n; k += step) {
			const Value *v = s->arg.at[k].value;
			if (!v || !literal_fits(&s->arg.at[i].lit, v->type->dtype))
				continue;
			*out = v->type->dtype;
			return true;
		}
	}
	return false;
}

bool make_literals(Parser *p, Block *block, Stmt *s)
{
	for (int i = 0; i < s->arg.n; i++) {
		Operand *o = &s->arg.at[i];
		DType t;
		if (!o->literal)
			continue;
		if (!literal_type(s, i, &t)) {
			diag_error(&p->ctx->diag, o->loc, "%s: no other operand gives this number a type; write a constant",
			           s->row->name);
			return false;
		}
		Blob *blob = literal_blob(p, &o->lit, type_scalar(p->ctx->types, t), s->row->name);
		if (!blob)
			return false;
		Builder b = builder_at_end(p->ctx, block);
		b.loc = o->loc;
		o->value = build_constant(&b, blob);
	}
	return true;
}

static bool same_shape(const Type *a, const Type *b)
{
	if (a->rank != b->rank)
		return false;
	for (int i = 0; i < a->rank; i++)
		if (a->dim[i] != b->dim[i] && (dim_is(a->dim[i], 1) || dim_is(b->dim[i], 1)))
			return false;
	return true;
}

/* numpy's broadcasting of elementwise operands, made explicit. Different extents that may be equal are left to inference. */
bool broadcast_operands(Parser *p, Block *block, const Stmt *s, Value **arg)
{
	bool same = true;

	for (int i = 1; i < s->arg.n; i++)
		same = same && same_shape(arg[0]->type, arg[i]->type);
	if (same || !(s->row->traits & T_EW))
		return true;
	Builder b = builder_at_end(p->ctx, block);
	b.loc = s->loc;
	b.what = s->row->name;
	return build_common_shape(&b, s->arg.n, arg);
}
