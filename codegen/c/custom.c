/* codegen/c/custom.c - the C functions of custom_call, declared and called at the head of the file.

   Each call has a small function of ours, where none of our local names can hide the one that it calls.  They are numbered in
   the order of the steps, in which print_steps counts too. */
#include "codegen/c/cprint.h"

void c_text(Str *out, const char *text)
{
	str_addc(out, '"');
	for (const unsigned char *s = (const unsigned char *)text; *s; s++)
		if (*s < 32 || *s >= 127 || *s == '"' || *s == '\\' || *s == '?')
			str_printf(out, "\\%03o", *s);
		else
			str_addc(out, (char)*s);
	str_addc(out, '"');
}

static void print_customs(const Steps *steps, StrMap *seen, int *n, Str *out)
{
	for (const Step *s = steps->first; s; s = s->next) {
		print_customs(&s->body, seen, n, out);
		print_customs(&s->other, seen, n, out);
		if (s->kind != STEP_CUSTOM)
			continue;
		const Custom *c = s->custom;
		const char *comma = "";
		if (!strmap_has(seen, c->target)) {
			strmap_set(seen, c->target, seen);
			str_add(out, "extern ");
			custom_prototype(out, c);
			str_add(out, ";\n");
		}
		str_printf(out, "static int tf_custom%d(void *const *tf_p, const int64_t *tf_i)\n{\n\t(void)tf_p; (void)tf_i;\n\treturn %s(", (*n)++,
		           c->target);
		for (int i = 0; i < c->nin + c->nout; i++, comma = ", ")
			str_printf(out, "%s(%s%s *)tf_p[%d]", comma, i < c->nin ? "const " : "", c_type(c->dtype[i]), i);
		for (int i = 0; i < c->ndims; i++, comma = ", ")
			str_printf(out, "%stf_i[%d]", comma, i);
		if (c->config[0]) {
			str_add(out, comma);
			c_text(out, c->config);
		}
		str_add(out, ");\n}\n\n");
	}
}

void c_customs(const Unit *u, Str *out)
{
	Arena *a = arena_new();
	StrMap seen;
	int n = 0;

	strmap_init(&seen, a);
	for (const Program *p = u->programs; p; p = p->next)
		print_customs(&p->steps, &seen, &n, out);
	arena_free(a);
}
