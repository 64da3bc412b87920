/* frontend/onnx/trees.c - ensembles of trees of ai.onnx.ml.

   The nodes of all trees stand in tables, and every row walks all of its trees at once: in as many rounds as the deepest tree has
   levels each pair of row and tree looks up the feature, the bound and the children of the node where it is, and goes on to one
   of them.  Leaves come first in the tables, and lead to themselves; at the end the number of the node is that of the leaf, whose
   row in the table of weights is what the tree gives.  So the code is the same for every ensemble, and the trees are data. */
#include <math.h>
#include <stdlib.h>

#include "frontend/onnx/ml.h"

typedef enum Mode { MODE_LEQ, MODE_LT, MODE_GTE, MODE_GT, MODE_EQ, MODE_NEQ, MODE_MEMBER, MODE_COUNT } Mode;

/* Children and roots are numbers of nodes: of a leaf its own, of others nleaves and more. */
typedef struct Forest {
	int     ninner, nleaves, nroots, ntargets;
	int     nmembers;            /* inner nodes made of sets, behind the ones that were written */
	int64_t *feature, *yes, *no, *mode, *missing, *root;   /* of inner nodes */
	double  *split;
	double  *weight;             /* [nleaves, ntargets] */
	bool    positive;            /* are all weights at least 0? */
	int     only;                /* the one target that has weights; -1: there are more */
} Forest;

enum { TABLE_MAX = 1 << 26 };

static bool same_length(Onnx *o, const char *name, int64_t found, int64_t wanted)
{
	return found == wanted || refuse_attr(o, name, "has %lld entries, wanted %lld", (long long)found, (long long)wanted);
}

static void forest_room(Onnx *o, Forest *f, int inner)
{
	f->feature = ARENA_ARRAY(o->arena, int64_t, inner + 1);
	f->yes = ARENA_ARRAY(o->arena, int64_t, inner + 1);
	f->no = ARENA_ARRAY(o->arena, int64_t, inner + 1);
	f->mode = ARENA_ARRAY(o->arena, int64_t, inner + 1);
	f->missing = ARENA_ARRAY(o->arena, int64_t, inner + 1);
	f->split = ARENA_ARRAY(o->arena, double, inner + 1);
}

/* Weights of leaves that vote for nothing are `absent`. */
static bool weights_room(Onnx *o, Forest *f, double absent)
{
	if (f->ntargets < 1 || f->nleaves < 1 || f->ntargets > TABLE_MAX / f->nleaves)
		return refuse(o, "%d leaves with weights for %d targets, wanted at least 1 of each and at most %d numbers", f->nleaves, f->ntargets, TABLE_MAX);
	size_t n = (size_t)f->nleaves * (size_t)f->ntargets;
	f->weight = ARENA_ARRAY(o->arena, double, n);
	for (size_t i = 0; i < n; i++)
		f->weight[i] = absent;
	f->positive = true;
	f->only = -2;
	return true;
}

static bool vote(Onnx *o, Forest *f, int64_t leaf, int64_t target, double weight, double absent)
{
	if (target < 0 || target >= f->ntargets)
		return refuse(o, "a leaf votes for target %lld, wanted 0 to %d", (long long)target, f->ntargets - 1);
	double *w = &f->weight[leaf * f->ntargets + target];
	*w = *w == absent ? weight : absent > 0 ? fmin(*w, weight) : absent < 0 ? fmax(*w, weight) : *w + weight;
	f->positive = f->positive && weight >= 0;
	f->only = f->only == -2 || f->only == target ? (int)target : -1;
	return true;
}

/* The levels of the deepest tree; -1: some node is below itself. */
static int depth_of(Onnx *o, const Forest *f)
{
	int *waiting = ARENA_ARRAY(o->arena, int, f->ninner + 1), *level = ARENA_ARRAY(o->arena, int, f->ninner + 1);
	int *queue = ARENA_ARRAY(o->arena, int, f->ninner + 1), n = 0, deepest = 0, done = 0;

	for (int i = 0; i < f->ninner; i++) {
		const int64_t child[] = { f->yes[i], f->no[i] };
		for (int c = 0; c < 2; c++)
			if (child[c] >= f->nleaves)
				waiting[child[c] - f->nleaves]++;
	}
	for (int i = 0; i < f->ninner; i++)
		if (!waiting[i])
			queue[n++] = i;
	for (; done < n; done++) {
		int i = queue[done];
		const int64_t child[] = { f->yes[i], f->no[i] };
		deepest = level[i] + 1 > deepest ? level[i] + 1 : deepest;
		for (int c = 0; c < 2; c++) {
			int64_t k = child[c] - f->nleaves;
			if (k < 0)
				continue;
			level[k] = level[i] + 1 > level[k] ? level[i] + 1 : level[k];
			if (!--waiting[k])
				queue[n++] = (int)k;
		}
	}
	return n == f->ninner ? deepest : -1;
}

/* A number of each node as a constant: `leaf` of leaves, their own number where it is -1. */
static Value *node_table(Onnx *o, const Forest *f, const int64_t *of_inner, int64_t leaf)
{
	int n = f->nleaves + f->ninner;
	int32_t *at = ARENA_ARRAY(o->arena, int32_t, n);
	int64_t dim = n;

	for (int i = 0; i < n; i++)
		at[i] = (int32_t)(i < f->nleaves ? leaf < 0 ? i : leaf : of_inner[i - f->nleaves]);
	return build_constant(&o->b, blob_dense(o->arena, DT_I32, 1, &dim, at));
}

static Value *split_table(Onnx *o, const Forest *f, DType t)
{
	int64_t n = f->nleaves + f->ninner;
	double *at = ARENA_ARRAY(o->arena, double, n);

	for (int i = 0; i < f->ninner; i++)
		at[f->nleaves + i] = f->split[i];
	return floats_constant(o, t, 1, &n, at);
}

static Value *taken(Onnx *o, Value *table, Value *at)
{
	return emit(o, OP_take, 2, (Value *[]){ table, at }, &(struct attrs_take){ .axis = 0 });
}

/* One round: where each pair of row and tree is, after it was at `at` [N, trees]. */
typedef struct Tables { Value *feature, *split, *yes, *no, *mode, *missing; unsigned modes; } Tables;

static Value *step(Onnx *o, const Tables *t, Value *x, Value *at)
{
	static const CmpDir dirs[] = { CMP_LE, CMP_LT, CMP_GE, CMP_GT, CMP_EQ, CMP_NE };
	Value *feature = taken(o, t->feature, at), *split = taken(o, t->split, at), *yes = NULL, *mode = NULL;

	feature = emit(o, OP_expand_dims, 1, &feature, &(struct attrs_expand_dims){ .dims = ints_of(o->arena, 1, 2) });
	Value *value = emit(o, OP_gather_nd, 2, (Value *[]){ x, feature }, &(struct attrs_gather_nd){ .batch_dims = 1 });
	if (t->mode)
		mode = taken(o, t->mode, at);
	for (int m = 0; m < MODE_MEMBER; m++) {
		if (!(t->modes & 1u << m))
			continue;
		Value *is = compare(o, dirs[m], value, split);
		if (yes) {
			Value *which = mode ? number_like(o, mode, m) : NULL, *mine = compare(o, CMP_EQ, mode, which);
			is = EW(o, select, mine, is, yes);
		}
		yes = is;
	}
	if (t->missing) {
		Value *nan = compare(o, CMP_NE, value, value), *follows = as_type(o, taken(o, t->missing, at), DT_BOOL);
		nan = EW(o, and, nan, follows);
		yes = EW(o, or, yes, nan);
	}
	Value *then = taken(o, t->yes, at), *otherwise = taken(o, t->no, at);
	return EW(o, select, yes, then, otherwise);
}

/* The leaves [N, trees] that rows x [N, F] come to. */
static Value *walk(Onnx *o, const Forest *f, Value *x)
{
	int depth = depth_of(o, f);
	Tables t = { 0 };

	if (depth < 0) {
		refuse(o, "a node of a tree is below itself");
		return NULL;
	}
	bool missing = false;
	for (int i = 0; i < f->ninner; i++) {
		t.modes |= 1u << f->mode[i];
		missing = missing || f->missing[i];
		if (f->feature[i] < 0 || f->feature[i] > INT32_MAX || (dim_is_const(dim_at(x, 1)) && f->feature[i] >= dim_at(x, 1)->value)) {
			refuse(o, "a node asks for feature %lld, which a row does not have", (long long)f->feature[i]);
			return NULL;
		}
	}
	Value *at = integers(o, DT_I32, f->nroots, f->root);
	at = broadcast_to(o, at, 2, (Dim[]){ dim_at(x, 0), dim_num(o, f->nroots) });
	if (!depth || !at)
		return at;
	t.feature = node_table(o, f, f->feature, 0);
	t.split = split_table(o, f, x->type->dtype);
	t.yes = node_table(o, f, f->yes, -1);
	t.no = node_table(o, f, f->no, -1);
	if (t.modes & (t.modes - 1))
		t.mode = node_table(o, f, f->mode, 0);
	if (missing)
		t.missing = node_table(o, f, f->missing, 0);

	Dim rounds = dim_num(o, depth);
	Builder outer = o->b;
	Op *scan = build_begin(&outer, OP_scan, ARGS(at), &(struct attrs_scan){ .carry = 1, .length = dims_copy(o->arena, 1, &rounds) });
	Value *now = block_add_arg(scan->region[0], at->type, NULL, outer.loc);
	o->b = builder_at_end(o->ctx, scan->region[0]);
	o->b.loc = outer.loc;
	now = step(o, &t, x, now);
	Op *end = now ? emit_op(o, OP_yield, 1, &now, NULL) : NULL;
	o->b = outer;
	scan = end ? build_finish(&o->b, scan) : NULL;
	return scan ? scan->result[0] : NULL;
}

/* What the trees give for each target, [N, targets]. */
static Value *aggregated(Onnx *o, const Forest *f, Value *x, const char *how)
{
	Value *leaf = walk(o, f, x), *table;
	int64_t dim[] = { f->nleaves, f->ntargets };
	bool least = !strcmp(how, "MIN"), most = !strcmp(how, "MAX");

	if (!leaf)
		return NULL;
	table = floats_constant(o, x->type->dtype, f->ntargets == 1 ? 1 : 2, dim, f->weight);
	Value *y = taken(o, table, leaf);
	OpKind kind = least ? OP_reduce_min : most ? OP_reduce_max : OP_reduce_sum;
	y = y ? reduced(o, kind, y, ints_of(o->arena, 1, 1), f->ntargets == 1) : NULL;
	return strcmp(how, "AVERAGE") ? y : with_number(o, OP_div, y, f->nroots);
}

static double absent_of(const char *how, DType t)
{
	double most = t == DT_F64 ? 1.7976931348623157e308 : 3.4028234663852886e38;

	return !strcmp(how, "MIN") ? most : !strcmp(how, "MAX") ? -most : 0;
}

/* The nodes of TreeEnsembleClassifier and -Regressor are named by tree and number. */
typedef struct Named { int64_t tree, node; int at; } Named;

static int named_order(const void *a, const void *b)
{
	const Named *x = a, *y = b;

	if (x->tree != y->tree)
		return x->tree < y->tree ? -1 : 1;
	return x->node < y->node ? -1 : x->node > y->node;
}

typedef struct Names { int n; Named *at; int64_t *number; } Names;   /* number: of the node in our order */

static bool node_named(Onnx *o, const Names *names, int64_t tree, int64_t node, int64_t *out)
{
	Named key = { tree, node, 0 }, *found = bsearch(&key, names->at, (size_t)names->n, sizeof key, named_order);

	if (!found)
		return refuse(o, "tree %lld has no node %lld", (long long)tree, (long long)node);
	*out = names->number[found->at];
	return true;
}

static bool mode_named(Onnx *o, const char *name, int64_t *out)
{
	static const char *const names[] = { "BRANCH_LEQ", "BRANCH_LT", "BRANCH_GTE", "BRANCH_GT", "BRANCH_EQ", "BRANCH_NEQ" };

	for (int m = 0; m < MODE_MEMBER; m++)
		if (!strcmp(name, names[m])) {
			*out = m;
			return true;
		}
	return refuse_attr(o, "nodes_modes", "has the entry '%s', wanted LEAF or BRANCH_ and LEQ, LT, GTE, GT, EQ or NEQ", name);
}

/* The nodes, and their names; leaves are numbered first. */
static bool named_nodes(Onnx *o, Forest *f, Names *names)
{
	Ints tree = get_ints(o, "nodes_treeids"), node = get_ints(o, "nodes_nodeids"), feature = get_ints(o, "nodes_featureids");
	Ints yes = get_ints(o, "nodes_truenodeids"), no = get_ints(o, "nodes_falsenodeids"), missing = get_ints(o, "nodes_missing_value_tracks_true");
	Strings mode = get_strings(o, "nodes_modes");
	Floats split;
	int n = tree.n, leaf = 0, inner = 0;

	if (n < 1)
		return refuse_attr(o, "nodes_treeids", "is missing");
	if (!floats_or_tensor(o, "nodes_values", &split) || !same_length(o, "nodes_nodeids", node.n, n) ||
	    !same_length(o, "nodes_featureids", feature.n, n) || !same_length(o, "nodes_truenodeids", yes.n, n) ||
	    !same_length(o, "nodes_falsenodeids", no.n, n) || !same_length(o, "nodes_modes", mode.n, n) ||
	    !same_length(o, "nodes_values", split.n, n) || (missing.n && !same_length(o, "nodes_missing_value_tracks_true", missing.n, n)))
		return false;
	*names = (Names){ n, ARENA_ARRAY(o->arena, Named, n), ARENA_ARRAY(o->arena, int64_t, n) };
	for (int i = 0; i < n; i++) {
		f->nleaves += !strcmp(mode.at[i], "LEAF");
		names->at[i] = (Named){ tree.at[i], node.at[i], i };
	}
	f->ninner = n - f->nleaves;
	for (int i = 0; i < n; i++)
		names->number[i] = strcmp(mode.at[i], "LEAF") ? f->nleaves + inner++ : leaf++;
	qsort(names->at, (size_t)n, sizeof *names->at, named_order);
	for (int i = 1; i < n; i++)
		if (!named_order(&names->at[i - 1], &names->at[i]))
			return refuse(o, "tree %lld has two nodes %lld", (long long)names->at[i].tree, (long long)names->at[i].node);
	forest_room(o, f, f->ninner);
	for (int i = 0; i < n; i++) {
		int64_t k = names->number[i] - f->nleaves;
		if (k < 0)
			continue;
		f->feature[k] = feature.at[i];
		f->split[k] = split.at[i];
		f->missing[k] = missing.n && missing.at[i];
		if (!mode_named(o, mode.at[i], &f->mode[k]) || !node_named(o, names, tree.at[i], yes.at[i], &f->yes[k]) ||
		    !node_named(o, names, tree.at[i], no.at[i], &f->no[k]))
			return false;
	}
	/* The root of a tree is its first node. */
	f->root = ARENA_ARRAY(o->arena, int64_t, n);
	for (int i = 0; i < n; ) {
		int first = names->at[i].at, j = i;
		for (; j < n && names->at[j].tree == names->at[i].tree; j++)
			first = names->at[j].at < first ? names->at[j].at : first;
		f->root[f->nroots++] = names->number[first];
		i = j;
	}
	return true;
}

/* The votes of the leaves, attributes PREFIX_treeids, _nodeids, _ids and _weights. */
static bool named_votes(Onnx *o, Forest *f, const Names *names, const char *prefix, double absent)
{
	Ints tree = get_ints(o, arena_printf(o->arena, "%s_treeids", prefix)), node = get_ints(o, arena_printf(o->arena, "%s_nodeids", prefix));
	const char *ids = arena_printf(o->arena, "%s_ids", prefix), *weights = arena_printf(o->arena, "%s_weights", prefix);
	Ints id = get_ints(o, ids);
	Floats weight;
	int64_t leaf;

	if (!floats_or_tensor(o, weights, &weight) || !same_length(o, arena_printf(o->arena, "%s_nodeids", prefix), node.n, tree.n) ||
	    !same_length(o, ids, id.n, tree.n) || !same_length(o, weights, weight.n, tree.n) || !weights_room(o, f, absent))
		return false;
	for (int i = 0; i < tree.n; i++) {
		if (!node_named(o, names, tree.at[i], node.at[i], &leaf))
			return false;
		if (leaf >= f->nleaves)
			continue;   /* what is no leaf is never the end */
		if (!vote(o, f, leaf, id.at[i], weight.at[i], absent))
			return false;
	}
	return true;
}

bool onnx_tree_ensemble_regressor(Onnx *o)
{
	const char *aggregate = get_string(o, "aggregate_function", "SUM"), *how = get_string(o, "post_transform", "NONE");
	int64_t targets = get_int(o, "n_targets", 1);
	Forest f = { 0 };
	Names names;
	Floats base;
	Value *x = features(o);

	if (!x || !floats_or_tensor(o, "base_values", &base))
		return false;
	if (strcmp(aggregate, "SUM") && strcmp(aggregate, "AVERAGE") && strcmp(aggregate, "MIN") && strcmp(aggregate, "MAX"))
		return refuse_attr(o, "aggregate_function", "is '%s', wanted SUM, AVERAGE, MIN or MAX", aggregate);
	if (targets < 1 || targets > TABLE_MAX)
		return refuse_attr(o, "n_targets", "is %lld, wanted at least 1", (long long)targets);
	f.ntargets = (int)targets;
	if (base.n && !same_length(o, "base_values", base.n, targets))
		return false;
	if (!named_nodes(o, &f, &names) || !named_votes(o, &f, &names, "target", absent_of(aggregate, x->type->dtype)))
		return false;
	Value *y = aggregated(o, &f, x, aggregate);
	if (y && base.n)
		y = EW(o, add, y, floats_constant(o, x->type->dtype, 1, &targets, base.at));
	return y && give(o, 0, as_type(o, post_transformed(o, y, how), DT_F32));
}

/* Two labels of which only the first gets votes, s [N, 1], which are for the second: 1 - s and s where these are sums of what is never negative, else -s and s;
   a transform that makes probabilities of scores works on -s and s. */
static bool give_binary(Onnx *o, const Forest *f, Value *s, const char *how)
{
	bool plain = !strcmp(how, "NONE") || !strcmp(how, "PROBIT"), share = plain && f->positive;
	Value *one = number_like(o, s, 1), *least = number_like(o, s, share ? 0.5 : 0);
	Value *other = share ? EW(o, sub, one, s) : EW(o, neg, s), *yes = compare(o, CMP_GT, s, least);
	Value *scores = concatenated(o, 2, (Value *[]){ other, s }, 1);

	yes = yes ? reshaped(o, yes, 1, (Dim[]){ dim_at(s, 0) }) : NULL;
	scores = scores ? post_transformed(o, scores, how) : NULL;
	return scores && give(o, 1, as_type(o, scores, DT_F32)) &&
	       give_labels(o, "classlabels_int64s", "classlabels_strings", as_type(o, yes, DT_I64));
}

bool onnx_tree_ensemble_classifier(Onnx *o)
{
	const char *how = get_string(o, "post_transform", "NONE");
	int labels = label_count(o, "classlabels_int64s", "classlabels_strings");
	Forest f = { .ntargets = labels };
	Names names;
	Floats base;
	Value *x = features(o);

	if (!x || !floats_or_tensor(o, "base_values", &base))
		return false;
	if (labels < 1)
		return refuse(o, "'classlabels_int64s' and 'classlabels_strings' are missing, wanted one of them");
	if (!named_nodes(o, &f, &names) || !named_votes(o, &f, &names, "class", 0))
		return false;
	Value *y = aggregated(o, &f, x, "SUM");
	bool binary = labels == 2 && f.only == 0;
	int64_t n = base.n;
	if (base.n && base.n != labels && !(binary && base.n == 1))
		return same_length(o, "base_values", base.n, labels);
	if (binary) {
		y = y ? sliced(o, y, 1, dim_num(o, 0), dim_num(o, 1)) : NULL;
		if (base.n)
			y = with_number(o, OP_add, y, base.at[0]);
		return y && give_binary(o, &f, y, how);
	}
	if (y && base.n)
		y = EW(o, add, y, floats_constant(o, x->type->dtype, 1, &n, base.at));
	Value *sums = y;
	y = y ? post_transformed(o, y, how) : NULL;
	if (!y || !give(o, 1, as_type(o, y, DT_F32)))
		return false;
	if (labels == 2 && f.only == 1) {   /* nothing is for the first: what tells is the sum for the second */
		Value *second = sliced(o, sums, 1, dim_num(o, 1), dim_num(o, 2)), *least = number_like(o, sums, f.positive ? 0.5 : 0);
		Value *yes = compare(o, CMP_GT, second, least);
		yes = yes ? reshaped(o, yes, 1, (Dim[]){ dim_at(y, 0) }) : NULL;
		return give_labels(o, "classlabels_int64s", "classlabels_strings", as_type(o, yes, DT_I64));
	}
	if (labels > 1)
		return give_labels(o, "classlabels_int64s", "classlabels_strings", best_of_row(o, y));
	Ints label = get_ints(o, "classlabels_int64s");
	Value *zero = number_like(o, y, 0), *yes = compare(o, CMP_GT, y, zero);
	yes = yes ? as_type(o, reshaped(o, yes, 1, (Dim[]){ dim_at(y, 0) }), DT_I64) : NULL;
	return give(o, 0, label.n ? with_number(o, OP_mul, yes, (double)label.at[0]) : yes);
}

/* A node that asks for membership becomes a chain that asks for equality with one member after the other. */
static bool members(Onnx *o, Forest *f, int i, const Floats *sets, int *next)
{
	int64_t otherwise = f->no[i];
	bool first = true;

	f->mode[i] = MODE_EQ;
	f->split[i] = NAN;   /* of an empty set */
	for (; *next < sets->n && !isnan(sets->at[*next]); ++*next) {
		if (!first) {
			int k = f->ninner + f->nmembers++;
			f->feature[k] = f->feature[i];
			f->yes[k] = f->yes[i];
			f->missing[k] = f->missing[i];
			f->mode[k] = MODE_EQ;
			f->no[i] = f->nleaves + k;
			i = k;
			f->no[i] = otherwise;
		}
		f->split[i] = sets->at[*next];
		first = false;
	}
	if (*next >= sets->n)
		return refuse_attr(o, "membership_values", "has fewer sets than there are nodes of the mode BRANCH_MEMBER");
	++*next;
	return true;
}

static bool tensor_numbers(Onnx *o, const char *name, Floats *out)
{
	Blob *b = get_tensor(o, name);

	*out = (Floats){ 0 };
	if (!b)
		return !has_attr(o, name) && !o->node->failed;
	if (blob_count(b) > TABLE_MAX)
		return refuse_attr(o, name, "has %lld elements, more than %d", (long long)blob_count(b), TABLE_MAX);
	*out = floats_of(o, b);
	return true;
}

static bool child(Onnx *o, const Forest *f, int64_t at, int64_t is_leaf, int64_t *out)
{
	int64_t n = is_leaf ? f->nleaves : f->ninner;

	if (at < 0 || at >= n)
		return refuse(o, "a child is %s %lld, wanted 0 to %lld", is_leaf ? "leaf" : "node", (long long)at, (long long)n - 1);
	*out = is_leaf ? at : f->nleaves + at;
	return true;
}

static bool ensemble_nodes(Onnx *o, Forest *f)
{
	Ints feature = get_ints(o, "nodes_featureids"), yes = get_ints(o, "nodes_truenodeids"), no = get_ints(o, "nodes_falsenodeids");
	Ints yes_leaf = get_ints(o, "nodes_trueleafs"), no_leaf = get_ints(o, "nodes_falseleafs"), roots = get_ints(o, "tree_roots");
	Ints missing = get_ints(o, "nodes_missing_value_tracks_true");
	Floats mode, split, sets;
	int n = f->ninner = feature.n, next = 0;

	if (!tensor_numbers(o, "nodes_modes", &mode) || !tensor_numbers(o, "nodes_splits", &split) || !tensor_numbers(o, "membership_values", &sets))
		return false;
	if (!same_length(o, "nodes_truenodeids", yes.n, n) || !same_length(o, "nodes_falsenodeids", no.n, n) ||
	    !same_length(o, "nodes_trueleafs", yes_leaf.n, n) || !same_length(o, "nodes_falseleafs", no_leaf.n, n) ||
	    !same_length(o, "nodes_modes", mode.n, n) || !same_length(o, "nodes_splits", split.n, n) ||
	    (missing.n && !same_length(o, "nodes_missing_value_tracks_true", missing.n, n)))
		return false;
	forest_room(o, f, n + sets.n);
	for (int i = 0; i < n; i++) {
		if (!(mode.at[i] >= 0 && mode.at[i] < MODE_COUNT))
			return refuse_attr(o, "nodes_modes", "has the entry %g, wanted 0 to %d", mode.at[i], MODE_COUNT - 1);
		f->feature[i] = feature.at[i];
		f->mode[i] = (int64_t)mode.at[i];
		f->split[i] = split.at[i];
		f->missing[i] = missing.n && missing.at[i];
		if (!child(o, f, yes.at[i], yes_leaf.at[i], &f->yes[i]) || !child(o, f, no.at[i], no_leaf.at[i], &f->no[i]))
			return false;
	}
	f->nroots = roots.n;
	f->root = ARENA_ARRAY(o->arena, int64_t, roots.n + 1);
	for (int i = 0; i < roots.n; i++)
		if (!child(o, f, roots.at[i], 0, &f->root[i]))
			return false;
	for (int i = 0; i < n; i++)
		if (f->mode[i] == MODE_MEMBER && !members(o, f, i, &sets, &next))
			return false;
	f->ninner += f->nmembers;
	return roots.n || refuse_attr(o, "tree_roots", "is missing");
}

bool onnx_tree_ensemble(Onnx *o)
{
	static const char *const aggregates[] = { "AVERAGE", "SUM", "MIN", "MAX" };
	static const char *const transforms[] = { "NONE", "SOFTMAX", "LOGISTIC", "SOFTMAX_ZERO", "PROBIT" };
	int64_t aggregate = get_int(o, "aggregate_function", 1), how = get_int(o, "post_transform", 0), targets = get_int(o, "n_targets", 1);
	Ints target = get_ints(o, "leaf_targetids");
	Forest f = { .nleaves = target.n, .ntargets = (int)targets };
	Floats weight;
	Value *x = features(o);

	if (!x || !tensor_numbers(o, "leaf_weights", &weight))
		return false;
	if (aggregate < 0 || aggregate > 3 || how < 0 || how > 4)
		return refuse(o, "'aggregate_function' is %lld and 'post_transform' %lld, wanted 0 to 3 and 0 to 4", (long long)aggregate, (long long)how);
	if (targets < 1 || targets > TABLE_MAX)
		return refuse_attr(o, "n_targets", "is %lld, wanted at least 1", (long long)targets);
	double absent = absent_of(aggregates[aggregate], x->type->dtype);
	if (!same_length(o, "leaf_weights", weight.n, target.n) || !weights_room(o, &f, absent) || !ensemble_nodes(o, &f))
		return false;
	for (int i = 0; i < target.n; i++)
		if (!vote(o, &f, i, target.at[i], weight.at[i], absent))
			return false;
	Value *y = aggregated(o, &f, x, aggregates[aggregate]);
	y = y ? post_transformed(o, y, transforms[how]) : NULL;
	return y && give(o, 0, as_type(o, y, arg(o, 0)->type->dtype));
}
