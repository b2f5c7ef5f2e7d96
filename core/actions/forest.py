"""Boosted trees: read from LightGBM's text, and asked.

LightGBM trains; its parser, which is native code and trusts what it reads, never sees a file here. The text is read
and checked in Python, and a kernel walks the trees: every index lies within its array and every child comes after its
parent, so that a walk always ends, whatever the file says.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.errors import InputError
from core.kernel import kernel
from core.types import Floats, Ints

MOST_TREES = 20_000
MOST_LEAVES = 4_096  # of one tree
MOST_VALUE = 1e4  # of a leaf: those that are learnt are a few at most, and a sum of all trees' has to stay a number
# decision_type of LightGBM: bit 0 a category, bit 1 what is missing goes left, bits 2 and 3 what is missing (0 nothing,
# 1 zero, 2 NaN). Those that are read, and whether NaN goes left; with nothing missing NaN is 0.
_DECISIONS = {0: 0, 2: 0, 8: 1, 10: 2}
_END = "end of trees"
_SPLIT_LISTS = ("split_feature", "threshold", "decision_type", "left_child", "right_child")


@dataclass(frozen=True, slots=True)
class Forest:
    """Trees of all classes in one set of arrays; tree i speaks for class i % classes.

    columns:    how many values a row has
    classes:    how many there are
    roots:      (trees,) int32, the first split of each tree; ~leaf where it is one leaf
    features:   (splits,) int32, which value of a row is looked at
    thresholds: (splits,) float64; left where the value is no larger
    missing:    (splits,) int32, where NaN goes: 0 the way of 0.0, 1 right, 2 left
    children:   (splits, 2) int32, left and right: a later split, or ~leaf
    leaves:     (leaves,) float64, what a leaf adds to the score of its class
    """

    columns: int
    classes: int
    roots: Ints
    features: Ints
    thresholds: NDArray[np.float64]
    missing: Ints
    children: Ints
    leaves: NDArray[np.float64]

    def scores(self, rows: Floats) -> NDArray[np.float64]:
        """(n, classes) float64, raw scores. rows: (n, columns) float32, NaN where a value is not known."""
        result = np.zeros((len(rows), self.classes))
        _walk(
            np.ascontiguousarray(rows, np.float32),
            self.roots,
            self.features,
            self.thresholds,
            self.missing,
            self.children,
            self.leaves,
            result,
        )
        return result

    def probabilities(self, rows: Floats) -> Floats:
        """(n, classes) float32 that add up to 1."""
        raw = self.scores(rows)
        grown = np.exp(raw - raw.max(axis=1, keepdims=True))
        share: Floats = (grown / grown.sum(axis=1, keepdims=True)).astype(np.float32)
        return share


@kernel("void(float32[:, ::1], int32[::1], int32[::1], float64[::1], int32[::1], int32[:, ::1], float64[::1], "
        "float64[:, ::1])")  # fmt: skip
def _walk(
    rows: Floats,
    roots: Ints,
    features: Ints,
    thresholds: NDArray[np.float64],
    missing: Ints,
    children: Ints,
    leaves: NDArray[np.float64],
    result: NDArray[np.float64],
) -> None:
    for row in range(rows.shape[0]):
        for tree in range(roots.shape[0]):
            node = roots[tree]
            while node >= 0:
                value = np.float64(rows[row, features[node]])
                if np.isnan(value) and missing[node] > 0:
                    left = missing[node] == 2
                else:
                    left = (0.0 if np.isnan(value) else value) <= thresholds[node]
                node = children[node, 0] if left else children[node, 1]
            result[row, tree % result.shape[1]] += leaves[~node]


def parse_forest(text: str, columns: int, classes: int) -> Forest:
    """The trees of a LightGBM text for rows of so many `columns`. Raises InputError for anything that does not fit."""
    head, *blocks = text.partition(_END)[0].split("\nTree=")
    if not text.startswith("tree\n") or _END not in text:
        raise InputError("the trees are no text of LightGBM, or it is cut off")
    fields = _fields(head)
    expected = {
        "version": "v4",
        "num_class": str(classes),
        "num_tree_per_iteration": str(classes),
        "max_feature_idx": str(columns - 1),
        "objective": f"multiclass num_class:{classes}",
    }
    for name, value in expected.items():
        if fields.get(name) != value:
            raise InputError(f"{name} of the trees is {_short(fields.get(name))}, where {value} is expected")
    if not blocks or len(blocks) > MOST_TREES or len(blocks) % classes:
        raise InputError(f"there are {len(blocks)} trees for {classes} classes; at most {MOST_TREES} are read")
    splits = leaves = 0
    parts: list[tuple[int, _Tree]] = []
    for number, block in enumerate(blocks):
        first, _, rest = block.partition("\n")
        if first != str(number):
            raise InputError(f"tree {_short(first)} stands where tree {number} is expected")
        tree = _Tree.parse(_fields(rest), number, columns)
        root = splits if len(tree.features) else ~leaves
        parts.append((root, tree.moved(splits, leaves)))
        splits, leaves = splits + len(tree.features), leaves + len(tree.leaves)
    return Forest(
        columns,
        classes,
        np.array([root for root, _ in parts], np.int32),
        np.concatenate([tree.features for _, tree in parts]),
        np.concatenate([tree.thresholds for _, tree in parts]),
        np.concatenate([tree.missing for _, tree in parts]),
        np.ascontiguousarray(np.concatenate([tree.children for _, tree in parts])),
        np.concatenate([tree.leaves for _, tree in parts]),
    )


@dataclass(frozen=True, slots=True)
class _Tree:
    """The arrays of `Forest` for one tree."""

    features: Ints
    thresholds: NDArray[np.float64]
    missing: Ints
    children: Ints
    leaves: NDArray[np.float64]

    @classmethod
    def parse(cls, fields: dict[str, str], number: int, columns: int) -> _Tree:
        count = _whole(fields, "num_leaves", number)
        if not 1 <= count <= MOST_LEAVES or fields.get("num_cat") != "0" or fields.get("is_linear", "0") != "0":
            raise InputError(f"tree {number} is of a kind that is not read: {count} leaves, or categories, or linear")
        leaves = _numbers(fields, "leaf_value", number, count)
        if (np.abs(leaves) > MOST_VALUE).any():
            raise InputError(f"tree {number} has a leaf beyond all that is learnt")
        if count == 1:
            return cls(np.empty(0, np.int32), np.empty(0), np.empty(0, np.int32), np.empty((0, 2), np.int32), leaves)
        feature, threshold, decision, left, right = (
            _numbers(fields, name, number, count - 1, endless=name == "threshold") for name in _SPLIT_LISTS
        )
        children = np.stack([left, right], axis=1)
        parents = np.arange(count - 1)[:, None]
        whole = all((values == np.rint(values)).all() for values in (feature, decision, children))
        later = (children > parents) & (children < count - 1)
        leaf = (children < 0) & (children >= -count)
        if not (
            whole
            and ((feature >= 0) & (feature < columns)).all()
            and np.isin(decision, list(_DECISIONS)).all()
            and (later | leaf).all()
        ):
            raise InputError(
                f"tree {number} points outside of itself or of the {columns} values of a row, or decides in another way"
            )
        missing = np.array([_DECISIONS[int(kind)] for kind in decision], np.int32)
        return cls(feature.astype(np.int32), threshold, missing, children.astype(np.int32), leaves)

    def moved(self, splits: int, leaves: int) -> _Tree:
        """The same tree behind so many splits and leaves of others."""
        children = np.where(self.children >= 0, self.children + splits, self.children - leaves).astype(np.int32)
        return _Tree(self.features, self.thresholds, self.missing, children, self.leaves)


def _fields(text: str) -> dict[str, str]:
    """The lines `name=value` of a part of the text."""
    pairs = (line.partition("=") for line in text.split("\n"))
    return {name: value for name, equals, value in pairs if equals}


def _whole(fields: dict[str, str], name: str, number: int) -> int:
    value = fields.get(name, "")
    if not (value.isascii() and value.isdecimal() and len(value) < 9):
        raise InputError(f"{name} of tree {number} is {_short(value)}, which is no number")
    return int(value)


def _numbers(
    fields: dict[str, str], name: str, number: int, count: int, *, endless: bool = False
) -> NDArray[np.float64]:
    """So many numbers of one line; infinite ones only where `endless`: a threshold of infinity parts NaN from the
    rest.
    """
    words = fields.get(name, "").split(" ")
    try:
        values = np.array([float(word) for word in words])
    except ValueError:
        values = np.empty(0)
    if len(values) != count or np.isnan(values).any() or (np.isinf(values).any() and not endless):
        raise InputError(f"{name} of tree {number} is not {count} numbers")
    return values


def _short(value: str | None) -> str:
    return "missing" if value is None else repr(value[:40])
