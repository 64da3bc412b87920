/* frontend/tensor_file.c - reads the tensors that a command line names. */
#include "frontend/tensor_file.h"

#include <unistd.h>

#include "frontend/weights/npz.h"
#include "ir/base/file.h"
#include "ir/base/str.h"

/* The array that is meant, or -1 after a diagnostic. */
static int pick(Diag *d, const Npz *z, const char *path, const char *member, const char *name)
{
	int i = npz_find(z, member ? member : name);
	Str known = { 0 };

	if (i >= 0)
		return i;
	if (!member && npz_count(z) == 1)
		return 0;
	for (int k = 0; k < npz_count(z) && k < 20; k++)
		str_printf(&known, "%s%s", k ? ", " : "; it has ", npz_name(z, k));
	diag_system(d, "%s has no array '%s'%s%s", path, member ? member : name, known.n ? str_cstr(&known) : ", nor any other",
	            !member && known.n ? "; choose one by FILE.npz:NAME" : "");
	str_free(&known);
	return -1;
}

const char *tensor_path(Arena *a, const char *spec, const char **array)
{
	const char *colon = strstr(spec, ".npz:");

	*array = NULL;
	if (!colon || access(spec, F_OK) == 0)     /* a file of the whole name goes first */
		return spec;
	*array = colon + 5;
	return arena_strndup(a, spec, (size_t)(colon + 4 - spec));
}

Tensor *tensor_read(Diag *d, const char *spec, const char *name, const DType *wanted)
{
	Arena *a = arena_new();
	const char *error, *member, *path = tensor_path(a, spec, &member);
	const void *bytes;
	size_t size;
	Tensor *t = NULL;

	if (!file_map(a, path, &bytes, &size, &error)) {
		diag_system(d, "cannot read '%s': %s", path, error);
	} else {
		bool archive = npz_is(path, bytes, size);
		Npz *z = archive ? npz_parse(d, a, path, bytes, size) : NULL;
		int i = z ? pick(d, z, path, member, name) : -1;
		Blob *b = i >= 0 ? npz_array(z, i, wanted) : archive ? NULL : npy_parse(d, a, path, bytes, size, wanted);
		t = b ? tensor_from_blob(b) : NULL;
		if (b && !t)
			diag_system(d, "%s: out of memory", path);
	}
	arena_free(a);
	return t;
}
