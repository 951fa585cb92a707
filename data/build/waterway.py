"""Inland waterways: curated legs, one link each way."""

from __future__ import annotations

from land import LandLink, frontiers
from sources import curated

FLOW = {
    "Rhine": ("barge_rhine", 18.0, 10.0),
    "Danube": ("barge_danube", 17.0, 9.0),
    "Yangtze": ("barge_yangtze", 20.0, 12.0),
    "Mississippi": ("barge_mississippi", 14.0, 8.0),
}
UPSTREAM_FIRST = ("Danube",)  # legs of these are written from the source to the mouth
CANAL = ("barge_other", 9.0, 9.0)


def waterway_links(ids: dict[str, str]) -> list[LandLink]:
    """Curated legs, one link each way: downstream is faster."""
    found = []
    for leg in curated("inland_waterway_legs"):
        river = next((name for name in FLOW if name in leg["waterway"] and "anal" not in leg["waterway"]), "")
        vehicle, down, up = FLOW.get(river, CANAL)
        is_towards_mouth = river in UPSTREAM_FIRST
        for is_reversed in (False, True):
            a, b = (leg["to"], leg["from"]) if is_reversed else (leg["from"], leg["to"])
            speed = down if is_towards_mouth != is_reversed else up
            crossed = [each for each in leg["countries"].split(";") if each]
            crossed = crossed[::-1] if is_reversed else crossed
            found.append(
                LandLink(
                    ids[a],
                    ids[b],
                    "inland_waterway",
                    float(leg["km"]),
                    crossed,
                    vehicle,
                    "xroute",
                    leg["confidence"],
                    frontiers(crossed),
                    oneway=True,
                    speed_km_h=speed,
                )
            )
    return found
