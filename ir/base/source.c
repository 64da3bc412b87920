/* ir/base/source.c - reading files whole, lines in them, and locations. */
#ifndef _POSIX_C_SOURCE
#define _POSIX_C_SOURCE 200809L
#endif
#include "ir/base/source.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ir/base/file.h"
#include "ir/base/map.h"
#include "ir/base/str.h"
#include "ir/base/vec.h"

#define LARGEST_FILE ((size_t)2 << 30)

/* One read(2) that is not stopped by signals. */
static ssize_t read_some(int fd, char *buf, size_t n)
{
	ssize_t got;

	do
		got = read(fd, buf, n);
	while (got < 0 && errno == EINTR);
	return got;
}

/* A file of known size goes straight into the arena. Returns an error number or 0. */
static int read_sized(Arena *a, int fd, size_t size, Source *s)
{
	char *text = arena_alloc(a, size + 1);
	size_t n = 0;

	while (n < size) {
		ssize_t got = read_some(fd, text + n, size - n);
		if (got < 0)
			return errno;
		if (!got)
			break;
		n += (size_t)got;
	}
	s->text = text;
	s->size = n;
	return 0;
}

/* A pipe, a terminal, or a file that does not tell its size. */
static int read_stream(Arena *a, int fd, Source *s)
{
	char chunk[16384];
	Str all = { 0 };
	int err = 0;

	for (;;) {
		ssize_t got = read_some(fd, chunk, sizeof chunk);
		if (got < 0)
			err = errno;
		else if (all.n + (size_t)got > LARGEST_FILE)
			err = EFBIG;
		if (err || !got)
			break;
		str_addn(&all, chunk, (size_t)got);
	}
	if (!err) {
		s->text = arena_strndup(a, str_cstr(&all), all.n);
		s->size = all.n;
	}
	str_free(&all);
	return err;
}

static const char *read_open(Arena *a, int fd, Source *s)
{
	struct stat st;
	int err;

	if (fstat(fd, &st))
		return system_reason(a, errno);
	if (S_ISDIR(st.st_mode))
		return "it is a directory";
	if (S_ISREG(st.st_mode) && (uint64_t)st.st_size > LARGEST_FILE)
		return arena_printf(a, "it has %lld bytes, more than 2 GiB", (long long)st.st_size);
	if (S_ISREG(st.st_mode) && st.st_size > 0)
		err = read_sized(a, fd, (size_t)st.st_size, s);
	else
		err = read_stream(a, fd, s);
	if (err == EFBIG)
		return "it has more than 2 GiB";
	return err ? system_reason(a, err) : NULL;
}

Source *source_read(Arena *a, const char *path, const char **error)
{
	bool standard = !strcmp(path, "-");
	Source *s = ARENA_NEW(a, Source);
	int fd = standard ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);

	s->arena = a;
	s->name = standard ? "<stdin>" : arena_strdup(a, path);
	const char *reason = fd < 0 ? system_reason(a, errno) : read_open(a, fd, s);
	if (fd >= 0 && !standard)
		close(fd);
	if (!reason)
		return s;
	*error = arena_printf(a, "cannot read '%s': %s", s->name, reason);
	return NULL;
}

Source *source_from_text(Arena *a, const char *name, const char *text, size_t size)
{
	Source *s = ARENA_NEW(a, Source);

	*s = (Source){
		.arena = a,
		.name = arena_strdup(a, name),
		.text = arena_strndup(a, text, size),
		.size = size,
	};
	return s;
}

/* Offsets of the lines, once: in most runs nobody asks for a position before the first error. */
static void find_lines(Source *s)
{
	const char *p = s->text, *end = p + s->size;
	int n = 1;

	while ((p = memchr(p, '\n', (size_t)(end - p)))) {
		p++;
		n++;
	}
	s->line_start = ARENA_ARRAY(s->arena, uint32_t, n);
	s->nlines = 1;
	for (p = s->text; (p = memchr(p, '\n', (size_t)(end - p)));)
		s->line_start[s->nlines++] = (uint32_t)(++p - s->text);
}

void source_position(Source *s, size_t offset, uint32_t *line, uint32_t *col)
{
	if (!s->line_start)
		find_lines(s);
	if (offset > s->size)
		offset = s->size;

	/* The last line that starts at or before the offset is in [low, high). */
	int low = 0, high = s->nlines, next = s->last + 2;
	if (s->line_start[s->last] <= offset) {
		low = s->last;
		if (next >= s->nlines || s->line_start[next] > offset)
			high = next < s->nlines ? next : s->nlines;
	}
	while (high - low > 1) {
		int mid = low + (high - low) / 2;
		if (s->line_start[mid] <= offset)
			low = mid;
		else
			high = mid;
	}
	s->last = low;
	*line = (uint32_t)low + 1;
	*col = (uint32_t)(offset - s->line_start[low]) + 1;
}

static Loc loc_new(Arena *a, LocData data)
{
	LocData *loc = ARENA_NEW(a, LocData);

	*loc = data;
	return loc;
}

Loc loc_range(Arena *a, Source *s, size_t begin, size_t end)
{
	LocData loc = { .kind = LOC_RANGE, .source = s, .file = s->name };

	source_position(s, begin, &loc.line, &loc.col);

	/* A range over several lines shows as far as its first line goes. */
	size_t first = s->line_start[loc.line - 1];
	size_t limit = (int)loc.line < s->nlines ? s->line_start[loc.line] - 1 : s->size;
	if (end > limit)
		end = limit;
	loc.end_col = end > first + loc.col - 1 ? (uint32_t)(end - first) + 1 : loc.col;
	return loc_new(a, loc);
}

Loc loc_file(Arena *a, const char *file, uint32_t line, uint32_t col)
{
	return loc_new(a, (LocData){ .kind = LOC_RANGE, .file = arena_strdup(a, file),
	                             .line = line, .col = col, .end_col = col });
}

Loc loc_name(Arena *a, const char *path)
{
	return loc_new(a, (LocData){ .kind = LOC_NAME, .file = arena_strdup(a, path) });
}

/* Parts are flat already: a fused location never holds another one. */
Loc loc_fused(Arena *a, const Loc *part, int n)
{
	Arena *scratch = arena_new();
	Loc result = NULL;
	Map seen;

	map_init(&seen, scratch);
	for (int i = 0; i < n; i++) {
		if (!part[i])
			continue;
		bool fused = part[i]->kind == LOC_FUSED;
		const Loc *leaf = fused ? part[i]->part : &part[i];
		for (int k = 0; k < (fused ? part[i]->nparts : 1); k++)
			map_set(&seen, leaf[k], NULL);
	}
	if (seen.n == 1)
		result = seen.key[0];
	else if (seen.n > 1)
		result = loc_new(a, (LocData){
			.kind = LOC_FUSED,
			.part = arena_copy(a, seen.key, (size_t)seen.n * sizeof *seen.key),
			.nparts = seen.n,
		});
	arena_free(scratch);
	return result;
}
