/* ir/kernel_print.c - the text form of loop IR, and structural equality through it. */
#include <inttypes.h>

#include "ir/base/check.h"
#include "ir/base/num.h"
#include "ir/kernel_text.h"

const char *const kernel_role_name[KR_COUNT] = {
	[KR_SERIAL] = "serial", [KR_K] = "k", [KR_BATCH] = "batch", [KR_M] = "m", [KR_PANEL] = "panel",
	[KR_N] = "n", [KR_LANE] = "lane", [KR_BLOCK] = "block",
};
const char *const kernel_buf_name[KB_COUNT] = {
	[KB_IN] = "in", [KB_OUT] = "out", [KB_INOUT] = "inout", [KB_LOCAL] = "local", [KB_SCRATCH] = "scratch",
};

static void print_type(Str *out, KType t)
{
	if (t.lanes > 1)
		str_printf(out, "<%d x %s>", t.lanes, dtype_info[t.dtype].name);
	else
		str_add(out, dtype_info[t.dtype].name);
}

/* Floats print as shortest decimals, all else as integers; NaNs by their bits. */
static void print_bits(Str *out, DType t, uint64_t bits)
{
	char buf[40];
	bool nan = (t == DT_F32 && f32_of_bits((uint32_t)bits) != f32_of_bits((uint32_t)bits)) ||
	           (t == DT_F64 && f64_of_bits(bits) != f64_of_bits(bits));

	if (nan || dtype_format(t)) {
		str_printf(out, "0x%" PRIx64, bits);
	} else if (t == DT_F32) {
		f32_print(buf, f32_of_bits((uint32_t)bits));
		str_add(out, buf);
	} else if (t == DT_F64) {
		f64_print(buf, f64_of_bits(bits));
		str_add(out, buf);
	} else if (dtype_info[t].kind == DK_INT) {
		int w = dtype_info[t].bits;
		str_printf(out, "%" PRId64, (int64_t)(bits << (64 - w)) >> (64 - w));
	} else {
		str_printf(out, "%" PRIu64, bits);
	}
}

static int number(const KBlock *b, int next)
{
	for (KOp *x = b->first; x; x = x->next) {
		bool value = x->kind != K_SET && x->kind != K_STORE && x->kind != K_IF && x->kind != K_WHILE &&
		             x->kind != K_PREFETCH;
		if (value)
			x->id = next++;
		for (int i = 0; i < 2 && x->body[i]; i++)
			next = number(x->body[i], next);
	}
	return next;
}

static void print_block(const Kernel *k, const KBlock *b, int depth, Str *out);

static void indent(Str *out, int depth)
{
	for (int i = 0; i < depth; i++)
		str_add(out, "  ");
}

static void print_args(Str *out, const KOp *x, int from)
{
	for (int i = from; i < x->nargs; i++)
		str_printf(out, "%s%%%d", i > from ? ", " : " ", x->arg[i]->id);
}

static void print_flags(Str *out, const KOp *x)
{
	if (x->flags & KF_NONTEMPORAL)
		str_add(out, " nontemporal");
	if (x->flags & KF_UNROLL)
		str_add(out, " unroll");
	if (x->flags & KF_ALIGNED)
		str_add(out, " aligned");
}

static void print_value(const Kernel *k, const KOp *x, Str *out)
{
	str_printf(out, "%%%d = ", x->id);
	switch (x->kind) {
	case K_CONST:
		str_add(out, "const ");
		print_type(out, x->type);
		str_addc(out, ' ');
		print_bits(out, x->type.dtype, x->bits);
		return;
	case K_PARAM:
		str_printf(out, "param %" PRId64, x->imm);
		return;
	case K_TASK:
		str_add(out, "task");
		return;
	case K_OP:
		str_printf(out, "%s ", scalar_info[x->op].name);
		break;
	case K_LOAD:
		str_add(out, "load ");
		print_type(out, x->type);
		str_printf(out, " %s[%%%d]", k->buf.at[x->buf].name, x->arg[0]->id);
		if (x->nargs > 1) {
			str_printf(out, " mask %%%d else ", x->arg[1]->id);
			print_bits(out, x->type.dtype, x->bits);
		}
		print_flags(out, x);
		return;
	case K_SPLAT: str_add(out, "splat "); break;
	case K_RAMP: str_add(out, "ramp "); break;
	case K_HALF: str_printf(out, "half %" PRId64 " ", x->imm); break;
	case K_LANE: str_printf(out, "lane %" PRId64 " ", x->imm); break;
	case K_JOIN: str_add(out, "join "); break;
	case K_ZIP: str_printf(out, "zip %" PRId64 " ", x->imm); break;
	case K_UNZIP: str_printf(out, "unzip %" PRId64 " ", x->imm); break;
	case K_GET: str_add(out, "get "); break;
	case K_VAR: str_add(out, "var "); break;
	default: UNREACHABLE("kind %d is no value", x->kind);
	}
	print_type(out, x->type);
	print_args(out, x, 0);
}

static void print_op(const Kernel *k, const KOp *x, int depth, Str *out)
{
	indent(out, depth);
	switch (x->kind) {
	case K_SET:
		str_printf(out, "set %%%d = %%%d", x->arg[0]->id, x->arg[1]->id);
		break;
	case K_STORE:
		str_printf(out, "store ");
		print_type(out, x->arg[1]->type);
		str_printf(out, " %s[%%%d] = %%%d", k->buf.at[x->buf].name, x->arg[0]->id, x->arg[1]->id);
		if (x->nargs > 2)
			str_printf(out, " mask %%%d", x->arg[2]->id);
		print_flags(out, x);
		break;
	case K_PREFETCH:
		str_printf(out, "prefetch %" PRId64 " %s[%%%d]", x->imm, k->buf.at[x->buf].name, x->arg[0]->id);
		break;
	case K_FOR:
		str_printf(out, "for %%%d = %%%d to %%%d step %" PRId64 " %s", x->id, x->arg[0]->id, x->arg[1]->id,
		           x->imm, kernel_role_name[x->role]);
		print_flags(out, x);
		str_add(out, " {\n");
		print_block(k, x->body[0], depth + 1, out);
		indent(out, depth);
		str_addc(out, '}');
		break;
	case K_WHILE:
		str_add(out, "while {\n");
		print_block(k, x->body[0], depth + 1, out);
		indent(out, depth);
		str_add(out, "} do {\n");
		print_block(k, x->body[1], depth + 1, out);
		indent(out, depth);
		str_addc(out, '}');
		break;
	case K_IF:
		str_printf(out, "if %%%d {\n", x->arg[0]->id);
		print_block(k, x->body[0], depth + 1, out);
		indent(out, depth);
		str_addc(out, '}');
		if (x->body[1] && x->body[1]->first) {
			str_add(out, " else {\n");
			print_block(k, x->body[1], depth + 1, out);
			indent(out, depth);
			str_addc(out, '}');
		}
		break;
	default:
		print_value(k, x, out);
	}
	str_addc(out, '\n');
}

static void print_block(const Kernel *k, const KBlock *b, int depth, Str *out)
{
	for (const KOp *x = b->first; x; x = x->next)
		print_op(k, x, depth, out);
}

/* `[N<=64] `: a kernel's text stands for itself, so it says the bounds of its symbols. */
static void print_bounds(const Kernel *k, Str *out)
{
	Dim sym[64];
	int n = 0;
	bool any = false;

	for (int i = 0; i < k->buf.n; i++)
		n = k->buf.at[i].size ? dim_symbols(k->buf.at[i].size, sym, n, 64) : n;
	for (int i = 0; i < k->param.n; i++)
		n = dim_symbols(k->param.at[i], sym, n, 64);
	n = dim_symbols(k->ntasks, sym, n, 64);
	n = k->flops ? dim_symbols(k->flops, sym, n, 64) : n;
	for (int i = 0; i < n; i++) {
		if (!dim_is_bounded(sym[i]))
			continue;
		str_add(out, any ? ", " : "[");
		dim_print_bounded(out, sym[i]);
		any = true;
	}
	str_add(out, any ? "] " : "");
}

void kernel_print(const Kernel *k, Str *out)
{
	kernel_print_labelled(k, NULL, out);
}

void kernel_print_labelled(const Kernel *k, const char *label, Str *out)
{
	number(k->body, 0);
	str_add(out, "kernel ");
	if (label) {
		str_addc(out, '@');
		name_print(out, label);
		str_addc(out, ' ');
	}
	string_print(out, k->name);
	str_addc(out, ' ');
	print_bounds(k, out);
	str_addc(out, '(');
	for (int i = 0; i < k->buf.n; i++) {
		const KBuf *b = &k->buf.at[i];
		str_printf(out, "%s%s: %s %s align %d", i ? ", " : "", b->name, kernel_buf_name[b->kind],
		           dtype_info[b->dtype].name, b->align);
		if (b->size) {
			str_add(out, " size ");
			dim_print(out, b->size);
		}
	}
	str_add(out, ")");
	for (int i = 0; i < k->param.n; i++) {
		str_add(out, i ? ", " : " params (");
		dim_print(out, k->param.at[i]);
	}
	if (k->param.n)
		str_addc(out, ')');
	if (!dim_is(k->ntasks, 1)) {
		str_add(out, " tasks ");
		dim_print(out, k->ntasks);
	}
	if (k->flops) {
		str_add(out, " flops ");
		dim_print(out, k->flops);
	}
	str_add(out, " {\n");
	print_block(k, k->body, 1, out);
	str_add(out, "}\n");
}

static bool blocks_equal(const KBlock *a, const KBlock *b)
{
	const KOp *x = a ? a->first : NULL, *y = b ? b->first : NULL;

	for (; x && y; x = x->next, y = y->next) {
		if (x->kind != y->kind || x->op != y->op || x->type.dtype != y->type.dtype ||
		    x->type.lanes != y->type.lanes || x->role != y->role || x->flags != y->flags ||
		    x->nargs != y->nargs || x->buf != y->buf || x->imm != y->imm || x->bits != y->bits || x->id != y->id)
			return false;
		for (int i = 0; i < x->nargs; i++)
			if (x->arg[i]->id != y->arg[i]->id)
				return false;
		for (int i = 0; i < 2; i++)
			if (!blocks_equal(x->body[i], y->body[i]))
				return false;
	}
	return !x && !y;
}

bool kernel_equal(const Kernel *a, const Kernel *b)
{
	if (a->buf.n != b->buf.n || a->param.n != b->param.n || a->ntasks != b->ntasks || a->nparams != b->nparams ||
	    a->flops != b->flops)
		return false;
	for (int i = 0; i < a->buf.n; i++) {
		const KBuf *x = &a->buf.at[i], *y = &b->buf.at[i];
		if (x->dtype != y->dtype || x->kind != y->kind || x->size != y->size || x->align != y->align)
			return false;
	}
	for (int i = 0; i < a->param.n; i++)
		if (a->param.at[i] != b->param.at[i])
			return false;
	number(a->body, 0);
	number(b->body, 0);
	return blocks_equal(a->body, b->body);
}

static uint64_t hash_block(const KBlock *b, uint64_t h)
{
	for (const KOp *x = b ? b->first : NULL; x; x = x->next) {
		h = hash_mix(h, (uint64_t)x->kind << 32 | (uint64_t)x->op << 16 | x->type.dtype << 8 | x->type.lanes);
		h = hash_mix(h, (uint64_t)x->imm ^ x->bits * 31);
		for (int i = 0; i < x->nargs; i++)
			h = hash_mix(h, (uint64_t)x->arg[i]->id);
		for (int i = 0; i < 2; i++)
			h = hash_block(x->body[i], h);
	}
	return hash_mix(h, 7);
}

uint64_t kernel_hash(const Kernel *k)
{
	number(k->body, 0);
	return hash_block(k->body, hash_mix((uint64_t)k->buf.n, (uint64_t)k->param.n));
}
