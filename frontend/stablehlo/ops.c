/* frontend/stablehlo/ops.c - ops.def as a table, and looking up names in it. */
#include <stdlib.h>

#include "frontend/stablehlo/import.h"

static const Row rows[] = {
#undef SAME
#undef ATTRS
#undef FUNC
#undef CUSTOM
#undef REFUSED
#undef MOVES
#define SAME(name, op, on_bool, doc)        { name, WAY_SAME, OP_##op, OP_##on_bool, NULL, NULL },
#define ATTRS(name, op, attributes, doc)    { name, WAY_ATTRS, OP_##op, OP_##op, attributes, NULL },
#define FUNC(name, function, doc)           { name, WAY_FUNC, OP_COUNT, OP_COUNT, NULL, import_##function },
#define CUSTOM(target, function, doc)
#define REFUSED(name, why)                  { name, WAY_REFUSED, OP_COUNT, OP_COUNT, why, NULL },
#define MOVES(name)
#include "frontend/stablehlo/ops.def"
};

static const Row customs[] = {
#define SAME(name, op, on_bool, doc)
#define ATTRS(name, op, attributes, doc)
#define FUNC(name, function, doc)
#define CUSTOM(target, function, doc)       { target, WAY_FUNC, OP_COUNT, OP_COUNT, NULL, import_##function },
#define REFUSED(name, why)
#define MOVES(name)
#include "frontend/stablehlo/ops.def"
};

static const char *const moving[] = {
#define SAME(name, op, on_bool, doc)
#define ATTRS(name, op, attributes, doc)
#define FUNC(name, function, doc)
#define CUSTOM(target, function, doc)
#define REFUSED(name, why)
#define MOVES(name)                         name,
#include "frontend/stablehlo/ops.def"
};

const StablehloRow stablehlo_rows[] = {
#define SAME(name, op, on_bool, doc)        { name, #op, doc, false, false },
#define ATTRS(name, op, attributes, doc)    { name, #op, doc, false, false },
#define FUNC(name, function, doc)           { name, "", doc, false, false },
#define CUSTOM(target, function, doc)       { target, "", doc, true, false },
#define REFUSED(name, why)                  { name, "", why, false, true },
#define MOVES(name)
#include "frontend/stablehlo/ops.def"
};
const int stablehlo_nrows = sizeof stablehlo_rows / sizeof *stablehlo_rows;

/* A few hundred rows, and names that are interned: whoever reads many ops keeps what was found. */
static const Row *find(const Row *from, size_t n, const char *name)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(from[i].name, name) == 0)
			return &from[i];
	return NULL;
}

static const Row *find_in(const char *dialect, const char *name)
{
	char whole[128];

	if (snprintf(whole, sizeof whole, "%s.%s", dialect, name) >= (int)sizeof whole)
		return NULL;
	return find(rows, sizeof rows / sizeof *rows, whole);
}

const Row *row_find(const char *name, bool *broadcasts)
{
	static const char broadcast[] = "chlo.broadcast_";
	const Row *row = find(rows, sizeof rows / sizeof *rows, name);

	*broadcasts = false;
	if (row)
		return row;
	if (strncmp(name, "mhlo.", 5) == 0) {
		row = find_in("stablehlo", name + 5);
		return row ? row : find_in("chlo", name + 5);
	}
	if (strncmp(name, broadcast, sizeof broadcast - 1) == 0) {
		*broadcasts = true;
		row = find_in("stablehlo", name + sizeof broadcast - 1);
		return row ? row : find_in("chlo", name + sizeof broadcast - 1);
	}
	return NULL;
}

/* A ? of the row is a letter of LAPACK's types. */
static bool is_target(const char *row, const char *target)
{
	for (; *row; row++, target++)
		if (*row == '?' ? !*target || !strchr("sdcz", *target) : *row != *target)
			return false;
	return !*target;
}

const Row *row_find_custom(const char *target)
{
	for (size_t i = 0; i < sizeof customs / sizeof *customs; i++)
		if (is_target(customs[i].name, target))
			return &customs[i];
	return NULL;
}

bool row_moves(const Row *row)
{
	for (size_t i = 0; i < sizeof moving / sizeof *moving; i++)
		if (strcmp(moving[i], row->name) == 0)
			return true;
	return row->fn == import_pass;
}
