"""250 000 invented products of 8 000 invented makers, with names as uneven as real ones."""

from __future__ import annotations

import random

from catalogue.search.rules.pinyin import syllables
from catalogue.search.services import Entry

SYLLABLES = (
    "阿氨奥巴贝苯布达地多法非氟格海环吉甲卡克拉来利林洛马美米莫奈诺哌匹普曲瑞塞沙舒司索他坦特替托维西伊依乙右左孕唑佐"
)
_STEMS = """沙坦 他汀 洛尔 地平 普利 拉唑 替尼 西林 沙星 霉素 米松 唑仑 替丁 司琼 列净 列汀 韦林 昔布 单抗 培南 头孢
    环素 硝唑 西泮 曲坦 卡因 洛芬 酰胺 特罗 莫司"""
STEMS = _STEMS.split()
_SALTS = "盐酸 硫酸 磷酸 马来酸 枸橼酸 复方 富马酸 苯磺酸 酒石酸 重组人 单硝酸"
SALTS = ["", "", "", *_SALTS.split()]
FORMS = {
    "片": 22, "胶囊": 14, "注射液": 16, "分散片": 6, "缓释片": 6, "颗粒": 7, "肠溶片": 3, "滴眼液": 3, "口服溶液": 4,
    "软膏": 2, "注射用": 10, "缓释胶囊": 3, "干混悬剂": 2, "咀嚼片": 2,
}  # fmt: skip
PLACES = ["江州", "海宁州", "云岭", "山阳", "东临", "西川", "南浦", "北原", "中州", "华阳", "长宁", "重山"]
WORDS = "江海云山东西南北华中安康泰恒瑞德仁益济和天百永正长重乐民信诚达顺普远佳润宁吉丰"
FIRMS = ["药业有限公司", "制药有限公司", "药业股份有限公司", "生物制药有限公司", "制药集团有限公司", "医药科技有限公司"]
STRENGTHS = ["5", "10", "20", "25", "50", "100", "150", "200", "250", "500"]


def products(count: int, *, seed: int, makers: int = 8_000) -> dict[int, Entry]:
    """Return the entries of invented products by id."""
    chance = random.Random(seed)
    stems = ["".join(chance.choices(SYLLABLES, k=chance.choice((1, 2, 2, 3)))) + chance.choice(STEMS)
             for _ in range(2_400)]  # fmt: skip
    firms = [
        chance.choice(PLACES) + "".join(chance.choices(WORDS, k=chance.choice((2, 2, 3)))) + chance.choice(FIRMS)
        for _ in range(makers)
    ]
    named = chance.choices(stems, [1 / (at + 8) ** 0.8 for at in range(len(stems))], k=count)
    made = chance.choices(range(makers), [1 / (at + 20) ** 0.7 for at in range(makers)], k=count)
    forms = chance.choices([*FORMS], [*FORMS.values()], k=count)
    return {
        number + 1: _product(chance, named[number], forms[number], firms[made[number]], made[number])
        for number in range(count)
    }


def _product(chance: random.Random, stem: str, form: str, firm: str, maker: int) -> Entry:
    salted = chance.choice(SALTS) + stem
    title = form + salted if form == "注射用" else salted + form
    trade = "".join(chance.choices(WORDS, k=chance.choice((2, 3)))) if chance.random() < 0.4 else ""
    number = f"国药准字{chance.choice('HHHHZS')}20{chance.randint(0, 25):02}{chance.randint(3000, 4999)}"
    strength = f"{chance.choice(STRENGTHS)}mg"
    return Entry(
        kind="product", title=title, names=(title, trade), codes=(number, f"869{chance.randint(0, 10**11 - 1):011}"),
        detail=f"{strength} {firm}", others=(firm, strength), classes=(f"X{chance.randint(1, 40)}",), form=form,
        maker=maker,
    )  # fmt: skip


def terms(entries: dict[int, Entry], *, seed: int, count: int) -> dict[str, list[str]]:
    """Return what people type, by kind: taken from products as frequent as they are."""
    chance = random.Random(seed)
    found: dict[str, list[str]] = {"2 characters": [], "4 characters": [], "initials": [], "infix": [], "missing": []}
    while len(found["missing"]) < count:
        entry = entries[chance.randint(1, len(entries))]
        title, code = entry.title, entry.codes[0][4:]
        if len(title) < 6:
            continue
        at, length = chance.randrange(len(title) - 3), len(title)
        found["2 characters"].append(title[at : at + 2])
        found["4 characters"].append(title[at : at + 4])
        found["initials"].append("".join(part[0] for part in syllables(title))[: chance.randint(3, length)])
        found["infix"].append(chance.choice((title[2:5], code[2:7], entry.others[0][2:6])))
        found["missing"].append(chance.choice((title[0] + "魑" + title[1], "zzqxv", code + "9", title[::-1])))
    return found
