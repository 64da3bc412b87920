/* context.h - inside of a context, shared by the runtime's own files. */
#ifndef TFRT_CONTEXT_H
#define TFRT_CONTEXT_H

#include <stdbool.h>

#include "runtime/abi.h"
#include "runtime/threads.h"

typedef struct KernelTime {
	int64_t calls, total_ns, least_ns;
	int64_t begin;            /* when the call in progress began */
} KernelTime;

/* What generated code sees comes first; the rest is what tfrt_close gives back. */
typedef struct Context {
	tfrt_context pub;
	bool         heap;        /* made by tfrt_open, not in caller storage */
	void        *workspace;   /* ours to free, or NULL */
	tfrt_pool   *threads;     /* ours to end, or NULL */
	void        *map;         /* the mapped weights file, or NULL */
	int64_t      map_bytes;
	KernelTime  *times;       /* one per kernel, or NULL */
} Context;

_Static_assert(sizeof(Context) <= sizeof(tfrt_storage), "TFRT_CONTEXT_BYTES is too small");

/* TFRT_OK if this runtime understands the descriptor. */
tfrt_status tfrt_model_check(const tfrt_model *model);

/* Index of the first variant that features `have` satisfy and that has this name (NULL: any); -1: none. */
int32_t tfrt_variant_pick(const tfrt_model *model, int32_t arch, uint64_t have, const char *name);

/* What this CPU and its operating system can do: an instruction set and TFRT_FEATURE bits.  Without amx, the AMX bits
   are left out; with it, the kernel is asked for the permission that they need (a system call). */
uint64_t tfrt_cpu_features(int32_t *arch, bool amx);

/* Maps the model's weights file.  *base points at the weights, [*map, *map + *map_bytes) is what to unmap. */
tfrt_status tfrt_weights_map(const tfrt_model *model, const char *path, const void **base, void **map,
                             int64_t *map_bytes);
void tfrt_weights_unmap(void *map, int64_t map_bytes);

/* The hook behind options.profile. */
void tfrt_profile_hook(tfrt_context *ctx, int32_t kernel, int32_t end);

#endif
