/* frontend/stablehlo/mlir_dense.c - constants: dense<...> with lists, one number or a hexadecimal blob, and
   dense_resource<...> with its blob at the end of the file.  They are most of a large file: read from its bytes, not tokens. */
#include "frontend/stablehlo/mlir_parse.h"

/* The numbers of one constant: where they come from and where they go. */
typedef struct Dense {
	Reader *r;
	const MlirNumber *number;  /* of an element, or of both parts of a complex one */
	const MlirType *type;
	int     parts;             /* 2 for complex elements */
	size_t  width;             /* bytes of an element */
	int64_t total;             /* elements of the type */
	uint8_t *out;
} Dense;

/* What of the type's elements is written; false: refused. */
static bool dense_begin(Reader *r, Dense *d, const MlirType *type, Loc loc)
{
	*d = (Dense){ .r = r, .type = type, .parts = 1, .total = 1 };

	if (type->kind != MLIR_TENSOR || type->rank < 0)
		return !mlir_wrong(r, loc, "a constant has the type %s, which is no tensor of a known rank", type->text);
	const MlirType *of = type->of;
	if (of->kind == MLIR_QUANTIZED)
		of = of->quant->storage;
	if (of->kind == MLIR_COMPLEX) {
		d->parts = 2;
		of = of->of;
	}
	d->number = of->kind == MLIR_ELEMENT ? number_find(of->element) : NULL;
	if (!d->number)
		return !mlir_wrong(r, loc, "constants of the element type %s are not supported", type->of->text);
	for (int i = 0; i < type->rank; i++) {
		if (type->dim[i] == MLIR_DYNAMIC)
			return !mlir_wrong(r, loc, "a constant has the type %s, whose extents are not all known", type->text);
		d->total *= type->dim[i];          /* no overflow: read_extents has seen to that, but for extents of 0 */
		if (d->total == 0)
			break;
	}
	d->width = (size_t)(number_size(d->number) * d->parts);
	return true;
}

static uint32_t skip_space(const Reader *r, uint32_t at)
{
	const char *s = r->src->text;

	while (s[at] == ' ' || s[at] == '\n' || s[at] == '\t' || s[at] == '\r')
		at++;
	return at;
}

static bool dense_error(Dense *d, uint32_t begin, uint32_t end, const char *text)
{
	diag_error(&d->r->ctx->diag, span_loc(d->r, begin, end), "%s", text);
	return false;
}

/* A number, `true` or `false`, at *at. */
static bool read_one(Dense *d, uint32_t *at, uint8_t *out)
{
	const char *s = d->r->src->text;
	uint32_t begin = *at, i = begin + (s[begin] == '-');
	uint32_t digits = i;
	bool hex = s[i] == '0' && s[i + 1] == 'x';

	for (;; i++) {
		char c = s[i], low = (char)(c | 0x20);
		if ((c >= '0' && c <= '9') || c == '.' || (low >= 'a' && low <= 'z'))
			continue;
		if ((c == '-' || c == '+') && !hex && i > digits && (s[i - 1] | 0x20) == 'e')
			continue;
		break;
	}
	*at = i;
	if (i == digits)
		return dense_error(d, begin, begin + 1, s[begin] == '"' ? "a constant of strings is not supported" : "expected a number");
	if (number_is_bool(d->number) && (s[digits] == 't' || s[digits] == 'f')) {
		*out = s[digits] == 't';
		uint32_t n = i - digits;
		if (n == (*out ? 4 : 5) && memcmp(s + digits, *out ? "true" : "false", n) == 0)
			return true;
	} else if (s[digits] >= '0' && s[digits] <= '9' && number_parse(d->number, digits > begin, s + digits, i - digits, out)) {
		return true;
	}
	diag_error(&d->r->ctx->diag, span_loc(d->r, begin, i), "'%.*s' is no number of the type %s, or does not fit into it",
	           i - begin < 40 ? (int)(i - begin) : 40, s + begin, d->type->of->text);
	return false;
}

static bool read_element(Dense *d, uint32_t *at, uint8_t *out)
{
	const char *s = d->r->src->text;

	if (d->parts == 1)
		return read_one(d, at, out);
	if (s[*at] != '(')
		return dense_error(d, *at, *at + 1, "expected a complex number, (real, imaginary)");
	*at = skip_space(d->r, *at + 1);
	if (!read_one(d, at, out))
		return false;
	*at = skip_space(d->r, *at);
	if (s[*at] != ',')
		return dense_error(d, *at, *at + 1, "expected ',' and the imaginary part");
	*at = skip_space(d->r, *at + 1);
	if (!read_one(d, at, out + d->width / 2))
		return false;
	*at = skip_space(d->r, *at);
	if (s[*at] != ')')
		return dense_error(d, *at, *at + 1, "expected ')'");
	++*at;
	return true;
}

static bool wrong_count(Dense *d, uint32_t begin, uint32_t end, int64_t n, int level)
{
	diag_error(&d->r->ctx->diag, span_loc(d->r, begin, end), "this list has %s%lld element%s, but axis %d of %s has %lld",
	           n > d->type->dim[level] ? "at least " : "", (long long)n, n == 1 ? "" : "s", level, d->type->text,
	           (long long)d->type->dim[level]);
	return false;
}

/* [[1, 2], [3, 4]] from `at` on, without recursion: count[k] items of the list at level k are read. */
static bool read_lists(Dense *d, uint32_t at, uint32_t end)
{
	const char *s = d->r->src->text;
	int rank = d->type->rank, level = 0;
	int64_t *count = ARENA_ARRAY(d->r->ctx->arena, int64_t, rank + 1);
	uint32_t *open = ARENA_ARRAY(d->r->ctx->arena, uint32_t, rank + 1);
	uint8_t *out = d->out;
	bool item = true;       /* an item is next, else what follows one */

	for (;;) {
		at = skip_space(d->r, at);
		char c = s[at];
		if (item && c == '[') {
			if (level == rank)
				return dense_error(d, at, at + 1, "the lists are nested deeper than the type has axes");
			if (level && count[level - 1] == d->type->dim[level - 1])
				return wrong_count(d, open[level - 1], at, count[level - 1] + 1, level - 1);
			open[level] = at++;
			count[level++] = 0;
			at = skip_space(d->r, at);
			item = s[at] != ']';
		} else if (item) {
			if (level < rank)
				return dense_error(d, at, at + 1, "expected '[': the type has more axes than the lists are deep");
			if (count[level - 1] == d->type->dim[level - 1])
				return wrong_count(d, open[level - 1], at, count[level - 1] + 1, level - 1);
			if (!read_element(d, &at, out))
				return false;
			out += d->width;
			count[level - 1]++;
			item = false;
		} else if (c == ',') {
			at++;
			item = true;
		} else if (c == ']') {
			at++;
			if (count[level - 1] != d->type->dim[level - 1])
				return wrong_count(d, open[level - 1], at, count[level - 1], level - 1);
			if (--level == 0)
				break;
			count[level - 1]++;
			item = false;
		} else {
			return dense_error(d, at, at + 1, "expected ',' or ']'");
		}
	}
	at = skip_space(d->r, at);
	return at == end || dense_error(d, at, at + 1, "expected '>' after the elements");
}

static const int8_t hex_value[256] = {
	['0'] = 1, ['1'] = 2, ['2'] = 3, ['3'] = 4, ['4'] = 5, ['5'] = 6, ['6'] = 7, ['7'] = 8, ['8'] = 9, ['9'] = 10,
	['a'] = 11, ['b'] = 12, ['c'] = 13, ['d'] = 14, ['e'] = 15, ['f'] = 16,
	['A'] = 11, ['B'] = 12, ['C'] = 13, ['D'] = 14, ['E'] = 15, ['F'] = 16,
};

/* Older printers pack the elements of i1 into bits. */
static void unpack_bits(uint8_t *out, const uint8_t *bits, int64_t n)
{
	for (int64_t i = 0; i < n; i++)
		out[i] = bits[i / 8] >> (i % 8) & 1;
}

/* The bytes of "0x...", without its first `skip` ones. */
static bool read_blob(Dense *d, MlirAttr *a, const MlirToken *t, uint32_t skip)
{
	Reader *r = d->r;
	uint32_t begin = (uint32_t)(t->text - r->src->text), digits = t->len - 2;
	Arena *arena = r->ctx->arena;

	if (t->len < 2 || t->text[0] != '0' || t->text[1] != 'x')
		return dense_error(d, begin - 1, begin + t->len + 1, "a constant of strings is not supported");
	if (digits % 2)
		return dense_error(d, begin + t->len - 1, begin + t->len, "the blob has an odd number of hexadecimal digits");
	if (digits / 2 < skip)
		return dense_error(d, begin - 1, begin + t->len + 1, "the blob of a resource begins with its alignment, 4 bytes");
	size_t n = digits / 2 - skip;
	uint8_t *out = arena_alloc(arena, n ? n : 1);
	const uint8_t *in = (const uint8_t *)t->text + 2 + 2 * (size_t)skip;
	for (size_t i = 0; i < n; i++) {
		int high = hex_value[in[2 * i]] - 1, low = hex_value[in[2 * i + 1]] - 1;
		if ((high | low) < 0) {
			uint32_t at = (uint32_t)((const char *)in - r->src->text + (ptrdiff_t)(2 * i)) + (high >= 0);
			return dense_error(d, at, at + 1, "this is no hexadecimal digit");
		}
		out[i] = (uint8_t)(high * 16 + low);
	}
	bool packed = number_is_bool(d->number) && n == (size_t)(d->total + 7) / 8 && n != (size_t)d->total;
	a->splat = n == d->width && d->total != 1 && !(packed && d->total > 1 && n > 1);
	if (packed && n > 1) {
		uint8_t *bits = out;
		out = arena_alloc(arena, (size_t)d->total);
		unpack_bits(out, bits, d->total);
		n = (size_t)d->total;
		a->splat = false;
	}
	if (!a->splat && (n / d->width != (size_t)d->total || n % d->width)) {
		diag_error(&r->ctx->diag, span_loc(r, begin - 1, begin + t->len + 1), "the blob has %zu bytes, but %s has %lld element%s of %zu byte%s",
		           n, d->type->text, (long long)d->total, d->total == 1 ? "" : "s", d->width, d->width == 1 ? "" : "s");
		return false;
	}
	if (number_is_packed(d->number))
		for (size_t i = 0; i < n; i++)
			number_normal(d->number, out + i);
	a->bytes = out;
	return true;
}

/* The elements between `begin` and `end`. */
static bool read_elements(Dense *d, MlirAttr *a, uint32_t begin, uint32_t end)
{
	const char *s = d->r->src->text;
	uint32_t at = skip_space(d->r, begin);
	int64_t most = end - begin, room = d->total < most ? d->total : most;   /* an element is a byte of text at least */

	d->out = arena_alloc(d->r->ctx->arena, (size_t)(room + 1) * d->width);
	a->bytes = d->out;
	if (at == end)
		return d->total == 0 || dense_error(d, begin - 1, end + 1, "no elements, but the type has some");
	if (s[at] == '[' && d->type->rank > 0)
		return read_lists(d, at, end);
	if (s[at] == '[')
		return dense_error(d, at, at + 1, "the lists are nested deeper than the type has axes");
	if (!read_element(d, &at, d->out))
		return false;
	a->splat = d->total != 1;
	at = skip_space(d->r, at);
	return at == end || dense_error(d, at, at + 1, "expected '>' after the element");
}

/* From the byte after '<' to the '>' of dense<...>; 0 when there is none.  Strings may hold any sign. */
static uint32_t find_end(Reader *r, uint32_t at)
{
	const char *s = r->src->text;

	for (;;) {
		at += (uint32_t)strcspn(s + at, ">\"");
		if (s[at] != '"')
			return s[at] ? at : 0;
		rewind_to(r, at);
		if (r->tok.kind != MT_STRING)
			return 0;
		at = r->tok.end;
	}
}

const MlirAttr *read_dense(Reader *r, Loc loc)
{
	MlirAttr *a = attr_new(r, MLIR_DENSE, loc);
	uint32_t begin = r->tok.end;
	int nerrors = r->ctx->diag.nerrors;
	Dense d;

	if (!tok_is(r, '<'))
		return not_wanted(r, "'<'"), NULL;
	advance(r);
	MlirToken first = r->tok;
	uint32_t end = find_end(r, begin);
	if (!end) {
		if (nerrors == r->ctx->diag.nerrors)
			diag_error(&r->ctx->diag, loc, "dense: the closing bracket is missing");
		return NULL;
	}
	rewind_to(r, end);
	advance(r);
	if (!want(r, ':') || !(a->type = read_type(r)))
		return NULL;
	if (!dense_begin(r, &d, a->type, loc))
		return a;
	if (first.kind == MT_STRING)
		read_blob(&d, a, &first, 0);
	else
		read_elements(&d, a, begin, end);
	return a;
}

const MlirAttr *read_dense_resource(Reader *r, Loc loc)
{
	MlirAttr *a = attr_new(r, MLIR_DENSE, loc);

	if (!want(r, '<'))
		return NULL;
	if (r->tok.kind != MT_WORD && r->tok.kind != MT_STRING)
		return not_wanted(r, "the name of a resource"), NULL;
	const char *name = tok_text(r);
	advance(r);
	if (!want(r, '>') || !want(r, ':') || !(a->type = read_type(r)))
		return NULL;
	vec_push(r->ctx->arena, &r->wanted, ((ResourceFix){ a, name }));
	return a;
}

void finish_resources(Reader *r)
{
	StrMap known;
	Dense d;

	strmap_init(&known, r->ctx->arena);
	for (int i = 0; i < r->resources.n; i++)
		strmap_set(&known, r->resources.at[i].name, &r->resources.at[i].blob);
	for (int i = 0; i < r->wanted.n; i++) {
		MlirAttr *a = r->wanted.at[i].attr;
		const MlirToken *blob = strmap_get(&known, r->wanted.at[i].name);
		if (!blob)
			mlir_wrong(r, a->loc, "dense_resource: the file has no resource '%s'", r->wanted.at[i].name);
		else if (dense_begin(r, &d, a->type, a->loc))
			read_blob(&d, a, blob, 4);
	}
}

/* key: { key: "0x..." } or key: value; what is in dialect_resources is kept. */
static bool read_resource_group(Reader *r, bool keep)
{
	if (!want(r, '{'))
		return false;
	while (!take(r, '}')) {
		const char *name = tok_text(r);
		if (r->tok.kind != MT_WORD && r->tok.kind != MT_STRING)
			return not_wanted(r, "the name of a resource");
		advance(r);
		if (!want(r, ':'))
			return false;
		if (keep && r->tok.kind != MT_STRING)
			return not_wanted(r, "a blob, \"0x...\"");
		if (keep)
			vec_push(r->ctx->arena, &r->resources, ((Resource){ name, r->tok }));
		if (!skip_balanced(r))
			return false;
		if (!take(r, ',') && !tok_is(r, '}'))
			return not_wanted(r, "',' or '}'");
	}
	return true;
}

bool read_resources(Reader *r)
{
	advance(r);
	while (r->tok.kind != MT_META_END) {
		bool keep = tok_word(r, "dialect_resources");
		if (r->tok.kind != MT_WORD)
			return not_wanted(r, "dialect_resources");
		advance(r);
		if (!want(r, ':') || !want(r, '{'))
			return false;
		while (!take(r, '}')) {
			if (r->tok.kind != MT_WORD && r->tok.kind != MT_STRING)
				return not_wanted(r, "the name of a dialect");
			advance(r);
			if (!want(r, ':') || !read_resource_group(r, keep))
				return false;
			if (!take(r, ',') && !tok_is(r, '}'))
				return not_wanted(r, "',' or '}'");
		}
		if (!take(r, ',') && r->tok.kind != MT_META_END)
			return not_wanted(r, "'#-}'");
	}
	advance(r);
	return true;
}
