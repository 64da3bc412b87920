/* codegen/llvm/object.c - a unit as parts that are compiled side by side and then made one object.

   Part 0 has the runs, entries and the descriptor; each other part has some kernels of one variant.  Where the cuts are
   depends on the size of the kernels alone.  The compiler's own tables take no locks, so this thread builds all modules;
   a module, once built, has its own context and is nobody else's business: whoever is free optimises it and makes its
   code.  This thread does so too when it has built the last. */
#include "codegen/llvm/object.h"

#include <pthread.h>
#include <sched.h>

#include "ir/base/check.h"

enum {
	PART_COST = 3000,            /* instructions of loop IR: a part takes about a tenth of a second */
	MAX_THREADS = 32,
	STACK_BYTES = 16 << 20,      /* LLVM recurses over long blocks */
};

typedef struct Part {
	int                 variant, from, to;   /* kernels; of part 0, none */
	Gen                *g;                   /* from the time it is built until its code is made */
	LLVMMemoryBufferRef code;
} Part;

typedef struct Parts {
	VEC(Part)       part;
	int             built, taken;
	pthread_mutex_t lock;                    /* of the two numbers */
	pthread_cond_t  more;
	CheckContext    context;
} Parts;

static int block_cost(const KBlock *b)
{
	int n = 0;

	for (const KOp *x = b ? b->first : NULL; x; x = x->next)
		n += 1 + block_cost(x->body[0]) + block_cost(x->body[1]);
	return n;
}

static void cut(Arena *a, const Unit *u, const ModuleSpec *spec, Parts *ps)
{
	vec_push(a, &ps->part, (Part){ 0 });
	for (int v = 0; v < spec->nvariants; v++) {
		int from = 0, cost = 0;
		for (int i = 0; i < u->kernel.n; i++) {
			cost += block_cost(spec->variant[v].kernel[i]->body);
			if (cost < PART_COST && i + 1 < u->kernel.n)
				continue;
			vec_push(a, &ps->part, (Part){ .variant = v, .from = from, .to = i + 1 });
			from = i + 1;
			cost = 0;
		}
	}
}

static void compile(Part *p)
{
	module_optimize(p->g);
	p->code = module_emit(p->g, LLVMObjectFile);
	gen_free(p->g);
	p->g = NULL;
}

/* Takes parts until all are taken. */
static void *work(void *arg)
{
	Parts *ps = arg;

	check_context = ps->context;
	pthread_mutex_lock(&ps->lock);
	while (ps->taken < ps->part.n) {
		if (ps->taken == ps->built) {
			pthread_cond_wait(&ps->more, &ps->lock);
			continue;
		}
		Part *p = &ps->part.at[ps->taken++];
		pthread_mutex_unlock(&ps->lock);
		compile(p);
		pthread_mutex_lock(&ps->lock);
	}
	pthread_mutex_unlock(&ps->lock);
	return NULL;
}

static int processors(void)
{
	cpu_set_t set;

	return sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set) : 1;
}

/* As many threads as the system gives; this one alone is enough. */
static int start_threads(Parts *ps, pthread_t *thread)
{
	int wanted = processors(), n = 0;
	pthread_attr_t attr;

	wanted = wanted > MAX_THREADS ? MAX_THREADS : wanted;
	wanted = wanted > ps->part.n ? ps->part.n : wanted;
	pthread_attr_init(&attr);
	pthread_attr_setstacksize(&attr, STACK_BYTES);
	while (n < wanted - 1 && pthread_create(&thread[n], &attr, work, ps) == 0)
		n++;
	pthread_attr_destroy(&attr);
	return n;
}

static void build(Arena *a, const Unit *u, const ModuleSpec *spec, Parts *ps)
{
	for (int i = 0; i < ps->part.n; i++) {
		Part *p = &ps->part.at[i];
		p->g = i ? module_kernels(a, u, spec, p->variant, p->from, p->to) : module_build(a, u, spec, ps->part.n == 1);
		pthread_mutex_lock(&ps->lock);
		ps->built++;
		pthread_cond_signal(&ps->more);
		pthread_mutex_unlock(&ps->lock);
	}
}

static ObjectBytes unite(Arena *a, Parts *ps)
{
	ObjectBytes *bytes = ARENA_ARRAY(a, ObjectBytes, ps->part.n);

	for (int i = 0; i < ps->part.n; i++)
		bytes[i] = (ObjectBytes){ LLVMGetBufferStart(ps->part.at[i].code), LLVMGetBufferSize(ps->part.at[i].code) };
	ObjectBytes all = elf_merge(a, bytes, ps->part.n);
	for (int i = 0; i < ps->part.n; i++)
		LLVMDisposeMemoryBuffer(ps->part.at[i].code);
	return all;
}

ObjectBytes object_build(Arena *a, const Unit *u, const ModuleSpec *spec)
{
	Parts ps = { .lock = PTHREAD_MUTEX_INITIALIZER, .more = PTHREAD_COND_INITIALIZER, .context = check_context };
	pthread_t thread[MAX_THREADS];

	cut(a, u, spec, &ps);
	int n = start_threads(&ps, thread);
	build(a, u, spec, &ps);
	work(&ps);
	for (int i = 0; i < n; i++)
		pthread_join(thread[i], NULL);
	pthread_mutex_destroy(&ps.lock);
	pthread_cond_destroy(&ps.more);
	return unite(a, &ps);
}
