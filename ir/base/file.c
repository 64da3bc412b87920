/* ir/base/file.c - mapping files, and writing them under a temporary name first. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "ir/base/file.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

const char *system_reason(Arena *a, int err)
{
	char *s = arena_strdup(a, strerror(err));

	/* "Is a directory", but not "RPC ...": an abbreviation stays as it is. */
	if (isupper((unsigned char)s[0]) && !isupper((unsigned char)s[1]))
		s[0] = (char)tolower((unsigned char)s[0]);
	return s;
}

/* Reading. */

typedef struct Mapping { void *at; size_t size; } Mapping;

static void unmap(void *arg)
{
	Mapping *m = arg;

	munmap(m->at, m->size);
}

static const char *map_fd(Arena *a, int fd, const void **bytes, size_t *size)
{
	struct stat st;

	if (fstat(fd, &st))
		return system_reason(a, errno);
	if (S_ISDIR(st.st_mode))
		return "it is a directory";
	if (!S_ISREG(st.st_mode))
		return "it is no regular file";
	*bytes = "";
	*size = (size_t)st.st_size;
	if (!*size)
		return NULL;
	void *at = mmap(NULL, *size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (at == MAP_FAILED)
		return system_reason(a, errno);
	Mapping *m = ARENA_NEW(a, Mapping);
	*m = (Mapping){ at, *size };
	arena_at_free(a, unmap, m);
	*bytes = at;
	return NULL;
}

bool file_map(Arena *a, const char *path, const void **bytes, size_t *size, const char **error)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	*error = fd < 0 ? system_reason(a, errno) : map_fd(a, fd, bytes, size);
	if (fd >= 0)
		close(fd);
	return !*error;
}

/* Writing. */

enum { BUFFER = 1 << 16 };

struct OutFile {
	Arena *arena;
	char  *path;          /* what the file will be called; symbolic links followed */
	char  *temporary;     /* what it is called now, or NULL: written in place */
	int    fd;
	int    err;           /* of the first failure, or 0 */
	size_t size, nbuffer;
	char   buffer[BUFFER];
};

OutFile *outfile_open(Arena *a, const char *path, const char **error)
{
	OutFile *f = ARENA_NEW(a, OutFile);
	char real[PATH_MAX];
	struct stat st;

	*f = (OutFile){ .arena = a, .path = arena_strdup(a, realpath(path, real) ? real : path), .fd = -1 };
	bool direct = stat(f->path, &st) == 0 && !S_ISREG(st.st_mode);
	if (direct) {
		f->fd = open(f->path, O_WRONLY | O_CLOEXEC);
	} else {
		for (int try = 0; f->fd < 0 && try < 100; try++) {
			f->temporary = arena_printf(a, "%s.%ld-%d.tmp", f->path, (long)getpid(), try);
			f->fd = open(f->temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
			if (f->fd < 0 && errno != EEXIST)
				break;
		}
	}
	if (f->fd >= 0)
		return f;
	*error = system_reason(a, errno);
	return NULL;
}

static void flush(OutFile *f)
{
	for (size_t done = 0; done < f->nbuffer && !f->err;) {
		ssize_t n = write(f->fd, f->buffer + done, f->nbuffer - done);
		if (n >= 0)
			done += (size_t)n;
		else if (errno != EINTR)
			f->err = errno;
	}
	f->nbuffer = 0;
}

bool outfile_write(OutFile *f, const void *bytes, size_t n)
{
	const char *from = bytes;

	f->size += n;
	while (n && !f->err) {
		size_t part = n < BUFFER - f->nbuffer ? n : BUFFER - f->nbuffer;
		memcpy(f->buffer + f->nbuffer, from, part);
		f->nbuffer += part;
		from += part;
		n -= part;
		if (f->nbuffer == BUFFER)
			flush(f);
	}
	return !f->err;
}

size_t outfile_size(const OutFile *f)
{
	return f->size;
}

bool outfile_commit(OutFile *f, const char **error)
{
	flush(f);
	if (close(f->fd) && !f->err)
		f->err = errno;
	if (!f->err && f->temporary && rename(f->temporary, f->path))
		f->err = errno;
	if (!f->err)
		return true;
	if (f->temporary)
		unlink(f->temporary);
	*error = system_reason(f->arena, f->err);
	return false;
}

void outfile_drop(OutFile *f)
{
	close(f->fd);
	if (f->temporary)
		unlink(f->temporary);
}
