/* codegen/sched/vector.c - vectorisation of an independent loop.

   Values that are the same for all iterations stay scalar; the others become vectors.  An i64 value that varies also
   keeps a scalar twin, its value in lane 0: the address of a consecutive load or store.  Twins that nobody uses fall
   away in sched_dce. */
#include "codegen/sched/sched.h"

#include "ir/base/check.h"

typedef struct Vector {
	Kernel *k;
	KBuild  b;
	const KOp *loop;
	int     lanes;
	KOp    *mask;            /* lanes in range, or NULL: all */
	Map     wide;            /* varying value -> vector */
	Map     scalar;          /* any value -> scalar (uniform: the value; varying i64: lane 0) */
	bool   *private_buf;
	int    *private_as;      /* the buffer that holds all lanes */
	KOp    *turned[64];      /* the columns of a tile of turned loads, */
	int     nturned;         /* and how many of them have found their load */
	Map     pair;            /* load or store -> the one that makes it consecutive */
	Map     held;            /* the first store of a pair -> its value */
} Vector;

/* What can be done, before anything is. */

static bool index_ok(Vector *v, const KOp *x, int *stride)
{
	KOp *coef;
	int64_t c;

	*stride = -1;
	if (!is_varying(v->k, x->arg[0])) {
		*stride = 0;
		return true;
	}
	KBuild at_end = { v->k, v->loop->body[0], NULL };
	if (kop_affine(&at_end, x->arg[0], v->loop, &coef) && kop_const(coef, &c) && c == 1)
		*stride = 1;
	return true;
}

static bool can(Vector *v, const KBlock *b)
{
	int stride;

	for (const KOp *x = b->first; x; x = x->next) {
		bool varies = is_varying(v->k, x);

		if (x->type.lanes != 1)
			return false;
		switch (x->kind) {
		case K_CONST: case K_PARAM: case K_TASK: case K_OP: case K_GET: case K_VAR:
			break;
		case K_LOAD:
			if (!index_ok(v, x, &stride))
				return false;
			break;
		case K_STORE:
			index_ok(v, x, &stride);
			if (stride == 0 && !v->private_buf[x->buf] && varies)
				return false;
			if (x->nargs > 2 && stride == 0)
				return false;
			break;
		case K_SET: {
			/* A variable from outside of the loop would carry something from one iteration to the next. */
			bool inside = false;
			for (const KBlock *blk = x->arg[0]->block; blk && blk->parent; blk = blk->parent->block)
				inside = inside || blk->parent == v->loop;
			if (!inside)
				return false;
			break;
		}
		case K_FOR:
			if (is_varying(v->k, x->arg[0]) || is_varying(v->k, x->arg[1]))
				return false;
			break;
		case K_IF:
			if (varies)
				return false;
			break;
		case K_WHILE:
			if (!x->body[0]->last || is_varying(v->k, x->body[0]->last))
				return false;
			break;
		default:
			return false;
		}
		for (int i = 0; i < 2 && x->body[i]; i++)
			if (!can(v, x->body[i]))
				return false;
	}
	return true;
}

/* Doing it. */

static KOp *scalar_of(Vector *v, KOp *x)
{
	KOp *s = map_get(&v->scalar, x);

	return s ? s : x;
}

static KOp *wide_of(Vector *v, KOp *x)
{
	KOp *w = map_get(&v->wide, x);

	return w ? w : kb_splat(&v->b, scalar_of(v, x), v->lanes);
}

static KOp *mask_of(Vector *v, KOp *own)
{
	KOp *m = own ? wide_of(v, own) : NULL;

	return !m ? v->mask : v->mask ? kb_op(&v->b, SC_and, m, v->mask, NULL) : m;
}

/* The position of a varying access: the scalar of lane 0 when it is consecutive, else all lanes'. */
static KOp *address(Vector *v, const KOp *x)
{
	int stride;

	index_ok(v, x, &stride);
	return stride == 1 ? scalar_of(v, x->arg[0]) : wide_of(v, x->arg[0]);
}

static KOp *private_index(Vector *v, const KOp *x)
{
	return kb_mul(&v->b, scalar_of(v, x->arg[0]), kb_int(&v->b, v->lanes));
}

/* A factor of an index, which may have been computed just now, at the end of the loop that goes away. */
static KOp *brought(Vector *v, KOp *x)
{
	if (x->block != v->loop->body[0] || map_has(&v->scalar, x))
		return scalar_of(v, x);
	CHECK(x->kind == K_OP && x->nargs == 2, "a distance is not computed from others");
	return kb_op(&v->b, x->op, brought(v, x->arg[0]), brought(v, x->arg[1]), NULL);
}

/* As many loads as there are lanes, that of each row of a tile, follow each other; the first brings the tile.  With n
   vectors v[0 .. n) of n lanes, zipping v[i] with v[i + n/2] into v[2 i] and v[2 i + 1] rotates the bits of all positions
   by one: after log2 n times rows are columns. */
static KOp *turned_load(Vector *v, KOp *x)
{
	KBuild *b = &v->b;
	KBuild at_end = { v->k, v->loop->body[0], NULL };
	KOp *coef, *next[64];
	int n = v->lanes;

	if (v->nturned == n)
		v->nturned = 0;
	if (v->nturned++ > 0)
		return v->turned[v->nturned - 1];
	CHECK(kop_affine(&at_end, x->arg[0], v->loop, &coef), "a turned load at no regular distance");
	KOp *at = scalar_of(v, x->arg[0]), *apart = brought(v, coef);
	for (int i = 0; i < n; i++)
		v->turned[i] = kb_load(b, x->buf, kb_add(b, at, kb_mul(b, apart, kb_int(b, i))), n);
	for (int level = 1; level < n; level *= 2) {
		for (int i = 0; i < n; i++)
			next[i] = kb_zip(b, v->turned[i / 2], v->turned[i / 2 + n / 2], i % 2);
		memcpy(v->turned, next, sizeof *next * (size_t)n);
	}
	return v->turned[0];
}

/* Where the lower one of a pair of accesses goes; x_first: it is x. */
static KOp *pair_address(Vector *v, KOp *x, const KOp *other, bool *x_first)
{
	int64_t by;

	CHECK(kop_apart(x->arg[0], other->arg[0], &by), "a pair at no known distance");
	*x_first = by > 0;
	KOp *at = scalar_of(v, x->arg[0]);
	return by > 0 ? at : kb_sub(&v->b, at, kb_int(&v->b, 1));
}

static void paired_load(Vector *v, KOp *x, KOp *other)
{
	KBuild *b = &v->b;
	bool first;

	if (map_has(&v->wide, x))
		return;
	KOp *at = pair_address(v, x, other, &first);
	KOp *low = kb_load(b, x->buf, at, v->lanes), *high = kb_load(b, x->buf, kb_add(b, at, kb_int(b, v->lanes)), v->lanes);
	low->flags = high->flags = x->flags;
	map_set(&v->wide, first ? x : other, kb_unzip(b, low, high, 0));
	map_set(&v->wide, first ? other : x, kb_unzip(b, low, high, 1));
}

static void paired_store(Vector *v, KOp *x, KOp *other)
{
	KBuild *b = &v->b;
	KOp *mine = wide_of(v, x->arg[1]), *theirs = map_get(&v->held, other);
	bool first;

	if (!theirs) {
		map_set(&v->held, x, mine);
		return;
	}
	KOp *at = pair_address(v, x, other, &first), *even = first ? mine : theirs, *odd = first ? theirs : mine;
	KOp *low = kb_zip(b, even, odd, 0), *high = kb_zip(b, even, odd, 1);
	kb_store(b, x->buf, at, low, NULL)->flags = x->flags;
	kb_store(b, x->buf, kb_add(b, at, kb_int(b, v->lanes)), high, NULL)->flags = x->flags;
}

static void vector_load(Vector *v, KOp *x)
{
	KOp *other = v->mask ? NULL : map_get(&v->pair, x);

	if (other) {
		paired_load(v, x, other);
		return;
	}
	if (x->flags & KF_TURNED && !v->mask) {
		map_set(&v->wide, x, turned_load(v, x));
		return;
	}
	if (v->private_buf[x->buf] && !is_varying(v->k, x->arg[0])) {
		map_set(&v->wide, x, kb_load(&v->b, v->private_as[x->buf], private_index(v, x), v->lanes));
		return;
	}
	KOp *mask = mask_of(v, x->nargs > 1 ? x->arg[1] : NULL);
	KOp *at = is_varying(v->k, x->arg[0]) ? address(v, x) : kb_splat(&v->b, scalar_of(v, x->arg[0]), v->lanes);
	KOp *r = kb_load_masked(&v->b, x->buf, at, v->lanes, mask, x->bits);
	r->flags = x->flags & ~(unsigned)KF_TURNED;
	map_set(&v->wide, x, r);
}

static void vector_store(Vector *v, KOp *x)
{
	KOp *other = v->mask ? NULL : map_get(&v->pair, x);

	if (other) {
		paired_store(v, x, other);
		return;
	}
	KOp *value = wide_of(v, x->arg[1]);
	if (v->private_buf[x->buf] && !is_varying(v->k, x->arg[0])) {
		kb_store(&v->b, v->private_as[x->buf], private_index(v, x), value, NULL);
		return;
	}
	KOp *s = kb_store(&v->b, x->buf, address(v, x), value, mask_of(v, x->nargs > 2 ? x->arg[2] : NULL));
	s->flags = x->flags;
}

static void emit_block(Vector *v, const KBlock *b);

static void emit_bodies(Vector *v, KOp *x, KOp *copy)
{
	KBuild outer = v->b;

	for (int i = 0; i < 2 && x->body[i]; i++) {
		copy->body[i] = ARENA_NEW(v->k->arena, KBlock);
		copy->body[i]->parent = copy;
		v->b = (KBuild){ v->k, copy->body[i], NULL };
		emit_block(v, x->body[i]);
	}
	v->b = outer;
}

/* A scalar copy; operands are the scalars. */
static KOp *copy_scalar(Vector *v, KOp *x)
{
	KOp *body[2] = { NULL, NULL };
	KBlock *keep[2] = { x->body[0], x->body[1] };

	(void)body;
	x->body[0] = x->body[1] = NULL;    /* kop_clone would copy the bodies as they are */
	KOp *c = kop_clone(&v->b, x, &v->scalar);
	x->body[0] = keep[0];
	x->body[1] = keep[1];
	return c;
}

static bool has_scalar_args(Vector *v, const KOp *x)
{
	for (int i = 0; i < x->nargs; i++)
		if (is_varying(v->k, x->arg[i]) && !map_get(&v->scalar, x->arg[i]))
			return false;
	return true;
}

static void emit_varying(Vector *v, KOp *x)
{
	KOp *arg[3] = { NULL, NULL, NULL };

	switch (x->kind) {
	case K_OP:
		for (int i = 0; i < x->nargs; i++)
			arg[i] = wide_of(v, x->arg[i]);
		map_set(&v->wide, x, scalar_info[x->op].result == SCR_CAST ? kb_cast(&v->b, x->op, x->type.dtype, arg[0])
		                                                          : kb_op(&v->b, x->op, arg[0], arg[1], arg[2]));
		if (x->type.dtype == DT_I64 && has_scalar_args(v, x))
			copy_scalar(v, x);
		return;
	case K_LOAD:
		vector_load(v, x);
		return;
	case K_STORE:
		vector_store(v, x);
		return;
	case K_VAR:
		map_set(&v->wide, x, kb_var(&v->b, wide_of(v, x->arg[0])));
		return;
	case K_GET:
		map_set(&v->wide, x, kb_get(&v->b, map_get(&v->wide, x->arg[0])));
		return;
	case K_SET:
		kb_set(&v->b, map_get(&v->wide, x->arg[0]), wide_of(v, x->arg[1]));
		return;
	default:
		UNREACHABLE("vectorise: kind %d", x->kind);
	}
}

static void emit_block(Vector *v, const KBlock *b)
{
	for (KOp *x = b->first; x; x = x->next) {
		bool store_private = x->kind == K_STORE && v->private_buf[x->buf];
		if (is_varying(v->k, x) || store_private) {
			emit_varying(v, x);
		} else {
			KOp *c = copy_scalar(v, x);
			if (x->body[0])
				emit_bodies(v, x, c);
		}
	}
}

/* One vector body for the iterations iv ... iv + lanes - 1. */
static void emit_body(Vector *v, KOp *iv, KOp *mask_end)
{
	Arena *a = v->k->arena;

	map_init(&v->wide, a);
	map_init(&v->scalar, a);
	map_init(&v->held, a);
	KOp *ramp = kb_ramp(&v->b, iv, v->lanes);
	map_set(&v->wide, v->loop, ramp);
	map_set(&v->scalar, v->loop, iv);
	v->mask = mask_end ? kb_op(&v->b, SC_lt, ramp, kb_splat(&v->b, mask_end, v->lanes), NULL) : NULL;
	emit_block(v, v->loop->body[0]);
	v->mask = NULL;
}

static void make_private(Vector *v)
{
	Kernel *k = v->k;
	int n = k->buf.n;

	v->private_as = ARENA_ARRAY(k->arena, int, n + 1);
	for (int i = 0; i < n; i++) {
		if (!v->private_buf[i])
			continue;
		KBuf wide = k->buf.at[i];
		wide.name = arena_printf(k->arena, "%s_x%d_%d", wide.name, v->lanes, k->buf.n);
		wide.size = dim_mul(k->dims, wide.size, dim_const(k->dims, v->lanes));
		v->private_as[i] = kernel_add_buf(k, wide);
	}
}

bool sched_vectorize(Kernel *k, KOp *loop, int lanes, unsigned how)
{
	bool masked_tail = how & VEC_MASKED_TAIL;
	Vector v = { .k = k, .loop = loop, .lanes = lanes };
	int64_t lo, hi, count = -1;

	v.private_buf = ARENA_ARRAY(k->arena, bool, k->buf.n + 1);
	if (!loop_is_independent(loop) || loop->imm != 1 || lanes < 2 || !loop_varying(k, loop, v.private_buf) ||
	    !can(&v, loop->body[0]))
		return false;
	if (kop_const(loop->arg[0], &lo) && kop_const(loop->arg[1], &hi))
		count = hi > lo ? hi - lo : 0;
	if (count >= 0 && count < lanes && !masked_tail)
		return false;
	map_init(&v.pair, k->arena);
	if (how & VEC_SHUFFLES)
		sched_find_pairs(k, loop, &v.pair);
	make_private(&v);
	v.b = (KBuild){ k, loop->block, loop };
	KOp *l = kb_int(&v.b, lanes), *from = loop->arg[0], *to = loop->arg[1], *mid;
	if (count >= 0)
		mid = kb_int(&v.b, lo + count / lanes * lanes);
	else
		mid = kb_add(&v.b, from, kb_mul(&v.b, kb_op(&v.b, SC_div, kb_sub(&v.b, to, from), l, NULL), l));
	if (count == lanes) {
		emit_body(&v, from, NULL);
	} else if (count < 0 || count > lanes) {
		KOp *main = kb_for(&v.b, from, mid, lanes, loop->role);
		emit_body(&v, main, NULL);
		kb_end(&v.b);
	}
	bool rest = count < 0 || count % lanes != 0;
	if (rest && masked_tail) {
		if (count < 0)
			kb_if(&v.b, kb_op(&v.b, SC_lt, mid, to, NULL));
		emit_body(&v, mid, to);
		if (count < 0)
			kb_end(&v.b);
	}
	if (rest && !masked_tail)
		loop->arg[0] = mid;
	else
		kop_erase(loop);
	return true;
}
