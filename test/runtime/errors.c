/* Every status code has its case, and messages, names and sizes are as documented.
   RUN: %cc -std=gnu17 -I%root %s %tfrt -lpthread -o %t && env ASAN_OPTIONS=allocator_may_return_null=1 %t
*/
#include "Inputs/fake.h"

const tfrt_model fake_model = { FAKE_MODEL };

static tfrt_context *const poison = (tfrt_context *)&failures;

/* What tfrt_open says to these options; on failure *ctx must be NULL. */
static tfrt_status opened(const tfrt_model *m, tfrt_options o)
{
	tfrt_context *ctx = poison;
	tfrt_status   s = tfrt_open(m, &o, &ctx);

	EXPECT((s == TFRT_OK) == (ctx != NULL) && ctx != poison);
	tfrt_close(ctx);
	return s;
}

static void test_messages(void)
{
	for (int i = 0; i < TFRT_STATUS_COUNT; i++) {
		EXPECT(strlen(tfrt_message(i)) > 5);
		for (int j = 0; j < i; j++)
			EXPECT(strcmp(tfrt_message(i), tfrt_message(j)) != 0);
	}
	static const char *const said[] = {
		[TFRT_INVALID] = "invalid argument: a NULL pointer, a context of another model, or an unknown name",
		[TFRT_SHAPE] = "a dimension is negative, too large, or breaks a condition of the graph",
		[TFRT_WORKSPACE] = "the context's workspace is too small for these dimensions",
		[TFRT_CPU] = "no variant in the object runs on this CPU",
		[TFRT_DEVICE] = "the device is missing or failed",
		[TFRT_VERSION] = "the model, its weights file and the runtime are from versions that do not fit together",
		[TFRT_IO] = "the weights file cannot be read",
		[TFRT_MEMORY] = "out of memory or threads",
		[TFRT_CUSTOM] = "a C function that the model calls has failed",
	};
	for (int i = 1; i < TFRT_STATUS_COUNT; i++)
		EXPECT(strcmp(tfrt_message(i), said[i]) == 0);
	EXPECT(strcmp(tfrt_message(-1), "unknown status code") == 0);
	EXPECT(strcmp(tfrt_message(TFRT_STATUS_COUNT), "unknown status code") == 0);
	EXPECT(strcmp(tfrt_version(), TFRT_RELEASE) == 0);
	static const struct { int t, bytes; const char *name; } types[] = {
		{ 0, 0, "?" }, { -1, 0, "?" }, { 99, 0, "?" }, { TFRT_BOOL, 1, "bool" }, { TFRT_I8, 1, "i8" },
		{ TFRT_U16, 2, "u16" }, { TFRT_I64, 8, "i64" }, { TFRT_BF16, 2, "bf16" }, { TFRT_F32, 4, "f32" },
		{ TFRT_F64, 8, "f64" },
	};
	for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
		EXPECT(tfrt_dtype_bytes(types[i].t) == types[i].bytes);
		EXPECT(strcmp(tfrt_dtype_name(types[i].t), types[i].name) == 0);
	}
	for (int t = 1; t < TFRT_DTYPE_COUNT; t++)
		EXPECT(tfrt_dtype_bytes(t) > 0);
}

static void test_open(void)
{
	int64_t dims[] = { 5, 2, 3 }, huge[] = { 1 << 20, 2, 3 }, negative[] = { -5, 2, 3 };
	_Alignas(64) static char block[1024];

	EXPECT(opened(NULL, (tfrt_options){ 0 }) == TFRT_INVALID);
	EXPECT(tfrt_open(&fake_model, NULL, NULL) == TFRT_INVALID);
	EXPECT(opened(&fake_model, (tfrt_options){ 0 }) == TFRT_INVALID);  /* dims are missing */
	EXPECT(opened(&fake_model, (tfrt_options){ .max_dims = dims }) == TFRT_OK);
	EXPECT(opened(&fake_model, (tfrt_options){ .max_dims = huge }) == TFRT_OK);
	EXPECT(opened(&fake_model, (tfrt_options){ .max_dims = negative }) == TFRT_SHAPE);
	EXPECT(opened(&fake_model, (tfrt_options){ .max_dims = dims, .graph = "scale" }) == TFRT_OK);
	EXPECT(opened(&fake_model, (tfrt_options){ .max_dims = dims, .graph = "scaled" }) == TFRT_INVALID);
	EXPECT(opened(&fake_model, (tfrt_options){ .max_dims = dims, .reserved = 1 }) == TFRT_INVALID);
	EXPECT(opened(&fake_model, (tfrt_options){ .max_dims = dims, .threads = -2 }) == TFRT_INVALID);
	EXPECT(opened(&fake_model, (tfrt_options){ .max_dims = dims, .threads = 4097 }) == TFRT_INVALID);
	EXPECT(opened(&fake_model, (tfrt_options){ .max_dims = dims, .variant = "second" }) == TFRT_OK);
	EXPECT(opened(&fake_model, (tfrt_options){ .max_dims = dims, .variant = "third" }) == TFRT_CPU);
	EXPECT(opened(&fake_model, (tfrt_options){ .max_dims = dims, .workspace = block + 4,
	                                           .workspace_bytes = 512 }) == TFRT_INVALID);
	EXPECT(opened(&fake_model, (tfrt_options){ .max_dims = dims, .workspace = block,
	                                           .workspace_bytes = -1 }) == TFRT_INVALID);
	EXPECT(opened(&fake_model, (tfrt_options){ .max_dims = dims, .workspace = block,
	                                           .workspace_bytes = 143 }) == TFRT_WORKSPACE);
	EXPECT(opened(&fake_model, (tfrt_options){ .max_dims = dims, .workspace = block,
	                                           .workspace_bytes = 144 }) == TFRT_OK);
	EXPECT(opened(&fake_model, (tfrt_options){ .workspace = block, .workspace_bytes = 64 }) == TFRT_OK);
}

static int64_t endless_workspace(const int64_t *d, int32_t threads)
{
	(void)d, (void)threads;
	return INT64_MAX - 63;
}

static void test_descriptor(void)
{
	struct tfrt_graph   endless = fake_graphs[0];
	struct tfrt_variant future = { "future", (uint64_t)1 << 63 };
	struct { const char *what; tfrt_status wanted; tfrt_model m; } cases[] = {
		{ "older compiler", TFRT_VERSION, { FAKE_MODEL } }, { "newer compiler", TFRT_VERSION, { FAKE_MODEL } },
		{ "struct size", TFRT_VERSION, { FAKE_MODEL } },    { "no graph", TFRT_INVALID, { FAKE_MODEL } },
		{ "no variant", TFRT_INVALID, { FAKE_MODEL } },     { "wrong arch", TFRT_CPU, { FAKE_MODEL } },
		{ "feature of the future", TFRT_CPU, { FAKE_MODEL } }, { "memory", TFRT_MEMORY, { FAKE_MODEL } },
		{ "fine", TFRT_OK, { FAKE_MODEL } },
	};
	int64_t dims[] = { 5, 2, 3 };

	endless.workspace = endless_workspace;
	cases[0].m.abi_version = TFRT_ABI_VERSION - 1;
	cases[1].m.abi_version = TFRT_ABI_VERSION + 1;
	cases[2].m.struct_size -= 8;
	cases[3].m.graph_count = 0;
	cases[4].m.variant_count = 0;
	cases[5].m.arch = 77;
	cases[6].m.variants = &future;
	cases[6].m.variant_count = 1;
#if defined(__x86_64__)
	cases[6].m.arch = TFRT_ARCH_X86_64;
#elif defined(__aarch64__)
	cases[6].m.arch = TFRT_ARCH_AARCH64;
#endif
	cases[7].m.graphs = &endless;
	cases[7].m.graph_count = 1;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		tfrt_status s = opened(&cases[i].m, (tfrt_options){ .max_dims = dims });
		if (s != cases[i].wanted)
			printf("%s: %s\n", cases[i].what, tfrt_message(s));
		EXPECT(s == cases[i].wanted);
	}
}

static void test_init(void)
{
	_Alignas(64) static char block[1024];
	tfrt_storage  storage;
	tfrt_context *ctx = poison;
	float         x[8] = { 1, 2, 3, 4, 5, 6, 7, 8 }, y[8] = { 0 };

	EXPECT(tfrt_init(&fake_model, &storage, block, sizeof block, NULL) == TFRT_INVALID);
	EXPECT(tfrt_init(NULL, &storage, block, sizeof block, &ctx) == TFRT_INVALID && !ctx);
	EXPECT(tfrt_init(&fake_model, NULL, block, sizeof block, &ctx) == TFRT_INVALID && !ctx);
	EXPECT(tfrt_init(&fake_model, &storage, block + 1, 64, &ctx) == TFRT_INVALID && !ctx);
	EXPECT(tfrt_init(&fake_model, &storage, NULL, 64, &ctx) == TFRT_INVALID && !ctx);
	EXPECT(tfrt_init(&fake_model, &storage, block, -64, &ctx) == TFRT_INVALID && !ctx);
	EXPECT(tfrt_init(&fake_model, &storage, block, 96, &ctx) == TFRT_OK && ctx);
	EXPECT(fake_scale(ctx, 3, x, y) == TFRT_WORKSPACE);
	EXPECT(fake_scale(ctx, 2, x, y) == TFRT_OK && y[0] == 3 && y[7] == 24);
	EXPECT(fake_scale(ctx, 0, NULL, NULL) == TFRT_OK);
	EXPECT(tfrt_threads(ctx) == 1 && tfrt_kernel_count(ctx) == 0);
	tfrt_profile_reset(ctx);
	tfrt_close(ctx);  /* nothing to do, but no harm either */
	tfrt_close(NULL);
	EXPECT(fake_scale(ctx, 1, x, y) == TFRT_OK);
}

static void test_call(void)
{
	float         x[8] = { 1, 2, 3, 4, 5, 6, 7, 8 }, y[8] = { 0 };
	int64_t       max[] = { 2, 100, 100 }, n = 2, mk[] = { 2, 3 };
	void         *in[] = { x }, *out[] = { y };
	float         a[] = { 1, 2 }, b[] = { 10, 20, 30 }, ab[5] = { 0.5f }, c[6];
	void         *outer_in[] = { a, b, ab }, *outer_out[] = { c };
	tfrt_context *ctx;
	int           user;

	EXPECT(tfrt_open(&fake_model, &(tfrt_options){ .max_dims = max, .user = &user }, &ctx) == TFRT_OK);
	EXPECT(tfrt_user(ctx) == &user && tfrt_context_model(ctx) == &fake_model);
	EXPECT(strcmp(tfrt_variant_name(ctx), "first") == 0);
	EXPECT(tfrt_call(ctx, "scale", NULL, &n, in, out) == TFRT_OK && y[7] == 24);
	EXPECT(tfrt_call(ctx, "outer", NULL, mk, outer_in, outer_out) == TFRT_OK && c[5] == 60.5f);
	EXPECT(tfrt_call(NULL, "scale", NULL, &n, in, out) == TFRT_INVALID);
	EXPECT(tfrt_call(ctx, NULL, NULL, &n, in, out) == TFRT_INVALID);  /* there are two graphs */
	EXPECT(tfrt_call(ctx, "inner", NULL, &n, in, out) == TFRT_INVALID);
	EXPECT(tfrt_call(ctx, "scale", NULL, NULL, in, out) == TFRT_INVALID);
	EXPECT(tfrt_call(ctx, "scale", NULL, &n, NULL, out) == TFRT_INVALID);
	EXPECT(tfrt_call(ctx, "scale", NULL, &n, in, NULL) == TFRT_INVALID);
	n = -1;
	EXPECT(tfrt_call(ctx, "scale", NULL, &n, in, out) == TFRT_SHAPE);
	n = 3;
	EXPECT(tfrt_call(ctx, "scale", NULL, &n, in, out) == TFRT_WORKSPACE);
	tfrt_close(ctx);
}

int main(void)
{
	test_messages();
	test_open();
	test_descriptor();
	test_init();
	test_call();
	return report();
}
