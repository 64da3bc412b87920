/* ir/program_print.c - the text form of program IR: programs, constants, kernels. */
#include "ir/base/check.h"
#include "ir/kernel_text.h"
#include "ir/print.h"
#include "ir/program.h"

/* A step's place is an address alone. */
static void print_address(Str *out, const Place *p)
{
	print_place(out, &(Place){ p->kind, p->index, p->offset, NULL }, 0);
}

static void print_addresses(Str *out, const Step *s)
{
	str_addc(out, '(');
	for (int i = 0; i < s->nplaces; i++) {
		str_add(out, i ? ", " : "");
		print_address(out, &s->place[i]);
	}
	str_addc(out, ')');
}

static void print_label(Str *out, int kernel)
{
	str_printf(out, "k%d", kernel);
}

/* On one line, whatever the title is. */
static void print_comment(Str *out, const char *title)
{
	str_add(out, "  // ");
	for (; *title; title++)
		str_addc(out, (unsigned char)*title < 0x20 ? ' ' : *title);
}

static void print_call(Str *out, const Step *s)
{
	str_add(out, "call @");
	name_print(out, s->callee->name);
	for (int i = 0; i < s->callee->nsymbols; i++) {
		str_add(out, i ? ", " : " [");
		dim_print(out, s->callee_symbol[i]);
	}
	str_add(out, s->callee->nsymbols ? "] " : " ");
	print_addresses(out, s);
	str_add(out, " workspace ");
	print_address(out, &(Place){ .kind = PLACE_WS, .offset = s->ws_offset });
}

static void print_typed(Str *out, const Step *s, int from, int to)
{
	str_addc(out, '(');
	for (int i = from; i < to; i++) {
		str_printf(out, "%s%s ", i > from ? ", " : "", dtype_info[s->custom->dtype[i]].name);
		print_address(out, &s->place[i]);
	}
	str_addc(out, ')');
}

/* `custom @f [N] (f32 in(0)) -> (f32 out(0)) config "..."` */
static void print_custom(Str *out, const Step *s)
{
	const Custom *c = s->custom;

	str_add(out, "custom @");
	name_print(out, c->target);
	for (int i = 0; i < c->ndims; i++) {
		str_add(out, i ? ", " : " [");
		dim_print(out, s->custom_dim[i]);
	}
	str_add(out, c->ndims ? "] " : " ");
	print_typed(out, s, 0, c->nin);
	str_add(out, " -> ");
	print_typed(out, s, c->nin, s->nplaces);
	if (c->config[0]) {
		str_add(out, " config ");
		string_print(out, c->config);
	}
}

static void print_steps(const Unit *u, Str *out, const Steps *steps, int depth)
{
	for (const Step *s = steps->first; s; s = s->next) {
		str_printf(out, "%*s", depth * 2, "");
		switch (s->kind) {
		case STEP_LAUNCH:
			str_add(out, "launch @");
			print_label(out, s->kernel);
			str_addc(out, ' ');
			print_addresses(out, s);
			print_comment(out, u->kernel.at[s->kernel]->name);
			break;
		case STEP_COPY:
			str_add(out, "copy ");
			print_address(out, &s->place[0]);
			str_add(out, " = ");
			print_address(out, &s->place[1]);
			str_add(out, " bytes (");
			dim_print(out, s->bytes);
			str_addc(out, ')');
			break;
		case STEP_IF:
			str_add(out, "if ");
			print_address(out, &s->place[0]);
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
			print_address(out, &s->place[0]);
			str_add(out, " do {\n");
			print_steps(u, out, &s->other, depth + 1);
			str_printf(out, "%*s}", depth * 2, "");
			break;
		case STEP_CALL:
			print_call(out, s);
			break;
		case STEP_CUSTOM:
			print_custom(out, s);
			break;
		case STEP_SIZE:
			str_add(out, "size ");
			dim_print_bounded(out, s->size);
			str_add(out, " = ");
			print_address(out, &s->place[0]);
			if (s->result >= 0)
				str_printf(out, " result %d", s->result);
			break;
		}
		str_addc(out, '\n');
	}
}

static void print_program(Printer *p, const Unit *u, const Program *prog)
{
	Arena *a = arena_new();

	str_add(p->out, "program ");
	p->names = names_new(a, prog->func);
	print_signature(p, prog->func, false);
	p->names = NULL;
	arena_free(a);
	for (int i = 0; i < prog->extent.n; i++) {
		str_add(p->out, i ? ", " : " extents (");
		print_early_dim(p, prog->func, prog->extent.at[i]);
	}
	str_add(p->out, prog->extent.n ? ") workspace " : " workspace ");
	dim_print(p->out, prog->ws_bytes);
	str_add(p->out, " {\n");
	print_steps(u, p->out, &prog->steps, 1);
	str_add(p->out, "}\n\n");
}

static void print_const(Printer *p, const Unit *u, int i)
{
	const Blob *b = u->constant.at[i].blob;

	str_printf(p->out, "const %d : ", i);
	type_print(p->out, type_of_ints(u->ctx->types, b->dtype, b->rank, b->dim));
	str_add(p->out, " = ");
	print_blob(p, b);
	str_addc(p->out, '\n');
}

void unit_print(const Unit *u, const PrintOptions *opt, Str *out)
{
	/* As in module_print, the file of the constants is known only after all else is printed. */
	Str body = { 0 }, label = { 0 };
	Printer p = printer_new(opt, &body);

	for (const Program *prog = u->programs; prog; prog = prog->next)
		print_program(&p, u, prog);
	for (int i = 0; i < u->constant.n; i++)
		print_const(&p, u, i);
	for (int i = 0; i < u->kernel.n; i++) {
		label.n = 0;
		print_label(&label, i);
		if (i || u->constant.n)
			str_addc(&body, '\n');
		kernel_print_labelled(u->kernel.at[i], str_cstr(&label), &body);
	}
	str_printf(out, "tfcc_program %d%s\n\n", PROGRAM_FORMAT_VERSION, u->scheduled ? " scheduled" : "");
	print_files(&(Module){ .ctx = u->ctx }, p.opt->blobs, out);
	str_addn(out, str_cstr(&body), body.n);
	str_free(&body);
	str_free(&label);
	arena_free(p.arena);
}
