/* frontend/stablehlo/import.c - ops of MLIR text as ops of the IR, one by one, by the table. */
#include <stdarg.h>

#include "frontend/stablehlo/import.h"

static Loc op_loc(const MlirOp *op)
{
	return op->src_loc ? op->src_loc : op->loc;
}

static bool refuse_v(Import *im, Loc loc, const char *fmt, va_list ap)
{
	const char *text = arena_vprintf(im->ctx->arena, fmt, ap);

	if (im->op)
		diag_error(&im->ctx->diag, loc, "%s: %s", im->op->name, text);
	else
		diag_error(&im->ctx->diag, loc, "%s", text);
	return false;
}

bool refuse_op(Import *im, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	refuse_v(im, im->op ? op_loc(im->op) : NULL, fmt, ap);
	va_end(ap);
	return false;
}

bool refuse_at(Import *im, Loc loc, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	refuse_v(im, loc ? loc : im->op ? op_loc(im->op) : NULL, fmt, ap);
	va_end(ap);
	return false;
}

Known *known(const MlirValue *v)
{
	CHECK(v->mark, "%%%s is used before it is defined", v->name ? v->name : "?");
	return v->mark;
}

Known *known_new(Import *im)
{
	return ARENA_NEW(im->arena, Known);
}

void set_known(MlirValue *v, Known *k)
{
	v->mark = k;
}

void poison_results(Import *im, const MlirOp *op)
{
	for (int i = 0; i < op->nresults; i++) {
		Known *k = known_new(im);
		k->poisoned = true;
		set_known(&op->result[i], k);
	}
}

bool import_counts(Import *im, const MlirOp *op, int nargs, int nresults)
{
	if (op->nargs < nargs)
		return refuse_op(im, "%d operand%s found, wanted at least %d", op->nargs, op->nargs == 1 ? "" : "s", nargs);
	return op->nresults >= nresults ||
	       refuse_op(im, "%d result%s declared, wanted at least %d", op->nresults, op->nresults == 1 ? "" : "s", nresults);
}

Value *import_arg(Import *im, const MlirOp *op, int i)
{
	if (!import_counts(im, op, i + 1, 0))
		return NULL;
	const Known *k = known(op->arg[i]);
	if (!k->value)
		refuse_op(im, "operand %d is of type %s, wanted a tensor", i, op->arg[i]->type->text);
	return k->value;
}

Value *import_value(Import *im, OpKind kind, int nargs, Value *const *arg, const void *attrs)
{
	Op *op = build_op(&im->b, kind, nargs, arg, attrs);

	return op ? op->result[0] : NULL;
}

/* Is what inference gives what is written?  A number written where inference has an expression is a condition. */
static bool fits(Import *im, const MlirValue *v, const Type *t)
{
	const MlirType *wanted = v->type;
	Str found = { 0 };
	DType dtype;
	bool ok;

	if (im->in_map)
		return true;
	if (wanted->kind != MLIR_TENSOR)
		return refuse_op(im, "the result is declared as %s, but is a tensor", wanted->text);
	if (!import_dtype(im, wanted, NULL, &dtype))
		return false;
	ok = dtype == t->dtype && wanted->rank == t->rank;
	for (int i = 0; ok && i < t->rank; i++)
		ok = wanted->dim[i] == MLIR_DYNAMIC || !dim_known_unequal(t->dim[i], dim_const(im->ctx->dims, wanted->dim[i]));
	if (!ok) {
		type_print(&found, t);
		refuse_op(im, "the result is declared as %s, but what the operands give is %s", wanted->text, str_cstr(&found));
		str_free(&found);
		return false;
	}
	for (int i = 0; i < t->rank; i++)
		if (wanted->dim[i] != MLIR_DYNAMIC &&
		    !func_require_equal(im->b.func, t->dim[i], dim_const(im->ctx->dims, wanted->dim[i]), op_loc(im->op), im->op->name))
			return false;
	return true;
}

bool set_result(Import *im, const MlirOp *op, int i, Value *v)
{
	if (!v || !import_counts(im, op, 0, i + 1))
		return false;
	if (!fits(im, &op->result[i], v->type))
		return false;
	Known *k = known_new(im);
	k->value = v;
	set_known(&op->result[i], k);
	return true;
}

static bool set_tuple(Import *im, const MlirOp *op, int n, Value *const *part)
{
	const MlirType *t = op->result[0].type;
	Known *k = known_new(im);

	if (t->npart != n)
		return refuse_op(im, "the result is declared as %s, but has %d parts", t->text, n);
	k->nparts = n;
	k->part = ARENA_ARRAY(im->arena, Known *, n);
	for (int i = 0; i < n; i++) {
		MlirValue declared = { .type = t->part[i] };

		if (!fits(im, &declared, part[i]->type))
			return false;
		k->part[i] = known_new(im);
		k->part[i]->value = part[i];
	}
	set_known(&op->result[0], k);
	return true;
}

bool set_values(Import *im, const MlirOp *op, int n, Value *const *v)
{
	if (n > 1 && op->nresults == 1 && op->result[0].type->kind == MLIR_TUPLE)
		return set_tuple(im, op, n, v);
	if (n != op->nresults)
		return refuse_op(im, "%d result%s declared, but there are %d", op->nresults, op->nresults == 1 ? "" : "s", n);
	for (int i = 0; i < n; i++)
		if (!set_result(im, op, i, v[i]))
			return false;
	return true;
}

bool set_results(Import *im, const MlirOp *op, Op *ours)
{
	return ours && set_values(im, op, ours->nresults, ours->result);
}

/* numpy's rule for chlo.broadcast_*; broadcast_dimensions are the axes that the operand of lower rank has. */
static bool broadcast_args(Import *im, const MlirOp *op, int n, Value **arg)
{
	Ints dims;
	int rank = 0;

	if (!import_ints(im, op, "broadcast_dimensions", &dims))
		return false;
	for (int i = 0; i < n; i++)
		rank = arg[i]->type->rank > rank ? arg[i]->type->rank : rank;
	for (int i = 0; i < n && dims.n; i++) {
		const Type *t = arg[i]->type;
		Dim dim[RANK_MAX];

		if (t->rank == rank || t->rank != dims.n)
			continue;
		for (int k = 0; k < rank; k++)
			dim[k] = dim_const(im->ctx->dims, 1);
		for (int k = 0; k < t->rank; k++) {
			if (dims.at[k] < 0 || dims.at[k] >= rank)
				return refuse_op(im, "attribute 'broadcast_dimensions' has the axis %lld, wanted 0 to %d", (long long)dims.at[k], rank - 1);
			dim[dims.at[k]] = t->dim[k];
		}
		arg[i] = import_value(im, OP_broadcast_in_dim, 1, &arg[i], &(struct attrs_broadcast_in_dim){
			.shape = dims_copy(im->arena, rank, dim), .dims = dims });
		if (!arg[i])
			return false;
	}
	im->b.what = op->name;
	bool ok = build_common_shape(&im->b, n, arg);
	im->b.what = NULL;
	return ok;
}

/* Scalars among tensors are repeated: select's predicate, clamp's bounds, and what a map computes without its operands. */
static bool repeat_scalars(Import *im, int n, Value **arg)
{
	const Type *shape = NULL;

	for (int i = 0; i < n && !shape; i++)
		shape = arg[i]->type->rank ? arg[i]->type : NULL;
	for (int i = 0; shape && i < n; i++)
		if (!arg[i]->type->rank)
			arg[i] = build_broadcast(&im->b, arg[i], shape, (Ints)INTS_NONE);
	return true;
}

static bool collect_args(Import *im, const MlirOp *op, Value ***out)
{
	*out = ARENA_ARRAY(im->arena, Value *, op->nargs + 1);
	for (int i = 0; i < op->nargs; i++)
		if (!((*out)[i] = import_arg(im, op, i)))
			return false;
	return true;
}

bool import_ew_args(Import *im, const MlirOp *op, Value ***out)
{
	return collect_args(im, op, out) &&
	       (im->broadcasts ? broadcast_args(im, op, op->nargs, *out) : repeat_scalars(im, op->nargs, *out));
}

static bool import_same(Import *im, const MlirOp *op, const Row *row)
{
	Value **arg;

	if (!import_ew_args(im, op, &arg))
		return false;
	OpKind kind = op->nargs && arg[0]->type->dtype == DT_BOOL ? row->on_bool : row->kind;
	bool larger = kind == OP_max || kind == OP_min;
	if (larger && op->nargs == 2 && dtype_is_complex(arg[0]->type->dtype) && arg[1]->type == arg[0]->type) {
		Value *choice[3] = { complex_order(im, kind == OP_max ? CMP_GE : CMP_LE, arg), arg[0], arg[1] };
		return set_result(im, op, 0, import_value(im, OP_select, 3, choice, NULL));
	}
	return set_results(im, op, build_op(&im->b, kind, op->nargs, arg, NULL));
}

/* Operands in the types that the region takes, which may be wider: f32 for sums of bf16.  Half of its arguments are the first
   operands, the other half the last; between those of a scatter are the indices. */
static bool promote_args(Import *im, const MlirOp *op, Value **arg)
{
	const MlirBlock *body = op->nregions ? op->region[0] : NULL;
	DType t;

	for (int i = 0; body && body->nargs <= op->nargs && !is_quantized(op) && i < body->nargs; i++) {
		Value **x = &arg[2 * i < body->nargs ? i : op->nargs - body->nargs + i];
		if (!import_dtype(im, body->arg[i].type, body->arg[i].loc, &t))
			return false;
		if (t != (*x)->type->dtype && !(*x = import_value(im, OP_convert, 1, x, &(struct attrs_convert){ .dtype = t })))
			return false;
	}
	return true;
}

static bool import_attrs(Import *im, const MlirOp *op, const Row *row)
{
	Value **arg;
	int nregions = op_info[row->kind].nregions;

	if (op->nresults == 0 || !collect_args(im, op, &arg))
		return op->nresults ? false : refuse_op(im, "no result is declared, wanted one at least");
	void *attrs = attrs_mapped(im, op, row->kind, row->attrs);
	if (!attrs)
		return false;
	if (op->nregions != nregions)
		return refuse_op(im, "%d regions found, wanted %d", op->nregions, nregions);
	if ((row->kind == OP_reduce || row->kind == OP_reduce_window || row->kind == OP_scatter) && !promote_args(im, op, arg))
		return false;
	/* A view that changes nothing: nothing at all, which may also stand where only elementwise ops may. */
	if (op->nargs == 1 && (row->kind == OP_reshape || row->kind == OP_broadcast_in_dim || row->kind == OP_transpose) &&
	    arg[0]->type->rank == 0)
		return set_result(im, op, 0, op->result[0].type->rank == 0 ? arg[0] : import_value(im, row->kind, 1, arg, attrs));
	Op *ours = build_begin(&im->b, row->kind, op->nargs, arg, attrs);
	for (int r = 0; r < nregions; r++)
		if (!import_region_of(im, op, r, ours, r))
			return false;
	return set_results(im, op, build_finish(&im->b, ours));
}

/* Regions and tuples say themselves what is in them, and a bitcast asks for no more than bits. */
static bool moves_alike(const MlirOp *op, const Row *row)
{
	return op->nregions || row->fn == import_custom_call || row->fn == import_call || row->kind == OP_bitcast_convert || quant_moves(op);
}

bool import_row(Import *im, const MlirOp *op, const Row *row)
{
	if (row->way != WAY_REFUSED && is_quantized(op)) {
		bool moves = row_moves(row), alike = moves_alike(op, row);
		if (moves && !alike && row->way != WAY_SAME)
			return refuse_op(im, "moves quantized elements, but their types differ in what is stored, in scales or in zero points");
		if (!moves || !alike)
			return quant_compute(im, op, row);
	}
	switch (row->way) {
	case WAY_SAME:    return import_same(im, op, row);
	case WAY_ATTRS:   return import_attrs(im, op, row);
	case WAY_FUNC:    return row->fn(im, op);
	case WAY_REFUSED: return refuse_op(im, "is not supported: %s", row->attrs);
	}
	UNREACHABLE("way %d", (int)row->way);
}

bool import_op(Import *im, const MlirOp *op)
{
	const MlirOp *outer = im->op;
	Loc loc = im->b.loc;
	bool outer_broadcasts = im->broadcasts, ok = true;
	const Row *row = row_find(op->name, &im->broadcasts);

	im->op = op;
	im->b.loc = op->loc ? op->loc : op->src_loc;
	poison_results(im, op);
	for (int i = 0; i < op->nargs; i++)
		ok = ok && !known(op->arg[i])->poisoned;
	if (row && row->way == WAY_REFUSED)
		ok = import_row(im, op, row);
	else if (!row || op->unread)
		ok = refuse_op(im, "this op is not supported");
	else if (ok)
		ok = import_row(im, op, row);
	if (ok && !is_quantized(op))
		sizes_follow(im, op, row);
	else if (!ok)
		poison_results(im, op);
	im->op = outer;
	im->b.loc = loc;
	im->broadcasts = outer_broadcasts;
	return ok;
}

static bool is_terminator(const MlirOp *op)
{
	static const char *const names[] = { "stablehlo.return", "func.return", "return", "mhlo.return", "chlo.return" };

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (strcmp(op->name, names[i]) == 0)
			return true;
	return false;
}

const MlirOp *import_ops(Import *im, const MlirBlock *b)
{
	for (const MlirOp *op = b->first; op; op = op->next) {
		if (is_terminator(op))
			return op;
		import_op(im, op);
	}
	return NULL;
}
