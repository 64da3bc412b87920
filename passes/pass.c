/* passes/pass.c - the pass manager: checks the order of a pipeline, runs it, verifies, and tells what it did. */
#include "passes/pass.h"

#include <inttypes.h>
#include <time.h>

#include "ir/base/check.h"
#include "ir/text.h"
#include "ir/verify.h"

#define PASS(name, ...) PassResult pass_##name(PassCtx *p);
#include "passes/passes.def"

const PassInfo pass_info[PASS_COUNT] = {
#define PASS(name, scope, required, after, before, doc) \
	[PASS_##name] = { #name, pass_##name, scope, required, after, before, doc },
#include "passes/passes.def"
};

bool pass_may_rewrite(PassCtx *p)
{
	if (p->budget && *p->budget >= 0) {
		if (*p->budget == 0)
			return false;
		--*p->budget;
	}
	return true;
}

/* Names. */

static bool in_list(const char *list, const char *name)
{
	size_t n = strlen(name);

	for (const char *s = list; s && *s; s = strchr(s, ',') ? strchr(s, ',') + 1 : NULL)
		if (strncmp(s, name, n) == 0 && (s[n] == ',' || s[n] == 0))
			return true;
	return false;
}

static bool find_pass(Ctx *ctx, const char *name, PassId *out)
{
	int best = -1, distance = 4;

	for (int i = 0; i < PASS_COUNT; i++) {
		if (strcmp(pass_info[i].name, name) == 0) {
			*out = (PassId)i;
			return true;
		}
		int d = str_distance(pass_info[i].name, name);
		if (d < distance) {
			distance = d;
			best = i;
		}
	}
	if (best >= 0)
		diag_system(&ctx->diag, "there is no pass '%s'; did you mean '%s'?", name, pass_info[best].name);
	else
		diag_system(&ctx->diag, "there is no pass '%s'; --help-passes lists them", name);
	return false;
}

bool passes_parse(Ctx *ctx, const char *list, PassId *out, int cap, int *n)
{
	char *copy = arena_strdup(ctx->arena, list), *save = NULL;

	*n = 0;
	for (char *name = strtok_r(copy, ", ", &save); name; name = strtok_r(NULL, ", ", &save)) {
		if (*n == cap) {
			diag_system(&ctx->diag, "more than %d passes in one list", cap);
			return false;
		}
		if (!find_pass(ctx, name, &out[(*n)++]))
			return false;
	}
	return true;
}

bool passes_set(Ctx *ctx, const char *text, PassOptions *opt)
{
	char *copy = arena_strdup(ctx->arena, text), *name = copy, *value = strchr(copy, '=');
	PassId id;

	if (strncmp(name, "pass.", 5) == 0)
		name += 5;
	if (!value || value == name || !value[1]) {
		diag_system(&ctx->diag, "'%s' is no pass switch; write --pass.NAME=off or --pass.NAME=on", text);
		return false;
	}
	*value++ = 0;
	if (!find_pass(ctx, name, &id))
		return false;
	if (strcmp(value, "off") == 0 && pass_info[id].required) {
		diag_system(&ctx->diag, "pass '%s' cannot be switched off: what follows relies on it", name);
		return false;
	}
	if (strcmp(value, "off") != 0 && strcmp(value, "on") != 0) {
		diag_system(&ctx->diag, "pass '%s' can be 'on' or 'off', not '%s'", name, value);
		return false;
	}
	opt->off[id] = strcmp(value, "off") == 0;
	return true;
}

/* The passes of --dump and --stop-after are known ones. */
static bool check_names(Ctx *ctx, const PassOptions *opt)
{
	char *copy = arena_strdup(ctx->arena, opt->dump ? opt->dump : ""), *save = NULL;
	PassId id;

	for (char *name = strtok_r(copy, ",", &save); name; name = strtok_r(NULL, ",", &save))
		if (strcmp(name, "all") != 0 && !find_pass(ctx, name, &id))
			return false;
	return !opt->stop_after || find_pass(ctx, opt->stop_after, &id);
}

/* Order constraints: data of passes.def, checked before anything runs. */
static bool check_order(Ctx *ctx, const PassId *pass, int n)
{
	for (int i = 0; i < n; i++) {
		const PassInfo *row = &pass_info[pass[i]];
		for (int j = i + 1; j < n; j++)
			if (in_list(row->after, pass_info[pass[j]].name)) {
				bool before = false;
				for (int k = 0; k < i; k++)
					before = before || pass[k] == pass[j];
				if (!before) {
					diag_system(&ctx->diag, "pass '%s' must run after '%s'", row->name,
					            pass_info[pass[j]].name);
					return false;
				}
			}
		for (int j = 0; j < i; j++)
			if (in_list(row->before, pass_info[pass[j]].name)) {
				diag_system(&ctx->diag, "pass '%s' must run before '%s'", row->name, pass_info[pass[j]].name);
				return false;
			}
	}
	return true;
}

typedef struct Run {
	Ctx *ctx;
	Module *module;
	const PassOptions *opt;
	FILE *log;
	Arena *scratch;
	int64_t budget;
	int hits[PASS_COUNT], runs[PASS_COUNT];
	double seconds[PASS_COUNT];
	bool machine;              /* `order` is behind us: facts may be seen */
} Run;

/* Processor time: what a pass costs does not depend on what else the machine does. */
static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void dump(const Run *r, PassId id)
{
	const char *list = r->opt->dump;
	Str text = { 0 };

	if (!list || !(in_list(list, "all") || in_list(list, pass_info[id].name)))
		return;
	module_print(r->module, &(PrintOptions){ 0 }, &text);
	fprintf(r->log, "// ---- after %s ----\n%s", pass_info[id].name, str_cstr(&text));
	str_free(&text);
}

static bool is_off(const Run *r, PassId id)
{
	return r->opt->off[id] && !pass_info[id].required;
}

static bool run_on(Run *r, PassId id, Func *f)
{
	const PassInfo *row = &pass_info[id];
	PassCtx p = {
		.ctx = r->ctx, .module = r->module, .fn = f, .scratch = r->scratch, .explain = r->opt->explain,
		.bind = &r->opt->bind, .facts = r->machine ? r->opt->facts : NULL,
		.budget = row->required || r->budget < 0 ? NULL : &r->budget,
	};

	check_context.pass = row->name;
	check_context.func = f ? f->name : NULL;
	PassResult result = row->run(&p);
	arena_reset(r->scratch);
	r->hits[id] += p.nhits;
	bool ok = result != PASS_FAILED;
	if (ok && r->opt->verify && result == PASS_CHANGED) {
		int before = r->ctx->diag.nerrors;
		bool fine = f ? func_verify(r->ctx, f) : module_verify(r->ctx, r->module);
		if (!fine) {
			diag_print(&r->ctx->diag, stderr);
			CHECK(r->ctx->diag.nerrors == before, "the IR does not verify after this pass");
		}
	}
	check_context.pass = check_context.func = NULL;
	return ok;
}

static bool run_one(Run *r, PassId id)
{
	double t = now();
	bool ok = true;

	if (is_off(r, id))
		return true;
	if (pass_info[id].scope == PASS_MODULE) {
		ok = run_on(r, id, NULL);
	} else {
		for (int i = 0; ok && i < r->module->funcs.n; i++)
			ok = run_on(r, id, r->module->funcs.at[i]);
	}
	r->seconds[id] += now() - t;
	r->runs[id]++;
	if (id == PASS_order)
		r->machine = true;
	if (!ok)
		return false;
	dump(r, id);
	if (r->opt->on_pass)
		r->opt->on_pass(r->opt->arg, pass_info[id].name, r->module);
	return true;
}

static void report(const Run *r)
{
	double total = 0;

	for (int i = 0; i < PASS_COUNT; i++)
		total += r->seconds[i];
	for (int i = 0; r->opt->stats && i < PASS_COUNT; i++)
		if (r->runs[i])
			fprintf(r->log, "stats: %-14s %2d runs %8d rewrites\n", pass_info[i].name, r->runs[i], r->hits[i]);
	for (int i = 0; r->opt->time && i < PASS_COUNT; i++)
		if (r->runs[i])
			fprintf(r->log, "time: %-14s %9.3f ms %5.1f %%\n", pass_info[i].name, r->seconds[i] * 1e3,
			        total > 0 ? 100 * r->seconds[i] / total : 0);
	if (r->opt->bisect >= 0 && r->opt->stats)
		fprintf(r->log, "stats: bisect: %" PRId64 " of %" PRId64 " rewrites used\n", r->opt->bisect - r->budget,
		        r->opt->bisect);
}

static bool forget_places(Op *op, void *arg)
{
	(void)arg;
	for (int i = 0; i < op->nresults; i++)
		op->result[i]->place = NULL;
	for (int r = 0; r < op->nregions; r++)
		for (int i = 0; i < op->region[r]->args.n; i++)
			op->region[r]->args.at[i]->place = NULL;
	return true;
}

/* Text that has been planned before may be compiled again: passes change what the plan is about, so they start without. */
static void forget_plan(Module *m)
{
	for (int k = 0; k < m->funcs.n; k++) {
		Func *f = m->funcs.at[k];
		f->plan = NULL;
		for (int i = 0; i < f->body->args.n; i++)
			f->body->args.at[i]->place = NULL;
		block_walk(f->body, forget_places, NULL);
	}
}

bool passes_run(Ctx *ctx, Module *m, const PassId *pass, int n, const PassOptions *opt)
{
	Run r = { .ctx = ctx, .module = m, .opt = opt, .log = opt->log ? opt->log : stderr,
	          .scratch = arena_new(), .budget = opt->bisect };
	bool ok = check_names(ctx, opt) && check_order(ctx, pass, n);

	if (n > 0)
		forget_plan(m);

	/* A pipeline without `order` (tfcc-opt on IR that has been through it) may see the machine from the start. */
	r.machine = true;
	for (int i = 0; i < n; i++)
		r.machine = r.machine && pass[i] != PASS_order;
	for (int i = 0; ok && i < n; i++) {
		ok = run_one(&r, pass[i]);
		if (opt->stop_after && strcmp(opt->stop_after, pass_info[pass[i]].name) == 0)
			break;
	}
	report(&r);
	arena_free(r.scratch);
	return ok && ctx->diag.nerrors == 0;
}
