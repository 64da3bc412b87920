/* ir/kernel_parse.c - reads the text form of loop IR back: what kernel_print writes.  For tests of the scheduler and of
   printers on hand-written kernels.

   One statement a line; values are %N, defined before use; lines that are blank or start with // are passed over. */
#include <ctype.h>
#include <stdlib.h>

#include "ir/base/check.h"
#include "ir/base/num.h"
#include "ir/kernel.h"

enum { VALUES_MAX = 1 << 20, DEPTH_MAX = 64 };

typedef struct Parser {
	Arena  *arena;
	Diag   *diag;
	Source *src;
	const char *at, *end;      /* of the line at hand, and of the text */
	Kernel *k;
	KBlock *block;
	VEC(KOp *) value;          /* by number */
	bool    failed;
} Parser;

static void fail(Parser *p, const char *what)
{
	size_t off = (size_t)(p->at - p->src->text);

	if (!p->failed)
		diag_error(p->diag, loc_range(p->arena, p->src, off, off + 1 <= p->src->size ? off + 1 : off), "kernel: %s", what);
	p->failed = true;
}

/* Words. */

static void blank(Parser *p)
{
	while (p->at < p->end && (*p->at == ' ' || *p->at == '\t'))
		p->at++;
}

static bool take(Parser *p, const char *word)
{
	size_t n = strlen(word);

	blank(p);
	if ((size_t)(p->end - p->at) < n || memcmp(p->at, word, n) != 0)
		return false;
	if (isalnum((unsigned char)word[n - 1]) && p->at + n < p->end && (isalnum((unsigned char)p->at[n]) || p->at[n] == '_'))
		return false;
	p->at += n;
	return true;
}

static void need(Parser *p, const char *word)
{
	if (!p->failed && !take(p, word))
		fail(p, arena_printf(p->arena, "'%s' is wanted here", word));
}

static const char *name(Parser *p)
{
	blank(p);
	const char *from = p->at;

	while (p->at < p->end && (isalnum((unsigned char)*p->at) || *p->at == '_'))
		p->at++;
	if (p->at == from)
		fail(p, "a name is wanted here");
	return arena_strndup(p->arena, from, (size_t)(p->at - from));
}

static int64_t integer(Parser *p)
{
	blank(p);
	char *stop;
	long long v = strtoll(p->at, &stop, 10);

	if (stop == p->at || stop > p->end)
		fail(p, "a number is wanted here");
	else
		p->at = stop;
	return v;
}

static void next_line(Parser *p)
{
	blank(p);
	if (p->at < p->end && *p->at != '\n' && !(p->end - p->at > 1 && p->at[0] == '/' && p->at[1] == '/'))
		fail(p, "the line goes on after its end");
	while (p->at < p->end && *p->at != '\n')
		p->at++;
	if (p->at < p->end)
		p->at++;
}

static KType type(Parser *p)
{
	KType t = { DT_I64, 1 };

	if (take(p, "<")) {
		t.lanes = (int)integer(p);
		need(p, "x");
	}
	const char *s = name(p);
	if (!dtype_parse(s, strlen(s), &t.dtype))
		fail(p, "no such element type");
	if (t.lanes > 1 || p->at[-1] == 'x')
		need(p, ">");
	if (t.lanes < 1 || t.lanes > 64 || (t.lanes & (t.lanes - 1))) {
		fail(p, "lanes are a power of two up to 64");
		t.lanes = 1;
	}
	return t;
}

static uint64_t bits(Parser *p, DType t)
{
	blank(p);
	const char *from = p->at;
	double x;
	float f;

	while (p->at < p->end && (isalnum((unsigned char)*p->at) || strchr("+-.", *p->at)))
		p->at++;
	size_t n = (size_t)(p->at - from);
	if (n > 2 && from[0] == '0' && from[1] == 'x')
		return strtoull(arena_strndup(p->arena, from, n), NULL, 16);
	if (t == DT_F32 && f32_parse(from, n, &f))
		return f32_bits(f);
	if (t == DT_F64 && f64_parse(from, n, &x))
		return f64_bits(x);
	char *text = arena_strndup(p->arena, from, n), *stop;
	uint64_t v = text[0] == '-' ? (uint64_t)strtoll(text, &stop, 10) : strtoull(text, &stop, 10);
	if (n == 0 || *stop || dtype_is_float(t))
		fail(p, "a constant is wanted here");
	return v;
}

static KOp *value(Parser *p)
{
	need(p, "%");
	int64_t i = integer(p);

	if (!p->failed && (i < 0 || i >= p->value.n || !p->value.at[i]))
		fail(p, "this value is not defined yet");
	return p->failed ? NULL : p->value.at[i];
}

static int buffer(Parser *p)
{
	const char *s = name(p);

	for (int i = 0; i < p->k->buf.n; i++)
		if (strcmp(p->k->buf.at[i].name, s) == 0)
			return i;
	fail(p, "there is no such buffer");
	return 0;
}

/* Instructions. */

static KOp *add(Parser *p, KKind kind, KType t)
{
	KOp *x = ARENA_NEW(p->arena, KOp);

	x->kind = kind;
	x->type = t;
	x->block = p->block;
	x->prev = p->block->last;
	*(x->prev ? &x->prev->next : &p->block->first) = x;
	p->block->last = x;
	return x;
}

static void args(Parser *p, KOp *x, int n)
{
	for (int i = 0; i < n && !p->failed; i++) {
		if (i)
			need(p, ",");
		x->arg[x->nargs++] = value(p);
	}
}

static void flags(Parser *p, KOp *x)
{
	x->flags |= take(p, "nontemporal") ? KF_NONTEMPORAL : 0;
	x->flags |= take(p, "unroll") ? KF_UNROLL : 0;
	x->flags |= take(p, "aligned") ? KF_ALIGNED : 0;
}

static void index_arg(Parser *p, KOp *x)
{
	x->buf = buffer(p);
	need(p, "[");
	args(p, x, 1);
	need(p, "]");
}

static bool scalar_named(const char *s, ScalarOp *op)
{
	for (int i = 0; i < SC_COUNT; i++)
		if (strcmp(scalar_info[i].name, s) == 0) {
			*op = (ScalarOp)i;
			return true;
		}
	return false;
}

static KOp *definition(Parser *p)
{
	static const struct { const char *name; KKind kind; int nargs; bool number; } plain[] = {
		{ "splat", K_SPLAT, 1, false }, { "ramp", K_RAMP, 1, false }, { "half", K_HALF, 1, true },
		{ "lane", K_LANE, 1, true }, { "join", K_JOIN, 2, false }, { "get", K_GET, 1, false }, { "var", K_VAR, 1, false },
	};
	const KType i64 = { DT_I64, 1 };
	const char *word = name(p);
	ScalarOp op;

	if (p->failed)
		return NULL;
	if (strcmp(word, "const") == 0) {
		KType t = type(p);
		KOp *x = add(p, K_CONST, t);
		x->bits = bits(p, t.dtype);
		return x;
	}
	if (strcmp(word, "param") == 0) {
		KOp *x = add(p, K_PARAM, i64);
		x->imm = integer(p);
		if (x->imm < 0 || x->imm >= p->k->param.n)
			fail(p, "there is no such parameter");
		return x;
	}
	if (strcmp(word, "task") == 0)
		return add(p, K_TASK, i64);
	if (strcmp(word, "load") == 0) {
		KOp *x = add(p, K_LOAD, type(p));
		index_arg(p, x);
		if (take(p, "mask")) {
			args(p, x, 1);
			need(p, "else");
			x->bits = bits(p, x->type.dtype);
		}
		flags(p, x);
		return x;
	}
	for (size_t i = 0; i < sizeof plain / sizeof *plain; i++)
		if (strcmp(word, plain[i].name) == 0) {
			int64_t imm = plain[i].number ? integer(p) : 0;
			KOp *x = add(p, plain[i].kind, type(p));
			x->imm = imm;
			args(p, x, plain[i].nargs);
			return x;
		}
	if (scalar_named(word, &op)) {
		KOp *x = add(p, K_OP, type(p));
		x->op = op;
		args(p, x, scalar_info[op].nargs);
		return x;
	}
	fail(p, "there is no such instruction");
	return NULL;
}

static void define(Parser *p, int64_t number, KOp *x)
{
	if (number < 0 || number > VALUES_MAX) {
		fail(p, "the number of a value is out of range");
		return;
	}
	while (p->value.n <= number)
		vec_push(p->arena, &p->value, NULL);
	if (p->value.at[number])
		fail(p, "this value is defined already");
	p->value.at[number] = x;
}

static void statements(Parser *p, int depth);

static void body(Parser *p, KOp *x, int i, int depth)
{
	KBlock *outer = p->block;

	x->body[i] = ARENA_NEW(p->arena, KBlock);
	x->body[i]->parent = x;
	p->block = x->body[i];
	need(p, "{");
	next_line(p);
	statements(p, depth + 1);
	p->block = outer;
}

static void loop(Parser *p, int depth)
{
	static const char *const role[] = { "serial", "k", "batch", "m", "panel", "n", "lane", "block" };

	need(p, "%");
	int64_t number = integer(p);
	need(p, "=");
	KOp *x = add(p, K_FOR, (KType){ DT_I64, 1 });
	x->arg[x->nargs++] = value(p);
	need(p, "to");
	x->arg[x->nargs++] = value(p);
	need(p, "step");
	x->imm = integer(p);
	bool known = false;
	for (int i = 0; i < 8 && !known; i++)
		if (take(p, role[i])) {
			x->role = (KRole)i;
			known = true;
		}
	if (!known)
		fail(p, "the loop's role is wanted here");
	flags(p, x);
	define(p, number, x);
	body(p, x, 0, depth);
}

static void statement(Parser *p, int depth)
{
	const KType none = { DT_I64, 1 };

	if (take(p, "%")) {
		int64_t number = integer(p);
		need(p, "=");
		KOp *x = definition(p);
		if (!p->failed)
			define(p, number, x);
	} else if (take(p, "set")) {
		KOp *x = add(p, K_SET, none);
		x->arg[x->nargs++] = value(p);
		need(p, "=");
		x->arg[x->nargs++] = value(p);
		if (!p->failed)
			x->type = x->arg[0]->type;
	} else if (take(p, "store")) {
		KOp *x = add(p, K_STORE, type(p));
		index_arg(p, x);
		need(p, "=");
		x->arg[x->nargs++] = value(p);
		if (take(p, "mask"))
			x->arg[x->nargs++] = value(p);
		flags(p, x);
	} else if (take(p, "prefetch")) {
		KOp *x = add(p, K_PREFETCH, none);
		x->imm = integer(p);
		index_arg(p, x);
	} else if (take(p, "for")) {
		loop(p, depth);
	} else if (take(p, "while")) {
		KOp *x = add(p, K_WHILE, none);
		body(p, x, 0, depth);
		need(p, "do");
		body(p, x, 1, depth);
	} else if (take(p, "if")) {
		KOp *x = add(p, K_IF, none);
		x->arg[x->nargs++] = value(p);
		body(p, x, 0, depth);
		x->body[1] = ARENA_NEW(p->arena, KBlock);
		x->body[1]->parent = x;
		if (take(p, "else"))
			body(p, x, 1, depth);
	} else {
		fail(p, "a statement is wanted here");
	}
}

/* Up to the closing brace, which is taken. */
static void statements(Parser *p, int depth)
{
	if (depth > DEPTH_MAX)
		fail(p, "blocks are nested too deeply");
	while (!p->failed) {
		blank(p);
		if (p->at >= p->end) {
			fail(p, "the text ends inside a block");
			return;
		}
		if (*p->at == '\n' || (p->end - p->at > 1 && p->at[0] == '/' && p->at[1] == '/')) {
			next_line(p);
			continue;
		}
		if (take(p, "}"))
			return;
		statement(p, depth);
		if (!p->failed)
			next_line(p);
	}
}

/* A dimension expression in the form of dim_print: sums of products, //, %, max, min, parentheses. */
static Dim dim(Parser *p, int depth);

static Dim dim_atom(Parser *p, int depth)
{
	DimTable *t = p->k->dims;

	if (depth > DEPTH_MAX) {
		fail(p, "the expression is nested too deeply");
		return dim_const(t, 0);
	}
	if (take(p, "(")) {
		Dim d = dim(p, depth + 1);
		need(p, ")");
		return d;
	}
	bool max = take(p, "max"), min = !max && take(p, "min");
	if (max || min) {
		need(p, "(");
		Dim a = dim(p, depth + 1);
		need(p, ",");
		Dim b = dim(p, depth + 1);
		need(p, ")");
		return p->failed ? dim_const(t, 0) : max ? dim_max(t, a, b) : dim_min(t, a, b);
	}
	blank(p);
	if (p->at < p->end && (isdigit((unsigned char)*p->at) || *p->at == '-'))
		return dim_const(t, integer(p));
	const char *s = name(p);
	return p->failed ? dim_const(t, 0) : dim_sym(t, s, INT64_MAX);
}

static Dim dim_product(Parser *p, int depth)
{
	Dim d = dim_atom(p, depth);

	while (!p->failed && d) {
		if (take(p, "*"))
			d = dim_mul(p->k->dims, d, dim_atom(p, depth));
		else if (take(p, "//"))
			d = dim_floordiv(p->k->dims, d, dim_atom(p, depth));
		else if (take(p, "%"))
			d = dim_mod(p->k->dims, d, dim_atom(p, depth));
		else
			return d;
	}
	return d ? d : dim_const(p->k->dims, 0);
}

static Dim dim(Parser *p, int depth)
{
	Dim d = dim_product(p, depth);

	while (!p->failed && d) {
		if (take(p, "+"))
			d = dim_add(p->k->dims, d, dim_product(p, depth));
		else if (take(p, "-"))
			d = dim_sub(p->k->dims, d, dim_product(p, depth));
		else
			return d;
	}
	if (!d)
		fail(p, "the expression overflows");
	return d ? d : dim_const(p->k->dims, 0);
}

static void buffers(Parser *p)
{
	static const char *const kind[] = { "in", "out", "inout", "local", "scratch" };

	need(p, "(");
	while (!p->failed && !take(p, ")")) {
		KBuf b = { .name = name(p) };
		bool known = false;
		need(p, ":");
		for (int i = 0; i < 5 && !known; i++)
			if (take(p, kind[i])) {
				b.kind = (KBufKind)i;
				known = true;
			}
		if (!known)
			fail(p, "the buffer's kind is wanted here");
		b.dtype = type(p).dtype;
		need(p, "align");
		b.align = (int)integer(p);
		if (take(p, "size"))
			b.size = dim(p, 0);
		if ((b.kind == KB_LOCAL || b.kind == KB_SCRATCH) && !b.size)
			fail(p, "a local buffer has a size");
		if (b.kind <= KB_INOUT && p->k->nparams != p->k->buf.n)
			fail(p, "parameters come before local buffers");
		if (!p->failed)
			kernel_add_buf(p->k, b);
		if (!p->failed && !take(p, ",")) {
			need(p, ")");
			break;
		}
	}
}

Kernel *kernel_parse(Arena *a, DimTable *dims, Diag *diag, Source *src)
{
	Parser p = { .arena = a, .diag = diag, .src = src, .at = src->text, .end = src->text + src->size };

	while (p.at < p.end && (isspace((unsigned char)*p.at) || *p.at == '/')) {
		if (*p.at == '/')
			next_line(&p);
		else
			p.at++;
	}
	need(&p, "kernel");
	need(&p, "\"");
	const char *from = p.at;
	while (p.at < p.end && *p.at != '"' && *p.at != '\n')
		p.at++;
	p.k = kernel_new(a, dims, arena_strndup(a, from, (size_t)(p.at - from)));
	need(&p, "\"");
	if (!p.failed)
		buffers(&p);
	if (!p.failed && take(&p, "params")) {
		need(&p, "(");
		do
			vec_push(a, &p.k->param, dim(&p, 0));
		while (!p.failed && take(&p, ","));
		need(&p, ")");
	}
	if (!p.failed && take(&p, "tasks"))
		p.k->ntasks = dim(&p, 0);
	p.block = p.k->body;
	need(&p, "{");
	if (!p.failed)
		next_line(&p);
	statements(&p, 0);
	if (p.failed)
		return NULL;
	return kernel_verify(p.k, diag) ? p.k : NULL;
}
