//! The kinds of places where freight changes vehicle.

/// What a hub is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum HubKind {
    /// A seaport.
    Port = 0,
    /// An airport.
    Airport = 1,
    /// A rail terminal.
    RailTerminal = 2,
    /// A border station, where gauge or customs regime changes.
    Border = 3,
    /// A river port.
    RiverPort = 4,
    /// A warehouse.
    Warehouse = 5,
    /// A city: where roads start and end.
    City = 6,
    /// A waypoint: freight passes and never changes vehicle.
    Junction = 7,
}

impl HubKind {
    /// Every kind, in the order of their codes.
    pub const ALL: [Self; 8] = [
        Self::Port,
        Self::Airport,
        Self::RailTerminal,
        Self::Border,
        Self::RiverPort,
        Self::Warehouse,
        Self::City,
        Self::Junction,
    ];

    /// The name that tables use.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Port => "port",
            Self::Airport => "airport",
            Self::RailTerminal => "rail_terminal",
            Self::Border => "border",
            Self::RiverPort => "river_port",
            Self::Warehouse => "warehouse",
            Self::City => "city",
            Self::Junction => "junction",
        }
    }

    /// The kind of that name, if there is one.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// The position in per-kind arrays.
    #[must_use]
    pub const fn index(self) -> usize {
        self as usize
    }
}
