"""Made-up documents of the size and shape of a station's cases."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from storage.options import Options
from storage.store import Kind

KINDS = {"issues": Kind(indexes=("grid", "phone"), text=("title", "what"))}
TITLES = (
    "下水道堵塞",
    "游商占道",
    "路灯不亮",
    "马蜂窝",
    "噪声扰民",
    "飞线充电",
    "井盖缺失",
    "漏水",
    "Blocked sewer",
    "垃圾积存",
)


def case(number: int) -> dict[str, Any]:
    """A case as a station would keep it, about 450 bytes of JSON; the same for the same number."""
    return {
        "number": f"20261123-{number:04d}",
        "title": TITLES[number % len(TITLES)],
        "what": f"{number % 40 + 1}幢楼下 第{number}号 一楼卫生间返水,污水从井盖冒出来,已经两天了",
        "category": "works/sewer",
        "severity": number % 4 + 1,
        "grid": f"金桂-{number % 30:02d}",
        "phone": f"1380000{number % 10000:04d}",
        "status": "handling",
        "reported_at": "2026-11-23T08:00:00+08:00",
        "errands": [{"agency": "property", "state": "sent", "limit": "4小时"}],
        "voices": number % 5,
    }


def options(**more: Any) -> Options:
    """Options as a session has them."""
    return Options(now=lambda: datetime.now(UTC), kinds=KINDS, **more)
