/* codegen/codegen.c - the targets that are built, from targets.def. */
#include "codegen/codegen.h"

#include <string.h>

#define TARGET(name, symbol) extern const CodegenTarget symbol;
#include "codegen/targets.def"

const CodegenTarget *const codegen_targets[] = {
#define TARGET(name, symbol) &symbol,
#include "codegen/targets.def"
	NULL,
};

const CodegenTarget *codegen_target(const char *name)
{
	for (int i = 0; codegen_targets[i]; i++)
		if (strcmp(codegen_targets[i]->name, name) == 0)
			return codegen_targets[i];
	return NULL;
}
