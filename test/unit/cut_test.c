/* test/unit/cut_test.c - long programs are cut into functions: every step is in one of them, in order, and none is long. */
#include "codegen/object/layout.h"
#include "test/unit/unit.h"

static Step *add_step(Arena *a, Steps *to, StepKind kind)
{
	Step *s = ARENA_NEW(a, Step);

	s->kind = kind;
	*(to->last ? &to->last->next : &to->first) = s;
	to->last = s;
	return s;
}

static void add_launches(Arena *a, Steps *to, int *number, int n)
{
	while (n-- > 0)
		add_step(a, to, STEP_LAUNCH)->kernel = (*number)++;
}

typedef struct Walk { Arena *arena; int functions, next, most; } Walk;

/* Returns how many steps and calls of parts stand in the function at hand. */
static int walk(Walk *w, StepRange range)
{
	StepRange *part;
	int nparts = steps_cut(w->arena, range, &part), n = nparts;

	if (nparts) {
		EXPECT(part[0].first == range.first && part[nparts - 1].end == range.end);
		EXPECT(nparts > 1 && nparts <= 2 * STEPS_PART);
	}
	for (int i = 0; i < nparts; i++) {
		EXPECT(part[i].first != part[i].end && (i == 0 || part[i - 1].end == part[i].first));
		int inside = walk(w, part[i]);
		w->most = inside > w->most ? inside : w->most;
		w->functions++;
	}
	for (const Step *s = nparts ? range.end : range.first; s != range.end; s = s->next) {
		if (s->kind == STEP_LAUNCH)
			EXPECT_EQ_INT(s->kernel, w->next++);
		n += 1 + walk(w, (StepRange){ s->body.first, NULL }) + walk(w, (StepRange){ s->other.first, NULL });
	}
	return n;
}

static Walk walk_all(Arena *a, const Steps *steps)
{
	Walk w = { .arena = a };
	int n = walk(&w, (StepRange){ steps->first, NULL });

	w.most = n > w.most ? n : w.most;
	return w;
}

TEST(cut_rows)
{
	static const struct { int steps, functions; } want[] = {
		{ 0, 0 }, { 1, 0 }, { STEPS_WHOLE, 0 }, { STEPS_WHOLE + 1, 3 }, { 1000, 10 }, { 10000, 100 },
		{ 100000, 100 + 1000 },    /* a tree: parts of parts */
	};

	for (size_t i = 0; i < sizeof want / sizeof *want; i++) {
		Arena *a = arena_new();
		Steps steps = { 0 };
		int number = 0;
		add_launches(a, &steps, &number, want[i].steps);
		Walk w = walk_all(a, &steps);
		EXPECT_EQ_INT(w.next, want[i].steps);
		EXPECT_EQ_INT(w.functions, want[i].functions);
		EXPECT(w.most <= STEPS_WHOLE);
		arena_free(a);
	}
}

/* Loops in branches in loops, some lists empty, some long. */
static void add_nested(Arena *a, Steps *to, int *number, int depth, int n)
{
	for (int i = 0; i < n; i++) {
		add_launches(a, to, number, (i * 37 + depth * 11) % 90);
		if (depth == 0)
			continue;
		Step *s = add_step(a, to, i % 2 ? STEP_IF : STEP_WHILE);
		add_nested(a, &s->body, number, depth - 1, n);
		if (i % 3)
			add_nested(a, &s->other, number, depth - 1, n - 1);
	}
}

TEST(cut_nested)
{
	for (int depth = 0; depth < 6; depth++) {
		Arena *a = arena_new();
		Steps steps = { 0 };
		int number = 0;
		add_nested(a, &steps, &number, depth, 4);
		Walk w = walk_all(a, &steps);
		EXPECT_EQ_INT(w.next, number);
		EXPECT((w.functions > 0) == (depth > 0));
		/* One step stays in one function: two long lists within it are two rows of calls. */
		EXPECT(w.most <= 1 + 2 * STEPS_WHOLE + STEPS_WHOLE);
		arena_free(a);
	}
}
