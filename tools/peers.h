/* tools/peers.h - processes that meet at collectives, as threads of this one. */
#ifndef TOOLS_PEERS_H
#define TOOLS_PEERS_H

#include "ir/eval.h"

typedef struct Peers Peers;

/* replicas * partitions <= PROCESSES_MAX.  NULL: out of memory. */
Peers *peers_new(int replicas, int partitions);
void   peers_free(Peers *p);
/* For the evaluation of process number i. */
const EvalPeers *peers_eval(const Peers *p, int i);
/* The module that process i evaluates, which is the same for all: it tells which ops are one and the same. */
void   peers_module(Peers *p, int i, const Module *m);
/* Calls work(arg, i) for each process, each in a thread of its own, and waits for all.  False where a thread cannot be made; ok[i]:
   what work gave.  When no process can go on, those that wait for others get a diagnostic, in the name of each, and fail. */
bool   peers_run(Peers *p, bool (*work)(void *arg, int i), void *arg, bool *ok);
/* Did process i end because others did not come? */
bool   peers_stuck(const Peers *p, int i);
/* "replica 1, partition 0", without what there is only one of. */
const char *peers_name(const Peers *p, Arena *a, int i);

#endif
