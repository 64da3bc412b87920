/* cpu.c - what this CPU and its operating system can do, and which variant of a model fits. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE  /* syscall */
#endif
#include <string.h>

#include "runtime/context.h"

#if defined(__x86_64__)
#include <cpuid.h>
#if defined(__linux__)
#include <sys/syscall.h>
#include <unistd.h>
#endif

/* Where CPUID tells of a feature, and which register state the operating system must save for it (bits of XCR0; Intel
   SDM volume 1, chapter 13). */
#define XCR0_AVX    0x6u
#define XCR0_AVX512 0xe6u
#define XCR0_AMX    0x60000u
enum { EAX, EBX, ECX, EDX };

static const struct {
	uint32_t leaf, subleaf;
	uint8_t  reg, bit, feature;
	uint32_t xcr0;
} bits[] = {
	{ 1, 0, ECX, 0, TFRT_X86_64_SSE3, 0 },
	{ 1, 0, ECX, 1, TFRT_X86_64_PCLMUL, 0 },
	{ 1, 0, ECX, 9, TFRT_X86_64_SSSE3, 0 },
	{ 1, 0, ECX, 12, TFRT_X86_64_FMA, XCR0_AVX },
	{ 1, 0, ECX, 13, TFRT_X86_64_CX16, 0 },
	{ 1, 0, ECX, 19, TFRT_X86_64_SSE41, 0 },
	{ 1, 0, ECX, 20, TFRT_X86_64_SSE42, 0 },
	{ 1, 0, ECX, 22, TFRT_X86_64_MOVBE, 0 },
	{ 1, 0, ECX, 23, TFRT_X86_64_POPCNT, 0 },
	{ 1, 0, ECX, 28, TFRT_X86_64_AVX, XCR0_AVX },
	{ 1, 0, ECX, 29, TFRT_X86_64_F16C, XCR0_AVX },
	{ 0x80000001, 0, ECX, 0, TFRT_X86_64_SAHF, 0 },
	{ 0x80000001, 0, ECX, 5, TFRT_X86_64_LZCNT, 0 },
	{ 7, 0, EBX, 3, TFRT_X86_64_BMI, 0 },
	{ 7, 0, EBX, 5, TFRT_X86_64_AVX2, XCR0_AVX },
	{ 7, 0, EBX, 8, TFRT_X86_64_BMI2, 0 },
	{ 7, 0, EBX, 16, TFRT_X86_64_AVX512F, XCR0_AVX512 },
	{ 7, 0, EBX, 17, TFRT_X86_64_AVX512DQ, XCR0_AVX512 },
	{ 7, 0, EBX, 19, TFRT_X86_64_ADX, 0 },
	{ 7, 0, EBX, 21, TFRT_X86_64_AVX512IFMA, XCR0_AVX512 },
	{ 7, 0, EBX, 28, TFRT_X86_64_AVX512CD, XCR0_AVX512 },
	{ 7, 0, EBX, 30, TFRT_X86_64_AVX512BW, XCR0_AVX512 },
	{ 7, 0, EBX, 31, TFRT_X86_64_AVX512VL, XCR0_AVX512 },
	{ 7, 0, ECX, 1, TFRT_X86_64_AVX512VBMI, XCR0_AVX512 },
	{ 7, 0, ECX, 6, TFRT_X86_64_AVX512VBMI2, XCR0_AVX512 },
	{ 7, 0, ECX, 8, TFRT_X86_64_GFNI, 0 },
	{ 7, 0, ECX, 11, TFRT_X86_64_AVX512VNNI, XCR0_AVX512 },
	{ 7, 0, ECX, 12, TFRT_X86_64_AVX512BITALG, XCR0_AVX512 },
	{ 7, 0, ECX, 14, TFRT_X86_64_AVX512VPOPCNTDQ, XCR0_AVX512 },
	{ 7, 0, EDX, 22, TFRT_X86_64_AMXBF16, XCR0_AMX },
	{ 7, 0, EDX, 23, TFRT_X86_64_AVX512FP16, XCR0_AVX512 },
	{ 7, 0, EDX, 24, TFRT_X86_64_AMXTILE, XCR0_AMX },
	{ 7, 0, EDX, 25, TFRT_X86_64_AMXINT8, XCR0_AMX },
	{ 7, 1, EAX, 4, TFRT_X86_64_AVXVNNI, XCR0_AVX },
	{ 7, 1, EAX, 5, TFRT_X86_64_AVX512BF16, XCR0_AVX512 },
};

static uint32_t read_xcr0(void)
{
	uint32_t a, b, c, d;

	if (!__get_cpuid(1, &a, &b, &c, &d) || !(c & (1u << 27)))  /* OSXSAVE */
		return 0;
	__asm__ volatile("xgetbv" : "=a"(a), "=d"(d) : "c"(0));
	return a;
}

/* Since Linux 5.16 a process has to ask before it may use the tile data registers. */
static bool amx_permitted(void)
{
#if defined(__linux__) && defined(SYS_arch_prctl)
	enum { ARCH_REQ_XCOMP_PERM = 0x1023, XFEATURE_XTILEDATA = 18 };

	return syscall(SYS_arch_prctl, ARCH_REQ_XCOMP_PERM, XFEATURE_XTILEDATA) == 0;
#else
	return false;
#endif
}

uint64_t tfrt_cpu_features(int32_t *arch, bool amx)
{
	const uint64_t amx_bits =
		TFRT_FEATURE(X86_64_AMXTILE) | TFRT_FEATURE(X86_64_AMXINT8) | TFRT_FEATURE(X86_64_AMXBF16);
	uint32_t xcr0 = read_xcr0(), r[4] = { 0 }, leaf = 0, subleaf = 0;
	uint64_t have = 0;

	*arch = TFRT_ARCH_X86_64;
	for (size_t i = 0; i < sizeof bits / sizeof bits[0]; i++) {
		if (bits[i].leaf != leaf || bits[i].subleaf != subleaf) {
			leaf = bits[i].leaf;
			subleaf = bits[i].subleaf;
			/* CPUID answers nonsense for leaves that it lacks; subleaf 0 of 7 counts its subleaves in EAX. */
			bool known = leaf != 7 || subleaf == 0 ||
			             (__get_cpuid_count(7, 0, &r[0], &r[1], &r[2], &r[3]) && r[EAX] >= subleaf);
			if (!known || !__get_cpuid_count(leaf, subleaf, &r[0], &r[1], &r[2], &r[3]))
				memset(r, 0, sizeof r);
		}
		if ((r[bits[i].reg] >> bits[i].bit & 1) && (xcr0 & bits[i].xcr0) == bits[i].xcr0)
			have |= (uint64_t)1 << bits[i].feature;
	}
	if ((have & amx_bits) && !(amx && amx_permitted()))
		have &= ~amx_bits;
	return have;
}

#elif defined(__aarch64__)
#if defined(__linux__)
#include <sys/auxv.h>

/* Bits of AT_HWCAP and AT_HWCAP2 (Linux, arch/arm64/include/uapi/asm/hwcap.h). */
static const struct {
	uint8_t word, bit, feature;
} bits[] = {
	{ 0, 0, TFRT_AARCH64_FPARMV8 },  { 0, 1, TFRT_AARCH64_NEON },     { 0, 7, TFRT_AARCH64_CRC },
	{ 0, 8, TFRT_AARCH64_LSE },      { 0, 12, TFRT_AARCH64_RDM },     { 0, 20, TFRT_AARCH64_DOTPROD },
	{ 0, 22, TFRT_AARCH64_SVE },     { 0, 23, TFRT_AARCH64_FP16FML }, { 1, 1, TFRT_AARCH64_SVE2 },
	{ 1, 13, TFRT_AARCH64_I8MM },    { 1, 14, TFRT_AARCH64_BF16 },
};

uint64_t tfrt_cpu_features(int32_t *arch, bool amx)
{
	const unsigned long cap[2] = { getauxval(AT_HWCAP), getauxval(AT_HWCAP2) };
	const unsigned long fp16 = 1ul << 9 | 1ul << 10;  /* scalar and vector half precision */
	uint64_t have = 0;

	(void)amx;
	*arch = TFRT_ARCH_AARCH64;
	for (size_t i = 0; i < sizeof bits / sizeof bits[0]; i++)
		if (cap[bits[i].word] >> bits[i].bit & 1)
			have |= (uint64_t)1 << bits[i].feature;
	if ((cap[0] & fp16) == fp16)
		have |= TFRT_FEATURE(AARCH64_FULLFP16);
	return have;
}
#else
uint64_t tfrt_cpu_features(int32_t *arch, bool amx)
{
	(void)amx;
	*arch = TFRT_ARCH_AARCH64;
	return TFRT_FEATURE(AARCH64_FPARMV8) | TFRT_FEATURE(AARCH64_NEON);  /* every AArch64 application CPU */
}
#endif

#else
uint64_t tfrt_cpu_features(int32_t *arch, bool amx)
{
	(void)amx;
#if defined(__wasm32__)
	*arch = TFRT_ARCH_WASM32;
#else
	*arch = TFRT_ARCH_ANY;
#endif
	return 0;
}
#endif

int32_t tfrt_variant_pick(const tfrt_model *model, int32_t arch, uint64_t have, const char *name)
{
	if (model->arch != TFRT_ARCH_ANY && model->arch != arch)
		return -1;
	for (int32_t i = 0; i < model->variant_count; i++) {
		const struct tfrt_variant *v = &model->variants[i];
		if ((v->features & ~have) == 0 && (!name || strcmp(v->name, name) == 0))
			return i;
	}
	return -1;
}
