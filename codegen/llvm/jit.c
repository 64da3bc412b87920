/* codegen/llvm/jit.c - object code loaded into this process by ORC; constants stay outside of it. */
#include "codegen/llvm/jit.h"

#include <llvm-c/LLJIT.h>
#include <llvm-c/Orc.h>
#include <stdlib.h>

#include "codegen/llvm/object.h"
#include "codegen/object/descriptor.h"
#include "ir/base/check.h"

struct Jit {
	LLVMOrcLLJITRef jit;
	void           *weights;
};

static void check(LLVMErrorRef error)
{
	if (error)
		UNREACHABLE("LLVM: %s", LLVMGetErrorMessage(error));
}

/* The only functions that compiled code may call, but for those of custom_call; any other undefined symbol is an error. */
static LLVMOrcLLJITRef lljit_new(void)
{
	static const struct { const char *name; uintptr_t address; } known[] = {
		{ "memcpy", (uintptr_t)memcpy }, { "memmove", (uintptr_t)memmove }, { "memset", (uintptr_t)memset },
	};
	LLVMOrcLLJITRef jit;
	LLVMOrcCSymbolMapPair pair[3];

	check(LLVMOrcCreateLLJIT(&jit, NULL));
	for (int i = 0; i < 3; i++)
		pair[i] = (LLVMOrcCSymbolMapPair){
			LLVMOrcLLJITMangleAndIntern(jit, known[i].name),
			{ known[i].address, { LLVMJITSymbolGenericFlagsExported | LLVMJITSymbolGenericFlagsCallable, 0 } },
		};
	check(LLVMOrcJITDylibDefine(LLVMOrcLLJITGetMainJITDylib(jit), LLVMOrcAbsoluteSymbols(pair, 3)));
	return jit;
}

/* The C functions of custom_call, each once. */
static bool add_customs(LLVMOrcLLJITRef jit, const Unit *u, const Steps *steps, const CodegenOptions *opt, StrMap *seen)
{
	for (const Step *s = steps->first; s; s = s->next) {
		if (!add_customs(jit, u, &s->body, opt, seen) || !add_customs(jit, u, &s->other, opt, seen))
			return false;
		if (s->kind != STEP_CUSTOM || strmap_has(seen, s->custom->target))
			continue;
		void *at = opt->symbol ? opt->symbol(s->custom->target) : NULL;
		if (!at) {
			diag_system(&u->ctx->diag, "custom_call: there is no function '%s' in this process", s->custom->target);
			return false;
		}
		LLVMOrcCSymbolMapPair pair = { LLVMOrcLLJITMangleAndIntern(jit, s->custom->target),
			                       { (uintptr_t)at, { LLVMJITSymbolGenericFlagsExported | LLVMJITSymbolGenericFlagsCallable, 0 } } };
		check(LLVMOrcJITDylibDefine(LLVMOrcLLJITGetMainJITDylib(jit), LLVMOrcAbsoluteSymbols(&pair, 1)));
		strmap_set(seen, s->custom->target, seen);
	}
	return true;
}

static LLVMOrcLLJITRef lljit_for(const Unit *u, const CodegenOptions *opt)
{
	LLVMOrcLLJITRef jit = lljit_new();
	StrMap seen;

	strmap_init(&seen, u->arena);
	for (const Program *p = u->programs; p; p = p->next)
		if (!add_customs(jit, u, &p->steps, opt, &seen)) {
			LLVMConsumeError(LLVMOrcDisposeLLJIT(jit));
			return NULL;
		}
	return jit;
}

/* The constants as they would lie in the object; NULL if there are none. */
static void *weights_new(const Unit *u)
{
	void *p = NULL;

	if (!u->const_bytes)
		return NULL;
	if (posix_memalign(&p, 64, (size_t)u->const_bytes) != 0)
		out_of_memory((size_t)u->const_bytes);
	memset(p, 0, (size_t)u->const_bytes);
	for (int i = 0; i < u->constant.n; i++)
		blob_copy(u->constant.at[i].blob, (char *)p + u->constant.at[i].offset);
	return p;
}

static Jit *jit_compile(const Unit *u, const Variant *variant, const CpuSpec *cpu, const CodegenOptions *opt,
                        const struct tfrt_model **out)
{
	LLVMOrcLLJITRef jit = customs_are_free(u, "jit") ? lljit_for(u, opt) : NULL;
	LLVMOrcExecutorAddress address;

	if (!jit)
		return NULL;
	Arena *a = arena_new();
	Jit *j = malloc(sizeof *j);

	if (!j)
		out_of_memory(sizeof *j);
	j->weights = weights_new(u);
	ModuleSpec spec = { .prefix = "jit", .opt_level = opt->opt_level, .nvariants = 1, .variant = variant, .cpu = &cpu,
	                    .weights = WEIGHTS_ADDRESS, .address = j->weights, .profile = opt->profile };
	ObjectBytes object = object_build(a, u, &spec);
	j->jit = jit;
	check(LLVMOrcLLJITAddObjectFile(j->jit, LLVMOrcLLJITGetMainJITDylib(j->jit),
	                                LLVMCreateMemoryBufferWithMemoryRangeCopy(object.at, object.n, "model")));
	check(LLVMOrcLLJITLookup(j->jit, &address, "jit_model"));
	*out = (const struct tfrt_model *)(uintptr_t)address;
	arena_free(a);
	return j;
}

Jit *jit_variant(const Unit *u, const Variant *variant, const CpuSpec *cpu, int opt_level, const struct tfrt_model **out)
{
	return jit_compile(u, variant, cpu, &(CodegenOptions){ .opt_level = opt_level }, out);
}

/* The strongest of the CPUs asked for that this machine is; by default, just this machine. */
static const CpuSpec *pick_cpu(Arena *a, Ctx *ctx, const char *list)
{
	const CpuSpec *native = cpu_find(a, &ctx->diag, "native"), **cpu;
	int n = native && list ? cpu_list(a, &ctx->diag, list, &cpu) : 0;

	if (!native || !list)
		return native;
	for (int i = 0; i < n; i++)
		if (cpu[i]->arch == native->arch && !(cpu[i]->required & ~native->required))
			return cpu[i];
	if (n)
		diag_system(&ctx->diag, "this machine cannot run code for '%s'", list);
	return NULL;
}

Jit *jit_new(const Unit *u, const CodegenOptions *opt, const struct tfrt_model **out)
{
	const CpuSpec *cpu = pick_cpu(u->arena, u->ctx, opt->cpu);

	if (!cpu)
		return NULL;
	Variant v = { cpu->facts, cpu->llvm_cpu, cpu->features, cpu->required, NULL };
	codegen_schedule((Unit *)u, &v, u->arena);
	return jit_compile(u, &v, cpu, opt, out);
}

void jit_free(Jit *j)
{
	if (!j)
		return;
	LLVMConsumeError(LLVMOrcDisposeLLJIT(j->jit));
	free(j->weights);
	free(j);
}
