/* codegen/llvm/target.c - the target `cpu`: objects, shared objects, assembly and LLVM IR for x86-64 and AArch64. */
#include <errno.h>
#include <spawn.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "codegen/llvm/object.h"
#include "codegen/object/elf.h"
#include "codegen/object/weights.h"
#include "ir/base/check.h"
#include "ir/base/file.h"
#include "runtime/abi.h"

#if defined(__aarch64__)
static const char default_cpus[] = "generic";
static const int host = TFRT_ARCH_AARCH64;
#else
static const char default_cpus[] = "x86-64-v3,x86-64-v4";
static const int host = TFRT_ARCH_X86_64;
#endif

static int cpus_of(Arena *a, Diag *diag, const CodegenOptions *opt, const CpuSpec ***out)
{
	return cpu_list(a, diag, opt->cpu ? opt->cpu : default_cpus, out);
}

static bool cpu_facts(Ctx *ctx, const CodegenOptions *opt, TargetFacts *out)
{
	const CpuSpec **cpu;

	if (!cpus_of(ctx->arena, &ctx->diag, opt, &cpu))
		return false;
	*out = cpu[0]->facts;
	return true;
}

/* What is being written, and how. */
typedef struct Emission {
	const Unit           *unit;
	Ctx                  *ctx;
	Arena                *arena;
	const CodegenOptions *opt;
	const char           *path;
	ModuleSpec            spec;
} Emission;

static bool cannot_write(Emission *e, const char *path, const char *reason)
{
	diag_system(&e->ctx->diag, "cannot write '%s': %s", path, reason);
	return false;
}

static bool write_text(Emission *e, const char *path, const void *text, size_t n)
{
	const char *error = NULL;

	if (strcmp(path, "-") == 0) {
		if (fwrite(text, 1, n, stdout) == n && fflush(stdout) == 0)
			return true;
		return cannot_write(e, "standard output", system_reason(e->arena, errno));
	}
	OutFile *f = outfile_open(e->arena, path, &error);
	if (f) {
		outfile_write(f, text, n);
		if (outfile_commit(f, &error))
			return true;
	}
	return cannot_write(e, path, error);
}

/* FILE.o -> FILE.h */
static const char *beside(Arena *a, const char *path, const char *ending)
{
	const char *slash = strrchr(path, '/'), *dot = strrchr(slash ? slash : path, '.');

	return arena_printf(a, "%.*s%s", dot ? (int)(dot - path) : (int)strlen(path), path, ending);
}

static bool write_header(Emission *e)
{
	CodegenOptions o = *e->opt;
	Str text = { 0 };

	o.prefix = e->spec.prefix;
	header_print(e->unit, &o, &text);
	bool ok = write_text(e, beside(e->arena, e->path, ".h"), text.s, text.n);
	str_free(&text);
	return ok;
}

static bool write_object(Emission *e, ObjectBytes object, const char *path)
{
	const Unit *u = e->unit;
	const char *error = NULL;
	OutFile *f = outfile_open(e->arena, path, &error);

	if (!f)
		return cannot_write(e, path, error);
	if (e->spec.weights == WEIGHTS_SECTION && u->const_bytes > 0)
		elf_write(u, object.at, object.n, u->const_bytes >= WEIGHTS_LARGE_BYTES ? WEIGHTS_LARGE_SECTION_NAME : WEIGHTS_SECTION_NAME, f);
	else
		outfile_write(f, object.at, object.n);
	return outfile_commit(f, &error) || cannot_write(e, path, error);
}

static bool link_shared(Emission *e, const char *object, const char *out)
{
	extern char **environ;
	const char *cc = e->spec.cpu[0]->arch == host ? "cc" :
	                 e->spec.cpu[0]->arch == TFRT_ARCH_AARCH64 ? "aarch64-linux-gnu-gcc" : "x86_64-linux-gnu-gcc";
	char *argv[] = { (char *)cc, "-shared", "-o", (char *)out, (char *)object, NULL };
	pid_t pid;
	int status, failed = posix_spawnp(&pid, cc, NULL, NULL, argv, environ);

	if (failed) {
		diag_system(&e->ctx->diag, "cannot run '%s' to link '%s': %s", cc, e->path, system_reason(e->arena, failed));
		return false;
	}
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
		return true;
	diag_system(&e->ctx->diag, "'%s -shared' failed to link '%s'", cc, e->path);
	return false;
}

static bool write_shared(Emission *e, ObjectBytes object)
{
	const char *o = arena_printf(e->arena, "%s.%ld.tmp.o", e->path, (long)getpid());
	const char *so = arena_printf(e->arena, "%s.%ld.tmp", e->path, (long)getpid());
	bool ok = write_object(e, object, o) && link_shared(e, o, so);

	if (ok && rename(so, e->path) != 0)
		ok = cannot_write(e, e->path, system_reason(e->arena, errno));
	unlink(o);
	if (!ok)
		unlink(so);
	return ok;
}

static bool write_ir(Emission *e, Gen *g)
{
	char *text = LLVMPrintModuleToString(g->mod);
	bool ok = write_text(e, e->path, text, strlen(text));

	LLVMDisposeMessage(text);
	return ok;
}

/* Text is of one module, to be read. */
static bool write_listing(Emission *e, EmitForm form)
{
	Gen *g = module_build(e->arena, e->unit, &e->spec, true);
	bool ok;

	module_optimize(g);
	if (form == EMIT_LLVM) {
		ok = write_ir(e, g);
	} else {
		LLVMMemoryBufferRef code = module_emit(g, LLVMAssemblyFile);
		ok = write_text(e, e->path, LLVMGetBufferStart(code), LLVMGetBufferSize(code));
		LLVMDisposeMemoryBuffer(code);
	}
	gen_free(g);
	return ok;
}

static bool write_form(Emission *e, EmitForm form)
{
	if (form == EMIT_LLVM || form == EMIT_ASM)
		return write_listing(e, form);
	ObjectBytes object = object_build(e->arena, e->unit, &e->spec);
	return (form == EMIT_OBJ ? write_object(e, object, e->path) : write_shared(e, object)) && write_header(e);
}

static const Variant *schedule(Arena *a, Unit *u, const CpuSpec *const *cpu, int n)
{
	Variant *v = ARENA_ARRAY(a, Variant, n);

	for (int i = 0; i < n; i++) {
		v[i] = (Variant){ cpu[i]->facts, cpu[i]->llvm_cpu, cpu[i]->features, cpu[i]->required, NULL };
		codegen_schedule(u, &v[i], a);
	}
	return v;
}

/* Text forms are for reading: their weights are an undefined symbol, so that what is assembled from them does not link
   with wrong ones. */
static bool place_weights(Emission *e, EmitForm form)
{
	const char *path = beside(e->arena, e->path, ".weights"), *slash = strrchr(path, '/');

	if (form != EMIT_OBJ && form != EMIT_SHARED) {
		e->spec.weights = WEIGHTS_SYMBOL;
		return true;
	}
	if (!e->opt->weights_file || !e->unit->const_bytes)
		return true;
	e->spec.weights = WEIGHTS_FILE;
	e->spec.weights_file = slash ? slash + 1 : path;
	return weights_write(e->unit, path, &e->spec.weights_id);
}

static bool cpu_emit(const Unit *u, const CodegenOptions *opt, EmitForm form, const char *path)
{
	Arena *a = arena_new();
	Emission e = { .unit = u, .ctx = u->ctx, .arena = a, .opt = opt, .path = path };
	const CpuSpec **cpu;
	bool ok = false;

	e.spec.prefix = model_prefix(a, opt, path);
	e.spec.opt_level = opt->opt_level;
	e.spec.debug = opt->debug;
	e.spec.profile = opt->profile;
	e.spec.nvariants = cpus_of(a, &u->ctx->diag, opt, &cpu);
	e.spec.cpu = cpu;
	if (form == EMIT_TEXT)
		diag_system(&u->ctx->diag, "target cpu has no text of its own; the forms llvm and asm show what it makes");
	else if (form == EMIT_C)
		diag_system(&u->ctx->diag, "target cpu writes no C; use --target=c");
	else if ((form == EMIT_OBJ || form == EMIT_SHARED) && strcmp(path, "-") == 0)
		diag_system(&u->ctx->diag, "an object cannot be written to standard output; name a file by -o");
	else if (e.spec.nvariants && customs_are_free(u, e.spec.prefix) && place_weights(&e, form)) {
		e.spec.variant = schedule(u->arena, (Unit *)u, cpu, e.spec.nvariants);
		ok = write_form(&e, form);
	}
	arena_free(a);
	return ok;
}

const CodegenTarget target_cpu = {
	"cpu", "Machine code through LLVM: objects and shared objects for x86-64 and AArch64.", cpu_facts, cpu_emit, cpu_names
};
