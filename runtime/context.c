/* context.c - opens a model for calls, and closes it. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "runtime/context.h"

/* Bytes for a call of any of the graphs meant: -1 if dims are refused, -2 if they are missing. */
static int64_t workspace_needed(const tfrt_model *model, const tfrt_options *o, int32_t threads)
{
	const int64_t *dims = o->max_dims;
	int64_t        most = 0;

	for (int32_t i = 0; i < model->graph_count; i++) {
		const tfrt_graph *g = &model->graphs[i];
		if (o->graph && strcmp(o->graph, g->name) != 0)
			continue;
		if (g->dim_count > 0 && !dims)
			return -2;
		int64_t bytes = g->workspace(dims, threads);
		if (bytes < 0)
			return -1;
		if (bytes > most)
			most = bytes;
		if (dims && !o->graph)
			dims += g->dim_count;
	}
	return most;
}

static tfrt_status workspace_get(Context *c, const tfrt_options *o)
{
	int64_t needed = workspace_needed(c->pub.model, o, c->pub.threads);

	if (needed == -1)
		return TFRT_SHAPE;
	if (o->workspace) {
		/* Without max_dims the caller knows best; each call checks. */
		if (needed >= 0 && o->workspace_bytes < needed)
			return TFRT_WORKSPACE;
		c->pub.workspace = o->workspace;
		c->pub.workspace_bytes = o->workspace_bytes;
		return TFRT_OK;
	}
	if (needed < 0)
		return TFRT_INVALID;
	if (needed == 0)
		return TFRT_OK;
	if ((uint64_t)needed > SIZE_MAX || posix_memalign(&c->workspace, TFRT_ALIGN, (size_t)needed) != 0) {
		c->workspace = NULL;
		return TFRT_MEMORY;
	}
	c->pub.workspace = c->workspace;
	c->pub.workspace_bytes = needed;
	return TFRT_OK;
}

static tfrt_status variant_get(Context *c, const tfrt_options *o)
{
	const tfrt_model *model = c->pub.model;
	uint64_t          wanted = 0;
	int32_t           arch;

	for (int32_t i = 0; i < model->variant_count; i++)
		wanted |= model->variants[i].features;
	bool     amx = model->arch == TFRT_ARCH_X86_64 && (wanted & TFRT_FEATURE(X86_64_AMXTILE));
	uint64_t have = tfrt_cpu_features(&arch, amx);
	c->pub.variant = tfrt_variant_pick(model, arch, have, o->variant);
	return c->pub.variant < 0 ? TFRT_CPU : TFRT_OK;
}

static tfrt_status weights_get(Context *c, const tfrt_options *o)
{
	const tfrt_model *model = c->pub.model;

	c->pub.weights = model->weights;
	if (!model->weights_file)
		return TFRT_OK;
	return tfrt_weights_map(model, o->weights ? o->weights : model->weights_file, &c->pub.weights, &c->map,
	                        &c->map_bytes);
}

static tfrt_status threads_get(Context *c, const tfrt_options *o)
{
	if (o->parallel) {
		c->pub.parallel = o->parallel;
		c->pub.pool = o->pool;
		return TFRT_OK;
	}
	if (c->pub.threads == 1)
		return TFRT_OK;
	c->threads = tfrt_pool_open(c->pub.threads, o->pin != 0, o->spin_ns);
	if (!c->threads)
		return TFRT_MEMORY;
	c->pub.concurrent = 1;
	c->pub.parallel = tfrt_pool_run;
	c->pub.pool = c->threads;
	return TFRT_OK;
}

static tfrt_status profile_get(Context *c, const tfrt_options *o)
{
	if (!o->profile || c->pub.model->kernel_count == 0)
		return TFRT_OK;
	c->times = calloc((size_t)c->pub.model->kernel_count, sizeof *c->times);
	if (!c->times)
		return TFRT_MEMORY;
	c->pub.profile = tfrt_profile_hook;
	return TFRT_OK;
}

static bool options_valid(const tfrt_model *model, const tfrt_options *o)
{
	if (o->threads < TFRT_ALL_CPUS || o->threads > TFRT_MAX_THREADS || o->reserved != 0 || o->workspace_bytes < 0)
		return false;
	if ((uintptr_t)o->workspace % TFRT_ALIGN)
		return false;
	return !o->graph || tfrt_graph_find(model, o->graph);
}

tfrt_status tfrt_open(const tfrt_model *model, const tfrt_options *options, tfrt_context **ctx)
{
	static const tfrt_options defaults = { 0 };
	const tfrt_options       *o = options ? options : &defaults;

	if (!ctx)
		return TFRT_INVALID;
	*ctx = NULL;
	tfrt_status status = tfrt_model_check(model);
	if (status != TFRT_OK)
		return status;
	if (!options_valid(model, o))
		return TFRT_INVALID;

	Context *c = calloc(1, sizeof *c);
	if (!c)
		return TFRT_MEMORY;
	c->heap = true;
	c->pub.abi_version = TFRT_ABI_VERSION;
	c->pub.model = model;
	c->pub.threads = o->threads == TFRT_ALL_CPUS ? tfrt_cpu_count() : o->threads == 0 ? 1 : o->threads;
	c->pub.user = o->user;
	/* Threads last: all that can fail cheaply has been tried by then. */
	tfrt_status (*const get[])(Context *, const tfrt_options *) = {
		variant_get, weights_get, workspace_get, profile_get, threads_get,
	};
	for (size_t i = 0; i < sizeof get / sizeof get[0] && status == TFRT_OK; i++)
		status = get[i](c, o);
	if (status != TFRT_OK) {
		int saved = errno;
		tfrt_close(&c->pub);
		errno = saved;
		return status;
	}
	*ctx = &c->pub;
	return TFRT_OK;
}

void tfrt_close(tfrt_context *ctx)
{
	Context *c = (Context *)ctx;

	if (!c || !c->heap)
		return;
	tfrt_pool_close(c->threads);
	tfrt_weights_unmap(c->map, c->map_bytes);
	free(c->workspace);
	free(c->times);
	free(c);
}

const tfrt_model *tfrt_context_model(const tfrt_context *ctx)
{
	return ctx->model;
}

int32_t tfrt_threads(const tfrt_context *ctx)
{
	return ctx->threads;
}

const char *tfrt_variant_name(const tfrt_context *ctx)
{
	return ctx->model->variants[ctx->variant].name;
}

void *tfrt_user(const tfrt_context *ctx)
{
	return ctx->user;
}

const char *tfrt_failed(const tfrt_context *ctx, int32_t *code)
{
	if (code)
		*code = ctx->failed_code;
	return ctx->failed;
}

tfrt_status tfrt_call(tfrt_context *ctx, const char *graph, void *state, const int64_t *dims, void *const *in,
                      void *const *out)
{
	const tfrt_graph *g = ctx ? tfrt_graph_find(ctx->model, graph) : NULL;

	if (!g || (!dims && g->dim_count > 0) || (!in && g->input_count > 0) || (!out && g->output_count > 0))
		return TFRT_INVALID;
	return g->call(ctx, state, dims, in, out);
}
