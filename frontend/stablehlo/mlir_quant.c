/* frontend/stablehlo/mlir_quant.c - quantized elements: !quant.uniform<u8<1:200>:f32:1, {0.5:3, 0.25}>. */
#include "frontend/stablehlo/mlir_parse.h"

#include <math.h>
#include <stdlib.h>

#include "ir/base/num.h"

typedef struct Pairs { VEC(double) scale; VEC(int64_t) zero; } Pairs;

/* i8, u8: of our spelling (ui8). */
static bool read_storage(Reader *r, MlirQuant *q)
{
	if (r->tok.kind != MT_WORD)
		return not_wanted(r, "the type of what is stored");
	const char *word = tok_text(r), *name = *word == 'u' && word[1] != 'i' ? arena_printf(r->ctx->arena, "ui%s", word + 1) : word;
	int bits = (int)strtol(name + strcspn(name, "0123456789"), NULL, 10);

	if (!number_find(name) || number_is_float(number_find(name)) || bits < 2 || bits > 32) {
		diag_error(&r->ctx->diag, tok_loc(r), "%s: no type of quantized numbers is stored like this; known are i2 to i32 and u2 to u32", word);
		return false;
	}
	q->storage = element_type(r, name);
	q->min = *name == 'u' ? 0 : -((int64_t)1 << (bits - 1));
	q->max = *name == 'u' ? ((int64_t)1 << bits) - 1 : ((int64_t)1 << (bits - 1)) - 1;
	advance(r);
	if (!take(r, '<'))
		return true;
	Loc loc = tok_loc(r);
	int64_t least = q->min, most = q->max;
	if (!read_int(r, &q->min) || !want(r, ':') || !read_int(r, &q->max))
		return false;
	if (q->min < least || q->max > most || q->min > q->max)
		return mlir_wrong(r, loc, "the range of what is stored is not within that of %s", word) && want(r, '>');
	return want(r, '>');
}

static bool read_pair(Reader *r, Pairs *out)
{
	bool minus = take(r, '-');
	double scale;
	int64_t zero = 0;

	bool decimal = r->tok.kind == MT_FLOAT || (r->tok.kind == MT_INT && !memchr(r->tok.text, 'x', r->tok.len));

	if (!decimal || !f64_parse(r->tok.text, r->tok.len, &scale) || !isfinite(scale))
		return not_wanted(r, "a scale");
	advance(r);
	if (take(r, ':') && !read_int(r, &zero))
		return false;
	vec_push(r->ctx->arena, &out->scale, minus ? -scale : scale);
	vec_push(r->ctx->arena, &out->zero, zero);
	return true;
}

static bool read_pairs(Reader *r, Pairs *out)
{
	if (!want(r, '{'))
		return false;
	do {
		if (!read_pair(r, out))
			return false;
	} while (take(r, ','));
	return want(r, '}');
}

const MlirQuant *read_quant(Reader *r)
{
	MlirQuant *q = ARENA_NEW(r->ctx->arena, MlirQuant);
	Pairs pairs = { 0 };
	int64_t axis = -1;

	if (!want(r, '<') || !read_storage(r, q) || !want(r, ':'))
		return NULL;
	q->expressed = read_type(r);
	if (!q->expressed)
		return NULL;
	if (take(r, ':')) {
		if (tok_is(r, '{')) {
			diag_error(&r->ctx->diag, tok_loc(r), "scales of blocks along several axes are not supported");
			return NULL;
		}
		Loc loc = tok_loc(r);
		if (!read_int(r, &axis))
			return NULL;
		if (axis < 0 || axis > INT32_MAX) {
			diag_error(&r->ctx->diag, loc, "the axis of the scales is out of range");
			return NULL;
		}
	}
	q->axis = (int)axis;
	if (!want(r, ',') || !(q->axis < 0 ? read_pair : read_pairs)(r, &pairs) || !want(r, '>'))
		return NULL;
	q->n = pairs.scale.n;
	q->scale = pairs.scale.at;
	q->zero = pairs.zero.at;
	return q;
}
