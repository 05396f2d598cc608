"""The program that answers on a droplet, run on this machine."""

import json
import subprocess

from realmfleet.remote import script


def ask(*questions, redact=(), seconds=10):
    asked = [{"shell": shell, "environment": environment} for shell, environment in questions]
    payload = {"questions": asked, "redact": list(redact), "seconds": seconds}
    done = subprocess.run(
        ["python3", "-I", "-"],
        input=script("ask_questions", payload),
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(done.stdout)


def test_answers_come_in_order_with_what_was_said_on_standard_error():
    assert ask(("sleep 0.3; echo one", {}), ("echo two >&2; exit 3", {})) == ["one\n", "two\n"]


def test_secrets_come_by_environment_and_leave_by_no_answer():
    secret = "a-secret-value"
    assert ask(('echo "($A)" $B', {"A": secret}), redact=[secret]) == ["((secret))\n"]


def test_who_does_not_answer_is_ended_with_its_children():
    (said,) = ask(("echo so far; sleep 60 | sleep 60", {}), seconds=1)
    assert said == "so far\n\nno answer within 1 s"
