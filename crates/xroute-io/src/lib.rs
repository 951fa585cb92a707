//! Untrusted bytes to a network and back.
//!
//! An `.xnet` file is little-endian: a header (magic, format version, CRC-32 and length of the packed body),
//! then the body, packed by zlib: sections, each a table; each table, columns in a fixed order. Every count is
//! compared with the bytes left before anything is allocated for it, and the tables that come out are
//! checked again by [`xroute_core::network::Network::build`].

mod decode;
mod encode;
mod wire;

#[cfg(test)]
mod tests;

use xroute_core::network::{BuildError, Network};

/// First bytes of every network file.
pub const MAGIC: [u8; 8] = *b"XROUTE\r\n";
/// The format that this version reads and writes.
pub const FORMAT_VERSION: u32 = 3;
/// The largest body that is read, in bytes.
pub const MOST_BYTES: usize = 4 << 30;

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
}

/// The bytes of a network file.
#[must_use]
pub fn save(network: &Network) -> Vec<u8> {
    encode::file(network.tables())
}

/// Reads a network file.
///
/// # Errors
/// [`FormatError`]: foreign, of another version, cut, damaged, or no network.
pub fn load(bytes: &[u8]) -> Result<Network, FormatError> {
    Ok(Network::build(decode::file(bytes)?)?)
}
