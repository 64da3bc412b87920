/* test/math/exhaustive.c - measures the elementary functions on all 2^32 f32 arguments: math-exhaustive [--every=N | --f32=N | --f64=N] [name ...].

   What runs is the op, compiled for this machine; on one block in 64 the interpreter must give the same bits.  The reference is
   libm's double function, which is wrong by less than 1e-8 of an f32 ulp; the worst argument is then
   measured again with MPFR.  --every=N, N odd, tries one in N of them.  --f32=N and --f64=N measure N random arguments of that
   type against MPFR alone.  pow and atan2 have too many arguments: they get 2^30 random pairs, and all pairs of special values.
   Exit code 1 if a function misses the bound of 2 ulp, a special value, or the sign of a zero. */
#include <inttypes.h>
#include <math.h>
#include <mpfr.h>
#include <stdio.h>
#include <stdlib.h>

#include "ir/base/num.h"
#include "ir/math.h"
#include "ir/parse.h"
#include "tools/run.h"

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

static int mpfr_lgamma_only(mpfr_t r, const mpfr_t x, mpfr_rnd_t rnd)
{
	int sign;

	return mpfr_lgamma(r, &sign, x, rnd);
}
#define mpfr_lgamma mpfr_lgamma_only

/* In long double: recurrence, then the asymptotic series; negative x by reflection. */
static double digamma(double x)
{
	long double v = x, sum = 0;

	if (x == 0)
		return -1 / x;
	if (isinf(x) || (x < 0 && x == floor(x)))
		return x > 0 ? x : NAN;
	if (x < 0) {
		long double pi = acosl(-1);
		sum -= pi / tanl(pi * (v - rintl(v)));
		v = 1 - v;
	}
	for (; v < 16; v += 1)
		sum -= 1 / v;
	long double z = 1 / (v * v);
	sum -= z * (1 / 12.0L - z * (1 / 120.0L - z * (1 / 252.0L - z * (1 / 240.0L - z * (1 / 132.0L - z * (691 / 32760.0L))))));
	return (double)(sum + logl(v) - 1 / (2 * v));
}

/* Newton's method on erf, where that is near 1 on log erfc. */
static double erf_inv(double x)
{
	double a = fabs(x), q = 1 - a, y = a;

	if (!(a < 1) || a < 1e-9)
		return a < 1 ? x * 0.88622692545275801365 : a == 1 ? x * INFINITY : NAN;
	if (q < 0.3)
		y = 0.9 * sqrt(-log(q * (1 + a)));
	for (int i = 0; i < 7; i++) {
		double slope = exp(y * y) * 0.88622692545275801365;
		y += q < 0.3 ? log(erfc(y) / q) * erfc(y) * slope : (a - erf(y)) * slope;
	}
	return copysign(y, x);
}

/* Two steps of Newton from the double result, which is right to far more than a third of the bits. */
static int mpfr_erf_inv(mpfr_t r, const mpfr_t x, mpfr_rnd_t rnd)
{
	double v = mpfr_get_d(x, rnd), y = erf_inv(v);
	mpfr_prec_t bits = mpfr_get_prec(r) + 80;
	mpfr_t at, slope, error;

	if (!isfinite(y) || y == 0)
		return mpfr_set_d(r, y, rnd);
	mpfr_inits2(bits, at, slope, error, (mpfr_ptr)NULL);
	mpfr_set_d(at, y, rnd);
	for (int i = 0; i < 2; i++) {
		mpfr_sqr(slope, at, rnd);
		mpfr_exp(slope, slope, rnd);
		mpfr_const_pi(error, rnd);
		mpfr_sqrt(error, error, rnd);
		mpfr_mul(slope, slope, error, rnd);
		mpfr_div_ui(slope, slope, 2, rnd);
		mpfr_erf(error, at, rnd);
		mpfr_sub(error, error, x, rnd);
		mpfr_mul(error, error, slope, rnd);
		mpfr_sub(at, at, error, rnd);
	}
	mpfr_set(r, at, rnd);
	mpfr_clears(at, slope, error, (mpfr_ptr)NULL);
	return 0;
}

/* In long double: the power series, whose terms are positive, and from 30 on the asymptotic one. */
static double bessel_i1e(double x)
{
	long double a = fabsl((long double)x), term = a > 30 ? 1 : a / 2, sum = term;

	if (x == 0 || isnan(x) || isinf(x))
		return isinf(x) ? copysign(0, x) : x;
	for (int k = 1; k < (a > 30 ? 60 : 200) && fabsl(term) > sum * 1e-20L; k++) {
		term *= a > 30 ? (2 * k - 3) * (2 * k + 1) / (8 * k * a) : a * a / (4 * k * (k + 1.0L));
		sum += term;
	}
	sum *= a > 30 ? 1 / sqrtl(2 * acosl(-1) * a) : expl(-a);
	return copysign((double)sum, x);
}

/* From 50 on the asymptotic series, which then is right to e^-100; below, the power series, whose terms are positive (NIST DLMF
   10.40.1, 10.25.2). */
static int mpfr_bessel_i1e(mpfr_t r, const mpfr_t x, mpfr_rnd_t rnd)
{
	mpfr_t a, term, z, sum;
	bool far = mpfr_cmpabs_ui(x, 50) > 0;
	int sign = mpfr_signbit(x) ? -1 : 1;

	if (!mpfr_number_p(x) || mpfr_zero_p(x))
		return mpfr_inf_p(x) ? mpfr_set_zero(r, sign), 0 : mpfr_set(r, x, rnd);
	mpfr_inits2(mpfr_get_prec(r) + 40, a, term, z, sum, (mpfr_ptr)0);
	mpfr_abs(a, x, rnd);
	if (far)
		mpfr_set_ui(term, 1, rnd);
	else
		mpfr_div_ui(term, a, 2, rnd);
	mpfr_set(sum, term, rnd);
	mpfr_sqr(z, a, rnd);
	mpfr_div_ui(z, z, 4, rnd);
	for (int k = 1; k < (far ? 100 : 300) && mpfr_get_exp(term) > mpfr_get_exp(sum) - mpfr_get_prec(sum); k++) {
		if (far) {
			mpfr_mul_si(term, term, (2 * k - 3) * (2 * k + 1), rnd);
			mpfr_div_ui(term, term, 8 * (unsigned)k, rnd);
			mpfr_div(term, term, a, rnd);
		} else {
			mpfr_mul(term, term, z, rnd);
			mpfr_div_ui(term, term, (unsigned)k * (unsigned)(k + 1), rnd);
		}
		mpfr_add(sum, sum, term, rnd);
	}
	if (far) {
		mpfr_const_pi(z, rnd);
		mpfr_mul(z, z, a, rnd);
		mpfr_mul_ui(z, z, 2, rnd);
		mpfr_rec_sqrt(z, z, rnd);
	} else {
		mpfr_neg(z, a, rnd);
		mpfr_exp(z, z, rnd);
	}
	mpfr_mul(sum, sum, z, rnd);
	mpfr_mul_si(r, sum, sign, rnd);
	mpfr_clears(a, term, z, sum, (mpfr_ptr)0);
	return 0;
}

typedef struct Unary {
	const char *name;
	Node (*build)(ScalarProg *, DType, Node);
	double (*libm)(double);
	int (*mpfr)(mpfr_t, const mpfr_t, mpfr_rnd_t);
} Unary;

static const Unary unaries[] = {
#define X(name) { #name, math_##name, name, mpfr_##name },
	X(exp) X(exp2) X(expm1) X(log) X(log1p) X(tanh) X(erf) X(erfc) X(rsqrt) X(logistic) X(sin) X(cos) X(tan) X(asin) X(acos) X(atan)
	X(sinh) X(cosh) X(asinh) X(acosh) X(atanh) X(cbrt) X(lgamma) X(digamma) X(erf_inv) X(bessel_i1e)
#undef X
};

/* An elementwise function of n arguments on blocks of elements, as compiled and as interpreted. */
typedef struct Function {
	const char *name;
	Ctx        *ctx;
	Arena      *arena;
	ScalarProg *prog;
	Runner     *runner;
	RunnerCall *call;
	DimEnv      env;
	Tensor     *in[2];
	Tensor     *want;      /* the interpreter's results */
	int         n, blocks;
} Function;

/* The op's caller builds f->prog. */
static void function_open(Function *f, const char *name, DType t, int n)
{
	char text[200], type[20];
	RunnerOptions options = { .threads = 1 };

	*f = (Function){ .name = name, .n = n, .ctx = ctx_new(), .arena = arena_new() };
	f->prog = scalar_prog_new(f->arena, n, (DType[]){ t, t });
	for (int i = 0; i < n; i++)
		f->in[i] = tensor_new(t, 1, (int64_t[]){ BLOCK });
	f->want = tensor_new(t, 1, (int64_t[]){ BLOCK });
	snprintf(type, sizeof type, "%s[%d]", dtype_info[t].name, BLOCK);
	snprintf(text, sizeof text, "graph @f(%%a: %s%s%s) -> (%%y: %s) { %%y = %s %%a%s  return %%y }", type, n > 1 ? ", %b: " : "",
	         n > 1 ? type : "", type, name, n > 1 ? ", %b" : "");
	Module *m = module_parse(f->ctx, source_from_text(f->ctx->arena, name, text, strlen(text)));
	compile_options_init(&options.compile);
	options.compile.codegen.cpu = "native";
	f->runner = m ? runner_new(f->ctx, m, &options) : NULL;
	f->call = f->runner ? runner_begin(f->runner, "f", &f->env, f->in, n) : NULL;
	if (!f->call) {
		diag_print(&f->ctx->diag, stderr);
		exit(2);
	}
}

/* Results for what f->in holds. */
static const void *function_eval(Function *f)
{
	const void *const args[] = { f->in[0]->data, f->n > 1 ? f->in[1]->data : NULL };

	if (!runner_again(f->call))
		exit(2);
	Tensor *found = runner_out(f->call, 0);
	if (f->blocks++ % 64 == 0) {
		int64_t first;
		scalar_prog_eval(f->prog, args, (const int[]){ 1, 1 }, f->want->data, BLOCK);
		if (tensor_differ(found, f->want, &first) != 0) {
			printf("  %s: the interpreter has other bits, first at element %" PRIi64 " of block %d\n", f->name, first, f->blocks - 1);
			exit(1);
		}
	}
	return found->data;
}

static void function_close(Function *f)
{
	runner_end(f->call);
	runner_free(f->runner);
	ctx_free(f->ctx);
	arena_free(f->arena);
	for (int i = 0; i < f->n; i++)
		tensor_unref(f->in[i]);
	tensor_unref(f->want);
}

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

static bool measure(const Unary *u, uint32_t every)
{
	Function f;
	Worst w = { 0 };
	int step = 1;

	function_open(&f, u->name, DT_F32, 1);
	f.prog->result = u->build(f.prog, DT_F32, 0);
	float *x = f.in[0]->data;
	for (uint64_t first = 0; first < (UINT64_C(1) << 32) / every; first += BLOCK) {
		for (uint32_t i = 0; i < BLOCK; i++)
			x[i] = f32_of_bits(((uint32_t)first + i) * every);
		const float *y = function_eval(&f);
		for (uint32_t i = 0; i < BLOCK; i++)
			compare(&w, x[i], 0, y[i], u->libm((double)x[i]));
	}
	float found;
	scalar_prog_eval(f.prog, (const void *const[]){ &w.x }, &step, &found, 1);
	w.ulp = confirm(u, w.x, found);
	function_close(&f);
	return report(u->name, &w);
}

static uint64_t next_random(uint64_t *s)
{
	uint64_t z = *s += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return z ^ z >> 31;
}

/* Where arguments come from, two thirds of them; one third are any bit patterns.  f64 lgamma and digamma lose accuracy near
   the roots of negative arguments, so these are left out. */
typedef struct ArgRange {
	const char *name;
	double      lo, hi;
	bool        positive;
} ArgRange;

static ArgRange range_of(const char *name, DType t)
{
	static const ArgRange rows[] = {
		{ "exp", -750, 715, false }, { "log", 0, 3, false }, { "log1p", -1, 2, false },
		{ "erf", -6.5, 6.5, false }, { "erfc", -6.5, 27.5, false }, { "rsqrt", 0, 8, false }, { "asin", -1, 1, false }, { "acos", -1, 1, false },
		{ "atanh", -1, 1, false }, { "acosh", 1, 4, false }, { "sinh", -4, 4, false }, { "cosh", -4, 4, false },
		{ "erf_inv", -1, 1, false }, { "lgamma", 0, 10, true }, { "digamma", 0, 10, true },
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		ArgRange r = rows[i];
		if (strcmp(r.name, name) == 0)
			return t == DT_F64 ? r : (ArgRange){ name, r.positive ? -10 : r.lo, r.hi, false };
	}
	return (ArgRange){ name, -20, 20, false };
}

static double sample(ArgRange r, DType t, uint64_t random, bool any)
{
	double x = any ? 0 : r.lo + (double)(random >> 11) * 0x1p-53 * (r.hi - r.lo);

	if (t == DT_F32)
		return any ? f32_of_bits((uint32_t)random) : (float)x;
	return any ? f64_of_bits(r.positive ? random >> 1 : random) : x;
}

static double ulp_of(DType t, double r)
{
	uint64_t e = f64_bits(r) >> 52 & 2047;

	if (t == DT_F32)
		return ulp_f32(r);
	return ldexp(1, (int)(e < 1 ? 1 : e) - 1075);
}

/* False where the exact result is 0, infinite or NaN, and `found` is not. */
static bool distance(DType t, double found, mpfr_t exact, double *ulp)
{
	double wanted = t == DT_F32 ? mpfr_get_flt(exact, MPFR_RNDN) : mpfr_get_d(exact, MPFR_RNDN);

	*ulp = 0;
	if (isnan(wanted) || isnan(found))
		return isnan(wanted) && isnan(found);
	if (isinf(wanted) || isinf(found) || mpfr_zero_p(exact))
		return found == wanted && signbit(found) == signbit(wanted);
	mpfr_sub_d(exact, exact, found, MPFR_RNDN);
	mpfr_div_d(exact, exact, ulp_of(t, wanted), MPFR_RNDN);
	*ulp = fabs(mpfr_get_d(exact, MPFR_RNDN));
	return true;
}

typedef int MpfrBinary(mpfr_t, const mpfr_t, const mpfr_t, mpfr_rnd_t);

/* Against MPFR alone, at n arguments of type t; of `u`, or of the binary function of that name. */
static bool measure_mpfr(Function *f, const Unary *u, MpfrBinary *binary, DType t, uint64_t n)
{
	static double x[2][BLOCK];
	bool f32 = t == DT_F32;
	const char *name = f->name;
	double worst = 0, at[2] = { 0 };
	uint64_t seed = 7, wrong = 0;
	ArgRange range = range_of(name, t);
	mpfr_t r, s;

	mpfr_init2(r, 120);
	mpfr_init2(s, 120);
	for (uint64_t done = 0; done < n; done += BLOCK) {
		for (int i = 0; i < BLOCK; i++) {
			for (int k = 0; k < f->n; k++) {
				x[k][i] = sample(range, t, next_random(&seed), i % 3 == 0);
				if (f32)
					((float *)f->in[k]->data)[i] = (float)x[k][i];
				else
					((double *)f->in[k]->data)[i] = x[k][i];
			}
		}
		const void *y = function_eval(f);
		for (int i = 0; i < BLOCK; i++) {
			double found = f32 ? ((const float *)y)[i] : ((const double *)y)[i], ulp;
			mpfr_set_d(r, x[0][i], MPFR_RNDN);
			mpfr_set_d(s, x[1][i], MPFR_RNDN);
			u ? u->mpfr(r, r, MPFR_RNDN) : binary(r, r, s, MPFR_RNDN);
			if (!distance(t, found, r, &ulp) && wrong++ < 5)
				printf("  wrong: (%a, %a) gives %a\n", x[0][i], x[1][i], found);
			if (ulp > worst)
				worst = ulp, at[0] = x[0][i], at[1] = x[1][i];
		}
	}
	mpfr_clear(r);
	mpfr_clear(s);
	printf("%-9s %s worst %.4f ulp at %a", name, f32 ? "f32" : "f64", worst, at[0]);
	if (!u)
		printf(", %a", at[1]);
	printf("; %" PRIu64 " wrong\n", wrong);
	fflush(stdout);
	return worst <= bound && wrong == 0;
}

static bool measure_unary_mpfr(const Unary *u, DType t, uint64_t n)
{
	Function f;

	function_open(&f, u->name, t, 1);
	f.prog->result = u->build(f.prog, t, 0);
	bool good = measure_mpfr(&f, u, NULL, t, n);
	function_close(&f);
	return good;
}

/* Half of the arguments are any two floats, half have a result that is mostly finite. */
static void pow_pair(uint64_t r, bool any, float *x, float *y)
{
	*x = f32_of_bits((uint32_t)(r >> 32));
	*y = f32_of_bits((uint32_t)r);
	if (!any) {
		*x = fabsf(*x);
		*y = (float)(((double)(uint32_t)r * 0x1p-32 - 0.5) * 220 / log((double)*x));
	}
}

/* Any two floats, or two of similar size. */
static void atan2_pair(uint64_t r, bool any, float *x, float *y)
{
	*x = f32_of_bits((uint32_t)(r >> 32));
	*y = f32_of_bits((uint32_t)r);
	if (!any)
		*y = *x * ((float)(int32_t)(uint32_t)r * 0x1p-29f);
}

typedef struct Binary {
	const char *name;
	Node (*build)(ScalarProg *, DType, Node, Node);
	double (*libm)(double, double);
	void (*pair)(uint64_t random, bool any, float *x, float *y);
	MpfrBinary *mpfr;
} Binary;

static const Binary binaries[] = {
	{ "pow", math_pow, pow, pow_pair, mpfr_pow },
	{ "atan2", math_atan2, atan2, atan2_pair, mpfr_atan2 },
};

static bool measure_binary_mpfr(const Binary *u, DType t, uint64_t n)
{
	Function f;

	function_open(&f, u->name, t, 2);
	f.prog->result = u->build(f.prog, t, 0, 1);
	bool good = measure_mpfr(&f, NULL, u->mpfr, t, n);
	function_close(&f);
	return good;
}

/* Special values, all pairs of which come first. */
static float special(int i)
{
	static const float v[] = {
		0, 1, 2, 3, 0.5f, 0x1p-149f, 0x1p-126f, 0x1p127f, 0x1.fffffep127f, INFINITY, NAN, 1.5f, 10, 0x1p24f, 0x1.fffffep-1f,
		0x1.000002p0f,
	};

	return i & 1 ? -v[i >> 1 & 15] : v[i >> 1 & 15];
}

static bool measure_binary(const Binary *u, uint32_t every)
{
	Function f;
	Worst w = { 0 };
	uint64_t seed = 1;

	function_open(&f, u->name, DT_F32, 2);
	f.prog->result = u->build(f.prog, DT_F32, 0, 1);
	float *x = f.in[0]->data, *y = f.in[1]->data;
	for (uint64_t first = 0; first < (UINT64_C(1) << 30) / every; first += BLOCK) {
		for (uint32_t i = 0; i < BLOCK; i++) {
			u->pair(next_random(&seed), i % 2 == 0, &x[i], &y[i]);
			if (first == 0 && i < 1024)
				x[i] = special((int)i >> 5), y[i] = special((int)i & 31);
		}
		const float *z = function_eval(&f);
		for (uint32_t i = 0; i < BLOCK; i++)
			compare(&w, x[i], y[i], z[i], u->libm((double)x[i], (double)y[i]));
	}
	function_close(&f);
	return report(u->name, &w);
}

static bool is_wanted(int argc, char **argv, const char *name)
{
	bool wanted = argc < 1;

	for (int i = 0; i < argc; i++)
		wanted |= strcmp(argv[i], name) == 0;
	return wanted;
}

static bool is_known(const char *name)
{
	bool known = false;

	for (size_t i = 0; i < sizeof unaries / sizeof *unaries; i++)
		known |= strcmp(name, unaries[i].name) == 0;
	for (size_t i = 0; i < sizeof binaries / sizeof *binaries; i++)
		known |= strcmp(name, binaries[i].name) == 0;
	return known;
}

int main(int argc, char **argv)
{
	bool good = true;
	uint32_t every = 1;
	uint64_t n = 0;        /* samples against MPFR alone, of type t */
	DType t = DT_F64;

	argc--;
	argv++;
	if (argc > 0 && (strncmp(argv[0], "--f32=", 6) == 0 || strncmp(argv[0], "--f64=", 6) == 0)) {
		t = argv[0][3] == '3' ? DT_F32 : DT_F64;
		n = strtoull(argv[0] + 6, NULL, 10);
		argc--;
		argv++;
	} else if (argc > 0 && strncmp(argv[0], "--every=", 8) == 0) {
		every = (uint32_t)strtoul(argv[0] + 8, NULL, 10) | 1;
		argc--;
		argv++;
	}
	for (int i = 0; i < argc; i++) {
		if (!is_known(argv[i])) {
			fprintf(stderr, "math-exhaustive: there is no function '%s'; usage: math-exhaustive [--every=N | --f32=N | --f64=N] [name ...]\n", argv[i]);
			return 2;
		}
	}
	for (size_t i = 0; i < sizeof unaries / sizeof *unaries; i++) {
		if (is_wanted(argc, argv, unaries[i].name))
			good &= n ? measure_unary_mpfr(&unaries[i], t, n) : measure(&unaries[i], every);
	}
	for (size_t i = 0; i < sizeof binaries / sizeof *binaries; i++) {
		if (is_wanted(argc, argv, binaries[i].name))
			good &= n ? measure_binary_mpfr(&binaries[i], t, n) : measure_binary(&binaries[i], every);
	}
	return good ? 0 : 1;
}
