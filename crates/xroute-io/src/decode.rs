//! Bytes to tables: nothing in the file is trusted.

use std::io::Read;

use flate2::read::ZlibDecoder;
use xroute_core::cancel::{CancelFlag, Cancelled};
use xroute_core::tables::NetworkTables;

use crate::wire::{StoredOrder, Wire, walk};
use crate::{FORMAT_VERSION, FormatError, MAGIC, MOST_BYTES};

const HEADER: usize = 24;
/// Bytes that are unpacked between two looks at the flag.
const CHUNK: u64 = 4 << 20;

struct Reader<'a> {
    body: &'a [u8],
    at: usize,
    cancel: &'a CancelFlag,
}

pub(crate) fn file(bytes: &[u8], cancel: &CancelFlag) -> Result<(NetworkTables, StoredOrder), FormatError> {
    let body = checked_body(bytes)?;
    let body = unpacked(body, cancel)?;
    let mut reader = Reader { body: &body, at: 0, cancel };
    let (mut tables, mut order) = (NetworkTables::default(), StoredOrder::default());
    walk(&mut reader, &mut tables, &mut order)?;
    if reader.at == body.len() {
        Ok((tables, order))
    } else {
        Err(reader.fault("bytes after the last section"))
    }
}

/// The body itself; a stream that is broken, has a tail or would grow beyond the limit is refused.
fn unpacked(body: &[u8], cancel: &CancelFlag) -> Result<Vec<u8>, FormatError> {
    let fault = |what| FormatError::Malformed { what, at: 0 };
    let mut stream = ZlibDecoder::new(body);
    let mut found = Vec::new();
    loop {
        if cancel.is_raised() {
            return Err(Cancelled.into());
        }
        match stream.by_ref().take(CHUNK).read_to_end(&mut found) {
            Err(_) => return Err(fault("a body that does not unpack")),
            Ok(_) if found.len() > MOST_BYTES => {
                return Err(fault("a body that would grow beyond the limit"));
            }
            Ok(0) => break,
            Ok(_) => {}
        }
    }
    if stream.total_in() == body.len() as u64 { Ok(found) } else { Err(fault("bytes after the packed body")) }
}

fn checked_body(bytes: &[u8]) -> Result<&[u8], FormatError> {
    let Some(header) = bytes.first_chunk::<HEADER>() else {
        let is_ours = bytes.len() >= MAGIC.len() && bytes.starts_with(&MAGIC);
        let found = bytes.len().saturating_sub(MAGIC.len()) as u64;
        return Err(if is_ours { FormatError::Length { promised: 16, found } } else { FormatError::Foreign });
    };
    if !header.starts_with(&MAGIC) {
        return Err(FormatError::Foreign);
    }
    let word = |at: usize| u32::from_le_bytes([header[at], header[at + 1], header[at + 2], header[at + 3]]);
    if word(8) != FORMAT_VERSION {
        return Err(FormatError::Version { found: word(8) });
    }
    let promised = u64::from(word(16)) | (u64::from(word(20)) << 32);
    let body = &bytes[HEADER..];
    if promised != body.len() as u64 || body.len() > MOST_BYTES {
        return Err(FormatError::Length { promised, found: body.len() as u64 });
    }
    if crc32fast::hash(body) == word(12) { Ok(body) } else { Err(FormatError::Checksum) }
}

impl<'a> Reader<'a> {
    const fn fault(&self, what: &'static str) -> FormatError {
        FormatError::Malformed { what, at: self.at }
    }

    fn take(&mut self, count: usize) -> Result<&'a [u8], FormatError> {
        match self.body.get(self.at..).and_then(|rest| rest.get(..count)) {
            Some(taken) => {
                self.at += count;
                Ok(taken)
            }
            None => Err(self.fault("a count larger than the bytes left")),
        }
    }

    fn word(&mut self) -> Result<u32, FormatError> {
        let bytes = self.take(4)?;
        Ok(u32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]))
    }

    /// Takes `count` values of `size` bytes at once, so that the count is checked before any allocation.
    fn values(&mut self, count: usize, size: usize) -> Result<std::slice::ChunksExact<'a, u8>, FormatError> {
        let length = count.checked_mul(size).ok_or_else(|| self.fault("a count too large"))?;
        Ok(self.take(length)?.chunks_exact(size))
    }

    fn one_text(&mut self) -> Result<&'a str, FormatError> {
        let length = self.word()? as usize;
        let bytes = self.take(length)?;
        std::str::from_utf8(bytes).map_err(|_| self.fault("a text that is not UTF-8"))
    }
}

const fn word_of(bytes: &[u8]) -> [u8; 4] {
    [bytes[0], bytes[1], bytes[2], bytes[3]]
}

impl Wire for Reader<'_> {
    fn text(&mut self, column: &mut Vec<String>) -> Result<(), FormatError> {
        if self.cancel.is_raised() {
            return Err(Cancelled.into());
        }
        let distinct = self.word()? as usize;
        if distinct > self.body.len() - self.at {
            return Err(self.fault("a count larger than the bytes left"));
        }
        let texts = (0..distinct).map(|_| self.one_text()).collect::<Result<Vec<_>, _>>()?;
        let rows = self.word()? as usize;
        let numbers = self.values(rows, 4)?;
        let longest = texts.iter().map(|text| text.len()).max().unwrap_or(0);
        if rows.saturating_mul(longest) > MOST_BYTES {
            return Err(self.fault("texts that would grow beyond the limit"));
        }
        column.reserve_exact(rows);
        for number in numbers {
            let number = u32::from_le_bytes(word_of(number)) as usize;
            let text = texts.get(number).ok_or_else(|| self.fault("a text number out of range"))?;
            column.push((*text).to_owned());
        }
        Ok(())
    }

    fn numbers(&mut self, column: &mut Vec<f64>) -> Result<(), FormatError> {
        let rows = self.word()? as usize;
        let is_constant = match self.take(1)? {
            [0] => false,
            [1] => true,
            _ => return Err(self.fault("an unknown kind of number column")),
        };
        if is_constant {
            let bytes = self.take(8)?;
            if rows > self.body.len() {
                return Err(self.fault("a count larger than the file"));
            }
            let mut value = [0; 8];
            value.copy_from_slice(bytes);
            column.resize(rows, f64::from_le_bytes(value));
            return Ok(());
        }
        for bytes in self.values(rows, 8)? {
            let mut value = [0; 8];
            value.copy_from_slice(bytes);
            column.push(f64::from_le_bytes(value));
        }
        Ok(())
    }

    fn flags(&mut self, column: &mut Vec<bool>) -> Result<(), FormatError> {
        let rows = self.word()? as usize;
        for &byte in self.take(rows)? {
            match byte {
                0 => column.push(false),
                1 => column.push(true),
                _ => return Err(self.fault("a flag that is neither 0 nor 1")),
            }
        }
        Ok(())
    }

    fn counts(&mut self, column: &mut Vec<u32>) -> Result<(), FormatError> {
        let rows = self.word()? as usize;
        column.extend(self.values(rows, 4)?.map(|bytes| u32::from_le_bytes(word_of(bytes))));
        Ok(())
    }

    fn degrees(&mut self, column: &mut Vec<i32>) -> Result<(), FormatError> {
        let rows = self.word()? as usize;
        column.extend(self.values(rows, 4)?.map(|bytes| i32::from_le_bytes(word_of(bytes))));
        Ok(())
    }

    fn section(&mut self, tag: [u8; 4]) -> Result<(), FormatError> {
        if self.take(4)? == tag { Ok(()) } else { Err(self.fault("a section out of its place")) }
    }
}
