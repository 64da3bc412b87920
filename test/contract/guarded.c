/* test/contract/guarded.c - buffers that end where the program may not touch anything. */
#include <string.h>
#include <sys/mman.h>

#include "ir/base/check.h"
#include "test/contract/contract.h"

enum { PAGE = 4096, MARK = 0x5c };

Guarded guarded_new(size_t bytes, size_t align, bool at_end, int fill)
{
	size_t room = (bytes + PAGE - 1) / PAGE * PAGE + (bytes == 0 ? PAGE : 0);
	Guarded g = { .bytes = bytes, .mapped = room + 2 * PAGE };

	g.map = mmap(NULL, g.mapped, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	CHECK(g.map != MAP_FAILED, "no memory for a buffer of %zu bytes", bytes);
	CHECK(mprotect(g.map + PAGE, room, PROT_READ | PROT_WRITE) == 0, "mprotect fails");
	memset(g.map + PAGE, MARK, room);
	size_t at = at_end ? (room - bytes) / align * align : 0;
	g.data = g.map + PAGE + at;
	memset(g.data, fill, bytes);
	return g;
}

bool guarded_intact(const Guarded *g)
{
	const char *end = g->map + g->mapped - PAGE;

	for (const char *p = g->map + PAGE; p < g->data; p++)
		if (*p != MARK)
			return false;
	for (const char *p = g->data + g->bytes; p < end; p++)
		if (*p != MARK)
			return false;
	return true;
}

void guarded_free(Guarded *g)
{
	if (g->map)
		munmap(g->map, g->mapped);
	g->map = NULL;
}
