//! Bytes to tables: nothing in the file is trusted.

use std::borrow::Cow;
use std::sync::Arc;

use xroute_core::cancel::{CancelFlag, Cancelled};
use xroute_core::numbers::Numbers;
use xroute_core::tables::NetworkTables;
use xroute_core::texts::{Rows, Texts, Words};

use crate::decimals::Decimals;
use crate::integers::{Kind, read, take};
use crate::wire::{StoredOrder, Wire, walk};
use crate::{BLOCK, FORMAT_VERSION, FormatError, MAGIC, MOST_BYTES, form};

const HEADER: usize = 24;
/// What a row of a column is counted as, at least: searches keep about as much for it.
const BYTES_OF_ROW: usize = 8;

struct Reader<'a> {
    left: &'a [u8],
    length: usize,
    /// Bytes that may still be unpacked.
    room: usize,
    cancel: &'a CancelFlag,
}

pub(crate) fn file(bytes: &[u8], cancel: &CancelFlag) -> Result<(NetworkTables, StoredOrder), FormatError> {
    let body = checked_body(bytes)?;
    let mut reader = Reader { left: body, length: body.len(), room: MOST_BYTES, cancel };
    let (mut tables, mut order) = (NetworkTables::default(), StoredOrder::default());
    walk(&mut reader, &mut tables, &mut order)?;
    if reader.left.is_empty() {
        Ok((tables, order))
    } else {
        Err(reader.fault("bytes after the last section"))
    }
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
        FormatError::Malformed { what, at: self.length - self.left.len() }
    }

    fn go_on(&self) -> Result<(), FormatError> {
        if self.cancel.is_raised() { Err(Cancelled.into()) } else { Ok(()) }
    }

    /// Takes bytes from the room that unpacked columns have.
    fn spend(&mut self, count: usize, size: usize) -> Result<(), FormatError> {
        let left = count.checked_mul(size).and_then(|bytes| self.room.checked_sub(bytes));
        self.room = left.ok_or_else(|| self.fault("columns that would grow beyond the limit"))?;
        Ok(())
    }

    fn take(&mut self, count: usize) -> Result<&'a [u8], FormatError> {
        let Some((taken, left)) = self.left.split_at_checked(count) else {
            return Err(self.fault("a count larger than the bytes left"));
        };
        self.left = left;
        Ok(taken)
    }

    fn byte(&mut self) -> Result<u8, FormatError> {
        Ok(self.take(1)?[0])
    }

    fn word(&mut self) -> Result<[u8; 8], FormatError> {
        let mut word = [0; 8];
        word.copy_from_slice(self.take(8)?);
        Ok(word)
    }

    fn count(&mut self) -> Result<usize, FormatError> {
        let count = take(&mut self.left).ok_or_else(|| self.fault("a count that does not end"))?;
        usize::try_from(count).map_err(|_| self.fault("a count too large"))
    }

    /// The rows of a column, counted against the room for all columns.
    fn row_count(&mut self) -> Result<usize, FormatError> {
        let rows = self.count()?;
        self.spend(rows, BYTES_OF_ROW)?;
        Ok(rows)
    }

    /// Bytes as they are in the file, or unpacked block by block.
    fn stream(&mut self) -> Result<Cow<'a, [u8]>, FormatError> {
        self.go_on()?;
        let length = self.count()?;
        match self.byte()? {
            form::AS_IT_IS => Ok(Cow::Borrowed(self.take(length)?)),
            form::PACKED => self.unpacked(length).map(Cow::Owned),
            _ => Err(self.fault("an unknown kind of stream")),
        }
    }

    fn unpacked(&mut self, length: usize) -> Result<Vec<u8>, FormatError> {
        self.spend(length, 1)?;
        if length / PACKED_AT_MOST > self.left.len() {
            return Err(self.fault("a stream longer than its bytes can unpack to"));
        }
        let mut found = vec![0; length];
        for block in found.chunks_mut(BLOCK) {
            self.go_on()?;
            let count = self.count()?;
            let packed = self.take(count)?;
            match lz4_flex::block::decompress_into(packed, block) {
                Ok(unpacked) if unpacked == block.len() => {}
                _ => return Err(self.fault("a block that does not unpack")),
            }
        }
        Ok(found)
    }

    fn integers<T>(
        &mut self,
        count: usize,
        made: impl FnMut(i64) -> Option<T>,
    ) -> Result<Vec<T>, FormatError> {
        let kind = Kind::of(self.byte()?).ok_or_else(|| self.fault("an unknown kind of whole numbers"))?;
        let bytes = self.stream()?;
        read(&bytes, kind, count, made)
            .ok_or_else(|| self.fault("whole numbers that are out of range or not as many as promised"))
    }

    fn words(&mut self) -> Result<Words, FormatError> {
        let count = self.count()?;
        let (lengths, rests) = (self.stream()?, self.stream()?);
        let (mut lengths, mut rests) = (&*lengths, &*rests);
        if count > lengths.len() {
            return Err(self.fault("more words than lengths"));
        }
        self.spend(count, BYTES_OF_ROW)?;
        let (mut text, mut ends) = (Vec::with_capacity(rests.len()), Vec::with_capacity(count));
        let mut start = 0;
        for _ in 0..count {
            let word = (|| {
                let shared = usize::try_from(take(&mut lengths)?).ok()?;
                let own = usize::try_from(take(&mut lengths)?).ok()?;
                let (rest, left) = rests.split_at_checked(own)?;
                rests = left;
                (shared <= text.len() - start).then_some((shared, rest))
            })();
            let (shared, rest) = word.ok_or_else(|| self.fault("a word longer than its bytes"))?;
            self.spend(shared + rest.len(), 1)?;
            let next = text.len();
            text.extend_from_within(start..start + shared);
            text.extend_from_slice(rest);
            start = next;
            ends.push(text.len());
        }
        if !lengths.is_empty() || !rests.is_empty() {
            return Err(self.fault("bytes after the last word"));
        }
        let text = String::from_utf8(text).map_err(|_| self.fault("a text that is not UTF-8"))?;
        Words::from_parts(text, ends).ok_or_else(|| self.fault("a text that is not UTF-8"))
    }

    fn rows(&mut self) -> Result<Rows, FormatError> {
        match self.byte()? {
            form::SAME => {
                let word = self.count()?;
                let word = u32::try_from(word).map_err(|_| self.fault("a text number out of range"))?;
                Ok(Rows::Same { word, rows: self.row_count()? })
            }
            form::IN_ORDER => Ok(Rows::InOrder(self.row_count()?)),
            form::FEW => {
                let numbers = self.stream()?.into_owned();
                self.spend(numbers.len(), BYTES_OF_ROW)?;
                Ok(Rows::Few(numbers))
            }
            form::MANY => {
                let rows = self.row_count()?;
                Ok(Rows::Many(self.integers(rows, |number| u32::try_from(number).ok())?))
            }
            _ => Err(self.fault("an unknown kind of rows")),
        }
    }

    fn texts(&mut self, words: Arc<Words>) -> Result<Texts, FormatError> {
        let rows = self.rows()?;
        Texts::new(words, rows).ok_or_else(|| self.fault("a text number out of range"))
    }
}

/// What a packed byte can become.
const PACKED_AT_MOST: usize = 255;

impl Wire for Reader<'_> {
    fn text(&mut self, column: &mut Texts) -> Result<(), FormatError> {
        let words = Arc::new(self.words()?);
        *column = self.texts(words)?;
        Ok(())
    }

    fn hubs(&mut self, column: &mut Texts, hubs: &Texts) -> Result<(), FormatError> {
        match self.byte()? {
            form::OF_ITS_OWN => self.text(column),
            form::OF_HUBS => {
                *column = self.texts(Arc::clone(hubs.words()))?;
                Ok(())
            }
            _ => Err(self.fault("an unknown kind of hubs")),
        }
    }

    fn numbers(&mut self, column: &mut Numbers) -> Result<(), FormatError> {
        *column = match self.byte()? {
            form::SAME => {
                let rows = self.row_count()?;
                Numbers::Same { value: f64::from_le_bytes(self.word()?), rows }
            }
            form::DECIMALS => {
                let rows = self.row_count()?;
                let (digits, least) = (self.byte()?, i64::from_le_bytes(self.word()?));
                let decimals = Decimals::checked(digits, least)
                    .ok_or_else(|| self.fault("numbers of more digits than numbers have"))?;
                let scale = decimals.scale();
                Numbers::Each(self.integers(rows, |whole| decimals.number(whole, scale))?)
            }
            form::EACH => {
                let bytes = self.stream()?;
                self.spend(bytes.len(), 1)?;
                let (words, rest) = bytes.as_chunks::<8>();
                if !rest.is_empty() {
                    return Err(self.fault("numbers that are no whole words"));
                }
                Numbers::Each(words.iter().map(|&word| f64::from_le_bytes(word)).collect())
            }
            _ => return Err(self.fault("an unknown kind of number column")),
        };
        Ok(())
    }

    fn flags(&mut self, column: &mut Vec<bool>) -> Result<(), FormatError> {
        let rows = self.row_count()?;
        let bytes = self.stream()?;
        if bytes.len() != rows.div_ceil(8) {
            return Err(self.fault("flags that are not as many as promised"));
        }
        if !rows.is_multiple_of(8) && bytes.last().is_some_and(|&last| last >> (rows % 8) != 0) {
            return Err(self.fault("flags beyond the last row"));
        }
        column.extend(bytes.iter().flat_map(|byte| (0..8).map(move |bit| byte >> bit & 1 == 1)).take(rows));
        Ok(())
    }

    fn counts(&mut self, column: &mut Vec<u32>) -> Result<(), FormatError> {
        let rows = self.row_count()?;
        *column = self.integers(rows, |number| u32::try_from(number).ok())?;
        Ok(())
    }

    fn degrees(&mut self, column: &mut Vec<i32>) -> Result<(), FormatError> {
        let rows = self.row_count()?;
        *column = self.integers(rows, |number| i32::try_from(number).ok())?;
        Ok(())
    }

    fn section(&mut self, tag: [u8; 4]) -> Result<(), FormatError> {
        if self.take(4)? == tag { Ok(()) } else { Err(self.fault("a section out of its place")) }
    }
}
