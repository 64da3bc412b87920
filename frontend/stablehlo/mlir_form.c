/* frontend/stablehlo/mlir_form.c - reads the pretty forms of ops by the table in forms.def. */
#include "frontend/stablehlo/mlir_parse.h"

#include "ir/base/check.h"

typedef struct Form { const char *name, *format; } Form;

static const Form forms[] = {
#define FORM(name, format) { name, format },
#include "frontend/stablehlo/forms.def"
};

typedef bool (*PartFn)(Reader *r, Operation *o);

static const struct { const char *name; PartFn read; } parts[] = {
	{ "module", form_module }, { "func", form_func }, { "while", form_while }, { "reduce", form_reduce },
	{ "slice", part_slice }, { "dot", part_dot }, { "window", part_window }, { "mantissa", part_mantissa },
};

void forms_init(Reader *r)
{
	map_init(&r->forms, r->ctx->arena);
	for (size_t i = 0; i < sizeof forms / sizeof *forms; i++)
		map_set(&r->forms, ctx_str(r->ctx, forms[i].name), (void *)&forms[i]);
}

/* One letter or word of a format. */
typedef struct Item { const char *s; size_t n; } Item;

static bool item_is(Item it, const char *s) { return it.n == strlen(s) && memcmp(it.s, s, it.n) == 0; }

static Item next_item(const char **at)
{
	*at += strspn(*at, " ");
	Item it = { *at, strcspn(*at, " ") };
	*at += it.n;
	return it;
}

const MlirAttr *read_words(Reader *r, const char *what)
{
	MlirAttr *a = attr_new(r, MLIR_LIST, tok_loc(r));
	VEC(const MlirAttr *) part = { 0 };

	if (!want(r, '['))
		return NULL;
	while (!take(r, ']')) {
		if (part.n && !want(r, ','))
			return NULL;
		if (r->tok.kind != MT_WORD)
			return not_wanted(r, "a word"), NULL;
		vec_push(r->ctx->arena, &part, word_attr(r, tok_loc(r), what, tok_text(r)));
		advance(r);
	}
	a->npart = part.n;
	a->part = part.at;
	return a;
}

static const MlirAttr *read_text_attr(Reader *r, Loc loc)
{
	size_t size;
	const char *text;

	if (r->tok.kind != MT_STRING)
		return not_wanted(r, "a quoted text"), NULL;
	text = unescape(r, &r->tok, &size);
	advance(r);
	return text ? string_attr(r, loc, text, size) : NULL;
}

/* As it is written, `<@mesh, [{"x"}]>`, after the attribute's name. */
static const MlirAttr *read_written(Reader *r, Loc loc, const char *name)
{
	MlirAttr *a = attr_new(r, MLIR_OTHER, loc);
	uint32_t begin = r->tok.begin, end;

	if (!skip_balanced(r))
		return NULL;
	for (end = r->tok.begin; end > begin && strchr(" \t\r\n", r->src->text[end - 1]);)
		end--;
	a->text = arena_printf(r->ctx->arena, "#%s%s", name, source_text(r, begin, end));
	return a;
}

static const MlirAttr *read_kind(Reader *r, const char *kind)
{
	Loc loc = tok_loc(r);
	const int64_t *v;
	const char *name;
	int64_t i;
	int n;

	if (strcmp(kind, "attr") == 0)
		return read_attr(r);
	if (strcmp(kind, "ints") == 0)
		return read_ints(r, &n, &v) ? ints_attr(r, loc, n, v, "i64") : NULL;
	if (strcmp(kind, "int") == 0 || strcmp(kind, "i32") == 0)
		return read_int(r, &i) ? int_attr(r, loc, i, *kind == 'i' && kind[1] == 'n' ? "i64" : "i32") : NULL;
	if (strcmp(kind, "bool") == 0)
		return tok_word(r, "true") || tok_word(r, "false") ? read_attr(r) : (not_wanted(r, "true or false"), NULL);
	if (strcmp(kind, "string") == 0)
		return read_text_attr(r, loc);
	if (strcmp(kind, "symbol") == 0 || strcmp(kind, "target") == 0) {
		name = read_symbol(r);
		if (!name)
			return NULL;
		return *kind == 's' ? symbol_attr(r, loc, name) : string_attr(r, loc, name, strlen(name));
	}
	if (strcmp(kind, "conv") == 0)
		return read_conv(r);
	if (strncmp(kind, "other/", 6) == 0)
		return read_written(r, loc, kind + 6);
	if (strncmp(kind, "words/", 6) == 0)
		return read_words(r, ctx_str(r->ctx, kind + 6));
	if (r->tok.kind != MT_WORD)
		return not_wanted(r, "a word"), NULL;
	const MlirAttr *a = word_attr(r, loc, ctx_str(r->ctx, kind), tok_text(r));
	advance(r);
	return a;
}

/* `name:kind`. */
static bool read_form_attr(Reader *r, Operation *o, Item it)
{
	char kind[64], name[64];
	const char *colon = memchr(it.s, ':', it.n);
	size_t n = (size_t)(colon - it.s), m = it.n - n - 1;

	CHECK(n < sizeof name && m < sizeof kind, "the form of %s has a long item", o->name);
	memcpy(name, it.s, n);
	memcpy(kind, colon + 1, m);
	name[n] = kind[m] = 0;
	const MlirAttr *a = read_kind(r, kind);
	return a && named_add(r, &o->attrs, ctx_str(r->ctx, name), a);
}

static void result_add(Reader *r, Operation *o, const MlirType *t) { vec_push(r->ctx->arena, &o->results, t); }

static bool args_are(Reader *r, Operation *o, const MlirType *t)
{
	TypeList args = { 0 };

	for (int i = 0; i < o->args.n; i++)
		vec_push(r->ctx->arena, &args, t);
	return check_args(r, o, &args);
}

static bool types_same_all(Reader *r, Operation *o)
{
	const MlirType *t = read_type(r);

	if (!t)
		return false;
	result_add(r, o, t);
	return args_are(r, o, t);
}

static bool types_select(Reader *r, Operation *o)
{
	TypeList args = { 0 };
	const MlirType *pred = read_type(r), *t = pred && want(r, ',') ? read_type(r) : NULL;

	if (!t)
		return false;
	vec_push(r->ctx->arena, &args, pred);
	for (int i = 1; i < o->args.n; i++)
		vec_push(r->ctx->arena, &args, t);
	result_add(r, o, t);
	return check_args(r, o, &args);
}

static bool types_complex(Reader *r, Operation *o)
{
	Loc loc = tok_loc(r);
	const MlirType *t = read_type(r);

	if (!t)
		return false;
	result_add(r, o, t);
	if (t->kind != MLIR_TENSOR || t->of->kind != MLIR_COMPLEX)
		return mlir_wrong(r, loc, "%s: the result is %s, no tensor of complex numbers", o->name, t->text);
	return args_are(r, o, tensor_of(r, t, t->of->of));
}

static bool types_tuple(Reader *r, Operation *o)
{
	Loc loc = tok_loc(r);
	const MlirType *t = read_type(r);
	TypeList args = { 0 };

	if (!t)
		return false;
	result_add(r, o, t);
	if (t->kind != MLIR_TUPLE)
		return mlir_wrong(r, loc, "%s: the result is %s, no tuple", o->name, t->text);
	for (int i = 0; i < t->npart; i++)
		vec_push(r->ctx->arena, &args, t->part[i]);
	return check_args(r, o, &args);
}

/* T, T without brackets. */
static bool read_open_list(Reader *r, TypeList *out)
{
	do {
		const MlirType *t = read_type(r);
		if (!t)
			return false;
		vec_push(r->ctx->arena, out, t);
	} while (take(r, ','));
	return true;
}

static bool types_open(Reader *r, Operation *o, bool results)
{
	TypeList args = { 0 };

	if (!read_open_list(r, &args))
		return false;
	if (results)
		o->results = args;
	return check_args(r, o, &args);
}

static bool types_arrow(Reader *r, Operation *o)
{
	TypeList args = { 0 };

	return read_open_list(r, &args) && want_arrow(r) && read_results(r, &o->results) && check_args(r, o, &args);
}

static bool types_value(Reader *r, Operation *o)
{
	for (int i = 0; i < o->attrs.n; i++)
		if (strcmp(o->attrs.at[i].name, "value") == 0) {
			const MlirAttr *v = o->attrs.at[i].value;
			result_add(r, o, v->type ? v->type : r->opaque);
			return v->type || mlir_wrong(r, v->loc, "%s: a value without a type", o->name);
		}
	UNREACHABLE("the form of %s has no value", o->name);
}

static bool read_types(Reader *r, Operation *o, Item it)
{
	bool none = item_is(it, ":args") || item_is(it, ":pair");

	if (item_is(it, ":value"))
		return types_value(r, o);
	if (none && !tok_is(r, ':'))
		return check_args(r, o, &(TypeList){ 0 });
	if (!want(r, ':'))
		return false;
	if (none)
		return types_open(r, o, item_is(it, ":pair"));
	if (item_is(it, ":fn") || tok_is(r, '('))
		return read_signature(r, o);
	if (item_is(it, ":same"))
		return types_same_all(r, o);
	if (item_is(it, ":select"))
		return types_select(r, o);
	if (item_is(it, ":complex"))
		return types_complex(r, o);
	if (item_is(it, ":tuple"))
		return types_tuple(r, o);
	if (item_is(it, ":arrow"))
		return types_arrow(r, o);
	CHECK(item_is(it, ":result"), "the form of %s has unknown types", o->name);
	return read_open_list(r, &o->results);
}

static bool read_part(Reader *r, Operation *o, Item it)
{
	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
		if (item_is((Item){ it.s + 1, it.n - 1 }, parts[i].name))
			return parts[i].read(r, o);
	UNREACHABLE("the form of %s has an unknown part", o->name);
}

static bool read_item(Reader *r, Operation *o, Item it)
{
	if (item_is(it, "%"))
		return read_operand(r, o);
	if (item_is(it, "%*"))
		return read_operands(r, o);
	if (item_is(it, "%*,")) {
		do {
			if (!read_operand(r, o) || !want(r, ','))
				return false;
		} while (r->tok.kind == MT_VALUE);
		return true;
	}
	if (item_is(it, "{}"))
		return read_attr_dict(r, o);
	if (*it.s == '!')
		return read_part(r, o, it);
	if (it.n > 1 && *it.s == ':')
		return read_types(r, o, it);
	if (memchr(it.s, ':', it.n))
		return read_form_attr(r, o, it);
	if (it.n == 1 && (*it.s < 'a' || *it.s > 'z'))
		return want(r, *it.s);
	return want_word(r, arena_strndup(r->ctx->arena, it.s, it.n));
}

static bool at_op_start(const Reader *r)
{
	const char *s = r->src->text;
	uint32_t at = r->tok.begin;

	if (r->tok.kind == MT_EOF || tok_is(r, '}'))
		return true;
	while (at > 0 && (s[at - 1] == ' ' || s[at - 1] == '\t'))
		at--;
	if (at > 0 && s[at - 1] != '\n')
		return false;
	return r->tok.kind == MT_VALUE || r->tok.kind == MT_STRING || tok_word(r, "return") || tok_word(r, "call") ||
	       (r->tok.kind == MT_WORD && memchr(r->tok.text, '.', r->tok.len));
}

/* A form that we do not know ends where a line begins like an op, outside all brackets. */
static bool skip_form(Reader *r, Operation *o)
{
	o->unread = true;
	while (!at_op_start(r))
		if (!skip_balanced(r))
			return false;
	return true;
}

/* Ops of MHLO are written as those of StableHLO, and as if they were of StableHLO where only CHLO has them. */
static const char *format_of(Reader *r, const char *name)
{
	const Form *form = map_get(&r->forms, name);
	const char *plain = strncmp(name, "mhlo.", 5) == 0 ? name + 5 : NULL;

	if (!form && plain)
		form = map_get(&r->forms, ctx_str(r->ctx, arena_printf(r->ctx->arena, "stablehlo.%s", plain)));
	if (form || !plain)
		return form ? form->format : NULL;
	form = map_get(&r->forms, ctx_str(r->ctx, arena_printf(r->ctx->arena, "chlo.%s", plain)));
	return form && strcmp(form->format, "% {} :arrow") == 0 ? "% {} :same" : NULL;
}

bool read_form(Reader *r, Operation *o)
{
	const char *at = format_of(r, o->name);

	if (!at)
		return skip_form(r, o);
	for (Item it = next_item(&at); it.n; it = next_item(&at)) {
		if (*it.s == ';')
			continue;
		if (*it.s == '|')
			at += strcspn(at, ";");
		if (*it.s == '?' && !take(r, it.s[1])) {
			at += strcspn(at, "|;");
			at += *at == '|';
		}
		if (*it.s == '|' || *it.s == '?')
			continue;
		if (!read_item(r, o, it))
			return false;
	}
	return true;
}
