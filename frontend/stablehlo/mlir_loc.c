/* frontend/stablehlo/mlir_loc.c - locations: loc("f.py":3:5), loc("name"(#loc1)), loc(callsite(#loc1 at #loc2)), ...

   Most are aliases, and most aliases are defined after the functions that use them: a location is kept as a tree, and
   becomes one of ours when the whole text is read.  Ours is where the text says that a line of source is: a name is only
   taken when there is none, and of a call the place called is taken before the place that calls. */
#include "frontend/stablehlo/mlir_parse.h"

enum { FUSED_PARTS = 16 };   /* of which a location is made at most */

typedef enum TreeKind { TREE_UNKNOWN, TREE_FILE, TREE_NAME, TREE_CALL, TREE_FUSED, TREE_ALIAS } TreeKind;

struct LocTree {
	TreeKind kind;
	enum { NEW, OPEN, DONE } state;
	uint32_t begin, end;       /* in the text */
	const char *name;          /* TREE_NAME, TREE_ALIAS */
	Loc result;                /* TREE_FILE; all, when done */
	int nparts;
	LocTree **part;            /* TREE_ALIAS: what it stands for, once that is read */
};

static LocTree *tree_new(Reader *r, TreeKind kind)
{
	LocTree *t = ARENA_NEW(r->ctx->arena, LocTree);

	t->kind = kind;
	t->begin = r->tok.begin;
	t->end = r->tok.end;
	return t;
}

static LocTree *tree_of(Reader *r, LocTree *t, int n, LocTree *const *part)
{
	t->nparts = n;
	t->part = arena_copy(r->ctx->arena, part, sizeof *part * (size_t)n);
	return t;
}

static LocTree *alias_tree(Reader *r, const char *name)
{
	LocTree *t = strmap_get(&r->loc_alias, name);

	if (!t) {
		t = tree_new(r, TREE_ALIAS);
		t->name = name;
		strmap_set(&r->loc_alias, name, t);
	}
	return t;
}

static LocTree *read_tree(Reader *r);

/* "file":3:5, with " to 4:6" or " to :6" after it; "name"; "name"(tree). */
static LocTree *read_quoted(Reader *r)
{
	LocTree *t = tree_new(r, TREE_NAME), *child;
	const char *text = unescape(r, &r->tok, NULL);
	int64_t line, col, ignored;

	if (!text)
		return NULL;
	advance(r);
	if (take(r, ':')) {
		if (!read_int(r, &line) || !want(r, ':') || !read_int(r, &col))
			return NULL;
		if (take_word(r, "to") && ((r->tok.kind == MT_INT && !read_int(r, &ignored)) || !want(r, ':') || !read_int(r, &ignored)))
			return NULL;
		/* A line 0 is a file without lines. */
		if (line <= 0 || line > INT32_MAX || col < 0 || col > INT32_MAX) {
			t->name = text;
			return t;
		}
		t->kind = TREE_FILE;
		t->result = loc_file(r->ctx->arena, text, (uint32_t)line, col ? (uint32_t)col : 1);
		return t;
	}
	t->name = text;
	if (!take(r, '('))
		return t;
	child = read_tree(r);
	return child && want(r, ')') ? tree_of(r, t, 1, &child) : NULL;
}

static LocTree *read_call(Reader *r)
{
	LocTree *t = tree_new(r, TREE_CALL), *part[2];

	advance(r);
	if (!want(r, '(') || !(part[0] = read_tree(r)) || !want_word(r, "at") || !(part[1] = read_tree(r)) || !want(r, ')'))
		return NULL;
	return tree_of(r, t, 2, part);
}

static LocTree *read_fused(Reader *r)
{
	LocTree *t = tree_new(r, TREE_FUSED);
	VEC(LocTree *) part = { 0 };

	advance(r);
	if (tok_is(r, '<') && !skip_balanced(r))
		return NULL;
	if (!want(r, '['))
		return NULL;
	if (!take(r, ']')) {
		do {
			LocTree *p = read_tree(r);
			if (!p)
				return NULL;
			if (part.n < FUSED_PARTS)
				vec_push(r->ctx->arena, &part, p);
		} while (take(r, ','));
		if (!want(r, ']'))
			return NULL;
	}
	return tree_of(r, t, part.n, part.at);
}

static LocTree *read_tree_anew(Reader *r)
{
	if (r->tok.kind == MT_STRING)
		return read_quoted(r);
	if (tok_word(r, "callsite"))
		return read_call(r);
	if (tok_word(r, "fused"))
		return read_fused(r);
	LocTree *t = tree_new(r, TREE_UNKNOWN);
	if (take_word(r, "unknown"))
		return t;
	if (r->tok.kind != MT_HASH)
		return not_wanted(r, "a location"), NULL;
	const char *name = tok_text(r);
	bool alias = !strchr(name, '.') && r->src->text[r->tok.end] != '<';
	if (alias)
		t = alias_tree(r, name);
	advance(r);
	return alias || !tok_is(r, '<') || skip_balanced(r) ? t : NULL;
}

static LocTree *read_tree(Reader *r)
{
	if (!go_deeper(r))
		return NULL;
	LocTree *t = read_tree_anew(r);
	come_back(r);
	return t;
}

bool read_loc(Reader *r, Loc *where)
{
	advance(r);
	if (!want(r, '('))
		return false;
	LocTree *t = read_tree(r);
	if (!t || !want(r, ')'))
		return false;
	vec_push(r->ctx->arena, &r->locs, ((LocFix){ where, t }));
	return true;
}

bool read_trailing_loc(Reader *r, Loc *where) { return !tok_word(r, "loc") || read_loc(r, where); }

bool read_loc_alias(Reader *r, const char *name)
{
	LocTree *alias = alias_tree(r, name);
	Loc loc = tok_loc(r);

	advance(r);
	if (!want(r, '('))
		return false;
	LocTree *t = read_tree(r);
	if (!t || !want(r, ')'))
		return false;
	if (alias->nparts)
		return mlir_wrong(r, loc, "the location #%s is defined twice", name);
	tree_of(r, alias, 1, &t);
	return true;
}

static bool has_line(Loc loc) { return loc && loc->kind != LOC_NAME; }

static Loc resolve(Reader *r, LocTree *t);

static Loc resolve_anew(Reader *r, LocTree *t)
{
	Loc part[FUSED_PARTS] = { 0 };
	int n = 0;

	switch (t->kind) {
	case TREE_UNKNOWN: return NULL;
	case TREE_FILE: return t->result;
	case TREE_ALIAS:
		if (!t->nparts) {
			mlir_wrong(r, span_loc(r, t->begin, t->end), "the location #%s is not defined", t->name);
			return NULL;
		}
		return resolve(r, t->part[0]);
	case TREE_NAME:
		part[0] = t->nparts ? resolve(r, t->part[0]) : NULL;
		return has_line(part[0]) ? part[0] : loc_name(r->ctx->arena, t->name);
	case TREE_CALL:
		part[0] = resolve(r, t->part[0]);
		if (has_line(part[0]))
			return part[0];
		part[1] = resolve(r, t->part[1]);
		return has_line(part[1]) || !part[0] ? part[1] : part[0];
	case TREE_FUSED:
		break;
	}
	for (int i = 0, total = 0; i < t->nparts; i++) {
		Loc loc = resolve(r, t->part[i]);
		total += loc && loc->kind == LOC_FUSED ? loc->nparts : 1;
		if (loc && total <= FUSED_PARTS)
			part[n++] = loc;
	}
	return loc_fused(r->ctx->arena, part, n);
}

static Loc resolve(Reader *r, LocTree *t)
{
	if (t->state == DONE)
		return t->result;
	if (t->state == OPEN || r->depth >= MLIR_DEPTH) {
		mlir_wrong(r, span_loc(r, t->begin, t->end), t->state == OPEN ? "the location is part of itself" :
		           "locations refer to one another more than 1000 deep");
		return NULL;
	}
	t->state = OPEN;
	r->depth++;
	t->result = resolve_anew(r, t);
	r->depth--;
	t->state = DONE;
	return t->result;
}

void finish_locs(Reader *r)
{
	for (int i = 0; i < r->locs.n; i++) {
		Loc loc = resolve(r, r->locs.at[i].tree);
		if (loc)
			*r->locs.at[i].where = loc;
	}
}
