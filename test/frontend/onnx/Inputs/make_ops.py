#!/usr/bin/env python3
"""Makes ops.onnx beside it, which the test ops.test refuses: each node for a reason of its own.  Needs the onnx package."""
import os

import numpy as np
from onnx import TensorProto as T
from onnx import helper as h
from onnx import numpy_helper as nh

ML, MS, TRAIN = "ai.onnx.ml", "com.microsoft", "ai.onnx.preview.training"
FLOATS = {"x": (3, 4), "row": (4,), "one": (), "square": (3, 3), "cube": (2, 3, 4), "open": ("N", "F")}
INTS = {"i": (3, 4), "at": (3,), "scalar": ()}
inputs = [h.make_tensor_value_info(n, T.FLOAT, s) for n, s in FLOATS.items()]
inputs += [h.make_tensor_value_info(n, T.INT64, s) for n, s in INTS.items()]
inputs += [h.make_tensor_value_info("u", T.UINT8, (3, 4)), h.make_tensor_value_info("bytes", T.UINT8, (6, 3, 8)),
           h.make_tensor_value_info("mask", T.BOOL, (3, 4)), h.make_tensor_value_info("f8", T.FLOAT8E4M3FN, (3, 4)),
           h.make_tensor_value_info("huge", T.INT64, (0, 1 << 40, 1 << 40))]
constants = {"two": np.array([1, 2], np.int64), "both": np.array([1, 2], np.int64), "yes": np.array(True), "half": np.array(2.5, np.float32), "z8": np.array(3, np.uint8),
             "s": np.array(0.5, np.float32)}
init = [nh.from_array(a, n) for n, a in constants.items()] + [h.make_tensor("z", T.FLOAT8E4M3FN, [], [1.0])]
nodes = []


def node(op, operands, domain="", results=1, **attrs):
    k, attrs = len(nodes), {n: v for n, v in attrs.items() if not isinstance(v, list) or v}
    nodes.append(h.make_node(op, operands.split(), [f"{k}_{i}" for i in range(results)], domain=domain, **attrs))


node("Gelu", "x", approximate="sigmoid")
node("Compress", "x mask")
node("NegativeLogLikelihoodLoss", "x at", reduction="all")
node("NegativeLogLikelihoodLoss", "x i")
node("NegativeLogLikelihoodLoss", "x at x")
node("Cast", "x")
node("BitCast", "x", to=T.INT64)
node("BitShift", "u u", direction="UP")
node("Mean", "")
node("IsAllFinite", "x", MS, isinf_only=1, isnan_only=1)
node("QuantizeLinear", "x s z")
node("QuantizeLinear", "x s z8", output_dtype=T.INT8)
node("QLinearGlobalAveragePool", "u s z8 s z8", MS, channels_last=0)
node("QLinearConcat", "s z8 u s", MS, axis=0)
node("MatMulNBits", "x bytes row", MS, K=40, N=6, bits=3, block_size=16)
node("MatMulNBits", "x bytes row u at", MS, K=40, N=6, bits=4, block_size=16)
nodes[-1].input[4] = "at"
node("RandomNormal", "", shape=[3, -1])
node("Multinomial", "cube")
node("Dropout", "x half yes")
node("ReduceMean", "huge both", keepdims=0)
node("TopK", "x two")
node("Adam", "one scalar x x x", TRAIN)
node("Momentum", "one scalar x x x", TRAIN, 2, alpha=0.9, beta=1.0, norm_coefficient=0.0, mode="fast")
# Linear models and features.
linear = dict(coefficients=[1.0] * 4, intercepts=[0.0])
node("TreeEnsembleRegressor", "x", ML, base_values_as_tensor=nh.from_array(np.array([1], np.int64)))
node("LinearRegressor", "cube", ML, **linear)
node("LinearRegressor", "open", ML, **linear)
node("LinearRegressor", "x", ML, post_transform="TANH", **linear)
node("LinearClassifier", "x", ML, 2, classlabels_strings=["a", "b"], coefficients=[1.0] * 8, intercepts=[0.0, 1.0])
node("LinearRegressor", "x", ML, coefficients=[1.0] * 5)
node("LinearRegressor", "x", ML, coefficients=[1.0] * 4, intercepts=[0.0, 1.0])
node("LinearRegressor", "x", ML, targets=2, **linear)
node("LinearClassifier", "x", ML, 2, classlabels_ints=[1, 2], coefficients=[1.0] * 12)
node("Normalizer", "one", ML)
node("Normalizer", "x", ML, norm="L3")
node("FeatureVectorizer", "x x", ML, inputdimensions=[4])
node("FeatureVectorizer", "cube", ML, inputdimensions=[4])
node("FeatureVectorizer", "open", ML, inputdimensions=[4])
node("OneHotEncoder", "i", ML, cats_strings=["a"])
node("Imputer", "x", ML, imputed_value_int64s=[1])
node("LabelEncoder", "i", ML, keys_strings=["a"], values_int64s=[1])
node("LabelEncoder", "i", ML, values_int64s=[1])
node("LabelEncoder", "i", ML, keys_int64s=[1], values_int64s=[1], default_tensor=nh.from_array(np.array([1, 2], np.int64)))
node("LabelEncoder", "i", ML, keys_int64s=[1, 2], values_int64s=[1])
# Support vector machines.
svm = dict(kernel_type="RBF", kernel_params=[0.3, 0.1, 3.0], rho=[0.1])
node("SVMRegressor", "open", ML, **svm)
node("SVMRegressor", "x", ML, kernel_params=[0.3], rho=[0.1])
node("SVMRegressor", "x", ML, kernel_type="SPLINE", rho=[0.1])
node("SVMRegressor", "x", ML, n_supports=2, coefficients=[1.0, 2.0], support_vectors=[1.0] * 7, **svm)
classes = dict(classlabels_ints=[1, 2], **svm)
node("SVMClassifier", "x", ML, 2, coefficients=[1.0] * 5, **classes)
node("SVMClassifier", "x", ML, 2, vectors_per_class=[1], support_vectors=[1.0] * 4, coefficients=[1.0], **classes)
node("SVMClassifier", "x", ML, 2, vectors_per_class=[1, 2], support_vectors=[1.0] * 4, coefficients=[1.0] * 3, **classes)
node("SVMClassifier", "x", ML, 2, vectors_per_class=[1, 1], support_vectors=[1.0] * 8, coefficients=[1.0] * 2, prob_a=[1.0, 2.0], prob_b=[1.0],
     **classes)
node("SVMClassifier", "x", ML, 2, vectors_per_class=[100] * 128, support_vectors=[1.0] * 100, classlabels_ints=list(range(128)), **svm)
# N-grams.
grams = dict(ngram_counts=[0], ngram_indexes=[0, 1], pool_int64s=[2, 3], min_gram_length=1, max_gram_length=1, max_skip_count=0)
node("TfIdfVectorizer", "i", **{**grams, "pool_int64s": []}, mode="TF")
node("TfIdfVectorizer", "i", **{**grams, "ngram_counts": [0, 1], "pool_int64s": [2, 3, 4, 5]}, mode="TF")
node("TfIdfVectorizer", "i", **{**grams, "ngram_indexes": [0, 1 << 30]}, mode="TF")
node("TfIdfVectorizer", "i", **grams, mode="BM25")
node("TfIdfVectorizer", "i", **grams, mode="IDF", weights=[1.0])
node("TfIdfVectorizer", "huge", **grams, mode="TF")
node("TfIdfVectorizer", "open", **grams, mode="TF")
# Trees: one node with two leaves.
tree = dict(nodes_treeids=[0, 0, 0], nodes_nodeids=[0, 1, 2], nodes_featureids=[1, 0, 0], nodes_modes=["BRANCH_LEQ", "LEAF", "LEAF"],
            nodes_values=[0.5, 0.0, 0.0], nodes_truenodeids=[1, 0, 0], nodes_falsenodeids=[2, 0, 0])
votes = dict(target_treeids=[0, 0], target_nodeids=[1, 2], target_ids=[0, 0], target_weights=[1.0, 2.0])


def regressor(n_targets=1, **more):
    node("TreeEnsembleRegressor", "x", ML, n_targets=n_targets, **{**tree, **votes, **more})


regressor(nodes_modes=["BRANCH_LEQ", "BRANCH_LEQ", "BRANCH_LEQ"])
regressor(target_ids=[0, 1])
regressor(nodes_modes=["BRANCH_LEQ", "LEAF", "BRANCH_LEQ"], nodes_truenodeids=[1, 0, 0], target_nodeids=[1, 1])
regressor(nodes_featureids=[4, 0, 0])
regressor(nodes_truenodeids=[5, 0, 0])
regressor(nodes_modes=["BRANCH_LIKE", "LEAF", "LEAF"])
regressor(nodes_nodeids=[0, 1, 1])
regressor(aggregate_function="MEDIAN")
regressor(nodes_values=[0.5])
regressor(n_targets=0)
node("TreeEnsembleRegressor", "x", ML)
node("TreeEnsembleClassifier", "x", ML, 2, **tree)


def ensemble(**more):
    attrs = dict(n_targets=1, aggregate_function=1, post_transform=0, tree_roots=[0], nodes_modes=nh.from_array(np.array([0], np.uint8)),
                 nodes_featureids=[1], nodes_splits=nh.from_array(np.array([0.5], np.float32)), nodes_truenodeids=[0], nodes_trueleafs=[1],
                 nodes_falsenodeids=[1], nodes_falseleafs=[1], leaf_targetids=[0, 0], leaf_weights=nh.from_array(np.array([1, 2], np.float32)))
    node("TreeEnsemble", "x", "ai.onnx.ml", **{**attrs, **more})


ensemble(nodes_modes=nh.from_array(np.array([6], np.uint8)), membership_values=nh.from_array(np.array([1, 2], np.float32)))
ensemble(nodes_falsenodeids=[2])
ensemble(nodes_modes=nh.from_array(np.array([7], np.uint8)))
ensemble(aggregate_function=4)
ensemble(tree_roots=[])
# Names whose reasons are in the table.
for name in ("CastMap", "CategoryMapper", "DictVectorizer"):
    node(name, "x", ML)
node("Gradient", "x", TRAIN, xs=["x"], y="x")
node("TfIdfVectorizer", "i", **{**grams, "max_skip_count": 1 << 40}, mode="TF")
node("TreeEnsembleRegressor", "open", ML, **{**tree, **votes, "nodes_featureids": [1 << 40, 0, 0]})
node("FusedGemm", "square square", MS, activation="Softplus")


def main():
    last = nodes[-1].output[0]
    graph = h.make_graph(nodes, "g", inputs, [h.make_tensor_value_info(last, T.FLOAT, None)], init)
    opsets = [h.make_opsetid("", 26), h.make_opsetid(ML, 5), h.make_opsetid(MS, 1), h.make_opsetid(TRAIN, 1)]
    m = h.make_model(graph, opset_imports=opsets, ir_version=10)
    with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "ops.onnx"), "wb") as f:
        f.write(m.SerializeToString(deterministic=True))


if __name__ == "__main__":
    main()
