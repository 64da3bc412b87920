/* fake.h - a model as the compiler would emit it, written by hand, so that the runtime is tested without the compiler.

   @scale(%x: f32[N, 4]) -> (%y: f32[N, 4]): y = 3 x through the workspace, one task per row, N <= 2^20.
   @outer(%a: f32[M], %b: f32[K], %ab: f32[M+K]) -> (%c: f32[M, K]): c = a b^T + ab[0]; needs no workspace. */
#ifndef FAKE_H
#define FAKE_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "runtime/abi.h"

static int failures;
#define EXPECT(cond) \
	do { \
		if (!(cond)) { \
			failures++; \
			printf("%s:%d: expected: %s\n", __FILE__, __LINE__, #cond); \
		} \
	} while (0)

/* What main returns: CHECK and exit code agree. */
static inline int report(void)
{
	printf("%d failures\n", failures);
	return failures != 0;
}

extern const tfrt_model fake_model;

static inline tfrt_status scale_shape(const int64_t *d, int64_t *e)
{
	if (d[0] < 0 || d[0] > 1 << 20)
		return TFRT_SHAPE;
	e[0] = e[2] = d[0];
	e[1] = e[3] = 4;
	return TFRT_OK;
}

static inline int64_t scale_workspace(const int64_t *d, int32_t threads)
{
	return d[0] < 0 || d[0] > 1 << 20 ? -1 : d[0] * 16 + (int64_t)threads * 64;
}

typedef struct ScaleArgs {
	const tfrt_context *ctx;
	int64_t             n;
	const float        *x;
	float              *y;
} ScaleArgs;

static inline void scale_row(void *arg, int64_t row, int32_t worker)
{
	const ScaleArgs *a = arg;
	float *shared = (float *)a->ctx->workspace + row * 4;
	float *mine = (float *)((char *)a->ctx->workspace + a->n * 16 + worker * 64);

	for (int i = 0; i < 4; i++)
		mine[i] = a->x[row * 4 + i] * 2;
	for (int i = 0; i < 4; i++)
		shared[i] = mine[i] + a->x[row * 4 + i];
	memcpy(a->y + row * 4, shared, 16);
}

/* The checks that abi.h asks of a generated entry. */
static inline tfrt_status enter(tfrt_context *ctx, tfrt_status shape, int64_t workspace)
{
	if (!ctx || ctx->model != &fake_model)
		return TFRT_INVALID;
	if (shape != TFRT_OK)
		return shape;
	if (ctx->workspace_bytes < workspace)
		return TFRT_WORKSPACE;
	if ((uint32_t)ctx->variant >= (uint32_t)fake_model.variant_count)
		return TFRT_CPU;
	return TFRT_OK;
}

static inline tfrt_status fake_scale(tfrt_context *ctx, int64_t n, const float *x, float *y)
{
	int64_t     extents[4];
	tfrt_status s = enter(ctx, scale_shape(&n, extents), ctx ? scale_workspace(&n, ctx->threads) : 0);

	if (s != TFRT_OK)
		return s;
	if (n > 0 && (!x || !y))
		return TFRT_INVALID;
	if (ctx->profile)
		ctx->profile(ctx, 1, 0);
	ScaleArgs a = { ctx, n, x, y };
	if (ctx->parallel)
		ctx->parallel(ctx->pool, scale_row, &a, n);
	else
		for (int64_t i = 0; i < n; i++)
			scale_row(&a, i, 0);
	if (ctx->profile)
		ctx->profile(ctx, 1, 1);
	return TFRT_OK;
}

static inline tfrt_status scale_call(tfrt_context *ctx, void *state, const int64_t *dims, void *const *in,
                                     void *const *out)
{
	(void)state;
	return fake_scale(ctx, dims[0], in[0], out[0]);
}

static inline tfrt_status outer_shape(const int64_t *d, int64_t *e)
{
	int64_t sum;

	if (d[0] < 0 || d[1] < 0 || __builtin_add_overflow(d[0], d[1], &sum))
		return TFRT_SHAPE;
	e[0] = e[3] = d[0];
	e[1] = e[4] = d[1];
	e[2] = sum;
	return TFRT_OK;
}

static inline int64_t outer_workspace(const int64_t *d, int32_t threads)
{
	(void)threads;
	return d[0] < 0 || d[1] < 0 ? -1 : 0;
}

static inline tfrt_status outer_call(tfrt_context *ctx, void *state, const int64_t *dims, void *const *in,
                                     void *const *out)
{
	const float *a = in[0], *b = in[1], *ab = in[2];
	float       *c = out[0];
	int64_t      extents[5];
	tfrt_status  s = enter(ctx, outer_shape(dims, extents), 0);

	(void)state;
	for (int64_t i = 0; s == TFRT_OK && i < dims[0]; i++)
		for (int64_t j = 0; j < dims[1]; j++)
			c[i * dims[1] + j] = a[i] * b[j] + ab[0];
	return s;
}

static const struct tfrt_dim scale_dims[] = { { "N", 1 << 20 } };
static const int64_t scale_extents[] = { TFRT_EXTENT_DIM(0), 4 };
static const struct tfrt_tensor scale_inputs[] = { { "x", scale_extents, TFRT_F32, 2, 0 } };
static const struct tfrt_tensor scale_outputs[] = { { "y", scale_extents, TFRT_F32, 2, 0 } };

static const struct tfrt_dim outer_dims[] = { { "M", INT64_MAX }, { "K", INT64_MAX } };
static const int64_t outer_extents[] = {
	TFRT_EXTENT_DIM(0), TFRT_EXTENT_DIM(1), TFRT_EXTENT_EXPR, TFRT_EXTENT_DIM(0), TFRT_EXTENT_DIM(1)
};
static const struct tfrt_tensor outer_inputs[] = {
	{ "a", outer_extents, TFRT_F32, 1, 0 }, { "b", outer_extents + 1, TFRT_F32, 1, 0 },
	{ "ab", outer_extents + 2, TFRT_F32, 1, 0 },
};
static const struct tfrt_tensor outer_outputs[] = { { "c", outer_extents + 3, TFRT_F32, 2, 2 } };

static const struct tfrt_graph fake_graphs[] = {
	{ .name = "scale", .dims = scale_dims, .inputs = scale_inputs, .outputs = scale_outputs, .dim_count = 1,
	  .input_count = 1, .output_count = 1, .extent_count = 4, .shape = scale_shape,
	  .workspace = scale_workspace, .call = scale_call },
	{ .name = "outer", .dims = outer_dims, .inputs = outer_inputs, .outputs = outer_outputs, .dim_count = 2,
	  .input_count = 3, .output_count = 1, .extent_count = 5, .shape = outer_shape,
	  .workspace = outer_workspace, .call = outer_call },
};

static const struct tfrt_variant fake_variants[] = { { "first", 0 }, { "second", 0 } };
static const char *const fake_kernels[] = { "copy", "scale" };

#define FAKE_MODEL \
	.abi_version = TFRT_ABI_VERSION, .struct_size = sizeof(tfrt_model), .arch = TFRT_ARCH_ANY, .graph_count = 2, \
	.variant_count = 2, .kernel_count = 2, .name = "fake", .compiler = "tfcc by hand", .graphs = fake_graphs, \
	.variants = fake_variants, .kernels = fake_kernels

#endif
