"""Answers: asked together, forgotten at once, never made up."""

from hypothesis import given
from hypothesis import strategies as st

from realmfleet.snapshot.answers import NEXT, STEADY_VOIDS, Answers, Question

ASKED = tuple(Question(f"q{n}", "plain") for n in range(10))


class Droplet:
    """Answers with its version; counts how often it was asked, and for what."""

    def __init__(self, silent=()):
        self.version, self.asks, self.silent = 0, [], silent

    def fetch(self, commands):
        self.asks.append(list(commands))
        return {c: [f"{c} {self.version}"] for c in commands if c not in self.silent}


def test_one_exec_answers_all():
    known, droplet = Answers([ASKED]), Droplet()
    assert [known.answer(q, droplet.fetch) for q in ASKED] == [[f"q{n} 0"] for n in range(10)]
    assert len(droplet.asks) == 1


def test_a_first_run_asks_each_by_itself_and_remembers():
    known, droplet = Answers(), Droplet()
    assert {known.answer(q, droplet.fetch) is None for q in ASKED} == {True}
    assert not droplet.asks
    assert known.asked == [list(ASKED)]


def test_what_is_new_or_failed_is_asked_by_itself():
    known, droplet = Answers([ASKED]), Droplet(silent=("q3",))
    assert known.answer(Question("new", "plain"), droplet.fetch) is None
    assert known.answer(ASKED[3], droplet.fetch) is None
    assert known.answer(ASKED[4], droplet.fetch) == ["q4 0"]


def test_another_user_is_another_question():
    mixed = (ASKED[0], Question("q0", "sudo"), ASKED[1])
    known, droplet = Answers([mixed]), Droplet()
    known.answer(ASKED[0], droplet.fetch)
    assert droplet.asks == [["q0", "q1"]]


def test_after_many_changes_only_the_next_are_asked():
    known, droplet = Answers([ASKED]), Droplet()
    for question in ASKED[: STEADY_VOIDS + 1]:
        known.answer(question, droplet.fetch)
        known.void()
    assert len(droplet.asks[-1]) == NEXT


@given(st.lists(st.one_of(st.sampled_from(ASKED), st.just("change")), max_size=40))
def test_no_answer_is_older_than_the_last_change(steps):
    known, droplet = Answers([ASKED]), Droplet()
    for step in steps:
        if step == "change":
            known.void()
            droplet.version += 1
            continue
        said = known.answer(step, droplet.fetch)
        assert said in (None, [f"{step.command} {droplet.version}"])


def test_each_stage_asks_its_own_also_what_was_asked_before():
    known, droplet = Answers([ASKED[:3], ASKED[1:5]]), Droplet()
    for stage in (ASKED[:3], ASKED[1:5]):
        for question in stage:
            known.answer(question, droplet.fetch)
        known.next_stage()
    assert droplet.asks == [["q0", "q1", "q2"], ["q1", "q2", "q3", "q4"]]
    assert known.asked[:2] == [list(ASKED[:3]), list(ASKED[1:5])]
