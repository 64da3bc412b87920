/* ir/eval_size.c - ops that define sizes: symbols that get their value while the graph runs. */
#include "ir/eval_impl.h"

bool eval_define_size(Eval *e, const Op *op, Tensor *const *in, Tensor **out)
{
	Dim size = op_attrs(define_size, op)->size;
	int64_t value = eval_int(in[0], 0), most;

	if (e->folding || !eval_dim(e, op, dim_bound(e->ctx->dims, size), &most))
		return false;
	if (value < 0 || value > most)
		return eval_fail(e, op, "%s = %lld is not in 0 .. %lld", size->name, (long long)value, (long long)most);
	out[0] = tensor_ref(in[0]);
	return eval_set_size(e, size->name, value);
}
