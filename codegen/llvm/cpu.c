/* codegen/llvm/cpu.c - CPU names, what each has, and the facts that follow. */
#include "codegen/llvm/cpu.h"

#include <llvm-c/Core.h>
#include <llvm-c/TargetMachine.h>

#include "ir/base/str.h"
#include "runtime/abi.h"

typedef struct Row { const char *name; int arch; uint64_t required; } Row;

#define F(feature) TFRT_FEATURE(feature)
#define CPU(name, arch, features) { name, TFRT_ARCH_##arch, features },
static const Row rows[] = {
#include "codegen/llvm/cpu.def"
};
#undef F
#define CPU(name, arch, features) name,
const char *const cpu_names[] = {
#include "codegen/llvm/cpu.def"
	NULL,
};
#define NROWS ((int)(sizeof rows / sizeof rows[0]))

typedef struct Feature { int arch; uint64_t bit; const char *name; } Feature;

#define FEATURE(arch, bit, name, llvm) { TFRT_ARCH_##arch, (uint64_t)1 << (bit), llvm },
static const Feature features[] = { TFRT_FEATURES(FEATURE) };
#undef FEATURE
#define NFEATURES ((int)(sizeof features / sizeof features[0]))

static int host_arch(void)
{
#if defined(__x86_64__)
	return TFRT_ARCH_X86_64;
#elif defined(__aarch64__)
	return TFRT_ARCH_AARCH64;
#else
	return TFRT_ARCH_ANY;
#endif
}

/* By the list of features: a virtual machine may hide its CPU's name, or name another. */
static uint64_t host_features(void)
{
	char *list = LLVMGetHostCPUFeatures();
	uint64_t have = 0;

	for (char *save, *word = strtok_r(list, ",", &save); word; word = strtok_r(NULL, ",", &save))
		for (int i = 0; i < NFEATURES; i++)
			if (word[0] == '+' && features[i].arch == host_arch() && strcmp(word + 1, features[i].name) == 0)
				have |= features[i].bit;
	LLVMDisposeMessage(list);
	/* Tiles are for schedules that ask for them; compiled code for "native" does not. */
	if (host_arch() == TFRT_ARCH_X86_64)
		have &= ~(TFRT_FEATURE(X86_64_AMXTILE) | TFRT_FEATURE(X86_64_AMXINT8) | TFRT_FEATURE(X86_64_AMXBF16));
	return have;
}

static const char *feature_string(Arena *a, int arch, uint64_t required)
{
	Str s = { 0 };

	for (int i = 0; i < NFEATURES; i++)
		if (features[i].arch == arch && (required & features[i].bit))
			str_printf(&s, "%s+%s", s.n ? "," : "", features[i].name);
	const char *r = arena_strdup(a, str_cstr(&s));
	str_free(&s);
	return r;
}

static bool has(const CpuSpec *c, int arch, uint64_t features)
{
	return c->arch == arch && (c->required & features) == features;
}

static TargetFacts facts_of(const CpuSpec *c)
{
	bool avx512 = has(c, TFRT_ARCH_X86_64, TFRT_X86_64_V4);
	bool avx2 = has(c, TFRT_ARCH_X86_64, TFRT_FEATURE(X86_64_AVX2));
	TargetFacts f = {
		.name = c->name, .vector_bytes = avx512 ? 64 : avx2 ? 32 : 16,
		.vector_registers = avx512 || c->arch == TFRT_ARCH_AARCH64 ? 32 : 16,
		.masked_memory = avx2, .shuffles = true, .fma = c->fma,
		.l1_bytes = 32 << 10, .l2_bytes = avx512 ? 1 << 20 : 512 << 10,
		.panel = 16, .max_unroll = 512,
	};

	return f;
}

/* The scheduling model that LLVM is to assume where the name is none of its own. */
static const char *tune_of(const CpuSpec *c)
{
	if (strcmp(c->name, "native") != 0)
		return c->name;
	return has(c, TFRT_ARCH_X86_64, TFRT_X86_64_V4) ? "x86-64-v4" :
	       has(c, TFRT_ARCH_X86_64, TFRT_X86_64_V3) ? "x86-64-v3" : c->llvm_cpu;
}

static const CpuSpec *spec_new(Arena *a, const char *name, int arch, uint64_t required)
{
	CpuSpec *c = ARENA_NEW(a, CpuSpec);

	c->name = arena_strdup(a, name);
	c->arch = arch;
	c->required = required;
	c->features = feature_string(a, arch, required);
	if (arch == TFRT_ARCH_X86_64) {
		c->triple = "x86_64-unknown-linux-gnu";
		c->llvm_cpu = "x86-64";
		c->fma = has(c, arch, TFRT_FEATURE(X86_64_FMA));
		c->f16 = has(c, arch, TFRT_FEATURE(X86_64_F16C));
		c->round = has(c, arch, TFRT_FEATURE(X86_64_SSE41));
	} else {
		c->triple = "aarch64-unknown-linux-gnu";
		c->llvm_cpu = "generic";
		c->fma = c->f16 = c->round = true;
	}
	c->tune = tune_of(c);
	c->facts = facts_of(c);
	return c;
}

static void unknown(Diag *diag, const char *name)
{
	Str s = { 0 };
	int n = 0;

	for (int i = 0; i < NROWS; i++)
		if (str_distance(name, rows[i].name) <= 3 && n++ < 5)
			str_printf(&s, "%s'%s'", n > 1 ? ", " : "", rows[i].name);
	if (n)
		diag_system(diag, "unknown CPU '%s'; did you mean %s?", name, str_cstr(&s));
	else
		diag_system(diag, "unknown CPU '%s'; --help-targets lists the names", name);
	str_free(&s);
}

const CpuSpec *cpu_find(Arena *a, Diag *diag, const char *name)
{
	for (int i = 0; i < NROWS; i++)
		if (strcmp(rows[i].name, name) == 0)
			return spec_new(a, name, rows[i].arch, rows[i].required);
	if (strcmp(name, "native") != 0) {
		unknown(diag, name);
		return NULL;
	}
	if (host_arch() == TFRT_ARCH_ANY) {
		diag_system(diag, "no code can be made for this machine's own architecture; name a CPU with '--cpu'");
		return NULL;
	}
	return spec_new(a, name, host_arch(), host_features());
}

const CpuSpec *cpu_baseline(Arena *a, const CpuSpec *cpu)
{
	if (cpu->arch == TFRT_ARCH_X86_64)
		return spec_new(a, "x86-64", cpu->arch, TFRT_X86_64_V1);
	return spec_new(a, "generic", cpu->arch, TFRT_FEATURE(AARCH64_FPARMV8) | TFRT_FEATURE(AARCH64_NEON));
}

/* a goes before b: it needs more. */
static bool stronger(const CpuSpec *a, const CpuSpec *b)
{
	return __builtin_popcountll(a->required) > __builtin_popcountll(b->required);
}

int cpu_list(Arena *a, Diag *diag, const char *list, const CpuSpec ***out)
{
	char *copy = arena_strdup(a, list);
	int cap = 1, n = 0;

	for (const char *s = list; *s; s++)
		cap += *s == ',';
	*out = ARENA_ARRAY(a, const CpuSpec *, cap);
	for (char *save, *word = strtok_r(copy, ",", &save); word; word = strtok_r(NULL, ",", &save)) {
		const CpuSpec *c = cpu_find(a, diag, word);
		if (!c)
			return 0;
		for (int i = 0; i < n; i++)
			if (strcmp((*out)[i]->name, c->name) == 0) {
				diag_system(diag, "'--cpu=%s' names '%s' twice", list, word);
				return 0;
			}
		if (n && (*out)[0]->arch != c->arch) {
			diag_system(diag, "'--cpu=%s' names two architectures; one object holds code for one", list);
			return 0;
		}
		int i = n++;
		for (; i > 0 && stronger(c, (*out)[i - 1]); i--)
			(*out)[i] = (*out)[i - 1];
		(*out)[i] = c;
	}
	if (!n)
		diag_system(diag, "'--cpu=' names no CPU");
	return n;
}
