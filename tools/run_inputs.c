/* tools/run_inputs.c - the inputs of a run: from files, from a folder, or random. */
#include <stdlib.h>
#include <unistd.h>

#include "frontend/weights/npy.h"
#include "tools/run_parts.h"

const char *file_name_of(Arena *a, const char *name)
{
	char *file = arena_strdup(a, name);

	for (char *c = file; *c; c++)
		if (!((*c >= 'a' && *c <= 'z') || (*c >= 'A' && *c <= 'Z') || (*c >= '0' && *c <= '9') || strchr("._-", *c)))
			*c = '_';
	return file;
}

const char *input_name(Arena *a, const Func *f, int i)
{
	const char *name = f->body->args.at[i]->name;

	return name ? name : arena_printf(a, "arg%d", i);
}

const char *result_name(Arena *a, const Func *f, int i)
{
	const char *name = f->result_names.at[i];

	return name ? name : arena_printf(a, "out%d", i);
}

/* The input that "NAME" or "0" means, or -1. */
static int find_input(Ctx *ctx, const Func *f, const char *word)
{
	char *end;
	long number = strtol(word, &end, 10);

	for (int i = 0; i < f->body->args.n; i++)
		if (strcmp(input_name(ctx->arena, f, i), word) == 0)
			return i;
	return end > word && !*end && number >= 0 && number < f->body->args.n ? (int)number : -1;
}

static void no_such_input(Ctx *ctx, const Func *f, const char *word)
{
	Str known = { 0 };

	for (int i = 0; i < f->body->args.n; i++)
		str_printf(&known, "%s%s", i ? ", " : "", input_name(ctx->arena, f, i));
	if (known.n)
		diag_system(&ctx->diag, "--input: graph @%s has no input '%s'; it has %s", f->name, word, str_cstr(&known));
	else
		diag_system(&ctx->diag, "--input: graph @%s has no input '%s', nor any other", f->name, word);
	str_free(&known);
}

/* The files of --input, by input. */
static bool given_files(Ctx *ctx, const Func *f, const RunOptions *o, const char **file)
{
	for (int i = 0; i < o->input_name.n; i++) {
		int at = find_input(ctx, f, o->input_name.at[i]);
		if (at < 0) {
			no_such_input(ctx, f, o->input_name.at[i]);
			return false;
		}
		file[at] = o->input_file.at[i];
	}
	for (int i = 0; i < f->body->args.n && o->inputs_dir; i++) {
		const char *name = file_name_of(ctx->arena, input_name(ctx->arena, f, i));
		const char *path = arena_printf(ctx->arena, "%s/%s.npy", o->inputs_dir, name);
		if (!file[i] && access(path, F_OK) == 0)
			file[i] = path;
	}
	return true;
}

/* splitmix64 (Steele, Lea, Flood: Fast splittable pseudorandom number generators, 2014). */
static uint64_t next_random(uint64_t *state)
{
	uint64_t z = *state += 0x9e3779b97f4a7c15;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
	z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
	return z ^ (z >> 31);
}

/* Floats in [-1, 1), integers in [-8, 8), unsigned ones in [0, 16). */
static void fill_random(Tensor *t, uint64_t seed)
{
	for (int64_t i = 0; i < t->count; i++) {
		uint64_t x = next_random(&seed);
		switch (dtype_info[t->dtype].kind) {
		case DK_BOOL:  tensor_set(t, i, x & 1); break;
		case DK_UINT:  tensor_set(t, i, x & 15); break;
		case DK_INT:   tensor_set(t, i, dtype_from_f64(t->dtype, (double)(x & 15) - 8)); break;
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
		if (file[i] && !(in[i] = npy_read(&ctx->diag, file[i], &v->type->dtype)))
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
		if (!(in[i] = random_input(ctx, f, i, &known, o->seed)))
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
