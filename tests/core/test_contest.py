"""Every pair that may be a link: the winners are those of the decoder, the others lost for the reason that is said."""

import numpy as np
import pytest

from core import skeleton
from core.decode import contest, find_peaks, score_links
from core.outputs import candidates_picture
from core.settings import LECTURE, OPENPOSE, DecodeSettings
from tests.core.outputs_scene import backdrop, crowd, maps_of

SIZE = (640, 360)


@pytest.mark.parametrize("settings", [OPENPOSE, LECTURE], ids=["openpose", "lecture"])
def test_the_winners_are_the_links_of_the_decoder(settings: DecodeSettings) -> None:
    maps = maps_of(crowd(4, *SIZE), SIZE)
    peaks = find_peaks(maps.confidence, settings)
    links = score_links(peaks, maps.affinity, settings)
    seen = 0
    for kind, link in enumerate(skeleton.LINKS):
        pairs = contest(peaks, maps.affinity, kind, settings)
        mine = slice(links.starts[kind], links.starts[kind + 1])
        won = [pair for pair in pairs if pair.outcome == "won"]
        scores = dict(zip(map(tuple, links.pairs[mine].tolist()), links.scores[mine].tolist(), strict=True))
        assert {(pair.a, pair.b): pair.score for pair in won} == pytest.approx(scores, abs=1e-4)
        counts = np.diff(peaks.starts)
        assert len(pairs) == counts[link.a] * counts[link.b]
        seen += len(won)
    assert seen > 40


def test_who_lost_lost_to_a_better_pair_with_a_point_in_common() -> None:
    maps = maps_of(crowd(5, *SIZE), SIZE)
    settings = OPENPOSE.changed(link_share=0.1)
    peaks = find_peaks(maps.confidence, settings)
    lost = 0
    for kind in range(len(skeleton.LINKS)):
        pairs = contest(peaks, maps.affinity, kind, settings)
        for place, pair in enumerate(pairs):
            if pair.outcome == "lost":
                lost += 1
                winner = pairs[pair.beaten_by]
                assert pair.beaten_by < place
                assert winner.outcome == "won"
                assert winner.score >= pair.score
                assert {pair.a, pair.b} & {winner.a, winner.b}
            elif pair.outcome == "rejected":
                assert np.isnan(pair.score)
                assert pair.counting <= settings.link_share * pair.samples
    assert lost > 0


def test_candidates_are_drawn_and_one_is_marked() -> None:
    maps, image = maps_of(crowd(3, *SIZE), SIZE), backdrop(*SIZE)
    peaks = find_peaks(maps.confidence, OPENPOSE)
    pairs = contest(peaks, maps.affinity, 3, OPENPOSE)
    plain, marked = (candidates_picture(image, maps, peaks, 3, pairs, place) for place in (-1, 0))
    a, b = maps.transform.to_image(peaks.xy[[pairs[0].a, pairs[0].b]])
    x, y = (round(float(value)) for value in (a + b) / 2)
    assert (image[y, x] != plain[y, x]).any()
    assert (plain != marked).any()
    changed = np.argwhere((plain != marked).any(axis=2))[:, ::-1]
    assert np.abs(changed - (a + b) / 2).max() < 0.5 * np.linalg.norm(b - a) + 12
