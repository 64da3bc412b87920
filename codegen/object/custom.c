/* codegen/object/custom.c - the names of the C functions of custom_call beside those of the compiled model itself. */
#include "codegen/object/descriptor.h"

typedef struct Names { const Unit *u; const char *prefix; bool ok; } Names;

static bool is_ours(const Names *n, const char *s)
{
	static const char *const begin[] = { "tf_", "tfrt_" }, *const libc[] = { "memcpy", "memmove", "memset" };
	Arena *a = n->u->arena;
	bool ours = strcmp(s, arena_printf(a, "%s_model", n->prefix)) == 0;

	for (size_t i = 0; i < sizeof begin / sizeof *begin; i++)
		ours = ours || strncmp(s, begin[i], strlen(begin[i])) == 0;
	for (size_t i = 0; i < sizeof libc / sizeof *libc; i++)
		ours = ours || strcmp(s, libc[i]) == 0;
	for (const Program *p = n->u->programs; p; p = p->next)
		ours = ours || strcmp(s, graph_cname(a, n->u, n->prefix, p)) == 0;
	return ours;
}

static void check_steps(Names *n, const Steps *steps)
{
	for (const Step *s = steps->first; s; s = s->next) {
		check_steps(n, &s->body);
		check_steps(n, &s->other);
		if (s->kind != STEP_CUSTOM || !is_ours(n, s->custom->target))
			continue;
		diag_error(&n->u->ctx->diag, s->loc, "custom_call: the compiled model uses the name '%s' itself; --prefix gives its functions others",
		           s->custom->target);
		n->ok = false;
	}
}

bool customs_are_free(const Unit *u, const char *prefix)
{
	Names n = { u, prefix, true };

	for (const Program *p = u->programs; p; p = p->next)
		check_steps(&n, &p->steps);
	return n.ok;
}
