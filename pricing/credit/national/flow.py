"""What the national list calls matters and levels: the benchmarks' own words."""

from __future__ import annotations

from pricing.credit.flow import Matter
from pricing.credit.ratings.flow import Level

MATTERS = {
    Matter.KICKBACKS: "给予回扣", Matter.TAX: "涉税违法", Matter.MONOPOLY: "垄断", Matter.PRICING: "价格违法",
    Matter.RIGGED_BIDDING: "扰乱集中采购秩序", Matter.BREACH: "违背信用承诺", Matter.RESISTING: "拒不配合监督",
}  # fmt: skip
LEVELS = {
    Level.GENERAL: "一般", Level.MEDIUM: "中等", Level.SERIOUS: "严重", Level.EXTREMELY_SERIOUS: "特别严重",
    Level.DISHONEST: "失信", Level.SERIOUSLY_DISHONEST: "严重失信", Level.EXTREMELY_DISHONEST: "特别严重失信",
}  # fmt: skip
