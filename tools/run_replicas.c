/* tools/run_replicas.c - tfcc-run with --replicas and --partitions: each process has the model, its inputs and an evaluation of its
   own, in a context of its own; they meet through tools/peers.c. */
#include <stdlib.h>

#include "ir/collective.h"
#include "tools/peers.h"
#include "tools/run_parts.h"

typedef struct Copy {
	Ctx        *ctx;
	RunOptions  o;
	Func       *f;
	DimEnv      env;
	Tensor    **in;
	Runner     *r;
	RunnerCall *call;
	Cases       cases;
} Copy;

typedef struct Replicas {
	Peers *peers;
	Copy  *copy;
	int    n;
	bool   ok[PROCESSES_MAX];
} Replicas;

/* Inputs, their symbols, and the module as the interpreter takes it. */
static bool copy_load(Copy *c)
{
	const CompileOptions *k = &c->o.runner.compile;

	if (c->o.cases)
		return cases_load(c->ctx, &c->o, &c->cases);
	Module *m = model_load(c->ctx, &c->o, &c->f);
	DimEnv given = { k->nbind, k->bind_name, k->bind_value };
	c->in = m ? inputs_read(c->ctx, c->f, &c->o, &given) : NULL;
	if (!c->in || !eval_symbols(c->ctx, c->ctx->arena, c->f, &given, c->in, c->f->body->args.n, &c->env))
		return false;
	c->r = runner_new(c->ctx, m, &c->o.runner);
	c->call = c->r ? runner_begin(c->r, c->f->name, &c->env, c->in, c->f->body->args.n) : NULL;
	return c->call != NULL;
}

static void copy_free(Copy *c)
{
	if (c->call)
		runner_end(c->call);
	for (int i = 0; c->in && i < c->f->body->args.n; i++)
		tensor_unref(c->in[i]);
	runner_free(c->r);
	cases_free(&c->cases);
	ctx_free(c->ctx);
}

static bool work(void *arg, int i)
{
	Copy *c = &((Replicas *)arg)->copy[i];

	if (c->o.cases)
		return cases_check(&c->cases);
	bool ok = runner_again(c->call);
	for (uint64_t k = 1; k < c->o.nsteps && ok; k++)
		ok = runner_again(c->call);
	return ok;
}

static bool copy_show(Copy *c)
{
	int replica = c->o.process / c->o.partitions, partition = c->o.process % c->o.partitions;
	Arena *a = c->ctx->arena;

	if (!c->o.output_dir) {
		print_results(c->ctx, arena_printf(a, "@%d.%d", replica, partition), c->f, c->call);
		return true;
	}
	return make_dir(c->ctx, c->o.output_dir) &&
	       write_results(c->ctx, arena_printf(a, "%s/%d.%d", c->o.output_dir, replica, partition), c->f, c->call);
}

/* Says what went wrong, in whose name.  Who only waited in vain for one that failed by itself is not heard. */
static int report(const Replicas *r)
{
	bool own = false;
	int code = 0;

	for (int i = 0; i < r->n; i++)
		own = own || (r->copy[i].ctx->diag.nerrors && !peers_stuck(r->peers, i));
	for (int i = 0; i < r->n; i++) {
		Diag *d = &r->copy[i].ctx->diag;
		if (own && peers_stuck(r->peers, i))
			continue;
		for (int k = 0; k < d->n; k++)
			if (d->at[k].severity == SEV_ERROR)
				d->at[k].text = arena_printf(d->arena, "%s: %s", peers_name(r->peers, d->arena, i), d->at[k].text);
		int mine = tool_finish(r->copy[i].ctx);
		code = code ? code : mine;
	}
	return code;
}

static int cases_report(const Replicas *r)
{
	int wrong = 0;

	for (int i = 0; i < r->n; i++)
		wrong += r->copy[i].cases.wrong;
	printf("%d cases in each of %d processes, %d wrong\n", r->copy[0].cases.all.n, r->n, wrong);
	return wrong ? 3 : 0;
}

static int run(Replicas *r, Ctx *ctx, const RunOptions *o)
{
	/* A model that is refused is refused once. */
	for (int i = 0; i < r->n; i++) {
		Copy *c = &r->copy[i];
		c->o = *o;
		c->o.process = i;
		c->o.runner.peers = peers_eval(r->peers, i);
		c->ctx = ctx_new();
		if (!copy_load(c))
			return tool_finish(c->ctx);
		peers_module(r->peers, i, runner_module(o->cases ? c->cases.r : c->r));
	}
	if (!peers_run(r->peers, work, r, r->ok)) {
		diag_system(&ctx->diag, "cannot make %d threads", r->n);
		return tool_finish(ctx);
	}
	int code = report(r);
	for (int i = 0; i < r->n && !code && !o->cases; i++)
		if (!copy_show(&r->copy[i]))
			code = tool_finish(r->copy[i].ctx);
	if (o->cases && !code)
		code = cases_report(r);
	return code;
}

int replicas_run(Ctx *ctx, const RunOptions *o)
{
	Replicas r = { .n = o->replicas * o->partitions, .peers = peers_new(o->replicas, o->partitions) };

	r.copy = ARENA_ARRAY(ctx->arena, Copy, r.n);
	if (!r.peers) {
		diag_system(&ctx->diag, "out of memory for %d processes", r.n);
		return tool_finish(ctx);
	}
	int code = run(&r, ctx, o);
	for (int i = 0; i < r.n && r.copy[i].ctx; i++)
		copy_free(&r.copy[i]);
	peers_free(r.peers);
	return code;
}
