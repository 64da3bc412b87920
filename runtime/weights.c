/* weights.c - maps a weights file that was left beside the object. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "runtime/context.h"

#define FIELD(kind, type, name) type name;
typedef struct Header { TFRT_WEIGHTS_FIELDS(FIELD) } Header;
#undef FIELD

static tfrt_status header_check(const tfrt_model *model, const void *map, int64_t size)
{
	Header h;

	if (size < TFRT_WEIGHTS_HEADER || memcmp(map, TFRT_WEIGHTS_MAGIC, 8) != 0) {
		errno = EINVAL;
		return TFRT_IO;
	}
	memcpy(&h, map, sizeof h);
	if (h.id != model->weights_id || h.bytes != model->weights_bytes)
		return TFRT_VERSION;
	if (size - TFRT_WEIGHTS_HEADER < model->weights_bytes) {
		errno = EINVAL;
		return TFRT_IO;
	}
	return TFRT_OK;
}

tfrt_status tfrt_weights_map(const tfrt_model *model, const char *path, const void **base, void **map,
                             int64_t *map_bytes)
{
	struct stat st;
	int         fd = open(path, O_RDONLY | O_CLOEXEC);

	*base = *map = NULL;
	*map_bytes = 0;
	if (fd < 0)
		return TFRT_IO;
	void *m = MAP_FAILED;
	if (fstat(fd, &st) == 0) {
		/* mmap refuses an empty file with EINVAL, the errno of a file that is not a weights file. */
		m = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	}
	int saved = errno;
	close(fd);
	errno = saved;
	if (m == MAP_FAILED)
		return TFRT_IO;
	tfrt_status status = header_check(model, m, st.st_size);
	if (status != TFRT_OK) {
		saved = errno;
		munmap(m, (size_t)st.st_size);
		errno = saved;
		return status;
	}
	*map = m;
	*map_bytes = st.st_size;
	*base = (const char *)m + TFRT_WEIGHTS_HEADER;
	return TFRT_OK;
}

void tfrt_weights_unmap(void *map, int64_t map_bytes)
{
	if (map)
		munmap(map, (size_t)map_bytes);
}
