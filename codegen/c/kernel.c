/* codegen/c/kernel.c - loop IR as C: one statement an instruction, vectors as loops of fixed trip over small arrays. */
#include <inttypes.h>

#include "codegen/c/cprint.h"
#include "ir/base/check.h"

const char *c_type(DType t)
{
	return dtype_info[t].ctype;
}

typedef struct Printer {
	const Kernel *k;
	const KernelLayout *layout;
	Str *out;
	int depth, next;
} Printer;

static void line(Printer *p, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
static void line(Printer *p, const char *fmt, ...)
{
	va_list ap;

	for (int i = 0; i < p->depth; i++)
		str_addc(p->out, '\t');
	va_start(ap, fmt);
	str_vprintf(p->out, fmt, ap);
	va_end(ap);
	str_addc(p->out, '\n');
}

/* A literal that reads back to the same bits. */
static void literal(char *buf, size_t n, DType t, uint64_t bits)
{
	int w = dtype_info[t].bits;

	if (t == DT_F32)
		snprintf(buf, n, "tf_bits_f32(0x%08" PRIx32 "u)", (uint32_t)bits);
	else if (t == DT_F64)
		snprintf(buf, n, "tf_bits_f64(UINT64_C(0x%016" PRIx64 "))", bits);
	else if (dtype_info[t].kind == DK_INT && bits == (uint64_t)1 << (w - 1))
		snprintf(buf, n, "(-INT64_C(%" PRIu64 ") - 1)", (bits - 1) & (UINT64_MAX >> (65 - w)));
	else if (dtype_info[t].kind == DK_INT)
		snprintf(buf, n, "INT64_C(%" PRId64 ")", (int64_t)(bits << (64 - w)) >> (64 - w));
	else
		snprintf(buf, n, "UINT64_C(%" PRIu64 ")", w == 64 ? bits : bits & ((UINT64_C(1) << w) - 1));
}

/* A value's name, in a lane of it for vectors. */
static const char *ref(const KOp *x, char *buf, size_t n)
{
	snprintf(buf, n, x->type.lanes > 1 ? "v%d[l]" : "v%d", x->id);
	return buf;
}

/* `T vN = ` or `T vN[n]; for (...) vN[l] = ` */
static void define(Printer *p, const KOp *x, const char *expression)
{
	if (x->type.lanes == 1) {
		line(p, "const %s v%d = (%s)(%s);", c_type(x->type.dtype), x->id, c_type(x->type.dtype), expression);
		return;
	}
	line(p, "%s v%d[%d]; for (int l = 0; l < %d; l++) v%d[l] = (%s)(%s);", c_type(x->type.dtype), x->id, x->type.lanes,
	     x->type.lanes, x->id, c_type(x->type.dtype), expression);
}

static void print_op(Printer *p, const KOp *x)
{
	char a[3][32], text[256];
	DType from = x->arg[0]->type.dtype;

	for (int i = 0; i < x->nargs; i++)
		ref(x->arg[i], a[i], sizeof a[i]);
	if (x->op == SC_select)
		snprintf(text, sizeof text, "%s ? %s : %s", a[0], a[1], a[2]);
	else if (x->op == SC_bitcast && (dtype_is_narrow(from) || dtype_is_narrow(x->type.dtype)))
		snprintf(text, sizeof text, "%s", a[0]);   /* bytes */
	else if (x->op == SC_convert || x->op == SC_bitcast)
		snprintf(text, sizeof text, "tf_%s_%s_%s(%s)", scalar_info[x->op].name, dtype_info[from].name,
		         dtype_info[x->type.dtype].name, a[0]);
	else
		snprintf(text, sizeof text, "tf_%s_%s(%s%s%s%s%s)", scalar_info[x->op].name, dtype_info[from].name, a[0],
		         x->nargs > 1 ? ", " : "", x->nargs > 1 ? a[1] : "", x->nargs > 2 ? ", " : "", x->nargs > 2 ? a[2] : "");
	define(p, x, text);
}

static void place(const Printer *p, const KOp *x, int lanes, char *buf, size_t n)
{
	const char *name = p->k->buf.at[x->buf].name;

	if (x->arg[0]->type.lanes > 1)
		snprintf(buf, n, "%s[v%d[l]]", name, x->arg[0]->id);
	else if (lanes > 1)
		snprintf(buf, n, "%s[v%d + l]", name, x->arg[0]->id);
	else
		snprintf(buf, n, "%s[v%d]", name, x->arg[0]->id);
}

static void print_load(Printer *p, const KOp *x)
{
	char at[96], mask[32], absent[64], text[256];

	place(p, x, x->type.lanes, at, sizeof at);
	if (x->nargs == 1) {
		define(p, x, at);
		return;
	}
	literal(absent, sizeof absent, x->type.dtype, x->bits);
	snprintf(text, sizeof text, "%s ? %s : (%s)%s", ref(x->arg[1], mask, sizeof mask), at, c_type(x->type.dtype), absent);
	define(p, x, text);
}

static void print_store(Printer *p, const KOp *x)
{
	char at[96], value[32], mask[32], text[192];
	int lanes = x->arg[1]->type.lanes;

	place(p, x, lanes, at, sizeof at);
	snprintf(text, sizeof text, "%s = %s;", at, ref(x->arg[1], value, sizeof value));
	if (x->nargs > 2)
		snprintf(text, sizeof text, "if (%s) %s = %s;", ref(x->arg[2], mask, sizeof mask), at, value);
	if (lanes > 1)
		line(p, "for (int l = 0; l < %d; l++) %s", lanes, text);
	else
		line(p, "%s", text);
}

static void print_block(Printer *p, const KBlock *b);

static void print_body(Printer *p, const KBlock *b)
{
	p->depth++;
	print_block(p, b);
	p->depth--;
}

static void print_var(Printer *p, const KOp *x)
{
	char init[32];

	ref(x->arg[0], init, sizeof init);
	if (x->type.lanes == 1)
		line(p, "%s v%d = %s;", c_type(x->type.dtype), x->id, init);
	else
		line(p, "%s v%d[%d]; for (int l = 0; l < %d; l++) v%d[l] = %s;", c_type(x->type.dtype), x->id, x->type.lanes,
		     x->type.lanes, x->id, init);
}

static void print_control(Printer *p, const KOp *x)
{
	switch (x->kind) {
	case K_FOR:
		line(p, "for (int64_t v%d = v%d; v%d < v%d; v%d += %" PRId64 ") {", x->id, x->arg[0]->id, x->id,
		     x->arg[1]->id, x->id, x->imm);
		print_body(p, x->body[0]);
		break;
	case K_WHILE:
		line(p, "for (;;) {");
		print_body(p, x->body[0]);
		line(p, "\tif (!v%d) break;", x->body[0]->last->id);
		print_body(p, x->body[1]);
		break;
	case K_IF:
		line(p, "if (v%d) {", x->arg[0]->id);
		print_body(p, x->body[0]);
		if (x->body[1] && x->body[1]->first) {
			line(p, "} else {");
			print_body(p, x->body[1]);
		}
		break;
	default:
		UNREACHABLE("kind %d", x->kind);
	}
	line(p, "}");
}

static void print_instr(Printer *p, const KOp *x)
{
	char text[96], a[32];

	switch (x->kind) {
	case K_CONST:
		literal(text, sizeof text, x->type.dtype, x->bits);
		define(p, x, text);
		return;
	case K_PARAM:
		snprintf(text, sizeof text, "p%" PRId64, x->imm);
		define(p, x, text);
		return;
	case K_TASK: define(p, x, "task"); return;
	case K_OP: print_op(p, x); return;
	case K_LOAD: print_load(p, x); return;
	case K_SPLAT: define(p, x, ref(x->arg[0], a, sizeof a)); return;
	case K_RAMP:
		snprintf(text, sizeof text, "v%d + l", x->arg[0]->id);
		define(p, x, text);
		return;
	case K_HALF:
		snprintf(text, sizeof text, x->type.lanes > 1 ? "v%d[l + %d]" : "v%d[%d]", x->arg[0]->id,
		         (int)x->imm * x->type.lanes);
		define(p, x, text);
		return;
	case K_LANE:
		snprintf(text, sizeof text, "v%d[%d]", x->arg[0]->id, (int)x->imm);
		define(p, x, text);
		return;
	case K_JOIN:
		if (x->type.lanes == 2)
			snprintf(text, sizeof text, "l ? v%d : v%d", x->arg[1]->id, x->arg[0]->id);
		else
			snprintf(text, sizeof text, "l < %d ? v%d[l] : v%d[l - %d]", x->type.lanes / 2, x->arg[0]->id,
			         x->arg[1]->id, x->type.lanes / 2);
		define(p, x, text);
		return;
	case K_ZIP:
		snprintf(text, sizeof text, "l & 1 ? v%d[l / 2 + %d] : v%d[l / 2 + %d]", x->arg[1]->id, (int)x->imm * x->type.lanes / 2,
		         x->arg[0]->id, (int)x->imm * x->type.lanes / 2);
		define(p, x, text);
		return;
	case K_UNZIP:
		snprintf(text, sizeof text, "l < %d ? v%d[2 * l + %d] : v%d[2 * l + %d]", x->type.lanes / 2, x->arg[0]->id, (int)x->imm,
		         x->arg[1]->id, (int)x->imm - x->type.lanes);
		define(p, x, text);
		return;
	case K_GET: define(p, x, ref(x->arg[0], a, sizeof a)); return;
	case K_VAR: print_var(p, x); return;
	case K_SET:
		ref(x->arg[1], a, sizeof a);
		if (x->arg[0]->type.lanes > 1)
			line(p, "for (int l = 0; l < %d; l++) v%d[l] = %s;", x->arg[0]->type.lanes, x->arg[0]->id, a);
		else
			line(p, "v%d = %s;", x->arg[0]->id, a);
		return;
	case K_STORE: print_store(p, x); return;
	case K_PREFETCH:
		line(p, "TF_PREFETCH(&%s[v%d]);", p->k->buf.at[x->buf].name, x->arg[0]->id);
		return;
	default: print_control(p, x); return;
	}
}

static void print_block(Printer *p, const KBlock *b)
{
	for (KOp *x = b->first; x; x = x->next) {
		x->id = p->next++;
		print_instr(p, x);
	}
}

static void print_buffers(Printer *p)
{
	const Kernel *k = p->k;

	for (int i = k->nparams; i < k->buf.n; i++) {
		const KBuf *b = &k->buf.at[i];
		if (b->kind == KB_LOCAL)
			line(p, "%s %s[%" PRId64 "];", c_type(b->dtype), b->name, b->size->value > 0 ? b->size->value : 1);
		else if (p->layout->offset_param[i] >= 0)
			line(p, "%s *const %s = (%s *)(void *)tf_at(scratch, p%d);", c_type(b->dtype), b->name, c_type(b->dtype),
			     p->layout->offset_param[i]);
		else
			line(p, "%s *const %s = (%s *)(void *)tf_at(scratch, %" PRId64 ");", c_type(b->dtype), b->name,
			     c_type(b->dtype), p->layout->offset[i]->value);
	}
}

static bool uses_buffer(const KBlock *b, int buf)
{
	for (const KOp *x = b ? b->first : NULL; x; x = x->next) {
		bool here = x->kind == K_LOAD || x->kind == K_STORE || x->kind == K_PREFETCH;
		if ((here && x->buf == buf) || uses_buffer(x->body[0], buf) || uses_buffer(x->body[1], buf))
			return true;
	}
	return false;
}

void c_kernel(const Kernel *k, int number, Str *out)
{
	Arena *a = arena_new();
	KernelLayout layout = kernel_layout(a, k);
	Printer p = { .k = k, .layout = &layout, .out = out, .depth = 1 };

	str_printf(out, "/* %s */\nstatic void tf_k%d(", k->name, number);
	for (int i = 0; i < k->nparams; i++)
		str_printf(out, "%s%s *%s, ", k->buf.at[i].kind == KB_IN ? "const " : "", c_type(k->buf.at[i].dtype),
		           k->buf.at[i].name);
	for (int i = 0; i < layout.nparams; i++)
		str_printf(out, "int64_t p%d, ", i);
	str_add(out, "int64_t task, char *scratch)\n{\n\t(void)task; (void)scratch;");
	for (int i = 0; i < layout.nparams; i++)
		str_printf(out, " (void)p%d;", i);
	/* A pad whose operand was computed in its place does not read it. */
	for (int i = 0; i < k->nparams; i++)
		if (!uses_buffer(k->body, i))
			str_printf(out, " (void)%s;", k->buf.at[i].name);
	str_addc(out, '\n');
	print_buffers(&p);
	print_block(&p, k->body);
	str_add(out, "}\n\n");
	arena_free(a);
}
