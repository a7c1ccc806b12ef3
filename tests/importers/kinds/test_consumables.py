from __future__ import annotations

import pathlib

import pytest

from kernel.sheets import Sheet, write_xlsx
from tests.importers.kinds.test_register import run

HEADERS = ("耗材代码", "医保通用名", "耗材企业", "UDI-DI")
GOOD = ("C0201010520000100001", "鞘组", "苏州鼎科医疗技术股份有限公司", "06972253600013")


@pytest.fixture
def url(tmp_path: pathlib.Path) -> str:
    return f"sqlite:///{tmp_path / 'consumables.db'}"


def test_categories_are_taken_as_categories_and_refused_as_consumables(shared: pathlib.Path, url: str) -> None:
    path = shared / "data/consumables/consumable_category.csv"
    code, told = run("consumables", path, url, "--apply")
    assert (code, "全部 185 个编码只到类目为止" in told) == (2, True)
    code, told = run("consumable-categories", path, url, "--apply")
    assert (code, "+185 ~0 =0 !0" in told) == (0, True)


def test_codes_and_device_identifiers_have_to_be_whole(tmp_path: pathlib.Path, url: str) -> None:
    rows = [
        GOOD, (GOOD[0] + "0000001", *GOOD[1:]), ("C020101052", *GOOD[1:]), ("C02010105200001O0002", *GOOD[1:]),
        ("C0201010520000100003", "鞘组", None, None), ("C0201010520000100004", *GOOD[1:3], "06972253600014"),
    ]  # fmt: skip
    path = tmp_path / "c.xlsx"
    with path.open("wb") as file:
        write_xlsx(file, [Sheet("数据", HEADERS, rows)])
    code, told = run("consumables", path, url, "--apply")
    assert (code, "+2 ~0 =0 !4" in told) == (1, True), told
    assert all(cell in told for cell in ("A4", "A5", "C6", "D7"))


def test_a_cell_may_hold_several_identifiers_and_the_same_file_plans_nothing(tmp_path: pathlib.Path, url: str) -> None:
    headers = (*HEADERS, "注册证有效期至", "注册证持有人")
    rows = [
        (*GOOD[:3], "06972253600013；06975737431158\n06972253600013", "2027-06-30", "鼎科"),
        ("C0201010520000100002", *GOOD[1:3], "06972253600013; 06972253600014", None, None),
    ]
    path = tmp_path / "c.xlsx"
    with path.open("wb") as file:
        write_xlsx(file, [Sheet("数据", headers, rows)])
    code, told = run("consumables", path, url, "--apply")
    assert (code, "+1 ~0 =0 !1" in told, "06972253600014" in told) == (1, True, True), told
    assert "+0 ~0 =1 !1" in run("consumables", path, url)[1]
