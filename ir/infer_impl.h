/* ir/infer_impl.h - what the files of shape inference share: checks that say what is wrong, arithmetic on extents, results. */
#ifndef IR_INFER_IMPL_H
#define IR_INFER_IMPL_H

#include "ir/base/check.h"
#include "ir/infer.h"

#define COMPOSITE(name, operands, attributes, infer, expand, doc) \
	OP(name, operands, T_COMPOSITE, attributes, NO_REGIONS, infer, composite, composite, doc)
#define OP(name, operands, traits, attributes, regions, infer, ...) bool infer_##infer(Infer *in);
#include "ir/ops.def"

/* Failing.  The text gets "<op>: " put before it; all return false.  fail_at adds the note where operand i is defined. */
bool infer_fail(Infer *in, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
bool infer_fail_at(Infer *in, int i, const char *fmt, ...) __attribute__((format(printf, 3, 4)));
/* Text for messages, in the context's arena. "operand" when the op has only one, else "operand 2". */
const char *infer_type_text(Infer *in, const Type *t);
const char *infer_dim_text(Infer *in, Dim d);
const char *infer_operand_text(Infer *in, int i);

static inline const Type *infer_arg(const Infer *in, int i) { return in->op->arg[i]->type; }
static inline Arena *infer_arena(const Infer *in) { return in->func->module->arena; }

/* Arithmetic on extents.  NULL (an overflow of int64) goes through, and infer_result refuses it. */
Dim infer_const(Infer *in, int64_t v);
Dim infer_add(Infer *in, Dim a, Dim b);
Dim infer_sub(Infer *in, Dim a, Dim b);
Dim infer_mul(Infer *in, Dim a, Dim b);
Dim infer_max(Infer *in, Dim a, Dim b);
Dim infer_floordiv(Infer *in, Dim a, Dim b);
Dim infer_ceildiv(Infer *in, Dim a, Dim b);
Dim infer_product(Infer *in, int n, const Dim *at);

/* a == b, or a <= b: proved, or recorded as a check at entry of the graph; refused with the given text (made only
   then) if it never holds. */
#define infer_equal(in, a, b, ...)   (infer_can_equal((in), (a), (b)) || infer_fail((in), __VA_ARGS__))
#define infer_at_most(in, a, b, ...) (infer_can_be_at_most((in), (a), (b)) || infer_fail((in), __VA_ARGS__))
bool infer_can_equal(Infer *in, Dim a, Dim b);
bool infer_can_be_at_most(Infer *in, Dim a, Dim b);
/* Of two extents that must be equal, the one to use from here on: a number before an expression; the choice does not
   depend on the order of the operands. */
Dim infer_merge(Infer *in, Dim a, Dim b);

/* The extent of two axes under numpy's rule, a literal 1 going with anything; what: "batch", for the message. */
bool infer_broadcast(Infer *in, const char *what, Dim a, Dim b, Dim *out);

/* Appends a result type; refuses overflow, negative extents and ranks over RANK_MAX. */
bool infer_result(Infer *in, DType t, int rank, const Dim *dim);
bool infer_result_type(Infer *in, const Type *t);

/* Operands. */
bool infer_arity(Infer *in, int least, int most, const char *what);       /* variadic ops; what they are, for the message */
bool infer_dtype_in(Infer *in, int i, unsigned types);                    /* element type of operand i among DTS_* */
bool infer_dtype_same(Infer *in, int i, int j);                           /* operand j's element type as operand i's */
bool infer_shape_same(Infer *in, int i, int j);                           /* operand j's extents equal operand i's */
bool infer_rank_is(Infer *in, int i, int rank);
bool infer_is_scalar(Infer *in, int i, DType t, const char *what);        /* operand i is t[] */
/* found's element type and extents are those of want; what says whose it is ("argument 0 of the region"). */
bool infer_type_is(Infer *in, const Type *found, const Type *want, const char *what);

/* Operand i is a tensor of operand 0's element type and the given extents; what: "the bias". */
bool infer_operand_is(Infer *in, int i, const char *what, int rank, const Dim *dim);
/* What an expansion makes on the way is a type: the rank and the number of bytes are in bounds. */
bool infer_fits(Infer *in, const char *what, DType t, int rank, const Dim *dim);

/* The size that the op defines has a name, and a bound: the one given, or else `most`; NULL: there must be one. */
bool infer_size(Infer *in, Dim most);

/* Attributes. */
enum { AXES_SORTED = 1 };
/* Entries are distinct axes in [0, rank). */
bool infer_axes(Infer *in, const char *attr, Ints axes, int rank, unsigned flags);
bool infer_ints_count(Infer *in, const char *attr, Ints v, int want, bool may_be_absent);
bool infer_ints_least(Infer *in, const char *attr, Ints v, int64_t least);
bool infer_axis(Infer *in, const char *attr, int64_t axis, int rank);
/* Counts from the end when negative; refuses what is outside. */
bool infer_axis_wrapped(Infer *in, const char *attr, int64_t axis, int rank, int *out);
/* Entries are distinct axes, counted from the end when negative; marked[k]: axis k is among them. */
bool infer_axes_wrapped(Infer *in, const char *attr, Ints axes, int rank, bool *marked);
bool ints_have(Ints v, int64_t x);
/* The attribute is one of n words. */
bool infer_word(Infer *in, const char *attr, const char *word, const char *const *words, int n);
static inline int64_t ints_at(Ints v, int i, int64_t absent) { return v.n ? v.at[i] : absent; }

/* Regions: region r takes arguments of these types and yields values of those. */
bool infer_region(Infer *in, int r, int nargs, const Type *const *args, int nyields, const Type *const *yields);
/* The body of a reduction over op's operands first .. first+n-1: two scalars of each element type to one. */
bool infer_combiner(Infer *in, int first, int n);

/* One spatial axis of a window op: static sizes on a possibly symbolic extent. */
typedef struct Window { int64_t size, stride, base_dilation, dilation, low, high; } Window;
typedef struct WindowAttrs { Ints size, strides, base_dilation, dilation; Pads *padding; } WindowAttrs;
/* Result extents of windows over n axes of given extents.  Resolves `same` (as much before as after, the odd one
   after) and writes the explicit form to resolved if not NULL; refuses it where it would depend on a symbol. */
bool infer_windows(Infer *in, int n, const Dim *extent, const WindowAttrs *w, Dim *out, Pads *resolved);

#endif
