/* train.c - twenty training steps, from C: a step compiled by tfcc, whose state goes round, and the losses that JAX computed.

   usage: train FIRST.bin MODEL.curve (f32 | f64)

   FIRST.bin holds the arguments of the first step, floats as f64; a line of MODEL.curve the losses of a step in f64 and in f32.
   f64 is right if it is that of JAX to 1e-9, relatively; f32 if it lies no farther from f64 than three times as far as JAX's f32
   does, and 1e-6. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "step.h"

enum { STEPS = 20, TENSORS_MAX = 256 };

static void stop(const char *what)
{
	fprintf(stderr, "train: %s\n", what);
	exit(1);
}

/* Room for tensor i of the graph; *count gets its elements. */
static void *room(const tfrt_graph *g, int32_t i, int64_t *count, tfrt_dtype *type)
{
	tfrt_tensor_info info;
	int64_t extent[16];
	void *data;

	if (tfrt_tensor_at(g, i, &info) != TFRT_OK || info.rank > 16 || tfrt_shape(g, NULL, i, extent) != TFRT_OK)
		stop("the graph has no such tensor");
	*count = 1;
	for (int32_t k = 0; k < info.rank; k++)
		*count *= extent[k];
	*type = info.dtype;
	data = calloc((size_t)*count + 1, 8);
	if (data == NULL)
		stop("out of memory");
	return data;
}

static void fill(FILE *f, void *data, int64_t count, tfrt_dtype type)
{
	double x;

	for (int64_t i = 0; i < count; i++) {
		if (type != TFRT_F32) {
			size_t bytes = (size_t)tfrt_dtype_bytes(type);
			if (fread((char *)data + (size_t)i * bytes, bytes, 1, f) != 1)
				stop("the file of the first arguments is too short");
		} else {
			if (fread(&x, 8, 1, f) != 1)
				stop("the file of the first arguments is too short");
			((float *)data)[i] = (float)x;
		}
	}
}

int main(int argc, char **argv)
{
	const tfrt_graph *g = tfrt_graph_find(&step_model, NULL);
	void *in[TENSORS_MAX], *out[TENSORS_MAX];
	tfrt_context *ctx;
	tfrt_status s;
	int32_t nin, nout, wrong = 0;
	tfrt_dtype type = 0;
	int64_t count;
	FILE *first, *curve;

	if (argc != 4 || g == NULL)
		stop("usage: train FIRST.bin MODEL.curve (f32 | f64)");
	nin = tfrt_input_count(g);
	nout = tfrt_output_count(g);
	first = fopen(argv[1], "rb");
	curve = fopen(argv[2], "r");
	if (first == NULL || curve == NULL || nin > TENSORS_MAX || nout > TENSORS_MAX)
		stop("a file cannot be opened, or the graph has too many tensors");
	for (int32_t i = 0; i < nin; i++) {
		in[i] = room(g, i, &count, &type);
		fill(first, in[i], count, type);
	}
	if (fgetc(first) != EOF)
		stop("the file of the first arguments is too long");
	for (int32_t i = 0; i < nout; i++)
		out[i] = room(g, nin + i, &count, &type);
	if (type != (strcmp(argv[3], "f64") == 0 ? TFRT_F64 : TFRT_F32))
		stop("the loss has another type");
	s = tfrt_open(&step_model, NULL, &ctx);
	for (int step = 0; s == TFRT_OK && step < STEPS; step++) {
		double wanted, jax, loss, most;
		s = tfrt_call(ctx, NULL, NULL, NULL, in, out);
		loss = type == TFRT_F64 ? *(double *)out[nout - 1] : *(float *)out[nout - 1];
		if (fscanf(curve, "%lf %lf", &wanted, &jax) != 2)
			stop("the curve is too short");
		most = type == TFRT_F64 ? 1e-9 * fabs(wanted) : 3 * fabs(jax - wanted) + 1e-6;
		if (!(fabs(loss - wanted) <= most)) {
			printf("step %d: %.17g, wanted %.17g, at most %.3g away\n", step, loss, wanted, most);
			wrong++;
		}
		for (int32_t i = 0; i < nout - 1; i++) {
			void *old = in[i];
			in[i] = out[i];
			out[i] = old;
		}
	}
	if (s != TFRT_OK)
		stop(tfrt_message(s));
	tfrt_close(ctx);
	printf("%d steps, %d wrong\n", STEPS, wrong);
	for (int32_t i = 0; i < nin; i++)
		free(in[i]);
	for (int32_t i = 0; i < nout; i++)
		free(out[i]);
	fclose(first);
	fclose(curve);
	return wrong != 0;
}
