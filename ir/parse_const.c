/* ir/parse_const.c - reads literal tensors: `1.0`, `[[1, 2], [3, 4]]`, `splat 0.0`, `blob "key"`.

   The type follows the literal, so elements are kept as ranges of the text until it is known.  A complex number is
   `(re, im)`: two elements; either all of a literal are, or none. */
#include "ir/parse.h"

#include <math.h>

#include "ir/base/num.h"

typedef struct Element {
	uint32_t begin, end;   /* without the sign */
	Tok      kind;
	bool     negative;
} Element;

typedef VEC(Element) Elements;

static bool is_word(const Parser *p, const Element *e, const char *word)
{
	size_t n = strlen(word);
	return e->kind == TOK_IDENT && e->end - e->begin == n && memcmp(p->lx.src->text + e->begin, word, n) == 0;
}

bool at_scalar(const Parser *p)
{
	return at(p, TOK_INT) || at(p, TOK_FLOAT) || at(p, TOK_LPAREN) || at(p, TOK_HEX) || at(p, TOK_MINUS) ||
	       at_word(p, "true") || at_word(p, "false") || at_word(p, "inf") || at_word(p, "nan");
}

static bool parse_element(Parser *p, Element *e)
{
	e->negative = accept(p, TOK_MINUS);
	if (!at_scalar(p) || at(p, TOK_MINUS) || at(p, TOK_LPAREN))
		return unexpected(p, "a number");
	e->begin = p->tok.begin;
	e->end = p->tok.end;
	e->kind = p->tok.kind;
	next(p);
	return true;
}

/* A number, or a pair of them.  The first one of the literal decides which. */
static bool parse_entry(Parser *p, Literal *lit, Elements *elems)
{
	Element e;

	if (elems->n == 0)
		lit->pairs = at(p, TOK_LPAREN);
	if (lit->pairs && !expect(p, TOK_LPAREN, "a complex number"))
		return false;
	if (!parse_element(p, &e))
		return false;
	vec_push(p->scratch, elems, e);
	if (!lit->pairs)
		return true;
	if (!expect(p, TOK_COMMA, "the real part") || !parse_element(p, &e))
		return false;
	vec_push(p->scratch, elems, e);
	return expect(p, TOK_RPAREN, "the imaginary part");
}

/* `[a, b, ...]` at nesting `level`; every list of a level must be as long as its first. */
static bool parse_list(Parser *p, Literal *lit, Elements *elems, int level)
{
	Token open = p->tok;
	int64_t n = 0;

	if (level == RANK_MAX) {
		diag_error(&p->ctx->diag, here(p), "the rank of a constant is at most %d", RANK_MAX);
		return false;
	}
	bool leftmost = level == lit->rank;
	if (leftmost) {
		lit->rank++;
		lit->dim[level] = -1;     /* unknown until the list ends */
	}
	next(p);
	while (!at(p, TOK_RBRACKET)) {
		bool inner = lit->rank > level + 1 || (leftmost && n == 0 && at(p, TOK_LBRACKET));
		if (inner && !at(p, TOK_LBRACKET))
			return unexpected(p, "'['");
		if (!(inner ? parse_list(p, lit, elems, level + 1) : parse_entry(p, lit, elems)))
			return false;
		n++;
		if (!accept(p, TOK_COMMA))
			break;
	}
	if (!expect(p, TOK_RBRACKET, "the elements"))
		return false;
	if (lit->dim[level] >= 0 && lit->dim[level] != n) {
		diag_error(&p->ctx->diag, range_loc(p, open.begin, p->prev_end),
		           "constant: this list has %lld entr%s, but those before it have %lld",
		           (long long)n, n == 1 ? "y" : "ies", (long long)lit->dim[level]);
		return false;
	}
	lit->dim[level] = n;
	return true;
}

bool parse_literal(Parser *p, Literal *out)
{
	uint32_t begin = p->tok.begin;
	Elements elems = { 0 };

	*out = (Literal){ 0 };
	if (accept_word(p, "blob")) {
		if (!at(p, TOK_STRING))
			return unexpected(p, "a quoted key after 'blob'");
		out->key = p->tok.text;
		next(p);
	} else if (at(p, TOK_LBRACKET)) {
		if (!parse_list(p, out, &elems, 0))
			return false;
	} else {
		out->splat = accept_word(p, "splat");
		if (!parse_entry(p, out, &elems))
			return false;
	}
	out->elem = elems.at;
	out->n = out->pairs ? elems.n / 2 : elems.n;
	out->loc = range_loc(p, begin, p->prev_end);
	return true;
}

/* From text to bits. */

static bool integer_bits(const char *s, uint32_t n, bool hex, uint64_t *out)
{
	uint64_t v = 0, base = hex ? 16 : 10;

	for (uint32_t i = hex ? 2 : 0; i < n; i++) {
		char c = s[i];
		uint64_t digit = (uint64_t)(c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10);
		if (v > (UINT64_MAX - digit) / base)
			return false;
		v = v * base + digit;
	}
	*out = v;
	return true;
}

static uint64_t number_bits(DType t, double x)
{
	return dtype_is_float(t) || dtype_is_complex(t) ? dtype_from_f64(t, x) : dtype_wrap(t, (uint64_t)(int64_t)x);
}

static uint64_t sign_bit(DType t)
{
	return (uint64_t)1 << (dtype_width(t) - 1);
}

/* Rounded once. */
static bool decimal_bits(DType t, const char *s, uint32_t n, uint64_t *out)
{
	double d = 0;
	float f = 0;
	uint32_t few = 0;
	bool ok = dtype_format(t) ? format_parse(dtype_format(t), s, n, &few) :
	          t == DT_F32 ? f32_parse(s, n, &f) : f64_parse(s, n, &d);

	*out = t == DT_F32 ? f32_bits(f) : t == DT_F64 ? f64_bits(d) : few;
	return ok;
}

/* Without infinity and NaN the greatest number stands for what is too large, too: then the next one decides. */
static bool overflows(DType t, const char *s, uint32_t n, uint64_t bits)
{
	const FloatFormat *f = dtype_format(t);
	double x;

	if (bits != number_bits(t, (double)INFINITY))
		return false;
	if (!f || f->infinity || format_has_nan(f) || !f64_parse(s, n, &x))
		return true;
	double most = format_to_f64(f, f->most), step = most - format_to_f64(f, f->most - 1);
	return x >= most + step / 2;
}

/* Why the element cannot be of this type, or NULL. */
static const char *float_bits(const Parser *p, const Element *e, DType t, uint64_t *out)
{
	const char *s = p->lx.src->text + e->begin;
	uint32_t n = e->end - e->begin;

	if (e->kind == TOK_HEX) {
		int bits = dtype_width(t);
		if (e->negative || !integer_bits(s, n, true, out) || (bits < 64 && *out >> bits))
			return "bits do not fit in";
		return NULL;
	}
	if (e->kind == TOK_IDENT) {
		if (!is_word(p, e, "inf") && !is_word(p, e, "nan"))
			return "is no";
		bool nan = is_word(p, e, "nan");
		*out = number_bits(t, nan ? (double)NAN : (double)INFINITY);
		if (nan ? !dtype_is_nan(t, *out) : !dtype_has_infinity(t))
			return "is no";
	} else {
		if (!decimal_bits(t, s, n, out))
			return "is no";
		if (overflows(t, s, n, *out))
			return "does not fit in";
	}
	if (e->negative && (*out || !dtype_format(t) || dtype_format(t)->minus_zero))
		*out |= sign_bit(t);
	return NULL;
}

static const char *element_bits(const Parser *p, const Element *e, DType t, uint64_t *out)
{
	const char *s = p->lx.src->text + e->begin;
	uint32_t n = e->end - e->begin;
	int bits = dtype_width(t);

	if (dtype_is_float(t))
		return float_bits(p, e, t, out);
	if (dtype_info[t].kind == DK_BOOL) {
		*out = is_word(p, e, "true") || (n == 1 && *s == '1');
		bool falsehood = is_word(p, e, "false") || (n == 1 && *s == '0');
		return e->negative || !(*out || falsehood) ? "is no" : NULL;
	}
	if (e->kind != TOK_INT && e->kind != TOK_HEX)
		return "is no";
	bool is_signed = dtype_is_signed(t);
	uint64_t limit = is_signed ? sign_bit(t) - !e->negative : UINT64_MAX >> (64 - bits);
	if (!integer_bits(s, n, e->kind == TOK_HEX, out) || *out > limit || (e->negative && !is_signed && *out))
		return "does not fit in";
	if (e->negative)
		*out = dtype_wrap(t, 0 - *out);
	return NULL;
}

bool literal_fits(const Literal *lit, DType t)
{
	const Element *e = lit->elem;
	bool truth = e->kind == TOK_IDENT && e->end - e->begin >= 4;   /* true, false; not inf, nan */

	if (lit->pairs && !dtype_is_complex(t))
		return false;
	if (truth || dtype_info[t].kind == DK_BOOL)
		return truth && dtype_info[t].kind == DK_BOOL;
	return dtype_is_float(t) || dtype_is_complex(t) || (e->kind != TOK_FLOAT && e->kind != TOK_IDENT);
}

/* From bits to blobs. */

static void static_dims(const Type *type, int64_t *dim)
{
	for (int i = 0; i < type->rank; i++)
		dim[i] = type->dim[i]->value;
}

static Blob *blob_of_key(Parser *p, const Literal *lit, const Type *type, const char *what)
{
	const ParseHooks *h = p->hooks;
	int errors = p->ctx->diag.nerrors;
	Blob *b = h && h->blob ? h->blob(h->arg, p->m, lit->key) : NULL;
	Str  text = { 0 };

	if (!b) {
		if (p->ctx->diag.nerrors == errors)    /* else a file is to blame, and that was said */
			diag_error(&p->ctx->diag, lit->loc, "%s: no weights file holds a tensor \"%s\"", what, lit->key);
		return NULL;
	}
	b = blob_read_as(p->m->arena, b, type->dtype);
	const Type *found = type_of_ints(p->ctx->types, b->dtype, b->rank, b->dim);
	if (found == type)
		return b;
	type_print(&text, found);
	str_add(&text, " in its file, but is declared as ");
	type_print(&text, type);
	diag_error(&p->ctx->diag, lit->loc, "%s: \"%s\" is %s", what, lit->key, str_cstr(&text));
	str_free(&text);
	return NULL;
}

/* The lists against the type: the same shape, or `[]` for any type without elements. */
static bool check_shape(Parser *p, const Literal *lit, const Type *type, const char *what)
{
	int64_t dim[RANK_MAX];

	static_dims(type, dim);
	if (lit->n == 0 && lit->rank == 1 && type_count_static(type) == 0)
		return true;
	if (lit->rank != type->rank) {
		diag_error(&p->ctx->diag, lit->loc, "%s: the value has rank %d, but the type has rank %d%s", what, lit->rank,
		           type->rank, lit->rank == 0 ? "; for equal elements write 'splat'" : "");
		return false;
	}
	for (int i = 0; i < type->rank; i++) {
		if (lit->dim[i] == dim[i])
			continue;
		diag_error(&p->ctx->diag, lit->loc, "%s: the value has %lld entr%s along axis %d, but the type has %lld",
		           what, (long long)lit->dim[i], lit->dim[i] == 1 ? "y" : "ies", i, (long long)dim[i]);
		return false;
	}
	return true;
}

Blob *literal_blob(Parser *p, const Literal *lit, const Type *type, const char *what)
{
	int64_t dim[RANK_MAX];

	if (!type_is_static(type)) {
		diag_error(&p->ctx->diag, lit->loc, "%s: every dimension of the type must be a number", what);
		return NULL;
	}
	if (lit->key)
		return blob_of_key(p, lit, type, what);
	if (!lit->splat && !check_shape(p, lit, type, what))
		return NULL;
	static_dims(type, dim);
	/* A complex type has two parts an element; of a number the second one is 0. */
	DType part = dtype_part(type->dtype);
	bool complex = part != type->dtype;
	if (lit->pairs && !complex) {
		diag_error(&p->ctx->diag, lit->loc, "%s: a pair is no %s", what, dtype_info[part].name);
		return NULL;
	}
	size_t size = (size_t)dtype_size(part);
	int step = complex && !lit->pairs ? 2 : 1;
	int64_t count = lit->pairs ? 2 * lit->n : lit->n;
	char  *data = arena_alloc(p->m->arena, size * (size_t)(step * count));
	memset(data, 0, size * (size_t)(step * count));
	for (int64_t i = 0; i < count; i++) {
		const Element *e = &lit->elem[i];
		uint64_t bits;
		const char *why = element_bits(p, e, part, &bits);
		if (why) {
			Loc loc = range_loc(p, e->begin, e->end);
			diag_error(&p->ctx->diag, loc, "%s: %s%.*s %s %s", what, e->negative ? "-" : "",
			           (int)(e->end - e->begin > 40 ? 40 : e->end - e->begin), p->lx.src->text + e->begin, why,
			           dtype_info[part].name);
			return NULL;
		}
		memcpy(data + (size_t)(step * i) * size, &bits, size);    /* little-endian, as all that we run on */
	}
	return lit->splat ? blob_splat(p->m->arena, type->dtype, type->rank, dim, data)
	                  : blob_dense(p->m->arena, type->dtype, type->rank, dim, data);
}

Blob *blob_number(Parser *p, const Type *type, double x)
{
	int64_t  dim[RANK_MAX];
	uint64_t bits[2] = { number_bits(type->dtype, x) };

	static_dims(type, dim);
	return blob_splat(p->m->arena, type->dtype, type->rank, dim, bits);
}
