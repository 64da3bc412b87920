/* two_models.c - one model under two prefixes and another model in one program; calls at the same time, each with a context
   of its own, agree with calls one after the other. */
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "first.h"
#include "second.h"
#include "small.h"

enum { N = 9, ROUNDS = 20, CALLERS = 4 };
static float images[N * 64], wanted[N * 10];

static void *call_often(void *arg)
{
	int64_t           n = N;
	tfrt_options      options = { 0 };
	tfrt_context     *ctx;
	int               other_one = *(const int *)arg % 2;
	float             probs[N * 10];
	static const char other[] = "differs";

	options.max_dims = &n;
	options.threads = *(const int *)arg / 2 + 1;
	if (tfrt_open(other_one ? &second_model : &first_model, &options, &ctx) != TFRT_OK)
		return (void *)other;
	for (int i = 0; i < ROUNDS; i++) {
		memset(probs, 0xff, sizeof probs);
		tfrt_status s = other_one ? second(ctx, N, images, probs) : first(ctx, N, images, probs);
		if (s != TFRT_OK || memcmp(probs, wanted, sizeof probs) != 0)
			return (void *)other;
	}
	tfrt_close(ctx);
	return NULL;
}

int main(void)
{
	int64_t       n = N, two = 2, small_dims[] = { 2 };
	tfrt_options  options = { 0 };
	tfrt_context *ctx;
	pthread_t     thread[CALLERS];
	int           number[CALLERS], differ = 0;
	float         x[6] = { 1, 2, 3, 4, 5, 6 }, twice[6], last[2];
	int32_t       i32[2] = { 7, -8 }, sum[2];

	for (int i = 0; i < N * 64; i++)
		images[i] = (float)(i * 7919 % 17) / 16;
	options.max_dims = &n;
	if (tfrt_open(&first_model, &options, &ctx) != TFRT_OK || first(ctx, n, images, wanted) != TFRT_OK)
		return 1;
	/* A context belongs to its model. */
	printf("%s\n", tfrt_message(second(ctx, n, images, wanted)));
	tfrt_close(ctx);
	for (int i = 0; i < CALLERS; i++) {
		number[i] = i;
		if (pthread_create(&thread[i], NULL, call_often, &number[i]) != 0)
			return 1;
	}
	for (int i = 0; i < CALLERS; i++) {
		void *result;
		pthread_join(thread[i], &result);
		differ += result != NULL;
	}
	printf("%d of %d callers differ\n", differ, CALLERS);
	options.max_dims = small_dims;
	options.graph = "main";
	if (tfrt_open(&small_model, &options, &ctx) != TFRT_OK || small_main(ctx, two, x, i32, twice, sum, last) != TFRT_OK)
		return 1;
	printf("%g %d %g\n", twice[5], (int)sum[1], last[1]);
	tfrt_close(ctx);
	return differ;
}
