/* ir/custom.c - names and prototypes of the C functions of custom_call. */
#include "ir/custom.h"

#include <ctype.h>

static bool is_word(const char *s)
{
	static const char *const word[] = {
		"alignas", "alignof", "asm", "auto", "bool", "break", "case", "char", "const", "constexpr", "continue", "default", "do",
		"double", "else", "enum", "extern", "false", "float", "for", "goto", "if", "inline", "int", "long", "nullptr", "register",
		"restrict", "return", "short", "signed", "sizeof", "static", "static_assert", "struct", "switch", "thread_local", "true",
		"typedef", "typeof", "typeof_unqual", "union", "unsigned", "void", "volatile", "while",
	};

	for (size_t i = 0; i < sizeof word / sizeof *word; i++)
		if (strcmp(word[i], s) == 0)
			return true;
	return false;
}

bool custom_is_name(const char *s)
{
	if (!s || !s[0] || isdigit((unsigned char)s[0]) || is_word(s))
		return false;
	for (; *s; s++)
		if ((unsigned char)*s >= 0x80 || (!isalnum((unsigned char)*s) && *s != '_'))
			return false;
	return true;
}

Custom custom_of(Arena *a, const Op *op)
{
	const struct attrs_custom_call *at = op_attrs(custom_call, op);
	DType *dtype = ARENA_ARRAY(a, DType, op->nargs + op->nresults + 1);

	for (int i = 0; i < op->nargs; i++)
		dtype[i] = op->arg[i]->type->dtype;
	for (int i = 0; i < op->nresults; i++)
		dtype[op->nargs + i] = op->result[i]->type->dtype;
	return (Custom){ at->target, op->nargs, op->nresults, at->dims.n, dtype, at->config ? at->config : "" };
}

void custom_prototype(Str *out, const Custom *c)
{
	const char *comma = "";

	str_printf(out, "int %s(", c->target);
	for (int i = 0; i < c->nin + c->nout; i++, comma = ", ")
		str_printf(out, "%s%s%s *", comma, i < c->nin ? "const " : "", dtype_info[c->dtype[i]].ctype);
	for (int i = 0; i < c->ndims; i++, comma = ", ")
		str_printf(out, "%sint64_t", comma);
	if (c->config[0])
		str_printf(out, "%sconst char *", comma);
	else if (!*comma)
		str_add(out, "void");
	str_addc(out, ')');
}

bool customs_agree(const Custom *a, const Custom *b)
{
	return a->nin == b->nin && a->nout == b->nout && a->ndims == b->ndims && !a->config[0] == !b->config[0] &&
	       memcmp(a->dtype, b->dtype, sizeof *a->dtype * (size_t)(a->nin + a->nout)) == 0;
}
