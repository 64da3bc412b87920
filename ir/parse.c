/* ir/parse.c - reads the text form: tokens, modules, graph headers. */
#include "ir/parse.h"

#include "ir/base/check.h"

/* Tokens. */

void next(Parser *p)
{
	p->prev_end = p->tok.end;
	if (p->tok.kind == TOK_LBRACE)
		p->braces++;
	else if (p->tok.kind == TOK_RBRACE)
		p->braces--;
	p->tok = lex_next(&p->lx);
}

bool at(const Parser *p, Tok kind)
{
	return p->tok.kind == kind;
}

static bool token_is(const Token *t, const char *word)
{
	return t->kind == TOK_IDENT && strlen(word) == t->len && memcmp(t->text, word, t->len) == 0;
}

bool at_word(const Parser *p, const char *word)
{
	return token_is(&p->tok, word);
}

bool accept(Parser *p, Tok kind)
{
	if (!at(p, kind))
		return false;
	next(p);
	return true;
}

bool accept_word(Parser *p, const char *word)
{
	if (!at_word(p, word))
		return false;
	next(p);
	return true;
}

bool unexpected(Parser *p, const char *wanted)
{
	if (at(p, TOK_BAD))      /* reported by the lexer */
		return false;
	/* What is missing at the end of a line is missed there, not where the next line begins. */
	if (p->tok.line_start && p->tok.begin != p->statement) {
		Loc end = range_loc(p, p->prev_end, p->prev_end);
		diag_error(&p->ctx->diag, end, "expected %s, found the end of the %s", wanted, at(p, TOK_EOF) ? "file" : "line");
		return false;
	}
	const char *found = token_show(p->scratch, p->lx.src, &p->tok);
	diag_error(&p->ctx->diag, here(p), "expected %s, found %s", wanted, found);
	return false;
}

bool expect(Parser *p, Tok kind, const char *before)
{
	if (accept(p, kind))
		return true;
	const char *wanted = token_kind_show(kind);
	return unexpected(p, before ? arena_printf(p->scratch, "%s after %s", wanted, before) : wanted);
}

Token look_ahead(const Parser *p, int n)
{
	Lexer lx = p->lx;
	Token t = p->tok;

	while (n-- > 0 && t.kind != TOK_EOF && t.kind != TOK_BAD)
		t = lex_next(&lx);
	return t;
}

Loc range_loc(Parser *p, uint32_t begin, uint32_t end)
{
	return loc_range(p->m->arena, p->lx.src, begin, end);
}

Loc token_loc(Parser *p, const Token *t)
{
	return range_loc(p, t->begin, t->end);
}

Loc here(Parser *p)
{
	return token_loc(p, &p->tok);
}

const char *token_str(Parser *p, const Token *t)
{
	return intern_bytes(&p->ctx->strings, t->text, t->len);
}

bool enter(Parser *p)
{
	if (p->depth == PARSE_DEPTH_MAX) {
		diag_error(&p->ctx->diag, here(p), "nested more than %d deep", PARSE_DEPTH_MAX);
		return false;
	}
	p->depth++;
	return true;
}

void leave(Parser *p)
{
	p->depth--;
}

void guess_offer(Guess *g, const char *candidate)
{
	size_t n = strlen(g->wanted);

	if (n > NAME_COMPARE_MAX || strlen(candidate) > NAME_COMPARE_MAX)
		return;
	int distance = str_distance(g->wanted, candidate), limit = n < 2 ? 0 : (int)(n + 2) / 3;
	if (distance <= limit && (!g->best || distance < g->distance)) {
		g->best = candidate;
		g->distance = distance;
	}
}

const char *guess_text(Parser *p, const Guess *g, const char *sigil)
{
	return g->best ? arena_printf(p->scratch, "; did you mean '%s%s'?", sigil, g->best) : "";
}

/* Recovery: a broken statement is given up, and the next one is read. */

/* A word that only begins a statement of the module, at the very start of a line. */
bool at_module_statement(const Parser *p)
{
	static const char *const words[] = { "graph", "weight", "weights", "import" };

	if (!p->tok.line_start || (p->tok.begin > 0 && p->lx.src->text[p->tok.begin - 1] != '\n'))
		return false;
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (at_word(p, words[i]))
			return true;
	return false;
}

void recover(Parser *p, int braces)
{
	while (!at(p, TOK_EOF) && !at_module_statement(p)) {
		if (p->braces <= braces && (p->tok.line_start || at(p, TOK_RBRACE)))
			return;
		next(p);
	}
}

static void recover_module(Parser *p)
{
	while (!at(p, TOK_EOF) && !at_module_statement(p))
		next(p);
	p->braces = 0;
}

/* Statements of the module. */

/* After `=`: `zeros`, `ones`, or a literal. */
static bool parse_initializer(Parser *p, Weight *w)
{
	bool ones = at_word(p, "ones");

	if (accept_word(p, "zeros") || accept_word(p, "ones")) {
		w->init = ones ? INIT_ONES : INIT_ZEROS;
		w->value = blob_number(p, w->type, ones);
		return true;
	}
	if (!at(p, TOK_LBRACKET) && !at_scalar(p) && !at_word(p, "splat") && !at_word(p, "blob"))
		return unexpected(p, "'zeros', 'ones' or a constant");
	Literal lit;
	if (!parse_literal(p, &lit))
		return false;
	w->init = INIT_VALUE;
	w->value = literal_blob(p, &lit, w->type, "weight");
	return w->value != NULL;
}

/* `weight @name : type [= initializer]` */
static bool parse_weight(Parser *p)
{
	Token name = p->tok;

	if (!expect(p, TOK_SYM, "'weight'"))
		return false;
	Weight *w = ARENA_NEW(p->m->arena, Weight), *old = module_weight(p->m, name.text);
	*w = (Weight){ .name = name.text, .loc = token_loc(p, &name) };
	if (old) {
		diag_error(&p->ctx->diag, w->loc, "weight @%s is declared twice", w->name);
		diag_note(&p->ctx->diag, old->loc, "the first declaration is here");
		return false;
	}
	Loc type_loc = expect(p, TOK_COLON, "the weight's name") ? here(p) : NULL;
	w->type = type_loc ? parse_type(p) : NULL;
	if (!w->type)
		return false;
	if (!type_is_static(w->type)) {
		diag_error(&p->ctx->diag, type_loc, "weight @%s: every dimension must be a number", w->name);
		return false;
	}
	vec_push(p->m->arena, &p->m->weights, w);
	return !accept(p, TOK_ASSIGN) || parse_initializer(p, w);
}

/* A file name as written, relative to the file that is read; `a/../` is taken out, so that one file has one name. */
static const char *file_path(Parser *p, const char *name)
{
	const char *path = *name == '/' ? name : arena_printf(p->scratch, "%s%s", p->prefix, name);
	char *out = arena_strdup(p->m->arena, path);
	size_t n = 0, parts = 0;        /* of out; and of those parts, the ones that `..` takes back */

	for (const char *s = path; *s;) {
		size_t len = strcspn(s, "/");
		const char *after = s + len + (s[len] == '/');
		if (len == 2 && s[0] == '.' && s[1] == '.' && parts > 0) {
			for (n--; n > 0 && out[n - 1] != '/'; n--)
				;
			parts--;
		} else if (!(len == 1 && s[0] == '.') && !(len == 0 && n > 0)) {
			memmove(out + n, s, (size_t)(after - s));
			n += (size_t)(after - s);
			parts += len > 0 && !(len == 2 && s[0] == '.' && s[1] == '.');
		}
		s = after;
	}
	out[n] = '\0';
	return out;
}

/* `weights "file"` */
bool parse_weights_file(Parser *p)
{
	Token name = p->tok;

	if (!expect(p, TOK_STRING, "'weights'"))
		return false;
	const char *path = file_path(p, name.text);
	for (int i = 0; i < p->m->weight_files.n; i++)
		if (strcmp(p->m->weight_files.at[i], path) == 0)
			return true;
	vec_push(p->m->arena, &p->m->weight_files, ctx_str(p->ctx, path));
	return true;
}

/* `%input`, after `over`. */
static bool parse_over(Parser *p, int result)
{
	Token t = p->tok;

	if (!expect(p, TOK_VALUE, "'over'"))
		return false;
	const Binding *b = strmap_get(&p->bindings, t.text);
	if (b) {
		vec_push(p->m->arena, &p->func->overlays, (Overlay){ result, b->value, token_loc(p, &t) });
		return true;
	}
	diag_error(&p->ctx->diag, token_loc(p, &t), "over: '%%%s' is no input of graph @%s", t.text, p->func->name);
	return false;
}

/* `name: type over %input`, without name or input too, separated by commas, after '(' and through ')'. */
static bool parse_results(Parser *p)
{
	Func *f = p->func;

	if (accept(p, TOK_RPAREN))
		return true;
	do {
		const char *name = NULL;
		if (at(p, TOK_VALUE)) {
			Token t = p->tok;
			next(p);
			if (!expect(p, TOK_COLON, "the result's name"))
				return false;
			name = name_is_number(t.text) ? NULL : t.text;
			for (int i = 0; name && i < f->result_names.n; i++) {
				if (f->result_names.at[i] != name)
					continue;
				diag_error(&p->ctx->diag, token_loc(p, &t), "graph @%s has two results '%%%s'", f->name, name);
				return false;
			}
		}
		const Type *type = parse_type(p);
		if (!type)
			return false;
		vec_push(p->m->arena, &f->result_names, name);
		vec_push(p->m->arena, &f->result_types, type);
		if (accept_word(p, "over") && !parse_over(p, f->result_types.n - 1))
			return false;
	} while (accept(p, TOK_COMMA));
	return expect(p, TOK_RPAREN, "the results");
}

/* `where (N == M, ...)`, after `where`. */
bool parse_constraints(Parser *p)
{
	if (!expect(p, TOK_LPAREN, "'where'"))
		return false;
	do {
		uint32_t begin = p->tok.begin;
		Dim a = parse_dim(p);
		if (!a || !expect(p, TOK_EQ, "the dimension"))
			return false;
		Dim b = parse_dim(p);
		if (!b)
			return false;
		Loc loc = range_loc(p, begin, p->prev_end);
		if (!func_require_equal(p->func, a, b, loc, "where"))
			return false;
	} while (accept(p, TOK_COMMA));
	return expect(p, TOK_RPAREN, "the constraints");
}

bool parse_signature(Parser *p, const char *keyword)
{
	Token name = p->tok;

	if (!expect(p, TOK_SYM, keyword))
		return false;
	Loc   loc = token_loc(p, &name);
	Func *old = module_func(p->m, name.text);
	if (old) {
		diag_error(&p->ctx->diag, loc, "graph @%s is defined twice", name.text);
		diag_note(&p->ctx->diag, old->loc, "the first definition is here");
		return false;
	}
	p->func = func_new(p->m, name.text, loc);
	scope_clear(p);
	return expect(p, TOK_LPAREN, "the graph's name") && parse_block_args(p, p->func->body) &&
	       expect(p, TOK_ARROW, "the inputs") && expect(p, TOK_LPAREN, "'->'") && parse_results(p);
}

/* From the name to the opening brace. */
static bool parse_header(Parser *p)
{
	if (!parse_signature(p, "'graph'"))
		return false;
	while (!at(p, TOK_LBRACE)) {
		if (accept_word(p, "where")) {
			if (!parse_constraints(p))
				return false;
		} else if (accept_word(p, "plan")) {
			p->func->plan = parse_plan(p);
			if (!p->func->plan)
				return false;
		} else {
			return unexpected(p, "'{'");
		}
	}
	return true;
}

/* `graph @name(inputs) -> (results) { ... }`, after `graph`. */
static bool parse_graph(Parser *p)
{
	bool ok = parse_header(p);

	if (ok) {
		next(p);
		ok = parse_block(p, p->func->body);
	}
	p->func = NULL;
	return ok;
}

static bool parse_source(Parser *p, Source *src);

/* `import "file"`: the file's statements, here, once. */
static bool parse_import(Parser *p)
{
	Token name = p->tok;

	if (!expect(p, TOK_STRING, "'import'"))
		return false;
	Loc loc = token_loc(p, &name);
	if (!p->hooks || !p->hooks->import) {
		diag_error(&p->ctx->diag, loc, "import: files cannot be read here");
		return false;
	}
	const char *path = file_path(p, name.text);
	if (strmap_has(&p->imported, path))
		return true;
	if (p->imports == PARSE_DEPTH_MAX) {
		diag_error(&p->ctx->diag, loc, "import: nested more than %d deep", PARSE_DEPTH_MAX);
		return false;
	}
	strmap_set(&p->imported, path, p);
	Source *src = p->hooks->import(p->hooks->arg, path, loc);
	if (!src)
		return false;

	Lexer lx = p->lx;
	Token tok = p->tok;
	uint32_t prev_end = p->prev_end;
	const char *prefix = p->prefix, *slash = strrchr(path, '/');
	p->prefix = slash ? arena_strndup(p->m->arena, path, (size_t)(slash + 1 - path)) : "";
	p->imports++;
	bool ok = parse_source(p, src);
	p->imports--;
	p->prefix = prefix;
	p->prev_end = prev_end;
	p->tok = tok;
	p->lx = lx;
	p->braces = 0;
	return ok;
}

bool parse_version(Parser *p, int wanted)
{
	Token t = p->tok;
	int64_t version;

	if (!parse_int(p, &version))
		return false;
	if (version == wanted)
		return true;
	diag_error(&p->ctx->diag, token_loc(p, &t), "format version %s is not supported; this is a reader of version %d",
	           token_show(p->scratch, p->lx.src, &t), wanted);
	return false;
}

static bool parse_statement(Parser *p)
{
	if (accept_word(p, "weight"))
		return parse_weight(p);
	if (accept_word(p, "weights"))
		return parse_weights_file(p);
	if (accept_word(p, "graph"))
		return parse_graph(p);
	if (accept_word(p, "import"))
		return parse_import(p);
	return unexpected(p, "'graph', 'weight', 'weights' or 'import'");
}

/* All statements of one file.  False once anything in it is wrong. */
static bool parse_source(Parser *p, Source *src)
{
	if (!lex_check_text(p->ctx, src))
		return false;
	bool ok = true;
	p->lx = (Lexer){ .ctx = p->ctx, .src = src };
	p->tok = lex_next(&p->lx);
	p->braces = 0;
	if (accept_word(p, "tfcc_graph") && !parse_version(p, GRAPH_FORMAT_VERSION))
		return false;
	while (!at(p, TOK_EOF) && p->ctx->diag.nerrors < p->ctx->diag.max_errors) {
		uint32_t begin = p->statement = p->tok.begin;
		if (parse_statement(p))
			continue;
		ok = false;
		p->depth = 0;
		p->lx.dims = false;
		if (p->tok.begin == begin)
			next(p);
		recover_module(p);
	}
	return ok;
}

Module *module_parse_with(Ctx *ctx, Source *src, const ParseHooks *hooks)
{
	Parser p = { .ctx = ctx, .m = module_new(ctx), .scratch = arena_new(), .hooks = hooks, .prefix = "" };

	const char *slash = strrchr(src->name, '/');
	strmap_init(&p.imported, p.scratch);
	strmap_set(&p.imported, slash ? slash + 1 : src->name, &p);   /* it may be imported by what it imports */
	scope_clear(&p);
	bool ok = parse_source(&p, src);
	if (ok)
		ok = finish_late_calls(&p);
	arena_free(p.scratch);
	return ok ? p.m : NULL;
}

Module *module_parse(Ctx *ctx, Source *src)
{
	return module_parse_with(ctx, src, NULL);
}
