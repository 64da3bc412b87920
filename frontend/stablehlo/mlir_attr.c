/* frontend/stablehlo/mlir_attr.c - the attributes of MLIR text, but for constants. */
#include "frontend/stablehlo/mlir_parse.h"

#include "ir/base/num.h"

MlirAttr *attr_new(Reader *r, MlirAttrKind kind, Loc loc)
{
	MlirAttr *a = ARENA_NEW(r->ctx->arena, MlirAttr);

	a->kind = kind;
	a->loc = loc;
	return a;
}

const MlirAttr *int_attr(Reader *r, Loc loc, int64_t i, const char *element)
{
	MlirAttr *a = attr_new(r, MLIR_INT, loc);

	a->i = i;
	a->type = element_type(r, element);
	return a;
}

const MlirAttr *ints_attr(Reader *r, Loc loc, int n, const int64_t *v, const char *element)
{
	MlirAttr *a = attr_new(r, MLIR_INTS, loc);

	a->npart = n;
	a->ints = v;
	a->type = element_type(r, element);
	return a;
}

const MlirAttr *string_attr(Reader *r, Loc loc, const char *text, size_t size)
{
	MlirAttr *a = attr_new(r, MLIR_STRING, loc);

	a->text = text;
	a->size = size;
	return a;
}

const MlirAttr *symbol_attr(Reader *r, Loc loc, const char *text)
{
	MlirAttr *a = attr_new(r, MLIR_SYMBOL, loc);

	a->text = text;
	return a;
}

const MlirAttr *word_attr(Reader *r, Loc loc, const char *what, const char *word)
{
	MlirAttr *a = attr_new(r, MLIR_WORD, loc);

	a->what = what;
	a->text = word;
	return a;
}

bool read_int(Reader *r, int64_t *out)
{
	static const char name[] = "i64";
	bool minus = take(r, '-');

	if (r->tok.kind != MT_INT)
		return not_wanted(r, "an integer");
	if (!number_parse(number_find(name), minus, r->tok.text, r->tok.len, out))
		mlir_wrong(r, tok_loc(r), "the integer does not fit into 64 bits");
	advance(r);
	return true;
}

bool read_ints(Reader *r, int *n, const int64_t **out)
{
	VEC(int64_t) v = { 0 };
	int64_t i = 0;

	if (!want(r, '['))
		return false;
	if (!take(r, ']')) {
		do {
			if (!read_int(r, &i))
				return false;
			vec_push(r->ctx->arena, &v, i);
		} while (take(r, ','));
		if (!want(r, ']'))
			return false;
	}
	*n = v.n;
	*out = v.at;
	return true;
}

const char *read_symbol(Reader *r)
{
	const char *all = NULL;

	do {
		if (r->tok.kind != MT_SYMBOL)
			return not_wanted(r, "a name (@name)"), NULL;
		const char *name = unescape(r, &r->tok, NULL);
		if (!name)
			return NULL;
		all = all ? arena_printf(r->ctx->arena, "%s::%s", all, name) : name;
		advance(r);
		if (!tok_is(r, ':') || r->src->text[r->tok.end] != ':')
			return all;
		advance(r);
		advance(r);
	} while (true);
}

/* 1 : i32, -2.5 : f32, 0x7F800000 : f32. */
static const MlirAttr *read_number(Reader *r)
{
	MlirAttr *a = attr_new(r, MLIR_INT, tok_loc(r));
	bool minus = take(r, '-'), decimal = r->tok.kind == MT_FLOAT;
	MlirToken t = r->tok;
	uint64_t bits = 0;

	if (t.kind != MT_INT && t.kind != MT_FLOAT)
		return not_wanted(r, "a number"), NULL;
	advance(r);
	a->type = decimal ? r->f64 : r->i64;
	if (take(r, ':') && !(a->type = read_type(r)))
		return NULL;
	const char *element = a->type->kind == MLIR_ELEMENT ? a->type->element : NULL;
	const MlirNumber *k = number_find(element);
	if (!k || (decimal && !number_is_float(k))) {
		mlir_wrong(r, a->loc, "a number of the type %s is not supported", a->type->text);
		return a;
	}
	if (!number_parse(k, minus, t.text, t.len, &bits))
		mlir_wrong(r, a->loc, "%s%.*s does not fit into %s", minus ? "-" : "", t.len < 40 ? (int)t.len : 40, t.text, element);
	if (number_is_float(k)) {
		a->kind = MLIR_FLOAT;
		a->f = number_value(k, &bits);
		a->i = (int64_t)bits;
	} else {
		a->i = number_integer(k, &bits);
	}
	return a;
}

static const MlirAttr *read_string(Reader *r)
{
	MlirAttr *a = attr_new(r, MLIR_STRING, tok_loc(r));

	a->text = unescape(r, &r->tok, &a->size);
	if (!a->text)
		return NULL;
	advance(r);
	if (tok_is(r, ':') && r->src->text[r->tok.end] != ':') {
		advance(r);
		a->type = read_type(r);
		if (!a->type)
			return NULL;
	}
	return a;
}

static const MlirAttr *read_list(Reader *r)
{
	MlirAttr *a = attr_new(r, MLIR_LIST, tok_loc(r));
	VEC(const MlirAttr *) part = { 0 };

	advance(r);
	if (!take(r, ']')) {
		do {
			const MlirAttr *p = read_attr(r);
			if (!p)
				return NULL;
			vec_push(r->ctx->arena, &part, p);
		} while (take(r, ','));
		if (!want(r, ']'))
			return NULL;
	}
	a->npart = part.n;
	a->part = part.at;
	return a;
}

/* array<i64: 1, 2>, array<i1: true>: after the word. */
static const MlirAttr *read_array(Reader *r, Loc loc, uint32_t begin)
{
	MlirAttr *a = attr_new(r, MLIR_INTS, loc);
	VEC(int64_t) v = { 0 };

	if (!want(r, '<'))
		return NULL;
	a->type = read_type(r);
	if (!a->type)
		return NULL;
	const MlirNumber *k = a->type->kind == MLIR_ELEMENT ? number_find(a->type->element) : NULL;
	if (!k || number_is_float(k)) {
		/* Nothing of StableHLO has such an array: kept as text. */
		a->kind = MLIR_OTHER;
		while (!tok_is(r, '>') && r->tok.kind != MT_EOF)
			if (!skip_balanced(r))
				return NULL;
		a->text = source_text(r, begin, r->tok.end);
		return want(r, '>') ? a : NULL;
	}
	if (take(r, ':')) {
		do {
			int64_t i = tok_word(r, "true");
			if (!take_word(r, "true") && !take_word(r, "false") && !read_int(r, &i))
				return NULL;
			vec_push(r->ctx->arena, &v, i);
		} while (take(r, ','));
	}
	a->npart = v.n;
	a->ints = v.at;
	return want(r, '>') ? a : NULL;
}

bool read_named_list(Reader *r, char end, MlirAttrs *out)
{
	VEC(MlirNamed) all = { 0 };
	Map names;

	map_init(&names, r->ctx->arena);
	if (!take(r, end)) {
		do {
			Loc loc = tok_loc(r);
			const char *name = r->tok.kind == MT_STRING ? unescape(r, &r->tok, NULL) : tok_text(r);
			if (!name)
				return false;
			if (r->tok.kind != MT_STRING && r->tok.kind != MT_WORD)
				return not_wanted(r, "the name of an attribute");
			name = ctx_str(r->ctx, name);
			advance(r);
			const MlirAttr *value = take(r, '=') ? read_attr(r) : attr_new(r, MLIR_UNIT, loc);
			if (!value)
				return false;
			if (map_has(&names, name)) {
				mlir_wrong(r, loc, "the attribute '%s' is given twice", name);
				continue;
			}
			map_set(&names, name, (void *)value);
			vec_push(r->ctx->arena, &all, ((MlirNamed){ name, value }));
		} while (take(r, ','));
		if (!want(r, end))
			return false;
	}
	*out = (MlirAttrs){ all.n, all.at };
	return true;
}

bool read_dict(Reader *r, MlirAttrs *out) { return want(r, '{') && read_named_list(r, '}', out); }

/* One side of a convolution: [b, 0, 1, f]. */
static bool read_layout(Reader *r, const char *side, char first, char second, NamedList *out)
{
	static const char *const words[][2] = { { "b", "batch" }, { "f", "feature" }, { "i", "input_feature" },
	                                        { "o", "output_feature" } };
	int64_t at[2] = { -1, -1 }, n = 0;
	VEC(int64_t) axis = { 0 };
	VEC(int64_t) index = { 0 };
	Loc loc = tok_loc(r);

	if (!want(r, '['))
		return false;
	for (; !tok_is(r, ']'); n++) {
		if (n && !want(r, ','))
			return false;
		if (r->tok.kind == MT_WORD && r->tok.len == 1 && (*r->tok.text == first || *r->tok.text == second)) {
			at[*r->tok.text == second] = n;
			advance(r);
		} else {
			int64_t i;
			if (tok_is(r, '?')) {
				diag_error(&r->ctx->diag, tok_loc(r), "convolution: an axis without a meaning is not supported");
				return false;
			}
			if (!read_int(r, &i))
				return false;
			vec_push(r->ctx->arena, &axis, n);
			vec_push(r->ctx->arena, &index, i);
		}
	}
	advance(r);
	int64_t *spatial = ARENA_ARRAY(r->ctx->arena, int64_t, axis.n);
	bool *seen = ARENA_ARRAY(r->ctx->arena, bool, axis.n);
	bool ok = at[0] >= 0 && at[1] >= 0 && n == axis.n + 2;
	for (int i = 0; i < axis.n && ok; i++) {
		ok = index.at[i] >= 0 && index.at[i] < axis.n && !seen[index.at[i]];
		if (ok) {
			spatial[index.at[i]] = axis.at[i];
			seen[index.at[i]] = true;
		}
	}
	if (!ok)
		return mlir_wrong(r, loc, "convolution: expected '%c', '%c' and the numbers from 0 on, each once", first, second);
	for (int k = 0; k < 2; k++)
		for (size_t w = 0; w < 4; w++)
			if (*words[w][0] == (k ? second : first))
				named_add(r, out, ctx_str(r->ctx, arena_printf(r->ctx->arena, "%s_%s_dimension", side, words[w][1])),
				          int_attr(r, loc, at[k], "i64"));
	return named_add(r, out, ctx_str(r->ctx, arena_printf(r->ctx->arena, "%s_spatial_dimensions", side)),
	                 ints_attr(r, loc, axis.n, spatial, "i64"));
}

const MlirAttr *read_conv(Reader *r)
{
	MlirAttr *a = attr_new(r, MLIR_DICT, tok_loc(r));
	NamedList named = { 0 };

	a->text = "conv";
	if (!read_layout(r, "input", 'b', 'f', &named) || !want_word(r, "x") || !read_layout(r, "kernel", 'i', 'o', &named) ||
	    !want_arrow(r) || !read_layout(r, "output", 'b', 'f', &named))
		return NULL;
	a->named = (MlirAttrs){ named.n, named.at };
	return a;
}

/* <?, 5>: after the name and '<'. */
static const MlirAttr *read_bounds(Reader *r, MlirAttr *a, char end)
{
	VEC(int64_t) v = { 0 };
	Loc loc = tok_loc(r);
	NamedList named = { 0 };

	if (!take(r, end)) {
		do {
			int64_t i = MLIR_DYNAMIC;
			if (!take(r, '?') && !read_int(r, &i))
				return NULL;
			vec_push(r->ctx->arena, &v, i);
		} while (take(r, ','));
		if (!want(r, end))
			return NULL;
	}
	named_add(r, &named, ctx_str(r->ctx, "bounds"), ints_attr(r, loc, v.n, v.at, "i64"));
	a->named = (MlirAttrs){ named.n, named.at };
	return a;
}

/* #stablehlo.name<...>: after '<'.  The fields are attributes, but for the layouts of a convolution and for bounds. */
static const MlirAttr *read_fields(Reader *r, MlirAttr *a)
{
	if (strcmp(a->text, "conv") == 0 && tok_is(r, '[')) {
		const MlirAttr *conv = read_conv(r);
		return conv && want(r, '>') ? conv : NULL;
	}
	if (strcmp(a->text, "bounds") == 0)
		return read_bounds(r, a, '>');
	if (strcmp(a->text, "type_extensions") == 0)
		return want_word(r, "bounds") && want(r, '=') && want(r, '[') && read_bounds(r, a, ']') && want(r, '>') ? a : NULL;
	if (r->tok.kind == MT_WORD && r->src->text[r->tok.end] == '>') {
		a->kind = MLIR_WORD;
		a->what = a->text;
		a->text = tok_text(r);
		advance(r);
		return want(r, '>') ? a : NULL;
	}
	return read_named_list(r, '>', &a->named) ? a : NULL;
}

/* The rest of an attribute that we do not know, as it is written from `begin` on. */
static const MlirAttr *read_other(Reader *r, Loc loc, uint32_t begin)
{
	MlirAttr *a = attr_new(r, MLIR_OTHER, loc);
	uint32_t end = r->tok.begin;

	if ((tok_is(r, '<') || tok_is(r, '(')) && r->src->text[end - 1] != ' ') {
		if (!skip_balanced(r))
			return NULL;
		end = r->tok.begin;
	}
	while (end > begin && strchr(" \t\r\n", r->src->text[end - 1]))
		end--;
	a->text = source_text(r, begin, end);
	return a;
}

/* #stablehlo<precision DEFAULT>: after '<'. */
static bool read_enum(Reader *r, MlirAttr *a)
{
	if (r->tok.kind != MT_WORD)
		return not_wanted(r, "a word");
	a->kind = MLIR_WORD;
	a->what = tok_text(r);
	advance(r);
	if (r->tok.kind != MT_WORD)
		return not_wanted(r, "a word");
	a->text = tok_text(r);
	advance(r);
	return want(r, '>');
}

static const MlirAttr *read_hash(Reader *r)
{
	uint32_t begin = r->tok.begin;
	const char *name = tok_text(r), *dot = strchr(name, '.');
	bool open = r->src->text[r->tok.end] == '<';
	size_t n = dot ? (size_t)(dot - name) : strlen(name);
	bool ours = (n == 9 && memcmp(name, "stablehlo", n) == 0) || (n == 4 && (!memcmp(name, "mhlo", n) || !memcmp(name, "chlo", n)));
	MlirAttr *a = attr_new(r, MLIR_DICT, tok_loc(r));

	if (!dot && !open) {
		const Alias *alias = strmap_get(&r->attr_alias, name);
		if (!alias) {
			diag_error(&r->ctx->diag, tok_loc(r), "the attribute #%s is not defined before this line", name);
			return NULL;
		}
		if (!alias_use(r, alias))
			return NULL;
		advance(r);
		return alias->attr;
	}
	advance(r);
	if (!ours || !open || (dot && !dot[1]))
		return read_other(r, a->loc, begin);
	advance(r);
	if (!dot)
		return read_enum(r, a) ? a : NULL;
	a->text = ctx_str(r->ctx, dot + 1);
	return read_fields(r, a);
}

/* What begins with a word. */
static const MlirAttr *read_word(Reader *r)
{
	Loc loc = tok_loc(r);
	uint32_t begin = r->tok.begin;
	MlirAttr *a;

	if (tok_word(r, "true") || tok_word(r, "false")) {
		a = attr_new(r, MLIR_BOOL, loc);
		a->i = tok_word(r, "true");
		advance(r);
		return a;
	}
	if (take_word(r, "unit"))
		return attr_new(r, MLIR_UNIT, loc);
	if (take_word(r, "array"))
		return read_array(r, loc, begin);
	if (take_word(r, "dense"))
		return read_dense(r, loc);
	if (take_word(r, "dense_resource"))
		return read_dense_resource(r, loc);
	if (tok_word(r, "loc")) {
		if (!read_loc(r, ARENA_NEW(r->ctx->arena, Loc)))
			return NULL;
		a = attr_new(r, MLIR_OTHER, loc);
		a->text = "loc(unknown)";
		return a;
	}
	if (at_type(r)) {
		a = attr_new(r, MLIR_TYPE, loc);
		a->type = read_type(r);
		return a->type ? a : NULL;
	}
	const char *word = tok_text(r);
	bool open = r->src->text[r->tok.end] == '<';
	advance(r);
	return open ? read_other(r, loc, begin) : word_attr(r, loc, "", word);
}

static const MlirAttr *read_anew(Reader *r)
{
	MlirAttr *a;

	switch (r->tok.kind) {
	case MT_WORD: return read_word(r);
	case MT_INT:
	case MT_FLOAT: return read_number(r);
	case MT_STRING: return read_string(r);
	case MT_HASH: return read_hash(r);
	case MT_SYMBOL:
		a = attr_new(r, MLIR_SYMBOL, tok_loc(r));
		a->text = read_symbol(r);
		return a->text ? a : NULL;
	default: break;
	}
	if (tok_is(r, '-'))
		return read_number(r);
	if (tok_is(r, '['))
		return read_list(r);
	if (tok_is(r, '{')) {
		a = attr_new(r, MLIR_DICT, tok_loc(r));
		a->text = "";
		return read_dict(r, &a->named) ? a : NULL;
	}
	if (at_type(r)) {
		a = attr_new(r, MLIR_TYPE, tok_loc(r));
		a->type = read_type(r);
		return a->type ? a : NULL;
	}
	return not_wanted(r, "an attribute"), NULL;
}

const MlirAttr *read_attr(Reader *r)
{
	if (!go_deeper(r))
		return NULL;
	r->nodes++;
	const MlirAttr *a = read_anew(r);
	come_back(r);
	return a;
}
