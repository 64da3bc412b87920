/* codegen/lower/tree.c - the tree of a reduction (order = tree): lanes, blocks of 256, adjacent pairs.

   A row is cut into blocks of ORDER_BLOCK elements; lane j of a block accumulates the elements j, j + 16, ...
   ascending; lanes combine by halving; the blocks' results combine as adjacent pairs, level by level.  An absent lane
   holds the neutral element, which leaves every partner's bits alone. */
#include "codegen/lower/lower.h"

#include "ir/base/check.h"

enum { TREE_MAX = 33, SMALL_MAX = 16, STACK_LEVELS = 56 };

/* Up to SMALL_MAX partial results are kept and combined by straight-line code.  More go through a stack, one
   entry a level: pushing number i (from 0) combines with as many levels as i has trailing one bits, which are just
   the pairs that become complete. */
struct Tree {
	int       n;
	int64_t   count;
	int       buf[TREE_MAX];
	KOp      *single[TREE_MAX];
	CombineFn combine;
	void     *arg;
};

static int local_buf(Emit *e, const char *stem, DType t, int64_t size)
{
	Kernel *k = e->b.k;
	KBuf buf = { arena_printf(k->arena, "%s%d", stem, k->buf.n), t, KB_LOCAL, dim_const(e->ctx->dims, size), 64 };

	return kernel_add_buf(k, buf);
}

Tree *tree_begin(Emit *e, int n, const DType *type, int64_t count, CombineFn combine, void *arg)
{
	Tree *t = ARENA_NEW(e->scratch, Tree);

	CHECK(n <= TREE_MAX, "reduce: %d operands", n);
	t->n = n;
	t->count = count;
	t->combine = combine;
	t->arg = arg;
	for (int i = 0; i < n && count != 1; i++)
		t->buf[i] = local_buf(e, "part", type[i], count > 0 && count <= SMALL_MAX ? count : STACK_LEVELS);
	return t;
}

static void load_parts(Emit *e, const Tree *t, KOp *at, KOp **out)
{
	for (int i = 0; i < t->n; i++)
		out[i] = kb_load(&e->b, t->buf[i], at, 1);
}

static void store_parts(Emit *e, const Tree *t, KOp *at, KOp *const *value)
{
	for (int i = 0; i < t->n; i++)
		kb_store(&e->b, t->buf[i], at, value[i], NULL);
}

static void get_vars(Emit *e, int n, KOp *const *var, KOp **out)
{
	for (int i = 0; i < n; i++)
		out[i] = kb_get(&e->b, var[i]);
}

static void set_vars(Emit *e, int n, KOp *const *var, KOp *const *value)
{
	for (int i = 0; i < n; i++)
		kb_set(&e->b, var[i], value[i]);
}

void tree_push(Emit *e, Tree *t, KOp *index, KOp *const *value)
{
	KBuild *b = &e->b;
	KOp *cur[TREE_MAX], *now[TREE_MAX], *part[TREE_MAX], *one = kb_int(b, 1);

	if (t->count == 1) {
		for (int i = 0; i < t->n; i++)
			t->single[i] = value[i];
		return;
	}
	if (t->count > 0 && t->count <= SMALL_MAX) {
		store_parts(e, t, index, value);
		return;
	}
	for (int i = 0; i < t->n; i++)
		cur[i] = kb_var(b, value[i]);
	KOp *bits = kb_var(b, index), *level = kb_var(b, kb_int(b, 0));
	kb_while(b);
	KOp *odd = kb_op(b, SC_and, kb_get(b, bits), one, NULL);
	kb_do(b, kb_op(b, SC_ne, odd, kb_int(b, 0), NULL));
	get_vars(e, t->n, cur, now);
	load_parts(e, t, kb_get(b, level), part);
	t->combine(e, t->arg, part, now, now);
	set_vars(e, t->n, cur, now);
	kb_set(b, bits, kb_op(b, SC_shr_l, kb_get(b, bits), one, NULL));
	kb_set(b, level, kb_op(b, SC_add, kb_get(b, level), one, NULL));
	kb_end(b);
	get_vars(e, t->n, cur, now);
	store_parts(e, t, kb_get(b, level), now);
}

/* Adjacent pairs by straight-line code; the odd one is carried up. */
static void finish_small(Emit *e, const Tree *t, KOp **out)
{
	KOp *part[SMALL_MAX][TREE_MAX];
	int n = (int)t->count;

	for (int i = 0; i < n; i++)
		load_parts(e, t, kb_int(&e->b, i), part[i]);
	for (; n > 1; n = (n + 1) / 2) {
		for (int i = 0; i + 1 < n; i += 2)
			t->combine(e, t->arg, part[i], part[i + 1], part[i / 2]);
		if (n % 2)
			memcpy(part[n / 2], part[n - 1], sizeof part[0]);
	}
	for (int i = 0; i < t->n; i++)
		out[i] = part[0][i];
}

void tree_finish(Emit *e, Tree *t, KOp *n, KOp *const *absent, KOp **out)
{
	KBuild *b = &e->b;
	KOp *cur[TREE_MAX], *now[TREE_MAX], *part[TREE_MAX], *one = kb_int(b, 1), *zero = kb_int(b, 0);

	if (t->count == 1) {
		for (int i = 0; i < t->n; i++)
			out[i] = t->single[i];
		return;
	}
	if (t->count > 0 && t->count <= SMALL_MAX) {
		finish_small(e, t, out);
		return;
	}
	/* What is left on the stack are the set bits of n: combine them from the lowest up.  The first of them meets the
	   neutral element. */
	for (int i = 0; i < t->n; i++)
		cur[i] = kb_var(b, absent[i]);
	KOp *bits = kb_var(b, n), *level = kb_var(b, zero), *have = kb_var(b, kb_const(b, DT_BOOL, 0));
	kb_while(b);
	kb_do(b, kb_op(b, SC_ne, kb_get(b, bits), zero, NULL));
	KOp *odd = kb_op(b, SC_and, kb_get(b, bits), one, NULL);
	kb_if(b, kb_op(b, SC_ne, odd, zero, NULL));
	load_parts(e, t, kb_get(b, level), part);
	kb_if(b, kb_get(b, have));
	get_vars(e, t->n, cur, now);
	t->combine(e, t->arg, part, now, now);
	set_vars(e, t->n, cur, now);
	kb_else(b);
	set_vars(e, t->n, cur, part);
	kb_end(b);
	kb_set(b, have, kb_const(b, DT_BOOL, 1));
	kb_end(b);
	kb_set(b, bits, kb_op(b, SC_shr_l, kb_get(b, bits), one, NULL));
	kb_set(b, level, kb_op(b, SC_add, kb_get(b, level), one, NULL));
	kb_end(b);
	get_vars(e, t->n, cur, out);
}

/* One element for lane j under a mask: where it is false the accumulator stays. */
static void element_masked(Emit *e, const RowSpec *row, KOp *mask, KOp *position, KOp *const *acc, KOp **out)
{
	KOp *old = e->mask;

	e->mask = emit_mask_and(e, mask);
	row->element(e, row->arg, position, acc, out);
	e->mask = old;
	for (int i = 0; i < row->n; i++)
		out[i] = kb_op(&e->b, SC_select, mask, out[i], acc[i]);
}

static KOp *lane_start(Emit *e, const RowSpec *row, int i, KOp *j, KOp *whole, KOp *rest)
{
	KBuild *b = &e->b;
	int64_t c;

	if (!row->start)
		return row->absent[i];
	if (kop_const(whole, &c) && c > 0)
		return row->start;
	KOp *some = kb_op(b, SC_or, kb_op(b, SC_lt, kb_int(b, 0), whole, NULL), kb_op(b, SC_lt, j, rest, NULL), NULL);
	return kb_op(b, SC_select, some, row->start, row->absent[i]);
}

/* One block: `len` elements from start on; whole = len / 16 as a number of steps, rest = len % 16. */
static void emit_block(Emit *e, const RowSpec *row, KOp *start, KOp *whole, KOp *rest, KOp **out)
{
	KBuild *b = &e->b;
	KOp *acc[TREE_MAX], *now[TREE_MAX], *other[TREE_MAX];
	int64_t c;
	int lane_buf[TREE_MAX];

	for (int i = 0; i < row->n; i++)
		lane_buf[i] = local_buf(e, "lane", row->type[i], ORDER_NLANES);
	KOp *j = kb_for(b, kb_int(b, 0), kb_int(b, ORDER_NLANES), 1, KR_LANE);
	for (int i = 0; i < row->n; i++)
		acc[i] = kb_var(b, lane_start(e, row, i, j, whole, rest));
	KOp *base = kb_add(b, start, j);
	if (!(kop_const(whole, &c) && c == 0)) {
		KOp *i = kb_for(b, kb_int(b, 0), whole, 1, KR_K);
		get_vars(e, row->n, acc, now);
		row->element(e, row->arg, kb_add(b, base, kb_mul(b, i, kb_int(b, ORDER_NLANES))), now, now);
		set_vars(e, row->n, acc, now);
		kb_end(b);
	}
	if (!(kop_const(rest, &c) && c == 0)) {
		KOp *mask = kb_op(b, SC_lt, j, rest, NULL);
		get_vars(e, row->n, acc, now);
		element_masked(e, row, mask, kb_add(b, base, kb_mul(b, whole, kb_int(b, ORDER_NLANES))), now, other);
		set_vars(e, row->n, acc, other);
	}
	get_vars(e, row->n, acc, now);
	for (int i = 0; i < row->n; i++)
		kb_store(b, lane_buf[i], j, now[i], NULL);
	kb_end(b);
	for (int h = ORDER_NLANES / 2; h >= 1; h /= 2) {
		KOp *l = kb_for(b, kb_int(b, 0), kb_int(b, h), 1, KR_LANE);
		for (int i = 0; i < row->n; i++) {
			now[i] = kb_load(b, lane_buf[i], l, 1);
			other[i] = kb_load(b, lane_buf[i], kb_add(b, l, kb_int(b, h)), 1);
		}
		row->combine(e, row->arg, now, other, now);
		for (int i = 0; i < row->n; i++)
			kb_store(b, lane_buf[i], l, now[i], NULL);
		kb_end(b);
	}
	for (int i = 0; i < row->n; i++)
		out[i] = kb_load(b, lane_buf[i], kb_int(b, 0), 1);
}

/* `full` whole blocks from number `first` on, in a loop of this role, and one of `rest` elements: a tree of their own. */
static void emit_blocks(Emit *e, const RowSpec *row, KOp *first, int64_t full, int64_t rest, KRole role, KOp **out)
{
	KBuild *b = &e->b;
	KOp *lanes = kb_int(b, ORDER_NLANES), *block = kb_int(b, ORDER_BLOCK), *none = kb_int(b, 0), *part[TREE_MAX];
	int64_t n = full + (rest > 0);
	Tree *t = tree_begin(e, row->n, row->type, n, row->combine, row->arg);

	if (n == 1 && full == 1) {
		emit_block(e, row, kb_mul(b, first, block), lanes, none, part);
		tree_push(e, t, none, part);
	} else if (full > 0) {
		KOp *i = kb_for(b, none, kb_int(b, full), 1, role);
		emit_block(e, row, kb_mul(b, kb_add(b, first, i), block), lanes, none, part);
		tree_push(e, t, i, part);
		kb_end(b);
	}
	if (rest > 0) {
		KOp *last = kb_int(b, full);
		emit_block(e, row, kb_mul(b, kb_add(b, first, last), block), kb_int(b, rest / ORDER_NLANES), kb_int(b, rest % ORDER_NLANES), part);
		tree_push(e, t, last, part);
	}
	tree_finish(e, t, kb_int(b, n), row->absent, out);
}

/* A row of a known length.  A long one is cut into as many subtrees as the small form of Tree can hold, of a power of two
   blocks, so that they are subtrees of the whole: they do not wait for each other, and lie far apart, so that those that run
   together are streams from memory. */
static void emit_known_row(Emit *e, const RowSpec *row, int64_t count, KOp **out)
{
	KBuild *b = &e->b;
	int64_t full = count / ORDER_BLOCK, rest = count % ORDER_BLOCK, n = full + (rest > 0), chunk = 1;
	KOp *part[TREE_MAX];

	while (n > chunk * SMALL_MAX)
		chunk *= 2;
	if (chunk == 1) {
		emit_blocks(e, row, kb_int(b, 0), full, rest, KR_BLOCK, out);
		return;
	}
	int64_t nchunks = full / chunk;
	bool more = full % chunk + rest > 0;
	Tree *t = tree_begin(e, row->n, row->type, nchunks + more, row->combine, row->arg);
	KOp *i = kb_for(b, kb_int(b, 0), kb_int(b, nchunks), 1, KR_BLOCK);
	emit_blocks(e, row, kb_mul(b, i, kb_int(b, chunk)), chunk, 0, KR_SERIAL, part);
	tree_push(e, t, i, part);
	kb_end(b);
	if (more) {
		emit_blocks(e, row, kb_int(b, nchunks * chunk), full % chunk, rest, KR_SERIAL, part);
		tree_push(e, t, kb_int(b, nchunks), part);
	}
	tree_finish(e, t, NULL, row->absent, out);
}

void emit_row(Emit *e, const RowSpec *row, KOp **out)
{
	KBuild *b = &e->b;
	KOp *part[TREE_MAX];

	if (dim_is(row->count, 0)) {
		for (int i = 0; i < row->n; i++)
			out[i] = row->absent[i];
		return;
	}
	if (dim_is_const(row->count)) {
		emit_known_row(e, row, row->count->value, out);
		return;
	}
	KOp *n = kb_dim(b, row->count), *lanes = kb_int(b, ORDER_NLANES), *block = kb_int(b, ORDER_BLOCK), *zero = kb_int(b, 0);
	KOp *full = kb_floordiv(b, n, block), *tail = kb_mod(b, n, block);
	Tree *t = tree_begin(e, row->n, row->type, -1, row->combine, row->arg);
	KOp *i = kb_for(b, zero, full, 1, KR_SERIAL);
	emit_block(e, row, kb_mul(b, i, block), lanes, zero, part);
	tree_push(e, t, i, part);
	kb_end(b);
	kb_if(b, kb_op(b, SC_lt, zero, tail, NULL));
	KOp *whole = kb_op(b, SC_div, tail, lanes, NULL), *rest = kb_op(b, SC_rem, tail, lanes, NULL);
	emit_block(e, row, kb_mul(b, full, block), whole, rest, part);
	tree_push(e, t, full, part);
	kb_end(b);
	KOp *total = kb_op(b, SC_div, kb_add(b, n, kb_int(b, ORDER_BLOCK - 1)), block, NULL);
	tree_finish(e, t, total, row->absent, out);
}
