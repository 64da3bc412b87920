/* codegen/sched/schedule.c - which transformations a kernel gets: decided by the roles of its loops and a machine's facts. */
#include "codegen/codegen.h"
#include "codegen/sched/sched.h"

#include "ir/base/check.h"

typedef struct Tune {
	const char *name, *fallback;
	int rows, panels, narrow, streams, blocks;
	int64_t dot, loop;
} Tune;

static const Tune tune_rows[] = {
#define TUNE(name, fallback, rows, panels, narrow, streams, blocks, dot, loop) \
	{ name, fallback, rows, panels, narrow, streams, blocks, dot, loop },
#include "codegen/sched/tune.def"
};

static const Tune *tune_row(const char *name)
{
	for (size_t i = 0; i < sizeof tune_rows / sizeof *tune_rows; i++)
		if (strcmp(tune_rows[i].name, name) == 0)
			return &tune_rows[i];
	return NULL;
}

/* The row of a CPU, or of its vector width, with empty cells filled in from the rows that it falls back to. */
static Tune tune_for(const TargetFacts *f)
{
	const Tune *row = f->name ? tune_row(f->name) : NULL;

	if (!row)
		row = tune_row(f->vector_bytes >= 64 ? "vector64" : f->vector_bytes >= 32 ? "vector32" : "vector16");
	Tune t = *row;
	while (row->fallback[0]) {
		row = tune_row(row->fallback);
		CHECK(row, "tune.def: a fallback names no row");
		t.rows = t.rows ? t.rows : row->rows;
		t.panels = t.panels ? t.panels : row->panels;
		t.narrow = t.narrow ? t.narrow : row->narrow;
		t.streams = t.streams ? t.streams : row->streams;
		t.blocks = t.blocks ? t.blocks : row->blocks;
		t.dot = t.dot ? t.dot : row->dot;
		t.loop = t.loop ? t.loop : row->loop;
	}
	return t;
}

typedef struct Sched {
	Kernel *k;
	const TargetFacts *f;
	Tune tune;
	VEC(KOp *) loops;
} Sched;

static void collect(Sched *s, KBlock *b, KRole role)
{
	for (KOp *x = b->first; x; x = x->next) {
		if (x->kind == K_FOR && x->role == role)
			vec_push(s->k->arena, &s->loops, x);
		for (int i = 0; i < 2 && x->body[i]; i++)
			collect(s, x->body[i], role);
	}
}

static void find_loops(Sched *s, KRole role)
{
	s->loops.n = 0;
	collect(s, s->k->body, role);
}

static bool has_role(Sched *s, KRole role)
{
	find_loops(s, role);
	return s->loops.n > 0;
}

/* Widest and narrowest element among the values and the memory of a loop. */
static void element_sizes(const Kernel *k, const KBlock *b, int *widest, int *narrowest)
{
	for (const KOp *x = b->first; x; x = x->next) {
		bool memory = x->kind == K_LOAD || x->kind == K_STORE;
		int size = dtype_size(memory ? k->buf.at[x->buf].dtype : x->type.dtype);
		bool index = !memory && x->type.dtype == DT_I64;
		if (!index && !(x->type.dtype == DT_BOOL && !memory) && x->kind != K_FOR && x->kind != K_IF &&
		    x->kind != K_WHILE) {
			*widest = size > *widest ? size : *widest;
			if (memory)
				*narrowest = size < *narrowest ? size : *narrowest;
		}
		for (int i = 0; i < 2 && x->body[i]; i++)
			element_sizes(k, x->body[i], widest, narrowest);
	}
}

/* Sixteen lanes of 4-byte elements: one register of AVX-512, two of AVX2, four of SSE and NEON, which hide latencies. */
static int lanes_for(const Kernel *k, const KOp *loop, bool *mask)
{
	int widest = 1, narrowest = 8;

	element_sizes(k, loop->body[0], &widest, &narrowest);
	*mask = narrowest >= 4;
	return widest >= 8 ? 8 : 16;
}

static void vectorize_all(Sched *s, KRole role)
{
	find_loops(s, role);
	int n = s->loops.n;
	KOp **loop = ARENA_ARRAY(s->k->arena, KOp *, n);
	if (n)
		memcpy(loop, s->loops.at, sizeof *loop * (size_t)n);
	for (int i = n - 1; i >= 0; i--) {
		int64_t lo, hi;
		bool mask;
		int lanes = lanes_for(s->k, loop[i], &mask);
		bool number = kop_const(loop[i]->arg[0], &lo) && kop_const(loop[i]->arg[1], &hi);
		if (number && (hi - lo < lanes || role == KR_LANE))
			for (lanes = 16; lanes > 1 && lanes > hi - lo;)
				lanes /= 2;
		/* A panel of 8-byte elements is still one vector of sixteen. */
		if (number && hi - lo == 16)
			lanes = 16;
		bool masked_tail = mask && s->f->masked_memory && !(number && hi - lo < lanes);
		sched_vectorize(s->k, loop[i], lanes, (masked_tail ? VEC_MASKED_TAIL : 0) | (s->f->shuffles ? VEC_SHUFFLES : 0));
	}
}

/* Registers of the widest variable inside. */
static int accumulator_registers(const Sched *s, const KBlock *b)
{
	int most = 1;

	for (const KOp *x = b->first; x; x = x->next) {
		int n = x->kind == K_VAR ? x->type.lanes * dtype_size(x->type.dtype) / s->f->vector_bytes : 1;
		most = n > most ? n : most;
		for (int i = 0; i < 2 && x->body[i]; i++) {
			n = accumulator_registers(s, x->body[i]);
			most = n > most ? n : most;
		}
	}
	return most;
}

/* Height of a tile of so many panels: the accumulators, a vector of each panel and a broadcast fit into the registers. */
static int tile_rows(const Sched *s, const KOp *loop, int panels)
{
	int regs = accumulator_registers(s, loop->body[0]), whole = 64 / s->f->vector_bytes;
	int rows = (s->f->vector_registers - regs * panels - 1) / (regs * panels);
	int most = whole > regs ? s->tune.rows * whole / regs : s->tune.rows;

	return rows < 1 ? 1 : rows > most ? most : rows;
}

/* n rows in tiles of nearly equal height, never full ones and a remnant. */
static void jam_balanced(Kernel *k, KOp *loop, int64_t most)
{
	int64_t lo, hi;

	if (!kop_const(loop->arg[0], &lo) || !kop_const(loop->arg[1], &hi) || loop->imm != 1) {
		sched_jam(k, loop, most);
		return;
	}
	int64_t n = hi - lo, tiles = (n + most - 1) / most;
	if (n < 1)
		return;
	int64_t low = n / tiles, high_tiles = n % tiles;   /* high_tiles of low + 1 rows, the others of low */
	KOp *rest = loop;
	if (high_tiles) {
		KOp *first = sched_cut(k, loop, high_tiles * (low + 1), &rest);
		sched_jam(k, first, low + 1);
	}
	if (high_tiles < tiles)
		sched_jam(k, rest, low);
}

static bool has_inner(const KOp *loop, KRole role)
{
	for (const KOp *x = loop->body[0]->first; x; x = x->next)
		if (x->kind == K_FOR && (x->role == role || has_inner(x, role)))
			return true;
	return false;
}

/* A product has panels of columns, or, when all columns are one panel, rows around columns. */
static bool is_contraction(Sched *s)
{
	if (has_role(s, KR_PANEL))
		return true;
	find_loops(s, KR_M);
	for (int i = 0; i < s->loops.n; i++)
		if (has_inner(s->loops.at[i], KR_N))
			return true;
	return false;
}

static void contraction(Sched *s)
{
	Kernel *k = s->k;
	int64_t rows = -1;

	vectorize_all(s, KR_N);
	find_loops(s, KR_M);
	for (int i = 0; i < s->loops.n; i++) {
		int64_t lo, hi;
		if (kop_const(s->loops.at[i]->arg[0], &lo) && kop_const(s->loops.at[i]->arg[1], &hi))
			rows = hi - lo > rows ? hi - lo : rows;
		else
			rows = INT64_MAX;
	}
	bool has_m = s->loops.n > 0;
	/* With one row, several panels share the broadcast of its element and hide the latency of its chain. */
	int panels = !has_m || rows == 1 ? s->tune.narrow : rows <= 3 && s->tune.panels < 2 ? 2 : s->tune.panels;
	int n = s->loops.n;
	KOp **m = ARENA_ARRAY(k->arena, KOp *, n + 1);
	if (n)
		memcpy(m, s->loops.at, sizeof *m * (size_t)n);
	for (int i = 0; i < n; i++)
		jam_balanced(k, m[i], tile_rows(s, m[i], panels));
	find_loops(s, KR_PANEL);
	n = s->loops.n;
	KOp **p = ARENA_ARRAY(k->arena, KOp *, n + 1);
	if (n)
		memcpy(p, s->loops.at, sizeof *p * (size_t)n);
	for (int i = 0; i < n && panels > 1; i++)
		sched_jam(k, p[i], panels);
}

/* A batch loop that holds no further batch loop. */
static bool innermost_row(const KOp *loop)
{
	return !has_inner(loop, KR_BATCH);
}

static int count_ops(const KBlock *b)
{
	int n = 0;

	for (const KOp *x = b->first; x; x = x->next) {
		n += x->kind == K_OP || x->kind == K_LOAD || x->kind == K_STORE;
		for (int i = 0; i < 2 && x->body[i]; i++)
			n += count_ops(x->body[i]);
	}
	return n;
}

/* How many copies of a body are worth their code. */
static int copies(const Sched *s, const KOp *loop, int most)
{
	int n = count_ops(loop->body[0]);

	while (most > 1 && n * most > s->f->max_unroll)
		most /= 2;
	return most;
}

/* Blocks of a row run together to hide latencies, or, better, rows that lie far apart: several streams from memory.
   Rows with staging buffers in worker scratch stay alone. */
static void row_streams(Sched *s)
{
	find_loops(s, KR_BLOCK);
	bool blocks = s->loops.n > 0;
	find_loops(s, KR_BATCH);
	int n = s->loops.n;
	KOp **rows = ARENA_ARRAY(s->k->arena, KOp *, n + 1);
	if (n)
		memcpy(rows, s->loops.at, sizeof *rows * (size_t)n);
	for (int i = n - 1; blocks && i >= 0; i--)
		if (has_inner(rows[i], KR_BLOCK) && innermost_row(rows[i]) && sched_spread(s->k, rows[i], copies(s, rows[i], s->tune.streams)))
			return;
	find_loops(s, KR_BLOCK);
	n = s->loops.n;
	KOp **block = ARENA_ARRAY(s->k->arena, KOp *, n + 1);
	if (n)
		memcpy(block, s->loops.at, sizeof *block * (size_t)n);
	for (int i = 0; i < n; i++)
		sched_jam(s->k, block[i], copies(s, block[i], s->tune.blocks));
}

/* Vectors of columns that each walk down their column run together: a longer piece of every row is read at once, and the
   latency of one chain is hidden behind the others. */
static void column_streams(Sched *s)
{
	find_loops(s, KR_N);
	int n = s->loops.n;
	KOp **column = ARENA_ARRAY(s->k->arena, KOp *, n + 1);
	if (n)
		memcpy(column, s->loops.at, sizeof *column * (size_t)n);
	for (int i = 0; i < n; i++)
		if (column[i]->imm > 1 && (has_inner(column[i], KR_K) || has_inner(column[i], KR_SERIAL)))
			sched_jam(s->k, column[i], copies(s, column[i], s->tune.blocks));
}

/* Side of a tile that is turned in registers: rows of one register each, that leave half of the registers to the rest of the
   work; 1 where the machine has no such registers, or the work is too long to be written so many times. */
static int turned_side(const Sched *s)
{
	int widest = 1, narrowest = 8, side;

	element_sizes(s->k, s->k->body, &widest, &narrowest);
	side = s->f->vector_bytes / widest;
	side = side > s->f->vector_registers / 2 ? s->f->vector_registers / 2 : side < 4 ? 4 : side;
	return s->f->shuffles && count_ops(s->k->body) * side <= s->f->max_unroll ? side : 1;
}

static void collapse_all(Sched *s)
{
	for (bool again = true; again;) {
		again = false;
		find_loops(s, KR_BATCH);
		for (int i = 0; i < s->loops.n && !again; i++)
			again = sched_collapse(s->k, s->loops.at[i]);
	}
}

Kernel *kernel_schedule(Arena *a, const Kernel *k, const TargetFacts *f)
{
	Sched s = { .k = kernel_clone(a, k), .f = f, .tune = tune_for(f) };
	Diag diag;

	sched_open_loops(s.k);
	collapse_all(&s);
	bool contract = is_contraction(&s);
	int side = contract ? 1 : turned_side(&s);
	bool turned = !contract && sched_turn(s.k, side < 4 ? 4 : side);
	sched_tasks(s.k, contract ? s.tune.dot : s.tune.loop);
	if (contract) {
		contraction(&s);
	} else {
		if (turned)
			sched_turn_tiles(s.k, side, f->masked_memory);
		vectorize_all(&s, KR_LANE);
		vectorize_all(&s, KR_N);
		column_streams(&s);
		row_streams(&s);
	}
	sched_open_loops(s.k);
	sched_forward(s.k);
	sched_dce(s.k);
	diag_init(&diag, a);
	if (!kernel_verify(s.k, &diag)) {
		diag_print(&diag, stderr);
		UNREACHABLE("the scheduled kernel %s does not verify", k->name);
	}
	return s.k;
}

void codegen_schedule(Unit *u, Variant *v, Arena *a)
{
	v->kernel = ARENA_ARRAY(a, Kernel *, u->kernel.n + 1);
	for (int i = 0; i < u->kernel.n; i++)
		v->kernel[i] = u->scheduled ? u->kernel.at[i] : kernel_schedule(a, u->kernel.at[i], &v->facts);
}
