/* frontend/onnx/onnx.c - a model's graph as the graph @main. */
#include "frontend/onnx/onnx.h"

#include <ctype.h>
#include <stdlib.h>

#include "frontend/onnx/import.h"

static bool refuse_model(Onnx *o, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
static bool refuse_model(Onnx *o, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	diag_error(&o->ctx->diag, loc_name(o->ctx->arena, o->model->path), "%s", arena_vprintf(o->ctx->arena, fmt, ap));
	va_end(ap);
	return false;
}

/* A word that our text form takes for a symbol. */
static const char *symbol_name(Onnx *o, const char *name)
{
	char *s = arena_printf(o->arena, "%s%s", isalpha((unsigned char)*name) || *name == '_' ? "" : "d", name);

	for (char *c = s; *c; c++)
		if (!isalnum((unsigned char)*c))
			*c = '_';
	return ctx_str(o->ctx, s);
}

static Dim symbol(Onnx *o, const char *name)
{
	return dim_sym(o->ctx->dims, symbol_name(o, name), INT64_MAX);
}

/* Exporters write sums and products of names: "past + 1".  NULL: it is none. */
static Dim read_product(Onnx *o, const char **s)
{
	Dim all = NULL, one;
	size_t n;

	for (;;) {
		*s += strspn(*s, " ");
		n = strspn(*s, "0123456789");
		if (n) {
			one = n < 18 ? dim_const(o->ctx->dims, strtoll(*s, NULL, 10)) : NULL;
		} else {
			while (isalnum((unsigned char)(*s)[n]) || (*s)[n] == '_' || (*s)[n] == '.')
				n++;
			one = n ? symbol(o, arena_strndup(o->arena, *s, n)) : NULL;
		}
		*s += n;
		*s += strspn(*s, " ");
		all = !all ? one : dim_mul(o->ctx->dims, all, one);
		if (!all || **s != '*')
			return all;
		++*s;
	}
}

static Dim read_dim(Onnx *o, const char *text)
{
	const char *s = text;
	Dim all = read_product(o, &s), one;

	while (all && (*s == '+' || *s == '-')) {
		bool minus = *s++ == '-';
		one = read_product(o, &s);
		all = minus ? dim_sub(o->ctx->dims, all, one) : dim_add(o->ctx->dims, all, one);
	}
	return all && !*s ? all : symbol(o, text);
}

/* shape: of a given value, where the model says nothing; or NULL. */
static const Type *tensor_type(Onnx *o, const char *name, const Onnx__TypeProto__Tensor *t, const Tensor *shape)
{
	Dim dim[RANK_MAX];
	DType dtype;
	size_t rank = t->shape ? t->shape->n_dim : shape ? (size_t)shape->rank : 0;

	if (!model_dtype(t->elem_type, &dtype)) {
		refuse_model(o, "input \"%s\": elements of type %s are not supported", name, model_dtype_name(t->elem_type));
		return NULL;
	}
	if (!t->shape && !shape) {
		refuse_model(o, "input \"%s\" has no shape; give it one in the model", name);
		return NULL;
	}
	if (rank > (size_t)dtype_rank_max(dtype)) {
		refuse_model(o, "input \"%s\" has rank %zu, at most %d is supported", name, rank, dtype_rank_max(dtype));
		return NULL;
	}
	for (size_t i = 0; i < rank; i++) {
		const Onnx__TensorShapeProto__Dimension *d = t->shape ? t->shape->dim[i] : NULL;

		if (!d)
			dim[i] = dim_const(o->ctx->dims, shape->dim[i]);
		else if (d->value_case == ONNX__TENSOR_SHAPE_PROTO__DIMENSION__VALUE_DIM_VALUE)
			dim[i] = dim_const(o->ctx->dims, d->dim_value);
		else if (d->value_case == ONNX__TENSOR_SHAPE_PROTO__DIMENSION__VALUE_DIM_PARAM && *d->dim_param)
			dim[i] = read_dim(o, d->dim_param);
		else
			dim[i] = symbol(o, arena_printf(o->arena, "%s_%zu", name, i));
		if (dim_is_const(dim[i]) && dim[i]->value < 0) {
			refuse_model(o, "input \"%s\": axis %zu has the extent %lld", name, i, (long long)dim[i]->value);
			return NULL;
		}
	}
	const Type *type = type_get(o->ctx->types, dtype, (int)rank, dim);
	if (!type_bytes(o->ctx->types, type)) {
		refuse_model(o, "input \"%s\" is too large", name);
		return NULL;
	}
	return type;
}

static Tensor *given_value(Onnx *o, const char *name, int position, const Onnx__TypeProto__Tensor *t)
{
	Tensor *v = strmap_get(&o->given_values, name);
	DType dtype;

	if (v || !o->given || !t || !model_dtype(t->elem_type, &dtype))
		return v;
	v = o->given->value(o->given->arg, o->ctx, name, position, dtype);
	if (v)
		strmap_set(&o->given_values, name, v);
	return v;
}

static int mentions(const Onnx__GraphProto *g, const char *symbol)
{
	int n = 0;

	for (size_t i = 0; i < g->n_input; i++) {
		const Onnx__TypeProto *t = g->input[i]->type;
		const Onnx__TensorShapeProto *s = t && t->value_case == ONNX__TYPE_PROTO__VALUE_TENSOR_TYPE ? t->tensor_type->shape : NULL;
		for (size_t k = 0; s && k < s->n_dim; k++)
			n += s->dim[k]->value_case == ONNX__TENSOR_SHAPE_PROTO__DIMENSION__VALUE_DIM_PARAM && strcmp(s->dim[k]->dim_param, symbol) == 0;
	}
	return n;
}

/* A list of integers of any length, which no other input has: a shape, or axes.  Its value, where it is given, says how many. */
static bool is_open_list(const Onnx *o, const Onnx__TypeProto__Tensor *t)
{
	const Onnx__TensorShapeProto__Dimension *d = t->shape->n_dim == 1 ? t->shape->dim[0] : NULL;
	DType dtype;

	if (!d || d->value_case == ONNX__TENSOR_SHAPE_PROTO__DIMENSION__VALUE_DIM_VALUE || !model_dtype(t->elem_type, &dtype) || !dtype_is_int(dtype))
		return false;
	return d->value_case != ONNX__TENSOR_SHAPE_PROTO__DIMENSION__VALUE_DIM_PARAM || mentions(o->model->proto->graph, d->dim_param) == 1;
}

static Known *tensor_input(Onnx *o, Func *f, const char *name, int position, const Onnx__TypeProto__Tensor *t)
{
	Onnx__TypeProto__Tensor any = *t;
	const Tensor *value = !t->shape || is_open_list(o, t) ? given_value(o, name, position, t) : NULL;

	if (value && value->rank == 1)
		any.shape = NULL;
	const Type *type = tensor_type(o, name, &any, value);

	return type ? known_tensor(o, block_add_arg(f->body, type, ctx_str(o->ctx, name), f->loc)) : NULL;
}

/* As many as are given: NAME.0, NAME.1, ... */
static Known *sequence_input(Onnx *o, Func *f, const char *name, const Onnx__TypeProto *elem)
{
	VEC(Known *) part = { 0 };
	DType dtype;

	if (!elem || elem->value_case != ONNX__TYPE_PROTO__VALUE_TENSOR_TYPE || !model_dtype(elem->tensor_type->elem_type, &dtype)) {
		refuse_model(o, "input \"%s\" is a sequence of something else than tensors of numbers, which is not supported", name);
		return NULL;
	}
	if (!o->given) {
		refuse_model(o, "input \"%s\" is a sequence, whose number of elements must be known when the model is compiled", name);
		return NULL;
	}
	for (int i = 0; i < 10000; i++) {
		const char *one = arena_printf(o->arena, "%s.%d", name, i);
		Tensor *v = given_value(o, one, -1, elem->tensor_type);
		Onnx__TypeProto__Tensor unshaped = *elem->tensor_type;

		if (!v)
			break;
		unshaped.shape = NULL;      /* elements may differ */
		Known *k = tensor_input(o, f, one, -1, &unshaped);
		if (!k)
			return NULL;
		vec_push(o->arena, &part, k);
	}
	return known_sequence(o, part.n, part.at, dtype);
}

static Known *make_input(Onnx *o, Func *f, const char *name, int position, const Onnx__TypeProto *t)
{
	if (t && t->value_case == ONNX__TYPE_PROTO__VALUE_TENSOR_TYPE)
		return tensor_input(o, f, name, position, t->tensor_type);
	if (t && t->value_case == ONNX__TYPE_PROTO__VALUE_SEQUENCE_TYPE)
		return sequence_input(o, f, name, t->sequence_type->elem_type);
	if (t && t->value_case == ONNX__TYPE_PROTO__VALUE_OPTIONAL_TYPE) {
		const Onnx__TypeProto *e = t->optional_type->elem_type;
		Onnx__TypeProto__Tensor *one = e && e->value_case == ONNX__TYPE_PROTO__VALUE_TENSOR_TYPE ? e->tensor_type : NULL;

		if (one && o->given && !given_value(o, name, position, one))
			return known_none(o);
		if (!one && e && e->value_case == ONNX__TYPE_PROTO__VALUE_SEQUENCE_TYPE) {
			Known *k = sequence_input(o, f, name, e->sequence_type->elem_type);
			return k && k->nparts == 0 ? known_none(o) : k;
		}
		return make_input(o, f, name, position, e);
	}
	refuse_model(o, "input \"%s\" is %s, which is not supported", name, t ? "no tensor, sequence or optional" : "of no type");
	return NULL;
}

static bool make_inputs(Onnx *o, Func *f, const Onnx__GraphProto *g)
{
	bool ok = true;
	int position = 0;

	for (size_t i = 0; i < g->n_input; i++) {
		const char *name = g->input[i]->name;

		if (!name || !*name)
			return refuse_model(o, "input %zu has no name", i);
		if (strmap_has(&o->scope->initializers, name))
			continue;              /* what old models list beside the inputs */
		if (strmap_has(&o->scope->known, name))
			return refuse_model(o, "there are two inputs \"%s\"", name);
		Known *k = make_input(o, f, name, position++, g->input[i]->type);
		ok = k && ok;
		strmap_set(&o->scope->known, name, k ? k : &(Known){ .poisoned = true });
		if (!k)
			return false;
	}
	return ok;
}

typedef struct Results { VEC(Value *) value; VEC(const char *) name; StrMap names; } Results;

static void add_result(Onnx *o, Results *r, Value *v, const char *name)
{
	vec_push(o->arena, &r->value, v);
	vec_push(o->arena, &r->name, ctx_str(o->ctx, name));
	strmap_set(&r->names, name, v);
}

static bool collect(Onnx *o, Known *k, const char *name, Results *out)
{
	if (k->poisoned)
		return false;
	if (k->kind == KNOWN_TENSOR && strmap_has(&out->names, name))
		return refuse_model(o, "there are two outputs \"%s\"", name);
	if (k->kind == KNOWN_TENSOR)
		add_result(o, out, k->value, name);
	for (int i = 0; k->kind == KNOWN_SEQUENCE && i < k->nparts; i++)
		if (!collect(o, k->part[i], arena_printf(o->arena, "%s.%d", name, i), out))
			return false;
	return true;
}

static bool mentioned(const Results *r, int n, const char *symbol)
{
	for (int i = 0; i < n; i++)
		for (int k = 0; k < r->value.at[i]->type->rank; k++)
			if (dim_mentions(r->value.at[i]->type->dim[k], symbol))
				return true;
	return false;
}

/* A result whose size is data leaves the graph with that size, which is a result of its own behind those of the model. */
static void add_sizes(Onnx *o, const Block *body, Results *r)
{
	int n = r->value.n;

	for (Op *op = body->first; op; op = op->next) {
		const Dim *size = op_size(op);
		if (!size || !mentioned(r, n, (*size)->name))
			continue;
		const char *name = (*size)->name;
		while (strmap_has(&r->names, name))
			name = arena_printf(o->arena, "%s_", name);
		add_result(o, r, op->result[op->nresults - 1], name);
	}
}

static bool make_results(Onnx *o, Func *f, const Onnx__GraphProto *g)
{
	Results r = { 0 };

	strmap_init(&r.names, o->arena);
	for (size_t i = 0; i < g->n_output; i++) {
		const char *name = g->output[i]->name ? g->output[i]->name : "";
		Known *k = scope_find(o, name);

		if (!k)
			return refuse_model(o, "nothing makes the output \"%s\"", name);
		if (!collect(o, k, name, &r))
			return false;
	}
	add_sizes(o, f->body, &r);
	for (int i = 0; i < r.value.n; i++) {
		vec_push(o->arena, &f->result_names, r.name.at[i]);
		vec_push(o->arena, &f->result_types, r.value.at[i]->type);
	}
	o->b = builder_at_end(o->ctx, f->body);
	return build_op(&o->b, OP_return, r.value.n, r.value.at, NULL) != NULL;
}

/* The value of an input, where an op asks for it and one is given. */
static Blob *input_value(void *arg, const Value *v)
{
	Onnx *o = arg;
	const Func *f = o->m->funcs.at[0];
	Tensor *t;

	if (!o->given || v->block != f->body || !type_is_static(v->type))
		return NULL;
	t = strmap_get(&o->given_values, v->name);
	if (!t)
		t = o->given->value(o->given->arg, o->ctx, v->name, v->index, v->type->dtype);
	if (!t || type_of_ints(o->ctx->types, t->dtype, t->rank, t->dim) != v->type)
		return NULL;
	Blob *b = blob_from_tensor(o->arena, t);
	strmap_set(&o->given_values, v->name, t);
	strmap_set(&o->bound, v->name, b);
	return b;
}

static void bind_inputs(Onnx *o, Func *f)
{
	for (int i = f->body->args.n - 1; i >= 0; i--) {
		Blob *b = strmap_get(&o->bound, f->body->args.at[i]->name);
		if (b)
			build_bound_input(o->ctx, f, f->body->args.at[i], b);
	}
}

static bool find_functions(Onnx *o)
{
	const Onnx__ModelProto *m = o->model->proto;

	strmap_init(&o->functions, o->arena);
	for (size_t i = 0; i < m->n_functions; i++) {
		const Onnx__FunctionProto *f = m->functions[i];
		const char *domain = f->domain && strcmp(f->domain, "ai.onnx") != 0 ? f->domain : "";
		strmap_set(&o->functions, arena_printf(o->arena, "%s.%s", domain, f->name ? f->name : ""), (void *)f);
	}
	return true;
}

static bool import_graph(Onnx *o)
{
	const Onnx__GraphProto *g = o->model->proto->graph;
	Func *f = func_new(o->m, "main", loc_name(o->arena, o->model->path));
	Scope s;
	bool ok;

	o->b = builder_at_end(o->ctx, f->body);
	o->b.loc = f->loc;
	scope_open(o, &s, g);
	s.nopsets = o->model->proto->n_opset_import;
	s.opset = o->model->proto->opset_import;
	ok = make_inputs(o, f, g) && import_nodes(o, g->n_node, g->node);
	o->node = NULL;
	ok = ok && make_results(o, f, g);
	scope_close(o);
	if (ok)
		bind_inputs(o, f);
	return ok;
}

static void drop_values(Onnx *o)
{
	for (int i = 0; i < o->given_values.n; i++)
		tensor_unref(o->given_values.val[i]);
}

Module *onnx_parse(Ctx *ctx, const char *path, const void *bytes, size_t size, const InputValues *given)
{
	Onnx o = { .ctx = ctx, .given = given };
	int most = ctx->diag.max_errors;
	bool ok;

	if (!(o.model = model_read(ctx, path, bytes, size)))
		return NULL;
	ctx->diag.max_errors = INT32_MAX;   /* what is not supported is told all at once */
	o.m = module_new(ctx);
	o.arena = o.m->arena;
	o.m->dir = o.model->dir;
	o.sizes = sizes_new(ctx, o.arena, input_value, &o);
	strmap_init(&o.bound, o.arena);
	strmap_init(&o.given_values, o.arena);
	ok = find_functions(&o) && import_graph(&o);
	drop_values(&o);
	ctx->diag.max_errors = most;
	CHECK(ok || ctx->diag.nerrors, "a model was refused without a word");
	return ok && ctx->diag.nerrors == 0 ? o.m : NULL;
}
