/* init.c - a context in caller memory; this file and what it needs call nothing but memcpy and its like. */
#include <string.h>

#include "runtime/context.h"

tfrt_status tfrt_init(const tfrt_model *model, tfrt_storage *storage, void *workspace, int64_t bytes,
                      tfrt_context **ctx)
{
	int32_t arch;

	if (!ctx)
		return TFRT_INVALID;
	*ctx = NULL;
	tfrt_status status = tfrt_model_check(model);
	if (status != TFRT_OK)
		return status;
	if (!storage || bytes < 0 || (bytes > 0 && !workspace) || (uintptr_t)workspace % TFRT_ALIGN || model->weights_file)
		return TFRT_INVALID;
	uint64_t have = tfrt_cpu_features(&arch, false);
	int32_t  variant = tfrt_variant_pick(model, arch, have, NULL);
	if (variant < 0)
		return TFRT_CPU;

	Context *c = (Context *)storage;
	memset(c, 0, sizeof *c);
	c->pub.abi_version = TFRT_ABI_VERSION;
	c->pub.variant = variant;
	c->pub.threads = 1;
	c->pub.model = model;
	c->pub.weights = model->weights;
	c->pub.workspace = workspace;
	c->pub.workspace_bytes = bytes;
	*ctx = &c->pub;
	return TFRT_OK;
}
