"""The curves that the traces plot, as they are ordered; made in any thread. No Qt here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from app.beside import Beside, series_beside
from app.series import Choice, Series, make_series, thinned
from app.trace_extents import Over, extents_of
from app.trace_log import Traces
from core.motion import Extent


@dataclass(frozen=True, slots=True)
class Order:
    """Curves that are wanted. people: IDs; None: everyone; names: of people who have one; columns: of pixels that there
    are for them; era: counts up with every source"""

    log: Traces
    people: tuple[int, ...] | None
    names: Mapping[int, str]
    choice: Choice
    since: float
    columns: int
    era: int
    beside: Beside | None
    over: Over | None


@dataclass(frozen=True, slots=True)
class Curves:
    """What an order has given. thin: the same to the eye as `exact`, which have every value; extents: of each of these
    over the stretch that was asked for; empty where none was"""

    order: Order
    thin: list[Series]
    exact: list[Series]
    extents: list[Extent]


def make_curves(order: Order) -> Curves:
    """As they are plotted: no more than can be told apart."""
    people = _those(order.log, order.people)
    exact = make_series(order.log, people, order.choice, order.since, names=order.names)
    exact += series_beside(order.beside, order.choice, exact) if order.beside is not None else []
    return Curves(order, [thinned(one, order.columns) for one in exact], exact, extents_of(exact, order.over))


def full_series(
    log: Traces, people: tuple[int, ...] | None, choice: Choice, beside: Beside | None, names: Mapping[int, str],
    begins: Callable[[], object],
) -> list[Series]:  # fmt: skip
    """All curves, with every value of the whole source. names, begins: see `make_series`"""
    whole = log.whole()
    series = make_series(whole, _those(whole, people), choice, most=None, names=names, begins=begins)
    return series + (series_beside(beside, choice, series) if beside is not None else [])


def _those(log: Traces, people: tuple[int, ...] | None) -> list[int]:
    return log.people() if people is None else list(people)
