/* The features that the runtime finds are those that the kernel lists in /proc/cpuinfo, and a variant is picked only if
   it needs no others.
   RUN: %cc -std=gnu17 -I%root %s %tfrt -lpthread -o %t && %t
*/
#include "Inputs/fake.h"
#include "runtime/context.h"

const tfrt_model fake_model = { FAKE_MODEL };

typedef struct Feature {
	int         arch, bit;
	const char *name;
} Feature;

static const Feature features[] = {
#define ROW(arch, bit, name, llvm) { TFRT_ARCH_##arch, bit, llvm },
	TFRT_FEATURES(ROW)
#undef ROW
};

/* Linux' names where they are not LLVM's without dots and dashes. */
static const char *linux_name(const char *llvm)
{
	static const char *const other[][2] = {
		{ "sse3", "pni" }, { "sse4.1", "sse4_1" }, { "sse4.2", "sse4_2" }, { "sahf", "lahf_lm" },
		{ "bmi", "bmi1" }, { "lzcnt", "abm" }, { "avx512vbmi2", "avx512_vbmi2" },
		{ "avx512vnni", "avx512_vnni" }, { "avx512bitalg", "avx512_bitalg" },
		{ "avx512vpopcntdq", "avx512_vpopcntdq" }, { "avx512bf16", "avx512_bf16" },
		{ "avx512fp16", "avx512_fp16" }, { "avxvnni", "avx_vnni" }, { "amx-tile", "amx_tile" },
		{ "amx-int8", "amx_int8" }, { "amx-bf16", "amx_bf16" }, { "pclmul", "pclmulqdq" },
	};

	for (size_t i = 0; i < sizeof other / sizeof other[0]; i++)
		if (strcmp(other[i][0], llvm) == 0)
			return other[i][1];
	return llvm;
}

static int listed(const char *flags, const char *name)
{
	size_t n = strlen(name);

	for (const char *p = flags; (p = strstr(p, name)); p += n)
		if (p > flags && p[-1] == ' ' && (p[n] == ' ' || p[n] == '\n'))
			return 1;
	return 0;
}

static void test_cpuinfo(uint64_t have)
{
	static char line[1 << 16];
	FILE       *f = fopen("/proc/cpuinfo", "r");
	int         found = 0;

	while (f && !found && fgets(line, sizeof line, f))
		found = strncmp(line, "flags", 5) == 0;
	if (f)
		fclose(f);
	EXPECT(found);
	for (size_t i = 0; found && i < sizeof features / sizeof features[0]; i++) {
		if (features[i].arch != TFRT_ARCH_X86_64)
			continue;
		int wanted = listed(line, linux_name(features[i].name));
		if (wanted != (int)(have >> features[i].bit & 1)) {
			printf("%s: cpuinfo says %d\n", features[i].name, wanted);
			failures++;
		}
	}
}

static void test_pick(void)
{
	static const struct tfrt_variant variants[] = {
		{ "v4", TFRT_X86_64_V4 }, { "v3", TFRT_X86_64_V3 }, { "v2", TFRT_X86_64_V2 }
	};
	tfrt_model m = { FAKE_MODEL };

	m.arch = TFRT_ARCH_X86_64;
	m.variants = variants;
	m.variant_count = 3;
	EXPECT(tfrt_variant_pick(&m, TFRT_ARCH_X86_64, TFRT_X86_64_V4, NULL) == 0);
	EXPECT(tfrt_variant_pick(&m, TFRT_ARCH_X86_64, ~(uint64_t)0, NULL) == 0);
	EXPECT(tfrt_variant_pick(&m, TFRT_ARCH_X86_64, TFRT_X86_64_V4 & ~TFRT_FEATURE(X86_64_AVX512DQ), NULL) == 1);
	EXPECT(tfrt_variant_pick(&m, TFRT_ARCH_X86_64, TFRT_X86_64_V3 & ~TFRT_FEATURE(X86_64_MOVBE), NULL) == 2);
	EXPECT(tfrt_variant_pick(&m, TFRT_ARCH_X86_64, TFRT_X86_64_V1, NULL) == -1);
	EXPECT(tfrt_variant_pick(&m, TFRT_ARCH_X86_64, TFRT_X86_64_V4, "v2") == 2);
	EXPECT(tfrt_variant_pick(&m, TFRT_ARCH_X86_64, TFRT_X86_64_V3, "v4") == -1);
	EXPECT(tfrt_variant_pick(&m, TFRT_ARCH_AARCH64, ~(uint64_t)0, NULL) == -1);
}

int main(void)
{
	int32_t  arch;
	uint64_t have = tfrt_cpu_features(&arch, true);

#if defined(__x86_64__)
	EXPECT(arch == TFRT_ARCH_X86_64);
	test_cpuinfo(have);
#elif defined(__aarch64__)
	EXPECT(arch == TFRT_ARCH_AARCH64);
	(void)test_cpuinfo;
#endif
	printf("features:");
	for (size_t i = 0; i < sizeof features / sizeof features[0]; i++)
		if (features[i].arch == arch && (have >> features[i].bit & 1))
			printf(" %s", features[i].name);
	printf("\n");
	test_pick();
	return report();
}
