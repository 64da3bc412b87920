/* steps.c - 20 steps of every graph, with buffers apart from each other and with each result in the buffer of the input over which it
   lies: the same bits, and inputs that no result lies over stay as they are.

   usage: steps [GRAPH] */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "over.h"

enum { TENSORS = 32, STEPS = 20, BYTES = 1 << 16 };

typedef struct Side { unsigned char *in[TENSORS], *out[TENSORS]; } Side;

static uint32_t seed = 1;

static float number(void)
{
	seed = seed * 1664525u + 1013904223u;
	return (float)(int)(seed >> 8) / (1 << 23) - 1;
}

static int64_t bytes_of(const tfrt_graph *g, const int64_t *dims, int32_t i)
{
	int64_t          extent[16], n = 1;
	tfrt_tensor_info t;

	tfrt_tensor_at(g, i, &t);
	tfrt_shape(g, dims, i, extent);
	for (int32_t k = 0; k < t.rank; k++)
		n *= extent[k];
	return n * (t.dtype == TFRT_I64 ? 8 : 4);
}

static void fill(const tfrt_graph *g, const int64_t *dims, int32_t i, unsigned char *to)
{
	tfrt_tensor_info t;

	tfrt_tensor_at(g, i, &t);
	for (int64_t k = 0, n = bytes_of(g, dims, i) / (t.dtype == TFRT_I64 ? 8 : 4); k < n; k++)
		if (t.dtype == TFRT_F32)
			((float *)to)[k] = number();
		else if (t.dtype == TFRT_I64)
			((int64_t *)to)[k] = 2 * k;
		else
			((int32_t *)to)[k] = (int32_t)k;
}

static int differs(const char *what, const char *graph, int step, int32_t i, const void *a, const void *b, int64_t n)
{
	if (memcmp(a, b, (size_t)n) == 0)
		return 0;
	printf("@%s, step %d: %s %d has other bits\n", graph, step, what, (int)i);
	return 1;
}

static int run(const tfrt_graph *g, int32_t threads)
{
	int64_t       dims[8];
	tfrt_options  options = { 0 };
	tfrt_context *ctx;
	const char   *name = tfrt_graph_name(g);
	int32_t       nin = tfrt_input_count(g), nout = tfrt_output_count(g);
	Side          apart, over;
	int           wrong = 0;

	for (int32_t i = 0; i < tfrt_dim_count(g); i++)
		dims[i] = 37 - i;
	options.threads = threads;
	options.max_dims = dims;
	options.graph = name;
	if (tfrt_open(&over_model, &options, &ctx) != TFRT_OK)
		return 1;
	for (int32_t i = 0; i < nin; i++) {
		apart.in[i] = (unsigned char *)malloc(BYTES);
		over.in[i] = (unsigned char *)malloc(BYTES);
		fill(g, dims, i, apart.in[i]);
		memcpy(over.in[i], apart.in[i], (size_t)bytes_of(g, dims, i));
	}
	for (int32_t i = 0; i < nout; i++) {
		apart.out[i] = (unsigned char *)malloc(BYTES);
		over.out[i] = tfrt_output_over(g, i) < 0 ? (unsigned char *)malloc(BYTES) : over.in[tfrt_output_over(g, i)];
	}
	for (int step = 0; step < STEPS && !wrong; step++) {
		if (tfrt_call(ctx, name, NULL, dims, (void *const *)apart.in, (void *const *)apart.out) != TFRT_OK ||
		    tfrt_call(ctx, name, NULL, dims, (void *const *)over.in, (void *const *)over.out) != TFRT_OK)
			wrong = 1;
		for (int32_t i = 0; i < nout; i++)
			wrong += differs("output", name, step, i, apart.out[i], over.out[i], bytes_of(g, dims, nin + i));
		for (int32_t i = 0; i < nout; i++)
			if (tfrt_output_over(g, i) >= 0)
				memcpy(apart.in[tfrt_output_over(g, i)], apart.out[i], (size_t)bytes_of(g, dims, nin + i));
		for (int32_t i = 0; i < nin; i++)
			wrong += differs("input", name, step, i, apart.in[i], over.in[i], bytes_of(g, dims, i));
	}
	for (int32_t i = 0; i < nout; i++) {
		free(apart.out[i]);
		if (tfrt_output_over(g, i) < 0)
			free(over.out[i]);
	}
	for (int32_t i = 0; i < nin; i++) {
		free(apart.in[i]);
		free(over.in[i]);
	}
	tfrt_close(ctx);
	return wrong;
}

int main(int argc, char **argv)
{
	int32_t graphs = tfrt_graph_count(&over_model), aliases = 0;
	int     wrong = 0;

	for (int32_t i = 0; i < graphs; i++) {
		const tfrt_graph *g = tfrt_graph_at(&over_model, i);
		if (argc > 1 && strcmp(argv[1], tfrt_graph_name(g)) != 0)
			continue;
		for (int32_t k = 0; k < tfrt_output_count(g); k++)
			aliases += tfrt_output_over(g, k) >= 0;
		for (int32_t threads = 1; threads <= 3; threads += 2)
			wrong += run(g, threads);
	}
	printf("%d results over inputs, %d wrong\n", (int)aliases, wrong);
	return wrong != 0;
}
