/* test/unit/plan_test.c - passes keep the bits, and plans keep values apart: random graphs are compiled, then run op by op
   on memory laid out as planned, and compared with the interpreter on the graph as it was written. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "ir/base/check.h"
#include "ir/eval.h"
#include "ir/plan.h"
#include "ir/text.h"
#include "ir/verify.h"
#include "passes/pass.h"
#include "test/unit/unit.h"

/* Random graphs, as text. */

typedef struct Shape { int rank, dim[4]; } Shape;

typedef struct Gen {
	uint64_t state;
	Str      out;
	Shape    shape[400];       /* of %v0 ... */
	int      n;
	int      ninputs;
	bool     symbolic;         /* the first axis of all is N */
	int      depth;
} Gen;

static int pick(Gen *g, int n)
{
	g->state = g->state * 6364136223846793005u + 1442695040888963407u;
	return (int)((g->state >> 33) % (uint64_t)n);
}

static int count_of(const Shape *s)
{
	int n = 1;

	for (int i = 0; i < s->rank; i++)
		n *= s->dim[i];
	return n;
}

static void print_list(Gen *g, const Shape *s)
{
	str_add(&g->out, "[");
	for (int i = 0; i < s->rank; i++)
		str_printf(&g->out, "%s%d", i ? ", " : "", s->dim[i]);
	str_add(&g->out, "]");
}

static void print_elements(Gen *g, const Shape *s, int axis)
{
	if (axis == s->rank) {
		str_printf(&g->out, "%g", (pick(g, 200) - 100) / 64.0);
		return;
	}
	str_add(&g->out, "[");
	for (int i = 0; i < s->dim[axis]; i++) {
		str_add(&g->out, i ? ", " : "");
		print_elements(g, s, axis + 1);
	}
	str_add(&g->out, "]");
}

static void print_constant(Gen *g, const Shape *s)
{
	print_elements(g, s, 0);
	str_add(&g->out, " : f32");
	print_list(g, s);
	str_add(&g->out, "\n");
}

static bool same_shape(const Shape *a, const Shape *b)
{
	bool same = a->rank == b->rank;

	for (int i = 0; same && i < a->rank; i++)
		same = a->dim[i] == b->dim[i];
	return same;
}

static int other_like(Gen *g, int v)
{
	for (int tries = 0; tries < 20; tries++) {
		int w = pick(g, g->n);
		if (same_shape(&g->shape[w], &g->shape[v]))
			return w;
	}
	return v;
}

static void add_value(Gen *g, Shape s)
{
	g->shape[g->n++] = s;
}

static void gen_loop(Gen *g);

static void gen_op(Gen *g)
{
	static const char *const unary[] = { "neg", "abs", "exp", "tanh", "logistic", "sqrt", "floor" };
	static const char *const binary[] = { "add", "mul", "sub", "max", "min", "div" };
	/* Recent values are the likelier operands, so that chains get long. */
	int v = pick(g, 2) ? g->n - 1 - pick(g, g->n < 6 ? g->n : 6) : pick(g, g->n);
	Shape s = g->shape[v], r = s;
	int axis = s.rank ? pick(g, s.rank) : 0, n = g->n;

	switch (pick(g, g->depth ? 21 : 22)) {
	case 0: case 1: case 2:
		str_printf(&g->out, "  %%v%d = %s %%v%d\n", n, unary[pick(g, 7)], v);
		break;
	case 3: case 4: case 5: case 6:
		str_printf(&g->out, "  %%v%d = %s %%v%d, %%v%d\n", n, binary[pick(g, 6)], v, other_like(g, v));
		break;
	case 7:
		str_printf(&g->out, "  %%v%d = mul %%v%d, 0.5\n", n, v);
		break;
	case 8:
		if (s.rank < 2)
			return;
		for (int i = 0; i < s.rank; i++)
			r.dim[i] = s.dim[(i + 1) % s.rank];
		str_printf(&g->out, "  %%v%d = transpose %%v%d {permutation = [", n, v);
		for (int i = 0; i < s.rank; i++)
			str_printf(&g->out, "%s%d", i ? ", " : "", (i + 1) % s.rank);
		str_add(&g->out, "]}\n");
		break;
	case 9:
		if (s.rank >= 2 && pick(g, 2))
			r = (Shape){ 1, { count_of(&s) } };
		else if (s.rank == 1 && s.dim[0] % 3 == 0)
			r = (Shape){ 2, { s.dim[0] / 3, 3 } };
		else if (s.rank < 4)
			r.dim[r.rank++] = 1;
		else
			return;
		str_printf(&g->out, "  %%v%d = reshape %%v%d {shape = ", n, v);
		print_list(g, &r);
		str_add(&g->out, "}\n");
		break;
	case 10: case 11: {
		if (!s.rank)
			return;
		bool keep = pick(g, 2);
		axis = pick(g, 3) ? s.rank - 1 : axis;
		str_printf(&g->out, "  %%v%d = %s %%v%d {dims = [%d], keepdims = %s}\n", n, pick(g, 2) ? "reduce_sum" : "reduce_max", v,
		           axis, keep ? "true" : "false");
		if (keep) {
			r.dim[axis] = 1;
		} else {
			for (int i = axis; i + 1 < r.rank; i++)
				r.dim[i] = r.dim[i + 1];
			r.rank--;
		}
		break;
	}
	case 12:
		if (!s.rank)
			return;
		str_printf(&g->out, "  %%v%d = softmax %%v%d {axis = %d}\n", n, v, pick(g, 3) ? s.rank - 1 : axis);
		break;
	case 13: {
		/* numpy broadcasting against a lower rank */
		int w = pick(g, n);
		Shape t = g->shape[w];
		if (t.rank >= s.rank)
			return;
		for (int i = 0; i < t.rank; i++)
			if (t.dim[i] != s.dim[s.rank - t.rank + i] && t.dim[i] != 1)
				return;
		str_printf(&g->out, "  %%v%d = %s %%v%d, %%v%d\n", n, binary[pick(g, 5)], v, w);
		break;
	}
	case 14: {
		if (s.rank < 1 || s.dim[axis] < 3)
			return;
		int lo = pick(g, 2), hi = s.dim[axis] - 1;
		str_printf(&g->out, "  %%v%d = slice %%v%d {start = [", n, v);
		for (int i = 0; i < s.rank; i++)
			str_printf(&g->out, "%s%d", i ? ", " : "", i == axis ? lo : 0);
		str_add(&g->out, "], limit = [");
		for (int i = 0; i < s.rank; i++)
			str_printf(&g->out, "%s%d", i ? ", " : "", i == axis ? hi : s.dim[i]);
		str_add(&g->out, "]}\n");
		r.dim[axis] = hi - lo;
		break;
	}
	case 15:
		if (s.rank < 1 || s.dim[axis] > 8)
			return;
		str_printf(&g->out, "  %%v%d = pad %%v%d, 1.5 {low = [", n, v);
		for (int i = 0; i < s.rank; i++)
			str_printf(&g->out, "%s%d", i ? ", " : "", i == axis);
		str_add(&g->out, "], high = [");
		for (int i = 0; i < s.rank; i++)
			str_printf(&g->out, "%s%d", i ? ", " : "", i == axis);
		str_add(&g->out, "]}\n");
		r.dim[axis] += 2;
		break;
	case 16: {
		int w = other_like(g, v);
		if (s.rank < 1 || s.dim[axis] > 6)
			return;
		str_printf(&g->out, "  %%v%d = concatenate %%v%d, %%v%d {dim = %d}\n", n, v, w, axis);
		r.dim[axis] *= 2;
		break;
	}
	case 17: case 18: {
		/* a matrix product with any value whose first axis fits the last one */
		int w = pick(g, n);
		Shape t = g->shape[w];
		if (s.rank < 1 || t.rank != 2 || s.rank > 3 || t.dim[0] != s.dim[s.rank - 1])
			return;
		str_printf(&g->out, "  %%v%d = dot_general %%v%d, %%v%d {lhs_contract = [%d], rhs_contract = [0]}\n", n, v, w, s.rank - 1);
		r.dim[r.rank - 1] = t.dim[1];
		break;
	}
	case 19: {
		/* a product with a constant that is wide enough to be packed */
		if (s.rank < 1 || s.rank > 3)
			return;
		int k = s.dim[s.rank - 1], columns = 15 + pick(g, 20), turned = pick(g, 2);
		str_printf(&g->out, "  %%m%d = constant ", n);
		print_constant(g, &(Shape){ 2, { turned ? columns : k, turned ? k : columns } });
		str_printf(&g->out, "  %%e%d = dot_general %%v%d, %%m%d {lhs_contract = [%d], rhs_contract = [%d]}\n", n, v, n, s.rank - 1,
		           turned);
		/* keep shapes small */
		r.dim[r.rank - 1] = 6;
		str_printf(&g->out, "  %%v%d = slice %%e%d {start = [", n, n);
		for (int i = 0; i < s.rank; i++)
			str_printf(&g->out, "%s%d", i ? ", " : "", i == s.rank - 1 ? columns - 6 : 0);
		str_add(&g->out, "], limit = [");
		for (int i = 0; i < s.rank; i++)
			str_printf(&g->out, "%s%d", i ? ", " : "", i == s.rank - 1 ? columns : s.dim[i]);
		str_add(&g->out, "]}\n");
		break;
	}
	case 20: {
		/* a convolution, channels first or last */
		if (s.rank != 3 || s.dim[0] > 6 || s.dim[1] > 8 || s.dim[2] > 8)
			return;
		bool first = pick(g, 2);
		int size = 1 + 2 * pick(g, 2), ci = first ? s.dim[0] : s.dim[2], co = 1 + pick(g, 40);
		str_printf(&g->out, "  %%m%d = constant ", n);
		print_constant(g, &(Shape){ 4, { size, size, ci, co } });
		str_printf(&g->out, "  %%b%d = reshape %%v%d {shape = [1, %d, %d, %d]}\n", n, v, s.dim[0], s.dim[1], s.dim[2]);
		const char *spec = first ? "[0, 1, 2, 3]" : "[0, 3, 1, 2]";
		str_printf(&g->out, "  %%c%d = conv_general %%b%d, %%m%d {lhs_spec = %s, rhs_spec = [3, 2, 0, 1], out_spec = %s, padding = [[%d, %d], [%d, %d]]}\n",
		           n, n, n, spec, spec, size / 2, size / 2, size / 2, size / 2);
		r = (Shape){ 3, { first ? co : s.dim[0], first ? s.dim[1] : s.dim[1], first ? s.dim[2] : co } };
		str_printf(&g->out, "  %%v%d = reshape %%c%d {shape = ", n, n);
		print_list(g, &r);
		str_add(&g->out, "}\n");
		break;
	}
	default:
		gen_loop(g);
		return;
	}
	add_value(g, r);
}

/* A loop of three rounds over two or three carried values, which also reads what is around it. */
static void gen_loop(Gen *g)
{
	int a = pick(g, g->n), b = other_like(g, a), c = pick(g, g->n), id = g->n, outer = g->n;
	int carried[3] = { a, b, c };

	str_printf(&g->out, "  %%n%d = constant 3 : i64[]\n  %%z%d = constant 0 : i64[]\n", id, id);
	str_printf(&g->out, "  %%i%d, %%w%d_0, %%w%d_1, %%w%d_2 = while (%%z%d, %%v%d, %%v%d, %%v%d) cond (%%j: i64[]", id, id, id, id, id,
	           a, b, c);
	for (int k = 0; k < 3; k++) {
		str_printf(&g->out, ", %%q%d: f32", k);
		print_list(g, &g->shape[carried[k]]);
	}
	str_printf(&g->out, ") {\n    %%lt = compare %%j, %%n%d {dir = lt}\n    yield %%lt\n  } do (%%j: i64[]", id);
	for (int k = 0; k < 3; k++) {
		str_printf(&g->out, ", %%v%d: f32", g->n);
		print_list(g, &g->shape[carried[k]]);
		add_value(g, g->shape[carried[k]]);
	}
	str_add(&g->out, ") {\n    %one = constant 1 : i64[]\n    %j1 = add %j, %one\n");
	int first = g->n - 3;
	g->depth++;
	for (int k = 2 + pick(g, 5); k > 0; k--)
		gen_op(g);
	g->depth--;
	/* Anything of the right shape may be yielded: results, the carried values crossed over, values from outside. */
	int next[3];
	for (int k = 0; k < 3; k++) {
		next[k] = first + k;
		for (int tries = 0; tries < 10; tries++) {
			int w = pick(g, 4) ? g->n - 1 - pick(g, g->n - first) : pick(g, g->n);
			if (same_shape(&g->shape[w], &g->shape[carried[k]])) {
				next[k] = w;
				break;
			}
		}
	}
	str_printf(&g->out, "    yield %%j1, %%v%d, %%v%d, %%v%d\n  }\n", next[0], next[1], next[2]);
	/* What was defined inside is not visible outside: forget it, and give the results numbers. */
	g->n = outer;
	for (int k = 0; k < 3; k++) {
		str_printf(&g->out, "  %%v%d = reshape %%w%d_%d {shape = ", g->n, id, k);
		print_list(g, &g->shape[carried[k]]);
		str_add(&g->out, "}\n");
		add_value(g, g->shape[carried[k]]);
	}
}

static const char *gen_graph(Ctx *ctx, uint64_t seed, int nops)
{
	static const Shape inputs[] = { { 2, { 4, 6 } }, { 2, { 6, 5 } }, { 1, { 6 } }, { 3, { 2, 4, 6 } }, { 2, { 4, 6 } } };
	Gen *g = ARENA_NEW(ctx->arena, Gen);
	Str head = { 0 };

	g->state = seed * 2654435761u + 12345;
	g->ninputs = 5;
	str_add(&g->out, "graph @main(");
	for (int i = 0; i < 5; i++) {
		str_printf(&g->out, "%s%%v%d: f32", i ? ", " : "", i);
		print_list(g, &inputs[i]);
		add_value(g, inputs[i]);
	}
	head = g->out;
	g->out = (Str){ 0 };
	while (g->n < nops && g->n < 380)
		gen_op(g);
	str_add(&head, ") -> (");
	int nout = 1 + pick(g, 4), out[4];
	for (int i = 0; i < nout; i++) {
		out[i] = i ? pick(g, g->n) : g->n - 1;
		Str list = g->out;
		g->out = head;
		str_printf(&g->out, "%sf32", i ? ", " : "");
		print_list(g, &g->shape[out[i]]);
		head = g->out;
		g->out = list;
	}
	str_add(&head, ") {\n");
	str_add(&head, str_cstr(&g->out));
	str_add(&head, "  return ");
	for (int i = 0; i < nout; i++)
		str_printf(&head, "%s%%v%d", i ? ", " : "", out[i]);
	str_add(&head, "\n}\n");
	const char *text = arena_strdup(ctx->arena, str_cstr(&head));
	str_free(&head);
	str_free(&g->out);
	return text;
}

/* Running a planned graph on memory. */

typedef struct Machine {
	Ctx   *ctx;
	char  *ws;
	Tensor **in;
	Tensor **out;
	Map    constants;         /* Value* -> Tensor* */
} Machine;

static char *address(Machine *m, const Value *v)
{
	const Place *p = v->place;

	switch (p->kind) {
	case PLACE_WS: return m->ws + p->offset->value;
	case PLACE_IN: return (char *)m->in[p->index]->data + p->offset->value;
	case PLACE_OUT: return (char *)m->out[p->index]->data + p->offset->value;
	default: return NULL;
	}
}

static Tensor *tensor_of_type(const Type *t)
{
	int64_t dim[RANK_MAX];

	for (int i = 0; i < t->rank; i++)
		dim[i] = t->dim[i]->value;
	return tensor_new(t->dtype, t->rank, dim);
}

/* Elements with gaps between them. */
static void move_strided(const Value *v, char *at, char *dense, bool store)
{
	const Type *t = v->type;
	int64_t count = type_count_static(t), size = dtype_size(t->dtype);

	for (int64_t n = 0; n < count; n++) {
		int64_t rest = n, to = 0;
		for (int i = t->rank - 1; i >= 0; i--) {
			to += rest % t->dim[i]->value * v->place->stride[i]->value;
			rest /= t->dim[i]->value;
		}
		memcpy(store ? at + to * size : dense + n * size, store ? dense + n * size : at + to * size, (size_t)size);
	}
}

static Tensor *fetch(Machine *m, const Value *v)
{
	Tensor *t = tensor_of_type(v->type), *constant;
	const Value *from = v;

	while (v->place->kind == PLACE_CONST && from->def->nargs)
		from = from->def->arg[0];
	if (value_constant(from)) {
		constant = tensor_from_blob(value_constant(from));
		char *at = (char *)constant->data + v->place->offset->value;
		if (v->place->stride)
			move_strided(v, at, t->data, false);
		else
			memcpy(t->data, at, (size_t)t->count * (size_t)dtype_size(t->dtype));
		tensor_unref(constant);
		return t;
	}
	char *at = address(m, v);
	CHECK(at, "a value that lies nowhere");
	if (v->place->stride)
		move_strided(v, at, t->data, false);
	else
		memcpy(t->data, at, (size_t)t->count * (size_t)dtype_size(t->dtype));
	return t;
}

static void keep(Machine *m, const Value *v, const Tensor *t)
{
	if (v->place->kind == PLACE_CONST)
		return;
	if (v->place->stride)
		move_strided(v, address(m, v), t->data, true);
	else
		memcpy(address(m, v), t->data, (size_t)t->count * (size_t)dtype_size(t->dtype));
}

static void copy_value(Machine *m, const Value *to, const Value *from)
{
	Tensor *t = fetch(m, from);

	keep(m, to, t);
	tensor_unref(t);
}

static void run_block(Machine *m, const Block *b);

static void run_while(Machine *m, const Op *op)
{
	const Block *cond = op->region[0], *body = op->region[1];

	for (int i = 0; i < op->nargs; i++)
		copy_value(m, op->result[i], op->arg[i]);
	for (;;) {
		run_block(m, cond);
		Tensor *t = fetch(m, block_terminator(cond)->arg[0]);
		bool more = tensor_get(t, 0) != 0;
		tensor_unref(t);
		if (!more)
			return;
		run_block(m, body);
		for (int i = 0; i < op->nresults; i++)
			copy_value(m, op->result[i], block_terminator(body)->arg[i]);
	}
}

static void run_block(Machine *m, const Block *b)
{
	for (const Op *op = b->first; op; op = op->next) {
		Tensor *in[128], *out[32];

		if (op_has(op, T_CONST | T_TERMINATOR))
			continue;
		if (op->kind == OP_while) {
			run_while(m, op);
			continue;
		}
		CHECK(op->nargs <= 128 && op->nresults <= 32, "a large op");
		for (int i = 0; i < op->nargs; i++)
			in[i] = fetch(m, op->arg[i]);
		CHECK(eval_op(m->ctx, op, in, out), "%s does not run", op_row(op)->name);
		for (int i = 0; i < op->nargs; i++)
			tensor_unref(in[i]);
		for (int i = 0; i < op->nresults; i++) {
			keep(m, op->result[i], out[i]);
			tensor_unref(out[i]);
		}
	}
}

static bool same_bits(const Tensor *a, const Tensor *b)
{
	if (a->count != b->count)
		return false;
	for (int64_t i = 0; i < a->count; i++) {
		uint64_t x = tensor_get(a, i), y = tensor_get(b, i);
		bool nan = a->dtype == DT_F32 && (x & 0x7fffffff) > 0x7f800000 && (y & 0x7fffffff) > 0x7f800000;
		if (x != y && !nan)
			return false;
	}
	return true;
}

static const PassId before[] = { PASS_expand, PASS_order };
static const PassId after[] = {
	PASS_expand, PASS_canonicalize, PASS_fold, PASS_order, PASS_canonicalize, PASS_fold, PASS_cse, PASS_dce, PASS_layout,
	PASS_canonicalize, PASS_fold, PASS_cse, PASS_dce, PASS_fuse, PASS_dce, PASS_schedule, PASS_buffers,
};

static bool run_seed(uint64_t seed, int nops)
{
	Ctx *ctx = ctx_new();
	const char *text = gen_graph(ctx, seed, nops);
	Source *src = source_from_text(ctx->arena, "random.graph", text, strlen(text));
	Module *plain = module_parse(ctx, src), *planned = module_parse(ctx, src);
	PassOptions opt = { .opt_level = 2, .verify = true, .bisect = -1 };
	Tensor *in[8], *wanted[8];
	bool ok = plain && planned && passes_run(ctx, plain, before, 2, &opt) &&
	          passes_run(ctx, planned, after, sizeof after / sizeof *after, &opt);

	if (!ok) {
		diag_print(&ctx->diag, stderr);
		unit_fail(__FILE__, __LINE__, "seed %" PRIu64 " does not compile:\n%s", seed, text);
		ctx_free(ctx);
		return false;
	}
	Func *f = plain->funcs.at[0], *g = planned->funcs.at[0];
	uint64_t s = seed + 77;
	for (int i = 0; i < f->body->args.n; i++) {
		in[i] = tensor_of_type(f->body->args.at[i]->type);
		for (int64_t k = 0; k < in[i]->count; k++) {
			s = s * 6364136223846793005u + 1442695040888963407u;
			((float *)in[i]->data)[k] = (float)((int)(s >> 40) % 2000 - 1000) / 512.0f;
		}
	}
	ok = eval_func(ctx, f, &(DimEnv){ 0 }, in, f->body->args.n, wanted, NULL);
	int n = block_terminator(f->body)->nargs;
	Machine m = { .ctx = ctx, .in = in, .out = ARENA_ARRAY(ctx->arena, Tensor *, n) };
	m.ws = malloc((size_t)g->plan->ws_bytes->value + 1);
	memset(m.ws, 0x5a, (size_t)g->plan->ws_bytes->value + 1);
	for (int i = 0; i < n; i++)
		m.out[i] = tensor_of_type(g->result_types.at[i]);
	run_block(&m, g->body);
	for (int i = 0; ok && i < n; i++) {
		const Value *v = block_terminator(g->body)->arg[i];
		Tensor *t = fetch(&m, v);
		memcpy(m.out[i]->data, t->data, (size_t)t->count * (size_t)dtype_size(t->dtype));
		tensor_unref(t);
	}
	for (int i = 0; ok && i < n; i++) {
		if (!same_bits(m.out[i], wanted[i])) {
			Str out = { 0 };
			module_print(planned, NULL, &out);
			unit_fail(__FILE__, __LINE__, "seed %" PRIu64 ": result %d differs:\n%s\n%s", seed, i, text, str_cstr(&out));
			str_free(&out);
			ok = false;
		}
		tensor_unref(wanted[i]);
	}
	for (int i = 0; i < n; i++)
		tensor_unref(m.out[i]);
	for (int i = 0; i < f->body->args.n; i++)
		tensor_unref(in[i]);
	free(m.ws);
	ctx_free(ctx);
	return ok;
}

TEST(plan_keeps_bits_on_random_graphs)
{
	/* TFCC_SEEDS=from:to runs others. */
	const char *range = getenv("TFCC_SEEDS");
	uint64_t from = 1, to = 200;

	if (range)
		sscanf(range, "%" SCNu64 ":%" SCNu64, &from, &to);
	for (uint64_t seed = from, bad = 0; seed <= to && bad < 3; seed++)
		bad += !run_seed(seed, 10 + (int)(seed % 50));
}

/* Positions of a reshaped part: by the strides that it gets, and by those of the part as it was. */

static int64_t position(const Type *t, const Dim *stride, int64_t n)
{
	int64_t at = 0;

	for (int i = t->rank - 1; i >= 0; i--) {
		at += n % t->dim[i]->value * stride[i]->value;
		n /= t->dim[i]->value;
	}
	return at;
}

/* Do the elements of `from`, in order, lie where any strides for `to` would put them? */
static bool can_reshape(Ctx *ctx, const Type *from, const Dim *stride, const Type *to)
{
	Dim found[4];
	int64_t inner = 1;

	for (int i = to->rank - 1; i >= 0; i--) {
		found[i] = dim_const(ctx->dims, to->dim[i]->value > 1 ? position(from, stride, inner) : 0);
		inner *= to->dim[i]->value;
	}
	for (int64_t n = 0; n < inner; n++)
		if (position(from, stride, n) != position(to, found, n))
			return false;
	return true;
}

static int random_shape(Gen *g, int64_t *dim)
{
	int rank = 1 + pick(g, 4);

	for (int i = 0; i < rank; i++)
		dim[i] = 1;
	/* The factors of 24, to any axes: all shapes have as many elements. */
	static const int factor[] = { 2, 2, 2, 3 };
	for (int i = 0; i < 4; i++)
		dim[pick(g, rank)] *= factor[i];
	return rank;
}

TEST(plan_reshapes_parts)
{
	Ctx *ctx = ctx_new();
	Gen g = { .state = 5 };
	int done = 0;

	for (int round = 0; round < 2000; round++) {
		int64_t dim[4], room[4], other[4];
		int rank = random_shape(&g, dim);
		const Type *from = type_of_ints(ctx->types, DT_F32, rank, dim);
		for (int i = 0; i < rank; i++)
			room[i] = dim[i] + (pick(&g, 3) ? 0 : pick(&g, 3));
		const Type *whole = type_of_ints(ctx->types, DT_F32, rank, room);
		int to_rank = random_shape(&g, other);
		const Type *to = type_of_ints(ctx->types, DT_F32, to_rank, other);
		Dim start[4] = { 0 };
		for (int i = 0; i < rank; i++)
			start[i] = dim_const(ctx->dims, room[i] - dim[i]);
		Place all = { .kind = PLACE_WS, .offset = dim_const(ctx->dims, 64) }, part, got;
		EXPECT(place_part(ctx, ctx->arena, &all, whole, start, NULL, from, &part));
		if (!place_reshape(ctx, ctx->arena, &part, from, to, &got)) {
			EXPECT(part.stride && !can_reshape(ctx, from, part.stride, to));
			continue;
		}
		EXPECT(got.offset == part.offset);
		EXPECT(!got.stride == !part.stride);
		for (int64_t n = 0; got.stride && n < 24; n++)
			if (position(from, part.stride, n) != position(to, got.stride, n))
				unit_fail(__FILE__, __LINE__, "round %d: element %d", round, (int)n);
		done += got.stride != NULL;
	}
	EXPECT(done > 100);
	ctx_free(ctx);
}
