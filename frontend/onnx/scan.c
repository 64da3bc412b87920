/* frontend/onnx/scan.c - Scan: one of ours over the first axes, with axes moved and steps reversed around it. */
#include "frontend/onnx/control.h"

typedef struct Scan {
	Onnx   *o;
	const Onnx__GraphProto *body;
	int     nstates, nxs, nys;
	Ints    in_directions, out_directions, in_axes, out_axes;
} Scan;

static bool list_of(Onnx *o, const char *name, int n, Ints *out)
{
	*out = get_ints(o, name);
	if (out->n && out->n != n)
		return refuse_attr(o, name, "%d entries found, wanted %d", out->n, n);
	return true;
}

static Value *mirrored(Onnx *o, Value *v, int axis)
{
	return EMIT(o, reverse, ARGS(v), .dims = ints_of(o->arena, 1, axis));
}

/* Axis `from` moved to place `to`. */
static Value *axis_moved(Onnx *o, Value *v, int from, int to)
{
	int64_t p[RANK_MAX];
	int next = 0;

	if (!v || from == to)
		return v;
	for (int i = 0; i < v->type->rank; i++) {
		if (i != to && next == from)
			next++;
		p[i] = i == to ? from : next++;
	}
	return transposed(o, v, p);
}

/* A scan of ours over the first axis of xs; *length: how many steps count, or NULL for all. */
static Op *scan_over(Scan *s, Value *const *state, Value *const *xs, Value *length)
{
	Onnx *o = s->o;
	int n = s->nstates, nargs = 0, nout = n + s->nys;
	Value **v = ARENA_ARRAY(o->arena, Value *, n + s->nxs + 1), **y = ARENA_ARRAY(o->arena, Value *, nout + 1);
	Known **in = ARENA_ARRAY(o->arena, Known *, n + s->nxs + 1), **out = ARENA_ARRAY(o->arena, Known *, nout + 1);

	for (int i = 0; i < n; i++)
		v[nargs++] = state[i];
	for (int i = 0; i < s->nxs; i++)
		v[nargs++] = xs[i];
	if (length)
		v[nargs++] = EMIT(o, iota, NO_ARGS, .dim = 0, .dtype = length->type->dtype, .shape = dims_copy(o->arena, 1, xs[0]->type->dim));
	for (int i = 0; i < nargs; i++)
		if (!v[i])
			return NULL;
	Op *op = build_begin(&o->b, OP_scan, nargs, v, &(struct attrs_scan){ .carry = n });
	Spot spot = region_enter(o, op->region[0]);
	for (int i = 0; i < nargs; i++) {
		const Type *t = v[i]->type;
		Value *a = block_add_arg(op->region[0], i < n ? t : type_get(o->ctx->types, t->dtype, t->rank - 1, t->dim + 1), NULL, o->b.loc);
		if (i < n + s->nxs)
			in[i] = known_tensor(o, a);
	}
	bool ok = import_body(o, s->body, n + s->nxs, in, out);
	if (ok && !are_tensors(nout, out))
		ok = refuse(o, "what the body gives is no tensor");
	Value *runs = ok && length ? compare(o, CMP_LT, op->region[0]->args.at[nargs - 1], length) : NULL;
	for (int i = 0; i < nout && ok; i++) {
		y[i] = out[i]->value;
		if (runs) {
			Value *old = i < n ? in[i]->value : number_like(o, y[i], 0);
			y[i] = EW(o, select, runs, y[i], old);
		}
		ok = y[i] != NULL;
	}
	ok = ok && build_op(&o->b, OP_yield, nout, y, NULL);
	region_leave(o, spot);
	return ok ? build_finish(&o->b, op) : NULL;
}

static bool read_scan(Scan *s, int first)
{
	Onnx *o = s->o;
	int nargs = o->node->nargs - first;

	s->body = get_graph(o, "body");
	int64_t nxs = get_int(o, "num_scan_inputs", 0);
	if (!s->body)
		return refuse(o, "attribute 'body' is missing");
	if (nxs < 1 || nxs > nargs || (int)s->body->n_input != nargs)
		return refuse(o, "'num_scan_inputs' is %lld, and the body takes %zu values of %d operands", (long long)nxs, s->body->n_input, nargs);
	s->nxs = (int)nxs;
	s->nstates = nargs - s->nxs;
	s->nys = (int)s->body->n_output - s->nstates;
	if (s->nys < 0 || (int)o->node->proto->n_output > s->nstates + s->nys)
		return refuse(o, "the body gives %zu values, which does not go with %d states and %zu results", s->body->n_output, s->nstates,
		              o->node->proto->n_output);
	return true;
}

bool onnx_scan(Onnx *o)
{
	Scan s = { .o = o };

	if (!read_scan(&s, 0) || !list_of(o, "scan_input_directions", s.nxs, &s.in_directions) ||
	    !list_of(o, "scan_output_directions", s.nys, &s.out_directions) || !list_of(o, "scan_input_axes", s.nxs, &s.in_axes) ||
	    !list_of(o, "scan_output_axes", s.nys, &s.out_axes))
		return false;
	Value **v = ARENA_ARRAY(o->arena, Value *, o->node->nargs + 1);
	for (int i = 0; i < o->node->nargs; i++) {
		int k = i - s.nstates, axis = 0;
		if (!(v[i] = arg(o, i)))
			return false;
		if (k < 0)
			continue;
		if (!axis_of(o, "scan_input_axes", s.in_axes.n ? s.in_axes.at[k] : 0, v[i]->type->rank, &axis))
			return false;
		v[i] = axis_moved(o, v[i], axis, 0);
		if (s.in_directions.n && s.in_directions.at[k])
			v[i] = mirrored(o, v[i], 0);
		if (!v[i])
			return false;
	}
	Op *op = scan_over(&s, v, v + s.nstates, NULL);
	for (int i = 0; op && i < (int)o->node->proto->n_output; i++) {
		Value *y = op->result[i];
		int k = i - s.nstates, axis = 0;
		if (k >= 0 && s.out_directions.n && s.out_directions.at[k])
			y = mirrored(o, y, 0);
		if (k >= 0 && !axis_of(o, "scan_output_axes", s.out_axes.n ? s.out_axes.at[k] : 0, op->result[i]->type->rank, &axis))
			return false;
		if (wants(o, i) && !give(o, i, axis_moved(o, y, 0, axis)))
			return false;
	}
	return op != NULL;
}

/* The steps of x in reverse, those that count alone where there is a length. */
static Value *backwards(Onnx *o, Value *x, Value *length)
{
	if (!length)
		return mirrored(o, x, 0);
	Value *at = EMIT(o, iota, NO_ARGS, .dim = 0, .dtype = length->type->dtype, .shape = dims_copy(o->arena, 1, x->type->dim));
	Value *one = number_like(o, length, 1), *last = EW(o, sub, length, one), *other = EW(o, sub, last, at);
	Value *counts = compare(o, CMP_LT, at, length), *index = EW(o, select, counts, other, at);

	return EMIT(o, take, ARGS(x, index), .axis = 0);
}

/* Opset 8: the first axis of everything is a batch, each sample with a scan of its own, and perhaps a length of its own. */
bool onnx_scan_batch(Onnx *o)
{
	Scan s = { .o = o };
	Value *lengths = arg_opt(o, 0);

	if (!read_scan(&s, 1) || !list_of(o, "directions", s.nxs, &s.in_directions))
		return false;
	int n = s.nstates + s.nxs, nargs = n + (lengths != NULL), nout = s.nstates + s.nys;
	Value **v = ARENA_ARRAY(o->arena, Value *, nargs), **in = ARENA_ARRAY(o->arena, Value *, nargs);
	for (int i = 0; i < n; i++)
		if (!(v[i] = arg(o, 1 + i)))
			return false;
	if (lengths)
		v[n] = lengths;
	Op *op = build_begin(&o->b, OP_scan, nargs, v, &(struct attrs_scan){ .carry = 0 });
	Spot spot = region_enter(o, op->region[0]);
	bool ok = true;
	for (int i = 0; i < nargs && ok; i++) {
		const Type *t = v[i]->type;
		if (t->rank < 1 || (i >= s.nstates && i < n && t->rank < 2)) {
			ok = refuse(o, "operand %d has rank %d, which is too small for a batch of sequences", i < n ? 1 + i : 0, t->rank);
			break;
		}
		in[i] = block_add_arg(op->region[0], type_get(o->ctx->types, t->dtype, t->rank - 1, t->dim + 1), NULL, o->b.loc);
	}
	for (int i = s.nstates; i < n && ok && s.in_directions.n; i++)
		if (s.in_directions.at[i - s.nstates])
			ok = (in[i] = backwards(o, in[i], lengths ? in[n] : NULL)) != NULL;
	Op *inner = ok ? scan_over(&s, in, in + s.nstates, lengths ? in[n] : NULL) : NULL;
	ok = inner && build_op(&o->b, OP_yield, nout, inner->result, NULL);
	region_leave(o, spot);
	return ok && give_all(o, build_finish(&o->b, op));
}
