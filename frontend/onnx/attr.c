/* frontend/onnx/attr.c - attributes of the node at hand. */
#include "frontend/onnx/import.h"

static const Onnx__AttributeProto *find(size_t n, Onnx__AttributeProto *const *attr, const char *name)
{
	for (size_t i = 0; i < n; i++)
		if (attr[i]->name && strcmp(attr[i]->name, name) == 0)
			return attr[i];
	return NULL;
}

/* In the body of a function, an attribute may stand for one of the node that calls it. */
static const Onnx__AttributeProto *of_caller(const Scope *s, const char *name)
{
	while (s && !s->function)
		s = s->outer;
	if (!s)
		return NULL;
	const Onnx__AttributeProto *a = find(s->call->n_attribute, s->call->attribute, name);
	if (a && a->ref_attr_name && *a->ref_attr_name)
		return of_caller(s->calling, a->ref_attr_name);
	return a ? a : find(s->function->n_attribute_proto, s->function->attribute_proto, name);
}

const Onnx__AttributeProto *node_attr(Onnx *o, const Node *n, const char *name)
{
	const Onnx__AttributeProto *a = find(n->proto->n_attribute, n->proto->attribute, name);

	return a && a->ref_attr_name && *a->ref_attr_name ? of_caller(o->scope, a->ref_attr_name) : a;
}

static const Onnx__AttributeProto *get(Onnx *o, const char *name, Onnx__AttributeProto__AttributeType type, const char *wanted)
{
	const Onnx__AttributeProto *a = node_attr(o, o->node, name);

	bool empty = a && ((type == ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__TENSOR && !a->t) ||
	                   (type == ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__GRAPH && !a->g));
	if (!a || (!empty && (a->type == type || !a->has_type)))
		return a;
	refuse_attr(o, name, "is not %s", wanted);
	o->node->failed = true;
	return NULL;
}

bool has_attr(Onnx *o, const char *name)
{
	return node_attr(o, o->node, name) != NULL;
}

int64_t get_int(Onnx *o, const char *name, int64_t fallback)
{
	const Onnx__AttributeProto *a = get(o, name, ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__INT, "an integer");

	return a ? a->i : fallback;
}

double get_float(Onnx *o, const char *name, double fallback)
{
	const Onnx__AttributeProto *a = get(o, name, ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__FLOAT, "a number");

	return a ? (double)a->f : fallback;
}

static const char *text_of(Onnx *o, ProtobufCBinaryData b)
{
	return arena_strndup(o->arena, b.data ? (const char *)b.data : "", b.len);
}

const char *get_string(Onnx *o, const char *name, const char *fallback)
{
	const Onnx__AttributeProto *a = get(o, name, ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__STRING, "a string");

	return a ? text_of(o, a->s) : fallback;
}

bool get_is(Onnx *o, const char *name, const char *fallback, const char *word)
{
	const char *s = get_string(o, name, fallback);

	return s && strcmp(s, word) == 0;
}

Ints get_ints(Onnx *o, const char *name)
{
	const Onnx__AttributeProto *a = get(o, name, ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__INTS, "a list of integers");

	if (!a)
		return (Ints)INTS_NONE;
	return (Ints){ (int)a->n_ints, a->n_ints ? a->ints : ARENA_ARRAY(o->arena, int64_t, 1) };
}

Floats get_floats(Onnx *o, const char *name)
{
	const Onnx__AttributeProto *a = get(o, name, ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__FLOATS, "a list of numbers");
	double *at = ARENA_ARRAY(o->arena, double, a ? a->n_floats + 1 : 1);

	for (size_t i = 0; a && i < a->n_floats; i++)
		at[i] = (double)a->floats[i];
	return a ? (Floats){ (int)a->n_floats, at } : (Floats){ 0, NULL };
}

Strings get_strings(Onnx *o, const char *name)
{
	const Onnx__AttributeProto *a = get(o, name, ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__STRINGS, "a list of strings");
	const char **at = ARENA_ARRAY(o->arena, const char *, a ? a->n_strings + 1 : 1);

	for (size_t i = 0; a && i < a->n_strings; i++)
		at[i] = text_of(o, a->strings[i]);
	return a ? (Strings){ (int)a->n_strings, at } : (Strings){ 0, NULL };
}

Blob *get_tensor(Onnx *o, const char *name)
{
	const Onnx__AttributeProto *a = get(o, name, ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__TENSOR, "a tensor");

	if (!a)
		return NULL;
	Blob *b = model_tensor(o->model, o->node->loc, arena_printf(o->arena, "attribute '%s'", name), a->t);
	o->node->failed = o->node->failed || !b;
	return b;
}

const Onnx__GraphProto *get_graph(Onnx *o, const char *name)
{
	const Onnx__AttributeProto *a = get(o, name, ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__GRAPH, "a graph");

	return a ? a->g : NULL;
}

bool get_axis(Onnx *o, const char *name, int64_t fallback, int rank, int *out)
{
	return axis_of(o, arena_printf(o->arena, "attribute '%s'", name), get_int(o, name, fallback), rank, out) && !o->node->failed;
}
