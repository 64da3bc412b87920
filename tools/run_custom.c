/* tools/run_custom.c - the C functions that models call by custom_call: found in this process, called through libffi. */
#include <dlfcn.h>
#include <ffi.h>

#include "ir/base/check.h"
#include "ir/custom.h"
#include "tools/run.h"

/* What is loaded here is seen by models that are compiled in this process, and by the libraries made of printed C. */
bool custom_load(Ctx *ctx, const char *path)
{
	if (dlopen(path, RTLD_NOW | RTLD_GLOBAL))
		return true;
	diag_system(&ctx->diag, "--load: %s", dlerror());
	return false;
}

void *custom_symbol(const char *name)
{
	return dlsym(RTLD_DEFAULT, name);
}

typedef struct Wanted { Ctx *ctx; StrMap seen; bool ok; } Wanted;

static bool check_loaded(Op *op, void *arg)
{
	Wanted *w = arg;
	const char *name = op->kind == OP_custom_call ? op_attrs(custom_call, op)->target : NULL;

	if (!name || strmap_has(&w->seen, name))
		return true;
	strmap_set(&w->seen, name, w);
	if (custom_symbol(name))
		return true;
	diag_system(&w->ctx->diag, "custom_call: there is no function '%s'; --load FILE.so brings it in", name);
	w->ok = false;
	return true;
}

bool customs_loaded(Ctx *ctx, const Module *m)
{
	Wanted w = { .ctx = ctx, .ok = true };

	strmap_init(&w.seen, ctx->arena);
	for (int i = 0; i < m->funcs.n; i++)
		block_walk(m->funcs.at[i]->body, check_loaded, &w);
	return w.ok;
}

bool custom_failed(Ctx *ctx, const char *name, int code)
{
	diag_system(&ctx->diag, "custom_call: '%s' has failed with %d", name, code);
	return false;
}

/* Pointers to all tensors, then dims, then config. */
bool custom_evaluate(Ctx *ctx, const Op *op, Tensor *const *in, Tensor *const *out, const int64_t *dims)
{
	Arena *a = arena_new();
	Custom c = custom_of(a, op);
	int n = c.nin + c.nout, all = n + c.ndims + (c.config[0] != 0);
	ffi_type **type = ARENA_ARRAY(a, ffi_type *, all + 1);
	void **data = ARENA_ARRAY(a, void *, n + 1), **value = ARENA_ARRAY(a, void *, all + 1), *fn = custom_symbol(c.target);
	ffi_arg code = 0;
	ffi_cif cif;

	for (int i = 0; i < all; i++) {
		bool number = i >= n && i < n + c.ndims;
		type[i] = number ? &ffi_type_sint64 : &ffi_type_pointer;
		if (i < n)
			data[i] = i < c.nin ? in[i]->data : out[i - c.nin]->data;
		value[i] = i < n ? (void *)&data[i] : number ? (void *)&dims[i - n] : (void *)&c.config;
	}
	CHECK(fn && ffi_prep_cif(&cif, FFI_DEFAULT_ABI, (unsigned)all, &ffi_type_sint, type) == FFI_OK, "no call of %s", c.target);
	ffi_call(&cif, FFI_FN(fn), &code, value);
	bool ok = (int)code == 0 || custom_failed(ctx, c.target, (int)code);
	arena_free(a);
	return ok;
}
