/* tools/run_profile.c - where the time of a call goes: one line for each kernel, the slowest first. */
#include <inttypes.h>
#include <stdlib.h>

#include "tools/run_parts.h"

typedef struct Line { tfrt_kernel_time time; int kernel; } Line;

static int slowest_first(const void *a, const void *b)
{
	const Line *x = a, *y = b;

	if (x->time.total_ns != y->time.total_ns)
		return x->time.total_ns < y->time.total_ns ? 1 : -1;
	return x->kernel - y->kernel;
}

/* Where a launch comes from: a line of a text, a path in a binary file; of several ops the first one and how many more. */
static void print_loc(Str *out, Loc loc)
{
	if (!loc)
		return;
	switch (loc->kind) {
	case LOC_RANGE:
		str_printf(out, "%s:%u", loc->source ? loc->source->name : loc->file, loc->line);
		return;
	case LOC_NAME:
		str_add(out, loc->file);
		return;
	case LOC_FUSED:
		print_loc(out, loc->part[0]);
		if (loc->nparts > 1)
			str_printf(out, " +%d", loc->nparts - 1);
		return;
	}
}

typedef struct Launches { VEC(Loc) loc; bool other; } Launches;    /* other: by a graph that has symbols of its own */

static void collect(Launches *l, Arena *a, const Steps *steps, int kernel, bool other)
{
	for (const Step *s = steps->first; s; s = s->next) {
		if (s->kind == STEP_LAUNCH && s->kernel == kernel) {
			l->other |= other;
			if (s->loc)
				vec_push(a, &l->loc, s->loc);
		}
		collect(l, a, &s->body, kernel, other);
		collect(l, a, &s->other, kernel, other);
	}
}

static void print_line(const Line *x, double all, const Unit *u, const Func *entry, const DimEnv *env, FILE *out)
{
	const Dim flops = u->kernel.at[x->kernel]->flops;
	double total = (double)x->time.total_ns;
	Launches l = { 0 };
	Str where = { 0 };
	int64_t n;

	for (const Program *p = u->programs; p; p = p->next)
		collect(&l, u->arena, &p->steps, x->kernel, p->func != entry);
	print_loc(&where, loc_fused(u->arena, l.loc.at, l.loc.n));
	fprintf(out, "%10.3f %8" PRId64 " %6.1f%% %12.3f ", total * 1e-6, x->time.calls, all > 0 ? 100 * total / all : 0,
	        total * 1e-3 / (double)x->time.calls);
	if (flops && (dim_is_const(flops) || !l.other) && dim_eval(flops, env, &n) && total > 0)
		fprintf(out, "%9.3f", (double)n * (double)x->time.calls / total);
	else
		fprintf(out, "%9s", "-");
	fprintf(out, "  %s  %s\n", x->time.name, str_cstr(&where));
	str_free(&where);
}

void profile_print(const tfrt_context *c, const Unit *u, const Func *entry, const DimEnv *env, FILE *out)
{
	int n = tfrt_kernel_count(c), nlines = 0;
	Line *line = ARENA_ARRAY(u->arena, Line, n + 1);
	double all = 0;

	for (int i = 0; i < n; i++) {
		line[nlines].kernel = i;
		if (tfrt_kernel_at(c, i, &line[nlines].time) == TFRT_OK && line[nlines].time.calls)
			all += (double)line[nlines++].time.total_ns;
	}
	qsort(line, (size_t)nlines, sizeof *line, slowest_first);
	fprintf(out, "%10s %8s %7s %12s %9s  %s\n", "total ms", "calls", "%", "mean us", "GFLOP/s", "kernel, source");
	for (int i = 0; i < nlines; i++)
		print_line(&line[i], all, u, entry, env, out);
}
