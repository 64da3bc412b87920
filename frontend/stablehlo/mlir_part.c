/* frontend/stablehlo/mlir_part.c - parts of pretty forms: ranges of a slice, dimensions of a product, windows, e5m10. */
#include "frontend/stablehlo/mlir_parse.h"

static bool add(Reader *r, Operation *o, const char *name, const MlirAttr *a)
{
	return named_add(r, &o->attrs, ctx_str(r->ctx, name), a);
}

/* [0:2, 1:9:2]: begin, end, step. */
bool part_slice(Reader *r, Operation *o)
{
	static const char *const names[] = { "start_indices", "limit_indices", "strides" };
	VEC(int64_t) v[3] = { { 0 }, { 0 }, { 0 } };
	Loc loc = tok_loc(r);

	if (!want(r, '['))
		return false;
	while (!take(r, ']')) {
		int64_t range[3] = { 0, 0, 1 };
		if (v[0].n && !want(r, ','))
			return false;
		if (!read_int(r, &range[0]) || !want(r, ':') || !read_int(r, &range[1]) || (take(r, ':') && !read_int(r, &range[2])))
			return false;
		for (int k = 0; k < 3; k++)
			vec_push(r->ctx->arena, &v[k], range[k]);
	}
	for (int k = 0; k < 3; k++)
		add(r, o, names[k], ints_attr(r, loc, v[k].n, v[k].at, "i64"));
	return true;
}

/* [1, 2] as a field of #stablehlo.dot<...>: a list of integers. */
static bool read_list_field(Reader *r, NamedList *out, const char *side, const char *name)
{
	MlirAttr *a = attr_new(r, MLIR_LIST, tok_loc(r));
	const int64_t *v;
	int n;

	if (!read_ints(r, &n, &v))
		return false;
	const MlirAttr **part = ARENA_ARRAY(r->ctx->arena, const MlirAttr *, n);
	for (int i = 0; i < n; i++)
		part[i] = int_attr(r, a->loc, v[i], "i64");
	a->npart = n;
	a->part = part;
	if (n)
		named_add(r, out, ctx_str(r->ctx, arena_printf(r->ctx->arena, "%s_%s_dimensions", side, name)), a);
	return true;
}

static bool read_pair(Reader *r, NamedList *out, const char *name)
{
	return want(r, '=') && read_list_field(r, out, "lhs", name) && want_word(r, "x") && read_list_field(r, out, "rhs", name);
}

/* , batching_dims = [0] x [0], contracting_dims = [2] x [1], precision = [...], algorithm = <...> */
bool part_dot(Reader *r, Operation *o)
{
	MlirAttr *dims = attr_new(r, MLIR_DICT, tok_loc(r)), *algorithm;
	const MlirAttr *words;
	NamedList named = { 0 };

	dims->text = "dot";
	while (take(r, ',')) {
		if (take_word(r, "batching_dims")) {
			if (!read_pair(r, &named, "batching"))
				return false;
		} else if (take_word(r, "contracting_dims")) {
			if (!read_pair(r, &named, "contracting"))
				return false;
		} else if (take_word(r, "precision")) {
			if (!want(r, '=') || !(words = read_words(r, "precision")) || !add(r, o, "precision_config", words))
				return false;
		} else if (take_word(r, "algorithm")) {
			algorithm = attr_new(r, MLIR_DICT, tok_loc(r));
			algorithm->text = "dot_algorithm";
			if (!want(r, '=') || !want(r, '<') || !read_named_list(r, '>', &algorithm->named) ||
			    !add(r, o, "algorithm", algorithm))
				return false;
		} else {
			return not_wanted(r, "batching_dims, contracting_dims, precision or algorithm");
		}
	}
	dims->named = (MlirAttrs){ named.n, named.at };
	return add(r, o, "dot_dimension_numbers", dims);
}

/* [[0, 1], [-1, 2]] as dense<...> : tensor<nx2xi64>. */
static const MlirAttr *read_padding(Reader *r)
{
	MlirAttr *a = attr_new(r, MLIR_DENSE, tok_loc(r));
	VEC(int64_t) v = { 0 };

	if (!want(r, '['))
		return NULL;
	while (!take(r, ']')) {
		Loc loc = tok_loc(r);
		const int64_t *pair;
		int n;
		if (v.n && !want(r, ','))
			return NULL;
		if (!read_ints(r, &n, &pair))
			return NULL;
		if (n != 2)
			return diag_error(&r->ctx->diag, loc, "convolution: padding is given as pairs, low and high"), NULL;
		vec_push(r->ctx->arena, &v, pair[0]);
		vec_push(r->ctx->arena, &v, pair[1]);
	}
	int64_t *dim = ARENA_ARRAY(r->ctx->arena, int64_t, 2);
	dim[0] = v.n / 2;
	dim[1] = 2;
	a->type = tensor_of(r, &(MlirType){ .kind = MLIR_TENSOR, .rank = 2, .dim = dim }, r->i64);
	a->bytes = v.n ? (const void *)v.at : arena_alloc(r->ctx->arena, 1);
	return a;
}

/* [false, true] */
static const MlirAttr *read_bools(Reader *r)
{
	VEC(int64_t) v = { 0 };
	Loc loc = tok_loc(r);

	if (!want(r, '['))
		return NULL;
	while (!take(r, ']')) {
		int64_t b = tok_word(r, "true");
		if (v.n && !want(r, ','))
			return NULL;
		b = tok_word(r, "true");
		if (!take_word(r, "true") && !take_word(r, "false") && !read_int(r, &b))
			return NULL;
		vec_push(r->ctx->arena, &v, b != 0);
	}
	return ints_attr(r, loc, v.n, v.at, "i1");
}

/* {stride = [...], pad = [[...]], lhs_dilate = [...], rhs_dilate = [...], reverse = [...]}, any of them. */
bool part_window(Reader *r, Operation *o)
{
	static const char *const names[][2] = {
		{ "stride", "window_strides" }, { "pad", "padding" }, { "lhs_dilate", "lhs_dilation" },
		{ "rhs_dilate", "rhs_dilation" }, { "reverse", "window_reversal" },
	};

	if (!want(r, '{'))
		return false;
	for (bool first = true; !take(r, '}'); first = false) {
		size_t k = 0;
		if (!first && !want(r, ','))
			return false;
		while (k < 5 && !take_word(r, names[k][0]))
			k++;
		if (k == 5)
			return not_wanted(r, "stride, pad, lhs_dilate, rhs_dilate or reverse");
		if (!want(r, '='))
			return false;
		Loc loc = tok_loc(r);
		const int64_t *v;
		int n;
		const MlirAttr *a = k == 1 ? read_padding(r) : k == 4 ? read_bools(r) : read_ints(r, &n, &v) ? ints_attr(r, loc, n, v, "i64") : NULL;
		if (!a || !add(r, o, names[k][1], a))
			return false;
	}
	return true;
}

/* e5m10, one word. */
bool part_mantissa(Reader *r, Operation *o)
{
	int64_t bits[2] = { 0, 0 };
	const char *s = r->tok.text, *end = s + r->tok.len;

	if (r->tok.kind != MT_WORD)
		return not_wanted(r, "a format like e5m10");
	for (int k = 0; k < 2; k++) {
		const char *digits = s + 1;
		if (s == end || *s != "em"[k] || digits == end)
			return not_wanted(r, "a format like e5m10");
		for (s = digits; s < end && *s >= '0' && *s <= '9' && bits[k] < 1000; s++)
			bits[k] = bits[k] * 10 + (*s - '0');
		if (s == digits)
			return not_wanted(r, "a format like e5m10");
	}
	if (s != end)
		return not_wanted(r, "a format like e5m10");
	add(r, o, "exponent_bits", int_attr(r, tok_loc(r), bits[0], "i32"));
	add(r, o, "mantissa_bits", int_attr(r, tok_loc(r), bits[1], "i32"));
	advance(r);
	return true;
}
