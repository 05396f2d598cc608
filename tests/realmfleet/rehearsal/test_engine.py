import pytest

from realmfleet.rehearsal import engine, machine
from realmfleet.rehearsal.errors import RehearsalError
from realmfleet.rehearsal.steps import quietly


def test_an_engine_elsewhere_that_does_not_answer_is_never_replaced(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("DOCKER_HOST", "unix:///nonexistent/docker.sock")
    monkeypatch.setattr(machine, "start_engine", lambda: pytest.fail("it started an engine"))
    assert engine.connect() is None
    with pytest.raises(RehearsalError, match=r"DOCKER_HOST=unix:///nonexistent/docker\.sock"):
        engine.ready(quietly)


def test_where_none_answers_one_is_started(monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[bool] = []
    monkeypatch.delenv("DOCKER_HOST", raising=False)
    monkeypatch.setattr(engine, "connect", lambda: "a client" if started else None)
    monkeypatch.setattr(machine, "start_engine", lambda: started.append(True))
    assert engine.ready(quietly) == "a client"
    assert started == [True]


def test_missing_rights_are_no_missing_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(**_arguments: object) -> None:
        raise engine.DockerException("('Connection aborted.', PermissionError(13, ...))")

    monkeypatch.setattr(engine.docker, "from_env", refuse)
    with pytest.raises(RehearsalError, match="usermod -aG docker"):
        engine.connect()
