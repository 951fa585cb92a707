//! Row numbers that cannot be mistaken for one another.

macro_rules! row_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub u32);

        impl $name {
            /// The position in the arrays of the network.
            #[must_use]
            pub const fn index(self) -> usize {
                self.0 as usize
            }
        }
    };
}

row_id!(
    /// A hub, by its row in the hubs table.
    HubId
);
row_id!(
    /// A link, by its row in the links table.
    LinkId
);
row_id!(
    /// A service, by its row in the services table.
    ServiceId
);
