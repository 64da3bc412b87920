/* ir/op_info.c - the table of ops as data, made from ir/ops.def.

   An attributes cell cannot name its op, and offsets and defaults need that name.  So ATTR and OPT expand to
   ", (flag, kind, C type, name, default)", which makes the cell a list of arguments, and EACH hands them to ROW one by
   one together with the op's name. */
#include <string.h>

#include "ir/ir.h"

#define ROW_ATTR(op, kind, type, name, ...) { #name, kind, true, offsetof(struct attrs_##op, name), NULL },
/* The default is a constant of static storage duration: a compound literal outside of any function. */
#define ROW_OPT(op, kind, type, name, ...) \
	{ #name, kind, false, offsetof(struct attrs_##op, name), &(const struct { type v; }){ .v = __VA_ARGS__ } },
#define STRIP(...) __VA_ARGS__
#define ROW_TAGGED(op, flag, ...) ROW_##flag(op, __VA_ARGS__)
#define ROW_UNPACKED(op, ...) ROW_TAGGED(op, __VA_ARGS__)
#define ROW(op, tuple) ROW_UNPACKED(op, STRIP tuple)

#define EACH0(op)
#define EACH1(op, a) ROW(op, a)
#define EACH2(op, a, ...) ROW(op, a) EACH1(op, __VA_ARGS__)
#define EACH3(op, a, ...) ROW(op, a) EACH2(op, __VA_ARGS__)
#define EACH4(op, a, ...) ROW(op, a) EACH3(op, __VA_ARGS__)
#define EACH5(op, a, ...) ROW(op, a) EACH4(op, __VA_ARGS__)
#define EACH6(op, a, ...) ROW(op, a) EACH5(op, __VA_ARGS__)
#define EACH7(op, a, ...) ROW(op, a) EACH6(op, __VA_ARGS__)
#define EACH8(op, a, ...) ROW(op, a) EACH7(op, __VA_ARGS__)
#define EACH9(op, a, ...) ROW(op, a) EACH8(op, __VA_ARGS__)
#define EACH10(op, a, ...) ROW(op, a) EACH9(op, __VA_ARGS__)
#define EACH11(op, a, ...) ROW(op, a) EACH10(op, __VA_ARGS__)
#define EACH12(op, a, ...) ROW(op, a) EACH11(op, __VA_ARGS__)
#define PICK(op, a, b, c, d, e, f, g, h, i, j, k, l, each, ...) each
#define EACH(...) \
	PICK(__VA_ARGS__, EACH12, EACH11, EACH10, EACH9, EACH8, EACH7, EACH6, EACH5, EACH4, EACH3, EACH2, EACH1, \
	     EACH0, )(__VA_ARGS__)

#define ATTR(kind, name) , (ATTR, ATTR_##kind, attr_##kind, name, )
#define OPT(kind, name, ...) , (OPT, ATTR_##kind, attr_##kind, name, __VA_ARGS__)

/* Pass one: an array of attributes per op, ended by a nameless one. */
#define EW(name, nargs, traits, types, ...) static const AttrInfo attrs_of_##name[] = { { 0 } };
#define OP(name, nargs, traits, attributes, ...) \
	static const AttrInfo attrs_of_##name[] = { EACH(name attributes) { 0 } };
#define COMPOSITE(name, nargs, attributes, ...) \
	static const AttrInfo attrs_of_##name[] = { EACH(name attributes) { 0 } };
#define STRUCTURED COMPOSITE
#include "ir/ops.def"

#undef ATTR
#undef OPT

/* Pass two: the ops. */
#undef NO_ATTRS
#define NO_REGIONS    .nregions = 0
#define REGION1(a)    .nregions = 1, .region_name = { a }
#define REGION2(a, b) .nregions = 2, .region_name = { a, b }
#define REGIONS(a)    .nregions = VARIADIC, .region_name = { a }
#define ATTRIBUTES(name) \
	.attr = attrs_of_##name, .nattrs = sizeof attrs_of_##name / sizeof attrs_of_##name[0] - 1, \
	.attrs_size = sizeof(struct attrs_##name)

#define EW(name_, nargs_, traits_, types_, infer, expr, doc_) \
	[OP_##name_] = { .name = #name_, .nargs = nargs_, .traits = T_EW | (traits_), .lower = LOWER_scalar, \
			 .types = types_, \
			 ATTRIBUTES(name_), .doc = doc_ },
#define OP(name_, nargs_, traits_, attributes, regions, infer, eval, lower_, doc_) \
	[OP_##name_] = { .name = #name_, .nargs = nargs_, .traits = traits_, .lower = LOWER_##lower_, \
			 ATTRIBUTES(name_), regions, .doc = doc_ },
#define COMPOSITE(name_, nargs_, attributes, infer, expand, doc_) \
	[OP_##name_] = { .name = #name_, .nargs = nargs_, .traits = T_COMPOSITE, .lower = LOWER_composite, \
			 ATTRIBUTES(name_), .doc = doc_ },
#define STRUCTURED(name_, nargs_, attributes, regions, infer, eval, expand, doc_) \
	[OP_##name_] = { .name = #name_, .nargs = nargs_, .traits = T_COMPOSITE | T_CONTROL, \
			 .lower = LOWER_composite, ATTRIBUTES(name_), regions, \
			 .doc = doc_ },
const OpInfo op_info[OP_COUNT] = {
#include "ir/ops.def"
};

bool op_kind_find(const char *name, size_t n, OpKind *out)
{
	for (int k = 0; k < OP_COUNT; k++) {
		if (!strncmp(op_info[k].name, name, n) && !op_info[k].name[n]) {
			*out = (OpKind)k;
			return true;
		}
	}
	return false;
}
