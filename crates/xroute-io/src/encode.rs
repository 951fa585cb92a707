//! Tables to bytes.

use std::collections::HashMap;
use std::io::Write;

use flate2::Compression;
use flate2::write::ZlibEncoder;
use xroute_core::cancel::{CancelFlag, Cancelled};
use xroute_core::tables::NetworkTables;

use crate::wire::{StoredOrder, Wire, walk};
use crate::{FORMAT_VERSION, FormatError, MAGIC};

/// Bytes that are packed between two looks at the flag.
const CHUNK: usize = 1 << 20;

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
    let body = packed(&writer.body, cancel)?;
    let mut file = Vec::with_capacity(body.len() + 24);
    file.extend(MAGIC);
    file.extend(FORMAT_VERSION.to_le_bytes());
    file.extend(crc32fast::hash(&body).to_le_bytes());
    file.extend((body.len() as u64).to_le_bytes());
    file.extend(body);
    Ok(file)
}

/// Bytes packed by zlib; the same bytes for the same input.
pub(crate) fn packed(bytes: &[u8], cancel: &CancelFlag) -> Result<Vec<u8>, Cancelled> {
    let mut packer = ZlibEncoder::new(Vec::new(), Compression::default());
    for chunk in bytes.chunks(CHUNK) {
        if cancel.is_raised() {
            return Err(Cancelled);
        }
        let _ = packer.write_all(chunk); // writing to memory never fails
    }
    Ok(packer.finish().unwrap_or_default())
}

impl Writer<'_> {
    fn count(&mut self, count: usize) {
        self.body.extend((count as u32).to_le_bytes());
    }
}

impl Wire for Writer<'_> {
    /// Distinct texts in order of first sight, then the number of the text of each row.
    fn text(&mut self, column: &mut Vec<String>) -> Result<(), FormatError> {
        if self.cancel.is_raised() {
            return Err(Cancelled.into());
        }
        let mut numbers: HashMap<&str, u32> = HashMap::new();
        let mut distinct: Vec<&str> = Vec::new();
        let mut rows = Vec::with_capacity(column.len());
        for text in column.iter() {
            let number = *numbers.entry(text).or_insert_with(|| {
                distinct.push(text);
                distinct.len() as u32 - 1
            });
            rows.push(number);
        }
        self.count(distinct.len());
        for text in &distinct {
            self.count(text.len());
            self.body.extend(text.as_bytes());
        }
        self.count(rows.len());
        for number in rows {
            self.body.extend(number.to_le_bytes());
        }
        Ok(())
    }

    /// The count, then one number for all rows (1) or a number by row (0).
    fn numbers(&mut self, column: &mut Vec<f64>) -> Result<(), FormatError> {
        self.count(column.len());
        let bits: Vec<u64> = column.iter().map(|value| value.to_bits()).collect();
        let is_constant = bits.len() > 1 && bits.iter().all(|&value| value == bits[0]);
        self.body.push(u8::from(is_constant));
        let kept = if is_constant { &bits[..1] } else { &bits[..] };
        for value in kept {
            self.body.extend(value.to_le_bytes());
        }
        Ok(())
    }

    fn flags(&mut self, column: &mut Vec<bool>) -> Result<(), FormatError> {
        self.count(column.len());
        self.body.extend(column.iter().map(|&flag| u8::from(flag)));
        Ok(())
    }

    fn counts(&mut self, column: &mut Vec<u32>) -> Result<(), FormatError> {
        self.count(column.len());
        self.body.extend(column.iter().flat_map(|value| value.to_le_bytes()));
        Ok(())
    }

    fn degrees(&mut self, column: &mut Vec<i32>) -> Result<(), FormatError> {
        self.count(column.len());
        self.body.extend(column.iter().flat_map(|value| value.to_le_bytes()));
        Ok(())
    }

    fn section(&mut self, tag: [u8; 4]) -> Result<(), FormatError> {
        self.body.extend(tag);
        Ok(())
    }
}
