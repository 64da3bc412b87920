/* model.c - what a descriptor says: checks, names, types and shapes of a model's graphs. */
#include <stdlib.h>
#include <string.h>

#include "runtime/context.h"

tfrt_status tfrt_model_check(const tfrt_model *model)
{
	if (!model)
		return TFRT_INVALID;
	/* The version is the first field of every version. */
	if (model->abi_version != TFRT_ABI_VERSION || model->struct_size != (int32_t)sizeof *model)
		return TFRT_VERSION;
	if (model->graph_count < 1 || model->variant_count < 1 || model->kernel_count < 0 || model->weights_bytes < 0)
		return TFRT_INVALID;
	return TFRT_OK;
}

const char *tfrt_model_name(const tfrt_model *model)
{
	return model->name;
}

const char *tfrt_model_compiler(const tfrt_model *model)
{
	return model->compiler;
}

int64_t tfrt_model_state_bytes(const tfrt_model *model)
{
	return model->state_bytes;
}

int32_t tfrt_graph_count(const tfrt_model *model)
{
	return model->graph_count;
}

const tfrt_graph *tfrt_graph_at(const tfrt_model *model, int32_t i)
{
	return i < 0 || i >= model->graph_count ? NULL : &model->graphs[i];
}

const tfrt_graph *tfrt_graph_find(const tfrt_model *model, const char *name)
{
	if (!name)
		return model->graph_count == 1 ? model->graphs : NULL;
	for (int32_t i = 0; i < model->graph_count; i++)
		if (strcmp(model->graphs[i].name, name) == 0)
			return &model->graphs[i];
	return NULL;
}

const char *tfrt_graph_name(const tfrt_graph *graph)
{
	return graph->name;
}

int32_t tfrt_dim_count(const tfrt_graph *graph)
{
	return graph->dim_count;
}

const char *tfrt_dim_name(const tfrt_graph *graph, int32_t i)
{
	return i < 0 || i >= graph->dim_count ? NULL : graph->dims[i].name;
}

int64_t tfrt_dim_bound(const tfrt_graph *graph, int32_t i)
{
	return i < 0 || i >= graph->dim_count ? -1 : graph->dims[i].bound;
}

int32_t tfrt_input_count(const tfrt_graph *graph)
{
	return graph->input_count;
}

int32_t tfrt_output_count(const tfrt_graph *graph)
{
	return graph->output_count;
}

/* Tensor i, counting inputs, then outputs; NULL if there is none. */
static const struct tfrt_tensor *tensor_at(const tfrt_graph *graph, int32_t i)
{
	if (i < 0 || i >= graph->input_count + graph->output_count)
		return NULL;
	return i < graph->input_count ? &graph->inputs[i] : &graph->outputs[i - graph->input_count];
}

tfrt_status tfrt_tensor_at(const tfrt_graph *graph, int32_t i, tfrt_tensor_info *info)
{
	const struct tfrt_tensor *t = tensor_at(graph, i);

	if (!t)
		return TFRT_INVALID;
	info->name = t->name;
	info->dtype = t->dtype;
	info->rank = t->rank;
	return TFRT_OK;
}

int32_t tfrt_output_over(const tfrt_graph *graph, int32_t i)
{
	return i < 0 || i >= graph->output_count ? -1 : graph->outputs[i].over - 1;
}

/* All extents of a graph's signature for these dims, in memory that the caller frees. */
static tfrt_status extents_of(const tfrt_graph *graph, const int64_t *dims, int64_t **out)
{
	*out = malloc(((size_t)graph->extent_count + 1) * sizeof **out);
	return *out ? graph->shape(dims, *out) : TFRT_MEMORY;
}

tfrt_status tfrt_shape(const tfrt_graph *graph, const int64_t *dims, int32_t i, int64_t *extents)
{
	const struct tfrt_tensor *t = tensor_at(graph, i);
	int64_t                  *all;

	if (!t || (!dims && graph->dim_count > 0))
		return TFRT_INVALID;
	tfrt_status status = extents_of(graph, dims, &all);
	if (status == TFRT_OK && t->rank > 0) {
		const int64_t *from = all;
		for (int32_t k = 0; k < i; k++)
			from += tensor_at(graph, k)->rank;
		memcpy(extents, from, (size_t)t->rank * sizeof *extents);
	}
	free(all);
	return status;
}

tfrt_status tfrt_bind(const tfrt_graph *graph, const int64_t *const *shapes, int64_t *dims)
{
	/* Extents that are a symbol give its value; whatever else the shapes say is compared afterwards. */
	for (int32_t k = 0; k < graph->dim_count; k++)
		dims[k] = -1;
	for (int32_t i = 0; i < graph->input_count; i++) {
		const struct tfrt_tensor *t = &graph->inputs[i];
		for (int32_t d = 0; d < t->rank; d++) {
			int64_t e = t->extents[d];
			if (shapes[i][d] < 0)
				return TFRT_SHAPE;
			if (e < 0 && e != TFRT_EXTENT_EXPR)
				dims[-1 - e] = shapes[i][d];
		}
	}
	for (int32_t k = 0; k < graph->dim_count; k++)
		if (dims[k] < 0)
			return TFRT_INVALID;

	int64_t    *all;
	tfrt_status status = extents_of(graph, dims, &all);
	int64_t    *at = all;
	for (int32_t i = 0; i < graph->input_count && status == TFRT_OK; i++) {
		size_t bytes = (size_t)graph->inputs[i].rank * sizeof *at;
		if (bytes > 0 && memcmp(at, shapes[i], bytes) != 0)
			status = TFRT_SHAPE;
		at += graph->inputs[i].rank;
	}
	free(all);
	return status;
}

int64_t tfrt_workspace(const tfrt_graph *graph, const int64_t *dims, int32_t threads)
{
	if (threads < 1 || (!dims && graph->dim_count > 0))
		return -1;
	return graph->workspace(dims, threads);
}
