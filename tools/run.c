/* tools/run.c - compiles a module for a target inside this process and calls its graphs. */
#include "tools/run.h"

#include <dlfcn.h>
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "ir/base/check.h"
#include "ir/base/file.h"
#include "tools/run_parts.h"

extern const char tfrt_header_text[];      /* runtime/tfrt.h, taken in by CMakeLists.txt */

struct Runner {
	Ctx           *ctx;
	Module        *m;
	RunnerOptions  opt;
	const struct tfrt_model *model;        /* NULL: interpreted */
	Jit           *jit;
	void          *library;
	Unit          *unit;                   /* what was compiled */
};

struct RunnerCall {
	Runner       *r;
	Func         *f;
	const DimEnv *env;
	Tensor      **in;                      /* opt.steps: copies of those over which results lie */
	bool         *own;                     /* in[i] is such a copy */
	int           nin, nout;
	Tensor      **out;
	Tensor      **room;                    /* of results of sizes that are data: out has what is used of it; else NULL */
	tfrt_context *context;
	const tfrt_graph *graph;
	int64_t      *dims;
	void        **in_data, **out_data;
};

/* What stays. */

typedef struct Reach { Map seen; Module *m; } Reach;

static void reach(Reach *r, Func *f);

static bool reach_call(Op *op, void *arg)
{
	Reach *r = arg;

	if (op->kind == OP_call)
		reach(r, module_func(r->m, op_attrs(call, op)->callee));
	return true;
}

static void reach(Reach *r, Func *f)
{
	if (!f || map_has(&r->seen, f))
		return;
	map_set(&r->seen, f, f);
	block_walk(f->body, reach_call, r);
}

void module_keep(Module *m, Func *keep)
{
	Reach r = { .m = m };
	int n = 0;

	map_init(&r.seen, m->arena);
	reach(&r, keep);
	for (int i = 0; i < m->funcs.n; i++)
		if (map_has(&r.seen, m->funcs.at[i]))
			m->funcs.at[n++] = m->funcs.at[i];
	m->funcs.n = n;
}

/* Compiling. */

static void after_pass(void *arg, const char *pass, Module *m)
{
	RunnerOptions *o = arg;

	if (o->on_order && strcmp(pass, "order") == 0)
		o->on_order(o->arg, m);
}

/* The interpreter runs what all targets compile: the module as it leaves `order`. */
static bool interp_passes(Ctx *ctx, Module *m, RunnerOptions *o)
{
	o->compile.passes.stop_after = "order";
	return passes_run(ctx, m, pipeline_default, pipeline_default_count, &o->compile.passes);
}

static bool write_tfrt_header(Ctx *ctx, const char *path)
{
	const char *error = NULL;
	OutFile *f = outfile_open(ctx->arena, path, &error);

	if (f) {
		outfile_write(f, tfrt_header_text, strlen(tfrt_header_text));
		if (outfile_commit(f, &error))
			return true;
	}
	diag_system(&ctx->diag, "cannot write '%s': %s", path, error);
	return false;
}

/* Prints C into a folder of its own, which is gone again when this returns. */
static bool load_c(Runner *r, const Unit *u)
{
	static const char *const files[] = { "run.c", "run.h", "run.weights", "run.so", "tfrt.h" };
	Arena *a = r->ctx->arena;
	const char *tmp = getenv("TMPDIR");
	char *dir = arena_printf(a, "%s/tfcc-run-XXXXXX", tmp && tmp[0] ? tmp : "/tmp");

	if (!mkdtemp(dir)) {
		diag_system(&r->ctx->diag, "cannot make a folder in %s: %s", tmp && tmp[0] ? tmp : "/tmp", system_reason(a, errno));
		return false;
	}
	if (codegen_target("c")->emit(u, &r->opt.compile.codegen, EMIT_C, arena_printf(a, "%s/run.c", dir)) &&
	    write_tfrt_header(r->ctx, arena_printf(a, "%s/tfrt.h", dir)))
		r->library = library_load(r->ctx, &r->opt, dir, "run");
	for (size_t i = 0; i < sizeof files / sizeof *files; i++)
		unlink(arena_printf(a, "%s/%s", dir, files[i]));
	rmdir(dir);
	if (!r->library)
		return false;
	r->model = dlsym(r->library, "run_model");
	CHECK(r->model, "the printed C has no descriptor");
	return true;
}

static bool compile(Runner *r)
{
	CodegenOptions *o = &r->opt.compile.codegen;

	o->prefix = "run";
	if (!compile_passes(r->ctx, r->m, &r->opt.compile))
		return false;
	Unit *u = r->unit = codegen_lower(r->ctx, r->m);
	if (!u)
		return false;
	if (strcmp(o->target, "c") == 0)
		return load_c(r, u);
	if (strcmp(o->target, "cpu") == 0)
		return (r->jit = jit_new(u, o, &r->model)) != NULL;
	diag_system(&r->ctx->diag, "target %s cannot be run here; cpu, c and interp can", o->target);
	return false;
}

Runner *runner_new(Ctx *ctx, Module *m, const RunnerOptions *o)
{
	Runner *r = ARENA_NEW(ctx->arena, Runner);

	*r = (Runner){ .ctx = ctx, .m = m, .opt = *o };
	r->opt.compile.passes.on_pass = after_pass;
	r->opt.compile.passes.arg = &r->opt;
	r->opt.compile.codegen.symbol = custom_symbol;
	if (customs_loaded(ctx, m) && (o->interp ? interp_passes(ctx, m, &r->opt) : compile(r)))
		return r;
	runner_free(r);
	return NULL;
}

const Module *runner_module(const Runner *r)
{
	return r->m;
}

void runner_free(Runner *r)
{
	if (!r)
		return;
	jit_free(r->jit);
	if (r->library)
		dlclose(r->library);
	r->jit = NULL;
	r->library = NULL;
}

/* Calling. */

static bool failed(Runner *r, const tfrt_context *context, const char *graph, tfrt_status s)
{
	int32_t code;

	if (s == TFRT_OK)
		return false;
	if (s == TFRT_CUSTOM) {
		const char *name = tfrt_failed(context, &code);
		return !custom_failed(r->ctx, name, code);
	}
	if (s == TFRT_MEMORY || s == TFRT_IO || s == TFRT_CPU || s == TFRT_DEVICE)
		diag_system(&r->ctx->diag, "graph @%s: %s", graph, tfrt_message(s));
	else
		diag_error(&r->ctx->diag, NULL, "graph @%s: %s", graph, tfrt_message(s));
	return true;
}

/* The inputs; those that the call writes over are copies. */
static bool take_inputs(RunnerCall *c, Tensor *const *in)
{
	c->in = ARENA_ARRAY(c->r->ctx->arena, Tensor *, c->nin + 1);
	c->own = ARENA_ARRAY(c->r->ctx->arena, bool, c->nin + 1);
	for (int i = 0; i < c->nin; i++)
		c->in[i] = in[i];
	for (int i = 0; c->r->opt.steps && i < c->f->overlays.n; i++) {
		int at = c->f->overlays.at[i].input->index;
		c->in[at] = tensor_new(in[at]->dtype, in[at]->rank, in[at]->dim);
		c->own[at] = true;
		if (!c->in[at]) {
			diag_system(&c->r->ctx->diag, "out of memory for input %d of graph @%s", at, c->f->name);
			return false;
		}
		if (in[at]->count)
			memcpy(c->in[at]->data, in[at]->data, (size_t)tensor_bytes(in[at]));
	}
	return true;
}

/* After a step of the interpreter: a result that lies over an input is it from now on. */
static void step_inputs(RunnerCall *c)
{
	for (int i = 0; c->r->opt.steps && i < c->f->overlays.n; i++) {
		int at = c->f->overlays.at[i].input->index;
		tensor_unref(c->in[at]);
		c->in[at] = tensor_ref(c->out[c->f->overlays.at[i].result]);
	}
}

static bool new_outputs(RunnerCall *c)
{
	DimTable *dims = c->r->ctx->dims;
	Dim symbol[64];
	int n = func_symbols(c->f, symbol, 64);

	for (int i = 0; i < c->nout; i++) {
		const Type *t = c->f->result_types.at[i];
		int64_t dim[RANK_MAX];
		bool ok = true, sized = false;
		int over = func_over(c->f, i);
		if (c->r->opt.steps && over >= 0) {
			c->out[i] = tensor_ref(c->in[over]);
			c->out_data[i] = c->out[i]->data;
			continue;
		}
		for (int k = 0; k < t->rank; k++) {
			Dim most = dim_most(dims, t->dim[k], symbol, n);
			sized = sized || most != t->dim[k];
			ok = ok && most && dim_eval(most, c->env, &dim[k]) && dim[k] >= 0;
		}
		Tensor *out = ok ? tensor_new(t->dtype, t->rank, dim) : NULL;
		*(sized ? &c->room[i] : &c->out[i]) = out;
		if (!out) {
			diag_error(&c->r->ctx->diag, c->f->loc, "graph @%s: result %d has a negative extent or is too large", c->f->name, i);
			return false;
		}
		c->out_data[i] = out->data;
	}
	return true;
}

/* Symbols, and the sizes that the results tell. */
static DimEnv known_dims(const RunnerCall *c)
{
	Arena *a = c->r->ctx->arena;
	const Op *ret = block_terminator(c->f->body);
	int n = c->env->n;
	const char **name = ARENA_ARRAY(a, const char *, n + c->nout + 1);
	int64_t *value = ARENA_ARRAY(a, int64_t, n + c->nout + 1);

	for (int i = 0; i < n; i++) {
		name[i] = c->env->name[i];
		value[i] = c->env->value[i];
	}
	for (int i = 0; i < c->nout; i++) {
		const Value *v = ret->arg[i];
		if (!c->out[i] || !v->def || !op_size(v->def) || v->index != v->def->nresults - 1)
			continue;
		name[n] = (*op_size(v->def))->name;
		memcpy(&value[n++], c->out[i]->data, sizeof *value);
	}
	return (DimEnv){ n, name, value };
}

/* What a call has written of the results that have room for more. */
static bool fit_outputs(RunnerCall *c)
{
	DimEnv env = known_dims(c);

	for (int i = 0; i < c->nout; i++) {
		const Type *t = c->f->result_types.at[i];
		int64_t dim[RANK_MAX];
		if (!c->room[i])
			continue;
		for (int k = 0; k < t->rank; k++)
			CHECK(dim_eval(t->dim[k], &env, &dim[k]), "graph @%s: an extent of result %d is not known", c->f->name, i);
		tensor_unref(c->out[i]);
		c->out[i] = tensor_new(t->dtype, t->rank, dim);
		if (!c->out[i]) {
			diag_system(&c->r->ctx->diag, "out of memory for result %d of graph @%s", i, c->f->name);
			return false;
		}
		memcpy(c->out[i]->data, c->room[i]->data, (size_t)tensor_bytes(c->out[i]));
	}
	return true;
}

static bool open_context(RunnerCall *c)
{
	Runner *r = c->r;

	c->graph = tfrt_graph_find(r->model, c->f->name);
	CHECK(c->graph, "the descriptor lacks graph @%s", c->f->name);
	int ndims = tfrt_dim_count(c->graph);
	c->dims = ARENA_ARRAY(r->ctx->arena, int64_t, ndims + 1);
	for (int i = 0; i < ndims; i++) {
		const char *name = tfrt_dim_name(c->graph, i);
		bool found = false;
		for (int k = 0; k < c->env->n; k++)
			if (strcmp(c->env->name[k], name) == 0) {
				c->dims[i] = c->env->value[k];
				found = true;
			}
		CHECK(found, "symbol %s has no value", name);
	}
	tfrt_options o = { .threads = r->opt.threads, .graph = c->f->name, .max_dims = c->dims,
	                   .profile = r->opt.compile.codegen.profile };
	return !failed(r, c->context, c->f->name, tfrt_open(r->model, &o, &c->context));
}

RunnerCall *runner_begin(Runner *r, const char *graph, const DimEnv *env, Tensor *const *in, int nin)
{
	RunnerCall *c = ARENA_NEW(r->ctx->arena, RunnerCall);

	c->r = r;
	c->f = module_func(r->m, graph);
	CHECK(c->f, "there is no graph @%s", graph);
	c->env = env;
	c->nin = nin;
	c->nout = c->f->result_types.n;
	c->out = ARENA_ARRAY(r->ctx->arena, Tensor *, c->nout + 1);
	c->room = ARENA_ARRAY(r->ctx->arena, Tensor *, c->nout + 1);
	if (!take_inputs(c, in)) {
		runner_end(c);
		return NULL;
	}
	if (!r->model)
		return c;
	c->in_data = ARENA_ARRAY(r->ctx->arena, void *, nin + 1);
	c->out_data = ARENA_ARRAY(r->ctx->arena, void *, c->nout + 1);
	for (int i = 0; i < nin; i++)
		c->in_data[i] = c->in[i]->data;
	if (new_outputs(c) && open_context(c))
		return c;
	runner_end(c);
	return NULL;
}

bool runner_again(RunnerCall *c)
{
	if (c->context)
		return !failed(c->r, c->context, c->f->name, tfrt_call(c->context, c->f->name, NULL, c->dims, c->in_data, c->out_data)) &&
		       fit_outputs(c);
	for (int i = 0; i < c->nout; i++) {
		tensor_unref(c->out[i]);
		c->out[i] = NULL;
	}
	if (!eval_func(c->r->ctx, c->f, c->env, c->in, c->nin, c->out,
	               &(EvalOptions){ .custom = custom_evaluate, .peers = c->r->opt.peers }))
		return false;
	step_inputs(c);
	return true;
}

Tensor *runner_out(const RunnerCall *c, int i)
{
	return c->out[i];
}

void runner_profile(const RunnerCall *c, FILE *out)
{
	profile_print(c->context, c->r->unit, c->f, c->env, out);
}

void runner_end(RunnerCall *c)
{
	tfrt_close(c->context);
	c->context = NULL;
	for (int i = 0; i < c->nin; i++)
		if (c->own[i])
			tensor_unref(c->in[i]);
	for (int i = 0; i < c->nout; i++) {
		tensor_unref(c->out[i]);
		tensor_unref(c->room[i]);
	}
}

bool runner_call(Runner *r, const char *graph, const DimEnv *env, Tensor *const *in, int nin, Tensor **out)
{
	RunnerCall *c = runner_begin(r, graph, env, in, nin);
	bool ok = c && runner_again(c);

	for (int i = 0; ok && i < c->nout; i++)
		out[i] = tensor_ref(c->out[i]);
	if (c)
		runner_end(c);
	return ok;
}
