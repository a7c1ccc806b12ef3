"""What hands do at a page: press, confirm, type into a grid."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect


def act(page: Page, ending: str) -> None:
    """Press the button of the form that posts to an address, and confirm where it asks."""
    form = page.locator(f'form[action$="{ending}"]').first
    opener = form.locator("button[data-dialog]")
    if opener.count():
        opener.first.click()
        press(form.locator("dialog[open] button[type=submit]"))
    else:
        press(form.locator("button[type=submit]").last)


def press(button: Locator) -> None:
    """Press a button that posts a form, or follow a link; nothing may be refused."""
    page = button.page
    with page.expect_navigation() as shown:
        button.click()
    assert shown.value.status == 200, page.locator("main").inner_text()
    expect(page.locator(".summary:visible, .note-bar.bad:visible, .flash.bad:visible")).to_have_count(0)


def type_in(page: Page, row: int, column: str, text: str) -> None:
    """Type into a cell of a grid, as in a spreadsheet."""
    cell = page.locator(f'.tabulator-row .tabulator-cell[tabulator-field="{column}"]').nth(row)
    cell.dblclick()
    cell.locator("input").fill(text)
    cell.locator("input").press("Enter")
