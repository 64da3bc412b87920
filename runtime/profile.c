/* profile.c - time per kernel.  An object without --profile never calls the hook; a context without it has none. */
#include <string.h>
#include <time.h>

#include "runtime/context.h"

static int64_t now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

void tfrt_profile_hook(tfrt_context *ctx, int32_t kernel, int32_t end)
{
	Context    *c = (Context *)ctx;
	KernelTime *k = &c->times[kernel];

	if (!end) {
		k->begin = now_ns();
		return;
	}
	int64_t ns = now_ns() - k->begin;
	if (k->calls == 0 || ns < k->least_ns)
		k->least_ns = ns;
	k->calls++;
	k->total_ns += ns;
}

int32_t tfrt_kernel_count(const tfrt_context *ctx)
{
	const Context *c = (const Context *)ctx;

	return c->times ? c->pub.model->kernel_count : 0;
}

tfrt_status tfrt_kernel_at(const tfrt_context *ctx, int32_t i, tfrt_kernel_time *time)
{
	const Context *c = (const Context *)ctx;

	if (i < 0 || i >= tfrt_kernel_count(ctx))
		return TFRT_INVALID;
	time->name = c->pub.model->kernels[i];
	time->calls = c->times[i].calls;
	time->total_ns = c->times[i].total_ns;
	time->least_ns = c->times[i].least_ns;
	return TFRT_OK;
}

void tfrt_profile_reset(tfrt_context *ctx)
{
	Context *c = (Context *)ctx;

	if (c->times)
		memset(c->times, 0, (size_t)c->pub.model->kernel_count * sizeof *c->times);
}
