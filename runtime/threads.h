/* threads.h - the pool: n - 1 workers beside the caller, static partition, spin then park. */
#ifndef TFRT_THREADS_H
#define TFRT_THREADS_H

#include <stdbool.h>
#include <stdint.h>

#include "runtime/tfrt.h"

typedef struct tfrt_pool tfrt_pool;

/* Starts threads - 1 workers (threads >= 2).  spin_ns: how long an idle worker, or the caller at the end of a loop,
   spins before it sleeps; 0: a default, < 0: not at all.  NULL if memory or threads run out; nothing is left then. */
tfrt_pool *tfrt_pool_open(int32_t threads, bool pin, int64_t spin_ns);
void       tfrt_pool_close(tfrt_pool *pool);

/* A tfrt_parallel_fn.  One loop at a time; a task must not start a loop on the same pool.  Worker w of the
   p = min(threads, ntasks) that take part does tasks [w * ntasks / p, (w + 1) * ntasks / p), in order, so equal loops
   give equal tasks to equal CPUs; the caller is worker 0. */
void tfrt_pool_run(void *pool, tfrt_task_fn fn, void *arg, int64_t ntasks);

/* CPUs that this process may use, at least 1. */
int32_t tfrt_cpu_count(void);

#endif
