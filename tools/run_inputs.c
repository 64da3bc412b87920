/* tools/run_inputs.c - the inputs of a run: from files, from a folder, or random. */
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "frontend/tensor_file.h"
#include "frontend/weights/npz.h"
#include "ir/base/file.h"
#include "tools/run_parts.h"

const char *file_name_of(Arena *a, const char *name)
{
	char *file = arena_strdup(a, name);

	for (char *c = file; *c; c++)
		if (!((*c >= 'a' && *c <= 'z') || (*c >= 'A' && *c <= 'Z') || (*c >= '0' && *c <= '9') || strchr("._-", *c)))
			*c = '_';
	return file;
}

const char *result_name(Arena *a, const Func *f, int i)
{
	const char *name = f->result_names.at[i];

	return name ? name : arena_printf(a, "out%d", i);
}

/* The only .npz file in a folder, or NULL. */
static const char *only_npz(Arena *a, const char *dir)
{
	DIR *d = opendir(dir);
	const char *found = NULL;
	int n = 0;

	for (struct dirent *e; d && (e = readdir(d));) {
		size_t len = strlen(e->d_name);
		if (len > 4 && strcmp(e->d_name + len - 4, ".npz") == 0 && n++ == 0)
			found = arena_printf(a, "%s/%s", dir, e->d_name);
	}
	if (d)
		closedir(d);
	return n == 1 ? found : NULL;
}

/* The array of an .npz for an input: by its name, as it is or as a file's, or arr_0, arr_1, ..., as numpy.savez calls
   arrays that are given no name.  NULL: none. */
static const char *array_for(Arena *a, const Npz *z, const char *name, int i)
{
	const char *word[] = { name, file_name_of(a, name), arena_printf(a, "arr_%d", i) };

	for (int k = 0; k < 3; k++)
		if (npz_find(z, word[k]) >= 0)
			return word[k];
	return NULL;
}

/* What --inputs-dir names: DIR/<input>.npy, or one .npz: itself, or the only one in the folder. */
typedef struct Folder { const char *dir, *npz; Npz *z; bool is_dir; } Folder;

static bool folder_open(Ctx *ctx, const char *dir, Folder *out)
{
	struct stat st;

	*out = (Folder){ .dir = dir };
	if (stat(dir, &st)) {
		diag_system(&ctx->diag, "--inputs-dir: cannot read '%s': %s", dir, system_reason(ctx->arena, errno));
		return false;
	}
	out->is_dir = S_ISDIR(st.st_mode);
	out->npz = out->is_dir ? only_npz(ctx->arena, dir) : dir;
	out->z = out->npz ? npz_open(&ctx->diag, ctx->arena, out->npz) : NULL;
	return !out->npz || out->z;
}

/* The file of an input; NULL: there is none. */
static const char *folder_file(Arena *a, const Folder *d, const char *name, int i)
{
	const char *path = arena_printf(a, "%s/%s.npy", d->dir, file_name_of(a, name));
	const char *array = d->z ? array_for(a, d->z, name, i) : NULL;

	if (d->is_dir && access(path, F_OK) == 0)
		return path;
	return array ? arena_printf(a, "%s:%s", d->npz, array) : NULL;
}

/* Inputs that no --input gives. */
static bool folder_files(Ctx *ctx, const Func *f, const CompileOptions *o, const char *dir, const char **file)
{
	Folder d;

	if (!folder_open(ctx, dir, &d))
		return false;
	for (int i = 0; i < f->body->args.n; i++)
		if (!file[i])
			file[i] = folder_file(ctx->arena, &d, input_name(ctx->arena, f, i), input_position(ctx, f, o, i));
	return true;
}

/* Whom --input x, x@r or x@r.p is for: 1 all processes, 2 a replica, 3 one; 0: not the one at hand.  The name is cut before the @. */
static int meant_for(Ctx *ctx, const RunOptions *o, const char **name)
{
	const char *at = o->replicas * o->partitions > 1 ? strrchr(*name, '@') : NULL;
	char *end, *behind;

	if (!at || at[1] < '0' || at[1] > '9')
		return 1;
	long replica = strtol(at + 1, &end, 10), partition = *end == '.' ? strtol(end + 1, &behind, 10) : -1;
	bool one = partition >= 0;
	if (*(one ? behind : end) || (one && behind == end + 1))
		return 1;
	if (replica >= o->replicas || partition >= o->partitions)
		diag_system(&ctx->diag, "--input: %s is for a process that does not run: there are %d replicas of %d partitions", *name,
		            o->replicas, o->partitions);
	*name = arena_strndup(ctx->arena, *name, (size_t)(at - *name));
	if (replica != o->process / o->partitions || (one && partition != o->process % o->partitions))
		return 0;
	return one ? 3 : 2;
}

/* A folder of the process's own, and the common one. */
static bool folders_files(Ctx *ctx, const Func *f, const RunOptions *o, const char **file)
{
	const char *own = arena_printf(ctx->arena, "%s/%d.%d", o->inputs_dir, o->process / o->partitions, o->process % o->partitions);

	if (o->replicas * o->partitions > 1 && access(own, F_OK) == 0 && !folder_files(ctx, f, &o->runner.compile, own, file))
		return false;
	return folder_files(ctx, f, &o->runner.compile, o->inputs_dir, file);
}

/* The files of --input and --inputs-dir, by input. */
static bool given_files(Ctx *ctx, const Func *f, const RunOptions *o, const char **file)
{
	int *said = ARENA_ARRAY(ctx->arena, int, f->body->args.n + 1);

	for (int i = 0; i < o->input_name.n; i++) {
		const char *name = o->input_name.at[i];
		int whom = meant_for(ctx, o, &name), at = input_find(ctx, f, &o->runner.compile, "--input", name);
		if (at == INPUT_TAKEN && !ctx->diag.nerrors)
			continue;
		if (at < 0 || ctx->diag.nerrors)
			return false;
		if (whom && said[at] == whom) {
			diag_system(&ctx->diag, "--input: input %s is given twice", input_name(ctx->arena, f, at));
			return false;
		}
		if (whom < said[at] || !whom)
			continue;
		said[at] = whom;
		file[at] = o->input_file.at[i];
	}
	return !o->inputs_dir || folders_files(ctx, f, o, file);
}

static Tensor *value_for(void *arg, Ctx *ctx, const char *name, int position, DType wanted)
{
	const RunOptions *o = arg;
	Folder d;
	const char *file = NULL;

	for (int i = 0; i < o->input_name.n && !file; i++) {
		const char *word = o->input_name.at[i];
		if (meant_for(ctx, o, &word) && input_is(word, name, position))
			file = o->input_file.at[i];
	}
	if (!file && o->inputs_dir && folder_open(ctx, o->inputs_dir, &d))
		file = folder_file(ctx->arena, &d, name, position);
	return file && !ctx->diag.nerrors ? tensor_read(&ctx->diag, file, name, &wanted) : NULL;
}

InputValues *inputs_given(Ctx *ctx, RunOptions *o)
{
	InputValues *v = ARENA_NEW(ctx->arena, InputValues);

	*v = (InputValues){ value_for, o };
	return v;
}

/* splitmix64 (Steele, Lea, Flood: Fast splittable pseudorandom number generators, 2014). */
static uint64_t next_random(uint64_t *state)
{
	uint64_t z = *state += 0x9e3779b97f4a7c15;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
	z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
	return z ^ (z >> 31);
}

/* Floats in [-1, 1), integers in [-8, 8), unsigned ones in [0, 16), or as many as there are. */
static void fill_random(Tensor *t, uint64_t seed)
{
	Tensor parts = tensor_parts(t);

	t = &parts;
	for (int64_t i = 0; i < t->count; i++) {
		uint64_t x = next_random(&seed);
		switch (dtype_info[t->dtype].kind) {
		case DK_BOOL:  tensor_set(t, i, x & 1); break;
		case DK_UINT:  tensor_set(t, i, dtype_wrap(t->dtype, x & 15)); break;
		case DK_INT:   tensor_set(t, i, dtype_from_f64(t->dtype, (double)(x & 15) - 8)); break;
		case DK_COMPLEX:   /* by their parts */
		case DK_FLOAT: tensor_set(t, i, dtype_from_f64(t->dtype, (double)(x >> 11) * 0x1p-52 - 1)); break;
		}
	}
}

typedef struct Known { VEC(const char *) name; VEC(int64_t) value; } Known;

/* Random values need a shape: from --dim and from the inputs that were read. */
static Tensor *random_input(Ctx *ctx, const Func *f, int i, const Known *known, uint64_t seed)
{
	const Type *type = f->body->args.at[i]->type;
	DimEnv env = { known->name.n, known->name.at, known->value.at };
	int64_t dim[RANK_MAX];

	for (int k = 0; k < type->rank; k++) {
		if (dim_eval(type->dim[k], &env, &dim[k]))
			continue;
		Str text = { 0 };
		dim_print(&text, type->dim[k]);
		diag_system(&ctx->diag, "--random-inputs: the extent %s of input %s is not known; give --dim %s=NUMBER", str_cstr(&text),
		            input_name(ctx->arena, f, i), str_cstr(&text));
		str_free(&text);
		return NULL;
	}
	Tensor *t = tensor_new(type->dtype, type->rank, dim);
	if (t)
		fill_random(t, seed + (uint64_t)i * 0xd1342543de82ef95);
	else
		diag_system(&ctx->diag, "--random-inputs: input %s has a negative extent or is too large", input_name(ctx->arena, f, i));
	return t;
}

static void learn(Ctx *ctx, const Type *type, const Tensor *t, Known *known)
{
	for (int k = 0; k < type->rank && k < t->rank; k++)
		if (type->dim[k]->kind == DIM_SYM) {
			vec_push(ctx->arena, &known->name, type->dim[k]->name);
			vec_push(ctx->arena, &known->value, t->dim[k]);
		}
}

static bool read_inputs(Ctx *ctx, const Func *f, const RunOptions *o, const DimEnv *dims, const char **file, Tensor **in)
{
	Known known = { 0 };
	int n = f->body->args.n;

	for (int i = 0; i < dims->n; i++) {
		vec_push(ctx->arena, &known.name, dims->name[i]);
		vec_push(ctx->arena, &known.value, dims->value[i]);
	}
	for (int i = 0; i < n; i++) {
		const Value *v = f->body->args.at[i];
		if (file[i] && !(in[i] = tensor_read(&ctx->diag, file[i], input_name(ctx->arena, f, i), &v->type->dtype)))
			return false;
		if (in[i])
			learn(ctx, v->type, in[i], &known);
	}
	for (int i = 0; i < n; i++) {
		if (in[i])
			continue;
		if (!o->random) {
			const char *name = input_name(ctx->arena, f, i);
			diag_system(&ctx->diag, "input %s of graph @%s has no value: give --input %s=FILE.npy, --inputs-dir or --random-inputs",
			            name, f->name, name);
			return false;
		}
		if (!(in[i] = random_input(ctx, f, i, &known, o->seed + (uint64_t)o->process * 0xbf58476d1ce4e5b9)))
			return false;
	}
	return true;
}

Tensor **inputs_read(Ctx *ctx, const Func *f, const RunOptions *o, const DimEnv *dims)
{
	int n = f->body->args.n;
	const char **file = ARENA_ARRAY(ctx->arena, const char *, n + 1);
	Tensor **in = ARENA_ARRAY(ctx->arena, Tensor *, n + 1);

	if (given_files(ctx, f, o, file) && read_inputs(ctx, f, o, dims, file, in))
		return in;
	for (int i = 0; i < n; i++)
		tensor_unref(in[i]);
	return NULL;
}
