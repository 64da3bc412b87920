/* ir/scalar_eval.c - evaluating scalar operations and programs: this defines what each row of scalars.def means.

   A program runs block by block: one instruction computes a block of elements in one tight loop before the next starts.
   The loops exist twice, for any CPU and for AVX2 with FMA; both give the same bits, because every operation is exact
   or correctly rounded (libm's fma is). */
#include "ir/base/check.h"
#include "ir/base/num.h"
#include "ir/math.h"

typedef void Loop(void *out, const void *a, const void *b, const void *c, size_t n);

/* Float to integer: saturates, NaN gives 0.  Every f32 is a double, so one function serves both. */
#define SATURATE(N, T, MIN, MAX, END) \
	static inline T sat_##N(double x) \
	{ \
		return x != x ? 0 : x <= (double)MIN ? MIN : x >= END ? MAX : (T)x; \
	}
SATURATE(I8, int8_t, INT8_MIN, INT8_MAX, 0x1p7)
SATURATE(I16, int16_t, INT16_MIN, INT16_MAX, 0x1p15)
SATURATE(I32, int32_t, INT32_MIN, INT32_MAX, 0x1p31)
SATURATE(I64, int64_t, INT64_MIN, INT64_MAX, 0x1p63)
SATURATE(U8, uint8_t, 0, UINT8_MAX, 0x1p8)
SATURATE(U16, uint16_t, 0, UINT16_MAX, 0x1p16)
SATURATE(U32, uint32_t, 0, UINT32_MAX, 0x1p32)
SATURATE(U64, uint64_t, 0, UINT64_MAX, 0x1p64)

/* A 64-bit integer as a double rounded to odd: rounding that once more, to 16 bits, is as good as rounding once. */
static inline double f64_odd_u64(uint64_t x)
{
	return (double)(x >> 53 ? (x & ~UINT64_C(0x7ff)) | ((x & 0x7ff) ? UINT64_C(0x800) : 0) : x);
}

static inline double f64_odd_i64(int64_t x)
{
	return x < 0 ? -f64_odd_u64(0 - (uint64_t)x) : f64_odd_u64((uint64_t)x);
}

#define VALUE_BOOL(x) (x)
#define VALUE_I8(x)   (x)
#define VALUE_I16(x)  (x)
#define VALUE_I32(x)  (x)
#define VALUE_I64(x)  (x)
#define VALUE_U8(x)   (x)
#define VALUE_U16(x)  (x)
#define VALUE_U32(x)  (x)
#define VALUE_U64(x)  (x)
#define VALUE_F16(x)  f32_from_f16(x)
#define VALUE_BF16(x) f32_from_bf16(x)
#define VALUE_F32(x)  (x)
#define VALUE_F64(x)  (x)

#define TO_INT(v, N, T) _Generic((v), float: sat_##N((double)(v)), double: sat_##N((double)(v)), default: (T)(v))
#define TO_HALF(v, N) \
	_Generic((v), float: N##_from_f32((float)(v)), int64_t: N##_from_f64(f64_odd_i64((int64_t)(v))), \
	         uint64_t: N##_from_f64(f64_odd_u64((uint64_t)(v))), default: N##_from_f64((double)(v)))
#define TO_BOOL(v) ((v) != 0)
#define TO_I8(v)   TO_INT(v, I8, int8_t)
#define TO_I16(v)  TO_INT(v, I16, int16_t)
#define TO_I32(v)  TO_INT(v, I32, int32_t)
#define TO_I64(v)  TO_INT(v, I64, int64_t)
#define TO_U8(v)   TO_INT(v, U8, uint8_t)
#define TO_U16(v)  TO_INT(v, U16, uint16_t)
#define TO_U32(v)  TO_INT(v, U32, uint32_t)
#define TO_U64(v)  TO_INT(v, U64, uint64_t)
#define TO_F16(v)  TO_HALF(v, f16)
#define TO_BF16(v) TO_HALF(v, bf16)
#define TO_F32(v)  (float)(v)
#define TO_F64(v)  (double)(v)

static inline int64_t bits_of_two_over_pi(uint64_t a, uint64_t b)
{
	const uint8_t *at = two_over_pi + (a < 127 ? a : 127) + 6 * (b < 3 ? b : 3);
	uint64_t bits = 0;

	for (int i = 0; i < 6; i++)
		bits = bits << 8 | at[i];
	return (int64_t)bits;
}

/* The narrow types: rounded by their format, or cut to their width.  A float becomes an integer by saturating. */
#define NARROW_OF(t, x) _Generic((x), float: narrow_of_f32(t, (float)(x)), default: (uint8_t)dtype_from_f64(t, (double)(x)))
static inline uint8_t narrow_of_f32(DType t, float x)
{
	return (uint8_t)(dtype_format(t) ? format_from_f32(dtype_format(t), x) : dtype_from_f64(t, (double)x));
}

#define VARIANT any
#define TARGET
#include "ir/scalar_loops.inc"

#ifdef __x86_64__
#define VARIANT avx2
#define TARGET __attribute__((target("avx2,fma")))
#include "ir/scalar_loops.inc"

static bool has_avx2(void)
{
	return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
}
#else
#define has_avx2() false
#define scalar_loops_avx2 scalar_loops_any
#define convert_loops_avx2 convert_loops_any
#endif

/* in: the type of the operands (for select, of the second and third). */
static Loop *find_loop(ScalarOp op, DType in, DType out, bool avx2)
{
	Loop *loop;

	if (op == SC_convert)
		loop = avx2 ? convert_loops_avx2[out][in] : convert_loops_any[out][in];
	else
		loop = avx2 ? scalar_loops_avx2[op][in] : scalar_loops_any[op][in];
	CHECK(loop, "%s is not defined for %s", scalar_info[op].name, dtype_info[in].name);
	return loop;
}

uint64_t scalar_eval(ScalarOp op, DType in, DType out, uint64_t a, uint64_t b, uint64_t c)
{
	uint64_t result = 0;   /* little-endian: a narrow value is stored in the low bits */
	DType via = op == SC_convert ? scalar_convert_via(in, out) : out;

	if (op == SC_convert && in == out)
		return a;
	if (via != out)
		return scalar_eval(op, via, out, scalar_eval(op, in, via, a, 0, 0), 0, 0);
	find_loop(op, in, out, has_avx2())(&result, &a, &b, &c, 1);
	return result;
}

/* Elements at a time: at most BLOCK, fewer for a long program, so that the blocks stay in ROOM bytes of stack. */
enum { BLOCK = 256, LEAST_BLOCK = 32, ROOM = 48 << 10 };

/* What one evaluation works on. */
typedef struct Run {
	const ScalarProg *p;
	Loop      **loop;     /* of each SI_OP */
	const void **value;   /* of each node: the block at hand */
	char      **room;     /* where each node's block is stored; NULL for an input that is used in place */
	size_t      block;
} Run;

static int widest(const ScalarProg *p)
{
	int size = 1;

	for (int i = 0; i < p->n; i++)
		size = dtype_size(p->at[i].type) > size ? dtype_size(p->at[i].type) : size;
	return size;
}

/* n copies of one element, by doubling. */
static void fill(char *to, const void *value, int size, size_t n)
{
	size_t bytes = n * (size_t)size, done = (size_t)size;

	for (memcpy(to, value, done); done < bytes; done *= 2)
		memcpy(to + done, to, done < bytes - done ? done : bytes - done);
}

/* Where each node's block is stored: the place of a block that was used for the last time is taken again, those of
   constants and inputs are kept.  Returns the number of places. */
static int assign_slots(const ScalarProg *p, int *slot, int *last, int *spare)
{
	int n = 0, nspare = 0;

	for (int i = 0; i < p->n; i++) {
		last[i] = p->at[i].kind == SI_OP ? i : p->n;
		for (int k = 0; k < 3 && p->at[i].kind == SI_OP; k++) {
			int a = p->at[i].arg[k];
			if (a >= 0 && p->at[a].kind == SI_OP)
				last[a] = i;
		}
	}
	last[p->result] = p->n;
	for (int i = 0; i < p->n; i++) {
		slot[i] = p->at[i].kind == SI_OP && nspare ? spare[--nspare] : n++;
		for (int k = 0; k < 3 && p->at[i].kind == SI_OP; k++) {
			int a = p->at[i].arg[k];
			bool again = (k > 0 && a == p->at[i].arg[0]) || (k > 1 && a == p->at[i].arg[1]);
			if (a >= 0 && last[a] == i && !again)
				spare[nspare++] = slot[a];
		}
		if (last[i] == i)   /* nobody uses it */
			spare[nspare++] = slot[i];
	}
	return n;
}

static bool is_aligned(const void *at, int size)
{
	return (uintptr_t)at % (uintptr_t)size == 0;
}

/* Gives node i its block of n elements that start at element `first`. */
static void run_node(const Run *r, int i, const void *const *in, const int *in_step, size_t first, size_t n)
{
	const ScalarInstr *s = &r->p->at[i];
	int size = dtype_size(s->type);

	switch (s->kind) {
	case SI_CONST:
		if (first == 0)
			fill(r->room[i], &s->bits, size, n);
		r->value[i] = r->room[i];
		break;
	case SI_INPUT: {
		const char *from = (const char *)in[i] + (in_step[i] ? first * (size_t)size : 0);
		r->value[i] = r->room[i];
		if (in_step[i] && is_aligned(from, size))
			r->value[i] = from;
		else if (in_step[i])
			memcpy(r->room[i], from, n * (size_t)size);
		else if (first == 0)
			fill(r->room[i], from, size, n);
		break;
	}
	case SI_OP: {
		const void *arg[3];
		for (int k = 0; k < 3; k++)
			arg[k] = s->arg[k] < 0 ? NULL : r->value[s->arg[k]];
		r->loop[i](r->room[i], arg[0], arg[1], arg[2], n);
		r->value[i] = r->room[i];
		break;
	}
	}
}

static void run(const Run *r, const void *const *in, const int *in_step, char *out, size_t n)
{
	const ScalarProg *p = r->p;
	int size = dtype_size(p->at[p->result].type);

	for (size_t first = 0; first < n; first += r->block) {
		size_t m = n - first < r->block ? n - first : r->block;
		for (int i = 0; i < p->n; i++)
			run_node(r, i, in, in_step, first, m);
		memcpy(out + first * (size_t)size, r->value[p->result], m * (size_t)size);
	}
}

/* Bytes of a node's block; elements stay aligned. */
static size_t block_stride(const ScalarProg *p, size_t block)
{
	return block == 1 ? 8 : (block * (size_t)widest(p) + 63) / 64 * 64;
}

void scalar_prog_eval(const ScalarProg *p, const void *const *in, const int *in_step, void *out, size_t n)
{
	_Alignas(64) char stack_room[ROOM];
	int stack_slots[3 * 64], *slot = stack_slots;
	char *room = stack_room;
	size_t nodes = (size_t)p->n, block = n < BLOCK ? n : BLOCK;
	Arena *arena = NULL;   /* of a program too long for the stack */
	bool avx2 = has_avx2();

	CHECK(p->result >= 0 && p->result < p->n, "the program has no result");
	if (n == 0)
		return;
	if (nodes > 64) {
		arena = arena_new();
		slot = ARENA_ARRAY(arena, int, 3 * nodes);
	}
	size_t places = (size_t)assign_slots(p, slot, slot + nodes, slot + 2 * nodes);
	size_t tables = (nodes * 3 * sizeof(void *) + 63) / 64 * 64;
	while (block > LEAST_BLOCK && tables + places * block_stride(p, block) > ROOM)
		block /= 2;
	size_t stride = block_stride(p, block), total = tables + places * stride;
	if (total > ROOM) {
		arena = arena ? arena : arena_new();
		room = arena_alloc(arena, total);
	}
	Run r = { p, (Loop **)room, (const void **)room + nodes, (char **)room + 2 * nodes, block };
	for (int i = 0; i < p->n; i++) {
		const ScalarInstr *s = &p->at[i];
		r.room[i] = room + tables + (size_t)slot[i] * stride;
		if (s->kind == SI_OP)
			r.loop[i] = find_loop(s->op, p->at[s->arg[s->op == SC_select]].type, s->type, avx2);
	}
	run(&r, in, in_step, out, n);
	if (arena)
		arena_free(arena);
}
