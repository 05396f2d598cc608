"""`pytest tests/text --update-golden` writes the golden files anew; read their diff afterwards."""

import pytest


def pytest_addoption(parser):
    parser.addoption("--update-golden", action="store_true", help="write tests/text/golden anew")


@pytest.fixture(scope="session")
def update_golden(request):
    return request.config.getoption("--update-golden", default=False)
