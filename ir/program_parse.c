/* ir/program_parse.c - reads the text form of program IR back: what unit_print writes.

   Programs may launch kernels and call programs that come later, so both are looked up by name when all has been read. */
#include "ir/base/check.h"
#include "ir/kernel_text.h"
#include "ir/program_build.h"

typedef struct Late { Step *step; Token name; } Late;

typedef struct Reader {
	Parser *p;
	Unit   *u;
	Program **link;                /* where the next program goes */
	StrMap  kernels;               /* label -> its number + 1 */
	VEC(const char *) labels;
	StrMap  programs;              /* name -> Program * */
	VEC(Late) late;                /* launches and calls */
} Reader;

static bool refuse(Reader *r, Loc loc, const char *what)
{
	diag_error(&r->p->ctx->diag, loc, "program: %s", what);
	return false;
}

/* Steps. */

typedef VEC(Place) PlaceList;
typedef VEC(Dim) DimList;

static bool read_place(Parser *p, PlaceList *out)
{
	const Place *place = parse_place(p, NULL);

	if (place)
		vec_push(p->scratch, out, *place);
	return place != NULL;
}

/* `(in(0), ws(64), ...)` */
static bool read_places(Parser *p, PlaceList *out)
{
	if (!expect(p, TOK_LPAREN, NULL))
		return false;
	while (!at(p, TOK_RPAREN)) {
		if (!read_place(p, out))
			return false;
		if (!accept(p, TOK_COMMA))
			break;
	}
	return expect(p, TOK_RPAREN, "the places");
}

static Step *add_step(Reader *r, Steps *to, StepKind kind, Loc loc, const PlaceList *places)
{
	Step *s = step_add(r->u, to, kind, loc, places->n);

	for (int i = 0; i < places->n; i++)
		step_set_place(s, i, places->at[i]);
	return s;
}

static bool read_steps(Reader *r, Steps *to);

/* `{ ... }` */
static bool read_body(Reader *r, Steps *to)
{
	if (!enter(r->p) || !expect(r->p, TOK_LBRACE, NULL))
		return false;
	bool ok = read_steps(r, to);
	leave(r->p);
	return ok;
}

static bool read_launch(Reader *r, Steps *to, Loc loc)
{
	PlaceList places = { 0 };
	Token name = r->p->tok;

	if (!expect(r->p, TOK_SYM, "'launch'") || !read_places(r->p, &places))
		return false;
	Step *s = add_step(r, to, STEP_LAUNCH, loc, &places);
	vec_push(r->p->scratch, &r->late, (Late){ s, name });
	return true;
}

static bool read_copy(Reader *r, Steps *to, Loc loc)
{
	Parser *p = r->p;
	PlaceList places = { 0 };

	if (!read_place(p, &places) || !expect(p, TOK_ASSIGN, "the place") || !read_place(p, &places))
		return false;
	if (!accept_word(p, "bytes"))
		return unexpected(p, "'bytes'");
	Dim bytes = expect(p, TOK_LPAREN, "'bytes'") ? parse_dim(p) : NULL;
	if (!bytes || !expect(p, TOK_RPAREN, "the size"))
		return false;
	step_add_copy(r->u, to, loc, places.at[0], places.at[1], bytes);
	return true;
}

static bool read_if(Reader *r, Steps *to, Loc loc)
{
	PlaceList places = { 0 };

	if (!read_place(r->p, &places))
		return false;
	Step *s = add_step(r, to, STEP_IF, loc, &places);
	if (!read_body(r, &s->body))
		return false;
	return !accept_word(r->p, "else") || read_body(r, &s->other);
}

static bool read_while(Reader *r, Steps *to, Loc loc)
{
	Parser *p = r->p;
	PlaceList places = { 0 };
	Step *s = step_add(r->u, to, STEP_WHILE, loc, 1);

	if (!read_body(r, &s->body) || !read_place(p, &places))
		return false;
	step_set_place(s, 0, places.at[0]);
	return (accept_word(p, "do") || unexpected(p, "'do'")) && read_body(r, &s->other);
}

/* `[N*2, 3]`, if there are any; they stay. */
static bool read_numbers(Parser *p, DimList *out)
{
	if (!accept(p, TOK_LBRACKET))
		return true;
	do {
		Dim d = parse_dim(p);
		if (!d)
			return false;
		vec_push(p->m->arena, out, d);
	} while (accept(p, TOK_COMMA));
	return expect(p, TOK_RBRACKET, "the values");
}

/* `call @f [N*2, 3] (in(0), out(0)) workspace ws(64)` */
static bool read_call(Reader *r, Steps *to, Loc loc)
{
	Parser *p = r->p;
	PlaceList places = { 0 }, below = { 0 };
	DimList symbol = { 0 };
	Token name = p->tok;

	if (!expect(p, TOK_SYM, "'call'"))
		return false;
	if (!read_numbers(p, &symbol))
		return false;
	if (!read_places(p, &places))
		return false;
	if (!accept_word(p, "workspace"))
		return unexpected(p, "'workspace'");
	Loc at_place = here(p);
	if (!read_place(p, &below))
		return false;
	if (below.at[0].kind != PLACE_WS)
		return refuse(r, at_place, "the workspace of a call is a part of ours, ws(...)");
	Step *s = add_step(r, to, STEP_CALL, loc, &places);
	s->callee_symbol = symbol.at;
	s->nsymbols = symbol.n;
	s->ws_offset = below.at[0].offset;
	vec_push(p->scratch, &r->late, (Late){ s, name });
	return true;
}

typedef VEC(DType) TypeList;

/* `(f32 in(0), i64 ws(64))` */
static bool read_typed(Parser *p, PlaceList *places, TypeList *types)
{
	DType t;

	if (!expect(p, TOK_LPAREN, NULL))
		return false;
	while (!at(p, TOK_RPAREN)) {
		if (!parse_dtype(p, &t) || !read_place(p, places))
			return false;
		vec_push(p->m->arena, types, t);
		if (!accept(p, TOK_COMMA))
			break;
	}
	return expect(p, TOK_RPAREN, "the places");
}

/* `custom @f [N] (f32 in(0)) -> (f32 out(0)) config "..."` */
static bool read_custom(Reader *r, Steps *to, Loc loc)
{
	Parser *p = r->p;
	PlaceList places = { 0 };
	TypeList types = { 0 };
	DimList dims = { 0 };
	Custom *c = ARENA_NEW(p->m->arena, Custom);

	c->target = p->tok.text;
	c->config = "";
	if (!expect(p, TOK_SYM, "'custom'") || !read_numbers(p, &dims) || !read_typed(p, &places, &types))
		return false;
	c->nin = places.n;
	if (!expect(p, TOK_ARROW, "the operands") || !read_typed(p, &places, &types))
		return false;
	c->nout = places.n - c->nin;
	c->ndims = dims.n;
	c->dtype = types.at;
	if (accept_word(p, "config")) {
		c->config = p->tok.text;
		if (!expect(p, TOK_STRING, "'config'"))
			return false;
	}
	Step *s = add_step(r, to, STEP_CUSTOM, loc, &places);
	s->custom = c;
	s->custom_dim = dims.at;
	return true;
}

/* `size K<=N*4 = ws(64)`, and ` result 1` where that output gets it, too */
static bool read_size(Reader *r, Steps *to, Loc loc)
{
	Parser *p = r->p;
	PlaceList places = { 0 };
	Dim size = parse_dim(p);

	if (!size)
		return false;
	if (size->kind != DIM_SYM || !dim_is_bounded(size))
		return refuse(r, loc, "a size is a name with a bound, as in K<=100");
	if (!expect(p, TOK_ASSIGN, "the size") || !read_place(p, &places))
		return false;
	Step *s = add_step(r, to, STEP_SIZE, loc, &places);
	int64_t result = -1;
	bool given = accept_word(p, "result");
	if (given && !parse_int(p, &result))
		return false;
	s->size = size;
	s->result = result < -1 || result > INT32_MAX ? INT32_MAX : (int)result;
	return true;
}

/* Up to the closing brace, which is taken. */
static bool read_steps(Reader *r, Steps *to)
{
	static const struct { const char *word; bool (*read)(Reader *r, Steps *to, Loc loc); } step[] = {
		{ "launch", read_launch }, { "copy", read_copy }, { "if", read_if }, { "while", read_while }, { "call", read_call },
		{ "custom", read_custom },
		{ "size", read_size },
	};
	Parser *p = r->p;

	while (!accept(p, TOK_RBRACE)) {
		Loc loc = here(p);
		size_t i = 0;
		p->statement = p->tok.begin;
		while (i < sizeof step / sizeof *step && !accept_word(p, step[i].word))
			i++;
		if (i == sizeof step / sizeof *step)
			return unexpected(p, "a step (launch, copy, if, while, call, custom, size) or '}'");
		if (!step[i].read(r, to, loc))
			return false;
	}
	return true;
}

/* What a unit consists of. */

/* `extents (N - 3, ...)`, if there are any. */
static bool read_extents(Parser *p, DimList *out)
{
	if (!accept_word(p, "extents"))
		return true;
	if (!expect(p, TOK_LPAREN, "'extents'"))
		return false;
	do {
		Dim d = parse_dim(p);
		if (!d)
			return false;
		vec_push(p->scratch, out, d);
	} while (accept(p, TOK_COMMA));
	return expect(p, TOK_RPAREN, "the extents");
}

/* `program @f(%x: f32[N]) -> (%y: f32[N]) workspace N*4 { steps }` */
static bool read_program(Reader *r)
{
	Parser *p = r->p;
	DimList extents = { 0 };

	if (!parse_signature(p, "'program'") || (accept_word(p, "where") && !parse_constraints(p)) || !read_extents(p, &extents))
		return false;
	if (!accept_word(p, "workspace"))
		return unexpected(p, "'workspace'");
	Dim bytes = parse_dim(p);
	if (!bytes || !expect(p, TOK_LBRACE, "the workspace"))
		return false;
	Program *prog = program_new(r->u, p->func, bytes);
	for (int i = 0; i < extents.n; i++)
		program_add_extent(r->u, prog, extents.at[i]);
	*r->link = prog;
	r->link = &prog->next;
	strmap_set(&r->programs, prog->name, prog);
	return read_steps(r, &prog->steps);
}

/* `const 0 : f32[4] = [...]` */
static bool read_const(Reader *r)
{
	Parser *p = r->p;
	Loc at_number = here(p);
	int64_t number;
	Literal lit;

	if (!parse_int(p, &number))
		return false;
	if (number != r->u->constant.n)
		return refuse(r, at_number, arena_printf(p->scratch, "constants count from 0: this is number %d", r->u->constant.n));
	scope_clear(p);
	const Type *type = expect(p, TOK_COLON, "the constant's number") ? parse_type(p) : NULL;
	if (!type || !expect(p, TOK_ASSIGN, "the type") || !parse_literal(p, &lit))
		return false;
	Blob *blob = literal_blob(p, &lit, type, "const");
	if (!blob)
		return false;
	return unit_add_const(r->u, blob) >= 0 || refuse(r, at_number, "the constants are larger than 64 bits count");
}

static bool read_kernel(Reader *r)
{
	Parser *p = r->p;
	Token label;
	Kernel *k = parse_kernel(p, &label);

	if (!k)
		return false;
	if (label.kind != TOK_SYM)
		return refuse(r, token_loc(p, &label), "a kernel has a label, as in kernel @k0 \"title\"");
	if (strmap_has(&r->kernels, label.text))
		return refuse(r, token_loc(p, &label), arena_printf(p->scratch, "kernel @%s is defined twice", label.text));
	vec_push(r->u->arena, &r->u->kernel, k);
	vec_push(p->scratch, &r->labels, label.text);
	strmap_set(&r->kernels, label.text, (void *)(intptr_t)r->u->kernel.n);
	return true;
}

static bool read_part(Reader *r)
{
	Parser *p = r->p;

	p->statement = p->tok.begin;
	if (accept_word(p, "weights"))
		return parse_weights_file(p);
	if (accept_word(p, "program"))
		return read_program(r);
	if (accept_word(p, "const"))
		return read_const(r);
	if (accept_word(p, "kernel"))
		return read_kernel(r);
	return unexpected(p, "'program', 'const', 'kernel' or 'weights'");
}

/* Names. */

static bool find_kernel(Reader *r, const Late *l)
{
	int number = (int)(intptr_t)strmap_get(&r->kernels, l->name.text);
	Guess g = { .wanted = l->name.text };

	l->step->kernel = number - 1;
	if (number)
		return true;
	for (int i = 0; i < r->labels.n; i++)
		guess_offer(&g, r->labels.at[i]);
	diag_error(&r->p->ctx->diag, token_loc(r->p, &l->name), "launch: there is no kernel @%s%s", l->name.text, guess_text(r->p, &g, "@"));
	return false;
}

static bool find_program(Reader *r, const Late *l)
{
	Guess g = { .wanted = l->name.text };

	l->step->callee = strmap_get(&r->programs, l->name.text);
	if (l->step->callee)
		return true;
	for (const Program *q = r->u->programs; q; q = q->next)
		guess_offer(&g, q->name);
	diag_error(&r->p->ctx->diag, token_loc(r->p, &l->name), "call: there is no program @%s%s", l->name.text, guess_text(r->p, &g, "@"));
	return false;
}

static bool resolve(Reader *r)
{
	bool ok = true;

	for (int i = 0; i < r->late.n; i++) {
		const Late *l = &r->late.at[i];
		ok = (l->step->kind == STEP_LAUNCH ? find_kernel(r, l) : find_program(r, l)) && ok;
	}
	return ok;
}

static bool read_unit(Reader *r)
{
	Parser *p = r->p;

	if (!accept_word(p, PROGRAM_MAGIC))
		return unexpected(p, "'" PROGRAM_MAGIC "'");
	if (!parse_version(p, PROGRAM_FORMAT_VERSION))
		return false;
	r->u->scheduled = accept_word(p, "scheduled");
	while (!at(p, TOK_EOF))
		if (!read_part(r))
			return false;
	return resolve(r);
}

Unit *unit_parse(Ctx *ctx, Source *src, const ParseHooks *hooks)
{
	Parser p = { .ctx = ctx, .m = module_new(ctx), .scratch = arena_new(), .hooks = hooks, .prefix = "" };
	Reader r = { .p = &p, .u = unit_new(ctx, p.m) };
	bool ok = lex_check_text(ctx, src);

	if (ok) {
		r.link = &r.u->programs;
		strmap_init(&r.kernels, p.scratch);
		strmap_init(&r.programs, p.scratch);
		scope_clear(&p);
		p.lx = (Lexer){ .ctx = ctx, .src = src };
		p.tok = lex_next(&p.lx);
		ok = read_unit(&r);
	}
	arena_free(p.scratch);
	return ok && unit_verify(r.u, &ctx->diag) ? r.u : NULL;
}
