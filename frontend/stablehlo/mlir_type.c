/* frontend/stablehlo/mlir_type.c - the types of MLIR text. */
#include "frontend/stablehlo/mlir_parse.h"

#include "ir/base/num.h"

enum { KNOWN_TEXT = 400 };   /* bytes of a type's text that is remembered */

static MlirType *type_new(Reader *r, MlirTypeKind kind)
{
	MlirType *t = ARENA_NEW(r->ctx->arena, MlirType);

	t->kind = kind;
	return t;
}

static void key_add(Str *key, const void *bytes, size_t n) { str_addn(key, bytes, n); }

/* The one type of this content, so that equal types are equal pointers: t, or one like it that was there before. */
static const MlirType *type_intern(Reader *r, MlirType *t)
{
	Str key = { 0 };
	const int head[] = { t->kind, t->rank, t->npart, t->nresult, t->bound != NULL };

	str_add(&key, "type ");
	key_add(&key, head, sizeof head);
	key_add(&key, &t->of, sizeof t->of);
	if (t->rank > 0)
		key_add(&key, t->dim, sizeof *t->dim * (size_t)t->rank);
	if (t->bound)
		key_add(&key, t->bound, sizeof *t->bound * (size_t)t->rank);
	for (int i = 0; i < t->npart + t->nresult; i++)
		key_add(&key, &t->part[i], sizeof t->part[i]);
	if (t->quant) {
		const MlirQuant *q = t->quant;
		const int64_t all[] = { q->min, q->max, q->axis, q->n };
		key_add(&key, all, sizeof all);
		key_add(&key, &q->storage, sizeof q->storage);
		key_add(&key, &q->expressed, sizeof q->expressed);
		key_add(&key, q->scale, sizeof *q->scale * (size_t)q->n);
		key_add(&key, q->zero, sizeof *q->zero * (size_t)q->n);
	}
	if (t->kind == MLIR_OPAQUE)
		str_add(&key, t->text);
	const void *content = intern_bytes(&r->ctx->strings, key.s, key.n);
	str_free(&key);
	const MlirType *known = map_get(&r->types, content);
	if (!known)
		map_set(&r->types, content, t);
	return known ? known : t;
}

/* i32, ui8, f8E4M3FN, tf32, ...: a letter or two and a width. */
static bool is_element(const char *s, size_t n)
{
	static const char *const prefix[] = { "i", "si", "ui", "f", "bf", "tf" };

	if (n == 5 && memcmp(s, "index", 5) == 0)
		return true;
	for (size_t i = 0; i < sizeof prefix / sizeof *prefix; i++) {
		size_t k = strlen(prefix[i]);
		if (n <= k || memcmp(s, prefix[i], k) || s[k] < '1' || s[k] > '9')
			continue;
		size_t at = k;
		while (at < n && s[at] >= '0' && s[at] <= '9')
			at++;
		if (at == n || (*prefix[i] == 'f' && s[at] == 'E' && n <= 16))
			return true;
	}
	return false;
}

const MlirType *element_type(Reader *r, const char *element)
{
	const char *name = ctx_str(r->ctx, element);
	MlirType *t = map_get(&r->types, name);

	if (!t) {
		t = type_new(r, MLIR_ELEMENT);
		t->element = t->text = name;
		map_set(&r->types, name, t);
	}
	return t;
}

bool at_type(const Reader *r)
{
	static const char *const words[] = { "tensor", "tuple", "complex", "none", "vector", "memref" };

	if (r->tok.kind == MT_BANG || tok_is(r, '('))
		return true;
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (tok_word(r, words[i]))
			return true;
	return r->tok.kind == MT_WORD && is_element(r->tok.text, r->tok.len);
}

static bool is_scalar(const MlirType *t)
{
	return t->kind == MLIR_ELEMENT || t->kind == MLIR_COMPLEX || t->kind == MLIR_QUANTIZED || t->kind == MLIR_OPAQUE;
}

/* `2x?x`: glued to what follows, so that no token tells it.  From the token's first byte. */
static bool read_extents(Reader *r, MlirType *t)
{
	const char *s = r->src->text;
	uint32_t at = r->tok.begin;
	VEC(int64_t) dim = { 0 };
	__int128 total = 16;     /* bytes of the widest element */

	for (;;) {
		uint32_t begin = at;
		int64_t extent = 0;
		bool fits = true;

		while (s[at] == ' ')
			at++;
		if (s[at] == '?') {
			extent = MLIR_DYNAMIC;
			at++;
		} else if (s[at] >= '0' && s[at] <= '9') {
			for (; s[at] >= '0' && s[at] <= '9'; at++)
				fits = fits && i64_mul(extent, 10, &extent) && i64_add(extent, s[at] - '0', &extent);
		} else {
			break;
		}
		while (s[at] == ' ')
			at++;
		if (s[at] != 'x') {
			diag_error(&r->ctx->diag, span_loc(r, begin, at + 1), "expected 'x' after the extent");
			return false;
		}
		at++;
		if (extent > 0)
			total *= extent;
		if (!fits || total > INT64_MAX) {
			diag_error(&r->ctx->diag, span_loc(r, r->tok.begin, at), "the tensor has 2^63 bytes or more");
			return false;
		}
		vec_push(r->ctx->arena, &dim, extent);
	}
	t->rank = dim.n;
	t->dim = dim.at;
	rewind_to(r, at);
	return true;
}

/* #stablehlo.bounds<?, 5> or #stablehlo.type_extensions<bounds = [?, 5]>. */
static bool read_encoding(Reader *r, MlirType *t)
{
	uint32_t begin = r->tok.begin;
	const MlirAttr *a = read_attr(r);

	if (!a)
		return false;
	const MlirAttr *bounds = mlir_field(a, "bounds");
	if (!bounds || bounds->kind != MLIR_INTS)
		return mlir_wrong(r, span_loc(r, begin, r->tok.begin), "this encoding of a tensor is not supported");
	if (bounds->npart != t->rank)
		return mlir_wrong(r, span_loc(r, begin, r->tok.begin), "%d bounds for a tensor of rank %d", bounds->npart, t->rank);
	t->bound = bounds->ints;
	return true;
}

static const MlirType *read_tensor(Reader *r)
{
	MlirType *t = type_new(r, MLIR_TENSOR);

	if (!tok_is(r, '<'))
		return not_wanted(r, "'<'"), NULL;
	advance(r);
	if (tok_is(r, '*')) {
		t->rank = -1;
		rewind_to(r, r->tok.end + (r->src->text[r->tok.end] == 'x'));
	} else if (!read_extents(r, t)) {
		return NULL;
	}
	uint32_t begin = r->tok.begin, end = r->tok.end;
	t->of = read_type(r);
	if (!t->of)
		return NULL;
	if (!is_scalar(t->of)) {
		diag_error(&r->ctx->diag, span_loc(r, begin, end), "%s is no element of a tensor", t->of->text);
		return NULL;
	}
	if (take(r, ',') && !read_encoding(r, t))
		return NULL;
	return want(r, '>') ? t : NULL;
}

static const MlirType *read_complex(Reader *r)
{
	MlirType *t = type_new(r, MLIR_COMPLEX);

	if (!want(r, '<'))
		return NULL;
	uint32_t begin = r->tok.begin, end = r->tok.end;
	t->of = read_type(r);
	if (!t->of)
		return NULL;
	if (t->of->kind != MLIR_ELEMENT) {
		diag_error(&r->ctx->diag, span_loc(r, begin, end), "%s is no part of a complex number", t->of->text);
		return NULL;
	}
	return want(r, '>') ? t : NULL;
}

bool read_type_list(Reader *r, char end, TypeList *out)
{
	if (take(r, end))
		return true;
	do {
		const MlirType *t = read_type(r);
		if (!t)
			return false;
		vec_push(r->ctx->arena, out, t);
	} while (take(r, ','));
	return want(r, end);
}

bool read_results(Reader *r, TypeList *out)
{
	if (take(r, '('))
		return read_type_list(r, ')', out);
	const MlirType *t = read_type(r);
	if (t)
		vec_push(r->ctx->arena, out, t);
	return t != NULL;
}

static void types_print(Str *out, int n, const MlirType *const *t)
{
	for (int i = 0; i < n; i++)
		str_printf(out, "%s%s", i ? ", " : "", t[i]->text);
}

const MlirType *function_type(Reader *r, int nargs, const MlirType *const *args, int nresults, const MlirType *const *results)
{
	MlirType *t = type_new(r, MLIR_FUNCTION);
	const MlirType **part = ARENA_ARRAY(r->ctx->arena, const MlirType *, nargs + nresults);
	Str text = { 0 };
	bool one = nresults == 1 && results[0]->kind != MLIR_FUNCTION;

	for (int i = 0; i < nargs + nresults; i++)
		part[i] = i < nargs ? args[i] : results[i - nargs];
	t->npart = nargs;
	t->nresult = nresults;
	t->part = part;
	str_addc(&text, '(');
	types_print(&text, nargs, args);
	str_add(&text, one ? ") -> " : ") -> (");
	types_print(&text, nresults, results);
	str_add(&text, one ? "" : ")");
	t->text = arena_strndup(r->ctx->arena, str_cstr(&text), text.n);
	str_free(&text);
	return type_intern(r, t);
}

static const MlirType *read_function(Reader *r)
{
	TypeList args = { 0 }, results = { 0 };

	advance(r);
	if (!read_type_list(r, ')', &args) || !want_arrow(r) || !read_results(r, &results))
		return NULL;
	return function_type(r, args.n, args.at, results.n, results.at);
}

static const MlirType *read_tuple(Reader *r)
{
	MlirType *t = type_new(r, MLIR_TUPLE);
	TypeList parts = { 0 };

	if (!want(r, '<') || !read_type_list(r, '>', &parts))
		return NULL;
	t->npart = parts.n;
	t->part = parts.at;
	return t;
}

/* !name: an alias; !dialect.name, !dialect.name<...>: opaque, but for tokens and quantized elements. */
static const MlirType *read_dialect_type(Reader *r)
{
	const char *name = tok_text(r);
	const Alias *alias = strmap_get(&r->type_alias, name);
	uint32_t end = r->tok.end;
	MlirType *t;

	if (alias) {
		if (!alias_use(r, alias))
			return NULL;
		advance(r);
		return alias->type;
	}
	if (strcmp(name, "quant.uniform") == 0) {
		advance(r);
		t = type_new(r, MLIR_QUANTIZED);
		t->quant = read_quant(r);
		return t->quant ? t : NULL;
	}
	if (!strchr(name, '.')) {
		diag_error(&r->ctx->diag, tok_loc(r), "the type !%s is not defined before this line", name);
		return NULL;
	}
	t = type_new(r, strcmp(name, "stablehlo.token") == 0 || strcmp(name, "mhlo.token") == 0 ? MLIR_TOKEN : MLIR_OPAQUE);
	advance(r);
	if (tok_is(r, '<') && r->tok.begin == end && !skip_balanced(r))
		return NULL;
	return t;
}

static const MlirType *read_anew(Reader *r)
{
	if (r->tok.kind == MT_BANG)
		return read_dialect_type(r);
	if (tok_is(r, '('))
		return read_function(r);
	if (take_word(r, "tensor"))
		return read_tensor(r);
	if (take_word(r, "tuple"))
		return read_tuple(r);
	if (take_word(r, "complex"))
		return read_complex(r);
	if (take_word(r, "none"))
		return type_new(r, MLIR_OPAQUE);
	if (r->tok.kind == MT_WORD && is_element(r->tok.text, r->tok.len)) {
		const MlirType *t = element_type(r, tok_text(r));
		advance(r);
		return t;
	}
	if (tok_word(r, "vector") || tok_word(r, "memref")) {
		diag_error(&r->ctx->diag, tok_loc(r), "types of %s are not supported: only tensors are", tok_text(r));
		return NULL;
	}
	return not_wanted(r, "a type"), NULL;
}

/* Where the type's text ends when that can be told from its brackets alone, else 0.  Most types stand in a text many
   times: they are known by their text. */
static uint32_t text_end(const Reader *r)
{
	const char *s = r->src->text;
	uint32_t at = r->tok.end;
	int open = 0;

	if (r->tok.kind != MT_WORD && r->tok.kind != MT_BANG)
		return 0;
	if (s[at] != '<')
		return at;
	for (; at < r->src->size && at - r->tok.begin < KNOWN_TEXT; at++) {
		open += (s[at] == '<') - (s[at] == '>' && s[at - 1] != '-');
		if (s[at] == '"')
			return 0;
		if (open == 0)
			return at + 1;
	}
	return 0;
}

const MlirType *read_type(Reader *r)
{
	uint32_t begin = r->tok.begin, end = text_end(r);
	int nerrors = r->ctx->diag.nerrors, uses = r->alias_uses;
	const char *key = end ? source_text(r, begin, end) : NULL;
	const MlirType *known = key ? map_get(&r->types, key) : NULL;

	if (known) {
		rewind_to(r, end);
		return known;
	}
	if (!go_deeper(r))
		return NULL;
	r->nodes++;
	const MlirType *t = read_anew(r);
	come_back(r);
	if (!t)
		return NULL;
	if (t->text)        /* known already */
		return t;
	/* The text ends with the last token read, before the blanks in front of the next one. */
	uint32_t last = r->tok.begin;
	while (last > begin && strchr(" \t\r\n", r->src->text[last - 1]))
		last--;
	((MlirType *)t)->text = source_text(r, begin, last);
	t = type_intern(r, (MlirType *)t);
	/* What holds an alias is as deep and as large as that: it is counted again each time. */
	if (key && last == end && nerrors == r->ctx->diag.nerrors && uses == r->alias_uses)
		map_set(&r->types, key, (void *)t);
	return t;
}

const MlirType *tensor_of(Reader *r, const MlirType *like, const MlirType *element)
{
	MlirType *t = type_new(r, MLIR_TENSOR);
	Str text = { 0 };

	*t = *like;
	t->of = element;
	str_add(&text, "tensor<");
	if (t->rank < 0)
		str_add(&text, "*x");
	for (int i = 0; i < t->rank; i++) {
		if (t->dim[i] == MLIR_DYNAMIC)
			str_add(&text, "?x");
		else
			str_printf(&text, "%lldx", (long long)t->dim[i]);
	}
	str_printf(&text, "%s>", element->text);
	t->text = intern_str(&r->ctx->strings, str_cstr(&text));
	str_free(&text);
	return type_intern(r, t);
}
