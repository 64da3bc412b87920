/* ir/kernel_parse.c - reads the text form of loop IR back: what kernel_print writes, alone or as a part of a program's text.

   Tokens, numbers and dimension expressions are those of the tensor IR's text.  Values are %N, defined before use.  What
   only kernel_verify can see (types, scopes) is left to it. */
#include "ir/base/check.h"
#include "ir/base/num.h"
#include "ir/kernel_text.h"

typedef struct Reader {
	Parser *p;
	Arena  *arena;
	Kernel *k;
	KBlock *block;
	Map     value;             /* interned name -> KOp * */
	int     nvalues;
} Reader;

static bool refuse(Reader *r, Loc loc, const char *what)
{
	diag_error(&r->p->ctx->diag, loc, "kernel: %s", what);
	return false;
}

static bool need_word(Parser *p, const char *word)
{
	return accept_word(p, word) || unexpected(p, arena_printf(p->scratch, "'%s'", word));
}

/* One of the words; -1 with a diagnostic. */
static int one_of(Parser *p, const char *const *word, int n, const char *what)
{
	for (int i = 0; i < n; i++)
		if (accept_word(p, word[i]))
			return i;
	unexpected(p, what);
	return -1;
}

/* `f32`, `<16 x f32>` */
static bool read_type(Reader *r, KType *out)
{
	Parser *p = r->p;
	uint32_t begin = p->tok.begin;
	int64_t lanes = 1;
	bool vector = accept(p, TOK_LT);

	if (vector && (!parse_int(p, &lanes) || !need_word(p, "x")))
		return false;
	if (!parse_dtype(p, &out->dtype) || (vector && !expect(p, TOK_GT, "the element type")))
		return false;
	if (lanes < 1 || lanes > 64 || (lanes & (lanes - 1)))
		return refuse(r, range_loc(p, begin, p->prev_end), "the lanes of a vector are a power of two up to 64");
	out->lanes = (int)lanes;
	return true;
}

/* A number of this type, by its bits. */
static bool read_bits(Reader *r, DType t, uint64_t *out)
{
	Parser *p = r->p;
	Literal lit;

	if (!at_scalar(p))
		return unexpected(p, "a number");
	if (!parse_literal(p, &lit))
		return false;
	Blob *b = literal_blob(p, &lit, type_scalar(p->ctx->types, t), "kernel");
	if (b)
		*out = blob_get(b, 0);
	return b != NULL;
}

/* An operand: the value of a name. */
static bool read_arg(Reader *r, KOp *x)
{
	Token t = r->p->tok;

	if (!expect(r->p, TOK_VALUE, NULL))
		return false;
	KOp *v = map_get(&r->value, token_str(r->p, &t));
	if (!v)
		return refuse(r, token_loc(r->p, &t), "this value is not defined yet");
	x->arg[x->nargs++] = v;
	return true;
}

static bool read_args(Reader *r, KOp *x, int n)
{
	for (int i = 0; i < n; i++)
		if ((i && !expect(r->p, TOK_COMMA, "the operand")) || !read_arg(r, x))
			return false;
	return true;
}

static void read_flags(Reader *r, KOp *x)
{
	x->flags |= accept_word(r->p, "nontemporal") ? KF_NONTEMPORAL : 0;
	x->flags |= accept_word(r->p, "unroll") ? KF_UNROLL : 0;
	x->flags |= accept_word(r->p, "aligned") ? KF_ALIGNED : 0;
}

/* `buffer[%index]` */
static bool read_element(Reader *r, KOp *x)
{
	Token t = r->p->tok;

	if (!expect(r->p, TOK_IDENT, NULL))
		return false;
	const char *name = token_str(r->p, &t);
	for (x->buf = 0; x->buf < r->k->buf.n && strcmp(r->k->buf.at[x->buf].name, name) != 0;)
		x->buf++;
	if (x->buf == r->k->buf.n)
		return refuse(r, token_loc(r->p, &t), "there is no such buffer");
	return expect(r->p, TOK_LBRACKET, "the buffer") && read_arg(r, x) && expect(r->p, TOK_RBRACKET, "the index");
}

static KOp *op_add(Reader *r, KKind kind, KType t)
{
	KOp *x = ARENA_NEW(r->arena, KOp);

	x->kind = kind;
	x->type = t;
	x->block = r->block;
	x->prev = r->block->last;
	*(x->prev ? &x->prev->next : &r->block->first) = x;
	r->block->last = x;
	return x;
}

/* Values. */

static bool read_load(Reader *r, KOp *x)
{
	if (!read_type(r, &x->type) || !read_element(r, x))
		return false;
	if (accept_word(r->p, "mask") &&
	    (!read_arg(r, x) || !need_word(r->p, "else") || !read_bits(r, x->type.dtype, &x->bits)))
		return false;
	read_flags(r, x);
	return true;
}

static bool read_param(Reader *r, KOp *x)
{
	Token t = r->p->tok;

	if (!parse_int(r->p, &x->imm))
		return false;
	return (x->imm >= 0 && x->imm < r->k->param.n) || refuse(r, token_loc(r->p, &t), "there is no such parameter");
}

static bool find_scalar(const char *name, ScalarOp *op)
{
	for (int i = 0; i < SC_COUNT; i++)
		if (strcmp(scalar_info[i].name, name) == 0) {
			*op = (ScalarOp)i;
			return true;
		}
	return false;
}

/* What stands behind `%N =`. */
static KOp *read_value(Reader *r)
{
	static const struct { const char *name; KKind kind; int nargs; bool number; } plain[] = {
		{ "splat", K_SPLAT, 1, false }, { "ramp", K_RAMP, 1, false }, { "half", K_HALF, 1, true },
		{ "lane", K_LANE, 1, true }, { "join", K_JOIN, 2, false }, { "zip", K_ZIP, 2, true }, { "unzip", K_UNZIP, 2, true }, { "get", K_GET, 1, false }, { "var", K_VAR, 1, false },
	};
	Parser *p = r->p;
	Token word = p->tok;
	KOp *x;
	ScalarOp op;

	if (!expect(p, TOK_IDENT, "'='"))
		return NULL;
	const char *name = token_str(p, &word);
	if (strcmp(name, "const") == 0) {
		x = op_add(r, K_CONST, (KType){ DT_I64, 1 });
		return read_type(r, &x->type) && read_bits(r, x->type.dtype, &x->bits) ? x : NULL;
	}
	if (strcmp(name, "load") == 0) {
		x = op_add(r, K_LOAD, (KType){ DT_I64, 1 });
		return read_load(r, x) ? x : NULL;
	}
	if (strcmp(name, "task") == 0)
		return op_add(r, K_TASK, (KType){ DT_I64, 1 });
	if (strcmp(name, "param") == 0) {
		x = op_add(r, K_PARAM, (KType){ DT_I64, 1 });
		return read_param(r, x) ? x : NULL;
	}
	for (size_t i = 0; i < sizeof plain / sizeof *plain; i++)
		if (strcmp(name, plain[i].name) == 0) {
			x = op_add(r, plain[i].kind, (KType){ DT_I64, 1 });
			return (!plain[i].number || parse_int(p, &x->imm)) && read_type(r, &x->type) && read_args(r, x, plain[i].nargs)
			       ? x : NULL;
		}
	if (find_scalar(name, &op)) {
		x = op_add(r, K_OP, (KType){ DT_I64, 1 });
		x->op = op;
		return read_type(r, &x->type) && read_args(r, x, scalar_info[op].nargs) ? x : NULL;
	}
	Guess g = { .wanted = name };
	for (int i = 0; i < SC_COUNT; i++)
		guess_offer(&g, scalar_info[i].name);
	refuse(r, token_loc(p, &word), arena_printf(p->scratch, "there is no such instruction%s", guess_text(p, &g, "")));
	return NULL;
}

static bool define(Reader *r, const Token *t, KOp *x)
{
	const char *name = token_str(r->p, t);

	if (map_has(&r->value, name))
		return refuse(r, token_loc(r->p, t), "this value is defined already");
	x->id = r->nvalues++;
	map_set(&r->value, name, x);
	return true;
}

/* Statements. */

static bool read_statements(Reader *r);

/* `{ ... }` */
static bool read_body(Reader *r, KOp *x, int i)
{
	KBlock *outer = r->block;

	x->body[i] = ARENA_NEW(r->arena, KBlock);
	x->body[i]->parent = x;
	if (!enter(r->p) || !expect(r->p, TOK_LBRACE, NULL))
		return false;
	r->block = x->body[i];
	bool ok = read_statements(r);
	r->block = outer;
	leave(r->p);
	return ok;
}

static bool read_for(Reader *r)
{
	Parser *p = r->p;
	Token name = p->tok;

	if (!expect(p, TOK_VALUE, "'for'") || !expect(p, TOK_ASSIGN, "the loop's name"))
		return false;
	KOp *x = op_add(r, K_FOR, (KType){ DT_I64, 1 });
	if (!read_arg(r, x) || !need_word(p, "to") || !read_arg(r, x) || !need_word(p, "step") || !parse_int(p, &x->imm))
		return false;
	int role = one_of(p, kernel_role_name, KR_COUNT, "the loop's role (serial, k, batch, m, panel, n, lane, block)");
	if (role < 0)
		return false;
	x->role = (KRole)role;
	read_flags(r, x);
	return define(r, &name, x) && read_body(r, x, 0);
}

static bool read_store(Reader *r)
{
	KOp *x = op_add(r, K_STORE, (KType){ DT_I64, 1 });
	Loc loc = here(r->p);

	if (!read_type(r, &x->type) || !read_element(r, x) || !expect(r->p, TOK_ASSIGN, "the element") || !read_arg(r, x))
		return false;
	if (x->arg[1]->type.dtype != x->type.dtype || x->arg[1]->type.lanes != x->type.lanes)
		return refuse(r, loc, "the stored value is of another type");
	if (accept_word(r->p, "mask") && !read_arg(r, x))
		return false;
	read_flags(r, x);
	return true;
}

static bool read_set(Reader *r)
{
	KOp *x = op_add(r, K_SET, (KType){ DT_I64, 1 });

	if (!read_arg(r, x) || !expect(r->p, TOK_ASSIGN, "the variable") || !read_arg(r, x))
		return false;
	x->type = x->arg[0]->type;
	return true;
}

static bool read_if(Reader *r)
{
	KOp *x = op_add(r, K_IF, (KType){ DT_I64, 1 });

	if (!read_arg(r, x) || !read_body(r, x, 0))
		return false;
	if (accept_word(r->p, "else"))
		return read_body(r, x, 1);
	x->body[1] = ARENA_NEW(r->arena, KBlock);
	x->body[1]->parent = x;
	return true;
}

static bool read_while(Reader *r)
{
	KOp *x = op_add(r, K_WHILE, (KType){ DT_I64, 1 });

	return read_body(r, x, 0) && need_word(r->p, "do") && read_body(r, x, 1);
}

static bool read_prefetch(Reader *r)
{
	KOp *x = op_add(r, K_PREFETCH, (KType){ DT_I64, 1 });

	return parse_int(r->p, &x->imm) && read_element(r, x);
}

static bool read_statement(Reader *r)
{
	static const struct { const char *word; bool (*read)(Reader *r); } statement[] = {
		{ "set", read_set }, { "store", read_store }, { "for", read_for }, { "if", read_if }, { "while", read_while },
		{ "prefetch", read_prefetch },
	};
	Parser *p = r->p;
	Token name = p->tok;

	p->statement = p->tok.begin;
	if (accept(p, TOK_VALUE)) {
		KOp *x = expect(p, TOK_ASSIGN, "the value's name") ? read_value(r) : NULL;
		return x && define(r, &name, x);
	}
	for (size_t i = 0; i < sizeof statement / sizeof *statement; i++)
		if (accept_word(p, statement[i].word))
			return statement[i].read(r);
	return unexpected(p, "a statement or '}'");
}

/* Up to the closing brace, which is taken. */
static bool read_statements(Reader *r)
{
	while (!accept(r->p, TOK_RBRACE))
		if (!read_statement(r))
			return false;
	return true;
}

/* The header. */

/* `name: in f32 align 64 size N*4` */
static bool read_buffer(Reader *r)
{
	Parser *p = r->p;
	Token name = p->tok;
	int64_t align;

	if (!expect(p, TOK_IDENT, NULL) || !expect(p, TOK_COLON, "the buffer's name"))
		return false;
	KBuf b = { .name = token_str(p, &name) };
	int kind = one_of(p, kernel_buf_name, KB_COUNT, "the buffer's kind (in, out, inout, local, scratch)");
	if (kind < 0 || !parse_dtype(p, &b.dtype) || !need_word(p, "align") || !parse_int(p, &align))
		return false;
	if (align < 1 || align > 4096 || (align & (align - 1)))
		return refuse(r, token_loc(p, &name), "the alignment of a buffer is a power of two up to 4096");
	b.kind = (KBufKind)kind;
	b.align = (int)align;
	bool sized = accept_word(p, "size"), param = b.kind <= KB_INOUT;
	if (sized && !(b.size = parse_dim(p)))
		return false;
	if (sized == param)
		return refuse(r, token_loc(p, &name), param ? "a parameter has no size" : "a local buffer has a size");
	if (param && r->k->nparams != r->k->buf.n)
		return refuse(r, token_loc(p, &name), "parameters come before local buffers");
	for (int i = 0; i < r->k->buf.n; i++)
		if (r->k->buf.at[i].name == b.name)
			return refuse(r, token_loc(p, &name), "there are two buffers of this name");
	kernel_add_buf(r->k, b);
	return true;
}

/* `[N<=64, M<=8]`: bounds of symbols. */
static bool read_bounds(Reader *r)
{
	Parser *p = r->p;

	do {
		uint32_t begin = p->tok.begin;
		Dim d = parse_dim(p);
		if (!d)
			return false;
		if (d->kind != DIM_SYM || !dim_is_bounded(d))
			return refuse(r, range_loc(p, begin, p->prev_end), "a bound has the form N<=64");
	} while (accept(p, TOK_COMMA));
	return expect(p, TOK_RBRACKET, "the bounds");
}

static bool read_header(Reader *r)
{
	Parser *p = r->p;

	if (accept(p, TOK_LBRACKET) && !read_bounds(r))
		return false;
	if (!expect(p, TOK_LPAREN, "the kernel's title"))
		return false;
	while (!at(p, TOK_RPAREN)) {
		if (!read_buffer(r))
			return false;
		if (!accept(p, TOK_COMMA))
			break;
	}
	if (!expect(p, TOK_RPAREN, "the buffers"))
		return false;
	if (accept_word(p, "params")) {
		if (!expect(p, TOK_LPAREN, "'params'"))
			return false;
		do {
			Dim d = parse_dim(p);
			if (!d)
				return false;
			vec_push(r->arena, &r->k->param, d);
		} while (accept(p, TOK_COMMA));
		if (!expect(p, TOK_RPAREN, "the parameters"))
			return false;
	}
	if (accept_word(p, "tasks") && !(r->k->ntasks = parse_dim(p)))
		return false;
	return !accept_word(p, "flops") || (r->k->flops = parse_dim(p)) != NULL;
}

Kernel *parse_kernel(Parser *p, Token *label)
{
	Reader r = { .p = p, .arena = p->m->arena };
	Token title;

	*label = p->tok;
	accept(p, TOK_SYM);
	title = p->tok;
	if (!expect(p, TOK_STRING, "'kernel'"))
		return NULL;
	scope_clear(p);
	map_init(&r.value, p->scratch);
	r.k = kernel_new(r.arena, p->ctx->dims, title.text);
	r.k->loc = token_loc(p, &title);
	r.block = r.k->body;
	if (!read_header(&r) || !expect(p, TOK_LBRACE, "the kernel's header") || !read_statements(&r))
		return NULL;
	return r.k;
}

Kernel *kernel_parse(Ctx *ctx, Source *src)
{
	Parser p = { .ctx = ctx, .m = module_new(ctx), .scratch = arena_new(), .prefix = "" };
	Kernel *k = NULL;
	Token label;

	if (lex_check_text(ctx, src)) {
		p.lx = (Lexer){ .ctx = ctx, .src = src };
		p.tok = lex_next(&p.lx);
		if (need_word(&p, "kernel"))
			k = parse_kernel(&p, &label);
		if (k && !at(&p, TOK_EOF)) {
			unexpected(&p, "the end of the file");
			k = NULL;
		}
	}
	arena_free(p.scratch);
	return k && kernel_verify(k, &ctx->diag) ? k : NULL;
}
