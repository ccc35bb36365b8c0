"""A test that is skipped for no known reason fails."""

import pytest

from tests.conftest import MAY_SKIP

pytest_plugins = ["pytester"]


@pytest.mark.parametrize(
    ("reason", "failed"), [("fish is not installed", 0), ("no numpy", 1), ("could not import x", 1)]
)
def test_only_known_reasons_skip(reason: str, failed: int, pytester: pytest.Pytester) -> None:
    pytester.makeconftest("from tests.conftest import pytest_runtest_makereport")
    pytester.makepyfile(f"import pytest\ndef test_it():\n    pytest.skip({reason!r})\n")
    pytester.runpytest_inprocess("-p", "no:cacheprovider").assert_outcomes(
        failed=failed, skipped=1 - failed
    )
    assert bool(MAY_SKIP.fullmatch(reason)) == (not failed)
