"""Falls as frames come: one alarm a fall, and who lies when."""

from dataclasses import replace
from time import monotonic

import numpy as np

from core.types import Floats
from tests.app.falls_scene import Told, a_fall
from tests.core.test_falls import figure, smooth, topple


def up_again(seconds: float) -> np.ndarray:
    return figure(85 * (smooth(seconds, 3.0, 0.9) - smooth(seconds, 7.0, 1.5)))


def test_who_falls_raises_one_alarm_and_lies_until_up_again() -> None:
    told = Told()
    told.see(up_again, 0, 6)
    [fall] = told.alarms
    assert (fall.person, fall.ended) == (1, None)
    assert told.keeper.lying(fall.lying_since - 0.1) == []
    assert [each.person for each in told.keeper.lying(5.9)] == [1]
    [event] = told.events.all()
    assert (event.event, event.end) == ("fall", None)
    told.see(up_again, 6, 12)
    assert len(told.alarms) == 1
    [risen] = told.rises
    assert risen.ended is not None
    assert told.keeper.lying(11.0) == []
    assert told.keeper.lying(5.9) != []  # as it was then
    [event] = told.events.all()
    assert event.end == risen.ended


def test_a_film_that_shows_a_fall_again_raises_no_second_alarm() -> None:
    told = Told()
    told.see(topple, 0, 6)
    told.see(topple, 1, 6, person=4)  # wound back: everyone is new
    assert len(told.alarms) == 1
    assert len(told.events.all()) == 1
    told.see(lambda seconds: topple(seconds - 20), 20, 26)  # another fall, later in the film
    assert len(told.alarms) == 2


def test_what_is_wound_through_raises_no_alarm() -> None:
    told = Told()
    told.see(topple, 0, 6, moves=False)
    assert told.alarms == []
    assert told.events.all() == ()


def test_who_lies_where_a_film_was_left_does_not_lie_elsewhere_in_it() -> None:
    told = Told()
    told.see(topple, 0, 6)
    told.see(lambda seconds: figure(), 60, 61)
    assert told.keeper.lying(60.5) == []
    assert told.keeper.lying(5.5) != []


def test_a_camera_that_was_lost_for_a_while_forgets_nobody_who_lies() -> None:
    told = Told(live=True)
    told.see(topple, 0, 6)
    told.see(lambda seconds: None, 60, 61)
    assert len(told.keeper.lying(61.0)) == 1
    assert len(told.alarms) == 1


def lies_in_the_picture(seconds: float) -> Floats:
    return figure(85.0)


def test_a_picture_of_another_size_is_no_fall() -> None:
    told = Told(live=True)
    told.see(lambda seconds: figure(), 0, 4)
    told.see(lies_in_the_picture, 4.3, 8, image=np.zeros((640, 480, 3), np.uint8))
    assert told.alarms == []


def test_a_picture_that_is_turned_is_no_fall() -> None:
    told = Told(live=True)
    told.see(lambda seconds: figure(), 0, 4)
    before = monotonic()
    told.keeper.turn()
    told.see(lambda seconds: figure(), 4, 4.2, taken=before)  # was on its way
    told.see(lies_in_the_picture, 4.2, 8)
    assert told.alarms == []


def test_who_lies_goes_on_lying_in_a_picture_that_is_turned() -> None:
    told = Told(live=True)
    told.see(topple, 0, 6)
    told.keeper.turn()
    told.see(lambda seconds: None, 6, 8)
    assert len(told.keeper.lying(8.0)) == len(told.alarms) == 1


def test_falls_of_an_analysis_hold_where_it_knows_the_film() -> None:
    told = Told()
    told.see(topple, 0, 6)
    settled = [replace(told.alarms[0], person=9), a_fall(person=2, time=8.0, since=8.5)]
    told.keeper.settle(settled, np.array([[0.0, 10.0]]))
    assert [event.person for event in told.events.all()] == [9, 2]
    assert [event.end for event in told.events.all()] == [10.0, 10.0]  # nobody saw them get up
    assert [fall.person for fall in told.keeper.lying(5.0)] == [9]
    assert [fall.person for fall in told.keeper.lying(9.0)] == [9, 2]
    assert [fall.person for fall in told.keeper.lying(10.5)] == [9]  # as was seen, where the analysis ends
    told.see(lambda seconds: None, 8.4, 8.7, moves=False)
    assert len(told.alarms) == 1
    told.see(lambda seconds: None, 8.4, 9.5)  # plays into it
    assert [fall.person for fall in told.alarms] == [1, 2]


def test_nothing_is_known_once_it_is_switched_off() -> None:
    told = Told()
    told.see(topple, 0, 6)
    told.keeper.watching = False
    told.keeper.forget()
    assert told.keeper.lying(5.0) == []
    assert told.events.all() == ()
    told.keeper.settle([a_fall()], np.array([[0.0, 10.0]]))  # was under way
    assert told.events.all() == ()
