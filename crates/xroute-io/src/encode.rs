//! Tables to bytes.

use std::sync::Arc;

use xroute_core::cancel::{CancelFlag, Cancelled};
use xroute_core::numbers::Numbers;
use xroute_core::tables::NetworkTables;
use xroute_core::texts::{Rows, Texts, Words};

use crate::decimals::Decimals;
use crate::integers::{put, written};
use crate::wire::{StoredOrder, Wire, walk};
use crate::{BLOCK, FORMAT_VERSION, FormatError, MAGIC, form};

struct Writer<'a> {
    body: Vec<u8>,
    cancel: &'a CancelFlag,
}

pub(crate) fn file(
    tables: &NetworkTables,
    mut order: StoredOrder,
    cancel: &CancelFlag,
) -> Result<Vec<u8>, Cancelled> {
    let mut writer = Writer { body: Vec::new(), cancel };
    // Writing fails only when it is cancelled: `Wire` has more faults for reading's sake.
    walk(&mut writer, &mut tables.clone(), &mut order).map_err(|_| Cancelled)?;
    Ok(whole_file(&writer.body))
}

/// The header and the body.
pub(crate) fn whole_file(body: &[u8]) -> Vec<u8> {
    let mut file = Vec::with_capacity(body.len() + 24);
    file.extend(MAGIC);
    file.extend(FORMAT_VERSION.to_le_bytes());
    file.extend(crc32fast::hash(body).to_le_bytes());
    file.extend((body.len() as u64).to_le_bytes());
    file.extend(body);
    file
}

impl Writer<'_> {
    fn go_on(&self) -> Result<(), FormatError> {
        if self.cancel.is_raised() { Err(Cancelled.into()) } else { Ok(()) }
    }

    fn count(&mut self, count: usize) {
        put(&mut self.body, count as u64);
    }

    /// Bytes as they are, or in packed blocks where that makes them much fewer.
    fn stream(&mut self, bytes: &[u8]) -> Result<(), FormatError> {
        let mut blocks = Vec::new();
        for block in bytes.chunks(BLOCK) {
            self.go_on()?;
            blocks.push(lz4_flex::block::compress(block));
        }
        self.count(bytes.len());
        let packed: usize = blocks.iter().map(Vec::len).sum();
        if packed < bytes.len() - bytes.len() / 8 {
            self.body.push(form::PACKED);
            for block in blocks {
                self.count(block.len());
                self.body.extend(block);
            }
        } else {
            self.body.push(form::AS_IT_IS);
            self.body.extend(bytes);
        }
        Ok(())
    }

    fn integers(&mut self, values: impl Iterator<Item = i64> + Clone) -> Result<(), FormatError> {
        self.go_on()?;
        let (kind, bytes) = written(values);
        self.body.push(kind.byte());
        self.stream(&bytes)
    }

    fn each(&mut self, values: &[f64]) -> Result<(), FormatError> {
        let Some(decimals) = Decimals::of(values) else {
            self.body.push(form::EACH);
            let bytes: Vec<u8> = values.iter().flat_map(|value| value.to_bits().to_le_bytes()).collect();
            return self.stream(&bytes);
        };
        self.body.push(form::DECIMALS);
        self.count(values.len());
        self.body.push(decimals.digits);
        self.body.extend(decimals.least.to_le_bytes());
        self.integers(values.iter().map(|&value| decimals.whole(value)))
    }

    /// Each word by how much of the word before it begins with, and the rest.
    fn words(&mut self, words: &Words) -> Result<(), FormatError> {
        self.count(words.len());
        let (mut lengths, mut rests, mut before) = (Vec::new(), Vec::new(), &b""[..]);
        for word in words.iter().map(str::as_bytes) {
            let shared = before.iter().zip(word).take_while(|(a, b)| a == b).count();
            put(&mut lengths, shared as u64);
            put(&mut lengths, (word.len() - shared) as u64);
            rests.extend(&word[shared..]);
            before = word;
        }
        self.stream(&lengths)?;
        self.stream(&rests)
    }

    fn rows(&mut self, rows: &Rows) -> Result<(), FormatError> {
        match rows {
            Rows::Same { word, rows } => {
                self.body.push(form::SAME);
                self.count(*word as usize);
                self.count(*rows);
                Ok(())
            }
            Rows::InOrder(rows) => {
                self.body.push(form::IN_ORDER);
                self.count(*rows);
                Ok(())
            }
            Rows::Few(numbers) => {
                self.body.push(form::FEW);
                self.stream(numbers)
            }
            Rows::Many(numbers) => {
                self.body.push(form::MANY);
                self.count(numbers.len());
                self.integers(numbers.iter().copied().map(i64::from))
            }
        }
    }
}

impl Wire for Writer<'_> {
    /// The different texts, then the number of the text of each row.
    fn text(&mut self, column: &mut Texts) -> Result<(), FormatError> {
        self.go_on()?;
        self.words(column.words())?;
        self.rows(column.rows())
    }

    fn hubs(&mut self, column: &mut Texts, hubs: &Texts) -> Result<(), FormatError> {
        if Arc::ptr_eq(column.words(), hubs.words()) {
            self.body.push(form::OF_HUBS);
            return self.rows(column.rows());
        }
        self.body.push(form::OF_ITS_OWN);
        self.text(column)
    }

    /// One number for all rows, whole numbers of some digit, or eight bytes a row.
    fn numbers(&mut self, column: &mut Numbers) -> Result<(), FormatError> {
        self.go_on()?;
        match column {
            Numbers::Same { value, rows } => {
                self.body.push(form::SAME);
                self.count(*rows);
                self.body.extend(value.to_bits().to_le_bytes());
                Ok(())
            }
            Numbers::Each(values) => self.each(values),
        }
    }

    fn flags(&mut self, column: &mut Vec<bool>) -> Result<(), FormatError> {
        self.count(column.len());
        let packed = |flags: &[bool]| {
            flags.iter().enumerate().fold(0_u8, |byte, (bit, &flag)| byte | (u8::from(flag) << bit))
        };
        let bytes: Vec<u8> = column.chunks(8).map(packed).collect();
        self.stream(&bytes)
    }

    fn counts(&mut self, column: &mut Vec<u32>) -> Result<(), FormatError> {
        self.count(column.len());
        self.integers(column.iter().copied().map(i64::from))
    }

    fn degrees(&mut self, column: &mut Vec<i32>) -> Result<(), FormatError> {
        self.count(column.len());
        self.integers(column.iter().copied().map(i64::from))
    }

    fn section(&mut self, tag: [u8; 4]) -> Result<(), FormatError> {
        self.body.extend(tag);
        Ok(())
    }
}
