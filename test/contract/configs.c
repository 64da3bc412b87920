/* test/contract/configs.c - the ways to compile a batch. */
#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "codegen/codegen.h"
#include "passes/pass.h"
#include "test/contract/contract.h"

typedef enum Way { WAY_C, WAY_JIT, WAY_INTERP } Way;

typedef struct Config {
	const char *name;
	Way         way;
	const char *cpu;        /* of the JIT */
	const char *cc;         /* of C: options of the compiler */
	int         level;
	const char *passes;     /* switches, or NULL */
	bool        usual;      /* without --all too */
} Config;

static const char plain[] = "pass.fuse=off,pass.canonicalize=off,pass.fold=off,pass.cse=off,pass.inline=off";

static const Config configs[] = {
	{ "passes",    WAY_INTERP, NULL, NULL, 2, NULL, true },
	{ "c-O0",      WAY_C, NULL, "-O0 -std=gnu17", 2, NULL, true },
	{ "c-O2",      WAY_C, NULL, "-O2 -march=native -std=gnu17", 2, NULL, true },
	{ "c-plain",   WAY_C, NULL, "-O1 -std=c11", 2, plain, false },
	{ "v3-O0",     WAY_JIT, "x86-64-v3", NULL, 0, NULL, true },
	{ "v3-O3",     WAY_JIT, "x86-64-v3", NULL, 3, NULL, true },
	{ "v3-plain",  WAY_JIT, "x86-64-v3", NULL, 1, plain, true },
	{ "v3-O1",     WAY_JIT, "x86-64-v3", NULL, 1, NULL, false },
	{ "v4-O0",     WAY_JIT, "x86-64-v4", NULL, 0, NULL, true },
	{ "v4-O3",     WAY_JIT, "x86-64-v4", NULL, 3, NULL, true },
	{ "native-O2", WAY_JIT, "native", NULL, 2, NULL, false },
	{ "v2-O2",     WAY_JIT, "x86-64-v2", NULL, 2, NULL, false },   /* fma in software */
};
enum { NCONFIGS = sizeof configs / sizeof *configs };

static bool in_list(const char *list, const char *name)
{
	size_t n = strlen(name);

	for (const char *p = list; p; p = strchr(p, ',')) {
		p += *p == ',';
		if (strncmp(p, name, n) == 0 && (p[n] == 0 || p[n] == ','))
			return true;
	}
	return false;
}

static bool is_wanted(const Options *o, const Config *c)
{
	return o->configs ? in_list(o->configs, c->name) : o->all || c->usual;
}

static bool cpu_here(const char *cpu)
{
#if defined(__x86_64__)
	if (strcmp(cpu, "x86-64-v4") == 0)
		return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
		       __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl");
	if (strcmp(cpu, "x86-64-v3") == 0)
		return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
	return true;
#else
	return strcmp(cpu, "native") == 0;
#endif
}

/* The batch through the passes, for the target of a configuration.  NULL after a message. */
static Ctx *prepare(Batch *b, const Config *c, const CodegenOptions *cg, Module **out)
{
	TargetFacts facts;
	PassOptions opt = { .facts = &facts, .opt_level = 2, .bisect = -1, .verify = true };
	Ctx *ctx = batch_parse(b, out);
	bool ok = ctx && codegen_target(cg->target)->facts(ctx, cg, &facts);
	const char *name[MAX_SYMBOLS];

	for (int i = 0; ctx && i < b->env.n; i++)
		name[i] = ctx_str(ctx, b->env.name[i]);
	opt.bind = (DimEnv){ b->env.n, name, b->env.value };

	if (ok && !b->opt->relax)
		ok = passes_set(ctx, "pass.relax=off", &opt);
	for (const char *p = c->passes; ok && p; p = strchr(p, ',')) {
		p += *p == ',';
		ok = passes_set(ctx, arena_strndup(ctx->arena, p, strcspn(p, ",")), &opt);
	}
	snprintf(running, 400, "%s: passes for %s", b->path, c->name);
	if (ok && passes_run(ctx, *out, pipeline_default, pipeline_default_count, &opt))
		return ctx;
	if (ctx) {
		diag_print(&ctx->diag, stderr);
		batch_fail(b, "%s: the passes fail", c->name);
		ctx_free(ctx);
	}
	return NULL;
}

static Unit *lower(Batch *b, const Config *c, const CodegenOptions *cg, Ctx **ctx)
{
	Module *m;

	*ctx = prepare(b, c, cg, &m);
	snprintf(running, 400, "%s: lowering for %s", b->path, c->name);
	Unit *u = *ctx ? codegen_lower(*ctx, m) : NULL;
	if (*ctx && !u) {
		diag_print(&(*ctx)->diag, stderr);
		batch_fail(b, "%s: lowering fails", c->name);
		ctx_free(*ctx);
	}
	return u;
}

static void run_jit(Batch *b, const Config *c)
{
	CodegenOptions cg = { .target = "cpu", .cpu = c->cpu, .opt_level = c->level };
	const tfrt_model *model;
	Ctx *ctx;
	Unit *u = lower(b, c, &cg, &ctx);

	if (!u)
		return;
	snprintf(running, 400, "%s: LLVM for %s", b->path, c->name);
	Jit *jit = jit_new(u, &cg, &model);
	if (jit)
		check_model(b, c->name, model);
	else
		batch_fail(b, "%s: no code", c->name);
	jit_free(jit);
	ctx_free(ctx);
}

/* The C text of a batch is the same for every compiler: it is left as contract.c in the folder. */
static bool write_c(Batch *b, const Config *c, const char *path)
{
	CodegenOptions cg = { .target = "c", .prefix = "contract", .opt_level = 2 };
	Ctx *ctx;
	Unit *u = lower(b, c, &cg, &ctx);

	if (!u)
		return false;
	snprintf(running, 400, "%s: C for %s", b->path, c->name);
	bool ok = codegen_target("c")->emit(u, &cg, EMIT_C, path);
	if (!ok) {
		diag_print(&ctx->diag, stderr);
		batch_fail(b, "%s: no C", c->name);
	}
	ctx_free(ctx);
	return ok;
}

static void run_c(Batch *b, const Config *c)
{
	const char *dir = b->opt->dir;
	char *path = arena_printf(b->arena, "%s/%s.c", dir, c->passes ? "plain" : "contract");
	char *so = arena_printf(b->arena, "%s/%s.so", dir, c->name);

	if (access(path, F_OK) != 0 && !write_c(b, c, path))
		return;
	b->weights = arena_printf(b->arena, "%s/%s.weights", dir, c->passes ? "plain" : "contract");
	snprintf(running, 400, "%s: cc for %s", b->path, c->name);
	char *cmd = arena_printf(b->arena, "cd '%s' && ${CC:-cc} %s -w -shared -fPIC -I '%s/runtime' -o '%s' '%s'", dir, c->cc,
	                         TFCC_SOURCE_DIR, so, path);
	if (system(cmd) != 0) {
		batch_fail(b, "%s: the C does not compile: %s", c->name, cmd);
		return;
	}
	void *lib = dlopen(so, RTLD_NOW | RTLD_LOCAL);
	const tfrt_model *model = lib ? dlsym(lib, "contract_model") : NULL;
	if (model)
		check_model(b, c->name, model);
	else
		batch_fail(b, "%s: %s", c->name, dlerror());
	if (lib)
		dlclose(lib);
	if (!b->opt->keep)
		unlink(so);
}

static void run_interp(Batch *b, const Config *c)
{
	CodegenOptions cg = { .target = "cpu", .cpu = "x86-64-v3" };
	Module *m;
	Ctx *ctx = prepare(b, c, &cg, &m);

	if (ctx) {
		check_module(b, c->name, ctx, m);
		ctx_free(ctx);
	}
}

static void run_all(Batch *b)
{
	static const char *const made[] = { "contract.c", "contract.h", "contract.weights", "plain.c", "plain.h", "plain.weights" };

	for (int i = 0; i < NCONFIGS; i++) {
		const Config *c = &configs[i];

		if (!is_wanted(b->opt, c))
			continue;
		if (c->cpu && !cpu_here(c->cpu))
			b->nskipped++;
		else if (c->way == WAY_C)
			run_c(b, c);
		else if (c->way == WAY_JIT)
			run_jit(b, c);
		else
			run_interp(b, c);
	}
	for (size_t i = 0; !b->opt->keep && i < sizeof made / sizeof *made; i++)
		unlink(arena_printf(b->arena, "%s/%s", b->opt->dir, made[i]));
	running[0] = 0;
}

void run_configs(Batch *b)
{
	run_all(b);
	for (int set = 0; b->opt->bound && set < MAX_SETS; set++)
		if (batch_bind(b, set))
			run_all(b);
	batch_bind(b, -1);
}
