"""The products of a tea and coffee wholesaler, with prices and costs; margin varies by category."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from regulars.simulate.company import Company
from regulars.words import T

# Code, name, margin rate, lowest and highest base price, varieties.
_CATEGORIES: tuple[tuple[str, T, float, float, float, tuple[tuple[str, str], ...]], ...] = (
    ("GT", T("绿茶", "Green tea"), 0.38, 18, 160,
     (("龙井", "Longjing"), ("碧螺春", "Biluochun"), ("黄山毛峰", "Huangshan Maofeng"), ("信阳毛尖", "Xinyang Maojian"),
      ("六安瓜片", "Lu'an Guapian"), ("太平猴魁", "Taiping Houkui"))),
    ("BT", T("红茶", "Black tea"), 0.36, 15, 120,
     (("祁门红茶", "Keemun"), ("滇红", "Dianhong"), ("正山小种", "Lapsang Souchong"), ("金骏眉", "Jinjunmei"),
      ("英德红茶", "Yingde Black"), ("锡兰红茶", "Ceylon"))),
    ("OL", T("乌龙茶", "Oolong tea"), 0.41, 20, 170,
     (("铁观音", "Tieguanyin"), ("大红袍", "Dahongpao"), ("凤凰单丛", "Phoenix Dancong"), ("冻顶乌龙", "Dong Ding"),
      ("水仙", "Shuixian"), ("肉桂", "Rougui"))),
    ("PE", T("普洱茶", "Pu'er tea"), 0.47, 25, 260,
     (("普洱熟饼", "Ripe Pu'er cake"), ("普洱生饼", "Raw Pu'er cake"), ("小沱茶", "Mini Tuocha"), ("普洱茶砖", "Brick"),
      ("柑普茶", "Tangerine Pu'er"), ("古树茶", "Old-tree Pu'er"))),
    ("HB", T("花草茶", "Herbal tea"), 0.52, 9, 45,
     (("茉莉花茶", "Jasmine"), ("菊花", "Chrysanthemum"), ("玫瑰", "Rose"), ("洛神花", "Hibiscus"),
      ("桂花", "Osmanthus"), ("薄荷", "Mint"))),
    ("CB", T("咖啡豆", "Coffee beans"), 0.29, 28, 140,
     (("云南小粒", "Yunnan Arabica"), ("耶加雪菲", "Yirgacheffe"), ("曼特宁", "Mandheling"), ("哥伦比亚", "Colombia"),
      ("危地马拉", "Guatemala"), ("意式拼配", "Espresso blend"))),
    ("CP", T("挂耳与胶囊", "Drip bags and capsules"), 0.33, 12, 60,
     (("挂耳中烘", "Drip bag medium"), ("挂耳深烘", "Drip bag dark"), ("意式胶囊", "Espresso capsule"),
      ("美式胶囊", "Lungo capsule"), ("冷萃包", "Cold brew bag"), ("冻干咖啡", "Freeze-dried coffee"))),
    ("TW", T("茶具", "Teaware"), 0.55, 16, 320,
     (("品茗杯", "Tasting cup"), ("公道杯", "Fairness pitcher"), ("盖碗", "Gaiwan"), ("旅行茶具", "Travel tea set"),
      ("茶盘", "Tea tray"), ("紫砂壶", "Yixing teapot"))),
    ("CW", T("咖啡器具", "Coffee gear"), 0.24, 22, 480,
     (("滤杯", "Dripper"), ("法压壶", "French press"), ("手冲壶", "Pour-over kettle"), ("电子秤", "Scale"),
      ("摩卡壶", "Moka pot"), ("磨豆机", "Grinder"))),
    ("SN", T("茶点", "Snacks"), 0.31, 6, 35,
     (("绿豆糕", "Mung bean cake"), ("桃酥", "Walnut crisp"), ("凤梨酥", "Pineapple cake"), ("鲜花饼", "Rose pastry"),
      ("坚果", "Mixed nuts"), ("曲奇", "Butter cookies"))),
)  # fmt: skip
_SIZES = (("小", "small", 1.0), ("中", "medium", 1.7), ("大", "large", 2.9), ("箱装", "case", 6.2))
_SERVICES = (
    ("POST", T("运费", "Postage")),
    ("BANK", T("银行手续费", "Bank charges")),
    ("M", T("手工调整", "Manual")),
    ("TEST001", T("测试商品", "Test product")),
)
_SERVICE_CATEGORY = T("其他", "Other")


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Products by rising list price, then the services (postage, bank charges, manual, test).

    `list_price` and `unit_cost` are in cents; `popularity` cumulates the weight of the products, from 0.
    """

    codes: list[str]
    names: list[T]
    categories: list[T]
    list_price: npt.NDArray[np.int64]
    unit_cost: npt.NDArray[np.int64]
    popularity: npt.NDArray[np.float64]
    n_products: int

    def index(self, code: str) -> int:
        """Return the position of a code."""
        return self.codes.index(code)


def draw_catalogue(company: Company, rng: np.random.Generator) -> Catalogue:
    """Draw the company's catalogue: prices scatter around the category's range, popularity is Zipf's."""
    rows = [_product(i) for i in range(company.n_products)]
    scatter = np.exp(0.12 * rng.standard_normal(len(rows)))
    price = np.maximum(np.round(np.array([base for _, _, _, base, _ in rows]) * scatter * 2) / 2, 1.0)
    margin = np.clip(np.array([m for *_, m in rows]) + 0.03 * rng.standard_normal(len(rows)), 0.05, 0.9)
    order = np.argsort(price, kind="stable")
    price, margin, rows = price[order], margin[order], [rows[i] for i in order]
    cents = np.rint(price * 100).astype(np.int64)
    weight = 1 / (1 + rng.permutation(len(rows)))
    none = np.zeros(len(_SERVICES), dtype=np.int64)
    return Catalogue(
        codes=[code for code, *_ in rows] + [code for code, _ in _SERVICES],
        names=[name for _, name, *_ in rows] + [name for _, name in _SERVICES],
        categories=[category for _, _, category, *_ in rows] + [_SERVICE_CATEGORY] * len(_SERVICES),
        list_price=np.concatenate([cents, none]),
        unit_cost=np.concatenate([np.rint(cents * (1 - margin)).astype(np.int64), none]),
        popularity=np.concatenate([[0.0], np.cumsum(weight)]),
        n_products=len(rows),
    )


def _product(i: int) -> tuple[str, T, T, float, float]:
    """Code, name, category, base price and margin rate of the i-th product."""
    code, category, margin, low, high, varieties = _CATEGORIES[i % len(_CATEGORIES)]
    i //= len(_CATEGORIES)
    size_zh, size_en, factor = _SIZES[i % len(_SIZES)]
    variety = (i // len(_SIZES)) % len(varieties)
    edition = i // (len(_SIZES) * len(varieties))
    zh, en = varieties[variety]
    more = f" {edition + 1}" if edition else ""
    price = low * (high / low) ** (variety / (len(varieties) - 1)) * factor
    name = T(zh=f"{zh} {size_zh}{more}", en=f"{en}, {size_en}{more}")
    return f"{code}{1001 + i}", name, category, price, margin
