/* exact_buffers.c - calls every graph of a model on buffers of exactly the right size, for a few extents, on one and on
   two threads, and prints a hash of each result.  A sanitizer or valgrind sees what is touched beyond them, or read
   before it was written; two builds of a model must print the same.

   Compile with -DMODEL=name_model.  What a graph refuses, as a slice of nothing, is said so. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tfrt.h"

#ifndef SHORT
#define SHORT 0u   /* bytes that every buffer lacks: to see that it is found out */
#endif

extern const tfrt_model MODEL;

enum { TENSORS = 16, RANK = 16, DIMS = 8 };

static uint64_t state;

static uint32_t next_random(void)
{
	state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (uint32_t)(state >> 33);
}

static void check(tfrt_status s, const char *what)
{
	if (s != TFRT_OK) {
		printf("%s: %s\n", what, tfrt_message(s));
		exit(1);
	}
}

/* A float in [-2, 2), or an integer around 0 .. extent: indices within and beyond. */
static void fill(void *data, tfrt_dtype t, int64_t count, int64_t extent)
{
	for (int64_t i = 0; i < count; i++) {
		float f = (float)(next_random() % 4096) / 1024 - 2;
		int64_t k = (int64_t)(next_random() % (uint64_t)(extent + 4)) - 2;
		uint16_t half;
		uint32_t bits;
		double d = f;

		memcpy(&bits, &f, sizeof bits);
		half = (uint16_t)(bits >> 16);
		if (t == TFRT_F32)
			memcpy((char *)data + 4 * i, &f, 4);
		else if (t == TFRT_F64)
			memcpy((char *)data + 8 * i, &d, 8);
		else if (t == TFRT_F16 || t == TFRT_BF16)
			memcpy((char *)data + 2 * i, &half, 2);
		else if (t == TFRT_BOOL)
			((unsigned char *)data)[i] = (unsigned char)(k & 1);
		else
			memcpy((char *)data + tfrt_dtype_bytes(t) * i, &k, (size_t)tfrt_dtype_bytes(t));
	}
}

static void print_hash(const char *graph, const char *name, int64_t n, const void *data, size_t bytes)
{
	uint64_t h = UINT64_C(14695981039346656037);

	for (size_t i = 0; i < bytes; i++)
		h = (h ^ ((const unsigned char *)data)[i]) * UINT64_C(1099511628211);
	printf("%s %s %lld %016llx\n", graph, name, (long long)n, (unsigned long long)h);
}

static void run(const tfrt_graph *g, int64_t n, int32_t threads)
{
	void *data[TENSORS], *workspace = NULL;
	size_t bytes[TENSORS];
	int64_t dims[DIMS];
	int32_t nin = tfrt_input_count(g), ntensors = nin + tfrt_output_count(g);
	tfrt_context *ctx;

	if (tfrt_dim_count(g) > DIMS || ntensors > TENSORS)
		exit(2);
	for (int32_t i = 0; i < tfrt_dim_count(g); i++)
		dims[i] = n;
	if (tfrt_workspace(g, dims, threads) < 0) {
		printf("%s %lld refused\n", tfrt_graph_name(g), (long long)n);
		return;
	}
	for (int32_t i = 0; i < ntensors; i++) {
		tfrt_tensor_info info;
		int64_t extent[RANK], count = 1;

		check(tfrt_tensor_at(g, i, &info), "tensor");
		check(tfrt_shape(g, dims, i, extent), "shape");
		for (int32_t k = 0; k < info.rank; k++)
			count *= extent[k];
		bytes[i] = (size_t)(count * tfrt_dtype_bytes(info.dtype));
		data[i] = malloc(bytes[i] >= SHORT ? bytes[i] - SHORT : 0);
		if (i < nin)
			fill(data[i], info.dtype, count, n);
	}
	tfrt_options o = { .threads = threads, .graph = tfrt_graph_name(g), .max_dims = dims };
	o.workspace_bytes = tfrt_workspace(g, dims, threads);
	if (o.workspace_bytes > 0 && posix_memalign(&workspace, TFRT_ALIGN, (size_t)o.workspace_bytes))
		exit(2);
	o.workspace = workspace;
	check(tfrt_open(&MODEL, &o, &ctx), "open");
	check(tfrt_call(ctx, tfrt_graph_name(g), NULL, dims, data, data + nin), tfrt_graph_name(g));
	tfrt_close(ctx);
	for (int32_t i = nin; i < ntensors; i++) {
		tfrt_tensor_info info;
		check(tfrt_tensor_at(g, i, &info), "tensor");
		print_hash(tfrt_graph_name(g), info.name, n, data[i], bytes[i]);
	}
	for (int32_t i = 0; i < ntensors; i++)
		free(data[i]);
	free(workspace);
}

int main(void)
{
	static const int64_t extents[] = { 0, 1, 6, 19 };

	for (int32_t g = 0; g < tfrt_graph_count(&MODEL); g++)
		for (int i = 0; i < 4; i++)
			for (int32_t threads = 1; threads < 3; threads++) {
				state = (uint64_t)(g + 1) * 1000 + (uint64_t)i;
				run(tfrt_graph_at(&MODEL, g), extents[i], threads);
			}
	return 0;
}
