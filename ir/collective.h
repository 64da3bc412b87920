/* ir/collective.h - who meets at a collective: processes, and the groups that its attributes make of them.

   Processes run the same graph; each is one partition of one replica, and has the number replica * partitions + partition. */
#ifndef IR_COLLECTIVE_H
#define IR_COLLECTIVE_H

#include "ir/ir.h"

enum { PROCESSES_MAX = ORDER_BLOCK };    /* replicas times partitions */

/* What the numbers in an op's groups are (StableHLO's names of the modes). */
typedef enum GroupMode {
	GROUP_REPLICAS,        /* cross_replica: replicas; a group is of one partition */
	GROUP_PARTITIONS,      /* cross_partition: partitions; a group is of one replica */
	GROUP_BOTH,            /* cross_replica_and_partition: replicas; a group has all their partitions, partition by partition */
	GROUP_FLAT,            /* flattened_ids: processes */
} GroupMode;

typedef struct Collective {
	GroupMode   mode;
	Groups      groups;
	const char *attr;      /* what the groups are called */
	int64_t     size;      /* processes in each group as the op says; 0: it does not */
} Collective;

/* Of an op with the trait T_COLLECTIVE. */
Collective collective_of(const Op *op);
/* Can it be told from the op alone that a single process, which is replica 0 and partition 0, meets nobody there and gets its own
   operands back? */
bool collective_is_alone(const Op *op);

#endif
