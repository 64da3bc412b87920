/* test/unit/ir_test.c - ops, use lists, clones, attributes, the builder and the verifier. */
#include <string.h>

#include "ir/build.h"
#include "ir/text.h"
#include "ir/verify.h"
#include "test/unit/unit.h"

typedef struct Fixture {
	Ctx    *ctx;
	Func   *f;
	Builder b;
	Value  *x, *y;   /* inputs f32[N, 4] */
} Fixture;

static Fixture fixture(void)
{
	Fixture t = { .ctx = ctx_new() };
	Module *m = module_new(t.ctx);
	Dim dim[2] = { dim_sym(t.ctx->dims, "N", INT64_MAX), dim_const(t.ctx->dims, 4) };
	const Type *type = type_get(t.ctx->types, DT_F32, 2, dim);

	t.f = func_new(m, "main", NULL);
	t.x = block_add_arg(t.f->body, type, "x", NULL);
	t.y = block_add_arg(t.f->body, type, "y", NULL);
	t.b = builder_at_end(t.ctx, t.f->body);
	return t;
}

static void finish(Fixture *t, Value *result)
{
	build_op(&t->b, OP_return, ARGS(result), NULL);
	vec_push(t->ctx->arena, &t->f->result_names, NULL);
	vec_push(t->ctx->arena, &t->f->result_types, result->type);
}

static int count_uses(const Value *v)
{
	int n = 0;

	for (const Use *u = v->first_use; u; u = u->next)
		n++;
	return n;
}

TEST(uses_keep_the_order_of_creation)
{
	Fixture t = fixture();
	Value *a = BUILD(&t.b, add, ARGS(t.x, t.x), 0), *n = BUILD(&t.b, neg, ARGS(t.x), 0), *e = BUILD(&t.b, exp, ARGS(t.x), 0);

	EXPECT_EQ_INT(count_uses(t.x), 4);
	EXPECT(t.x->first_use->user == a->def && t.x->first_use->index == 0);
	EXPECT(t.x->first_use->next->user == a->def && t.x->first_use->next->index == 1);
	EXPECT(t.x->first_use->next->next->user == n->def);
	EXPECT(value_has_one_use(t.x) == false && !value_has_uses(e));

	op_set_arg(n->def, 0, t.y);          /* from the middle */
	EXPECT_EQ_INT(count_uses(t.x), 3);
	EXPECT(value_has_one_use(t.y) && t.y->first_use->user == n->def);
	op_erase(e->def);                    /* the last one */
	EXPECT_EQ_INT(count_uses(t.x), 2);
	Value *s = BUILD(&t.b, sqrt, ARGS(t.x), 0);
	EXPECT(t.x->first_use->next->next->user == s->def && !t.x->first_use->next->next->next);

	value_replace(t.x, t.y);
	EXPECT(!value_has_uses(t.x));
	EXPECT_EQ_INT(count_uses(t.y), 4);
	EXPECT(t.y->first_use->user == n->def);
	EXPECT(a->def->arg[0] == t.y && a->def->arg[1] == t.y && s->def->arg[0] == t.y);
	op_set_args(a->def, 2, (Value *[]){ t.x, t.y });
	EXPECT(value_has_one_use(t.x) && a->def->arg[0] == t.x);
	op_set_args(s->def, 3, (Value *[]){ t.x, t.x, t.y });
	EXPECT_EQ_INT(count_uses(t.x), 3);
	EXPECT_EQ_INT(count_uses(t.y), 3);
	ctx_free(t.ctx);
}

TEST(ops_move_between_places)
{
	Fixture t = fixture();
	Op *a = BUILD(&t.b, neg, ARGS(t.x), 0)->def, *b = BUILD(&t.b, exp, ARGS(t.x), 0)->def;
	Builder before = builder_before(t.ctx, b);
	Op *c = BUILD(&before, sqrt, ARGS(t.x), 0)->def;

	EXPECT(a->next == c && c->next == b && b->prev == c && c->prev == a);
	op_unlink(a);
	EXPECT(t.f->body->first == c && !c->prev && !a->block);
	op_insert_after(b, a);
	EXPECT(t.f->body->last == a && a->prev == b && !a->next);
	op_erase(c);
	EXPECT(t.f->body->first == b && !b->prev);
	ctx_free(t.ctx);
}

/* A loop whose body uses a value from outside and holds a reduction. */
static const char loop_text[] =
	"graph @main(%x: f32[N, 4], %n: i64[]) -> (%r: f32[]) {\n"
	"  %zero = constant 0.0 : f32[]\n"
	"  %one = constant 1 : i64[]\n"
	"  %end, %acc = while (%n, %zero) cond (%i: i64[], %a: f32[]) {\n"
	"    %c = compare %i, %one {dir = gt}\n"
	"    yield %c\n"
	"  } do (%i: i64[], %a: f32[]) {\n"
	"    %j = sub %i, %one\n"
	"    %s = reduce %x, %a {dims = [0, 1]} (%p: f32[], %q: f32[]) { %t = add %p, %q  yield %t }\n"
	"    yield %j, %s\n"
	"  }\n"
	"  return %acc\n"
	"}\n";

static Module *parse(Ctx *ctx, const char *text)
{
	return module_parse(ctx, source_from_text(ctx->arena, "t.graph", text, strlen(text)));
}

static Op *find(Block *b, OpKind kind)
{
	for (Op *op = b->first; op; op = op->next)
		if (op->kind == kind)
			return op;
	return NULL;
}

static const char *print(Ctx *ctx, const Module *m)
{
	Str s = { 0 };

	module_print(m, NULL, &s);
	const char *text = arena_strdup(ctx->arena, str_cstr(&s));
	str_free(&s);
	return text;
}

TEST(clone_copies_regions_and_maps_values)
{
	Ctx *ctx = ctx_new();
	Module *m = parse(ctx, loop_text);
	REQUIRE(m != NULL);
	Func *f = m->funcs.at[0];
	const char *before = print(ctx, m);
	Op *loop = find(f->body, OP_while), *copy;
	Map map;

	map_init(&map, ctx->arena);
	copy = op_clone(f, loop, &map);
	EXPECT(copy != loop && !copy->block && copy->nregions == 2 && copy->nresults == 2);
	EXPECT(map_get(&map, loop->result[1]) == copy->result[1]);
	EXPECT(copy->arg[0] == loop->arg[0]);
	Op *inner = find(copy->region[1], OP_reduce), *old_inner = find(loop->region[1], OP_reduce);
	REQUIRE(inner && inner != old_inner);
	EXPECT(inner->arg[0] == f->body->args.at[0]);             /* from outside of the clone: itself */
	EXPECT(inner->arg[1] == copy->region[1]->args.at[1]);     /* from inside: the clone's */
	EXPECT(inner->block == copy->region[1] && inner->region[0]->parent == inner);
	EXPECT(attrs_equal(OP_reduce, inner->attrs, old_inner->attrs));
	EXPECT(inner->result[0]->type == old_inner->result[0]->type);

	/* The clone takes the place of the original, and nothing shows. */
	op_insert_after(loop, copy);
	EXPECT(func_verify(ctx, f));
	value_replace(loop->result[1], copy->result[1]);
	op_erase(loop);
	EXPECT(func_verify(ctx, f));
	EXPECT_STR(print(ctx, m), before);
	EXPECT_EQ_INT(count_uses(f->body->args.at[0]), 1);
	ctx_free(ctx);
}

/* An operand mapped beforehand is the mapped one in the clone. */
TEST(clone_into_other_values)
{
	Fixture t = fixture();
	Op *a = BUILD(&t.b, sub, ARGS(t.x, t.y), 0)->def;
	Map map;

	map_init(&map, t.ctx->arena);
	map_set(&map, t.x, t.y);
	Op *b = op_clone(t.f, a, &map);
	EXPECT(b->arg[0] == t.y && b->arg[1] == t.y);
	EXPECT_EQ_INT(count_uses(t.y), 3);
	ctx_free(t.ctx);
}

TEST(attributes_are_compared_and_hashed_by_value)
{
	Ctx *ctx = ctx_new();
	int64_t p[3] = { 0, 2, 1 }, q[3] = { 0, 2, 1 }, r[3] = { 0, 1, 2 };
	struct attrs_transpose a = { .permutation = { 3, p } }, b = { .permutation = { 3, q } }, c = { .permutation = { 3, r } };

	EXPECT(attrs_equal(OP_transpose, &a, &b) && attrs_hash(OP_transpose, &a) == attrs_hash(OP_transpose, &b));
	EXPECT(!attrs_equal(OP_transpose, &a, &c) && attrs_hash(OP_transpose, &a) != attrs_hash(OP_transpose, &c));

	double s[2] = { 0, 2 }, t[2] = { 0, 2 }, z[2] = { -0.0, 2 };
	struct attrs_resize e = { .mode = "cubic", .scales = { 2, s } }, f = { .mode = "cubic", .scales = { 2, t } };
	struct attrs_resize g = { .mode = "cubic", .scales = { 2, z } };

	EXPECT(attrs_equal(OP_resize, &e, &f) && attrs_hash(OP_resize, &e) == attrs_hash(OP_resize, &f));
	EXPECT(!attrs_equal(OP_resize, &e, &g) && attrs_hash(OP_resize, &e) != attrs_hash(OP_resize, &g));
	g.scales.n = 1;
	EXPECT(!attrs_equal(OP_resize, &e, &g));

	/* Equal tensors through different views; -0 and 0 are different. */
	float one[4] = { 1, 2, 3, 4 }, two[4] = { 1, 3, 2, 4 }, zero = 0, minus = -0.0f;
	int64_t dim[2] = { 2, 2 }, perm[2] = { 1, 0 };
	struct attrs_constant u = { .value = blob_dense(ctx->arena, DT_F32, 2, dim, one) };
	struct attrs_constant v = { .value = blob_transpose(ctx->arena, blob_dense(ctx->arena, DT_F32, 2, dim, two), perm) };
	EXPECT(attrs_equal(OP_constant, &u, &v) && attrs_hash(OP_constant, &u) == attrs_hash(OP_constant, &v));
	u.value = blob_splat(ctx->arena, DT_F32, 0, NULL, &zero);
	v.value = blob_splat(ctx->arena, DT_F32, 0, NULL, &minus);
	EXPECT(!attrs_equal(OP_constant, &u, &v));
	ctx_free(ctx);
}

TEST(op_table_has_names_offsets_and_defaults)
{
	OpKind k;

	EXPECT(op_kind_find("transpose", 9, &k) && k == OP_transpose);
	EXPECT(op_kind_find("reduce", 6, &k) && k == OP_reduce);
	EXPECT(!op_kind_find("reduc", 5, &k) && !op_kind_find("", 0, &k) && !op_kind_find("transposes", 10, &k));
	const OpInfo *conv = &op_info[OP_conv_general];
	EXPECT_EQ_INT(conv->nattrs, 11);
	EXPECT_STR(conv->attr[7].name, "feature_groups");
	EXPECT_EQ_INT(conv->attr[7].offset, offsetof(struct attrs_conv_general, feature_groups));
	EXPECT_EQ_INT(*(const attr_int *)conv->attr[7].fallback, 1);
	EXPECT(conv->attr[0].required && !conv->attr[0].fallback);
	EXPECT_EQ_INT(op_info[OP_while].nregions, 2);
	EXPECT_STR(op_info[OP_while].region_name[1], "do");
	EXPECT(op_info[OP_add].traits == (T_EW | T_COMM | T_ASSOC) && op_info[OP_relu].traits & T_COMPOSITE);

	Fixture t = fixture();
	Op *ln = op_new(t.f, OP_layer_norm, NULL, ARGS(t.x, t.x, t.x), NULL);
	EXPECT_EQ_INT(op_attrs(layer_norm, ln)->axis, -1);
	EXPECT_EQ_F64BITS(op_attrs(layer_norm, ln)->epsilon, 1e-5);
	ctx_free(t.ctx);
}

TEST(builder_builds_what_verifies)
{
	Fixture t = fixture();
	Ints dims = ints_of(t.ctx->arena, 1, 1);
	Value *m = build_reduce(&t.b, OP_max, t.x, dims, true);
	Value *shifted[2] = { t.x, m };

	EXPECT(build_common_shape(&t.b, 2, shifted));
	EXPECT(shifted[0] == t.x && shifted[1]->def->kind == OP_broadcast_in_dim && shifted[1]->type == t.x->type);
	Value *d = BUILD(&t.b, sub, ARGS(shifted[0], shifted[1]), 0);
	Value *s = build_splat(&t.b, d->type, 0.5);
	Value *r = BUILD(&t.b, mul, ARGS(d, s), 0);
	finish(&t, r);
	EXPECT(func_verify(t.ctx, t.f));
	double x;
	EXPECT(value_is_splat(s, &x));
	EXPECT_EQ_F64BITS(x, 0.5);
	EXPECT(!value_is_splat(d, &x));
	EXPECT_EQ_INT(t.f->constraints.n, 0);
	EXPECT_EQ_INT(func_symbols(t.f, (Dim[4]){ 0 }, 4), 1);
	ctx_free(t.ctx);
}

TEST(identities_by_type)
{
	static const struct { DType t; OpKind op; uint64_t bits; } want[] = {
		{ DT_F32, OP_add, 0 }, { DT_F32, OP_mul, 0x3f800000 }, { DT_F32, OP_max, 0xff800000 }, { DT_F32, OP_min, 0x7f800000 },
		{ DT_F16, OP_max, 0xfc00 }, { DT_BF16, OP_mul, 0x3f80 }, { DT_F64, OP_min, 0x7ff0000000000000 },
		{ DT_I8, OP_max, 0x80 }, { DT_I8, OP_min, 0x7f }, { DT_I64, OP_max, 0x8000000000000000 }, { DT_I64, OP_min, INT64_MAX },
		{ DT_U8, OP_max, 0 }, { DT_U8, OP_min, 0xff }, { DT_U64, OP_min, UINT64_MAX }, { DT_I16, OP_and, 0xffff },
		{ DT_BOOL, OP_and, 1 }, { DT_BOOL, OP_max, 0 }, { DT_BOOL, OP_min, 1 }, { DT_BOOL, OP_or, 0 }, { DT_U32, OP_xor, 0 },
	};
	Fixture t = fixture();

	for (size_t i = 0; i < sizeof want / sizeof want[0]; i++) {
		Value *v = build_identity(&t.b, want[i].t, want[i].op);
		EXPECT(v->type == type_scalar(t.ctx->types, want[i].t));
		EXPECT(blob_get(value_constant(v), 0) == want[i].bits);
	}
	ctx_free(t.ctx);
}

TEST(require_equal_records_once)
{
	Fixture t = fixture();
	Dim n = dim_sym(t.ctx->dims, "N", INT64_MAX), m = dim_sym(t.ctx->dims, "M", INT64_MAX), one = dim_const(t.ctx->dims, 1);

	EXPECT(func_require_equal(t.f, n, n, NULL, "add"));
	EXPECT_EQ_INT(t.f->constraints.n, 0);
	EXPECT(func_require_equal(t.f, n, m, NULL, "add") && func_require_equal(t.f, m, n, NULL, "add"));
	EXPECT_EQ_INT(t.f->constraints.n, 1);
	EXPECT(!func_require_equal(t.f, n, dim_add(t.ctx->dims, n, one), NULL, "add"));
	EXPECT_EQ_INT(t.f->constraints.n, 1);
	EXPECT_STR(t.ctx->diag.at[0].text, "add: found dimension N, but N+1 is wanted");
	ctx_free(t.ctx);
}

TEST(types_are_interned)
{
	Ctx *ctx = ctx_new();
	Dim n = dim_sym(ctx->dims, "N", INT64_MAX), k = dim_sym(ctx->dims, "K", 100), many[RANK_MAX + 1];
	const Type *t = type_get(ctx->types, DT_F32, 2, (Dim[]){ n, dim_const(ctx->dims, 4) });
	Str s = { 0 };

	EXPECT(t == type_get(ctx->types, DT_F32, 2, (Dim[]){ n, dim_const(ctx->dims, 4) }));
	EXPECT(t != type_with_dtype(ctx->types, t, DT_F64));
	EXPECT(type_bytes(ctx->types, t) == dim_mul(ctx->dims, n, dim_const(ctx->dims, 16)));
	EXPECT(!type_is_static(t));
	EXPECT_EQ_INT(type_count_static(type_of_ints(ctx->types, DT_F32, 3, (int64_t[]){ 2, 3, 4 })), 24);
	EXPECT_EQ_INT(type_count_static(type_of_ints(ctx->types, DT_F32, 3, (int64_t[]){ INT64_MAX, INT64_MAX, 0 })), 0);
	EXPECT(type_count(ctx->types, type_of_ints(ctx->types, DT_F32, 2, (int64_t[]){ INT64_MAX, 2 })) == NULL);
	type_print(&s, type_get(ctx->types, DT_BF16, 3, (Dim[]){ k, n, dim_add(ctx->dims, k, n) }));
	EXPECT_STR(str_cstr(&s), "bf16[K<=100, N, K+N]");
	str_free(&s);
	for (int i = 0; i <= RANK_MAX; i++)
		many[i] = n;
	EXPECT(type_get(ctx->types, DT_F32, RANK_MAX + 1, many) == NULL);
	ctx_free(ctx);
}

static void build_softmax(void *axis)
{
	Fixture t = fixture();

	if (axis)
		BUILD(&t.b, softmax, ARGS(t.x), .axis = *(int64_t *)axis);
	else
		BUILD(&t.b, softmax, ARGS(t.x), 0);
}

/* C fills what is left out with 0.  That is taken only where it is the default, too. */
TEST(build_wants_what_has_a_default)
{
	Fixture t = fixture();
	int64_t last = -1;
	char err[512];
	Value *y = BUILD(&t.b, softmax, ARGS(t.x), .axis = 1), *z = build_op(&t.b, OP_softmax, ARGS(t.x), NULL)->result[0];

	EXPECT_EQ_INT(op_attrs(softmax, y->def)->axis, 1);
	EXPECT_EQ_INT(op_attrs(softmax, z->def)->axis, -1);
	y = build_value(&t.b, OP_softmax, ARGS(t.x), &(struct attrs_softmax){ .axis = 0 });
	EXPECT_EQ_INT(op_attrs(softmax, y->def)->axis, 0);
	EXPECT_EQ_INT(unit_child(build_softmax, &last, err, sizeof err), 0);
	EXPECT_EQ_INT(unit_child(build_softmax, NULL, err, sizeof err), 70);
	EXPECT(strstr(err, "softmax is built without 'axis', whose default is not 0") != NULL);
	ctx_free(t.ctx);
}
