/* Calls a model three times and prints how often each kernel ran. */
#include <stdio.h>

#include "profile.h"

int main(void)
{
	static float x[4 * 64], w[64 * 64], y[4 * 64];
	int32_t n;
	int64_t dims = 4;
	tfrt_options o = { .max_dims = &dims, .profile = 1 };
	tfrt_context *ctx;

	if (tfrt_open(&profile_model, &o, &ctx) != TFRT_OK)
		return 1;
	for (int i = 0; i < 3; i++)
		if (profile(ctx, 4, x, w, y, &n) != TFRT_OK)
			return 1;
	printf("%d kernels\n", tfrt_kernel_count(ctx));
	for (int i = 0; i < tfrt_kernel_count(ctx); i++) {
		tfrt_kernel_time t;
		if (tfrt_kernel_at(ctx, i, &t) != TFRT_OK || t.least_ns > t.total_ns)
			return 1;
		printf("%s %lld\n", t.name, (long long)t.calls);
	}
	tfrt_close(ctx);
	return 0;
}
