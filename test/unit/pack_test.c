/* test/unit/pack_test.c - slots that are alive together lie apart, for all values of the symbols; and not much is wasted. */
#include <inttypes.h>

#include "passes/buffers.h"
#include "test/unit/unit.h"

enum { NSLOTS = 40, NSYMBOLS = 3 };

typedef struct Pack { Ctx *ctx; uint64_t state; Dim sym[NSYMBOLS]; const char *name[NSYMBOLS]; } Pack;

static int64_t pick(Pack *p, int64_t n)
{
	p->state = p->state * 6364136223846793005u + 1442695040888963407u;
	return (int64_t)((p->state >> 33) % (uint64_t)n);
}

/* A number; a number times one or two symbols; such a sum; now and then a ceiling or nothing. */
static Dim random_bytes(Pack *p, int nsymbols)
{
	DimTable *t = p->ctx->dims;
	Dim d = dim_const(t, 4 * pick(p, 300));

	if (!nsymbols)
		return d;
	if (pick(p, 3))
		d = dim_mul(t, d, p->sym[pick(p, nsymbols)]);
	if (!pick(p, 3))
		d = dim_mul(t, d, p->sym[pick(p, nsymbols)]);
	if (!pick(p, 5))
		d = dim_add(t, d, dim_mul(t, dim_const(t, 64), p->sym[pick(p, nsymbols)]));
	if (!pick(p, 8))
		d = dim_ceildiv(t, d, dim_const(t, 3));
	return d;
}

static int64_t value_at(Pack *p, Dim d, const int64_t *value)
{
	int64_t v = -1;

	EXPECT(dim_eval(d, &(DimEnv){ NSYMBOLS, p->name, value }, &v));
	return v;
}

static void check(Pack *p, Slot **slot, int n, Dim total, Dim bound, uint64_t seed)
{
	int64_t value[NSYMBOLS], at[NSLOTS], bytes[NSLOTS];

	for (int i = 0; i < NSYMBOLS; i++)
		value[i] = pick(p, 3) ? pick(p, 50) : pick(p, 3) ? pick(p, 3) : pick(p, 10000);
	int64_t all = value_at(p, total, value);
	bool ok = value_at(p, bound, value) <= all;
	for (int i = 0; i < n && ok; i++) {
		at[i] = value_at(p, slot[i]->offset, value);
		bytes[i] = value_at(p, slot[i]->bytes, value);
		ok = at[i] >= 0 && at[i] % 64 == 0 && at[i] + bytes[i] <= all;
		for (int k = 0; k < i && ok; k++) {
			bool meet = slot[i]->from <= slot[k]->to && slot[k]->from <= slot[i]->to && bytes[i] && bytes[k];
			ok = !meet || at[i] + bytes[i] <= at[k] || at[k] + bytes[k] <= at[i];
		}
	}
	if (!ok)
		unit_fail(__FILE__, __LINE__, "seed %" PRIu64 ": with %" PRId64 ", %" PRId64 ", %" PRId64, seed, value[0], value[1], value[2]);
}

TEST(pack_keeps_symbolic_slots_apart)
{
	for (uint64_t seed = 1; seed <= 150; seed++) {
		Ctx *ctx = ctx_new();
		Pack p = { .ctx = ctx, .state = seed * 2654435761u };
		PassCtx pass = { .ctx = ctx, .scratch = ctx->arena };
		Slot *slot[NSLOTS];
		int n = 2 + (int)pick(&p, NSLOTS - 2), nsymbols = (int)(seed % (NSYMBOLS + 1));
		static const char *const letter[NSYMBOLS] = { "A", "B", "C" };
		for (int i = 0; i < NSYMBOLS; i++) {
			p.name[i] = ctx_str(ctx, letter[i]);
			p.sym[i] = dim_sym(ctx->dims, p.name[i], INT64_MAX);
		}
		for (int i = 0; i < n; i++) {
			slot[i] = ARENA_NEW(ctx->arena, Slot);
			slot[i]->bytes = random_bytes(&p, nsymbols);
			slot[i]->from = i;
			slot[i]->to = i + pick(&p, pick(&p, 5) ? 4 : 20);
		}
		Dim total = slots_pack(&pass, slot, n), bound = slots_bound(&pass, slot, n);
		EXPECT(total && bound);
		for (int k = 0; k < 20; k++)
			check(&p, slot, n, total, bound, seed);
		ctx_free(ctx);
	}
}

TEST(pack_is_near_the_bound)
{
	double sum = 0;
	enum { ROUNDS = 60 };

	for (uint64_t seed = 1; seed <= ROUNDS; seed++) {
		Ctx *ctx = ctx_new();
		Pack p = { .ctx = ctx, .state = seed * 2654435761u };
		PassCtx pass = { .ctx = ctx, .scratch = ctx->arena };
		Slot *slot[NSLOTS];
		for (int i = 0; i < NSLOTS; i++) {
			slot[i] = ARENA_NEW(ctx->arena, Slot);
			slot[i]->bytes = dim_const(ctx->dims, 64 * (1 + pick(&p, 400)));
			slot[i]->from = i;
			slot[i]->to = i + 1 + pick(&p, pick(&p, 5) ? 4 : 30);
		}
		Dim total = slots_pack(&pass, slot, NSLOTS), bound = slots_bound(&pass, slot, NSLOTS);
		check(&p, slot, NSLOTS, total, bound, seed);
		sum += (double)total->value / (double)bound->value;
		ctx_free(ctx);
	}
	EXPECT(sum / ROUNDS < 1.01);
}
