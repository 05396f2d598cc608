"""Several commands in one question: each answers with one line behind its label."""

from collections.abc import Mapping


def labelled(commands: Mapping[str, str]) -> str:
    """Shell that prints, for each, its label and the first line of what it says."""
    return "\n".join(
        f"printf '%s %s\\n' '{label}' \"$({{ {command}; }} 2>&1 | head -n 1)\""
        for label, command in commands.items()
    )


def by_label(answer: str) -> dict[str, str]:
    """Label -> what was said. ValueError where a line has no label."""
    return dict(line.split(" ", 1) for line in answer.splitlines())
