//! The six modes of transport.

/// How freight moves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Mode {
    /// Ships on the open sea and along coasts.
    Sea = 0,
    /// Aircraft.
    Air = 1,
    /// Trains.
    Rail = 2,
    /// Trucks and vans.
    Road = 3,
    /// Barges on rivers and canals.
    InlandWaterway = 4,
    /// Ro-ro and rail ferries: the truck or wagon stays aboard.
    Ferry = 5,
}

impl Mode {
    /// Every mode, in the order of their codes.
    pub const ALL: [Self; 6] =
        [Self::Sea, Self::Air, Self::Rail, Self::Road, Self::InlandWaterway, Self::Ferry];

    /// The name that tables use.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Sea => "sea",
            Self::Air => "air",
            Self::Rail => "rail",
            Self::Road => "road",
            Self::InlandWaterway => "inland_waterway",
            Self::Ferry => "ferry",
        }
    }

    /// The mode of that name, if there is one.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|mode| mode.name() == name)
    }

    /// The position in per-mode arrays.
    #[must_use]
    pub const fn index(self) -> usize {
        self as usize
    }

    /// The bit in a set of modes.
    #[must_use]
    pub const fn bit(self) -> u8 {
        1 << self as u8
    }
}
