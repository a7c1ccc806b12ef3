"""Numbers of records as browsers send them: whatever no record can have is refused, never a crash."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from kernel.identity import MOST, record_id

NO_RECORD = ("", "-1", "²", "٣", "1.5", "2147483648", "99999999999999999999999", "9" * 5000)


@pytest.mark.parametrize("written", NO_RECORD)
def test_a_text_that_no_record_can_have_for_a_number_is_none(written: str) -> None:
    assert record_id(written) is None


def test_the_largest_number_of_an_id_column_is_one() -> None:
    assert record_id(str(MOST)) == MOST


@pytest.mark.parametrize("number", ["2147483648", "99999999999999999999999"])
def test_an_address_with_such_a_number_does_not_exist(client: FlaskClient, number: str) -> None:
    assert client.get(f"/procurement/rounds/{number}/notice").status_code == 404
    assert client.get(f"/api/v1/procurement/rounds/{number}").status_code == 404
