/* frontend/stablehlo/stablehlo.c - a module of MLIR text as a module of graphs. */
#include "frontend/stablehlo/stablehlo.h"

#include "frontend/stablehlo/import.h"

static const char *attr_text(const MlirOp *op, const char *name)
{
	const MlirAttr *attr = mlir_attr(op, name);

	return attr && (attr->kind == MLIR_STRING || attr->kind == MLIR_SYMBOL) ? attr->text : NULL;
}

/* The module's functions, by name; the reader has seen to the names. */
static bool find_functions(Import *im)
{
	bool any = false;

	for (const MlirOp *op = im->text->first; op; op = op->next) {
		if (strcmp(op->name, "func.func") != 0)
			continue;
		const char *name = attr_text(op, "sym_name"), *visibility = attr_text(op, "sym_visibility");
		Callee *c = ARENA_NEW(im->arena, Callee);
		CHECK(name, "a function without a name was read");
		c->op = op;
		c->name = ctx_str(im->ctx, name);
		c->is_public = !visibility || strcmp(visibility, "private") != 0;
		any |= c->is_public;
		strmap_set(&im->callees, name, c);
	}
	return any || refuse_op(im, "the module has no public function");
}

static void measure(Import *im, Callee *c);

/* Counts ops and calls, and looks for values that have no type of their own outside of the caller. */
static void measure_block(Import *im, Callee *c, const MlirBlock *b)
{
	for (int i = 0; i < b->nargs; i++)
		c->open_shapes |= type_is_open(b->arg[i].type);
	for (const MlirOp *op = b->first; op; op = op->next) {
		const char *name = attr_text(op, "callee");
		Callee *callee;

		if (!name)
			name = attr_text(op, "decomposition");
		c->nops++;
		for (int i = 0; i < op->nresults; i++)
			c->open_shapes |= type_is_open(op->result[i].type);
		for (int r = 0; r < op->nregions; r++)
			if (op->region[r])
				measure_block(im, c, op->region[r]);
		const MlirAttr *bodies = mlir_attr(op, "called_computations");
		for (int i = 0; bodies && i < bodies->npart; i++)
			if (bodies->part[i]->kind == MLIR_SYMBOL && (callee = strmap_get(&im->callees, bodies->part[i]->text)))
				callee->is_region = true;
		if (!name || !(callee = strmap_get(&im->callees, name)))
			continue;
		measure(im, callee);
		callee->ncalls++;
		c->open_shapes |= callee->open_shapes;
		c->nops += callee->nops;
		if (c->nops > INT32_MAX)
			c->nops = INT32_MAX;
	}
}

static void measure(Import *im, Callee *c)
{
	if (c->state)
		return;
	c->state = 1;
	if (c->op->nregions && c->op->region[0])
		measure_block(im, c, c->op->region[0]);
	c->state = 2;
}

/* What is known of the extents of a graph's inputs before its body is read. */
typedef struct Extent {
	const MlirValue *arg;
	int64_t axis;
	Dim     symbol;        /* once it has one */
	const char *name;      /* that the exporter gives to it, or NULL */
	struct Extent *same;   /* the extent that it must be equal to, or NULL */
} Extent;
typedef struct Extents { Import *im; const MlirBlock *body; VEC(Extent *) all; int nsymbols; } Extents;

static Extent *extent_of(Extents *e, const MlirValue *arg, int64_t axis)
{
	for (int i = 0; i < e->all.n; i++)
		if (e->all.at[i]->arg == arg && e->all.at[i]->axis == axis)
			return e->all.at[i];
	Extent *x = ARENA_NEW(e->im->arena, Extent);
	x->arg = arg;
	x->axis = axis;
	vec_push(e->im->arena, &e->all, x);
	return x;
}

/* v is get_dimension_size of an input, perhaps converted. */
static Extent *extent_read(Extents *e, const MlirValue *v)
{
	const MlirOp *op = v->def;
	int64_t axis;

	while (op && strcmp(op->name, "stablehlo.convert") == 0)
		op = op->arg[0]->def;
	if (!op || strcmp(op->name, "stablehlo.get_dimension_size") != 0 || op->nargs != 1 || op->arg[0]->def)
		return NULL;
	const MlirAttr *which = mlir_attr(op, "dimension");
	return which && mlir_int(which, &axis) ? extent_of(e, op->arg[0], axis) : NULL;
}

/* shape_assertion(a == b): one symbol for both. */
static void read_assertion(Extents *e, const MlirOp *op)
{
	const MlirOp *by = op->nargs ? op->arg[0]->def : NULL;
	const char *target = attr_text(op, "call_target_name");

	if (!target || strcmp(target, "shape_assertion") != 0 || !by || strcmp(by->name, "stablehlo.compare") != 0)
		return;
	const MlirAttr *how = mlir_attr(by, "comparison_direction");
	if (!how || !how->text || strcmp(how->text, "EQ") != 0)
		return;
	Extent *a = extent_read(e, by->arg[0]), *b = extent_read(e, by->arg[1]);
	while (a && a->same)
		a = a->same;
	while (b && b->same)
		b = b->same;
	if (a && b && a != b)
		a->same = b;
}

static bool is_word(const char *s)
{
	for (const char *c = s; *c; c++)
		if (!((*c >= 'a' && *c <= 'z') || (*c >= 'A' && *c <= 'Z') || *c == '_' || (c > s && *c >= '0' && *c <= '9')))
			return false;
	return *s != '\0' && strcmp(s, "max") != 0 && strcmp(s, "min") != 0;
}

/* f(%size, ...), where f's parameter is called {jax.global_constant = "b"}. */
static void read_names(Extents *e, const MlirOp *op)
{
	const char *name = attr_text(op, "callee");
	const Callee *c = name ? strmap_get(&e->im->callees, name) : NULL;
	const MlirBlock *body = c && c->op->nregions ? c->op->region[0] : NULL;

	for (int i = 0; body && i < op->nargs && i < body->nargs; i++) {
		Extent *x = extent_read(e, op->arg[i]);
		const MlirAttrs *attrs = &body->arg[i].attrs;

		for (int k = 0; x && k < attrs->n; k++)
			if (strcmp(attrs->at[k].name, "jax.global_constant") == 0 && attrs->at[k].value->text && is_word(attrs->at[k].value->text)) {
				while (x->same)
					x = x->same;
				x->name = attrs->at[k].value->text;
			}
	}
}

static void read_extents(Extents *e)
{
	for (const MlirOp *op = e->body->first; op; op = op->next)
		read_assertion(e, op);
	for (const MlirOp *op = e->body->first; op; op = op->next)
		read_names(e, op);
}

static bool name_is_taken(const Extents *e, const char *name)
{
	for (int i = 0; i < e->all.n; i++)
		if (e->all.at[i]->symbol && strcmp(e->all.at[i]->symbol->name, name) == 0)
			return true;
	return false;
}

/* The name that the exporter has for it, or N0, N1, ... */
static Dim extent_symbol(Extents *e, const MlirValue *arg, int64_t axis, int64_t bound)
{
	Extent *x = extent_of(e, arg, axis);

	while (x->same)
		x = x->same;
	if (x->symbol)
		return x->symbol;
	const char *name = x->name && !name_is_taken(e, x->name) ? x->name : NULL;
	while (!name || (!x->name && name_is_taken(e, name)))
		name = arena_printf(e->im->arena, "N%d", e->nsymbols++);
	return x->symbol = dim_sym(e->im->ctx->dims, ctx_str(e->im->ctx, name), bound);
}

static const Type *input_type(Extents *e, const MlirValue *arg, const MlirType *t, Loc loc)
{
	Import *im = e->im;
	Dim dim[RANK_MAX];
	DType dtype;

	if (t->kind != MLIR_TENSOR || t->rank < 0 || t->rank > RANK_MAX)
		return import_type(im, t, loc);
	for (int i = 0; i < t->rank; i++) {
		if (t->dim[i] != MLIR_DYNAMIC) {
			dim[i] = dim_const(im->ctx->dims, t->dim[i]);
			continue;
		}
		dim[i] = extent_symbol(e, arg, i, t->bound && t->bound[i] != MLIR_DYNAMIC ? t->bound[i] : INT64_MAX);
	}
	return import_dtype(im, t, loc, &dtype) ? type_get(im->ctx->types, dtype, t->rank, dim) : NULL;
}

static Known *make_input(Extents *e, Func *f, const MlirValue *arg, const MlirType *t, const char *name)
{
	Import *im = e->im;
	Known *k = known_new(im);

	if (t->kind == MLIR_TUPLE) {
		k->nparts = t->npart;
		k->part = ARENA_ARRAY(im->arena, Known *, t->npart + 1);
		for (int i = 0; i < t->npart; i++)
			k->part[i] = make_input(e, f, arg, t->part[i], NULL);
	} else if (t->kind != MLIR_TOKEN) {
		const Type *type = input_type(e, arg, t, arg->loc);
		k->poisoned = type == NULL;
		if (type)
			k->value = block_add_arg(f->body, type, name, arg->loc);
	}
	return k;
}

/* %arg0, or the name that stands in the text. */
static const char *input_name(Import *im, const MlirValue *v, int i)
{
	return v->name ? ctx_str(im->ctx, v->name) : ctx_str(im->ctx, arena_printf(im->arena, "arg%d", i));
}

static const MlirAttr *arg_attr(const MlirValue *arg, const char *name)
{
	for (int i = 0; i < arg->attrs.n; i++)
		if (strcmp(arg->attrs.at[i].name, name) == 0)
			return arg->attrs.at[i].value;
	return NULL;
}

/* Result `at` of ours lies over the argument, if both are of one type and neither of them is taken. */
static bool lay_over(Import *im, Func *f, const MlirValue *arg, int at)
{
	Value *v = known(arg)->value;
	bool fits = v && v->type == f->result_types.at[at];

	for (int i = 0; i < f->overlays.n && fits; i++)
		fits = f->overlays.at[i].result != at && f->overlays.at[i].input != v;
	if (fits)
		vec_push(im->arena, &f->overlays, (Overlay){ at, v, arg->loc });
	return fits;
}

/* tf.aliasing_output = k: result k lies over the argument.  jax.buffer_donor = true: any result of its type may.
   first[k]: our number of result k. */
static bool import_overlays(Import *im, Func *f, const MlirBlock *body, int nresults, const int *first)
{
	for (int i = 0; i < body->nargs; i++) {
		const MlirAttr *attr = arg_attr(&body->arg[i], "tf.aliasing_output");
		int64_t k;
		if (!attr)
			continue;
		if (!mlir_int(attr, &k) || k < 0 || k >= nresults)
			return refuse_at(im, attr->loc, "argument %d: 'tf.aliasing_output' names no result; there are %d", i, nresults);
		if (known(&body->arg[i])->value && first[k] < f->result_types.n)
			lay_over(im, f, &body->arg[i], first[k]);
	}
	for (int i = 0; i < body->nargs; i++) {
		const MlirAttr *attr = arg_attr(&body->arg[i], "jax.buffer_donor");
		bool donor = false, done = false;
		if (!attr || !mlir_bool(attr, &donor) || !donor || arg_attr(&body->arg[i], "tf.aliasing_output"))
			continue;
		for (int k = 0; k < f->result_types.n && !done; k++)
			done = lay_over(im, f, &body->arg[i], k);
	}
	return true;
}

static bool mention(const Values *v, const char *symbol)
{
	for (int i = 0; i < v->n; i++)
		for (int k = 0; k < v->at[i]->type->rank; k++)
			if (dim_mentions(v->at[i]->type->dim[k], symbol))
				return true;
	return false;
}

/* A result whose size is data leaves the graph with that size, which is a result of its own behind those of the text. */
static void add_sizes(Import *im, const Block *body, Values *results)
{
	int n = results->n;

	for (Op *op = body->first; op; op = op->next)
		if (op_size(op) && mention(&(Values){ .at = results->at, .n = n }, (*op_size(op))->name))
			vec_push(im->arena, results, op->result[op->nresults - 1]);
}

static bool import_body(Import *im, Callee *c)
{
	const MlirBlock *body = c->op->nregions ? c->op->region[0] : NULL;
	Values results = { 0 };
	bool ok = true;

	im->op = c->op;
	if (!body)
		return refuse_op(im, "function @%s has no body", c->name);
	c->func = func_new(im->m, c->name, c->op->loc);
	im->b = builder_at_end(im->ctx, c->func->body);
	Extents extents = { .im = im, .body = body };
	read_extents(&extents);
	for (int i = 0; i < body->nargs; i++)
		set_known(&body->arg[i], make_input(&extents, c->func, &body->arg[i], body->arg[i].type, input_name(im, &body->arg[i], i)));
	const MlirOp *end = import_ops(im, body);
	im->op = c->op;
	if (!end)
		return refuse_op(im, "function @%s does not end with a return", c->name);
	int *first = ARENA_ARRAY(im->arena, int, end->nargs + 1);
	for (int i = 0; i < end->nargs; i++) {
		first[i] = results.n;
		ok = known_collect(im, known(end->arg[i]), &results) && ok;
	}
	if (!ok)
		return false;
	add_sizes(im, c->func->body, &results);
	im->b.loc = end->loc;
	for (int i = 0; i < results.n; i++) {
		vec_push(im->arena, &c->func->result_names, NULL);
		vec_push(im->arena, &c->func->result_types, results.at[i]->type);
	}
	return import_overlays(im, c->func, body, end->nargs, first) && build_op(&im->b, OP_return, results.n, results.at, NULL) != NULL;
}

bool callee_import(Import *im, Callee *c)
{
	Import outer = *im;
	int nerrors = im->ctx->diag.nerrors;

	if (c->func || c->refused)
		return !c->refused;
	c->open = true;
	im->in_scalars = im->in_map = false;
	bool ok = import_body(im, c);
	c->open = false;
	c->refused = !ok || im->ctx->diag.nerrors > nerrors;
	im->b = outer.b;
	im->op = outer.op;
	im->in_scalars = outer.in_scalars;
	im->in_map = outer.in_map;
	return !c->refused;
}

Module *stablehlo_parse(Ctx *ctx, Source *src, WeightFiles *files)
{
	(void)files;   /* constants are in the text */
	int most = ctx->diag.max_errors;
	bool ok = true;

	ctx->diag.max_errors = INT32_MAX;   /* what is not supported is told all at once */
	MlirModule *text = mlir_parse(ctx, src);
	if (text) {
		Import im = { .ctx = ctx, .m = module_new(ctx), .text = text };

		im.arena = im.m->arena;
		im.m->dir = path_dir(ctx->arena, src->name);
		strmap_init(&im.callees, im.arena);
		ok = find_functions(&im);
		for (int i = 0; i < im.callees.n; i++)
			measure(&im, im.callees.val[i]);
		for (int i = 0; ok && i < im.callees.n; i++) {
			Callee *c = im.callees.val[i];
			if (c->is_public && !c->is_region)
				callee_import(&im, c);
		}
		ctx->diag.max_errors = most;
		return ok && ctx->diag.nerrors == 0 ? im.m : NULL;
	}
	ctx->diag.max_errors = most;
	return NULL;
}
