/* codegen/object/layout.c - worker scratch, workspace and parameters, as expressions. */
#include "codegen/object/layout.h"

#include "ir/base/check.h"

Dim dim_round64(DimTable *t, Dim d)
{
	return dim_mul(t, dim_ceildiv(t, d, dim_const(t, 64)), dim_const(t, 64));
}

KernelLayout kernel_layout(Arena *a, const Kernel *k)
{
	DimTable *t = k->dims;
	KernelLayout l = { .param = ARENA_ARRAY(a, Dim, k->param.n + k->buf.n), .offset = ARENA_ARRAY(a, Dim, k->buf.n),
	                   .offset_param = ARENA_ARRAY(a, int, k->buf.n), .bytes = dim_const(t, 0) };

	for (int i = 0; i < k->param.n; i++)
		l.param[l.nparams++] = k->param.at[i];
	for (int i = 0; i < k->buf.n; i++) {
		const KBuf *b = &k->buf.at[i];
		l.offset_param[i] = -1;
		if (b->kind != KB_SCRATCH)
			continue;
		l.offset[i] = l.bytes;
		if (!dim_is_const(l.bytes)) {
			l.offset_param[i] = l.nparams;
			l.param[l.nparams++] = l.bytes;
		}
		Dim size = dim_round64(t, dim_mul(t, b->size, dim_const(t, dtype_size(b->dtype))));
		l.bytes = dim_add(t, l.bytes, size);
		CHECK(l.bytes, "kernel %s: its scratch overflows", k->name);
	}
	return l;
}

/* NULL counts as too large, and stays. */
static Dim larger(DimTable *t, Dim a, Dim b)
{
	return a && b ? dim_max(t, a, b) : NULL;
}

static Dim with_callee_symbols(DimTable *t, const Step *s, Dim d)
{
	const Program *p = s->callee;
	const char *name[64];

	for (int i = 0; i < p->nsymbols; i++)
		name[i] = p->symbol[i]->name;
	return d ? dim_subst(t, d, p->nsymbols, name, s->callee_symbol) : NULL;
}

static void add_steps(const Unit *u, const Program *p, Kernel *const *kernel, Arena *a, const Steps *steps, ProgramLayout *l)
{
	DimTable *t = u->ctx->dims;

	for (const Step *s = steps->first; s; s = s->next) {
		if (s->kind == STEP_LAUNCH)
			l->scratch = larger(t, l->scratch, program_most(u, p, kernel_layout(a, kernel[s->kernel]).bytes));
		if (s->kind == STEP_CALL) {
			ProgramLayout c = program_layout(u, s->callee, kernel);
			Dim below = dim_round64(t, s->ws_offset);
			l->shared = larger(t, l->shared, below ? dim_add(t, below, program_most(u, p, with_callee_symbols(t, s, c.shared))) : NULL);
			l->scratch = larger(t, l->scratch, program_most(u, p, with_callee_symbols(t, s, c.scratch)));
		}
		add_steps(u, p, kernel, a, &s->body, l);
		add_steps(u, p, kernel, a, &s->other, l);
	}
}

ProgramLayout program_layout(const Unit *u, const Program *p, Kernel *const *kernel)
{
	DimTable *t = u->ctx->dims;
	ProgramLayout l = { dim_round64(t, p->ws_bytes), dim_const(t, 0) };
	Arena *a = arena_new();

	add_steps(u, p, kernel, a, &p->steps, &l);
	arena_free(a);
	return l;
}

void dimlist_add(Arena *a, DimList *list, Dim d)
{
	if (!list->number.arena)
		map_init(&list->number, a);
	if (dim_is_const(d) || map_has(&list->number, d))
		return;
	vec_push(a, list, d);
	map_set(&list->number, d, (void *)(intptr_t)list->n);
}

int dimlist_find(const DimList *list, Dim d)
{
	return (int)(intptr_t)map_get(&list->number, d) - 1;
}

static void list_launch(Arena *a, const Step *s, Kernel *const *kernel, DimList *out)
{
	const Kernel *k = kernel[s->kernel];
	KernelLayout l = kernel_layout(a, k);

	for (int i = 0; i < l.nparams; i++)
		dimlist_add(a, out, l.param[i]);
	dimlist_add(a, out, k->ntasks);
}

static void list_steps(Arena *a, const Steps *steps, Kernel *const *kernel, DimList *out)
{
	for (const Step *s = steps->first; s; s = s->next) {
		for (int i = 0; i < s->nplaces; i++)
			dimlist_add(a, out, s->place[i].offset);
		if (s->kind == STEP_LAUNCH)
			list_launch(a, s, kernel, out);
		if (s->kind == STEP_COPY)
			dimlist_add(a, out, s->bytes);
		if (s->kind == STEP_SIZE)
			dimlist_add(a, out, s->size);
		if (s->kind == STEP_CALL) {
			dimlist_add(a, out, s->ws_offset);
			for (int i = 0; i < s->callee->nsymbols; i++)
				dimlist_add(a, out, s->callee_symbol[i]);
		}
		for (int i = 0; s->kind == STEP_CUSTOM && i < s->custom->ndims; i++)
			dimlist_add(a, out, s->custom_dim[i]);
		list_steps(a, &s->body, kernel, out);
		list_steps(a, &s->other, kernel, out);
	}
}

/* Cutting. */

static int range_weight(StepRange r);

/* What a step adds to a function: launches of many operands count as several, a list within that is cut as its calls. */
static int step_weight(const Step *s)
{
	int n = 1 + s->nplaces / 8;

	for (int i = 0; i < 2; i++) {
		int w = range_weight((StepRange){ i ? s->other.first : s->body.first, NULL });
		n += w <= STEPS_WHOLE ? w : STEPS_PART;
	}
	return n;
}

static int range_weight(StepRange r)
{
	int n = 0;

	for (const Step *s = r.first; s != r.end; s = s->next)
		n += step_weight(s);
	return n;
}

int steps_cut(Arena *a, StepRange r, StepRange **part)
{
	int weight = range_weight(r), n = 0, now = 0;

	if (weight <= STEPS_WHOLE || r.first->next == r.end)
		return 0;
	int most = (weight + STEPS_PART - 1) / STEPS_PART;
	most = most > STEPS_PART ? most : STEPS_PART;
	*part = ARENA_ARRAY(a, StepRange, 2 * weight / most + 2);   /* two neighbours are more than `most` together */
	for (const Step *s = r.first; s != r.end; s = s->next) {
		int w = step_weight(s);
		if (s == r.first || now + w > most) {
			if (n)
				(*part)[n - 1].end = s;
			(*part)[n++] = (StepRange){ s, r.end };
			now = 0;
		}
		now += w;
	}
	return n;
}

void program_dims(Arena *a, const Program *p, Kernel *const *kernel, DimList *out)
{
	list_steps(a, &p->steps, kernel, out);
}
