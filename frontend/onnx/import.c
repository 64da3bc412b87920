/* frontend/onnx/import.c - nodes of ONNX as ops of the IR, one by one, by the table. */
#include <stdarg.h>

#include "frontend/onnx/import.h"

enum {
	IMPORT_DEPTH_MAX = 100,
	IMPORT_NODES_MAX = 1000000,  /* with those of functions and of rounds of loops, each time that they are written out */
};

bool is_refused(const Onnx *o)
{
	return o->node && o->ctx->diag.nerrors > o->node->nerrors;
}

bool refuse(Onnx *o, const char *fmt, ...)
{
	va_list ap;

	if (is_refused(o))
		return false;
	va_start(ap, fmt);
	diag_error(&o->ctx->diag, o->b.loc, "%s", arena_vprintf(o->ctx->arena, fmt, ap));
	va_end(ap);
	return false;
}

bool refuse_attr(Onnx *o, const char *attr, const char *fmt, ...)
{
	va_list ap;
	Loc loc = o->node ? loc_name(o->arena, arena_printf(o->arena, "%s, attribute \"%s\"", o->node->place, attr)) : o->b.loc;

	va_start(ap, fmt);
	diag_error(&o->ctx->diag, loc, "%s", arena_vprintf(o->ctx->arena, fmt, ap));
	va_end(ap);
	return false;
}

/* Values. */
static Known *known_new(Onnx *o, KnownKind kind)
{
	Known *k = ARENA_NEW(o->arena, Known);

	k->kind = kind;
	return k;
}

Known *known_tensor(Onnx *o, Value *v)
{
	Known *k = known_new(o, KNOWN_TENSOR);

	k->value = v;
	return v ? k : NULL;
}

Known *known_sequence(Onnx *o, int n, Known *const *part, DType dtype)
{
	Known *k = known_new(o, KNOWN_SEQUENCE);

	k->nparts = n;
	k->part = ARENA_ARRAY(o->arena, Known *, n + 1);
	if (n)
		memcpy(k->part, part, (size_t)n * sizeof *part);
	k->dtype = dtype;
	return k;
}

Known *known_none(Onnx *o)
{
	return known_new(o, KNOWN_NONE);
}

bool has_arg(const Onnx *o, int i)
{
	return i < o->node->nargs && o->node->arg[i];
}

Known *arg_known(Onnx *o, int i)
{
	if (has_arg(o, i))
		return o->node->arg[i];
	refuse(o, "operand %d is absent", i);
	return NULL;
}

Value *arg(Onnx *o, int i)
{
	Known *k = arg_known(o, i);

	if (k && k->kind != KNOWN_TENSOR)
		refuse(o, "operand %d is %s, wanted a tensor", i, k->kind == KNOWN_NONE ? "an empty optional" : "a sequence");
	return k ? k->value : NULL;
}

Value *arg_opt(Onnx *o, int i)
{
	return has_arg(o, i) && o->node->arg[i]->kind == KNOWN_TENSOR ? o->node->arg[i]->value : NULL;
}

bool wants(const Onnx *o, int i)
{
	return (size_t)i < o->node->proto->n_output && *o->node->proto->output[i];
}

bool give_known(Onnx *o, int i, Known *k)
{
	if (k && (size_t)i < o->node->proto->n_output)
		o->node->result[i] = k;
	return k != NULL;
}

bool give(Onnx *o, int i, Value *v)
{
	return v && give_known(o, i, known_tensor(o, v));
}

bool give_all(Onnx *o, Op *op)
{
	for (int i = 0; op && i < op->nresults; i++)
		give(o, i, op->result[i]);
	return op != NULL;
}

/* Names. */
void scope_open(Onnx *o, Scope *s, const Onnx__GraphProto *g)
{
	*s = (Scope){ .outer = o->scope, .block = o->b.block, .graph = g };
	strmap_init(&s->known, o->arena);
	strmap_init(&s->initializers, o->arena);
	for (size_t i = 0; g && i < g->n_initializer; i++)
		if (g->initializer[i]->name)
			strmap_set(&s->initializers, g->initializer[i]->name, g->initializer[i]);
	o->scope = s;
}

void scope_close(Onnx *o)
{
	o->scope = o->scope->outer;
}

/* An initializer becomes a constant in front of the block when somebody uses it. */
static Known *find_initializer(Onnx *o, Scope *s, const char *name)
{
	const Onnx__TensorProto *t = strmap_get(&s->initializers, name);
	Known *k = known_new(o, KNOWN_TENSOR);

	if (!t)
		return NULL;
	Blob *b = model_tensor(o->model, loc_name(o->arena, o->model->path), arena_printf(o->arena, "initializer \"%s\"", name), t);
	k->poisoned = !b;
	if (b) {
		Builder front = o->b;
		front.block = s->block;
		front.before = s->block->first;
		front.loc = NULL;
		k->value = build_constant(&front, b);
	}
	strmap_set(&s->known, name, k);
	return k;
}

Known *scope_find(Onnx *o, const char *name)
{
	for (Scope *s = o->scope; s; s = s->outer) {
		Known *k = strmap_get(&s->known, name);
		if (!k)
			k = find_initializer(o, s, name);
		if (k)
			return k;
	}
	return NULL;
}

/* Nodes. */
static int64_t opset_of(const Onnx *o, const char *domain)
{
	const Scope *s = o->scope;

	while (s && !s->nopsets)
		s = s->outer;
	for (size_t i = 0; s && i < s->nopsets; i++) {
		const char *d = s->opset[i]->domain;
		if (strcmp(!d || strcmp(d, "ai.onnx") == 0 ? "" : d, domain) == 0)
			return s->opset[i]->version;
	}
	return *domain ? 1 : 0;
}

static const char *domain_of(const Onnx__NodeProto *n)
{
	return !n->domain || strcmp(n->domain, "ai.onnx") == 0 ? "" : n->domain;
}

static const char *node_place(Onnx *o, const Node *at)
{
	const Onnx__NodeProto *n = at->proto;
	const Scope *s = o->scope;
	const char *inside = s->function ? arena_printf(o->arena, " in function %s", s->function->name ? s->function->name : "?") :
	                     s->outer ? arena_printf(o->arena, " in graph \"%s\"", s->graph && s->graph->name ? s->graph->name : "") : "";

	if (n->name && *n->name)
		return arena_printf(o->arena, "%s: node %d \"%s\" (%s, opset %lld)%s", o->model->path, at->number, n->name, at->type,
		                    (long long)at->opset, inside);
	return arena_printf(o->arena, "%s: node %d (%s, opset %lld)%s", o->model->path, at->number, at->type, (long long)at->opset, inside);
}

/* Is it the result of a node further down?  Then the order is wrong, or there is no order at all. */
static void refuse_name(Onnx *o, const char *name, size_t n, Onnx__NodeProto *const *node, size_t from)
{
	for (size_t i = from; i < n; i++)
		for (size_t k = 0; k < node[i]->n_output; k++)
			if (strcmp(node[i]->output[k], name) == 0) {
				refuse(o, "uses \"%s\", which node %zu makes: the nodes are not sorted, or form a cycle", name, i);
				return;
			}
	refuse(o, "uses \"%s\", which nothing makes: no input, initializer or node before it has that name", name);
}

static bool take_args(Onnx *o, Node *n, size_t nnodes, Onnx__NodeProto *const *node)
{
	const Onnx__NodeProto *p = n->proto;
	bool ok = true;

	n->arg = ARENA_ARRAY(o->arena, Known *, p->n_input + 1);
	for (size_t i = 0; i < p->n_input; i++) {
		if (!*p->input[i])
			continue;
		n->nargs = (int)i + 1;
		n->arg[i] = scope_find(o, p->input[i]);
		if (!n->arg[i])
			refuse_name(o, p->input[i], nnodes, node, (size_t)n->number);
		ok = ok && n->arg[i] && !n->arg[i]->poisoned;
	}
	return ok;
}

static bool set_results(Onnx *o, Node *n, bool ok)
{
	for (size_t i = 0; i < n->proto->n_output; i++) {
		const char *name = n->proto->output[i];
		Known *k = n->result[i];

		if (!*name)
			continue;
		if (strmap_has(&o->scope->known, name))
			ok = refuse(o, "makes \"%s\", which there is already", name);
		if (ok && !k)
			ok = refuse(o, "its result %zu, \"%s\", is not supported", i, name);
		if (!ok) {
			k = known_new(o, KNOWN_TENSOR);
			k->poisoned = true;
		}
		strmap_set(&o->scope->known, name, k);
		if (k->kind == KNOWN_TENSOR && k->value && k->value->def && !k->value->name)
			k->value->name = ctx_str(o->ctx, name);
	}
	return ok;
}

static bool import_function(Onnx *o, Node *n, const Onnx__FunctionProto *f)
{
	Scope s = { 0 }, *calling = o->scope;
	bool ok;

	if (o->depth >= IMPORT_DEPTH_MAX)
		return refuse(o, "functions and graphs are nested deeper than %d", IMPORT_DEPTH_MAX);
	if (n->proto->n_input > f->n_input || n->proto->n_output > f->n_output)
		return refuse(o, "the function has %zu inputs and %zu outputs, but %zu and %zu are used", f->n_input, f->n_output, n->proto->n_input,
		              n->proto->n_output);
	o->depth++;
	scope_open(o, &s, NULL);
	s.outer = NULL;
	s.function = f;
	s.call = n->proto;
	s.calling = calling;
	s.nopsets = f->n_opset_import;
	s.opset = f->opset_import;
	for (size_t i = 0; i < f->n_input; i++)
		strmap_set(&s.known, f->input[i], has_arg(o, (int)i) ? n->arg[i] : known_none(o));
	ok = import_nodes(o, f->n_node, f->node);
	for (size_t i = 0; ok && i < n->proto->n_output; i++) {
		if (*n->proto->output[i] && !(n->result[i] = scope_find(o, f->output[i])))
			ok = refuse(o, "nothing in the function makes its output \"%s\"", f->output[i]);
		ok = ok && !(n->result[i] && n->result[i]->poisoned);
	}
	o->scope = calling;
	o->depth--;
	return ok;
}

/* Before opset 7 the second operand of a binary op had its place said by an attribute: its axes are those of the first from `axis`
   on.  In numpy's rule, extents of 1 stand behind them. */
static bool place_operand(Onnx *o, Node *n)
{
	Value *x = arg(o, 0), *y = arg(o, 1);
	Dim dim[RANK_MAX];
	int axis;

	if (!x || !y || !get_axis(o, "axis", 0, x->type->rank, &axis))
		return false;
	if (axis + y->type->rank > x->type->rank)
		return refuse_attr(o, "axis", "is %d, but the operands have ranks %d and %d", axis, x->type->rank, y->type->rank);
	int rank = x->type->rank - axis;
	for (int i = 0; i < rank; i++)
		dim[i] = i < y->type->rank ? y->type->dim[i] : dim_num(o, 1);
	return (n->arg[1] = known_tensor(o, reshaped(o, y, rank, dim))) != NULL;
}

static bool import_row(Onnx *o, Node *n)
{
	const char *domain = domain_of(n->proto), *name = n->proto->op_type ? n->proto->op_type : "";
	const char *key = arena_printf(o->arena, "%s.%s", domain, name);
	const Row *row = onnx_row_find(n->type, n->opset);
	const Onnx__FunctionProto *f = strmap_get(&o->functions, key);

	if (!*domain && n->opset < 7 && n->nargs == 2 && has_attr(o, "broadcast") && has_attr(o, "axis") && !place_operand(o, n))
		return false;
	if (row && row->way != WAY_REFUSED)
		return row_make(o, row) && !n->failed;
	if (f)
		return import_function(o, n, f);
	if (row)
		return refuse(o, "is not supported: %s", row->why);
	if (n->opset == 0)
		return refuse(o, "the model imports no operator set of its domain");
	if (n->opset < 7 && !*domain)
		return refuse(o, "this op is not supported in operator set %lld; convert the model to 7 or newer", (long long)n->opset);
	return refuse(o, "this op is not supported");
}

static bool import_node(Onnx *o, size_t n, Onnx__NodeProto *const *node, size_t number)
{
	Node *outer = o->node, at = { .proto = node[number], .number = (int)number, .nerrors = o->ctx->diag.nerrors };
	Loc loc = o->b.loc;
	const char *domain = domain_of(at.proto), *type = at.proto->op_type ? at.proto->op_type : "";
	bool ok;

	at.type = *domain ? arena_printf(o->arena, "%s.%s", domain, type) : type;
	at.opset = opset_of(o, domain);
	at.place = node_place(o, &at);
	at.loc = loc_name(o->arena, at.place);
	at.result = ARENA_ARRAY(o->arena, Known *, at.proto->n_output + 1);
	o->node = &at;
	o->b.loc = at.loc;
	ok = take_args(o, &at, n, node) && import_row(o, &at);
	o->node = &at;
	ok = set_results(o, &at, ok);
	o->node = outer;
	o->b.loc = loc;
	return ok;
}

bool import_nodes(Onnx *o, size_t n, Onnx__NodeProto *const *node)
{
	bool ok = true;

	for (size_t i = 0; i < n && o->nnodes <= IMPORT_NODES_MAX; i++) {
		if (++o->nnodes > IMPORT_NODES_MAX)
			return refuse(o, "with its functions and loops written out, the model has more than %d nodes", IMPORT_NODES_MAX);
		ok = import_node(o, n, node, i) && ok;
	}
	return ok && o->nnodes <= IMPORT_NODES_MAX;
}

bool import_body(Onnx *o, const Onnx__GraphProto *g, int nin, Known *const *in, Known **out)
{
	Scope s;
	bool ok = true;

	if (o->depth >= IMPORT_DEPTH_MAX)
		return refuse(o, "functions and graphs are nested deeper than %d", IMPORT_DEPTH_MAX);
	if ((size_t)nin > g->n_input)
		return refuse(o, "the graph takes %zu values, wanted %d", g->n_input, nin);
	o->depth++;
	scope_open(o, &s, g);
	for (int i = 0; i < nin; i++)
		if (g->input[i]->name)
			strmap_set(&s.known, g->input[i]->name, in[i]);
	ok = import_nodes(o, g->n_node, g->node);
	for (size_t i = 0; i < g->n_output; i++) {
		const char *name = g->output[i]->name ? g->output[i]->name : "";
		out[i] = scope_find(o, name);
		if (!out[i])
			ok = refuse(o, "nothing makes the output \"%s\" of its graph", name);
		ok = ok && !out[i]->poisoned;
	}
	scope_close(o);
	o->depth--;
	return ok;
}

/* Rows. */
static Value **all_args(Onnx *o)
{
	Value **v = ARENA_ARRAY(o->arena, Value *, o->node->nargs + 1);

	for (int i = 0; i < o->node->nargs; i++)
		if (!(v[i] = arg(o, i)))
			return NULL;
	return v;
}

static bool has_count(Onnx *o, int n)
{
	return o->node->nargs == n || n == VARIADIC || refuse(o, "%d operand%s found, wanted %d", o->node->nargs, o->node->nargs == 1 ? "" : "s", n);
}

static bool make_fold(Onnx *o, const Row *row, Value **v)
{
	if (o->node->nargs == 0)
		return refuse(o, "has no operand");
	Value *all = v[0];
	for (int i = 1; i < o->node->nargs; i++)
		all = ew(o, row->kind, 2, (Value *[]){ all, v[i] });
	return give(o, 0, all);
}

bool row_make(Onnx *o, const Row *row)
{
	Value **v;

	if (row->way == WAY_FUNC)
		return row->fn(o);
	if (row->way != WAY_FOLD && !has_count(o, op_info[row->kind].nargs))
		return false;
	if (!(v = all_args(o)))
		return false;
	switch (row->way) {
	case WAY_SAME:  return give(o, 0, ew(o, row->kind, o->node->nargs, v));
	case WAY_FOLD:  return make_fold(o, row, v);
	default:        UNREACHABLE("way %d", (int)row->way);
	}
}
