"""Which way, what does it cost, when does it arrive, and what does it emit?

Multimodal freight routes (sea, air, rail, road, inland waterway) with money, time and carbon on the
same legs. Importing this package loads next to nothing: numpy and the core come with the first name that is
used, tables, maps and solvers when a call needs them.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from xroute.errors import (
    AllocationError,
    AmbiguousPlaceError,
    BeyondLimitsError,
    FactorError,
    IndicativeRateWarning,
    InputError,
    InternalError,
    LimitError,
    MissingExtraError,
    NetworkFileError,
    NoRouteError,
    StaleRuleWarning,
    UnknownPlaceError,
    UnusedColumnWarning,
    XrouteError,
)

if TYPE_CHECKING:
    from xroute.allocation import Allocation, Limits, allocate
    from xroute.allocation_options import Disruption, Inventory, Periods, Returns
    from xroute.chain import HubElement, TransportChain, TransportElement
    from xroute.distances import Distance
    from xroute.energy import Claim, ElectricityUse, EnergyFootprint, FuelUse, RefrigerantLoss
    from xroute.facility import FacilityLocation, facility_location
    from xroute.factors import Factor, HubFactor
    from xroute.footprint import Footprint
    from xroute.front import Front
    from xroute.load_model import Carrier, VehicleModel
    from xroute.matrix import Matrix
    from xroute.network import Network
    from xroute.operation import Operation, Trip
    from xroute.plan import Plan
    from xroute.route import Leg, Route
    from xroute.scenario import Scenario
    from xroute.sharing import DeliveryRound, Drop
    from xroute.shipment import Shipment
    from xroute.table import Table
    from xroute.transport import transportation
    from xroute.two_stage import TwoStageLocation, two_stage_location

__version__ = "0.1.0"

_HOMES = {
    "Allocation": "allocation",
    "Carrier": "load_model",
    "Claim": "energy",
    "DeliveryRound": "sharing",
    "Disruption": "allocation_options",
    "Distance": "distances",
    "Drop": "sharing",
    "ElectricityUse": "energy",
    "EnergyFootprint": "energy",
    "FacilityLocation": "facility",
    "Factor": "factors",
    "Footprint": "footprint",
    "Front": "front",
    "FuelUse": "energy",
    "HubElement": "chain",
    "HubFactor": "factors",
    "Inventory": "allocation_options",
    "Leg": "route",
    "Limits": "allocation",
    "Matrix": "matrix",
    "Network": "network",
    "Operation": "operation",
    "Periods": "allocation_options",
    "Plan": "plan",
    "RefrigerantLoss": "energy",
    "Returns": "allocation_options",
    "Route": "route",
    "Scenario": "scenario",
    "Shipment": "shipment",
    "Table": "table",
    "TransportChain": "chain",
    "TransportElement": "chain",
    "Trip": "operation",
    "TwoStageLocation": "two_stage",
    "VehicleModel": "load_model",
    "allocate": "allocation",
    "facility_location": "facility",
    "transportation": "transport",
    "two_stage_location": "two_stage",
}

__all__ = [
    "Allocation",
    "AllocationError",
    "AmbiguousPlaceError",
    "BeyondLimitsError",
    "Carrier",
    "Claim",
    "DeliveryRound",
    "Disruption",
    "Distance",
    "Drop",
    "ElectricityUse",
    "EnergyFootprint",
    "FacilityLocation",
    "Factor",
    "FactorError",
    "Footprint",
    "Front",
    "FuelUse",
    "HubElement",
    "HubFactor",
    "IndicativeRateWarning",
    "InputError",
    "InternalError",
    "Inventory",
    "Leg",
    "LimitError",
    "Limits",
    "Matrix",
    "MissingExtraError",
    "Network",
    "NetworkFileError",
    "NoRouteError",
    "Operation",
    "Periods",
    "Plan",
    "RefrigerantLoss",
    "Returns",
    "Route",
    "Scenario",
    "Shipment",
    "StaleRuleWarning",
    "Table",
    "TransportChain",
    "TransportElement",
    "Trip",
    "TwoStageLocation",
    "UnknownPlaceError",
    "UnusedColumnWarning",
    "VehicleModel",
    "XrouteError",
    "__version__",
    "allocate",
    "facility_location",
    "transportation",
    "two_stage_location",
]


def __getattr__(name: str) -> Any:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module 'xroute' has no attribute {name!r}")
    value = getattr(import_module(f"xroute.{home}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
