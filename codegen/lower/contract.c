/* codegen/lower/contract.c - dot_general and conv_general: one loop nest, the batch-reduce GEMM.

   C[batch.., m.., n] = epilogue(sum over taps and k of A * B): the loops are

     batch axes, outer m axes           independent
      blocks of rows                    independent: as many as stay in a cache while all panels pass by
       panels of columns                independent: 16 columns of a (packed) right-hand side each
         last m axis                    independent: jammed into register tiles
           column within the panel      independent: vectorised
             acc = +0; for taps, k ascending: acc = fma(a, b, acc); epilogue

   Small images in batches have blocks of images instead of blocks of rows, then positions, panels and images as rows:
   all rows of a tile lie at the same position, so that terms of padding are left out of all of them.

   Only the positions in A and B differ between a matrix product and a convolution (a tap is a filter position).
   The chain of fma is the order that the language fixes (order = chain): chunks of ORDER_CHUNK terms, whose sums are
   added ascending. */
#include "codegen/lower/combine.h"

#include "ir/base/check.h"

/* Rows a block: a multiple of 6 and 14, which register tiles have; images: the height of one tile. */
enum { PANEL = 16, FOLD_BELOW = 12, BLOCK_ROWS = 84, BLOCK_BYTES = 384 << 10, IMAGES = 6, PHASES_MAX = 16 };

typedef struct Contract {
	const Op *op;
	const Type *lhs, *rhs, *out;
	DType acc;                        /* type of the accumulators */
	Index at;                         /* position in the result */
	int   nk;                         /* reduction axes, in order */
	Dim   kdim[RANK_MAX];
	KOp  *k[RANK_MAX];                /* position along them */
	KOp  *tap[RANK_MAX];              /* phased: number of the tap among those of the phase */
	int   m_axis, n_axis;             /* axes of the result, or -1 */
	int   fold_axis;                  /* a second m axis that runs in the same loop, or -1 */
	int64_t block;                    /* rows of a block, or 0: no blocks */
	KOp  *nblocks;                    /* how many blocks there are */
	int   batch_axis;                 /* of a convolution: the images */
	bool  images;                     /* rows are images, terms of padding are left out */
	KOp  *first_image;                /* where images start, NULL at 0 */
	KOp  *first_row;                  /* without blocks: where rows start, NULL at 0 */
	KOp  *columns;                    /* mask of the columns that exist, or NULL: all */
	bool  phased;                     /* holes of lhs dilation are left out by the loops, see emit_phases */
	int64_t phase[RANK_MAX];          /* of spatial axis i: this loop's positions are phase, phase + dilation, ... */
	KOp  *nth[RANK_MAX];              /* of result axis i: how many positions of the phase came before */
	/* The product at the current position: false where the term is skipped (holes of lhs dilation). */
	void (*operands)(Emit *e, struct Contract *c, KOp **a, KOp **b, KOp **present);
} Contract;

/* Positions: dot_general. */

static bool listed(Ints list, int64_t x)
{
	for (int i = 0; i < list.n; i++)
		if (list.at[i] == x)
			return true;
	return false;
}

static void dot_operands(Emit *e, Contract *c, KOp **a, KOp **b, KOp **present)
{
	const struct attrs_dot_general *d = op_attrs(dot_general, c->op);
	Index l = index_none(c->lhs->rank), r = index_none(c->rhs->rank);
	int out = d->lhs_batch.n;

	for (int i = 0; i < d->lhs_batch.n; i++)
		l.at[d->lhs_batch.at[i]] = r.at[d->rhs_batch.at[i]] = c->at.at[i];
	for (int i = 0; i < d->lhs_contract.n; i++)
		l.at[d->lhs_contract.at[i]] = r.at[d->rhs_contract.at[i]] = c->k[i];
	for (int i = 0; i < c->lhs->rank; i++)
		if (!listed(d->lhs_batch, i) && !listed(d->lhs_contract, i))
			l.at[i] = c->at.at[out++];
	for (int i = 0; i < c->rhs->rank; i++)
		if (!listed(d->rhs_batch, i) && !listed(d->rhs_contract, i))
			r.at[i] = c->at.at[out++];
	KOp *mask = e->mask;
	if (mask == c->columns)
		e->mask = NULL;   /* the left-hand side knows nothing of columns: one load for all lanes */
	*a = emit_value(e, c->op->arg[0], &l);
	e->mask = mask;
	*b = emit_value(e, c->op->arg[1], &r);
	*present = NULL;
}

static void dot_setup(Contract *c)
{
	const struct attrs_dot_general *d = op_attrs(dot_general, c->op);
	int nfree_l = c->lhs->rank - d->lhs_batch.n - d->lhs_contract.n;
	int nfree_r = c->rhs->rank - d->rhs_batch.n - d->rhs_contract.n;

	c->nk = d->lhs_contract.n;
	for (int i = 0; i < c->nk; i++)
		c->kdim[i] = c->lhs->dim[d->lhs_contract.at[i]];
	c->m_axis = nfree_l ? d->lhs_batch.n + nfree_l - 1 : -1;
	c->n_axis = nfree_r ? c->out->rank - 1 : -1;
	c->operands = dot_operands;
}

/* Positions: conv_general. */

static int64_t or_one(Ints list, int i)
{
	return list.n ? list.at[i] : 1;
}

/* The first tap along spatial axis i that meets no hole; those at distances of the dilation follow. */
static int64_t first_tap(const Contract *c, int i)
{
	const struct attrs_conv_general *v = op_attrs(conv_general, c->op);
	int64_t dilation = or_one(v->lhs_dilation, i), low = v->padding.n ? v->padding.low[i] : 0;

	return ((low - c->phase[i]) % dilation + dilation) % dilation;
}

/* How many of n positions from `first` on are left in steps of the dilation along axis i. */
static Dim every(Emit *e, const Contract *c, int i, Dim n, int64_t first)
{
	const struct attrs_conv_general *v = op_attrs(conv_general, c->op);
	DimTable *t = e->ctx->dims;
	Dim rest = dim_sub(t, n, dim_const(t, first)), zero = dim_const(t, 0);

	return dim_max(t, dim_ceildiv(t, rest, dim_const(t, or_one(v->lhs_dilation, i))), zero);
}

/* Filter position and output position -> input position along spatial axis i; *inside and *present: conditions. */
static KOp *conv_spatial(Emit *e, const Contract *c, int i, KOp **inside, KOp **present)
{
	const struct attrs_conv_general *v = op_attrs(conv_general, c->op);
	KBuild *b = &e->b;
	KOp *out = c->at.at[v->out_spec.at[2 + i]], *tap = c->k[i], *zero = kb_int(b, 0);
	int64_t dilation = or_one(v->lhs_dilation, i), low = v->padding.n ? v->padding.low[i] : 0;
	int64_t high = v->padding.n ? v->padding.high[i] : 0;
	KOp *at = kb_add(b, kb_mul(b, out, kb_int(b, or_one(v->strides, i))),
	                 kb_mul(b, tap, kb_int(b, or_one(v->rhs_dilation, i))));

	at = kb_sub(b, at, kb_int(b, low));
	if (c->phased) {
		/* Position n of the phase and tap number m after the first that counts: no remainder, no condition. */
		int64_t ahead = (c->phase[i] + first_tap(c, i) - low) / dilation;
		at = kb_add(b, kb_add(b, c->nth[v->out_spec.at[2 + i]], c->tap[i]), kb_int(b, ahead));
	} else if (dilation > 1) {
		/* Holes lie between two elements, and at the same distances in the padding. */
		KOp *rem = kb_op(b, SC_rem, at, kb_int(b, dilation), NULL);
		Dim size = c->lhs->dim[v->lhs_spec.at[2 + i]];
		Dim last = dim_mul(e->ctx->dims, dim_sub(e->ctx->dims, size, dim_const(e->ctx->dims, 1)),
		                   dim_const(e->ctx->dims, dilation));
		KOp *outside = kb_op(b, SC_or, kb_op(b, SC_lt, at, zero, NULL),
		                     kb_op(b, SC_lt, kb_dim(b, last), at, NULL), NULL);
		KOp *here = kb_op(b, SC_eq, rem, zero, NULL);
		*present = *present ? kb_op(b, SC_and, *present, here, NULL) : here;
		KOp *in = kb_op(b, SC_not, outside, NULL, NULL);
		*inside = *inside ? kb_op(b, SC_and, *inside, in, NULL) : in;
		return kb_op(b, SC_div, at, kb_int(b, dilation), NULL);
	}
	KOp *in = low > 0 ? kb_op(b, SC_le, zero, at, NULL) : NULL;
	if (high > 0) {
		KOp *below = kb_op(b, SC_lt, at, kb_dim(b, c->lhs->dim[v->lhs_spec.at[2 + i]]), NULL);
		in = in ? kb_op(b, SC_and, in, below, NULL) : below;
	}
	if (in)
		*inside = *inside ? kb_op(b, SC_and, *inside, in, NULL) : in;
	return at;
}

static void conv_operands(Emit *e, Contract *c, KOp **a, KOp **b, KOp **present)
{
	const struct attrs_conv_general *v = op_attrs(conv_general, c->op);
	Index l = index_none(c->lhs->rank), r = index_none(c->rhs->rank);
	KBuild *kb = &e->b;
	KOp *inside = NULL, *feature = c->at.at[v->out_spec.at[1]], *ci = c->k[c->nk - 1];
	int nspatial = c->nk - 1;
	DimTable *dims = e->ctx->dims;

	*present = NULL;
	for (int i = 0; i < nspatial; i++) {
		l.at[v->lhs_spec.at[2 + i]] = conv_spatial(e, c, i, &inside, present);
		r.at[v->rhs_spec.at[2 + i]] = c->k[i];
	}
	r.at[v->rhs_spec.at[0]] = feature;
	r.at[v->rhs_spec.at[1]] = ci;
	l.at[v->lhs_spec.at[0]] = c->at.at[v->out_spec.at[0]];
	l.at[v->lhs_spec.at[1]] = ci;
	Dim features = c->out->dim[v->out_spec.at[1]], group_in = c->rhs->dim[v->rhs_spec.at[1]];
	if (v->feature_groups > 1) {
		Dim per = dim_floordiv(dims, features, dim_const(dims, v->feature_groups));
		KOp *group = kb_floordiv(kb, feature, kb_dim(kb, per));
		l.at[v->lhs_spec.at[1]] = kb_add(kb, kb_mul(kb, group, kb_dim(kb, group_in)), ci);
	}
	if (v->batch_groups > 1) {
		Dim per = dim_floordiv(dims, features, dim_const(dims, v->batch_groups));
		KOp *group = kb_floordiv(kb, feature, kb_dim(kb, per));
		KOp *rows = kb_dim(kb, c->out->dim[v->out_spec.at[0]]);
		l.at[v->lhs_spec.at[0]] = kb_add(kb, kb_mul(kb, group, rows), l.at[v->lhs_spec.at[0]]);
	}
	KOp *old = e->mask;
	if (old == c->columns && v->feature_groups <= 1 && v->batch_groups <= 1)
		e->mask = NULL;   /* the same for all columns */
	e->mask = emit_mask_and(e, inside);   /* padding reads as +0 */
	*a = emit_value(e, c->op->arg[0], &l);
	if (inside)
		*a = kb_op(kb, SC_select, inside, *a, kb_const(kb, (*a)->type.dtype, 0));
	e->mask = old;
	*b = emit_value(e, c->op->arg[1], &r);
}

static void conv_setup(Contract *c)
{
	const struct attrs_conv_general *v = op_attrs(conv_general, c->op);
	int nspatial = c->lhs->rank - 2;

	c->nk = nspatial + 1;
	for (int i = 0; i < nspatial; i++)
		c->kdim[i] = c->rhs->dim[v->rhs_spec.at[2 + i]];
	c->kdim[nspatial] = c->rhs->dim[v->rhs_spec.at[1]];
	c->m_axis = nspatial ? (int)v->out_spec.at[1 + nspatial] : (int)v->out_spec.at[0];
	c->n_axis = (int)v->out_spec.at[1];
	c->batch_axis = (int)v->out_spec.at[0];
	/* Short rows of pixels would make low register tiles: two spatial axes become one. */
	if (nspatial >= 2 && dim_is_const(c->out->dim[c->m_axis]) && c->out->dim[c->m_axis]->value < FOLD_BELOW)
		c->fold_axis = (int)v->out_spec.at[nspatial];
	c->operands = conv_operands;
}

/* The chain. */

static void emit_term(Emit *e, Contract *c, KOp *acc)
{
	KBuild *b = &e->b;
	KOp *x, *y, *present;

	c->operands(e, c, &x, &y, &present);
	if (present)
		kb_if(b, present);
	x = emit_convert(e, x, c->acc);
	y = emit_convert(e, y, c->acc);
	if (dtype_is_float(c->acc))
		kb_set(b, acc, kb_op(b, SC_fma, x, y, kb_get(b, acc)));
	else
		kb_set(b, acc, kb_op(b, SC_add, kb_get(b, acc), kb_op(b, SC_mul, x, y, NULL), NULL));
	if (present)
		kb_end(b);
}

static KOp *zero_of(Emit *e, DType t)
{
	return kb_const(&e->b, t, 0);
}

/* The negative zero (or integer 0) that a first sum leaves as it is. */
static KOp *absent_of(Emit *e, DType t)
{
	return kb_const(&e->b, t, combiner_absent(OP_add, t));
}

/* The terms of axis i that lie in the chunk from `from` to `to`, where those at index 0 begin at position p and lie `step` apart. */
static KOp *chunk_loop(Emit *e, Contract *c, int i, KOp *from, KOp *to, KOp *p, Dim step)
{
	KBuild *b = &e->b;
	KOp *lo = kb_sub(b, from, p), *hi = kb_sub(b, to, p), *one = kb_int(b, 1);

	if (!dim_is(step, 1)) {
		KOp *n = kb_op(b, SC_max, kb_dim(b, step), one, NULL);   /* a symbolic extent may be 0 */
		lo = kb_op(b, SC_div, lo, n, NULL);
		hi = kb_op(b, SC_div, kb_add(b, hi, kb_sub(b, n, one)), n, NULL);
	}
	return kb_for(b, kb_op(b, SC_max, lo, kb_int(b, 0), NULL), kb_op(b, SC_min, hi, kb_dim(b, c->kdim[i]), NULL), 1, KR_K);
}

/* More than one chunk, perhaps: a loop over chunks, in which each axis is cut to what lies in the chunk.  So the sum of a chunk stays
   in registers, whatever axes it runs over. */
static KOp *emit_chunks(Emit *e, Contract *c, Dim total)
{
	KBuild *b = &e->b;
	KOp *chunk = kb_int(b, ORDER_CHUNK), *one = kb_int(b, 1), *p = kb_int(b, 0);
	KOp *sum = kb_var(b, absent_of(e, c->acc));
	Dim step[RANK_MAX + 1];

	step[c->nk] = dim_const(e->ctx->dims, 1);
	for (int i = c->nk; i-- > 0;)
		step[i] = dim_mul(e->ctx->dims, step[i + 1], c->kdim[i]);
	/* The sum of no terms is that of one empty chunk: +0. */
	KOp *n = kb_op(b, SC_div, kb_add(b, kb_dim(b, total), kb_int(b, ORDER_CHUNK - 1)), chunk, NULL);
	KOp *s = kb_for(b, kb_int(b, 0), kb_op(b, SC_max, n, one, NULL), 1, KR_SERIAL);
	KOp *from = kb_mul(b, s, chunk), *to = kb_add(b, from, chunk);
	KOp *acc = kb_var(b, zero_of(e, c->acc));
	for (int i = 0; i < c->nk; i++) {
		c->k[i] = chunk_loop(e, c, i, from, to, p, step[i + 1]);
		p = kb_add(b, p, kb_mul(b, c->k[i], kb_dim(b, step[i + 1])));
	}
	emit_term(e, c, acc);
	emit_end(e, c->nk);
	kb_set(b, sum, kb_op(b, SC_add, kb_get(b, sum), kb_get(b, acc), NULL));
	kb_end(b);
	return kb_get(b, sum);
}

/* The taps along spatial axis i that do not fall on padding. */
static void taps_inside(Emit *e, const Contract *c, int i, KOp **lo, KOp **hi)
{
	const struct attrs_conv_general *v = op_attrs(conv_general, c->op);
	KBuild *b = &e->b;
	KOp *at = kb_mul(b, c->at.at[v->out_spec.at[2 + i]], kb_int(b, or_one(v->strides, i)));
	int64_t low = v->zeros.at[2 * i], end = c->lhs->dim[v->lhs_spec.at[2 + i]]->value - v->zeros.at[2 * i + 1];

	if (low > 0)
		*lo = kb_op(b, SC_max, kb_sub(b, kb_int(b, low), at), *lo, NULL);
	*hi = kb_op(b, SC_min, kb_sub(b, kb_int(b, end), at), *hi, NULL);
}

static KOp *emit_chain(Emit *e, Contract *c)
{
	KBuild *b = &e->b;
	Dim total = dim_const(e->ctx->dims, 1);

	for (int i = 0; i < c->nk; i++)
		total = dim_mul(e->ctx->dims, total, c->kdim[i]);
	if (!dim_is_const(total) || total->value > ORDER_CHUNK) {
		if (c->nk)
			return emit_chunks(e, c, total);
	}
	KOp *acc = kb_var(b, zero_of(e, c->acc));
	for (int i = 0; i < c->nk; i++) {
		KOp *lo = kb_int(b, 0), *hi = kb_dim(b, c->kdim[i]);
		if (c->images && i < c->nk - 1)
			taps_inside(e, c, i, &lo, &hi);
		if (c->phased && i < c->nk - 1) {
			int64_t first = first_tap(c, i), step = or_one(op_attrs(conv_general, c->op)->lhs_dilation, i);
			c->tap[i] = kb_for(b, lo, kb_dim(b, every(e, c, i, c->kdim[i], first)), 1, KR_K);
			c->k[i] = kb_add(b, kb_mul(b, c->tap[i], kb_int(b, step)), kb_int(b, first));
		} else {
			c->k[i] = kb_for(b, lo, hi, 1, KR_K);
		}
	}
	emit_term(e, c, acc);
	emit_end(e, c->nk);
	return kb_get(b, acc);
}

/* order = lanes: sixteen chains in the tree of a reduction. */

static void lanes_element(Emit *e, void *arg, KOp *position, KOp *const *acc, KOp **out)
{
	Contract *c = arg;
	KOp *x, *y, *present;
	Index at = index_none(c->nk);
	const Type *k = type_get(e->ctx->types, c->acc, c->nk, c->kdim);

	at.linear = position;
	for (int i = 0; i < c->nk; i++)
		c->k[i] = c->nk == 1 ? position : index_axis(e, k, &at, i);
	c->operands(e, c, &x, &y, &present);
	CHECK(!present, "lanes with holes");
	x = emit_convert(e, x, c->acc);
	y = emit_convert(e, y, c->acc);
	out[0] = dtype_is_float(c->acc) ? kb_op(&e->b, SC_fma, x, y, acc[0])
	                                : kb_op(&e->b, SC_add, acc[0], kb_op(&e->b, SC_mul, x, y, NULL), NULL);
}

static void lanes_combine(Emit *e, void *arg, KOp *const *a, KOp *const *b, KOp **out)
{
	(void)arg;
	out[0] = kb_op(&e->b, SC_add, a[0], b[0], NULL);
}

static KOp *emit_lanes(Emit *e, Contract *c)
{
	Dim total = dim_const(e->ctx->dims, 1);
	KOp *absent = absent_of(e, c->acc), *out;

	for (int i = 0; i < c->nk; i++)
		total = dim_mul(e->ctx->dims, total, c->kdim[i]);
	RowSpec row = { .n = 1, .type = &c->acc, .absent = &absent, .start = zero_of(e, c->acc), .count = total,
	                .element = lanes_element, .combine = lanes_combine, .arg = c };
	if (dim_is(total, 0))
		return zero_of(e, c->acc);
	emit_row(e, &row, &out);
	if (!dim_is_const(total))   /* no terms: +0 */
		out = kb_op(&e->b, SC_select, kb_op(&e->b, SC_eq, kb_dim(&e->b, total), kb_int(&e->b, 0), NULL),
		            zero_of(e, c->acc), out);
	return out;
}

/* The nest. */

static void emit_point(Emit *e, Contract *c, bool lanes)
{
	KOp *acc = lanes ? emit_lanes(e, c) : emit_chain(e, c);

	map_set(&e->bound, c->op->result[0], emit_convert(e, acc, c->out->dtype));
	emit_outputs_from(e, c->op->result[0], &c->at);
}

/* Number of the spatial axis that axis `axis` of the result is, or -1. */
static int spatial_of(const Contract *c, int axis)
{
	const struct attrs_conv_general *v = op_attrs(conv_general, c->op);

	for (int i = 0; i < c->nk - 1; i++)
		if (v->out_spec.at[2 + i] == axis)
			return i;
	return -1;
}

/* The loop over an axis of the result, in a phased convolution over the positions of its phase. */
static KOp *axis_loop(Emit *e, Contract *c, int axis, KOp *lo, KRole role)
{
	KBuild *b = &e->b;
	int i = c->phased ? spatial_of(c, axis) : -1;

	if (i < 0)
		return kb_for(b, lo, kb_dim(b, c->out->dim[axis]), 1, role);
	KOp *step = kb_int(b, or_one(op_attrs(conv_general, c->op)->lhs_dilation, i));
	c->nth[axis] = kb_for(b, lo, kb_dim(b, every(e, c, i, c->out->dim[axis], c->phase[i])), 1, role);
	return kb_add(b, kb_mul(b, c->nth[axis], step), kb_int(b, c->phase[i]));
}

static int outer_loops(Emit *e, Contract *c)
{
	int n = 0;

	for (int i = 0; i < c->out->rank; i++)
		if (i != c->m_axis && i != c->n_axis && i != c->fold_axis) {
			KOp *lo = c->first_image && i == c->batch_axis ? c->first_image : kb_int(&e->b, 0);
			c->at.at[i] = axis_loop(e, c, i, lo, KR_BATCH);
			n++;
		}
	return n;
}

/* The loop over rows of the tile: one axis of the result, or two as one.  base: the first row of the block, or NULL. */
static void rows_loop(Emit *e, Contract *c, KOp *base)
{
	KBuild *b = &e->b;

	if (base) {
		c->at.at[c->m_axis] = kb_add(b, base, kb_for(b, kb_int(b, 0), kb_int(b, c->block), 1, KR_M));
		return;
	}
	if (c->fold_axis < 0) {
		KOp *lo = c->first_row ? c->first_row : kb_int(b, 0);
		c->at.at[c->m_axis] = axis_loop(e, c, c->m_axis, lo, KR_M);
		return;
	}
	Dim inner = c->out->dim[c->m_axis], n = dim_mul(e->ctx->dims, c->out->dim[c->fold_axis], inner);
	KOp *m = kb_for(b, kb_int(b, 0), kb_dim(b, n), 1, KR_M);
	c->at.at[c->fold_axis] = kb_floordiv(b, m, kb_dim(b, inner));
	c->at.at[c->m_axis] = kb_mod(b, m, kb_dim(b, inner));
}

/* Lanes for so many last columns: a power of two, so that few columns take few registers. */
static int lanes_of_rest(int64_t columns)
{
	return columns <= 4 ? 4 : columns <= 8 ? 8 : PANEL;
}

/* Panels lo ... hi - 1 of columns, `width` lanes of each; masked: columns may lie beyond the last. */
static void emit_panels(Emit *e, Contract *c, KOp *lo, KOp *hi, int width, bool masked)
{
	KBuild *b = &e->b;
	int outer = c->images ? 0 : outer_loops(e, c);
	KOp *base = NULL;
	bool *done = ARENA_ARRAY(e->scratch, bool, e->nout + 1);

	if (c->block) {
		KOp *block = kb_for(b, kb_int(b, 0), c->nblocks, 1, KR_BATCH);
		base = kb_mul(b, block, kb_int(b, c->block));
	}
	if (c->images)
		outer = outer_loops(e, c);
	KOp *panel = kb_for(b, lo, hi, 1, KR_PANEL);
	e->done = done;
	if (c->m_axis >= 0)
		rows_loop(e, c, base);
	KOp *column = kb_for(b, kb_int(b, 0), kb_int(b, width), 1, KR_N);
	KOp *n = kb_add(b, kb_mul(b, panel, kb_int(b, PANEL)), column);
	c->at.at[c->n_axis] = n;
	if (masked)
		e->mask = c->columns = kb_op(b, SC_lt, n, kb_dim(b, c->out->dim[c->n_axis]), NULL);
	emit_point(e, c, false);
	e->mask = c->columns = NULL;
	emit_end(e, 2 + (c->m_axis >= 0) + (c->block > 0) + outer);
}

static void emit_columns(Emit *e, Contract *c)
{
	KBuild *b = &e->b;
	Dim n = c->out->dim[c->n_axis], panel = dim_const(e->ctx->dims, PANEL);
	KOp *whole = kb_dim(b, dim_floordiv(e->ctx->dims, n, panel)), *all = kb_dim(b, dim_ceildiv(e->ctx->dims, n, panel));

	if (!(dim_is_const(n) && n->value < PANEL))
		emit_panels(e, c, kb_int(b, 0), whole, PANEL, false);
	int64_t rest = dim_is_const(n) ? n->value % PANEL : PANEL - 1;
	if (whole != all)
		emit_panels(e, c, whole, all, lanes_of_rest(rest), rest != lanes_of_rest(rest));
}

/* How many rows of the left-hand side stay in a cache, 0 when all do or when the nest is no plain product. */
static int64_t block_rows(Emit *e, const Contract *c)
{
	Dim k = dim_const(e->ctx->dims, dtype_size(c->lhs->dtype));

	if (c->op->kind != OP_dot_general || c->m_axis < 0 || c->fold_axis >= 0)
		return 0;
	for (int i = 0; i < c->nk && k; i++)
		k = dim_mul(e->ctx->dims, k, c->kdim[i]);
	Dim m = c->out->dim[c->m_axis], n = c->out->dim[c->n_axis];
	if (!k || !dim_is_const(k) || k->value < 512 || !dim_is_const(n) || n->value < 4 * PANEL)
		return 0;
	int64_t rows = BLOCK_BYTES / k->value >= BLOCK_ROWS ? BLOCK_ROWS : BLOCK_ROWS / 2;
	return dim_is_const(m) && (m->value <= 2 * BLOCK_ROWS || m->value * k->value <= BLOCK_BYTES) ? 0 : rows;
}

/* Whether so many terms of small images fall on padding that rows of a tile had better be images: then all rows of a
   tile have the same terms, and those of padding are left out. */
static bool skips_padding(const Contract *c)
{
	const struct attrs_conv_general *v = c->op->kind == OP_conv_general ? op_attrs(conv_general, c->op) : NULL;
	int64_t terms = 1;
	double part = 1;

	if (!v || !v->zeros.n || v->feature_groups > 1 || v->batch_groups > 1 || v->padding.n || v->rhs_dilation.n || v->lhs_dilation.n)
		return false;
	Dim images = c->out->dim[c->batch_axis];
	if (dim_is_const(images) && images->value < IMAGES)
		return false;
	for (int i = 0; i < c->nk; i++) {
		if (!dim_is_const(c->kdim[i]))
			return false;
		terms *= c->kdim[i]->value;
	}
	for (int i = 0; i < c->nk - 1; i++) {
		Dim in = c->lhs->dim[v->lhs_spec.at[2 + i]], out = c->out->dim[v->out_spec.at[2 + i]];
		if (!dim_is_const(in) || !dim_is_const(out))
			return false;
		int64_t inside = 0, stride = or_one(v->strides, i), low = v->zeros.at[2 * i], end = in->value - v->zeros.at[2 * i + 1];
		for (int64_t x = 0; x < out->value; x++)
			for (int64_t k = 0; k < c->kdim[i]->value; k++)
				inside += x * stride + k >= low && x * stride + k < end;
		part *= (double)inside / (double)(out->value * c->kdim[i]->value);
	}
	return part <= 0.9 && terms <= ORDER_CHUNK && c->kdim[c->nk - 1]->value >= PANEL;
}

/* Blocks of images, then what is left of them, each image by itself. */
static void emit_images(Emit *e, Contract *c)
{
	DimTable *t = e->ctx->dims;
	Dim block = dim_const(t, IMAGES), n = c->out->dim[c->batch_axis], blocks = dim_floordiv(t, n, block);
	Contract images = *c;

	images.images = true;
	images.m_axis = c->batch_axis;
	images.fold_axis = -1;
	images.block = IMAGES;
	images.nblocks = kb_dim(&e->b, blocks);
	emit_columns(e, &images);
	c->first_image = kb_dim(&e->b, dim_mul(t, blocks, block));
	if (dim_mul(t, blocks, block) != n)
		emit_columns(e, c);
}

/* Whether there are holes that loops can leave out: with strides and kernels without holes of their own, positions of
   the result at distances of the dilation meet the same taps.  Each such set of positions is a phase. */
static bool has_phases(const Contract *c)
{
	const struct attrs_conv_general *v = c->op->kind == OP_conv_general ? op_attrs(conv_general, c->op) : NULL;
	int64_t phases = 1, terms = 1;

	if (!v || !v->lhs_dilation.n)
		return false;
	for (int i = 0; i < c->nk; i++) {
		if (!dim_is_const(c->kdim[i]) || c->kdim[i]->value > ORDER_CHUNK)
			return false;
		terms *= c->kdim[i]->value;
		if (terms > ORDER_CHUNK)
			return false;
	}
	for (int i = 0; i < c->nk - 1; i++) {
		int64_t dilation = or_one(v->lhs_dilation, i);
		if (dilation > PHASES_MAX || or_one(v->strides, i) > 1 || or_one(v->rhs_dilation, i) > 1)
			return false;
		phases *= dilation;
		if (phases > PHASES_MAX)
			return false;
	}
	return phases > 1;
}

static void emit_phases(Emit *e, Contract *c, int i)
{
	if (i == c->nk - 1) {
		Contract phase = *c;
		emit_columns(e, &phase);
		return;
	}
	int64_t dilation = or_one(op_attrs(conv_general, c->op)->lhs_dilation, i);
	for (c->phase[i] = 0; c->phase[i] < dilation; c->phase[i]++)
		emit_phases(e, c, i + 1);
}

/* Whole blocks of rows, then the rest. */
static void emit_rows(Emit *e, Contract *c)
{
	DimTable *t = e->ctx->dims;
	int64_t rows = block_rows(e, c);

	if (skips_padding(c)) {
		emit_images(e, c);
		return;
	}
	if (has_phases(c)) {
		c->phased = true;
		c->fold_axis = -1;
		emit_phases(e, c, 0);
		return;
	}
	if (!rows) {
		emit_columns(e, c);
		return;
	}
	Dim m = c->out->dim[c->m_axis], block = dim_const(t, rows), blocks = dim_floordiv(t, m, block);
	c->block = rows;
	c->nblocks = kb_dim(&e->b, blocks);
	emit_columns(e, c);
	c->block = 0;
	c->first_row = kb_dim(&e->b, dim_mul(t, blocks, block));
	if (dim_mul(t, blocks, block) != m)
		emit_columns(e, c);
}

void lower_contract(Emit *e, const Op *op)
{
	KBuild *b = &e->b;
	Contract c = { .op = op, .lhs = op->arg[0]->type, .rhs = op->arg[1]->type, .out = op->result[0]->type,
	               .fold_axis = -1, .batch_axis = -1 };
	bool lanes = op->kind == OP_dot_general && op_attrs(dot_general, op)->order == ORDER_LANES;

	c.acc = dtype_scalar(c.out->dtype);
	c.at = index_none(c.out->rank);
	if (op->kind == OP_dot_general)
		dot_setup(&c);
	else
		conv_setup(&c);
	if (lanes || c.n_axis < 0) {
		int outer = outer_loops(e, &c);
		if (c.m_axis >= 0)
			rows_loop(e, &c, NULL);
		if (c.n_axis >= 0)
			c.at.at[c.n_axis] = kb_int(b, 0);
		emit_point(e, &c, lanes);
		emit_end(e, outer + (c.m_axis >= 0));
		return;
	}
	emit_rows(e, &c);
}
