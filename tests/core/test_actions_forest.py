"""Trees: the same answers as LightGBM, and files that are broken or hostile are refused."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from core.actions.forest import Forest, parse_forest
from core.actions.model import ActionModel, load_model, model_of_bytes
from core.actions.training import TrainSettings, train
from core.actions.windows import WindowSettings
from core.errors import InputError
from tests.core.actions_scene import track

SETTINGS = TrainSettings(rounds=6, copies=1, features=("places", "velocities"), sides=False)
COLUMNS = 234


@pytest.fixture(scope="module")
def model() -> ActionModel:
    return train([track("a"), track("b", seed=1)], SETTINGS)


def test_answers_are_those_of_lightgbm(model: ActionModel) -> None:
    import lightgbm

    random = np.random.default_rng(0)
    rows = random.normal(0, 2, (400, COLUMNS)).astype(np.float32)
    rows[random.uniform(size=rows.shape) < 0.3] = np.nan
    rows[:5] = np.nan
    rows[5:10] = 0.0
    booster = lightgbm.Booster(model_str=model.text)
    assert np.allclose(model.forest.scores(rows), booster.predict(rows, raw_score=True), atol=1e-12)
    assert np.allclose(model.forest.probabilities(rows), booster.predict(rows), atol=1e-6)


def test_features_without_anything_missing_take_nan_for_zero() -> None:
    import lightgbm

    random = np.random.default_rng(0)
    rows = random.normal(size=(300, 3)).astype(np.float32)
    numbers = (rows[:, 0] > 0.3).astype(int) + (rows[:, 1] > 0)
    parameters = {"objective": "multiclass", "num_class": 3, "verbose": -1, "num_threads": 1}
    booster = lightgbm.train(parameters, lightgbm.Dataset(rows, numbers), 5)
    forest = parse_forest(booster.model_to_string(), 3, 3)
    rows[::3] = np.nan
    assert np.allclose(forest.probabilities(rows), booster.predict(rows), atol=1e-6)


def walked(forest: Forest, row: list[float]) -> list[float]:
    """The same in plain Python."""
    scores = [0.0] * forest.classes
    for tree, root in enumerate(forest.roots.tolist()):
        node = root
        while node >= 0:
            value = row[forest.features[node]]
            if value != value and forest.missing[node]:
                left = forest.missing[node] == 2
            else:
                left = (0.0 if value != value else value) <= forest.thresholds[node]
            node = int(forest.children[node, 0 if left else 1])
        scores[tree % forest.classes] += float(forest.leaves[~node])
    return scores


def test_the_kernel_and_its_slow_twin_agree(model: ActionModel) -> None:
    random = np.random.default_rng(5)
    rows = random.normal(0, 2, (20, COLUMNS)).astype(np.float32)
    rows[random.uniform(size=rows.shape) < 0.4] = np.nan
    rows[0] = np.inf
    rows[1] = -np.inf
    expected = [walked(model.forest, row.tolist()) for row in rows]
    assert np.allclose(model.forest.scores(rows), expected, atol=1e-12)
    assert model.forest.scores(rows[:0]).shape == (0, 3)


def test_a_file_comes_back_as_it_was(model: ActionModel, tmp_path: Path) -> None:
    file = tmp_path / "a.actions"
    file.write_bytes(model.to_bytes())
    again = load_model(file)
    assert again.header == model.header
    assert again.text == model.text
    assert again.labels == ("idle", "punch", "wave")
    assert np.array_equal(again.forest.thresholds, model.forest.thresholds)


def sealed(model: ActionModel, change: Callable[[str], str]) -> bytes:
    """A file whose trees were changed by someone who made the checksum fit."""
    text = change(model.text)
    header = ActionModel(model.header, model.forest, text)
    import hashlib

    content = text.encode()
    values = {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest(), "trees": text.count("\nTree=")}
    return ActionModel(model.header.changed(**values), header.forest, text).to_bytes()


def in_first(name: str, value: str) -> Callable[[str], str]:
    """Another first value in the first line of that name that has several."""

    def change(text: str) -> str:
        lines = text.split("\n")
        at = next(
            i for i, line in enumerate(lines) if line.startswith(name + "=") and " " in line and "Col" not in line
        )
        lines[at] = f"{name}={value} {lines[at].partition(' ')[2]}"
        return "\n".join(lines)

    return change


HOSTILE: dict[str, Callable[[str], str]] = {
    "a feature that is not there": in_first("split_feature", "999999"),
    "a feature below zero": in_first("split_feature", "-1"),
    "half a feature": in_first("split_feature", "0.5"),
    "a child outside": in_first("left_child", "5000"),
    "a child that is its own parent": in_first("left_child", "0"),
    "a leaf outside": in_first("right_child", "-5000"),
    "a leaf that is no number": in_first("leaf_value", "nan"),
    "a leaf without end": in_first("leaf_value", "inf"),
    "leaves that add up to infinity": in_first("leaf_value", "1e308"),
    "a threshold that is no number": in_first("threshold", "nan"),
    "a word for a number": in_first("threshold", "__import__('os')"),
    "a categorical split": in_first("decision_type", "1"),
    "one value too many": in_first("leaf_value", "1 2"),
    "too many leaves": lambda text: text.replace("num_leaves=", "num_leaves=9", 1),
    "leaves without end": lambda text: text.replace("num_leaves=", "num_leaves=99999999", 1),
    "no leaves": lambda text: text.replace("\nnum_leaves=", "\nnum_leaves=-", 1),
    "categories": lambda text: text.replace("num_cat=0", "num_cat=3", 1),
    "linear leaves": lambda text: text.replace("is_linear=0", "is_linear=1", 1),
    "another order of trees": lambda text: text.replace("\nTree=1\n", "\nTree=7\n", 1),
    "one tree too few": lambda text: text.replace("\nTree=0\n", "\nNone=0\n", 1),
    "more classes": lambda text: text.replace("num_class=3", "num_class=4", 1),
    "more columns": lambda text: text.replace("max_feature_idx=233", "max_feature_idx=2330", 1),
    "another objective": lambda text: text.replace("objective=multiclass", "objective=binary", 1),
    "another version": lambda text: text.replace("version=v4", "version=v9", 1),
    "an end cut off": lambda text: text[: len(text) // 2],
    "no trees at all": lambda text: text[: text.index("\nTree=0")] + "\nend of trees\n",
}


@pytest.mark.parametrize("what", HOSTILE)
def test_trees_that_do_not_fit_are_refused_although_the_checksum_does(model: ActionModel, what: str) -> None:
    assert HOSTILE[what](model.text) != model.text
    try:
        content = sealed(model, HOSTILE[what])
    except ValueError:  # the header itself cannot say so
        return
    with pytest.raises(InputError):
        model_of_bytes(content)


def test_a_changed_byte_is_noticed(model: ActionModel, tmp_path: Path) -> None:
    content = bytearray(model.to_bytes())
    content[-2000] ^= 1
    file = tmp_path / "broken.actions"
    file.write_bytes(content)
    with pytest.raises(InputError, match=r"broken\.actions.*checksum.*Train it again"):
        load_model(file)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"labels": ["idle",', '"labels": ["punch",'),
        ('"idle": "idle"', '"idle": "nothing"'),
        ('"features": ["places"', '"features": ["__class__"'),
        ('"samples": 15', '"samples": 100000000'),
        ('"samples": 15', '"samples": 16'),
        ('"seconds": 0.5', '"seconds": NaN'),
        ('"version": 1', '"version": 2'),
        ('"trees": 18', '"trees": 17'),
        ('"trees": 18', '"trees": 18, "more": 1'),
        ('"format": "posedesk actions"', '"format": "a pickle"'),
        ("{", '{"a":' + "[" * 50_000),
        ('"idle": "idle"', '"idle": "idle\\u0000"'),
    ],
)
def test_a_header_that_does_not_fit_is_refused(model: ActionModel, old: str, new: str) -> None:
    if "samples" in new and "16" in new:  # another window has the same columns in these groups, and is a fair model
        old, new = '"features": ["places", "velocities"]', '"features": ["places", "samples"]'
    content = model.to_bytes().decode()
    assert old in content
    with pytest.raises(InputError):
        model_of_bytes(content.replace(old, new, 1).encode())


@pytest.mark.parametrize("content", [b"", b"\x80\x04\x95pickle", b"{}", b"{}\n", b"tree\nversion=v4\n", b"{" * 200_000])
def test_what_is_no_model_at_all_is_refused(content: bytes) -> None:
    with pytest.raises(InputError):
        model_of_bytes(content)


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="tennis-demo"):
        load_model(tmp_path / "none.actions")


_FUZZ = """
import hashlib, random, sys
from pathlib import Path
import numpy as np
from core.actions.model import model_of_bytes
from core.errors import InputError

good = Path(sys.argv[1]).read_bytes()
model = model_of_bytes(good)
windows = np.random.default_rng(0).normal(100, 50, (2, 15, 18, 2)).astype(np.float32)
chance = random.Random(7)
words = [b"-1", b"0", b"99999999999999999999", b"nan", b"inf", b" ", b"", b"=", b"\\n", b"Tree=", b"\\x00", b"-7"]
read = refused = 0
for turn in range(400):
    body = bytearray(good.partition(b"\\n")[2])
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(len(body))
        if chance.random() < 0.5:
            start = body.rfind(b" ", 0, at) + 1
            body[start : max(body.find(b" ", start), start)] = chance.choice(words)
        else:
            body[at : at + chance.randint(0, 30)] = bytes(chance.randrange(256) for _ in range(chance.randint(0, 3)))
    if chance.random() < 0.1:
        del body[chance.randrange(len(body)) :]
    head = model.header.changed(
        bytes=max(len(body), 1), sha256=hashlib.sha256(body).hexdigest(),
        trees=max(bytes(body).count(b"\\nTree="), 1),
    )
    content = head.model_dump_json().encode() + b"\\n" + bytes(body)
    try:
        fuzzed = model_of_bytes(content)
    except InputError:
        refused += 1
        continue
    assert np.isfinite(fuzzed.probabilities(windows)).all()
    read += 1
print(read, refused)
"""


def test_fuzzed_files_are_read_or_refused_and_nothing_else_happens(model: ActionModel, tmp_path: Path) -> None:
    file = tmp_path / "good.actions"
    file.write_bytes(model.to_bytes())
    done = subprocess.run(
        [sys.executable, "-c", _FUZZ, str(file)], capture_output=True, text=True, timeout=300, cwd=Path.cwd()
    )
    assert done.returncode == 0, done.stderr[-2000:]
    read, refused = map(int, done.stdout.split())
    assert read + refused == 400
    assert read > 5  # changes of a number's last digits are no fault that could be seen
    assert refused > 50


def test_windows_of_another_length_are_models_too() -> None:
    settings = SETTINGS.changed(window=WindowSettings(samples=9, seconds=0.8).model_dump(), features=("samples",))
    model = train([track("a"), track("b", seed=1)], settings)
    assert model.forest.columns == 9 * 13 * 2
    assert model_of_bytes(model.to_bytes()).window.seconds == 0.8
