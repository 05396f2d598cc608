"""What a person reads: one line a check, and no exception for an odd answer."""

from realmfleet.verify.model import Check, Verdict
from realmfleet.verify.report import Line, report


def check(judge, **more):
    return Check("postgres", "settings", "true", judge, **more)


def test_one_line_a_check():
    checks = [
        check(lambda _: Verdict("41 settings in force")),
        check(lambda _: Verdict("41", ("work_mem is 64MB, asked 4MB", "jit is on, asked off"))),
        check(lambda _: Verdict("", skipped="a replica")),
        check(lambda _: Verdict("23 in force", skipped="the machine's")),
    ]
    found = report(checks, [""] * 4)
    assert found.lines == (
        Line("ok", "postgres: 41 settings in force"),
        Line("FAILED", "postgres: work_mem is 64MB, asked 4MB"),
        Line("FAILED", "postgres: jit is on, asked off"),
        Line("skipped", "postgres: a replica"),
        Line("ok", "postgres: 23 in force"),
        Line("skipped", "postgres: the machine's"),
    )
    assert (found.failed, found.summary) == (1, "1 of 4 checks failed")


def test_all_well():
    assert report([check(lambda _: Verdict("fine"))], [""]).summary == "all 1 checks passed"


def test_an_answer_that_makes_no_sense_is_a_fault_of_its_check():
    judges = [lambda answer: {}[answer], int, lambda answer: answer.split()[9]]
    found = report([check(judge) for judge in judges], ["psql: error:\nno server\n", "", "a b"])
    assert [line.text for line in found.lines] == [
        "postgres: settings: no usable answer, but: no server",
        "postgres: settings: no usable answer, but: nothing",
        "postgres: settings: no usable answer, but: a b",
    ]
    assert found.failed == 3


def test_many_faults_of_one_cause_are_counted():
    verdict = Verdict("", tuple(f"fault {number}" for number in range(40)))
    lines = report([check(lambda _: verdict)], [""]).lines
    assert len(lines) == 7
    assert lines[-1].text == "postgres: ... and 34 more of the same kind"


def test_a_check_never_shows_its_secrets():
    assert "hunter2" not in repr(check(int, secrets={"PGPASSWORD": "hunter2"}))
