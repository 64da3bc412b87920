#!/usr/bin/env python3
"""Stores as cases/classical.zip what the ONNX package's own cases leave out of ai.onnx.ml, of quantized ops, and of what ops mean in
older operator sets.  The wanted outputs are ONNX Runtime's, or, where it has no such op or is less exact, those of the package's
reference implementation.  The first axis of every input is a symbol.

    python -m venv venv && venv/bin/pip install onnx==1.23.2 onnxruntime==1.31.1
    venv/bin/python test/conformance/onnx/classical.py
"""
import json
import os
import zipfile

import numpy as np
import onnx
import onnxruntime as ort
from onnx import helper as h
from onnx import numpy_helper as nh
from onnx.reference import ReferenceEvaluator

import peers

ML, MS = "ai.onnx.ml", "com.microsoft"
TYPE_NAMES = {"float32": "f32", "float64": "f64", "int64": "i64", "int32": "i32", "int16": "i16", "int8": "i8", "uint8": "u8",
              "uint16": "u16", "bool": "bool"}
r = np.random.default_rng(7)
cases = {}


def case(name, op, inputs, results=1, domain="", opset=None, constants=(), tol=(1e-4, 1e-5), reference=False, fixed=False, **attrs):
    """constants: which operands are initializers; fixed: no symbols."""
    assert name not in cases, name
    names = ["" if v is None else f"i{k}" for k, v in enumerate(inputs)]
    outs = [f"o{k}" for k in range(results)]
    given, init, feeds = [], [], {}
    for k, v in enumerate(inputs):
        if v is None:
            continue
        if k in constants:
            init.append(nh.from_array(v, f"i{k}"))
            continue
        shape = ["N" if a == 0 and not fixed and n == len(inputs[0]) else n for a, n in enumerate(v.shape)]
        given.append(h.make_tensor_value_info(f"i{k}", h.np_dtype_to_tensor_dtype(v.dtype), shape))
        feeds[f"i{k}"] = v
    graph = h.make_graph([h.make_node(op, names, outs, domain=domain, **attrs)], "g", given,
                         [onnx.ValueInfoProto(name=o) for o in outs], init)
    opsets = [h.make_opsetid("", opset if opset and not domain else 21)]
    if domain:
        opsets.append(h.make_opsetid(domain, opset or 1))
    cases[name] = h.make_model(graph, opset_imports=opsets, ir_version=10), feeds, list(tol), reference


def floats(*shape):
    return r.standard_normal(shape).astype(np.float32)


def integers(low, high, *shape, dtype=np.int64):
    return r.integers(low, high, shape).astype(dtype)


def u8(*shape):
    return integers(0, 256, *shape, dtype=np.uint8)


def i8(*shape):
    return integers(-128, 128, *shape, dtype=np.int8)


def scale(x):
    return np.array(x, np.float32)


def zero(x, dtype=np.uint8):
    return np.array(x, dtype)


# Linear models and features.
x = floats(5, 4)
for how in ("NONE", "SOFTMAX", "LOGISTIC", "SOFTMAX_ZERO", "PROBIT"):
    case(f"linear_classifier_{how.lower()}", "LinearClassifier", [x * np.float32(0.1)], 2, ML, classlabels_ints=[3, 7, 9], multi_class=1,
         coefficients=(floats(12) * 0.1 + 0.2).tolist(), intercepts=[0.4, 0.5, 0.6], post_transform=how)
for how in ("NONE", "LOGISTIC"):
    case(f"linear_classifier_one_score_{how.lower()}", "LinearClassifier", [x], 2, ML, classlabels_ints=[3, 7], coefficients=floats(4).tolist(),
         intercepts=[0.1], post_transform=how)
case("linear_classifier_two_rows", "LinearClassifier", [x], 2, ML, classlabels_ints=[0, 1], coefficients=floats(8).tolist(),
     intercepts=[0.1, -0.1], multi_class=1, post_transform="LOGISTIC")
case("linear_classifier_integers", "LinearClassifier", [(x * 5).astype(np.int64)], 2, ML, classlabels_ints=[0, 1, 2],
     coefficients=floats(12).tolist(), intercepts=[0.1, -0.1, 0.0], post_transform="SOFTMAX")
case("linear_regressor", "LinearRegressor", [x], 1, ML, coefficients=floats(4).tolist(), intercepts=[0.1])
case("linear_regressor_targets", "LinearRegressor", [x], 1, ML, coefficients=floats(8).tolist(), intercepts=[0.1, -0.1], targets=2)
case("scaler", "Scaler", [x], 1, ML, offset=[1.0, 2.0, 3.0, 4.0], scale=[0.1, 0.2, 0.3, 0.4])
case("scaler_integers", "Scaler", [(x * 9).astype(np.int64)], 1, ML, offset=[1.0], scale=[0.1])
for how in ("L1", "L2", "MAX"):
    case(f"normalizer_{how.lower()}", "Normalizer", [np.abs(x)], 1, ML, norm=how)
case("one_hot_encoder", "OneHotEncoder", [np.array([[1, 2], [5, 9], [3, 3]], np.int64)], 1, ML, cats_int64s=[1, 2, 3, 5])
case("one_hot_encoder_floats", "OneHotEncoder", [np.array([1, 2, 5, 9], np.float32)], 1, ML, cats_int64s=[1, 2, 3, 5])
holes = x.copy()
holes[1, 2] = holes[3, 0] = np.nan
case("imputer", "Imputer", [holes], 1, ML, imputed_value_floats=[1.0, 2.0, 3.0, 4.0], replaced_value_float=float("nan"))
case("imputer_integers", "Imputer", [np.array([[1, 2], [3, 2]], np.int64)], 1, ML, fixed=True, imputed_value_int64s=[8], replaced_value_int64=2)
case("label_encoder_integers", "LabelEncoder", [np.array([[1, 2, 5], [5, 9, 1]], np.int64)], 1, ML, 2, keys_int64s=[1, 2, 5],
     values_int64s=[10, 20, 50], default_int64=-7)
case("label_encoder_to_floats", "LabelEncoder", [np.array([1, 2, 5, 9], np.int64)], 1, ML, 2, keys_int64s=[1, 2, 5], values_floats=[1.5, 2.5, 5.5])
case("label_encoder_floats", "LabelEncoder", [np.array([1, 2, np.nan, 9], np.float32)], 1, ML, 2, keys_floats=[1.0, np.nan, 5.0],
     values_floats=[1.5, 2.5, 5.5], default_float=3.0)
case("label_encoder_nan", "LabelEncoder", [np.array([1, 2, np.nan, 9], np.float32)], 1, ML, 4, keys_floats=[1.0, np.nan, 5.0],
     values_floats=[1.5, 2.5, 5.5], default_float=3.0)
case("label_encoder_to_integers", "LabelEncoder", [np.array([1, 2, 9], np.float32)], 1, ML, 2, keys_floats=[1.0, 9.0], values_int64s=[4, 5])
case("binarizer", "Binarizer", [x], 1, ML, threshold=0.3)
case("array_feature_extractor", "ArrayFeatureExtractor", [x, np.array([[0, 2]], np.int64)], 1, ML)
case("array_feature_extractor_vector", "ArrayFeatureExtractor", [x[0], np.array([3, 2], np.int64)], 1, ML)
case("feature_vectorizer", "FeatureVectorizer", [x, x[:, :2]], 1, ML, inputdimensions=[4, 2])
case("zip_map", "ZipMap", [np.abs(x[:, :3])], 1, ML, classlabels_int64s=[4, 5, 6])


# Trees: each of random shape, some leaves with votes for all targets.
def forest(trees, depth, targets, modes=("BRANCH_LEQ",), grid=None):
    node = {k: [] for k in ("treeids", "nodeids", "featureids", "modes", "values", "truenodeids", "falsenodeids", "missing_value_tracks_true")}
    votes = {k: [] for k in ("treeids", "nodeids", "ids", "weights")}

    def grow(tree, counter, levels):
        number, row = counter[0], len(node["treeids"])
        counter[0] += 1
        for k, value in zip(node, (tree, number, 0, "LEAF", 0.0, 0, 0, 0)):
            node[k].append(value)
        if levels == 0 or (number and r.random() < 0.2):
            for t in range(targets) if r.random() < 0.5 else [int(r.integers(targets))]:
                for k, value in zip(votes, (tree, number, t, float(np.float32(r.standard_normal())))):
                    votes[k].append(value)
            return number
        split = float(np.float32(r.standard_normal() * 0.5))
        node["featureids"][row] = int(r.integers(6))
        node["modes"][row] = modes[int(r.integers(len(modes)))]
        node["values"][row] = round(split * grid) / grid if grid else split
        node["missing_value_tracks_true"][row] = int(r.integers(2))
        node["truenodeids"][row] = grow(tree, counter, levels - 1)
        node["falsenodeids"][row] = grow(tree, counter, levels - 1)
        return number

    for tree in range(trees):
        grow(tree, [0], depth)
    return {f"nodes_{k}": v for k, v in node.items()}, votes


def named(prefix, votes):
    return {f"{prefix}_{k}": v for k, v in votes.items()}


rows = floats(33, 6)
rows[3, 2] = rows[7, 1] = np.nan
for how in ("SUM", "AVERAGE", "MIN", "MAX"):
    nodes, votes = forest(7, 4, 2)
    case(f"tree_regressor_{how.lower()}", "TreeEnsembleRegressor", [rows], 1, ML, aggregate_function=how, n_targets=2, base_values=[0.5, -0.5],
         **nodes, **named("target", votes))
for mode in ("LEQ", "LT", "GTE", "GT", "EQ", "NEQ"):
    nodes, votes = forest(3, 3, 1, ["BRANCH_" + mode], 2)
    case(f"tree_regressor_{mode.lower()}", "TreeEnsembleRegressor", [np.round(rows * 2) / 2], 1, ML, n_targets=1, **nodes, **named("target", votes))
nodes, votes = forest(3, 4, 1, ["BRANCH_LEQ", "BRANCH_GT", "BRANCH_NEQ"])
case("tree_regressor_mixed", "TreeEnsembleRegressor", [rows], 1, ML, n_targets=1, **nodes, **named("target", votes))
for how in ("NONE", "SOFTMAX", "LOGISTIC", "SOFTMAX_ZERO"):
    nodes, votes = forest(9, 4, 3)
    case(f"tree_classifier_{how.lower()}", "TreeEnsembleClassifier", [rows], 2, ML, post_transform=how, classlabels_int64s=[5, 6, 8], **nodes,
         **named("class", votes))
for how in ("NONE", "LOGISTIC"):
    nodes, votes = forest(9, 4, 1)
    case(f"tree_classifier_one_score_{how.lower()}", "TreeEnsembleClassifier", [rows], 2, ML, post_transform=how, classlabels_int64s=[5, 6],
         base_values=[0.25], **nodes, **named("class", votes))
    votes["ids"] = [1] * len(votes["ids"])
    case(f"tree_classifier_second_score_{how.lower()}", "TreeEnsembleClassifier", [rows], 2, ML, post_transform=how, classlabels_int64s=[5, 6],
         **nodes, **named("class", votes))
votes["ids"] = [0] * len(votes["ids"])
votes["weights"] = (np.abs(votes["weights"]) / 9).astype(np.float32).tolist()
case("tree_classifier_shares", "TreeEnsembleClassifier", [rows], 2, ML, classlabels_int64s=[0, 1], **nodes, **named("class", votes))

# Support vector machines.
vectors = floats(6, 4).ravel().tolist()
for kernel in ("LINEAR", "POLY", "RBF", "SIGMOID"):
    common = dict(kernel_type=kernel, kernel_params=[0.3, 0.1, 3.0], support_vectors=vectors)
    name = kernel.lower()
    case(f"svm_regressor_{name}", "SVMRegressor", [x], 1, ML, coefficients=floats(6).tolist(), n_supports=6, rho=[0.2], **common)
    three = dict(rho=[0.2, 0.1, -0.3], vectors_per_class=[2, 3, 1], classlabels_ints=[4, 5, 9], coefficients=floats(12).tolist(), **common)
    case(f"svm_classifier_{name}", "SVMClassifier", [x], 2, ML, **three)
    case(f"svm_classifier_{name}_probabilities", "SVMClassifier", [x], 2, ML, prob_a=[-1.0, -1.2, -0.8], prob_b=[0.1, 0.2, -0.1], **three)
    two = dict(rho=[0.2], vectors_per_class=[2, 4], classlabels_ints=[4, 5], coefficients=floats(6).tolist(), **common)
    case(f"svm_classifier_{name}_two", "SVMClassifier", [x], 2, ML, **two)
    case(f"svm_classifier_{name}_two_probabilities", "SVMClassifier", [x], 2, ML, prob_a=[-1.0], prob_b=[0.1], **two)
case("svm_regressor_one_class", "SVMRegressor", [x], 1, ML, kernel_type="RBF", kernel_params=[0.3, 0.1, 3.0], coefficients=floats(6).tolist(),
     n_supports=6, support_vectors=vectors, rho=[0.2], one_class=1)
case("svm_classifier_without_vectors", "SVMClassifier", [x], 2, ML, kernel_type="LINEAR", coefficients=floats(12).tolist(), rho=[0.2, 0.2, 0.2], kernel_params=[0.3, 0.1, 3.0],
     classlabels_ints=[4, 5, 9])

# ONNX Runtime's own ops.
case("gelu", "Gelu", [x], 1, MS)
case("fast_gelu", "FastGelu", [x, floats(4)], 1, MS)
case("bias_gelu", "BiasGelu", [x, floats(4)], 1, MS)
case("quick_gelu", "QuickGelu", [x], 1, MS)
for op in ("Add", "Mul"):
    case(f"qlinear_{op.lower()}", "QLinear" + op, [u8(3, 4), scale(0.1), zero(120), u8(3, 4), scale(0.2), zero(10), scale(0.3), zero(100)], 1, MS,
         constants=(1, 2, 4, 5, 6, 7))
case("qlinear_sigmoid", "QLinearSigmoid", [u8(3, 4), scale(0.05), zero(120), scale(1 / 256), zero(0)], 1, MS, constants=(1, 2, 3, 4))
# What they compute with integers is off by one in the last place at times, by what the numbers stand for.
case("qlinear_leaky_relu", "QLinearLeakyRelu", [u8(3, 4), scale(0.05), zero(120), scale(0.04), zero(3)], 1, MS, constants=(1, 2, 3, 4), tol=(0, 1),
     alpha=0.1)
case("qlinear_global_average_pool", "QLinearGlobalAveragePool", [u8(2, 3, 4, 5), scale(0.05), zero(120), scale(0.04), zero(110)], 1, MS,
     constants=(1, 2, 3, 4), tol=(0, 1), channels_last=0)
case("qlinear_average_pool", "QLinearAveragePool", [u8(2, 3, 6, 5), scale(0.05), zero(120), scale(0.04), zero(110)], 1, MS,
     constants=(1, 2, 3, 4), tol=(0, 1), kernel_shape=[2, 2], strides=[2, 1], pads=[1, 0, 0, 1])
case("qlinear_average_pool_channels_last", "QLinearAveragePool", [u8(2, 6, 5, 3), scale(0.05), zero(120), scale(0.04), zero(110)], 1, MS,
     constants=(1, 2, 3, 4), tol=(0, 1), kernel_shape=[2, 2], strides=[2, 1], channels_last=1)
case("qlinear_concat", "QLinearConcat", [scale(0.1), zero(100), u8(2, 3), scale(0.2), zero(5), u8(2, 4), scale(0.05), zero(200)], 1, MS,
     constants=(0, 1, 3, 4, 6, 7), fixed=True, axis=1)
case("qgemm", "QGemm", [u8(3, 5), scale(0.1), zero(100), i8(5, 4), scale(0.2), zero(0, np.int8), integers(-99, 99, 4, dtype=np.int32), scale(0.9),
                        zero(20)], 1, MS, constants=tuple(range(1, 9)))
case("qgemm_floats", "QGemm", [u8(3, 5), scale(0.1), zero(100), i8(4, 5), scale(0.2), zero(3, np.int8)], 1, MS, constants=(1, 2, 3, 4, 5), transB=1,
     alpha=1.0)
case("matmul_integer_to_float", "MatMulIntegerToFloat", [u8(3, 5), u8(5, 4), scale(0.1), scale(0.2), zero(100), zero(7), floats(4)], 1, MS,
     constants=(1, 2, 3, 4, 5, 6))
case("matmul_integer_to_float_columns", "MatMulIntegerToFloat", [u8(3, 5), u8(5, 4), scale(0.1), np.abs(floats(4)), zero(100), u8(4)], 1, MS,
     constants=(1, 2, 3, 4, 5))
case("dynamic_quantize_matmul", "DynamicQuantizeMatMul", [floats(3, 5), i8(5, 4) // 4, scale(0.2), zero(3, np.int8), floats(4)], 1, MS,
     constants=(1, 2, 3, 4))
case("matmul_nbits", "MatMulNBits", [floats(3, 40), u8(6, 3, 8), np.abs(floats(18))], 1, MS, constants=(1, 2), tol=(1e-3, 1e-4), K=40, N=6, bits=4,
     block_size=16)
case("matmul_nbits_zeros", "MatMulNBits", [floats(3, 40), u8(6, 3, 8), np.abs(floats(18)), u8(12)], 1, MS, constants=(1, 2, 3), tol=(1e-3, 1e-4),
     K=40, N=6, bits=4, block_size=16)

# Quantized ops.  ONNX Runtime's sums of u8 times i8 saturate on some machines.
case("qlinear_conv_groups", "QLinearConv", [u8(1, 4, 7, 6), scale(0.1), zero(120), i8(6, 2, 3, 3), np.abs(floats(6)), np.zeros(6, np.int8), scale(0.9),
                                            zero(90), integers(-99, 99, 6, dtype=np.int32)], 1, opset=10, constants=tuple(range(1, 9)),
     reference=True, group=2, pads=[1, 1, 1, 1], strides=[2, 1])
case("conv_integer_same", "ConvInteger", [u8(1, 4, 7, 6), i8(6, 2, 3, 3), zero(13)], 1, opset=10, constants=(1, 2), group=2, auto_pad="SAME_UPPER",
     strides=[1, 2])
case("matmul_integer_columns", "MatMulInteger", [u8(3, 5), u8(5, 4), zero(9), u8(4)], 1, opset=10, constants=(1, 2, 3))
case("qlinear_matmul_batch", "QLinearMatMul", [u8(2, 3, 5), scale(0.1), zero(100), u8(2, 5, 4), scale(0.2), zero(7), scale(0.9), zero(10)], 1, opset=10,
     constants=(1, 2, 4, 5, 6, 7))
for dtype in (np.uint8, np.int8, np.int16, np.uint16):
    name = TYPE_NAMES[np.dtype(dtype).name]
    case(f"quantize_axis_{name}", "QuantizeLinear", [floats(3, 4) * 50, np.abs(floats(4)), integers(0, 9, 4, dtype=dtype)], 1, opset=21,
         constants=(1, 2), axis=1)
    case(f"dequantize_axis_{name}", "DequantizeLinear", [integers(0, 99, 3, 4, dtype=dtype), np.abs(floats(3)), integers(0, 9, 3, dtype=dtype)], 1,
         opset=21, constants=(1, 2), fixed=True, axis=0)
case("quantize_blocks", "QuantizeLinear", [floats(3, 10) * 50, np.abs(floats(3, 3)), integers(0, 9, 3, 3, dtype=np.uint8)], 1, opset=21,
     constants=(1, 2), fixed=True, axis=1, block_size=4)
case("quantize_one_as_vector", "QuantizeLinear", [floats(3, 4) * 50, np.abs(floats(1)), np.array([3], np.uint8)], 1, opset=13, constants=(1, 2))
case("dequantize_i32", "DequantizeLinear", [integers(-999, 999, 3, 4, dtype=np.int32), np.abs(floats(4))], 1, opset=13, constants=(1,))
case("dynamic_quantize", "DynamicQuantizeLinear", [floats(3, 4)], 3, opset=11)

# Operator sets before 13, other types, and attributes at their ends.
for op in ("Softmax", "LogSoftmax", "Hardmax"):
    for opset in (7, 11):
        for axis in (0, 1, 2):
            case(f"{op.lower()}_{opset}_axis_{axis}", op, [floats(2, 3, 4)], 1, opset=opset, axis=axis)
case("clip_7", "Clip", [floats(9)], 1, opset=7, min=-0.5, max=0.5)
case("clip_10_above", "Clip", [floats(9)], 1, opset=10, max=0.1)
case("clip_11_above", "Clip", [floats(9), None, scale(0.2)], 1, opset=11)
case("clip_13_i8", "Clip", [i8(9), zero(-3, np.int8), zero(50, np.int8)], 1, opset=13)
for opset in (7, 11, 12):
    case(f"reduce_sum_{opset}", "ReduceSum", [floats(2, 3, 4)], 1, opset=opset, axes=[0, 2], keepdims=0)
case("reduce_sum_13", "ReduceSum", [floats(2, 3, 4), np.array([1, -1], np.int64)], 1, opset=13, constants=(1,), keepdims=0)
for op in ("L1", "L2", "LogSum", "LogSumExp", "Max", "Mean", "Min", "Prod", "SumSquare"):
    case(f"reduce_{op.lower()}_7", "Reduce" + op, [np.abs(floats(2, 3, 4))], 1, opset=7, axes=[1], keepdims=1)
    if "Log" not in op:
        case(f"reduce_{op.lower()}_i32", "Reduce" + op, [integers(1, 3, 2, 3, 4, dtype=np.int32)], 1, opset=18, keepdims=0)
    case(f"reduce_{op.lower()}_no_axes", "Reduce" + op, [np.abs(floats(2, 3))], 1, opset=18, noop_with_empty_axes=1)
for opset in (7, 11, 12, 13):
    case(f"arg_max_{opset}", "ArgMax", [integers(0, 3, 4, 5, dtype=np.float32)], 1, opset=opset, axis=1, keepdims=opset % 2)
case("arg_min_last", "ArgMin", [integers(0, 3, 4, 5, dtype=np.float32)], 1, opset=13, axis=0, select_last_index=1)
case("top_k_7", "TopK", [floats(3, 8)], 2, opset=7, k=3, axis=1)
case("top_k_10", "TopK", [floats(4, 8), np.array([3], np.int64)], 2, opset=10, constants=(1,), fixed=True, axis=0)
case("top_k_i64_smallest", "TopK", [integers(0, 9, 3, 8), np.array([4], np.int64)], 2, opset=11, constants=(1,), largest=0)
for fmod in (0, 1):
    case(f"mod_i32_fmod_{fmod}", "Mod", [integers(-9, 9, 20, dtype=np.int32), np.where(integers(0, 2, 20) > 0, 3, -3).astype(np.int32)], 1, opset=13,
         fmod=fmod)
case("mod_f32", "Mod", [floats(20) * 5, floats(20)], 1, opset=13, fmod=1)
case("div_i32", "Div", [integers(-9, 9, 20, dtype=np.int32), np.where(integers(0, 2, 20) > 0, 3, -3).astype(np.int32)], 1, opset=13)
for base, power in (("float32", "int64"), ("int64", "float32"), ("int32", "int64"), ("float64", "float32"), ("float32", "float64"), ("int32", "float32")):
    case(f"pow_{base}_{power}", "Pow", [integers(1, 5, 6).astype(base), integers(0, 4, 6).astype(power)], 1, opset=15)
case("unique_rows", "Unique", [integers(0, 2, 9, 3, dtype=np.float32)], 4, opset=11, axis=0)
case("unique_rows_unsorted", "Unique", [integers(0, 2, 9, 3, dtype=np.float32)], 4, opset=11, axis=0, sorted=0)
case("unique_unsorted", "Unique", [integers(0, 5, 9, 3)], 4, opset=11, sorted=0)
case("nonzero", "NonZero", [integers(0, 2, 4, 5, dtype=np.float32)], 1, opset=13)
case("mean", "Mean", [floats(3, 4), floats(4), floats(3, 1)], 1, opset=13)
case("prelu_i32", "PRelu", [integers(-9, 9, 2, 3, dtype=np.int32), integers(-9, 9, 3, dtype=np.int32)], 1, opset=16)
case("shrink_i32", "Shrink", [integers(-9, 9, 9, dtype=np.int32)], 1, opset=9, lambd=2.5, bias=1.0)
case("selu", "Selu", [floats(9)], 1, opset=7, alpha=2.0, gamma=3.0)
case("celu", "Celu", [floats(9)], 1, opset=12, alpha=2.0)
case("elu_0", "Elu", [floats(9)], 1, opset=7, alpha=0.0)
case("leaky_relu_0", "LeakyRelu", [floats(9)], 1, opset=7, alpha=0.0)
case("hard_sigmoid_0", "HardSigmoid", [floats(9)], 1, opset=7, alpha=0.0, beta=0.0)
case("cumsum_exclusive_reverse", "CumSum", [floats(3, 4), np.array(1, np.int64)], 1, opset=14, constants=(1,), exclusive=1, reverse=1)
case("abs_u8", "Abs", [u8(5)], 1, opset=13)
case("sign_u8", "Sign", [u8(5) // 200], 1, opset=13)
case("nll_loss_ignored", "NegativeLogLikelihoodLoss", [floats(3, 5, 2), integers(0, 5, 3, 2), np.abs(floats(5))], 1, opset=13, ignore_index=2)
case("softmax_cross_entropy_i32", "SoftmaxCrossEntropyLoss", [floats(3, 5), integers(0, 5, 3, dtype=np.int32)], 2, opset=13)

# Behind the others, whose numbers are drawn before.
for how in ("Relu", "LeakyRelu", "Sigmoid", "Tanh"):
    case(f"fused_gemm_{how.lower()}", "FusedGemm", [floats(3, 5), floats(4, 5), floats(4)], 1, MS, constants=(1, 2), transB=1, alpha=0.5,
         activation=how, **({"activation_alpha": 0.1} if how == "LeakyRelu" else {}))


def wanted(model, feeds, reference):
    if reference:
        return ReferenceEvaluator(model).run(None, feeds)
    options = ort.SessionOptions()
    options.log_severity_level = 4
    got = ort.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"]).run(None, feeds)
    return [np.array([list(row.values()) for row in v], np.float32) if isinstance(v, list) else v for v in got]   # maps: their values


def main():
    files, index = {}, {}
    for name, (model, feeds, tol, reference) in cases.items():
        files[name + ".onnx"] = model.SerializeToString(deterministic=True)
        node = model.graph.node[0]
        entry = index[name] = {"in": [], "out": [], "tol": tol, "ops": [f"{node.domain}.{node.op_type}" if node.domain else node.op_type]}
        results = dict(zip(node.output, wanted(model, feeds, reference), strict=True))
        for kind, values in (("in", feeds), ("out", results)):
            for k, (key, a) in enumerate(values.items()):
                files[f"{name}.{kind}{k}.npy"] = peers.npy(a)
                entry[kind].append([key, TYPE_NAMES[np.asarray(a).dtype.name], f"{name}.{kind}{k}.npy"])
    files["cases.json"] = json.dumps({"cases": index, "left out": {}}, indent=0, sort_keys=True).encode()
    path = os.path.join(peers.here, "cases/classical.zip")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as z:
        for name in sorted(files):
            z.writestr(zipfile.ZipInfo(name, (2020, 1, 1, 0, 0, 0)), files[name], zipfile.ZIP_DEFLATED, 9)
    print(f"{len(index)} cases, {os.path.getsize(path)} bytes")


if __name__ == "__main__":
    main()
