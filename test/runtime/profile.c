/* Times per kernel, only for contexts that ask for them.
   RUN: %cc -std=gnu17 -I%root %s %tfrt -lpthread -o %t && %t
*/
#include <time.h>

#include "Inputs/fake.h"

const tfrt_model fake_model = { FAKE_MODEL };

static int64_t now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

int main(void)
{
	int64_t          dims[] = { 1000, 1, 1 };
	tfrt_options     o = { .max_dims = dims, .profile = 1, .threads = 2 };
	tfrt_context    *ctx;
	tfrt_kernel_time copy, scale;
	static float     x[4000], y[4000];

	EXPECT(tfrt_open(&fake_model, &o, &ctx) == TFRT_OK && tfrt_kernel_count(ctx) == 2);
	int64_t begin = now_ns();
	for (int i = 0; i < 10; i++)
		EXPECT(fake_scale(ctx, 1000, x, y) == TFRT_OK);
	int64_t wall = now_ns() - begin;
	EXPECT(tfrt_kernel_at(ctx, 0, &copy) == TFRT_OK && tfrt_kernel_at(ctx, 1, &scale) == TFRT_OK);
	EXPECT(strcmp(copy.name, "copy") == 0 && copy.calls == 0 && copy.total_ns == 0);
	EXPECT(strcmp(scale.name, "scale") == 0 && scale.calls == 10);
	EXPECT(scale.least_ns > 0 && scale.least_ns * 10 <= scale.total_ns && scale.total_ns <= wall);
	EXPECT(tfrt_kernel_at(ctx, 2, &copy) == TFRT_INVALID && tfrt_kernel_at(ctx, -1, &copy) == TFRT_INVALID);
	tfrt_profile_reset(ctx);
	EXPECT(tfrt_kernel_at(ctx, 1, &scale) == TFRT_OK && scale.calls == 0 && scale.least_ns == 0);
	tfrt_close(ctx);

	o.profile = 0;
	EXPECT(tfrt_open(&fake_model, &o, &ctx) == TFRT_OK && tfrt_kernel_count(ctx) == 0 && !ctx->profile);
	EXPECT(tfrt_kernel_at(ctx, 0, &copy) == TFRT_INVALID);
	tfrt_close(ctx);
	return report();
}
