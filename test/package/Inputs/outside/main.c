/* main.c - a program outside of tfcc's tree that uses one model twice under two names. */
#include "tiny.h"
#include "tiny_slow.h"

#include <stdio.h>

static int run(const char *name, const tfrt_model *model,
	tfrt_status (*graph)(tfrt_context *, int64_t, const float *, float *))
{
	const float x[2][3] = { { 0.5f, 2.25f, 4.0f }, { 1.5f, 2.0f, -8.0f } };
	float y[2][3];
	int64_t n = 2;
	tfrt_options options = { 0 };
	tfrt_context *ctx;
	tfrt_status status;

	options.max_dims = &n;
	status = tfrt_open(model, &options, &ctx);
	if (status == TFRT_OK)
		status = graph(ctx, n, &x[0][0], &y[0][0]);
	tfrt_close(ctx);
	if (status != TFRT_OK) {
		printf("%s: %s\n", name, tfrt_message(status));
		return 1;
	}
	printf("%s: %g %g %g, %g %g %g\n", name, y[0][0], y[0][1], y[0][2], y[1][0], y[1][1], y[1][2]);
	return 0;
}

int main(void)
{
	return run("tiny", &tiny_model, tiny) || run("tiny_slow", &tiny_slow_model, tiny_slow);
}
