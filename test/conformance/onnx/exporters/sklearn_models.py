"""Models that skl2onnx writes: trees, linear models and what stands before them; dynamic batch."""
import numpy as np
from skl2onnx import to_onnx
from sklearn import datasets, ensemble, impute, linear_model, naive_bayes, neighbors, neural_network, pipeline, preprocessing, svm, tree

x, y = datasets.load_iris(return_X_y=True)
x = x.astype(np.float32)
values = 10 * x[:, 0] - x[:, 1] * x[:, 2]


def holes():
    h = x.copy()
    h[np.random.default_rng(0).random(h.shape) < 0.1] = np.nan
    return h


MODELS = {
    "random_forest": lambda: ensemble.RandomForestClassifier(30, random_state=0).fit(x, y),
    "random_forest_regressor": lambda: ensemble.RandomForestRegressor(20, random_state=0).fit(x, values),
    "gradient_boosting": lambda: ensemble.GradientBoostingClassifier(n_estimators=10, random_state=0).fit(x, y),
    "decision_tree": lambda: tree.DecisionTreeClassifier(random_state=0).fit(x, y),
    "logistic": lambda: linear_model.LogisticRegression(max_iter=1000).fit(x, y),
    "linear": lambda: linear_model.LinearRegression().fit(x, values),
    "svc": lambda: svm.SVC(probability=True, random_state=0).fit(x, y),
    "svr": lambda: svm.SVR().fit(x, values),
    "bayes": lambda: naive_bayes.GaussianNB().fit(x, y),
    "neighbours": lambda: neighbors.KNeighborsClassifier(3).fit(x, y),
    "mlp": lambda: neural_network.MLPClassifier((16,), max_iter=300, random_state=0).fit(x, y),
    "pipeline": lambda: pipeline.make_pipeline(impute.SimpleImputer(), preprocessing.StandardScaler(), preprocessing.PolynomialFeatures(2),
                                               linear_model.LogisticRegression(max_iter=1000)).fit(holes(), y),
}


def export(name, path):
    model = MODELS[name]()
    options = {id(model): {"zipmap": False}} if hasattr(model, "predict_proba") else None
    data = holes() if name == "pipeline" else x
    with open(path, "wb") as f:
        f.write(to_onnx(model, data[:1], options=options).SerializeToString())
    return [{"X": data[:1]}, {"X": data}]
