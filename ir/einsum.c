/* ir/einsum.c - reading equations of einsum. */
#include "ir/einsum.h"

#include <string.h>

bool labels_have(const Labels *l, int label)
{
	for (int i = 0; i < l->n; i++)
		if (l->at[i] == label)
			return true;
	return false;
}

void labels_add(Labels *l, int label)
{
	l->at[l->n++] = label;
}

/* A to Z and then a to z: the order of their codes. */
static int label_of(char c)
{
	return c >= 'A' && c <= 'Z' ? c - 'A' : c >= 'a' && c <= 'z' ? 26 + c - 'a' : -1;
}

static char letter_of(int label)
{
	return (char)(label < 26 ? 'A' + label : 'a' + label - 26);
}

typedef struct Reader {
	Arena      *arena;
	const char *start, *at;
	const char *error;
} Reader;

static bool fail(Reader *r, const char *error)
{
	r->error = error;
	return false;
}

static char peek(Reader *r)
{
	while (*r->at == ' ')
		r->at++;
	return *r->at;
}

/* Letters and at most one '...', up to what ends a term.  dots: where the axes of the ellipsis go, or -1. */
typedef struct Term { Labels letters; int dots; } Term;

static bool read_term(Reader *r, Term *out)
{
	out->letters.n = 0;
	out->dots = -1;
	for (;;) {
		char c = peek(r);
		int label = label_of(c);

		if (label >= 0) {
			if (out->letters.n == EINSUM_LETTERS)
				return fail(r, "'equation' has a term of too many letters");
			labels_add(&out->letters, label);
			r->at++;
		} else if (!strncmp(r->at, "...", 3)) {
			if (out->dots >= 0)
				return fail(r, "'equation' has a term with two '...', wanted at most one");
			out->dots = out->letters.n;
			r->at += 3;
		} else if (!c || c == ',' || !strncmp(r->at, "->", 2)) {
			return true;
		} else {
			return fail(r, arena_printf(r->arena, "character %d of 'equation' is '%c', wanted letters, '...', ',' and '->'",
			                            (int)(r->at - r->start) + 1, c));
		}
	}
}

/* A term with `extra` axes for its ellipsis. */
static void spread(const Term *t, int extra, Labels *out)
{
	out->n = 0;
	for (int i = 0; i <= t->letters.n; i++) {
		for (int k = extra; i == t->dots && k > 0; k--)
			labels_add(out, EINSUM_LETTERS + k - 1);
		if (i < t->letters.n)
			labels_add(out, t->letters.at[i]);
	}
}

static bool read_operand(Reader *r, int i, const Type *x, Labels *out, int *widest)
{
	Term t;

	if (!read_term(r, &t))
		return false;
	int extra = x->rank - t.letters.n;
	if (t.dots < 0 ? extra != 0 : extra < 0)
		return fail(r, arena_printf(r->arena, "term %d of 'equation' has %d letter%s%s, but operand %d has rank %d", i, t.letters.n,
		                            t.letters.n == 1 ? "" : "s", t.dots < 0 ? "" : " beside '...'", i, x->rank));
	spread(&t, extra, out);
	if (t.dots >= 0 && extra > *widest)
		*widest = extra;
	return true;
}

static int times_used(const Einsum *e, int label)
{
	int count = 0;

	for (int i = 0; i < e->n; i++)
		for (int k = 0; k < e->term[i].n; k++)
			count += e->term[i].at[k] == label;
	return count;
}

/* Without '->': the axes of ellipses, and then the letters that are there once, in order. */
static void implied(const Einsum *e, int widest, Labels *out)
{
	out->n = 0;
	for (int k = widest; k > 0; k--)
		labels_add(out, EINSUM_LETTERS + k - 1);
	for (int label = 0; label < EINSUM_LETTERS; label++)
		if (times_used(e, label) == 1)
			labels_add(out, label);
}

static bool read_result(Reader *r, const Einsum *e, int widest, Labels *out)
{
	Term t;

	r->at += 2;
	if (!read_term(r, &t))
		return false;
	if (peek(r))
		return fail(r, "'equation' goes on after the term of the result");
	if (t.dots < 0 && widest > 0)
		return fail(r, "the result of 'equation' has no '...', for the axes that it stands for in operands");
	for (int i = 0; i < t.letters.n; i++) {
		int label = t.letters.at[i];

		if (!times_used(e, label))
			return fail(r, arena_printf(r->arena, "the result of 'equation' has the letter '%c', which no operand has", letter_of(label)));
		for (int j = 0; j < i; j++)
			if (t.letters.at[j] == label)
				return fail(r, arena_printf(r->arena, "the result of 'equation' has the letter '%c' twice", letter_of(label)));
	}
	spread(&t, widest, out);
	return true;
}

static bool read_equation(Reader *r, int n, const Type *const *operand, Einsum *e)
{
	int widest = 0, terms = 1;

	for (const char *c = r->start; *c && strncmp(c, "->", 2); c++)
		terms += *c == ',';
	if (terms != n)
		return fail(r, arena_printf(r->arena, "'equation' has %d term%s, but there %s %d operand%s", terms, terms == 1 ? "" : "s",
		                            n == 1 ? "is" : "are", n, n == 1 ? "" : "s"));
	for (int i = 0; i < n; i++) {
		if (i)
			r->at++;
		if (!read_operand(r, i, operand[i], &e->term[i], &widest))
			return false;
	}
	if (peek(r))
		return read_result(r, e, widest, &e->out);
	implied(e, widest, &e->out);
	return true;
}

bool einsum_parse(Arena *a, const char *equation, int n, const Type *const *operand, Einsum *out, const char **error)
{
	Reader r = { .arena = a, .start = equation, .at = equation };

	*out = (Einsum){ .n = n, .term = ARENA_ARRAY(a, Labels, n + 1) };
	bool ok = read_equation(&r, n, operand, out);
	*error = r.error;
	return ok;
}

static bool is_needed(const Einsum *e, int i, int label)
{
	bool needed = labels_have(&e->out, label);

	for (int k = i + 1; k < e->n; k++)
		needed |= labels_have(&e->term[k], label);
	return needed;
}

void einsum_step(const Einsum *e, int i, const Labels *left, const Labels *right, EinsumStep *s)
{
	memset(s, 0, sizeof *s);
	for (int k = 0; k < left->n; k++) {
		int label = left->at[k];
		bool needed = is_needed(e, i, label);

		if (labels_have(right, label))
			labels_add(needed ? &s->batch : &s->contract, label);
		else
			labels_add(needed ? &s->left : &s->left_sum, label);
	}
	for (int k = 0; k < right->n; k++) {
		int label = right->at[k];

		if (!labels_have(left, label))
			labels_add(is_needed(e, i, label) ? &s->right : &s->right_sum, label);
	}
}
