/* codegen/c/target.c - the target `c`: portable C11 in one file, with its header and its weights beside it. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>

#include "codegen/c/cprint.h"
#include "codegen/object/descriptor.h"
#include "codegen/object/weights.h"
#include "ir/base/file.h"
#include "runtime/abi.h"

static bool c_facts(Ctx *ctx, const CodegenOptions *opt, TargetFacts *out)
{
	if (opt->cpu) {
		diag_system(&ctx->diag, "--cpu: C is compiled for a CPU by your C compiler; leave it out with --target=c");
		return false;
	}
	*out = (TargetFacts){ .name = "c", .vector_bytes = 32, .vector_registers = 16, .masked_memory = false, .fma = true,
	                      .l1_bytes = 32 << 10, .l2_bytes = 256 << 10, .panel = 16, .max_unroll = 256 };
	return true;
}

static const char support[] =
	"\n/* Dimensions: overflow is gathered in *bad. */\n"
	"TF int64_t tf_dadd(int *bad, int64_t a, int64_t b)\n{\n"
	"\tif (b > 0 ? a > INT64_MAX - b : a < INT64_MIN - b) { *bad = 1; return 0; }\n\treturn a + b;\n}\n"
	"TF int64_t tf_dmul(int *bad, int64_t a, int64_t b)\n{\n"
	"\tint64_t lo = (int64_t)((uint64_t)a * (uint64_t)b), hi = tf_mulhi_i64(a, b);\n"
	"\tif (hi != (lo < 0 ? -1 : 0)) { *bad = 1; return 0; }\n\treturn lo;\n}\n"
	"TF int64_t tf_dmod(int *bad, int64_t a, int64_t b)\n{\n"
	"\tif (b <= 0) { *bad = 1; return 0; }\n\treturn a % b < 0 ? a % b + b : a % b;\n}\n"
	"TF int64_t tf_ddiv(int *bad, int64_t a, int64_t b)\n{\n"
	"\tif (b <= 0) { *bad = 1; return 0; }\n\treturn a / b - (a % b < 0);\n}\n"
	"TF int64_t tf_dmax(int *bad, int64_t a, int64_t b) { (void)bad; return a > b ? a : b; }\n"
	"TF int64_t tf_dmin(int *bad, int64_t a, int64_t b) { (void)bad; return a < b ? a : b; }\n"
	"\n/* What has no elements may be NULL, to which C adds nothing. */\n"
	"TF char *tf_at(void *base, int64_t offset) { return base ? (char *)base + offset : (char *)base; }\n"
	"\nstruct tf_args { void *const *p; const int64_t *i; char *scratch; int64_t each; };\n"
	"TF void tf_launch(const tfrt_context *ctx, tfrt_task_fn fn, void *const *p, const int64_t *i, char *scratch,\n"
	"                  int64_t each, int64_t ntasks)\n{\n"
	"\tstruct tf_args a;\n\n\ta.p = p;\n\ta.i = i;\n\ta.scratch = scratch;\n\ta.each = each;\n"
	"\tif (ctx->parallel && ntasks > 1) {\n\t\tctx->parallel(ctx->pool, fn, &a, ntasks);\n\t} else {\n"
	"\t\tfor (int64_t t = 0; t < ntasks; t++)\n\t\t\tfn(&a, t, 0);\n\t}\n}\n\n";

/* The structs of runtime/abi.h, so that the file needs tfrt.h alone. */
static void print_abi(Str *out)
{
#define FIELD(kind, type, name) str_add(out, "\t" #type " " #name ";\n");
#define STRUCT(name, FIELDS) \
	str_add(out, "struct " #name " {\n"); \
	FIELDS(FIELD) \
	str_add(out, "};\n");
#include "codegen/c/abi_structs.def"
}

static void print_weights(const Unit *u, const char *file, uint64_t id, Str *out)
{
	if (u->const_bytes == 0)
		return;
	str_printf(out,
	           "/* The weights lie in %s: taken in here where the assembler can, else read when a context is opened.\n"
	           "   TF_WEIGHTS_PATH says where the file is, as seen from where the compiler runs. */\n"
	           "#ifndef TF_WEIGHTS_PATH\n#define TF_WEIGHTS_PATH \"%s\"\n#endif\n"
	           "#if defined(__GNUC__) && defined(__ELF__) && !defined(TF_WEIGHTS_APART)\n"
	           "__asm__(\".pushsection .rodata\\n\\t.balign 64\\ntf_weights:\\n\\t.incbin \\\"\" TF_WEIGHTS_PATH \"\\\", 64\\n\\t.popsection\");\n"
	           "extern const char tf_weights[] __attribute__((visibility(\"hidden\")));\n"
	           "#define TF_WEIGHTS tf_weights\n#define TF_WEIGHTS_FILE NULL\n#define TF_WEIGHTS_ID 0\n"
	           "#else\n"
	           "#define TF_WEIGHTS NULL\n#define TF_WEIGHTS_FILE \"%s\"\n#define TF_WEIGHTS_ID UINT64_C(0x%016" PRIx64 ")\n"
	           "#endif\n\n", file, file, file, id);
}

static bool write_file(const Unit *u, const char *path, const Str *text)
{
	const char *error = NULL;

	if (strcmp(path, "-") == 0) {
		if (fwrite(str_cstr(text), 1, text->n, stdout) == text->n && fflush(stdout) == 0)
			return true;
		diag_system(&u->ctx->diag, "cannot write 'standard output': %s", system_reason(u->arena, errno));
		return false;
	}
	OutFile *f = outfile_open(u->arena, path, &error);
	if (f) {
		outfile_write(f, str_cstr(text), text->n);
		if (outfile_commit(f, &error))
			return true;
	}
	diag_system(&u->ctx->diag, "cannot write '%s': %s", path, error);
	return false;
}

static const char *beside(Arena *a, const char *path, const char *ending)
{
	const char *slash = strrchr(path, '/'), *dot = strrchr(slash ? slash : path, '.');

	return arena_printf(a, "%.*s%s", dot ? (int)(dot - path) : (int)strlen(path), path, ending);
}

/* What GCC 12 gets wrong when it looks for vectors in straight code, so that kernels with both of a pair keep it from looking:
   - it joins a * b - c and d * e + f of neighbouring lanes to one vfmaddsub, whatever fp-contract says (complex products);
   - it takes the two conversions of (double)(float)x in neighbouring lanes for none. */
typedef struct Risky { bool sub, add, narrow, widen; } Risky;

static void find_risky(const KBlock *b, Risky *r)
{
	for (const KOp *x = b->first; x; x = x->next) {
		for (int i = 0; i < 2 && x->body[i]; i++)
			find_risky(x->body[i], r);
		for (int i = 0; i < x->nargs && x->kind == K_OP; i++) {
			DType to = x->type.dtype, from = x->arg[i]->type.dtype;
			bool product = x->arg[i]->kind == K_OP && x->arg[i]->op == SC_mul && dtype_is_float(to);
			r->sub = r->sub || (product && x->op == SC_sub);
			r->add = r->add || (product && x->op == SC_add);
			r->narrow = r->narrow || (x->op == SC_convert && from == DT_F64 && to == DT_F32);
			r->widen = r->widen || (x->op == SC_convert && from == DT_F32 && to == DT_F64);
		}
	}
}

static bool needs_keeping_apart(const Unit *u, const Variant *v)
{
	for (int i = 0; i < u->kernel.n; i++) {
		Risky r = { 0 };
		find_risky(v->kernel[i]->body, &r);
		if ((r.sub && r.add) || (r.narrow && r.widen))
			return true;
	}
	return false;
}

static bool c_emit(const Unit *u, const CodegenOptions *opt, EmitForm form, const char *path)
{
	Variant v = { 0 };
	CodegenOptions o = *opt;
	Str text = { 0 }, header = { 0 };
	uint64_t id = 0;

	if (form != EMIT_C) {
		diag_system(&u->ctx->diag, "target c writes C only: give -o FILE.c");
		return false;
	}
	o.prefix = model_prefix(u->arena, opt, path);
	if (!customs_are_free(u, o.prefix))
		return false;
	c_facts(u->ctx, &(CodegenOptions){ 0 }, &v.facts);
	codegen_schedule((Unit *)u, &v, u->arena);
	const char *weights = beside(u->arena, path, ".weights"), *slash = strrchr(weights, '/');
	bool named = strcmp(path, "-") != 0;
	if (named && u->const_bytes && !weights_write(u, weights, &id))
		return false;
	str_printf(&text, "/* %s.c - made by tfcc: a model in portable C11. */\n#include \"tfrt.h\"\n", o.prefix);
	if (needs_keeping_apart(u, &v))
		str_add(&text, "#define TF_KEEP_APART\n");
	str_add(&text, c_prelude);
	print_abi(&text);
	str_add(&text, support);
	print_weights(u, slash ? slash + 1 : weights, id, &text);
	str_printf(&text, "extern const tfrt_model %s_model;\n\n", o.prefix);
	for (int i = 0; i < u->kernel.n; i++)
		c_kernel(v.kernel[i], i, &text);
	c_programs(u, &v, &o, &text);
	c_descriptor(u, &v, &o, &text);
	header_print(u, &o, &header);
	bool ok = write_file(u, path, &text) && (!named || write_file(u, beside(u->arena, path, ".h"), &header));
	str_free(&text);
	str_free(&header);
	return ok;
}

const CodegenTarget target_c = { "c", "Portable C11 in one file, for any compiler that keeps IEEE 754.", c_facts, c_emit, NULL };
