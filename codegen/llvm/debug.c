/* codegen/llvm/debug.c - line tables: which line of the model a piece of machine code computes.

   A function belongs to the line of its graph, or of the op that a kernel computes; steps of a graph have the lines of
   their ops.  File names are those that the user wrote. */
#include <llvm-c/DebugInfo.h>

#include "codegen/llvm/llvm.h"
#include "ir/base/check.h"

struct Debug {
	LLVMDIBuilderRef di;
	LLVMMetadataRef  none;      /* the type of functions of which nothing is said */
	StrMap           files;
	LLVMMetadataRef  function;  /* the one under construction, or NULL */
};

/* The first position in a text of what a location lists. */
static const LocData *position(Loc loc)
{
	if (!loc || loc->kind == LOC_RANGE)
		return loc;
	for (int i = 0; loc->kind == LOC_FUSED && i < loc->nparts; i++) {
		const LocData *p = position(loc->part[i]);
		if (p)
			return p;
	}
	return NULL;
}

static LLVMMetadataRef file_of(Gen *g, const char *name)
{
	Debug *d = g->debug;
	LLVMMetadataRef file = strmap_get(&d->files, name);

	if (!file) {
		file = LLVMDIBuilderCreateFile(d->di, name, strlen(name), "", 0);
		strmap_set(&d->files, name, file);
	}
	return file;
}

static const char *file_name(const LocData *at)
{
	return at && at->source ? at->source->name : at && at->file ? at->file : "model";
}

void debug_start(Gen *g, Loc first)
{
	static const char producer[] = "tfcc";
	Debug *d = g->debug = ARENA_NEW(g->arena, Debug);
	Val version = gen_i32(g, LLVMDebugMetadataVersion());

	d->di = LLVMCreateDIBuilder(g->mod);
	strmap_init(&d->files, g->arena);
	LLVMMetadataRef file = file_of(g, file_name(position(first)));
	LLVMDIBuilderCreateCompileUnit(d->di, LLVMDWARFSourceLanguageC99, file, producer, sizeof producer - 1, 1, "", 0, 0, "", 0,
	                               LLVMDWARFEmissionLineTablesOnly, 0, 0, 0, "", 0, "", 0);
	d->none = LLVMDIBuilderCreateSubroutineType(d->di, file, NULL, 0, LLVMDIFlagZero);
	LLVMAddModuleFlag(g->mod, LLVMModuleFlagBehaviorWarning, "Debug Info Version", 18, LLVMValueAsMetadata(version));
}

void debug_finish(Gen *g)
{
	if (!g->debug)
		return;
	LLVMDIBuilderFinalize(g->debug->di);
	LLVMDisposeDIBuilder(g->debug->di);
	g->debug = NULL;
}

void debug_line(Gen *g, Loc loc)
{
	const LocData *at = position(loc);

	if (g->debug && g->debug->function && at)
		LLVMSetCurrentDebugLocation2(g->b, LLVMDIBuilderCreateDebugLocation(g->ctx, at->line, at->col, g->debug->function, NULL));
}

LLVMMetadataRef debug_function(Gen *g, Val fn, Loc loc)
{
	Debug *d = g->debug;
	const LocData *at = position(loc);
	LLVMMetadataRef outer;
	size_t n;

	if (!d)
		return NULL;
	outer = d->function;
	const char *name = LLVMGetValueName2(fn, &n);
	unsigned line = at ? at->line : 0;
	LLVMMetadataRef file = file_of(g, file_name(at));
	d->function = LLVMDIBuilderCreateFunction(d->di, file, name, n, "", 0, file, line, d->none,
	                                          LLVMGetLinkage(fn) == LLVMInternalLinkage, 1, line, LLVMDIFlagArtificial, 1);
	LLVMSetSubprogram(fn, d->function);
	LLVMSetCurrentDebugLocation2(g->b, LLVMDIBuilderCreateDebugLocation(g->ctx, line, at ? at->col : 0, d->function, NULL));
	return outer;
}

void debug_back(Gen *g, LLVMMetadataRef outer, LLVMMetadataRef location)
{
	if (!g->debug)
		return;
	g->debug->function = outer;
	LLVMSetCurrentDebugLocation2(g->b, location);
}
