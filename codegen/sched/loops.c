/* codegen/sched/loops.c - questions about loops: independence, trip counts, what varies inside. */
#include "codegen/sched/sched.h"

bool loop_is_independent(const KOp *loop)
{
	return loop->kind == K_FOR && loop->role != KR_SERIAL && loop->role != KR_K;
}

static Dim bound_dim(const Kernel *k, const KOp *x)
{
	int64_t c;

	if (kop_const(x, &c))
		return dim_const(k->dims, c);
	return x->kind == K_PARAM ? k->param.at[x->imm] : NULL;
}

Dim loop_count(const Kernel *k, const KOp *loop)
{
	Dim lo = bound_dim(k, loop->arg[0]), hi = bound_dim(k, loop->arg[1]);

	if (!lo || !hi)
		return NULL;
	Dim n = dim_sub(k->dims, hi, lo);
	n = n && loop->imm > 1 ? dim_ceildiv(k->dims, n, dim_const(k->dims, loop->imm)) : n;
	return n;
}

typedef struct Varying {
	Kernel *k;
	bool *private_buf;
	bool changed;
} Varying;

static void mark(Varying *v, KOp *x)
{
	if (is_varying(v->k, x))
		return;
	x->mark = v->k;
	v->changed = true;
}

static bool arg_varies(const Varying *v, const KOp *x)
{
	for (int i = 0; i < x->nargs; i++)
		if (is_varying(v->k, x->arg[i]))
			return true;
	return false;
}

static void mark_block(Varying *v, const KBlock *b, bool divergent)
{
	for (KOp *x = b->first; x; x = x->next) {
		bool varies = arg_varies(v, x);

		switch (x->kind) {
		case K_LOAD:
			varies = varies || v->private_buf[x->buf];
			break;
		case K_STORE:
			/* A local buffer at a place that is the same for all iterations is theirs alone. */
			if (v->k->buf.at[x->buf].kind == KB_LOCAL && !is_varying(v->k, x->arg[0]) &&
			    (varies || divergent) && !v->private_buf[x->buf]) {
				v->private_buf[x->buf] = true;
				v->changed = true;
			}
			break;
		case K_SET:
			if (is_varying(v->k, x->arg[1]) || divergent)
				mark(v, x->arg[0]);
			break;
		default:
			break;
		}
		if (varies)
			mark(v, x);
		for (int i = 0; i < 2 && x->body[i]; i++)
			mark_block(v, x->body[i], divergent || (varies && x->kind != K_WHILE));
	}
}

static void clear(const KBlock *b)
{
	for (KOp *x = b->first; x; x = x->next) {
		x->mark = NULL;
		for (int i = 0; i < 2 && x->body[i]; i++)
			clear(x->body[i]);
	}
}

bool loop_varying(Kernel *k, const KOp *loop, bool *private_buf)
{
	Varying v = { k, private_buf, true };

	clear(k->body);
	((KOp *)loop)->mark = k;
	while (v.changed) {
		v.changed = false;
		mark_block(&v, loop->body[0], false);
	}
	return true;
}
