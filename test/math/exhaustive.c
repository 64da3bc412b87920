/* test/math/exhaustive.c - measures the elementary functions on all 2^32 f32 arguments: math-exhaustive [name ...].

   The reference is libm's double function, which is wrong by less than 1e-8 of an f32 ulp; the worst argument is then
   measured again with MPFR.  pow has too many arguments: it gets 2^30 random ones.  Exit code 1 if a function misses the
   bound of 2 ulp, a special value, or the sign of a zero. */
#include <inttypes.h>
#include <math.h>
#include <mpfr.h>
#include <stdio.h>
#include <stdlib.h>

#include "ir/base/num.h"
#include "ir/math.h"

enum { BLOCK = 1 << 16 };
static const double bound = 2;

static double logistic(double x) { return 1 / (1 + exp(-x)); }
static double rsqrt(double x)    { return 1 / sqrt(x); }

static int mpfr_logistic(mpfr_t r, const mpfr_t x, mpfr_rnd_t rnd)
{
	mpfr_neg(r, x, rnd);
	mpfr_exp(r, r, rnd);
	mpfr_add_ui(r, r, 1, rnd);
	return mpfr_ui_div(r, 1, r, rnd);
}
#define mpfr_rsqrt mpfr_rec_sqrt

typedef struct Unary {
	const char *name;
	Node (*build)(ScalarProg *, DType, Node);
	double (*libm)(double);
	int (*mpfr)(mpfr_t, const mpfr_t, mpfr_rnd_t);
} Unary;

static const Unary unaries[] = {
#define X(name) { #name, math_##name, name, mpfr_##name },
	MATH_UNARY(X)
#undef X
};

/* The worst that was seen. */
typedef struct Worst {
	double   ulp;
	float    x, y;
	uint64_t wrong;   /* results that are not even of the right kind */
} Worst;

/* One ulp of an f32 near the value r, which an f32 can hold. */
static double ulp_f32(double r)
{
	uint64_t e = f32_bits((float)r) >> 23 & 255;

	return f64_of_bits(((e < 1 ? 1 : e) - 150 + 1023) << 52);
}

static void compare(Worst *w, float x, float y, float found, double exact)
{
	float wanted = (float)exact;

	if (isnan(wanted) || isinf(wanted) || wanted == 0 || isnan(found) || isinf(found) || found == 0) {
		bool same = isnan(wanted) ? isnan(found) : f32_bits(found) == f32_bits(wanted);
		/* the last number before 0 or infinity is 1 ulp from it */
		bool near = !isnan(wanted) && !isnan(found) && signbit(found) == signbit(wanted) &&
		            (nextafterf(found, wanted) == wanted);
		if (!same && !near && w->wrong++ < 5)
			printf("  wrong: (%a, %a) gives %a, not %a\n", (double)x, (double)y, (double)found, exact);
		return;
	}
	double ulp = fabs(found - exact) / ulp_f32(exact);
	if (ulp > w->ulp)
		w->ulp = ulp, w->x = x, w->y = y;
}

static double confirm(const Unary *u, float x, float found)
{
	mpfr_t r;

	mpfr_init2(r, 200);
	mpfr_set_flt(r, x, MPFR_RNDN);
	u->mpfr(r, r, MPFR_RNDN);
	double exact = mpfr_get_d(r, MPFR_RNDN);
	mpfr_sub_d(r, r, (double)found, MPFR_RNDN);
	double ulp = fabs(mpfr_get_d(r, MPFR_RNDN)) / ulp_f32(exact);
	mpfr_clear(r);
	return ulp;
}

static bool report(const char *name, const Worst *w)
{
	printf("%-9s worst %.4f ulp at %a", name, w->ulp, (double)w->x);
	if (w->y != 0)
		printf(", %a", (double)w->y);
	printf("; %" PRIu64 " wrong\n", w->wrong);
	fflush(stdout);
	return w->ulp <= bound && w->wrong == 0;
}

static bool measure(const Unary *u)
{
	static float x[BLOCK], y[BLOCK];
	Arena *a = arena_new();
	DType t = DT_F32;
	ScalarProg *p = scalar_prog_new(a, 1, &t);
	Worst w = { 0 };
	int step = 1;

	p->result = u->build(p, t, 0);
	for (uint64_t first = 0; first < UINT64_C(1) << 32; first += BLOCK) {
		for (uint32_t i = 0; i < BLOCK; i++)
			x[i] = f32_of_bits((uint32_t)first + i);
		scalar_prog_eval(p, (const void *const[]){ x }, &step, y, BLOCK);
		for (uint32_t i = 0; i < BLOCK; i++)
			compare(&w, x[i], 0, y[i], u->libm((double)x[i]));
	}
	float found;
	scalar_prog_eval(p, (const void *const[]){ &w.x }, &step, &found, 1);
	w.ulp = confirm(u, w.x, found);
	arena_free(a);
	return report(u->name, &w);
}

static uint64_t next_random(uint64_t *s)
{
	uint64_t z = *s += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return z ^ z >> 31;
}

/* Half of the arguments are any two floats, half have a result that is mostly finite. */
static bool measure_pow(void)
{
	static float x[BLOCK], y[BLOCK], z[BLOCK];
	Arena *a = arena_new();
	ScalarProg *p = scalar_prog_new(a, 2, (DType[]){ DT_F32, DT_F32 });
	Worst w = { 0 };
	uint64_t seed = 1;

	p->result = math_pow(p, DT_F32, 0, 1);
	for (uint64_t first = 0; first < UINT64_C(1) << 30; first += BLOCK) {
		for (uint32_t i = 0; i < BLOCK; i++) {
			uint64_t r = next_random(&seed);
			x[i] = f32_of_bits((uint32_t)(r >> 32));
			y[i] = f32_of_bits((uint32_t)r);
			if (i & 1) {
				x[i] = fabsf(x[i]);
				y[i] = (float)(((double)(uint32_t)r * 0x1p-32 - 0.5) * 220 / log((double)x[i]));
			}
		}
		scalar_prog_eval(p, (const void *const[]){ x, y }, (const int[]){ 1, 1 }, z, BLOCK);
		for (uint32_t i = 0; i < BLOCK; i++)
			compare(&w, x[i], y[i], z[i], pow((double)x[i], (double)y[i]));
	}
	arena_free(a);
	return report("pow", &w);
}

static bool is_wanted(int argc, char **argv, const char *name)
{
	bool wanted = argc < 2;

	for (int i = 1; i < argc; i++)
		wanted |= strcmp(argv[i], name) == 0;
	return wanted;
}

int main(int argc, char **argv)
{
	bool good = true;

	for (size_t i = 0; i < sizeof unaries / sizeof *unaries; i++) {
		if (is_wanted(argc, argv, unaries[i].name))
			good &= measure(&unaries[i]);
	}
	if (is_wanted(argc, argv, "pow"))
		good &= measure_pow();
	return good ? 0 : 1;
}
