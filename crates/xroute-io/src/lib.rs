//! Untrusted bytes to a network and back.
//!
//! An `.xnet` file is little-endian: a header (magic, format version, CRC-32 and length of the body), then the
//! body: sections, each a table; each table, columns in a fixed order. Texts are written once each, with the number
//! of its text by row; numbers as whole numbers of few bytes where that loses no bit; ends of links as numbers of
//! hubs; bytes that repeat are packed in blocks. Every count is compared with the bytes left, and with the room for
//! all columns, before anything is allocated for it, and the tables that come out are checked again by
//! [`xroute_core::network::Network::build`]. The last section is the contraction order of the search graph with its
//! arcs, where it was made; it is checked against the graph.

mod decimals;
mod decode;
mod encode;
mod integers;
mod order;
mod wire;

#[cfg(test)]
mod tests;

use xroute_core::cancel::{CancelFlag, Cancelled};
use xroute_core::graph::Graph;
use xroute_core::network::{BuildError, Network, Unbuilt};
use xroute_core::search::hierarchy::{NoSkeleton, Skeleton, SkeletonFault};

/// First bytes of every network file.
pub const MAGIC: [u8; 8] = *b"XROUTE\r\n";
/// The format that this version reads and writes.
pub const FORMAT_VERSION: u32 = 5;
/// The largest body that is read, in bytes.
pub const MOST_BYTES: usize = 4 << 30;

/// Bytes that are packed together, between two looks at the flag.
const BLOCK: usize = 1 << 20;

/// How streams, rows and columns are written.
mod form {
    pub const AS_IT_IS: u8 = 0;
    pub const PACKED: u8 = 1;

    pub const SAME: u8 = 0;
    pub const IN_ORDER: u8 = 1;
    pub const FEW: u8 = 2;
    pub const MANY: u8 = 3;

    pub const DECIMALS: u8 = 1;
    pub const EACH: u8 = 2;

    pub const OF_HUBS: u8 = 0;
    pub const OF_ITS_OWN: u8 = 1;
}

/// Why bytes make no network.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FormatError {
    /// The first bytes are not those of a network file.
    #[error("not an xroute network file: the first bytes are not its mark")]
    Foreign,
    /// Another version wrote it.
    #[error(
        "network format {found}, this version reads format {FORMAT_VERSION}: build the file again with `xroute network build`"
    )]
    Version {
        /// Format of the file.
        found: u32,
    },
    /// The length in the header is not that of the file.
    #[error("the header promises {promised} bytes and {found} are there: the file is cut or has a tail")]
    Length {
        /// Bytes that the header promises.
        promised: u64,
        /// Bytes that follow the header.
        found: u64,
    },
    /// The body is not what was written.
    #[error("the checksum differs: the file was damaged after it was written")]
    Checksum,
    /// The body breaks the rules of the format.
    #[error("{what} at byte {at}")]
    Malformed {
        /// What is wrong.
        what: &'static str,
        /// Where, from the start of the body.
        at: usize,
    },
    /// The tables are no network.
    #[error("the tables in the file make no network: {0}")]
    Tables(#[from] BuildError),
    /// The caller asked to stop.
    #[error(transparent)]
    Cancelled(#[from] Cancelled),
    /// The order is not that of the network.
    #[error("the contraction order in the file does not fit its network: {0}; save the network again")]
    Order(#[from] SkeletonFault),
}

impl From<NoSkeleton> for FormatError {
    fn from(error: NoSkeleton) -> Self {
        match error {
            NoSkeleton::Fault(fault) => Self::Order(fault),
            NoSkeleton::Cancelled(stopped) => Self::Cancelled(stopped),
        }
    }
}

impl From<Unbuilt> for FormatError {
    fn from(error: Unbuilt) -> Self {
        match error {
            Unbuilt::Fault(fault) => Self::Tables(fault),
            Unbuilt::Cancelled(stopped) => Self::Cancelled(stopped),
        }
    }
}

/// What a file holds.
#[derive(Debug, Clone)]
pub struct Loaded {
    /// The network.
    pub network: Network,
    /// Its search graph.
    pub graph: Graph,
    /// Its contraction order, if the file has one.
    pub skeleton: Option<Skeleton>,
}

/// The bytes of a network file, with its contraction order if there is one.
///
/// # Errors
/// [`Cancelled`] once the flag is raised.
pub fn save(
    network: &Network,
    skeleton: Option<&Skeleton>,
    cancel: &CancelFlag,
) -> Result<Vec<u8>, Cancelled> {
    encode::file(network.tables(), skeleton.map(order::stored).unwrap_or_default(), cancel)
}

/// Reads a network file.
///
/// # Errors
/// [`FormatError`]: foreign, of another version, cut, damaged, or no network; cancelled.
pub fn load(bytes: &[u8], cancel: &CancelFlag) -> Result<Loaded, FormatError> {
    let (tables, stored) = decode::file(bytes, cancel)?;
    let network = Network::build(tables, cancel)?;
    let graph = Graph::of_unless(&network, cancel)?;
    let skeleton = order::read(stored, &graph, cancel)?;
    Ok(Loaded { network, graph, skeleton })
}
