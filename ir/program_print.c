/* ir/program_print.c - the text form of program IR, and its structural rules. */
#include <inttypes.h>

#include "ir/base/check.h"
#include "ir/program.h"

static const char *const place_name[] = {
	[PLACE_IN] = "in", [PLACE_OUT] = "out", [PLACE_WS] = "ws", [PLACE_CONST] = "const", [PLACE_NONE] = "none",
};

static void print_place(Str *out, const Place *p)
{
	str_printf(out, "%s(", place_name[p->kind]);
	if (p->kind != PLACE_WS)
		str_printf(out, "%d", p->index);
	if (p->kind == PLACE_WS || !dim_is(p->offset, 0)) {
		if (p->kind != PLACE_WS)
			str_add(out, " + ");
		dim_print(out, p->offset);
	}
	str_addc(out, ')');
}

static void print_places(Str *out, const Step *s, int from, int to)
{
	for (int i = from; i < to; i++) {
		str_add(out, i > from ? ", " : "");
		print_place(out, &s->place[i]);
	}
}

static void print_steps(const Unit *u, Str *out, const Steps *steps, int depth)
{
	for (const Step *s = steps->first; s; s = s->next) {
		str_printf(out, "%*s", depth * 2, "");
		switch (s->kind) {
		case STEP_LAUNCH: {
			const Kernel *k = u->kernel.at[s->kernel];
			str_printf(out, "launch %d (", s->kernel);
			print_places(out, s, 0, s->nplaces);
			str_printf(out, ")  // %s", k->name);
			break;
		}
		case STEP_COPY:
			str_add(out, "copy ");
			print_place(out, &s->place[0]);
			str_add(out, " = ");
			print_place(out, &s->place[1]);
			str_add(out, " bytes ");
			dim_print(out, s->bytes);
			break;
		case STEP_IF:
			str_add(out, "if ");
			print_place(out, &s->place[0]);
			str_add(out, " {\n");
			print_steps(u, out, &s->body, depth + 1);
			str_printf(out, "%*s} else {\n", depth * 2, "");
			print_steps(u, out, &s->other, depth + 1);
			str_printf(out, "%*s}", depth * 2, "");
			break;
		case STEP_WHILE:
			str_add(out, "while {\n");
			print_steps(u, out, &s->body, depth + 1);
			str_printf(out, "%*s} ", depth * 2, "");
			print_place(out, &s->place[0]);
			str_add(out, " do {\n");
			print_steps(u, out, &s->other, depth + 1);
			str_printf(out, "%*s}", depth * 2, "");
			break;
		case STEP_CALL:
			str_printf(out, "call @%s (", s->callee->name);
			print_places(out, s, 0, s->nplaces);
			str_add(out, ") workspace ");
			dim_print(out, s->ws_offset);
			break;
		}
		str_addc(out, '\n');
	}
}

void unit_print(const Unit *u, Str *out)
{
	for (const Program *p = u->programs; p; p = p->next) {
		str_printf(out, "program @%s (", p->name);
		for (int i = 0; i < p->nsymbols; i++)
			str_printf(out, "%s%s", i ? ", " : "", p->symbol[i]->name);
		str_add(out, ") workspace ");
		dim_print(out, p->ws_bytes);
		str_add(out, " {\n");
		print_steps(u, out, &p->steps, 1);
		str_add(out, "}\n");
	}
	for (int i = 0; i < u->constant.n; i++)
		str_printf(out, "const %d at %" PRId64 " bytes %" PRId64 "\n", i, u->constant.at[i].offset,
		           u->constant.at[i].bytes);
	for (int i = 0; i < u->kernel.n; i++) {
		str_printf(out, "// %d\n", i);
		kernel_print(u->kernel.at[i], out);
	}
}

typedef struct Check {
	const Unit *u;
	const Program *p;
	Diag *diag;
	bool ok;
} Check;

static void wrong(Check *c, const Step *s, const char *what)
{
	c->ok = false;
	diag_error(c->diag, s->loc, "program @%s: %s", c->p->name, what);
}

static void check_steps(Check *c, const Steps *steps)
{
	for (const Step *s = steps->first; s; s = s->next) {
		for (int i = 0; i < s->nplaces; i++) {
			const Place *p = &s->place[i];
			if (p->kind == PLACE_NONE || !p->offset)
				wrong(c, s, "a value without a place");
			if (p->kind == PLACE_CONST && (p->index < 0 || p->index >= c->u->constant.n))
				wrong(c, s, "a constant that is not in the unit");
		}
		if (s->kind == STEP_LAUNCH) {
			if (s->kernel < 0 || s->kernel >= c->u->kernel.n)
				wrong(c, s, "launch of a kernel that is not in the unit");
			else if (c->u->kernel.at[s->kernel]->nparams != s->nplaces)
				wrong(c, s, "launch with another number of places than the kernel has parameters");
		}
		if (s->kind == STEP_COPY && s->place[0].kind == PLACE_CONST)
			wrong(c, s, "copy to a constant");
		check_steps(c, &s->body);
		check_steps(c, &s->other);
	}
}

bool unit_verify(const Unit *u, Diag *diag)
{
	Check c = { u, NULL, diag, true };

	for (c.p = u->programs; c.p; c.p = c.p->next)
		check_steps(&c, &c.p->steps);
	for (int i = 0; i < u->kernel.n; i++)
		c.ok = kernel_verify(u->kernel.at[i], diag) && c.ok;
	return c.ok;
}
