"""What the command line says where nothing can be started."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from kernel.cli import LazyGroup
from wsgi import COMMANDS


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"JICAI_PRODUCTION": "1", "JICAI_HTTPS": "0"}, "JICAI_HTTPS"),
        ({"JICAI_PRODUCTION": "1", "JICAI_DEMO": "1"}, "JICAI_DEMO"),
        ({"JICAI_SECRET_KEY": "short"}, "JICAI_SECRET_KEY"),
        ({"JICAI_PORT": "eighty"}, "JICAI_PORT"),
        ({"JICAI_PASSWORD_PROFILE": "none"}, "JICAI_PASSWORD_PROFILE"),
    ],
)
def test_settings_that_cannot_be_started_with_are_named(tmp_path: Path, changes: dict[str, str], named: str) -> None:
    done = CliRunner(env={"JICAI_VAR": str(tmp_path), **changes}).invoke(LazyGroup(COMMANDS), ["serve"])
    assert done.exit_code == 1 and named in done.output and "Traceback" not in done.output
