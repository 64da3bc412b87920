/* ir/parse_type.c - reads dimensions, types, places and locations. */
#include "ir/parse.h"

/* Multiplying sums out is exponential in the depth of the product; nobody writes what this refuses. */
enum { DIM_TERMS_MAX = 256 };

static Dim parse_sum(Parser *p);

static Dim dim_error(Parser *p, uint32_t begin, const char *text)
{
	diag_error(&p->ctx->diag, range_loc(p, begin, p->prev_end), "%s", text);
	return NULL;
}

static bool token_int(Parser *p, const Token *t, bool negative, int64_t *out)
{
	uint64_t limit = (uint64_t)INT64_MAX + negative, v = 0;

	for (uint32_t i = 0; i < t->len; i++) {
		uint64_t digit = (uint64_t)(t->text[i] - '0');
		if (v > (limit - digit) / 10) {
			diag_error(&p->ctx->diag, token_loc(p, t), "the integer does not fit in 64 bits");
			return false;
		}
		v = v * 10 + digit;
	}
	*out = negative ? (int64_t)-v : (int64_t)v;
	return true;
}

bool parse_int(Parser *p, int64_t *out)
{
	bool  negative = accept(p, TOK_MINUS);
	Token t = p->tok;

	if (!at(p, TOK_INT))
		return unexpected(p, "an integer");
	next(p);
	return token_int(p, &t, negative, out);
}

static const char *show_dim(Parser *p, Dim d)
{
	Str s = { 0 };

	dim_print(&s, d);
	const char *text = arena_strdup(p->scratch, str_cstr(&s));
	str_free(&s);
	return text;
}

/* `K<=100` states the bound of K, up to the end of the dimension or of its parentheses; a plain K has the bound stated before in
   the same graph, if any. */
static Dim parse_symbol(Parser *p)
{
	Token t = p->tok;
	const char *name = token_str(p, &t);
	Dim known = strmap_get(&p->bounded, name);
	int64_t lo, hi;

	next(p);
	if (!accept(p, TOK_LE))
		return known ? known : dim_sym(p->ctx->dims, name, INT64_MAX);
	Dim bound = parse_sum(p);
	if (!bound)
		return NULL;
	dim_range(bound, &lo, &hi);
	if (hi < 0)
		return dim_error(p, t.begin, "the bound of a dimension is negative");
	if (dim_mentions(bound, name))
		return dim_error(p, t.begin, arena_printf(p->scratch, "the bound of %s is an expression of itself", name));
	Dim sym = dim_sym_limited(p->ctx->dims, name, bound);
	if (sym && known && known != sym) {
		diag_error(&p->ctx->diag, range_loc(p, t.begin, p->prev_end), "the bound of %s is %s, but was %s before", name,
		           show_dim(p, bound), show_dim(p, dim_bound(p->ctx->dims, known)));
		return NULL;
	}
	if (!sym)
		return dim_error(p, t.begin, "the dimension is too large an expression");
	strmap_set(&p->bounded, name, (void *)sym);
	return sym;
}

static bool too_wide(Dim a, Dim b)
{
	int64_t n = a->kind == DIM_ADD ? a->nargs : 1, m = b->kind == DIM_ADD ? b->nargs : 1;
	return n * m > DIM_TERMS_MAX;
}

static Dim dim_apply(Parser *p, Tok op, Dim a, Dim b, uint32_t begin)
{
	DimTable *t = p->ctx->dims;
	Dim d = NULL;
	int64_t lo, hi;

	switch (op) {
	case TOK_PLUS:
		d = dim_add(t, a, b);
		break;
	case TOK_MINUS:
		d = dim_sub(t, a, b);
		break;
	case TOK_STAR:
		if (too_wide(a, b))
			return dim_error(p, begin, "the dimension is too large an expression");
		d = dim_mul(t, a, b);
		break;
	default:
		dim_range(b, &lo, &hi);
		if (hi <= 0)
			return dim_error(p, begin, "the divisor of a dimension is not positive");
		d = op == TOK_FLOORDIV ? dim_floordiv(t, a, b) : dim_mod(t, a, b);
	}
	if (d && d->kind == DIM_ADD && d->nargs > DIM_TERMS_MAX)
		return dim_error(p, begin, "the dimension is too large an expression");
	return d ? d : dim_error(p, begin, "the dimension does not fit in 64 bits");
}

/* `max(a, b)` or `min(a, b)`. */
static Dim parse_extremum(Parser *p)
{
	uint32_t begin = p->tok.begin;
	bool max = at_word(p, "max");

	next(p);
	next(p);
	Dim a = parse_sum(p);
	if (!a || !expect(p, TOK_COMMA, "the first operand"))
		return NULL;
	Dim b = parse_sum(p);
	if (!b || !expect(p, TOK_RPAREN, "the second operand"))
		return NULL;
	Dim d = max ? dim_max(p->ctx->dims, a, b) : dim_min(p->ctx->dims, a, b);
	return d ? d : dim_error(p, begin, "the dimension does not fit in 64 bits");
}

static Dim parse_atom(Parser *p)
{
	Token t = p->tok;
	int64_t v;

	if (accept(p, TOK_INT))
		return token_int(p, &t, false, &v) ? dim_const(p->ctx->dims, v) : NULL;
	if (at(p, TOK_STRING) && t.len > 0)
		return parse_symbol(p);
	if (at(p, TOK_IDENT)) {
		bool call = look_ahead(p, 1).kind == TOK_LPAREN && (at_word(p, "max") || at_word(p, "min"));
		return call ? parse_extremum(p) : parse_symbol(p);
	}
	if (!at(p, TOK_LPAREN) && !at(p, TOK_MINUS)) {
		unexpected(p, "a dimension");
		return NULL;
	}
	if (!enter(p))
		return NULL;
	next(p);
	Dim d;
	if (t.kind == TOK_LPAREN) {
		d = parse_sum(p);
		if (d && !expect(p, TOK_RPAREN, "the dimension"))
			d = NULL;
	} else {
		d = parse_atom(p);
		d = d ? dim_apply(p, TOK_MINUS, dim_const(p->ctx->dims, 0), d, t.begin) : NULL;
	}
	leave(p);
	return d;
}

static Dim parse_product(Parser *p)
{
	uint32_t begin = p->tok.begin;
	Dim d = parse_atom(p);

	while (d && (at(p, TOK_STAR) || at(p, TOK_FLOORDIV) || at(p, TOK_MOD))) {
		Tok op = p->tok.kind;
		next(p);
		Dim b = parse_atom(p);
		d = b ? dim_apply(p, op, d, b, begin) : NULL;
	}
	return d;
}

static Dim parse_sum(Parser *p)
{
	uint32_t begin = p->tok.begin;
	if (!enter(p))
		return NULL;
	Dim d = parse_product(p);

	while (d && (at(p, TOK_PLUS) || at(p, TOK_MINUS))) {
		Tok op = p->tok.kind;
		next(p);
		Dim b = parse_product(p);
		d = b ? dim_apply(p, op, d, b, begin) : NULL;
	}
	leave(p);
	return d;
}

Dim parse_dim(Parser *p)
{
	bool outer = p->lx.dims;

	p->lx.dims = true;
	Dim d = parse_sum(p);
	p->lx.dims = outer;
	return d;
}

/* A type's dimension: also not negative. */
static Dim parse_extent(Parser *p)
{
	uint32_t begin = p->tok.begin;
	int64_t lo, hi;
	Dim d = parse_dim(p);

	if (!d)
		return NULL;
	dim_range(d, &lo, &hi);
	return hi < 0 ? dim_error(p, begin, "the dimension is negative") : d;
}

bool parse_dtype(Parser *p, DType *out)
{
	if (!at(p, TOK_IDENT))
		return unexpected(p, "a type");
	if (dtype_parse(p->tok.text, p->tok.len, out)) {
		next(p);
		return true;
	}
	Guess g = { .wanted = token_str(p, &p->tok) };
	for (int i = 0; i < DT_COUNT; i++)
		guess_offer(&g, dtype_info[i].name);
	diag_error(&p->ctx->diag, here(p), "%s is no element type%s",
	           token_show(p->scratch, p->lx.src, &p->tok), guess_text(p, &g, ""));
	return false;
}

const Type *parse_type(Parser *p)
{
	uint32_t begin = p->tok.begin;
	DType dtype;
	VEC(Dim) dim = { 0 };

	if (!parse_dtype(p, &dtype) || !expect(p, TOK_LBRACKET, "the element type"))
		return NULL;
	while (!at(p, TOK_RBRACKET)) {
		if (dim.n == dtype_rank_max(dtype)) {
			diag_error(&p->ctx->diag, here(p), "the rank of a type is at most %d", dtype_rank_max(dtype));
			return NULL;
		}
		Dim d = parse_extent(p);
		if (!d)
			return NULL;
		vec_push(p->scratch, &dim, d);
		if (!accept(p, TOK_COMMA))
			break;
	}
	if (!expect(p, TOK_RBRACKET, "the dimensions"))
		return NULL;
	const Type *type = type_get(p->ctx->types, dtype, dim.n, dim.at);
	if (!type_bytes(p->ctx->types, type)) {
		dim_error(p, begin, "the size of the type does not fit in 64 bits");
		return NULL;
	}
	return type;
}

/* `, strides [8, N, 1]` of a place */
static bool parse_strides(Parser *p, Place *place, const Type *t)
{
	VEC(Dim) list = { 0 };
	uint32_t begin = p->tok.begin;

	if (!accept_word(p, "strides"))
		return unexpected(p, "'strides'");
	if (!expect(p, TOK_LBRACKET, "'strides'"))
		return false;
	do {
		Dim d = parse_extent(p);
		if (!d)
			return false;
		vec_push(p->m->arena, &list, d);
	} while (accept(p, TOK_COMMA));
	if (list.n != t->rank)
		return dim_error(p, begin, arena_printf(p->scratch, "found %d stride%s, but the value has rank %d", list.n,
		                                        list.n == 1 ? "" : "s", t->rank)) != NULL;
	place->stride = list.at;
	return expect(p, TOK_RBRACKET, "the strides");
}

/* `ws(1024)`, `in(0)`, `const(2, 64)`, `ws(64, strides [8, 1])`, `none`; without a type an address alone, of the first three
   forms. */
const Place *parse_place(Parser *p, const Type *t)
{
	static const struct { const char *word; PlaceKind kind; } kinds[] = {
		{ "in", PLACE_IN }, { "out", PLACE_OUT }, { "ws", PLACE_WS }, { "const", PLACE_CONST }, { "none", PLACE_NONE },
	};
	Place *place = ARENA_NEW(p->m->arena, Place);
	size_t i = 0;

	const size_t n = sizeof kinds / sizeof *kinds - !t;
	while (i < n && !at_word(p, kinds[i].word))
		i++;
	if (i == n) {
		unexpected(p, t ? "'in', 'out', 'ws', 'const' or 'none' after 'at'" : "a place ('in', 'out', 'ws' or 'const')");
		return NULL;
	}
	next(p);
	place->kind = kinds[i].kind;
	place->offset = dim_const(p->ctx->dims, 0);
	if (place->kind == PLACE_NONE)
		return place;
	if (!expect(p, TOK_LPAREN, "the place"))
		return NULL;
	if (place->kind != PLACE_WS) {
		uint32_t begin = p->tok.begin;
		int64_t index;
		if (!parse_int(p, &index))
			return NULL;
		if (index < 0 || index > INT32_MAX) {
			dim_error(p, begin, "no such number of a buffer");
			return NULL;
		}
		place->index = (int)index;
	}
	if (place->kind == PLACE_WS || accept(p, TOK_COMMA)) {
		place->offset = parse_extent(p);
		if (!place->offset || (t && accept(p, TOK_COMMA) && !parse_strides(p, place, t)))
			return NULL;
	}
	return expect(p, TOK_RPAREN, "the place") ? place : NULL;
}

/* `plan (ws = dim, lower_bound = dim)` */
FuncPlan *parse_plan(Parser *p)
{
	FuncPlan *plan = ARENA_NEW(p->m->arena, FuncPlan);
	const struct { const char *word; Dim *to; Tok end; } fields[] = {
		{ "ws", &plan->ws_bytes, TOK_COMMA }, { "lower_bound", &plan->lower_bound, TOK_RPAREN },
	};

	if (!expect(p, TOK_LPAREN, "'plan'"))
		return NULL;
	for (int i = 0; i < 2; i++) {
		if (!accept_word(p, fields[i].word)) {
			unexpected(p, arena_printf(p->scratch, "'%s'", fields[i].word));
			return NULL;
		}
		if (!expect(p, TOK_ASSIGN, "its name"))
			return NULL;
		*fields[i].to = parse_extent(p);
		if (!*fields[i].to || !expect(p, fields[i].end, "the size"))
			return NULL;
	}
	return plan;
}

/* `"file":line:col`, or `"path in a binary file"`. */
static Loc parse_loc_part(Parser *p)
{
	Token name = p->tok;
	int64_t at[2];

	if (!expect(p, TOK_STRING, NULL))
		return NULL;
	if (!accept(p, TOK_COLON))
		return loc_name(p->m->arena, name.text);
	for (int i = 0; i < 2; i++) {
		uint32_t begin = p->tok.begin;
		if (!parse_int(p, &at[i]))
			return NULL;
		if (at[i] < 1 || at[i] > INT32_MAX) {
			dim_error(p, begin, "lines and columns count from 1 to 2147483647");
			return NULL;
		}
		if (i == 0 && !expect(p, TOK_COLON, "the line"))
			return NULL;
	}
	return loc_file(p->m->arena, name.text, (uint32_t)at[0], (uint32_t)at[1]);
}

/* `loc(part)`, `loc(part, part, ...)` for what was fused. */
Loc parse_loc(Parser *p)
{
	VEC(Loc) part = { 0 };

	if (!expect(p, TOK_LPAREN, "'loc'"))
		return NULL;
	do {
		Loc loc = parse_loc_part(p);
		if (!loc)
			return NULL;
		vec_push(p->scratch, &part, loc);
	} while (accept(p, TOK_COMMA));
	if (!expect(p, TOK_RPAREN, "the location"))
		return NULL;
	return part.n == 1 ? part.at[0] : loc_fused(p->m->arena, part.at, part.n);
}
