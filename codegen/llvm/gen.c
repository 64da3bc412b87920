/* codegen/llvm/gen.c - types, constants, functions and blocks of the module under construction. */
#include "codegen/llvm/llvm.h"

#include <llvm-c/DebugInfo.h>
#include <llvm-c/Target.h>

#include "ir/base/check.h"
#include "runtime/abi.h"

static void fatal(const char *reason)
{
	UNREACHABLE("LLVM: %s", reason);
}

static void complain(LLVMDiagnosticInfoRef info, void *arg)
{
	(void)arg;
	if (LLVMGetDiagInfoSeverity(info) == LLVMDSError)
		fatal(LLVMGetDiagInfoDescription(info));
}

/* LLVM's registry of targets is global and takes no lock: it is filled before there is a second thread. */
__attribute__((constructor)) static void initialize(void)
{
	LLVMInitializeX86TargetInfo();
	LLVMInitializeX86Target();
	LLVMInitializeX86TargetMC();
	LLVMInitializeX86AsmPrinter();
	LLVMInitializeAArch64TargetInfo();
	LLVMInitializeAArch64Target();
	LLVMInitializeAArch64TargetMC();
	LLVMInitializeAArch64AsmPrinter();
	LLVMInstallFatalErrorHandler(fatal);
}

static LLVMTargetMachineRef machine_new(const CpuSpec *base, int opt_level)
{
	static const LLVMCodeGenOptLevel level[] = {
		LLVMCodeGenLevelNone, LLVMCodeGenLevelLess, LLVMCodeGenLevelDefault, LLVMCodeGenLevelAggressive,
	};
	LLVMTargetRef target;
	char *error = NULL;

	CHECK(!LLVMGetTargetFromTriple(base->triple, &target, &error), "LLVM: %s", error);
	return LLVMCreateTargetMachine(target, base->triple, base->llvm_cpu, "", level[opt_level & 3], LLVMRelocPIC,
	                               LLVMCodeModelSmall);
}

static LLVMTypeRef struct_type(Gen *g, const char *name, const LLVMTypeRef *field, int n)
{
	LLVMTypeRef t = LLVMStructCreateNamed(g->ctx, name);

	LLVMStructSetBody(t, (LLVMTypeRef *)field, (unsigned)n, 0);
	return t;
}

#define KIND_I32 g->i32
#define KIND_I64 g->i64
#define KIND_PTR g->ptr
#define KIND_FN  g->ptr
#define FIELD(kind, type, name) KIND_##kind,
#define ABI_TYPE(id, name, FIELDS) \
	do { \
		const LLVMTypeRef f[] = { FIELDS(FIELD) }; \
		g->abi[id] = struct_type(g, name, f, (int)(sizeof f / sizeof f[0])); \
	} while (0)

static void make_types(Gen *g)
{
	g->none = LLVMVoidTypeInContext(g->ctx);
	g->i1 = LLVMInt1TypeInContext(g->ctx);
	g->i8 = LLVMInt8TypeInContext(g->ctx);
	g->i16 = LLVMInt16TypeInContext(g->ctx);
	g->i32 = LLVMInt32TypeInContext(g->ctx);
	g->i64 = LLVMInt64TypeInContext(g->ctx);
	g->f32 = LLVMFloatTypeInContext(g->ctx);
	g->f64 = LLVMDoubleTypeInContext(g->ctx);
	g->ptr = LLVMPointerTypeInContext(g->ctx, 0);
	ABI_TYPE(ABI_CONTEXT, "tfrt_context", TFRT_CONTEXT_FIELDS);
	ABI_TYPE(ABI_MODEL, "tfrt_model", TFRT_MODEL_FIELDS);
	ABI_TYPE(ABI_GRAPH, "tfrt_graph", TFRT_GRAPH_FIELDS);
	ABI_TYPE(ABI_DIM, "tfrt_dim", TFRT_DIM_FIELDS);
	ABI_TYPE(ABI_TENSOR, "tfrt_tensor", TFRT_TENSOR_FIELDS);
	ABI_TYPE(ABI_VARIANT, "tfrt_variant", TFRT_VARIANT_FIELDS);
}

Gen *gen_new(Arena *a, const Unit *u, const CpuSpec *base, int opt_level)
{
	Gen *g = ARENA_NEW(a, Gen);

	g->arena = a;
	g->unit = u;
	g->base = base;
	g->opt_level = opt_level;
	g->ctx = LLVMContextCreate();
	LLVMContextSetDiagnosticHandler(g->ctx, complain, NULL);
	g->mod = LLVMModuleCreateWithNameInContext("tfcc", g->ctx);
	g->b = LLVMCreateBuilderInContext(g->ctx);
	g->tm = machine_new(base, opt_level);
	g->fast_isel = opt_level == 0;
	LLVMSetTarget(g->mod, base->triple);
	LLVMTargetDataRef layout = LLVMCreateTargetDataLayout(g->tm);
	LLVMSetModuleDataLayout(g->mod, layout);
	LLVMDisposeTargetData(layout);
	for (int i = 0; i < 8; i++)
		map_init(&g->soft_fma[i], a);
	make_types(g);
	return g;
}

void gen_free(Gen *g)
{
	LLVMDisposeBuilder(g->b);
	LLVMDisposeModule(g->mod);
	LLVMDisposeTargetMachine(g->tm);
	LLVMContextDispose(g->ctx);
}

LLVMTypeRef gen_memory_type(Gen *g, DType t)
{
	if (dtype_is_narrow(t))
		return g->i8;
	switch (t) {
	case DT_BOOL: case DT_I8: case DT_U8: return g->i8;
	case DT_I16: case DT_U16: case DT_F16: case DT_BF16: return g->i16;
	case DT_I32: case DT_U32: return g->i32;
	case DT_I64: case DT_U64: return g->i64;
	case DT_F32: return g->f32;
	case DT_F64: return g->f64;
	default: break;
	}
	UNREACHABLE("element type %d", t);
}

LLVMTypeRef gen_type(Gen *g, KType t)
{
	LLVMTypeRef e = t.dtype == DT_BOOL ? g->i1 : gen_memory_type(g, t.dtype);

	return t.lanes == 1 ? e : LLVMVectorType(e, (unsigned)t.lanes);
}

Val gen_i32(Gen *g, int64_t v)
{
	return LLVMConstInt(g->i32, (unsigned long long)v, 1);
}

Val gen_i64(Gen *g, int64_t v)
{
	return LLVMConstInt(g->i64, (unsigned long long)v, 1);
}

Val gen_null(Gen *g)
{
	return LLVMConstNull(g->ptr);
}

static Val const_splat(Val x, int lanes)
{
	Val lane[64];

	CHECK(lanes <= 64, "a vector of %d lanes", lanes);
	for (int i = 0; i < lanes; i++)
		lane[i] = x;
	return lanes == 1 ? x : LLVMConstVector(lane, (unsigned)lanes);
}

Val gen_bits(Gen *g, KType t, uint64_t bits)
{
	Val x;

	if (t.dtype == DT_F32)
		x = LLVMConstBitCast(LLVMConstInt(g->i32, bits, 0), g->f32);
	else if (t.dtype == DT_F64)
		x = LLVMConstBitCast(LLVMConstInt(g->i64, bits, 0), g->f64);
	else
		x = LLVMConstInt(gen_type(g, (KType){ t.dtype, 1 }), bits, 0);
	return const_splat(x, t.lanes);
}

Val gen_splat(Gen *g, Val x, int lanes)
{
	if (lanes == 1)
		return x;
	if (LLVMIsConstant(x))
		return const_splat(x, lanes);
	LLVMTypeRef v = LLVMVectorType(LLVMTypeOf(x), (unsigned)lanes);
	Val one = LLVMBuildInsertElement(g->b, LLVMGetPoison(v), x, gen_i32(g, 0), "");
	return LLVMBuildShuffleVector(g->b, one, LLVMGetPoison(v), LLVMConstNull(LLVMVectorType(g->i32, (unsigned)lanes)),
	                              "splat");
}

/* Of two floats LLVM 19's fast selection makes a blend of whole registers on x86, and then may read an operand from memory:
   16 bytes where there are 4.  Integers get a branch there. */
Val gen_select(Gen *g, Val cond, Val a, Val b)
{
	LLVMTypeRef type = LLVMTypeOf(a);

	if (g->fast_isel && (type == g->f32 || type == g->f64)) {
		LLVMTypeRef bits = type == g->f32 ? g->i32 : g->i64;
		Val r = LLVMBuildSelect(g->b, cond, LLVMBuildBitCast(g->b, a, bits, ""), LLVMBuildBitCast(g->b, b, bits, ""), "");
		return LLVMBuildBitCast(g->b, r, type, "");
	}
	Val r = LLVMBuildSelect(g->b, cond, a, b, "");
	/* What is written without a branch has none: elements are not to be predicted. */
	if (LLVMIsAInstruction(r) && LLVMGetTypeKind(LLVMTypeOf(cond)) == LLVMIntegerTypeKind)
		LLVMSetMetadata(r, LLVMGetMDKindIDInContext(g->ctx, "unpredictable", 13), LLVMMetadataAsValue(g->ctx, LLVMMDNodeInContext2(g->ctx, NULL, 0)));
	return r;
}

Val gen_intrinsic(Gen *g, const char *name, int ntypes, LLVMTypeRef *types, int nargs, Val *args)
{
	unsigned id = LLVMLookupIntrinsicID(name, strlen(name));

	CHECK(id, "LLVM has no intrinsic %s", name);
	Val fn = LLVMGetIntrinsicDeclaration(g->mod, id, types, (size_t)ntypes);
	LLVMTypeRef t = LLVMIntrinsicGetType(g->ctx, id, types, (size_t)ntypes);
	return LLVMBuildCall2(g->b, t, fn, args, (unsigned)nargs, "");
}

void gen_attribute(Gen *g, Val fn, unsigned where, const char *name, uint64_t value)
{
	unsigned kind = LLVMGetEnumAttributeKindForName(name, strlen(name));

	CHECK(kind, "LLVM has no attribute %s", name);
	LLVMAddAttributeAtIndex(fn, where, LLVMCreateEnumAttribute(g->ctx, kind, value));
}

static void add_string(Gen *g, Val fn, const char *key, const char *value)
{
	LLVMAddAttributeAtIndex(fn, (LLVMAttributeIndex)LLVMAttributeFunctionIndex,
	                        LLVMCreateStringAttribute(g->ctx, key, (unsigned)strlen(key), value,
	                                                  (unsigned)strlen(value)));
}

Val gen_function(Gen *g, const char *name, LLVMTypeRef type, const CpuSpec *cpu, bool exported)
{
	Val fn = LLVMAddFunction(g->mod, name, type);

	LLVMSetLinkage(fn, exported ? LLVMExternalLinkage : LLVMInternalLinkage);
	gen_attribute(g, fn, (unsigned)LLVMAttributeFunctionIndex, "nounwind", 0);
	add_string(g, fn, "target-cpu", cpu->llvm_cpu);
	if (cpu->features[0])
		add_string(g, fn, "target-features", cpu->features);
	add_string(g, fn, "tune-cpu", cpu->tune);
	if (cpu->facts.vector_bytes == 64) {
		add_string(g, fn, "prefer-vector-width", "512");
		add_string(g, fn, "min-legal-vector-width", "512");
	}
	return fn;
}

Scope gen_enter(Gen *g, Val fn, const CpuSpec *cpu, Loc loc)
{
	Scope outer = { g->fn, g->cpu, LLVMGetInsertBlock(g->b), NULL, LLVMGetCurrentDebugLocation2(g->b) };

	g->fn = fn;
	g->cpu = cpu;
	outer.function = debug_function(g, fn, loc);
	/* A block of its own after the entry, to which allocas can be added while the code grows. */
	LLVMBasicBlockRef entry = gen_block(g, ""), body = gen_block(g, "");
	gen_at(g, entry);
	LLVMBuildBr(g->b, body);
	gen_at(g, body);
	return outer;
}

void gen_leave(Gen *g, Scope outer)
{
	g->fn = outer.fn;
	g->cpu = outer.cpu;
	if (outer.block)
		gen_at(g, outer.block);
	debug_back(g, outer.function, outer.location);
}

LLVMBasicBlockRef gen_block(Gen *g, const char *name)
{
	return LLVMAppendBasicBlockInContext(g->ctx, g->fn, name);
}

void gen_at(Gen *g, LLVMBasicBlockRef block)
{
	LLVMPositionBuilderAtEnd(g->b, block);
}

Val gen_alloca(Gen *g, LLVMTypeRef type, Val count, int align, const char *name)
{
	LLVMBasicBlockRef here = LLVMGetInsertBlock(g->b), entry = LLVMGetEntryBasicBlock(g->fn);
	Val first = LLVMGetFirstInstruction(entry);
	LLVMMetadataRef line = LLVMGetCurrentDebugLocation2(g->b);

	if (first)
		LLVMPositionBuilderBefore(g->b, first);
	else
		gen_at(g, entry);
	Val x = count ? LLVMBuildArrayAlloca(g->b, type, count, name) : LLVMBuildAlloca(g->b, type, name);
	if (align)
		LLVMSetAlignment(x, (unsigned)align);
	gen_at(g, here);
	LLVMSetCurrentDebugLocation2(g->b, line);
	return x;
}

Val gen_offset(Gen *g, Val base, Val bytes)
{
	if (LLVMIsAConstantInt(bytes) && LLVMConstIntGetSExtValue(bytes) == 0)
		return base;
	return LLVMBuildInBoundsGEP2(g->b, g->i8, base, &bytes, 1, "");
}

Val gen_text(Gen *g, const char *s)
{
	Val value = LLVMConstStringInContext2(g->ctx, s, strlen(s), 0), at = LLVMAddGlobal(g->mod, LLVMTypeOf(value), "text");

	LLVMSetInitializer(at, value);
	LLVMSetGlobalConstant(at, 1);
	LLVMSetLinkage(at, LLVMInternalLinkage);
	LLVMSetUnnamedAddress(at, LLVMGlobalUnnamedAddr);
	return at;
}

Val gen_field(Gen *g, AbiStruct s, Val base, int field)
{
	Val at = LLVMBuildStructGEP2(g->b, g->abi[s], base, (unsigned)field, "");

	return LLVMBuildLoad2(g->b, LLVMStructGetTypeAtIndex(g->abi[s], (unsigned)field), at, "");
}
