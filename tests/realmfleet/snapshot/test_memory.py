"""Questions are kept between runs; a spoilt file only costs time."""

import pytest

from realmfleet.snapshot.answers import Question
from realmfleet.snapshot.memory import Memory

DEPLOYS = ("deploys/all.py",)
ASKED = ((Question("a", "x"), Question("b", "x")), (Question("a", "x"),))


def memory(root, *deploys):
    return Memory(root, "inventories/alpha.py", deploys or DEPLOYS)


def test_the_next_run_knows_them(tmp_path):
    memory(tmp_path).keep({"alpha-1": ASKED})
    memory(tmp_path).keep({"alpha-2": ASKED[1:]})
    again = memory(tmp_path)
    assert (again.of("alpha-1"), again.of("alpha-2"), again.of("other")) == (ASKED, ASKED[1:], ())


def test_another_deploy_asks_other_things(tmp_path):
    memory(tmp_path).keep({"alpha-1": ASKED})
    assert memory(tmp_path, "deploys/data.py").of("alpha-1") == ()


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"questions": [["a"]], "hosts": {"alpha-1": [7]}}']
)
def test_a_spoilt_file_is_no_file(tmp_path, text):
    memory(tmp_path).keep({"alpha-1": ASKED})
    memory(tmp_path).path.write_text(text)
    assert memory(tmp_path).of("alpha-1") == ()


def test_a_folder_that_cannot_be_written_is_no_failure(tmp_path):
    (tmp_path / ".realmfleet").write_text("a file")
    memory(tmp_path).keep({"alpha-1": ASKED})
