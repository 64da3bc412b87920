/* Calls the model that was linked with functions.c: once, in a loop of five rounds, and where a function fails. */
#include <stdio.h>
#include "custom.h"

int main(void)
{
	int64_t       most = 3, rounds = 4, left = -1;
	float         x[12], y[12], sum[3];
	int32_t       code = -1;
	tfrt_options  options = { 0 };
	tfrt_context *ctx;

	for (int i = 0; i < 12; i++)
		x[i] = (float)i;
	options.max_dims = &most;
	options.threads = 2;
	options.graph = "main";
	if (tfrt_open(&custom_model, &options, &ctx) != TFRT_OK)
		return 1;
	printf("%s\n", tfrt_message(custom_main(ctx, 3, x, &rounds, y, sum, &left)));
	for (int i = 0; i < 12; i++)
		printf("%g%s", y[i], i < 11 ? " " : "\n");
	printf("%g %g %g, left %lld\n", sum[0], sum[1], sum[2], (long long)left);
	printf("%s\n", tfrt_failed(ctx, &code) ? "failed" : "none has failed");
	rounds = 9;
	printf("%s\n", tfrt_message(custom_main(ctx, 3, x, &rounds, y, sum, &left)));
	const char *name = tfrt_failed(ctx, &code);
	printf("%s gave %d\n", name, (int)code);
	tfrt_close(ctx);
	return 0;
}
