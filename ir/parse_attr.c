/* ir/parse_attr.c - reads attributes, by kind: what an op's attributes are called comes from ir/ops.def. */
#include "ir/parse.h"

#include "ir/attr_words.h"
#include "ir/base/check.h"

/* The index of the word that stands here, or -1. */
static int parse_word(Parser *p, const char *const *words, int n)
{
	for (int i = 0; i < n; i++) {
		if (!at_word(p, words[i]))
			continue;
		next(p);
		return i;
	}
	Str list = { 0 };
	for (int i = 0; i < n; i++)
		str_printf(&list, "%s'%s'", i == 0 ? "" : i == n - 1 ? " or " : ", ", words[i]);
	const char *wanted = arena_strdup(p->scratch, str_cstr(&list));
	str_free(&list);
	unexpected(p, wanted);
	return -1;
}

static bool attr_parse_int(Parser *p, void *out)
{
	return parse_int(p, out);
}

static bool attr_parse_num(Parser *p, void *out)
{
	Literal lit;

	if (!at_scalar(p))
		return unexpected(p, "a number");
	if (!parse_literal(p, &lit))
		return false;
	Blob *b = literal_blob(p, &lit, type_scalar(p->ctx->types, DT_F64), "attribute");
	if (!b)
		return false;
	memcpy(out, (const char *)b->data + (size_t)b->offset * sizeof(double), sizeof(double));
	return true;
}

static bool attr_parse_bool(Parser *p, void *out)
{
	bool truth = at_word(p, "true");

	if (!accept_word(p, "true") && !accept_word(p, "false"))
		return unexpected(p, "'true' or 'false'");
	*(bool *)out = truth;
	return true;
}

/* `[a, b, ...]`: the items by one(), up to the closing bracket. */
static bool parse_items(Parser *p, const char *what, bool (*one)(Parser *p, void *list), void *list)
{
	if (!at(p, TOK_LBRACKET))
		return unexpected(p, what);
	next(p);
	while (!at(p, TOK_RBRACKET)) {
		if (!one(p, list))
			return false;
		if (!accept(p, TOK_COMMA))
			break;
	}
	return expect(p, TOK_RBRACKET, "the list");
}

typedef VEC(int64_t) IntList;
typedef VEC(double) NumList;
typedef VEC(Dim) DimList;
typedef VEC(const Type *) TypeList;

static bool one_int(Parser *p, void *list)
{
	int64_t v;

	if (!parse_int(p, &v))
		return false;
	vec_push(p->m->arena, (IntList *)list, v);
	return true;
}

static bool one_num(Parser *p, void *list)
{
	double v;

	if (!attr_parse_num(p, &v))
		return false;
	vec_push(p->m->arena, (NumList *)list, v);
	return true;
}

static bool one_dim(Parser *p, void *list)
{
	Dim d = parse_dim(p);

	if (!d)
		return false;
	vec_push(p->m->arena, (DimList *)list, d);
	return true;
}

static bool one_type(Parser *p, void *list)
{
	const Type *t = parse_type(p);

	if (!t)
		return false;
	vec_push(p->m->arena, (TypeList *)list, t);
	return true;
}

static bool attr_parse_ints(Parser *p, void *out)
{
	IntList list = { 0 };

	if (!parse_items(p, "a list of integers", one_int, &list))
		return false;
	*(Ints *)out = (Ints){ list.n, list.at };
	return true;
}

static bool attr_parse_nums(Parser *p, void *out)
{
	NumList list = { 0 };

	if (!parse_items(p, "a list of numbers", one_num, &list))
		return false;
	*(Nums *)out = (Nums){ list.n, list.at };
	return true;
}

typedef VEC(Ints) GroupList;

static bool one_group(Parser *p, void *list)
{
	Ints group;

	if (!attr_parse_ints(p, &group))
		return false;
	vec_push(p->m->arena, (GroupList *)list, group);
	return true;
}

static bool attr_parse_groups(Parser *p, void *out)
{
	GroupList list = { 0 };

	if (!parse_items(p, "a list of lists of integers", one_group, &list))
		return false;
	*(Groups *)out = (Groups){ list.n, list.at };
	return true;
}

static bool attr_parse_dim(Parser *p, void *out)
{
	Dim d = parse_dim(p);

	*(Dim *)out = d;
	return d != NULL;
}

static bool attr_parse_dims(Parser *p, void *out)
{
	DimList list = { 0 };

	if (!parse_items(p, "a list of dimensions", one_dim, &list))
		return false;
	*(Dims *)out = (Dims){ list.n, list.at };
	return true;
}

static bool attr_parse_types(Parser *p, void *out)
{
	TypeList list = { 0 };

	if (!parse_items(p, "a list of types", one_type, &list))
		return false;
	*(Types *)out = (Types){ list.n, list.at };
	return true;
}

static bool attr_parse_dimname(Parser *p, void *out)
{
	uint32_t begin = p->tok.begin;

	if (!attr_parse_dim(p, out))
		return false;
	if ((*(Dim *)out)->kind == DIM_SYM)
		return true;
	diag_error(&p->ctx->diag, range_loc(p, begin, p->prev_end), "wanted a name, with a bound or without, as in K<=100");
	return false;
}

static bool attr_parse_dtype(Parser *p, void *out)
{
	if (!at(p, TOK_IDENT) || !dtype_parse(p->tok.text, p->tok.len, out))
		return unexpected(p, "an element type");
	next(p);
	return true;
}

static bool attr_parse_cmp(Parser *p, void *out)
{
	int i = parse_word(p, cmp_words, CMP_WORDS);

	*(CmpDir *)out = (CmpDir)(i < 0 ? 0 : i);
	return i >= 0;
}

static bool attr_parse_order(Parser *p, void *out)
{
	int i = parse_word(p, order_words, ORDER_WORDS);

	*(Order *)out = (Order)(i < 0 ? 0 : i);
	return i >= 0;
}

static bool attr_parse_sym(Parser *p, void *out)
{
	*(const char **)out = p->tok.text;
	return expect(p, TOK_SYM, NULL);
}

static bool attr_parse_str(Parser *p, void *out)
{
	*(const char **)out = p->tok.text;
	return expect(p, TOK_STRING, NULL);
}

static bool attr_parse_tensor(Parser *p, void *out)
{
	(void)out;
	return unexpected(p, "a tensor right after the op's name, not here");
}

typedef struct PadList { IntList low, high; } PadList;

static bool one_pad(Parser *p, void *list)
{
	PadList *pads = list;

	return (at(p, TOK_LBRACKET) || unexpected(p, "'[low, high]'")) && expect(p, TOK_LBRACKET, NULL) &&
	       one_int(p, &pads->low) && expect(p, TOK_COMMA, "the padding before") && one_int(p, &pads->high) &&
	       expect(p, TOK_RBRACKET, "the padding after");
}

static bool attr_parse_pads(Parser *p, void *out)
{
	PadList list = { 0 };
	Pads *pads = out;

	*pads = (Pads){ .mode = at_word(p, "same") ? PAD_SAME : PAD_VALID };
	if (accept_word(p, "same") || accept_word(p, "valid"))
		return true;
	if (!parse_items(p, "'same', 'valid' or a list of [low, high]", one_pad, &list))
		return false;
	*pads = (Pads){ PAD_EXPLICIT, list.low.n, list.low.at, list.high.at };
	return true;
}

typedef struct AttrReader {
	size_t size;
	bool (*parse)(Parser *p, void *out);
} AttrReader;

#define READER(kind) [ATTR_##kind] = { sizeof(attr_##kind), attr_parse_##kind }
static const AttrReader readers[ATTR_KIND_COUNT] = {
	READER(int), READER(num), READER(bool), READER(ints), READER(nums), READER(dim), READER(dims), READER(types), READER(dimname),
	READER(dtype), READER(cmp), READER(sym), READER(str), READER(tensor), READER(pads), READER(order),
	READER(groups),
};

void *attrs_new(Parser *p, const OpInfo *row)
{
	char *attrs = arena_alloc(p->m->arena, row->attrs_size);

	for (int i = 0; i < row->nattrs; i++) {
		const AttrInfo *a = &row->attr[i];
		CHECK(readers[a->kind].parse, "attribute kind %d has no reader", (int)a->kind);
		if (!a->required)
			memcpy(attrs + a->offset, a->fallback, readers[a->kind].size);
	}
	return attrs;
}

const AttrInfo *attr_leading(const OpInfo *row, AttrKind kind)
{
	return row->nattrs > 0 && row->attr[0].required && row->attr[0].kind == kind ? &row->attr[0] : NULL;
}

/* "; it has 'a', 'b'", for a name that resembles none of them. */
static const char *known_attrs(Parser *p, const OpInfo *row)
{
	const char *list = row->nattrs ? "; it has" : "; it has none";

	for (int i = 0; i < row->nattrs; i++)
		list = arena_printf(p->scratch, "%s%s '%s'", list, i ? "," : "", row->attr[i].name);
	return list;
}

static int attr_find(Parser *p, const OpInfo *row, const Token *name)
{
	Guess g = { .wanted = token_str(p, name) };

	for (int i = 0; i < row->nattrs; i++) {
		if (strcmp(row->attr[i].name, g.wanted) == 0)
			return i;
		guess_offer(&g, row->attr[i].name);
	}
	diag_error(&p->ctx->diag, token_loc(p, name), "%s: unknown attribute %s%s", row->name,
	           token_show(p->scratch, p->lx.src, name), g.best ? guess_text(p, &g, "") : known_attrs(p, row));
	return -1;
}

/* One `name = value`.  A value of a wrong kind is told under the op's name and the attribute's. */
static bool parse_attr(Parser *p, const OpInfo *row, char *attrs, Range *given)
{
	Token name = p->tok;

	if (!at(p, TOK_IDENT))
		return unexpected(p, "an attribute's name");
	next(p);
	int i = attr_find(p, row, &name);
	if (i < 0)
		return false;
	const AttrInfo *a = &row->attr[i];
	if (given[i].end) {
		diag_error(&p->ctx->diag, token_loc(p, &name), "%s: attribute '%s' is given twice", row->name, a->name);
		return false;
	}
	if (!expect(p, TOK_ASSIGN, "the attribute's name"))
		return false;
	given[i].begin = p->tok.begin;
	int before = p->ctx->diag.n;
	bool ok = readers[a->kind].parse(p, attrs + a->offset);
	given[i].end = p->prev_end;
	for (int k = before; k < p->ctx->diag.n; k++) {
		Diagnostic *d = &p->ctx->diag.at[k];
		d->text = arena_printf(p->ctx->arena, "%s: attribute '%s': %s", row->name, a->name, d->text);
	}
	return ok;
}

bool parse_attrs(Parser *p, const OpInfo *row, void *attrs, Range *given)
{
	if (!accept(p, TOK_LBRACE))
		return true;
	while (!at(p, TOK_RBRACE)) {
		if (!parse_attr(p, row, attrs, given))
			return false;
		if (!accept(p, TOK_COMMA))
			break;
	}
	return expect(p, TOK_RBRACE, "the attributes");
}

bool attrs_complete(Parser *p, const OpInfo *row, const Range *given, Loc loc)
{
	bool ok = true;

	for (int i = 0; i < row->nattrs; i++) {
		if (!row->attr[i].required || given[i].end)
			continue;
		diag_error(&p->ctx->diag, loc, "%s: attribute '%s' is missing", row->name, row->attr[i].name);
		ok = false;
	}
	return ok;
}
