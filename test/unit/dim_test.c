/* test/unit/dim_test.c - dimension expressions against plain evaluation of the operations that built them. */
#include "ir/base/num.h"
#include "ir/base/str.h"
#include "ir/dim.h"
#include "test/unit/unit.h"

#define NSYMS 3
static const char *const sym_name[NSYMS] = { "N", "M", "K" };

/* A value or "undefined" (overflow, a divisor that is not positive), computed beside each expression for a
   number of assignments of the symbols. */
#define NENVS 12
typedef struct Sample {
	Dim     dim;
	bool    ok[NENVS];
	int64_t value[NENVS];
} Sample;

typedef struct Random { uint64_t state; } Random;

static uint64_t next(Random *r)
{
	r->state = r->state * 6364136223846793005u + 1442695040888963407u;
	return r->state >> 33;
}

static int64_t env_value[NENVS][NSYMS];

/* The first assignments are the corners; the others random, small values being the most telling. */
static void make_envs(Random *r)
{
	for (int e = 0; e < NENVS; e++)
		for (int s = 0; s < NSYMS; s++)
			env_value[e][s] = e < 2 ? e : next(r) % 3 ? (int64_t)(next(r) % 20) : (int64_t)(next(r) % 1000);
}

static int64_t floor_of(int64_t a, int64_t b)
{
	int64_t q = a / b;

	return q * b > a ? q - 1 : q;
}

static Sample leaf(DimTable *t, Random *r)
{
	Sample x = { 0 };
	int64_t v = (int64_t)(next(r) % 9);
	int s = (int)(next(r) % NSYMS);
	bool number = next(r) % 3 == 0;

	if (next(r) % 8 == 0)
		v = (int64_t)(next(r) % 400) - 200;
	x.dim = number ? dim_const(t, v) : dim_sym(t, sym_name[s], s == 2 ? 1000 : INT64_MAX);
	for (int e = 0; e < NENVS; e++) {
		x.ok[e] = true;
		x.value[e] = number ? v : env_value[e][s];
	}
	return x;
}

static Sample random_dim(DimTable *t, Random *r, int depth)
{
	if (!depth || next(r) % 6 == 0)
		return leaf(t, r);

	Sample a = random_dim(t, r, depth - 1), b = random_dim(t, r, depth - 1), x = { 0 };
	int op = (int)(next(r) % 9);
	switch (op) {
	case 0:
	case 1: x.dim = dim_add(t, a.dim, b.dim); break;
	case 2: x.dim = dim_sub(t, a.dim, b.dim); break;
	case 3: x.dim = dim_mul(t, a.dim, b.dim); break;
	case 4: x.dim = dim_floordiv(t, a.dim, b.dim); break;
	case 5: x.dim = dim_mod(t, a.dim, b.dim); break;
	case 6: x.dim = dim_max(t, a.dim, b.dim); break;
	case 7: x.dim = dim_min(t, a.dim, b.dim); break;
	case 8: x.dim = dim_ceildiv(t, a.dim, b.dim); break;
	}
	for (int e = 0; e < NENVS; e++) {
		int64_t u = a.value[e], v = b.value[e], w = 0;
		bool ok = a.ok[e] && b.ok[e];
		switch (op) {
		case 0:
		case 1: ok = ok && i64_add(u, v, &w); break;
		case 2: ok = ok && i64_sub(u, v, &w); break;
		case 3: ok = ok && i64_mul(u, v, &w); break;
		case 4: ok = ok && v > 0; w = ok ? floor_of(u, v) : 0; break;
		case 5: ok = ok && v > 0; w = ok ? u - v * floor_of(u, v) : 0; break;
		case 6: w = u > v ? u : v; break;
		case 7: w = u < v ? u : v; break;
		case 8: ok = ok && v > 0; w = ok ? -floor_of(-u, v) : 0; break;
		}
		x.ok[e] = ok;
		x.value[e] = w;
	}
	/* A divisor that is never positive, or an expression too large: a leaf instead. */
	return x.dim ? x : leaf(t, r);
}

static DimEnv env_of(int e)
{
	return (DimEnv){ NSYMS, sym_name, env_value[e] };
}

static void report(const char *what, Dim a, Dim b)
{
	Str s = { 0 };

	dim_print(&s, a);
	str_add(&s, "  and  ");
	if (b)
		dim_print(&s, b);
	unit_fail(__FILE__, __LINE__, "%s: %s", what, str_cstr(&s));
	str_free(&s);
}

static void check_one(Sample x)
{
	int64_t lo, hi, v;

	dim_range(x.dim, &lo, &hi);
	static const int64_t divisor[] = { 1, 2, 3, 4, 6, 64 };
	for (int i = 0; i < 6; i++) {
		bool multiple = dim_known_multiple(x.dim, divisor[i]);
		for (int e = 0; e < NENVS; e++)
			if (x.ok[e] && multiple && x.value[e] % divisor[i])
				report("no multiple", x.dim, NULL);
	}
	for (int e = 0; e < NENVS; e++) {
		DimEnv env = env_of(e);
		if (!x.ok[e])
			continue;
		if (!dim_eval(x.dim, &env, &v) || v != x.value[e])
			report("another value than its parts", x.dim, NULL);
		if (v < lo || v > hi)
			report("a value outside of the range", x.dim, NULL);
	}
}

static void check_pair(DimTable *t, Sample a, Sample b)
{
	bool le = dim_known_le(a.dim, b.dim), eq = dim_known_equal(a.dim, b.dim), ne = dim_known_unequal(a.dim, b.dim);
	Dim q = dim_divide_exact(t, a.dim, b.dim);

	if (eq && ne)
		report("equal and unequal", a.dim, b.dim);
	for (int e = 0; e < NENVS; e++) {
		DimEnv env = env_of(e);
		int64_t v;
		if (!a.ok[e] || !b.ok[e])
			continue;
		if (le && a.value[e] > b.value[e])
			report("not in order", a.dim, b.dim);
		if (eq && a.value[e] != b.value[e])
			report("not equal", a.dim, b.dim);
		if (ne && a.value[e] == b.value[e])
			report("equal", a.dim, b.dim);
		if (q && b.value[e] && (!dim_eval(q, &env, &v) || v * b.value[e] != a.value[e]))
			report("not divisible", a.dim, b.dim);
	}
}

TEST(dim_random)
{
	Random r = { 1 };

	for (int batch = 0; batch < 100; batch++) {
		Arena *a = arena_new();
		DimTable *t = dim_table_new(a);
		for (int i = 0; i < 1000; i++) {
			make_envs(&r);
			Sample x = random_dim(t, &r, 1 + i % 5);
			check_one(x);
			Sample y = random_dim(t, &r, 1 + i % 3);
			check_pair(t, x, y);
		}
		arena_free(a);
	}
}

TEST(dim_known_multiples)
{
	Arena *a = arena_new();
	DimTable *t = dim_table_new(a);
	Dim n = dim_sym(t, "N", INT64_MAX), m = dim_sym(t, "M", INT64_MAX);
	Dim x = dim_mul(t, dim_const(t, 192), n), y = dim_mul(t, dim_const(t, 64), dim_ceildiv(t, m, dim_const(t, 64)));

	EXPECT(dim_known_multiple(dim_max(t, x, dim_add(t, y, dim_const(t, 128))), 64));
	EXPECT(!dim_known_multiple(dim_max(t, x, dim_add(t, y, dim_const(t, 96))), 64));
	EXPECT(dim_known_multiple(dim_max(t, x, dim_add(t, y, dim_const(t, 96))), 32));
	EXPECT(!dim_known_multiple(n, 2));
	EXPECT(dim_known_multiple(dim_const(t, 0), 64));
	arena_free(a);
}

/* Wanted texts were worked out by hand. */
static void expect_text(Dim d, const char *wanted)
{
	Str s = { 0 };

	if (d)
		dim_print(&s, d);
	EXPECT_STR(d ? str_cstr(&s) : "NULL", wanted);
	str_free(&s);
}

TEST(dim_normal_forms)
{
	Arena *a = arena_new();
	DimTable *t = dim_table_new(a);
	Dim n = dim_sym(t, "N", INT64_MAX), m = dim_sym(t, "M", INT64_MAX), k = dim_sym(t, "K", 100);
#define C(v) dim_const(t, v)

	EXPECT(dim_sym(t, "N", INT64_MAX) == n);
	EXPECT(dim_sym(t, "N", 7) != n);
	EXPECT(dim_add(t, n, m) == dim_add(t, m, n));
	EXPECT(dim_sub(t, n, n) == C(0));
	expect_text(dim_mul(t, n, C(4)), "N*4");
	expect_text(dim_add(t, C(1), n), "N+1");
	expect_text(dim_sub(t, C(3), n), "3-N");
	expect_text(dim_sub(t, C(0), dim_mul(t, n, C(2))), "0-N*2");
	expect_text(dim_mul(t, dim_add(t, n, C(1)), dim_sub(t, n, C(1))), "N*N-1");
	/* division */
	EXPECT(dim_floordiv(t, dim_mul(t, n, C(4)), C(4)) == n);
	EXPECT(dim_floordiv(t, dim_add(t, dim_mul(t, n, C(4)), C(3)), C(4)) == n);
	EXPECT(dim_floordiv(t, dim_floordiv(t, n, C(2)), C(2)) == dim_floordiv(t, n, C(4)));
	EXPECT(dim_floordiv(t, dim_mul(t, n, m), m) == n);
	EXPECT(dim_floordiv(t, n, n) == C(1));
	EXPECT(dim_floordiv(t, n, dim_add(t, n, C(1))) == C(0));
	EXPECT(dim_floordiv(t, k, C(101)) == C(0));
	EXPECT(dim_floordiv(t, dim_add(t, dim_mul(t, n, C(4)), C(3)), C(6))
	       == dim_floordiv(t, dim_add(t, dim_mul(t, n, C(2)), C(1)), C(3)));
	expect_text(dim_floordiv(t, dim_add(t, n, C(1)), C(2)), "(N+1)//2");
	expect_text(dim_ceildiv(t, n, C(16)), "(N+15)//16");
	expect_text(dim_mul(t, dim_ceildiv(t, n, C(16)), C(16)), "((N+15)//16)*16");
	EXPECT(dim_floordiv(t, n, C(0)) == NULL);
	EXPECT(dim_floordiv(t, n, C(-2)) == NULL);
	/* remainder */
	EXPECT(dim_mod(t, dim_mul(t, n, C(6)), C(3)) == C(0));
	EXPECT(dim_mod(t, dim_mul(t, n, m), n) == C(0));
	EXPECT(dim_mod(t, dim_mod(t, n, C(12)), C(4)) == dim_mod(t, n, C(4)));
	EXPECT(dim_mod(t, k, C(101)) == k);
	expect_text(dim_mod(t, n, C(3)), "N % 3");
	expect_text(dim_add(t, dim_mod(t, n, C(3)), m), "M+(N % 3)");
	/* maximum and minimum */
	EXPECT(dim_max(t, n, n) == n);
	EXPECT(dim_max(t, n, dim_add(t, n, C(1))) == dim_add(t, n, C(1)));
	EXPECT(dim_min(t, n, dim_add(t, n, m)) == n);
	EXPECT(dim_max(t, n, C(0)) == n);
	EXPECT(dim_min(t, k, C(100)) == k);
	EXPECT(dim_max(t, dim_max(t, n, m), C(8)) == dim_max(t, n, dim_max(t, C(8), m)));
	expect_text(dim_max(t, n, C(8)), "max(8, N)");
	/* proofs */
	EXPECT(dim_known_le(dim_floordiv(t, n, C(2)), n));
	EXPECT(dim_known_le(n, dim_mul(t, dim_ceildiv(t, n, C(16)), C(16))));
	EXPECT(!dim_known_le(n, m));
	EXPECT(!dim_known_le(n, dim_mul(t, n, m)));
	EXPECT(dim_known_unequal(n, dim_add(t, n, C(1))));
	EXPECT(dim_known_unequal(dim_mul(t, n, C(2)), dim_add(t, dim_mul(t, m, C(2)), C(1))));
	EXPECT(!dim_known_unequal(n, C(1)));
	EXPECT(dim_known_unequal(k, C(101)));
	EXPECT(dim_divide_exact(t, dim_mul(t, dim_add(t, n, C(1)), dim_add(t, m, n)), dim_add(t, n, m)) == dim_add(t, n, C(1)));
	EXPECT(dim_divide_exact(t, dim_add(t, n, C(1)), C(2)) == NULL);
	/* limits */
	EXPECT(dim_add(t, C(INT64_MAX), C(1)) == NULL);
	EXPECT(dim_mul(t, dim_mul(t, n, C(INT64_MAX)), C(2)) == NULL);
	EXPECT(dim_add(t, NULL, n) == NULL);
	/* substitution */
	EXPECT(dim_subst(t, dim_ceildiv(t, n, C(16)), 1, (const char *const[]){ "N" }, (Dim[]){ C(33) }) == C(3));
	EXPECT(dim_subst(t, dim_add(t, n, m), 1, (const char *const[]){ "M" }, &n) == dim_mul(t, n, C(2)));
	/* symbols */
	Dim list[4];
	EXPECT_EQ_INT(dim_symbols(dim_add(t, dim_mul(t, n, m), n), list, 0, 4), 2);
#undef C
	arena_free(a);
}

/* Bounds that are expressions: in proofs, under substitution, and as the most that something can be. */
TEST(dim_limits)
{
	Arena *a = arena_new();
	DimTable *t = dim_table_new(a);
	Dim n = dim_sym(t, "N", INT64_MAX), m = dim_sym(t, "M", INT64_MAX), nm = dim_mul(t, n, m), known[] = { n, m };
	Dim k = dim_sym_limited(t, "K", nm), l = dim_sym_limited(t, "L", dim_mul(t, k, dim_const(t, 2)));
	Dim c[8];
	Str s = { 0 };

	for (int i = 0; i < 8; i++)
		c[i] = dim_const(t, i);
	EXPECT(dim_sym_limited(t, "K", nm) == k && dim_sym_limited(t, "K", n) != k);
	EXPECT(dim_sym_limited(t, "K", c[7]) == dim_sym(t, "K", 7));
	EXPECT(dim_sym_limited(t, "K", dim_const(t, -1)) == NULL && dim_sym_limited(t, "K", NULL) == NULL);
	EXPECT(dim_known_le(k, nm) && !dim_known_le(nm, k) && !dim_known_le(k, n));
	EXPECT(dim_known_le(dim_mul(t, k, c[3]), dim_mul(t, nm, c[3])) && dim_known_le(dim_mul(t, k, n), dim_mul(t, nm, n)));
	EXPECT(dim_known_le(l, dim_mul(t, nm, c[2])) && !dim_known_le(l, nm));
	EXPECT(dim_known_unequal(k, dim_add(t, nm, c[1])));
	/* in terms of N and M */
	EXPECT(dim_most(t, n, known, 2) == n && dim_most(t, k, known, 2) == nm && dim_most(t, l, known, 2) == dim_mul(t, nm, c[2]));
	EXPECT(dim_most(t, dim_add(t, dim_mul(t, k, k), c[3]), known, 2) == dim_add(t, dim_mul(t, nm, nm), c[3]));
	EXPECT(dim_most(t, dim_sub(t, n, k), known, 2) == n);
	EXPECT(dim_most(t, dim_sub(t, k, c[3]), known, 2) == dim_max(t, c[0], dim_sub(t, nm, c[3])));
	EXPECT(dim_most(t, dim_floordiv(t, dim_add(t, k, c[7]), c[4]), known, 2) == dim_floordiv(t, dim_add(t, nm, c[7]), c[4]));
	EXPECT(dim_most(t, dim_floordiv(t, n, dim_add(t, k, c[1])), known, 2) == n);
	EXPECT(dim_most(t, dim_mod(t, k, c[4]), known, 2) == c[3]);
	EXPECT(dim_most(t, dim_max(t, k, m), known, 2) == dim_max(t, nm, m));
	EXPECT(dim_most(t, dim_sym(t, "Z", INT64_MAX), known, 2) == NULL);
	EXPECT(dim_most(t, dim_sym(t, "Z", 9), known, 2) == dim_const(t, 9));
	/* a substitution reaches the bound */
	EXPECT(dim_subst(t, k, 1, (const char *const[]){ "N" }, &c[5]) == dim_sym_limited(t, "K", dim_mul(t, m, c[5])));
	EXPECT(dim_subst(t, dim_sym_limited(t, "K", n), 1, (const char *const[]){ "N" }, &c[5]) == dim_sym(t, "K", 5));
	EXPECT(dim_subst(t, k, 1, (const char *const[]){ "K" }, &c[5]) == c[5]);
	EXPECT(dim_mentions(dim_add(t, k, c[1]), "K") && !dim_mentions(k, "N"));
	dim_print_bounded(&s, dim_add(t, dim_mul(t, l, c[2]), m));
	EXPECT_STR(str_cstr(&s), "(L<=(K<=M*N)*2)*2+M");
	str_free(&s);
	arena_free(a);
}

/* Products and nests that would explode are refused instead. */
TEST(dim_growth_is_bounded)
{
	Arena *a = arena_new();
	DimTable *t = dim_table_new(a);
	Dim n = dim_sym(t, "N", INT64_MAX), x = n, sum = n;
	char name[8] = "s0";
	int steps = 0;

	for (; x && steps < 1000; steps++) {
		name[1] = (char)('0' + steps % 10);
		x = dim_floordiv(t, dim_add(t, x, dim_const(t, 1)), dim_sym(t, name, INT64_MAX));
	}
	EXPECT(steps < 1000);
	for (steps = 0; sum && steps < 1000; steps++) {
		name[1] = (char)('0' + steps % 10);
		sum = dim_mul(t, dim_add(t, sum, dim_sym(t, name, INT64_MAX)), dim_add(t, n, dim_const(t, steps)));
	}
	EXPECT(steps < 1000);
	EXPECT(arena_used(a) < 64u << 20);
	arena_free(a);
}
