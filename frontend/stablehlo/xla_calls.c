/* frontend/stablehlo/xla_calls.c - custom calls that XLA's own builder makes, as TensorFlow writes them.

   Their results may be a tuple, and their options stand in a text, separated by commas. */
#include "frontend/stablehlo/import.h"

bool import_xla_qr(Import *im, const MlirOp *op)
{
	Value *a = import_arg(im, op, 0);

	return a && set_results(im, op, build_op(&im->b, OP_qr_factors, ARGS(a), NULL));
}

bool import_xla_householder_product(Import *im, const MlirOp *op)
{
	Value *arg[2] = { import_arg(im, op, 0), import_arg(im, op, 1) };

	return arg[0] && arg[1] && set_results(im, op, build_op(&im->b, OP_householder_product, 2, arg, NULL));
}

/* Options: lower, sort, the largest number of sweeps, the tolerance.  Only the first changes what is meant. */
bool import_xla_eigh(Import *im, const MlirOp *op)
{
	const MlirAttr *config = mlir_attr(op, "backend_config");
	const char *text = config && config->text ? config->text : "";
	Value *a = import_arg(im, op, 0);

	if (!a)
		return false;
	if ((text[0] != '0' && text[0] != '1') || text[1] != ',')
		return refuse_op(im, "attribute 'backend_config' does not begin with 0 or 1 and a comma: which triangle is read");
	Op *eigh = build_op(&im->b, OP_eigh, ARGS(a), &(struct attrs_eigh){ .lower = text[0] == '1' });
	return eigh && set_values(im, op, 2, (Value *[]){ eigh->result[1], eigh->result[0] });
}
