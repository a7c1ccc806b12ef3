"""Invented names of substances, medicines, makers, places and hospitals; none of them exists.

Whoever asks brings the source of chance: the same seed gives the same names.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

SYLLABLES = (
    "阿氨奥巴贝苯布达地多法非氟格海环吉甲卡克拉来利林洛马美米莫奈诺哌匹普曲瑞塞沙舒司索他坦特替托维西伊依乙右左孕唑佐"
)
_STEMS = """沙坦 他汀 洛尔 地平 普利 拉唑 替尼 西林 沙星 霉素 米松 唑仑 替丁 司琼 列净 列汀 韦林 昔布 单抗 培南 头孢
    环素 硝唑 西泮 曲坦 卡因 洛芬 酰胺 特罗 莫司"""
STEMS = _STEMS.split()
_SALTS = "盐酸 硫酸 磷酸 马来酸 枸橼酸 复方 富马酸 苯磺酸 酒石酸 重组人 单硝酸"
SALTS = ["", "", "", *_SALTS.split()]
HERBS = "参芪芍苓芎薄芷荷桔翘莲菊杞枣姜藤葛麦梅兰"
_EFFECTS = "清热 安神 通络 养血 益气 化瘀 祛湿 润肺 健脾 固肾 明目 止咳 舒筋 降火 和胃 利咽"
EFFECTS = _EFFECTS.split()
PLACES = ["江州", "海宁州", "云岭", "山阳", "东临", "西川", "南浦", "北原", "中州", "华阳", "长宁", "重山"]
WORDS = "江海云山东西南北华中安康泰恒瑞德仁益济和天百永正长重乐民信诚达顺普远佳润宁吉丰"
FIRMS = ["药业有限公司", "制药有限公司", "药业股份有限公司", "生物制药有限公司", "制药集团有限公司", "医药科技有限公司"]
_CITIES = """青岫 白鹭洲 望川岭 石榴湾 松月 清徽州 听澜 栖霞浦 金穗原 澄溪 桐花岭 双鲤 玉澜州 平沙渡 墨泉 霁山 云栖州
    秋禾 芦汀 兰渚 景明州 凤梧 归雁 碧潭州 星野"""
CITIES = [f"{name}市" for name in _CITIES.split()]
_HEADS = "青白石松云清金玉竹梅兰桂枫柳荷鹭雁鹤霞月星泉溪潭湖澜"
_TAILS = "石泉湖塘桥岭坪浦湾庄亭台渡原林"
_SURNAMES = "沈岳周何江原陵泽袁顾程许严管钱陆方夏秦孟"


@dataclass(frozen=True, slots=True)
class Shape:
    """How a dosage form is named, registered, listed, packed and counted."""

    name: str
    weight: int
    registered: str
    listed: str
    packaging: str
    unit: str
    packed: str
    packs: tuple[int, ...]


_BLISTERS = (6, 7, 10, 12, 14, 20, 24, 28, 30, 36, 48, 60, 100)
SHAPES = (
    Shape("片", 22, "片剂", "口服常释剂型", "铝塑包装", "片", "盒", _BLISTERS),
    Shape("胶囊", 14, "胶囊剂", "口服常释剂型", "铝塑包装", "粒", "盒", _BLISTERS),
    Shape("注射液", 16, "注射剂", "注射剂", "玻璃安瓿", "支", "盒", (1, 2, 5, 6, 10)),
    Shape("分散片", 6, "片剂", "口服常释剂型", "双铝包装", "片", "盒", _BLISTERS),
    Shape("缓释片", 6, "片剂", "口服缓释剂型", "铝塑包装", "片", "盒", _BLISTERS),
    Shape("颗粒", 7, "颗粒剂", "颗粒剂", "复合膜袋", "袋", "盒", (6, 9, 10, 12, 15, 20)),
    Shape("肠溶片", 3, "片剂", "口服肠溶剂型", "铝塑包装", "片", "瓶", _BLISTERS),
    Shape("滴眼液", 3, "眼用制剂", "滴眼剂", "塑料瓶", "支", "盒", (1, 2, 10)),
    Shape("口服溶液", 4, "口服溶液剂", "口服溶液剂", "玻璃瓶", "瓶", "盒", (1, 6, 10)),
    Shape("软膏", 2, "软膏剂", "软膏剂", "铝管", "支", "盒", (1, 2)),
    Shape("注射用", 10, "注射剂", "注射剂", "西林瓶", "瓶", "盒", (1, 2, 5, 10)),
    Shape("缓释胶囊", 3, "胶囊剂", "口服缓释剂型", "铝塑包装", "粒", "盒", _BLISTERS),
    Shape("干混悬剂", 2, "口服混悬剂", "干混悬剂", "复合膜袋", "袋", "盒", (6, 9, 10, 12)),
    Shape("咀嚼片", 2, "片剂", "口服常释剂型", "塑料瓶", "片", "瓶", _BLISTERS),
)
TRADITIONAL = (
    Shape("丸", 5, "丸剂", "丸剂", "塑料瓶", "丸", "盒", (6, 10, 12, 60)),
    Shape("颗粒", 6, "颗粒剂", "颗粒剂", "复合膜袋", "袋", "盒", (6, 9, 10, 12, 15, 20)),
    Shape("胶囊", 7, "胶囊剂", "胶囊剂", "铝塑包装", "粒", "盒", (12, 24, 36, 48, 60)),
    Shape("片", 6, "片剂", "片剂", "铝塑包装", "片", "盒", (12, 24, 36, 48, 60, 100)),
    Shape("口服液", 3, "合剂", "口服液", "玻璃瓶", "支", "盒", (6, 10, 12)),
)


def unique(count: int, invent: Callable[[], str], taken: Sequence[str] = ()) -> list[str]:
    """Return so many different names in the order in which they came up."""
    found, known = dict[str, None](), set(taken)
    while len(found) < count:
        name = invent()
        if name not in known:
            found[name] = None
    return list(found)


def substances(chance: random.Random, count: int) -> list[str]:
    """Return names of substances: a few syllables before a usual ending."""

    def invent() -> str:
        return "".join(chance.choices(SYLLABLES, k=chance.choice((1, 2, 2, 3)))) + chance.choice(STEMS)

    return unique(count, invent)


def recipes(chance: random.Random, count: int) -> list[str]:
    """Return names of traditional medicines without their form."""
    return unique(count, lambda: chance.choice(WORDS) + chance.choice(HERBS) + chance.choice(EFFECTS))


def herbs(chance: random.Random, count: int) -> list[str]:
    """Return names of single herbs, of which formula granules are made."""
    return unique(count, lambda: "".join(chance.choices(WORDS, k=2)) + chance.choice(HERBS))


def medicine(substance: str, shape: Shape) -> str:
    """Return a medicine's registered name.

    >>> medicine("盐酸贝洛尔", SHAPES[0]), medicine("左西头孢", SHAPES[10])
    ('盐酸贝洛尔片', '注射用左西头孢')
    """
    return shape.name + substance if shape.name == "注射用" else substance + shape.name


def written(shape: Shape) -> str:
    """Return a form as products write it, beside the one they are registered under.

    >>> written(SHAPES[0]), written(SHAPES[4])
    ('片剂', '片剂（缓释片）')
    """
    return shape.registered if shape.registered.startswith(shape.name) else f"{shape.registered}（{shape.name}）"


def trade(chance: random.Random) -> str:
    """Return a trade name."""
    return "".join(chance.choices(WORDS, k=chance.choice((2, 3))))


def makers(chance: random.Random, count: int, taken: Sequence[str] = ()) -> list[str]:
    """Return names of companies."""

    def invent() -> str:
        middle = "".join(chance.choices(WORDS, k=chance.choice((2, 2, 3))))
        return chance.choice(PLACES) + middle + chance.choice(FIRMS)

    return unique(count, invent, taken)


def person(chance: random.Random) -> str:
    """Return a person's name."""
    return chance.choice(_SURNAMES) + "".join(chance.choices(WORDS, k=chance.choice((1, 2))))


def districts(chance: random.Random, count: int) -> list[str]:
    """Return names of the districts and counties of one city."""

    def invent() -> str:
        return "".join(chance.sample(_HEADS, 2)) + chance.choice(_TAILS) + chance.choice("区区县")

    return unique(count, invent)


CITY_HOSPITALS = (
    ("第一人民医院", "三级甲等"), ("第二人民医院", "三级甲等"), ("第三人民医院", "三级乙等"), ("中医院", "三级甲等"),
    ("妇幼保健院", "三级乙等"), ("肿瘤医院", "三级甲等"), ("精神卫生中心", "二级甲等"), ("口腔医院", "二级甲等"),
    ("第四人民医院", "二级甲等"), ("康复医院", "二级乙等"),
)  # fmt: skip
DISTRICT_HOSPITALS = (("人民医院", "二级甲等"), ("中医院", "二级甲等"), ("妇幼保健院", "二级乙等"))


def hospitals(chance: random.Random, city: str, parts: Sequence[tuple[str, str]]) -> Iterator[tuple[str, str, str]]:
    """Yield (name, grade, district code or nothing) without end: the city's, its districts', then the smallest.

    `parts` are the districts as (code, name).
    """
    for name, grade in CITY_HOSPITALS:
        yield f"{city}{name}", grade, ""
    for code, district in parts:
        for name, grade in DISTRICT_HOSPITALS:
            yield f"{city}{district}{name}", grade, code
    while True:
        code, district = chance.choice(parts)
        town = "".join(chance.sample(_HEADS, 2))
        kind, grade = chance.choice((("镇卫生院", "一级"), ("街道社区卫生服务中心", "一级"), ("乡卫生院", "")))
        yield f"{city}{district}{town}{kind}", grade, code
