/* ir/infer_index.c - inference of ops whose positions are data: gather, scatter, dynamic slices. */
#include "ir/infer_impl.h"

/* Operands first.. are `rank` scalars of one integer type. */
static bool start_indices(Infer *in, int first, int rank)
{
	const Op *op = in->op;

	if (op->nargs - first != rank)
		return infer_fail(in, "%d start ind%s found, wanted %d, one an axis", op->nargs - first,
		                  op->nargs - first == 1 ? "ex" : "ices", rank);
	for (int i = first; i < op->nargs; i++)
		if (!infer_dtype_in(in, i, DTS_INT) || !infer_dtype_same(in, first, i) || !infer_rank_is(in, i, 0))
			return false;
	return true;
}

bool infer_dynamic_slice(Infer *in)
{
	Dims sizes = op_attrs(dynamic_slice, in->op)->sizes;

	if (!infer_arity(in, 1, INT32_MAX, "at least one"))
		return false;
	const Type *x = infer_arg(in, 0);
	if (!start_indices(in, 1, x->rank))
		return false;
	if (sizes.n != x->rank)
		return infer_fail_at(in, 0, "'sizes' has %d entr%s, but operand 0 has rank %d", sizes.n,
		                     sizes.n == 1 ? "y" : "ies", x->rank);
	for (int i = 0; i < x->rank; i++)
		if (!infer_at_most(in, sizes.at[i], x->dim[i], "'sizes' of axis %d is %s, beyond the extent %s", i,
		                   infer_dim_text(in, sizes.at[i]), infer_dim_text(in, x->dim[i])))
			return false;
	return infer_result(in, x->dtype, x->rank, sizes.at);
}

bool infer_dynamic_update_slice(Infer *in)
{
	if (!infer_arity(in, 2, INT32_MAX, "at least two"))
		return false;
	const Type *x = infer_arg(in, 0), *update = infer_arg(in, 1);
	if (!infer_dtype_same(in, 0, 1) || !infer_rank_is(in, 1, x->rank) || !start_indices(in, 2, x->rank))
		return false;
	for (int i = 0; i < x->rank; i++)
		if (!infer_at_most(in, update->dim[i], x->dim[i], "axis %d of the update has extent %s, beyond %s of operand 0", i,
		                   infer_dim_text(in, update->dim[i]), infer_dim_text(in, x->dim[i])))
			return false;
	return infer_result_type(in, x);
}

/* What gather and scatter share, with the names that each gives to it. */
typedef struct Indexing {
	const Type *data, *indices;
	Ints window, gone, batching, indices_batching, map;   /* gone: axes of extent 1 that windows leave out */
	int64_t vector_dim;
	const char *window_name, *gone_name, *batching_name, *indices_batching_name, *map_name;
} Indexing;

static bool disjoint(Infer *in, const char *a_name, Ints a, const char *b_name, Ints b)
{
	for (int i = 0; i < a.n; i++)
		if (ints_have(b, a.at[i]))
			return infer_fail(in, "axis %lld is in both '%s' and '%s'", (long long)a.at[i], a_name, b_name);
	return true;
}

/* Batching axes come in pairs of equal extent, one of the data and one of the indices. */
static bool batching_axes(Infer *in, const Indexing *x)
{
	if (!infer_axes(in, x->batching_name, x->batching, x->data->rank, AXES_SORTED) ||
	    !infer_axes(in, x->indices_batching_name, x->indices_batching, x->indices->rank, 0))
		return false;
	if (x->batching.n != x->indices_batching.n)
		return infer_fail(in, "'%s' has %d axes, but '%s' has %d", x->batching_name, x->batching.n,
		                  x->indices_batching_name, x->indices_batching.n);
	if (ints_have(x->indices_batching, x->vector_dim))
		return infer_fail(in, "axis %lld is 'index_vector_dim', and cannot be in '%s' too", (long long)x->vector_dim,
		                  x->indices_batching_name);
	for (int i = 0; i < x->batching.n; i++) {
		Dim a = x->data->dim[x->batching.at[i]], b = x->indices->dim[x->indices_batching.at[i]];

		if (!infer_equal(in, a, b, "batching axis %d has extent %s in the operand, but %s in the indices", i,
		                 infer_dim_text(in, a), infer_dim_text(in, b)))
			return false;
	}
	return true;
}

static bool index_vector(Infer *in, const Indexing *x)
{
	int rank = x->indices->rank;

	if (x->vector_dim < 0 || x->vector_dim > rank)
		return infer_fail(in, "'index_vector_dim' is %lld, wanted 0 to %d", (long long)x->vector_dim, rank);
	Dim n = x->vector_dim < rank ? x->indices->dim[x->vector_dim] : infer_const(in, 1);
	return infer_axes(in, x->map_name, x->map, x->data->rank, 0) &&
	       disjoint(in, x->map_name, x->map, x->batching_name, x->batching) &&
	       infer_equal(in, n, infer_const(in, x->map.n), "index vectors have %s entries, but '%s' has %d",
	                   infer_dim_text(in, n), x->map_name, x->map.n);
}

static bool indexing(Infer *in, const Indexing *x)
{
	int parts = x->window.n + x->gone.n + x->batching.n;

	if (!batching_axes(in, x) || !infer_axes(in, x->gone_name, x->gone, x->data->rank, AXES_SORTED) ||
	    !disjoint(in, x->gone_name, x->gone, x->batching_name, x->batching) || !index_vector(in, x))
		return false;
	if (parts != x->data->rank)
		return infer_fail(in, "'%s', '%s' and '%s' have %d entr%s in all, wanted %d, the rank of the operand", x->window_name,
		                  x->gone_name, x->batching_name, parts, parts == 1 ? "y" : "ies", x->data->rank);
	return true;
}

/* Interleaves: axes in `window` take the next entry of inner, the others the next extent of the indices. */
static bool spread_axes(Infer *in, const Indexing *x, const Dim *inner, Dim *out, int *out_rank)
{
	int outer = x->indices->rank - (x->vector_dim < x->indices->rank);
	int rank = outer + x->window.n, from = 0, at = 0;

	if (rank > RANK_MAX)
		return infer_fail(in, "rank %d is needed; at most %d is supported", rank, RANK_MAX);
	if (!infer_axes(in, x->window_name, x->window, rank, AXES_SORTED))
		return false;
	for (int k = 0; k < rank; k++) {
		if (ints_have(x->window, k)) {
			out[k] = inner[at++];
			continue;
		}
		from += from == x->vector_dim;
		out[k] = x->indices->dim[from++];
	}
	*out_rank = rank;
	return true;
}

bool infer_gather(Infer *in)
{
	const struct attrs_gather *a = op_attrs(gather, in->op);
	Indexing x = {
		infer_arg(in, 0), infer_arg(in, 1),
		a->offset_dims, a->collapsed_slice_dims, a->operand_batching_dims, a->start_indices_batching_dims,
		a->start_index_map, a->index_vector_dim,
		"offset_dims", "collapsed_slice_dims", "operand_batching_dims", "start_indices_batching_dims", "start_index_map",
	};
	Dim inner[RANK_MAX], dim[RANK_MAX];
	int n = 0, rank;

	if (!infer_dtype_in(in, 1, DTS_INT) || !indexing(in, &x))
		return false;
	if (a->slice_sizes.n != x.data->rank)
		return infer_fail(in, "'slice_sizes' has %d entr%s, wanted %d", a->slice_sizes.n, a->slice_sizes.n == 1 ? "y" : "ies",
		                  x.data->rank);
	for (int k = 0; k < x.data->rank; k++) {
		Dim size = a->slice_sizes.at[k];
		bool collapsed = ints_have(x.gone, k), batching = ints_have(x.batching, k);

		if ((collapsed || batching) && !dim_is(size, 1) && !dim_is(size, 0))
			return infer_fail(in, "'slice_sizes' of axis %d is %s, wanted 1, as the axis is in '%s'", k,
			                  infer_dim_text(in, size), collapsed ? x.gone_name : x.batching_name);
		if (!infer_at_most(in, infer_const(in, 0), size, "'slice_sizes' of axis %d is %s, wanted at least 0", k,
		                   infer_dim_text(in, size)) ||
		    (!batching && !infer_at_most(in, size, x.data->dim[k], "'slice_sizes' of axis %d is %s, beyond the extent %s", k,
		                                 infer_dim_text(in, size), infer_dim_text(in, x.data->dim[k]))))
			return false;       /* a batch of none has no index either */
		if (!collapsed && !batching)
			inner[n++] = size;
	}
	return spread_axes(in, &x, inner, dim, &rank) && infer_result(in, x.data->dtype, rank, dim);
}

/* Updates have the extents of the indices outside windows, and inside at most those of the data. */
static bool updates_fit(Infer *in, const Indexing *x, int operand)
{
	const Type *u = infer_arg(in, operand);
	Dim inner[RANK_MAX], dim[RANK_MAX];
	int n = 0, rank;

	for (int k = 0; k < x->data->rank; k++)
		if (!ints_have(x->gone, k) && !ints_have(x->batching, k))
			inner[n++] = x->data->dim[k];
	if (!spread_axes(in, x, inner, dim, &rank) || !infer_rank_is(in, operand, rank))
		return false;
	for (int k = 0; k < rank; k++) {
		if (ints_have(x->window, k)) {
			if (!infer_at_most(in, u->dim[k], dim[k], "axis %d of the updates has extent %s, beyond %s of the operand's window",
			                   k, infer_dim_text(in, u->dim[k]), infer_dim_text(in, dim[k])))
				return false;
		} else if (!infer_equal(in, u->dim[k], dim[k], "axis %d of the updates has extent %s, wanted %s as the indices have",
		                        k, infer_dim_text(in, u->dim[k]), infer_dim_text(in, dim[k]))) {
			return false;
		}
	}
	return true;
}

bool infer_scatter(Infer *in)
{
	const struct attrs_scatter *a = op_attrs(scatter, in->op);
	int n = in->op->nargs / 2;

	if (in->op->nargs < 3 || in->op->nargs % 2 == 0)
		return infer_fail(in, "%d operand%s found, wanted inputs, indices, and as many updates as inputs", in->op->nargs,
		                  in->op->nargs == 1 ? "" : "s");

	Indexing x = {
		infer_arg(in, 0), infer_arg(in, n),
		a->update_window_dims, a->inserted_window_dims, a->input_batching_dims, a->scatter_indices_batching_dims,
		a->scatter_dims_to_operand_dims, a->index_vector_dim,
		"update_window_dims", "inserted_window_dims", "input_batching_dims", "scatter_indices_batching_dims",
		"scatter_dims_to_operand_dims",
	};
	if (!infer_dtype_in(in, n, DTS_INT) || !indexing(in, &x))
		return false;
	for (int i = 0; i < n; i++)
		if ((i && !infer_shape_same(in, 0, i)) || !infer_dtype_same(in, i, n + 1 + i) || !updates_fit(in, &x, n + 1 + i))
			return false;
	if (!infer_combiner(in, 0, n))
		return false;
	for (int i = 0; i < n; i++)
		infer_result_type(in, infer_arg(in, i));
	return true;
}
