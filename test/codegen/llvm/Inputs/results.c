/* results.c - prints what each graph @f of a model gives for the inputs of its @f.data, as a hash: every bit counts, but
   all NaNs are one. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tfrt.h"

extern const tfrt_model m_model;

enum { MAX = 64 };

typedef struct Values { void *data[MAX]; int64_t shape[MAX][16]; int64_t count[MAX]; tfrt_tensor_info info[MAX]; int n; } Values;

static void die(const char *graph, const char *what)
{
	fprintf(stderr, "%s: %s\n", graph, what);
	exit(1);
}

/* Runs g on the first values of `in`, which may be NULL; gives its outputs. */
static void run(const tfrt_graph *g, const Values *in, Values *out)
{
	const char *name = tfrt_graph_name(g);
	const int64_t *shapes[MAX];
	int64_t dims[64];
	tfrt_context *ctx;
	tfrt_options o;
	tfrt_status s;

	out->n = tfrt_output_count(g);
	for (int i = 0; i < tfrt_input_count(g); i++)
		shapes[i] = in->shape[i];
	if ((s = tfrt_bind(g, shapes, dims)) != TFRT_OK)
		die(name, tfrt_message(s));
	for (int i = 0; i < out->n; i++) {
		tfrt_tensor_at(g, tfrt_input_count(g) + i, &out->info[i]);
		tfrt_shape(g, dims, tfrt_input_count(g) + i, out->shape[i]);
		out->count[i] = 1;
		for (int k = 0; k < out->info[i].rank; k++)
			out->count[i] *= out->shape[i][k];
		out->data[i] = calloc((size_t)out->count[i] + 1, (size_t)tfrt_dtype_bytes(out->info[i].dtype));
	}
	memset(&o, 0, sizeof o);
	o.graph = name;
	o.max_dims = dims;
	if ((s = tfrt_open(&m_model, &o, &ctx)) != TFRT_OK)
		die(name, tfrt_message(s));
	if ((s = tfrt_call(ctx, name, NULL, dims, in ? in->data : NULL, out->data)) != TFRT_OK)
		die(name, tfrt_message(s));
	tfrt_close(ctx);
}

static uint64_t bits_of(const Values *v, int i, int64_t k)
{
	uint64_t bits = 0, sign, size;
	int bytes = tfrt_dtype_bytes(v->info[i].dtype), mantissa;

	memcpy(&bits, (char *)v->data[i] + k * bytes, (size_t)bytes);
	switch (v->info[i].dtype) {
	case TFRT_F16: mantissa = 10; break;
	case TFRT_BF16: mantissa = 7; break;
	case TFRT_F32: mantissa = 23; break;
	case TFRT_F64: mantissa = 52; break;
	default: return bits;
	}
	sign = (uint64_t)1 << (bytes * 8 - 1);
	size = bits & (sign - 1);
	return size > ((sign - 1) >> mantissa) << mantissa ? sign - 1 : bits;
}

int main(void)
{
	static Values in, out;

	for (int i = 0; i < tfrt_graph_count(&m_model); i++) {
		const tfrt_graph *f = tfrt_graph_at(&m_model, i), *data = NULL;
		const char *name = tfrt_graph_name(f);
		size_t n = strlen(name);
		uint64_t hash = 14695981039346656037u;
		for (int k = 0; k < tfrt_graph_count(&m_model); k++) {
			const char *other = tfrt_graph_name(tfrt_graph_at(&m_model, k));
			if (strncmp(other, name, n) == 0 && other[n] == '.')
				data = tfrt_graph_at(&m_model, k);
		}
		if (!data)
			continue;
		run(data, NULL, &in);
		run(f, &in, &out);
		for (int k = 0; k < out.n; k++)
			for (int64_t e = 0; e < out.count[k]; e++)
				hash = (hash ^ bits_of(&out, k, e)) * 1099511628211u;
		printf("%s %016llx\n", name, (unsigned long long)hash);
		for (int k = 0; k < in.n; k++)
			free(in.data[k]);
		for (int k = 0; k < out.n; k++)
			free(out.data[k]);
	}
	return 0;
}
