/* test/unit/exprs_test.c - scalar programs of elementwise ops, against C's arithmetic and libm. */
#include "ir/exprs.h"

#include <math.h>
#include <string.h>

#include "ir/base/num.h"
#include "ir/build.h"
#include "test/unit/unit.h"

typedef struct Fixture {
	Ctx  *ctx;
	Func *f;
} Fixture;

static Fixture fixture_new(void)
{
	Ctx *ctx = ctx_new();
	Module *m = module_new(ctx);

	return (Fixture){ ctx, func_new(m, "f", NULL) };
}

/* The value of one op on scalars, as bits. */
static uint64_t run_op(Fixture *x, OpKind kind, const void *attrs, int n, const DType *t, const uint64_t *in)
{
	Value *arg[3];
	const void *data[3];
	int step[3] = { 0 };
	uint64_t out = 0;

	for (int i = 0; i < n; i++) {
		arg[i] = block_add_arg(x->f->body, type_scalar(x->ctx->types, t[i]), NULL, NULL);
		data[i] = &in[i];
	}
	Op *op = op_new(x->f, kind, NULL, n, arg, attrs);
	ScalarProg *p = expr_prog(x->ctx->arena, op);
	scalar_prog_eval(p, data, step, &out, 1);
	return out;
}

static uint64_t op_on(Fixture *x, OpKind kind, DType t, int n, uint64_t a, uint64_t b, uint64_t c)
{
	return run_op(x, kind, NULL, n, (DType[]){ t, t, t }, (uint64_t[]){ a, b, c });
}

static float f32_op(Fixture *x, OpKind kind, int n, float a, float b, float c)
{
	return f32_of_bits((uint32_t)op_on(x, kind, DT_F32, n, f32_bits(a), f32_bits(b), f32_bits(c)));
}

static double f64_op(Fixture *x, OpKind kind, int n, double a, double b)
{
	return f64_of_bits(op_on(x, kind, DT_F64, n, f64_bits(a), f64_bits(b), 0));
}

/* Every row of floats computes the function of its name: within 4 ulp of libm. */
TEST(exprs_are_the_functions_of_their_names)
{
	typedef double (*Fn)(double);
	static const struct { OpKind kind; Fn fn; } unary[] = {
		{ OP_abs, fabs }, { OP_floor, floor }, { OP_ceil, ceil }, { OP_round_nearest_even, rint }, { OP_sqrt, sqrt },
		{ OP_exp, exp }, { OP_exp2, exp2 }, { OP_expm1, expm1 }, { OP_log, log }, { OP_log1p, log1p }, { OP_tanh, tanh }, { OP_erf, erf },
	};
	static const double at[] = { 0.03, 0.5, 1.75, 2.5, 7.25 };
	Fixture x = fixture_new();

	for (size_t i = 0; i < sizeof unary / sizeof *unary; i++) {
		for (size_t k = 0; k < sizeof at / sizeof *at; k++) {
			double want = unary[i].fn((float)at[k]), found = f32_op(&x, unary[i].kind, 1, (float)at[k], 0, 0);
			double want64 = unary[i].fn(at[k]), found64 = f64_op(&x, unary[i].kind, 1, at[k], 0);

			if (fabs(found - want) > 4 * 0x1p-24 * fabs(want) || fabs(found64 - want64) > 8 * 0x1p-53 * fabs(want64))
				unit_fail(__FILE__, __LINE__, "%s(%g) = %.9g, %.17g", op_info[unary[i].kind].name, at[k], found, found64);
		}
	}
	for (size_t k = 0; k < sizeof at / sizeof *at; k++) {
		float a = (float)at[k];

		EXPECT(fabs(f32_op(&x, OP_rsqrt, 1, a, 0, 0) * sqrt(a) - 1) < 0x1p-22);
		EXPECT(fabs(f32_op(&x, OP_logistic, 1, a, 0, 0) * (1 + exp(-a)) - 1) < 0x1p-21);
		EXPECT_EQ_F32BITS(f32_op(&x, OP_neg, 1, a, 0, 0), -a);
		EXPECT(fabs(f32_op(&x, OP_pow, 2, a, 1.5f, 0) / pow(a, 1.5) - 1) < 0x1p-22);
		EXPECT_EQ_F32BITS(f32_op(&x, OP_rem, 2, 100.25f, a, 0), fmodf(100.25f, a));
		EXPECT_EQ_F32BITS(f32_op(&x, OP_add, 2, a, 0.1f, 0), a + 0.1f);
		EXPECT_EQ_F32BITS(f32_op(&x, OP_sub, 2, a, 0.1f, 0), a - 0.1f);
		EXPECT_EQ_F32BITS(f32_op(&x, OP_mul, 2, a, 0.1f, 0), a * 0.1f);
		EXPECT_EQ_F32BITS(f32_op(&x, OP_div, 2, a, 0.1f, 0), a / 0.1f);
	}
	ctx_free(x.ctx);
}

TEST(exprs_sign_and_clamp)
{
	Fixture x = fixture_new();

	EXPECT_EQ_F32BITS(f32_op(&x, OP_sign, 1, -3.5f, 0, 0), -1);
	EXPECT_EQ_F32BITS(f32_op(&x, OP_sign, 1, 1e-40f, 0, 0), 1);
	EXPECT_EQ_F32BITS(f32_op(&x, OP_sign, 1, -0.0f, 0, 0), -0.0f);
	EXPECT_EQ_F32BITS(f32_op(&x, OP_sign, 1, NAN, 0, 0), NAN);
	EXPECT_EQ_INT((int8_t)op_on(&x, OP_sign, DT_I8, 1, 0x80, 0, 0), -1);
	EXPECT_EQ_INT((int8_t)op_on(&x, OP_sign, DT_I8, 1, 0, 0, 0), 0);
	EXPECT_EQ_INT((int64_t)op_on(&x, OP_sign, DT_I64, 1, 1ull << 40, 0, 0), 1);

	EXPECT_EQ_F32BITS(f32_op(&x, OP_clamp, 3, -1, 5, 2), 2);
	EXPECT_EQ_F32BITS(f32_op(&x, OP_clamp, 3, -1, -5, 2), -1);
	EXPECT_EQ_F32BITS(f32_op(&x, OP_clamp, 3, -1, 0.5f, 2), 0.5f);
	EXPECT_EQ_F32BITS(f32_op(&x, OP_clamp, 3, -1, NAN, 2), NAN);
	/* low above high: high wins, as in min(max(x, low), high) */
	EXPECT_EQ_F32BITS(f32_op(&x, OP_clamp, 3, 3, 0, 2), 2);
	EXPECT_EQ_INT((int32_t)op_on(&x, OP_clamp, DT_I32, 3, (uint32_t)-7, (uint32_t)-9, 4), -7);
	ctx_free(x.ctx);
}

/* By the definition: multiply y times. */
static int64_t power(int64_t x, int64_t y, int bits)
{
	uint64_t r = 1;

	if (y < 0)
		return x == 1 ? 1 : x == -1 ? (y % 2 ? -1 : 1) : 0;
	for (int64_t i = 0; i < y; i++)
		r *= (uint64_t)x;
	return (int64_t)(r << (64 - bits)) >> (64 - bits);
}

TEST(exprs_integer_power)
{
	Fixture x = fixture_new();

	for (int64_t a = -5; a <= 5; a++) {
		for (int64_t b = -4; b <= 70; b++) {
			int64_t p8 = (int8_t)op_on(&x, OP_pow, DT_I8, 2, (uint8_t)a, (uint8_t)b, 0);
			int64_t p64 = (int64_t)op_on(&x, OP_pow, DT_I64, 2, (uint64_t)a, (uint64_t)b, 0);

			if (p8 != power(a, b, 8) || p64 != power(a, b, 64))
				unit_fail(__FILE__, __LINE__, "%lld^%lld = %lld, %lld", (long long)a, (long long)b, (long long)p8,
				          (long long)p64);
		}
	}
	EXPECT_EQ_INT((uint8_t)op_on(&x, OP_pow, DT_U8, 2, 3, 200, 0), (uint8_t)power(3, 200, 64));
	EXPECT_EQ_INT((uint8_t)op_on(&x, OP_pow, DT_U8, 2, 255, 255, 0), 255);
	ctx_free(x.ctx);
}

TEST(exprs_compare)
{
	static const float at[] = { -INFINITY, -1, -0.0f, 0, 2, NAN };
	Fixture x = fixture_new();
	DType t[2] = { DT_F32, DT_F32 };

	for (int i = 0; i < 36; i++) {
		float a = at[i / 6], b = at[i % 6];
		const bool want[] = { a == b, a != b, a < b, a <= b, a > b, a >= b };

		for (int dir = CMP_EQ; dir <= CMP_GE; dir++) {
			struct attrs_compare attrs = { .dir = (CmpDir)dir };
			uint64_t in[] = { f32_bits(a), f32_bits(b) };

			if (run_op(&x, OP_compare, &attrs, 2, t, in) != want[dir])
				unit_fail(__FILE__, __LINE__, "compare %g, %g, direction %d", (double)a, (double)b, dir);
		}
	}
	/* signs count: 200 is above 100 as u8, below as i8 */
	uint64_t in[] = { 200, 100 };
	EXPECT_EQ_INT(run_op(&x, OP_compare, &(struct attrs_compare){ .dir = CMP_GT }, 2, (DType[]){ DT_U8, DT_U8 }, in), 1);
	EXPECT_EQ_INT(run_op(&x, OP_compare, &(struct attrs_compare){ .dir = CMP_GT }, 2, (DType[]){ DT_I8, DT_I8 }, in), 0);
	ctx_free(x.ctx);
}

static uint64_t cast(Fixture *x, DType from, DType to, uint64_t bits)
{
	return run_op(x, OP_convert, &(struct attrs_convert){ .dtype = to }, 1, &from, &bits);
}

TEST(exprs_convert)
{
	Fixture x = fixture_new();

	EXPECT_EQ_INT(cast(&x, DT_F32, DT_BOOL, f32_bits(-0.0f)), 0);
	EXPECT_EQ_INT(cast(&x, DT_F32, DT_BOOL, f32_bits(NAN)), 1);
	EXPECT_EQ_INT(cast(&x, DT_F16, DT_BOOL, 1), 1);
	EXPECT_EQ_INT(cast(&x, DT_I32, DT_BOOL, 256), 1);
	EXPECT_EQ_INT(cast(&x, DT_BOOL, DT_F32, 1), f32_bits(1));
	EXPECT_EQ_INT(cast(&x, DT_I32, DT_U8, 300), 44);
	EXPECT_EQ_INT(cast(&x, DT_I8, DT_U32, 0xff), 0xffffffffu);
	EXPECT_EQ_INT((int8_t)cast(&x, DT_F32, DT_I8, f32_bits(1e9f)), 127);
	EXPECT_EQ_INT((int32_t)cast(&x, DT_F32, DT_I32, f32_bits(NAN)), 0);
	/* One rounding: 1 + 2^-11 + 2^-30 is just above the middle of two f16, but f32 in between would end on it. */
	EXPECT_EQ_INT(cast(&x, DT_F64, DT_F16, f64_bits(1 + 0x1p-11 + 0x1p-30)), 0x3c01);
	EXPECT_EQ_INT(cast(&x, DT_F32, DT_BF16, f32_bits(1 + 0x1p-8f)), 0x3f80);
	EXPECT_EQ_INT(cast(&x, DT_F32, DT_BF16, f32_bits(1 + 0x1p-7f + 0x1p-8f)), 0x3f82);
	ctx_free(x.ctx);
}

/* f16 and bf16 ops are the f32 op, rounded once. */
TEST(exprs_half_types_round_once)
{
	static const uint16_t f16[] = { 0x3c00, 0x3555, 0x0001, 0x7bff, 0xc248 };
	Fixture x = fixture_new();

	for (int i = 0; i < 25; i++) {
		uint16_t a = f16[i / 5], b = f16[i % 5];
		float fa = f32_from_f16(a), fb = f32_from_f16(b), ga = f32_from_bf16(a), gb = f32_from_bf16(b);

		EXPECT_EQ_INT(op_on(&x, OP_add, DT_F16, 2, a, b, 0), f16_from_f32(fa + fb));
		EXPECT_EQ_INT(op_on(&x, OP_mul, DT_F16, 2, a, b, 0), f16_from_f32(fa * fb));
		EXPECT_EQ_INT(op_on(&x, OP_div, DT_BF16, 2, a, b, 0), bf16_from_f32(ga / gb));
		EXPECT_EQ_INT(op_on(&x, OP_sub, DT_BF16, 2, a, b, 0), bf16_from_f32(ga - gb));
		EXPECT_EQ_INT(op_on(&x, OP_max, DT_F16, 2, a, b, 0), fa > fb ? a : b);
		EXPECT_EQ_INT(run_op(&x, OP_select, NULL, 3, (DType[]){ DT_BOOL, DT_F16, DT_F16 }, (uint64_t[]){ 1, a, b }), a);
		EXPECT_EQ_INT(run_op(&x, OP_compare, &(struct attrs_compare){ .dir = CMP_GE }, 2, (DType[]){ DT_F16, DT_F16 },
		                     (uint64_t[]){ a, b }), fa >= fb);
	}
	ctx_free(x.ctx);
}

/* A region over two f32 arguments: body gives the value that it yields. */
static Block *region_of(Fixture *x, Value *(*body)(Builder *b, Value *l, Value *r))
{
	Value *in = block_add_arg(x->f->body, type_scalar(x->ctx->types, DT_F32), NULL, NULL);
	Builder outer = builder_at_end(x->ctx, x->f->body);
	Op *op = build_begin(&outer, OP_reduce, 2, (Value *[]){ in, in }, NULL);
	Block *region = op->region[0];
	Builder b = builder_at_end(x->ctx, region);
	Value *l = block_add_arg(region, in->type, NULL, NULL), *r = block_add_arg(region, in->type, NULL, NULL);
	Value *y = body(&b, l, r);

	build_op(&b, OP_yield, 1, &y, NULL);
	return region;
}

static Value *body_max(Builder *b, Value *l, Value *r) { return BUILD(b, max, ARGS(r, l)); }
static Value *body_sub(Builder *b, Value *l, Value *r) { return BUILD(b, sub, ARGS(l, r)); }
static Value *body_left(Builder *b, Value *l, Value *r) { (void)b; (void)r; return l; }
static Value *body_twice(Builder *b, Value *l, Value *r) { (void)r; return BUILD(b, add, ARGS(l, l)); }
static Value *body_squares(Builder *b, Value *l, Value *r)
{
	return BUILD(b, add, ARGS(l, BUILD(b, mul, ARGS(r, BUILD(b, mul, ARGS(r, build_scalar(b, DT_F32, 0.5)))))));
}
static Value *body_outer(Builder *b, Value *l, Value *r)
{
	(void)r;
	return BUILD(b, add, ARGS(l, b->func->body->args.at[0]));
}

TEST(exprs_regions)
{
	Fixture x = fixture_new();
	float l = 3, r = 5, out = 0;
	const void *in[] = { &l, &r };
	int step[] = { 0, 0 };

	EXPECT_EQ_INT(region_combiner(region_of(&x, body_max)), OP_max);
	EXPECT_EQ_INT(region_combiner(region_of(&x, body_sub)), OP_COUNT);
	EXPECT_EQ_INT(region_combiner(region_of(&x, body_left)), OP_COUNT);
	EXPECT_EQ_INT(region_combiner(region_of(&x, body_twice)), OP_COUNT);
	EXPECT_EQ_INT(region_combiner(region_of(&x, body_squares)), OP_COUNT);

	ScalarProg *p = region_prog(x.ctx->arena, region_of(&x, body_squares), 0);
	REQUIRE(p);
	scalar_prog_eval(p, in, step, &out, 1);
	EXPECT_EQ_F32BITS(out, 15.5f);
	p = region_prog(x.ctx->arena, region_of(&x, body_left), 0);
	REQUIRE(p);
	scalar_prog_eval(p, in, step, &out, 1);
	EXPECT_EQ_F32BITS(out, 3);
	EXPECT(region_prog(x.ctx->arena, region_of(&x, body_outer), 0) == NULL);
	ctx_free(x.ctx);
}

TEST(exprs_absent_lanes)
{
	EXPECT_EQ_INT(combiner_absent(OP_add, DT_F32), f32_bits(-0.0f));
	EXPECT_EQ_INT(combiner_absent(OP_add, DT_F16), 0x8000);
	EXPECT_EQ_INT(combiner_absent(OP_add, DT_I32), 0);
	EXPECT_EQ_INT(combiner_absent(OP_mul, DT_BF16), 0x3f80);
	EXPECT_EQ_INT(combiner_absent(OP_mul, DT_U8), 1);
	EXPECT_EQ_INT(combiner_absent(OP_max, DT_F64), (long long)f64_bits(-INFINITY));
	EXPECT_EQ_INT(combiner_absent(OP_min, DT_F16), 0x7c00);
	EXPECT_EQ_INT(combiner_absent(OP_max, DT_I8), 0x80);
	EXPECT_EQ_INT(combiner_absent(OP_min, DT_I64), INT64_MAX);
	EXPECT_EQ_INT(combiner_absent(OP_max, DT_U16), 0);
	EXPECT_EQ_INT(combiner_absent(OP_min, DT_U16), 0xffff);
	EXPECT_EQ_INT(combiner_absent(OP_max, DT_BOOL), 0);
	EXPECT_EQ_INT(combiner_absent(OP_min, DT_BOOL), 1);
	EXPECT_EQ_INT(combiner_absent(OP_and, DT_BOOL), 1);
	EXPECT_EQ_INT(combiner_absent(OP_and, DT_U64), -1);
	EXPECT_EQ_INT(combiner_absent(OP_or, DT_I32), 0);
	EXPECT_EQ_INT(combiner_absent(OP_xor, DT_BOOL), 0);
}
