/* codegen/lower/region.c - branches and loops over scalars, in the regions of reductions, scatters and sorts. */
#include "codegen/lower/lower.h"

#include "ir/base/check.h"

/* Only movement and elementwise ops: computing more than is needed costs time and nothing else. */
static bool is_plain(const Block *region)
{
	for (const Op *op = region->first; op; op = op->next)
		if (!op_has(op, T_TERMINATOR) && !op_is_pointwise(op))
			return false;
	return true;
}

static KOp **values(Emit *e, int n)
{
	return ARENA_ARRAY(e->scratch, KOp *, n + 1);
}

static void emit_cond(Emit *e, const Op *op, KOp **out)
{
	Index scalar = index_none(0);
	int n = op->nresults;
	KOp *p = emit_value(e, op->arg[0], &scalar), **now = values(e, n), **var = values(e, n);

	if (is_plain(op->region[0]) && is_plain(op->region[1])) {
		emit_region(e, op->region[0], NULL, now);
		emit_region(e, op->region[1], NULL, var);
		for (int i = 0; i < n; i++)
			out[i] = kb_op(&e->b, SC_select, p, now[i], var[i]);
		return;
	}
	for (int i = 0; i < n; i++)
		var[i] = kb_var(&e->b, kb_const(&e->b, op->result[i]->type->dtype, 0));
	kb_if(&e->b, p);
	emit_region(e, op->region[0], NULL, now);
	for (int i = 0; i < n; i++)
		kb_set(&e->b, var[i], now[i]);
	kb_else(&e->b);
	emit_region(e, op->region[1], NULL, now);
	for (int i = 0; i < n; i++)
		kb_set(&e->b, var[i], now[i]);
	kb_end(&e->b);
	for (int i = 0; i < n; i++)
		out[i] = kb_get(&e->b, var[i]);
}

static void emit_while(Emit *e, const Op *op, KOp **out)
{
	Index scalar = index_none(0);
	int n = op->nresults;
	KOp **now = values(e, n), **next = values(e, n), **var = values(e, n), *more;

	for (int i = 0; i < n; i++)
		now[i] = emit_value(e, op->arg[i], &scalar);
	for (int i = 0; i < n; i++)
		var[i] = kb_var(&e->b, now[i]);
	kb_while(&e->b);
	for (int i = 0; i < n; i++)
		now[i] = kb_get(&e->b, var[i]);
	emit_region(e, op->region[0], now, &more);
	kb_do(&e->b, more);
	for (int i = 0; i < n; i++)
		now[i] = kb_get(&e->b, var[i]);
	emit_region(e, op->region[1], now, next);
	for (int i = 0; i < n; i++)
		kb_set(&e->b, var[i], next[i]);
	kb_end(&e->b);
	for (int i = 0; i < n; i++)
		out[i] = kb_get(&e->b, var[i]);
}

void emit_control(Emit *e, const Op *op, KOp **out)
{
	if (op->kind == OP_cond)
		emit_cond(e, op, out);
	else
		emit_while(e, op, out);
}

static bool check_tables(Ctx *ctx, const Op *owner, const Block *region)
{
	for (const Op *op = region->first; op; op = op->next) {
		const Blob *table = op->kind == OP_constant ? value_constant(op->result[0]) : NULL;

		if (table && !blob_is_splat(table) && blob_count(table) > FUSION_TABLE_MAX) {
			diag_error(&ctx->diag, op->loc, "%s: a constant of %lld elements in the region, where at most %d can be; define it outside",
			           op_row(owner)->name, (long long)blob_count(table), FUSION_TABLE_MAX);
			return false;
		}
		for (int i = 0; i < op->nregions; i++)
			if (!check_tables(ctx, owner, op->region[i]))
				return false;
	}
	return true;
}

bool emit_check_regions(Ctx *ctx, const Op *op)
{
	for (int i = 0; i < op->nregions; i++)
		if (!check_tables(ctx, op, op->region[i]))
			return false;
	return true;
}
