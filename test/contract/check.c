/* test/contract/check.c - runs compiled graphs and compares every bit. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "ir/eval.h"
#include "test/contract/contract.h"

char running[512];

static void describe(const Batch *b, const Inputs *s, char *out, size_t n)
{
	size_t at = 0;

	out[0] = 0;
	for (int i = 0; i < s->nsymbols && at < n; i++)
		at += (size_t)snprintf(out + at, n - at, " %s%s=%" PRId64, b->bound >= 0 ? "bound " : "", s->symbol[i], s->value[i]);
}

static void compare(Batch *b, const char *config, const Case *c, const Inputs *s, int set, int threads, int result, DType t,
	int64_t count, const void *data)
{
	Tensor whole = { .dtype = t, .count = count, .data = (void *)data };
	Tensor found = tensor_parts(&whole), want = tensor_parts(s->want[result]);   /* complex numbers are two numbers each */
	int64_t wrong = 0, first = 0;
	char dims[200];

	b->ncompared++;
	for (int64_t i = 0; i < found.count; i++)
		if (!same_bits(found.dtype, tensor_get(&found, i), tensor_get(&want, i)) && wrong++ == 0)
			first = i;
	if (wrong == 0)
		return;
	describe(b, s, dims, sizeof dims);
	batch_fail(b, "@%s: %s, %d threads, set %d%s: result %d: %" PRId64 " of %" PRId64 " elements differ, first number %" PRId64
	           ": %#" PRIx64 ", the interpreter gives %#" PRIx64, c->name, config, threads, set, dims, result, wrong, found.count,
	           first, tensor_get(&found, first), tensor_get(&want, first));
}

static bool dims_of(Batch *b, const char *config, const Case *c, const Inputs *s, const tfrt_graph *g, int64_t *dims)
{
	for (int i = 0; i < g->dim_count; i++) {
		bool found = false;
		for (int k = 0; k < s->nsymbols; k++)
			if (strcmp(g->dims[i].name, s->symbol[k]) == 0) {
				dims[i] = s->value[k];
				found = true;
			}
		if (!found) {
			batch_fail(b, "@%s: %s: symbol %s is new", c->name, config, g->dims[i].name);
			return false;
		}
	}
	return true;
}

static size_t bytes_of(const Tensor *t)
{
	return (size_t)t->count * (size_t)dtype_size(t->dtype);
}

/* Of output i: room for what sizes that are known after the call only may be at most. */
static size_t room_of(const Inputs *s, const tfrt_graph *g, const int64_t *dims, int i)
{
	static const int64_t none[RANK_MAX] = { 0 };
	int64_t extent[RANK_MAX];
	tfrt_tensor_info info;
	size_t n = s->want[i] ? (size_t)dtype_size(s->want[i]->dtype) : sizeof(int64_t);

	memcpy(extent, none, sizeof extent);
	if (tfrt_tensor_at(g, s->nin + i, &info) != TFRT_OK || tfrt_shape(g, dims, s->nin + i, extent) != TFRT_OK)
		return 0;
	for (int k = 0; k < info.rank; k++)
		n *= (size_t)extent[k];
	return n;
}

/* One call on buffers of exactly the right size, aligned to elements only. */
static void call(Batch *b, const char *config, const Case *c, const Inputs *s, int set, int threads, const tfrt_model *model,
	const tfrt_graph *g)
{
	Guarded in[MAX_ARGS], out[MAX_ARGS], ws;
	void *in_data[MAX_ARGS], *out_data[MAX_ARGS];
	int64_t dims[MAX_SYMBOLS] = { 0 };
	tfrt_context *ctx = NULL;
	char text[200];

	if (!dims_of(b, config, c, s, g, dims))
		return;
	describe(b, s, text, sizeof text);
	snprintf(running, 400, "%s: @%s: %s, %d threads, set %d%s", b->path, c->name, config, threads, set, text);
	int64_t need = tfrt_workspace(g, dims, threads);
	if (need < 0) {
		if (!s->refused)
			batch_fail(b, "@%s: %s, set %d%s: dimensions are refused, the interpreter accepts them", c->name, config, set, text);
		return;
	}
	bool at_end = threads != 2;
	ws = guarded_new((size_t)need, TFRT_ALIGN, at_end, threads == 1 ? 0xff : 0xa5);
	tfrt_options o = { .threads = threads, .graph = g->name, .max_dims = dims, .workspace = ws.data, .workspace_bytes = need,
	                   .spin_ns = -1, .weights = b->weights };
	tfrt_status status = tfrt_open(model, &o, &ctx);
	for (int i = 0; i < s->nin; i++) {
		in[i] = guarded_new(bytes_of(s->in[i]), (size_t)dtype_size(s->in[i]->dtype), at_end, 0);
		memcpy(in[i].data, s->in[i]->data, in[i].bytes);
		in_data[i] = in[i].data;
	}
	for (int i = 0; i < s->nout; i++) {
		size_t align = s->want[i] ? (size_t)dtype_size(s->want[i]->dtype) : sizeof(int64_t);
		out[i] = guarded_new(room_of(s, g, dims, i), align, at_end, 0xa5);
		out_data[i] = out[i].data;
	}
	if (status == TFRT_OK)
		status = tfrt_call(ctx, g->name, NULL, dims, in_data, out_data);
	tfrt_close(ctx);
	/* Sizes that the call finds out may be refused by the call. */
	if (s->refused && status == TFRT_OK)
		batch_fail(b, "@%s: %s, set %d%s: dimensions are accepted, the interpreter refuses them", c->name, config, set, text);
	else if (status != (s->refused ? TFRT_SHAPE : TFRT_OK))
		batch_fail(b, "@%s: %s, %d threads, set %d%s: %s", c->name, config, threads, set, text, tfrt_message(status));
	for (int i = 0; i < s->nout; i++) {
		if (status == TFRT_OK && !s->refused)
			compare(b, config, c, s, set, threads, i, s->want[i]->dtype, s->want[i]->count, out[i].data);
		if (!guarded_intact(&out[i]))
			batch_fail(b, "@%s: %s, set %d%s: writes beyond result %d", c->name, config, set, text, i);
		guarded_free(&out[i]);
	}
	for (int i = 0; i < s->nin; i++) {
		if (memcmp(in[i].data, s->in[i]->data, in[i].bytes) != 0 || !guarded_intact(&in[i]))
			batch_fail(b, "@%s: %s, set %d%s: input %d is written", c->name, config, set, text, i);
		guarded_free(&in[i]);
	}
	if (!guarded_intact(&ws))
		batch_fail(b, "@%s: %s, set %d%s: writes beyond the workspace", c->name, config, set, text);
	guarded_free(&ws);
}

/* Row i of a tensor, as a batch of one. */
static Tensor *row_of(const Tensor *t, int64_t i)
{
	int64_t dim[RANK_MAX];

	memcpy(dim, t->dim, sizeof dim);
	dim[0] = 1;
	Tensor *r = tensor_new(t->dtype, t->rank, dim);
	size_t n = bytes_of(r);
	memcpy(r->data, (const char *)t->data + (size_t)i * n, n);
	return r;
}

/* Each sample of the set in a call of its own. */
static void call_rows(Batch *b, const char *config, const Case *c, int set, const tfrt_model *model, const tfrt_graph *g)
{
	const Inputs *s = &c->set[set];
	int at = -1;

	for (int k = 0; k < s->nsymbols; k++)
		if (strcmp(s->symbol[k], "N") == 0)
			at = k;
	for (int64_t i = 0; at >= 0 && i < s->value[at]; i++) {
		Inputs one = *s;
		one.value[at] = 1;
		for (int k = 0; k < s->nin; k++)
			one.in[k] = s->in_batch[k] ? row_of(s->in[k], i) : tensor_ref(s->in[k]);
		for (int k = 0; k < s->nout; k++)
			one.want[k] = s->out_batch[k] ? row_of(s->want[k], i) : tensor_ref(s->want[k]);
		call(b, config, c, &one, set, 1, model, g);
		for (int k = 0; k < s->nin; k++)
			tensor_unref(one.in[k]);
		for (int k = 0; k < s->nout; k++)
			tensor_unref(one.want[k]);
	}
}

void check_model(Batch *b, const char *config, const tfrt_model *model)
{
	for (int i = 0; i < b->ncases; i++) {
		const Case *c = &b->at[i];
		const tfrt_graph *g = tfrt_graph_find(model, c->name);

		for (int set = 0; set < c->nsets; set++) {
			if (!batch_fits(b, c, set))
				continue;
			if (!g) {
				batch_fail(b, "@%s: %s: the model has no such graph", c->name, config);
				break;
			}
			for (int threads = 1; threads <= 3; threads++)
				if (!b->opt->rotate || threads == 1 + (i + b->opt->first) % 3)
					call(b, config, c, &c->set[set], set, threads, model, g);
			if (b->opt->rows && b->bound < 0 && !c->set[set].refused)
				call_rows(b, config, c, set, model, g);
		}
	}
	running[0] = 0;
}

void check_module(Batch *b, const char *config, Ctx *ctx, Module *m)
{
	for (int i = 0; i < b->ncases; i++) {
		const Case *c = &b->at[i];
		Func *f = module_func(m, c->name);

		for (int set = 0; set < c->nsets; set++) {
			if (!batch_fits(b, c, set))
				continue;
			if (!f) {
				batch_fail(b, "@%s: %s: the module has no such graph", c->name, config);
				break;
			}
			const Inputs *s = &c->set[set];
			DimEnv env = { s->nsymbols, s->symbol, s->value };
			Tensor *out[MAX_ARGS] = { NULL };

			snprintf(running, 400, "%s: @%s: %s, set %d", b->path, c->name, config, set);
			bool ok = eval_func(ctx, f, &env, s->in, s->nin, out, NULL);
			if (ok == s->refused)
				batch_fail(b, "@%s: %s, set %d: is%s evaluated", c->name, config, set, ok ? "" : " not");
			for (int k = 0; ok && !s->refused && k < s->nout; k++)
				compare(b, config, c, s, set, 1, k, out[k]->dtype, out[k]->count, out[k]->data);
			for (int k = 0; k < MAX_ARGS; k++)
				tensor_unref(out[k]);
		}
	}
	running[0] = 0;
}
