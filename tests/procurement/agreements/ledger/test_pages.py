"""An agreement with its ledger: what stands where, beyond 100 % too, to its parties alone."""

from __future__ import annotations

from tests.procurement.orders.shop import Shop


def test_an_agreement_shows_its_progress_beyond_the_whole_and_every_entry(shop: Shop) -> None:
    shop.order(a=20_000)
    shop.order(a=5_000)
    url = f"/procurement/agreements/{shop.market.agreements['h1', 'a']}"
    page = shop.get(url, "h1").text
    assert "125.0%" in page.replace(" %", "%") and "5,000" in page
    assert page.count("Volume ordered") == 2 and "Volume reported" in page
    for who in ("company1", "agency", "h1-finance"):
        assert shop.get(url, who).status_code == 200
    for who in ("h2", "company2", "distributor"):
        assert shop.get(url, who).status_code in (403, 404)
    one = shop.market.agreements["h1", "a"]
    file = shop.get(f"/exports/procurement.agreement-ledger?agreement={one}", "h1")
    assert file.status_code == 200
    assert shop.get(f"/exports/procurement.agreement-ledger?agreement={one}", "h2").status_code == 404


def test_the_list_leads_to_the_agreement(shop: Shop) -> None:
    page = shop.get("/procurement/agreements", "h1").text
    assert f"/procurement/agreements/{shop.market.agreements['h1', 'a']}" in page
