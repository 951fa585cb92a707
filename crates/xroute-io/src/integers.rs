//! Whole numbers as bytes: seven bits a byte, small ones first, each number or its step from the one before.

/// How a run of numbers is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// The numbers themselves, none negative.
    Plain,
    /// The step from the number before, its sign in the lowest bit.
    Steps,
}

impl Kind {
    pub const fn byte(self) -> u8 {
        match self {
            Self::Plain => 0,
            Self::Steps => 1,
        }
    }

    pub const fn of(byte: u8) -> Option<Self> {
        match byte {
            0 => Some(Self::Plain),
            1 => Some(Self::Steps),
            _ => None,
        }
    }
}

/// Adds one number.
pub(crate) fn put(bytes: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        bytes.push(value as u8 | 0x80);
        value >>= 7;
    }
    bytes.push(value as u8);
}

/// Takes one number from the front; `None` where the bytes end in it or it needs more than 64 bits.
pub(crate) fn take(bytes: &mut &[u8]) -> Option<u64> {
    let (&first, rest) = bytes.split_first()?;
    *bytes = rest;
    if first < 0x80 {
        return Some(u64::from(first));
    }
    let mut value = u64::from(first & 0x7f);
    for shift in (7..64).step_by(7) {
        let (&byte, rest) = bytes.split_first()?;
        *bytes = rest;
        let part = u64::from(byte & 0x7f);
        if shift == 63 && part > 1 {
            return None;
        }
        value |= part << shift;
        if byte < 0x80 {
            return Some(value);
        }
    }
    None
}

const fn length(value: u64) -> usize {
    (70 - (value | 1).leading_zeros() as usize) / 7
}

const fn folded(step: i64) -> u64 {
    ((step << 1) ^ (step >> 63)).cast_unsigned()
}

const fn unfolded(value: u64) -> i64 {
    (value >> 1).cast_signed() ^ -(value & 1).cast_signed()
}

/// The shorter form of these numbers.
pub(crate) fn written(values: impl Iterator<Item = i64> + Clone) -> (Kind, Vec<u8>) {
    let (mut plain, mut steps, mut before) = (Some(0), 0, 0_i64);
    for value in values.clone() {
        plain = plain.filter(|_| value >= 0).map(|sum| sum + length(value.cast_unsigned()));
        steps += length(folded(value.wrapping_sub(before)));
        before = value;
    }
    match plain {
        Some(plain) if plain <= steps => {
            let mut bytes = Vec::with_capacity(plain);
            values.for_each(|value| put(&mut bytes, value.cast_unsigned()));
            (Kind::Plain, bytes)
        }
        _ => {
            let (mut bytes, mut before) = (Vec::with_capacity(steps), 0_i64);
            for value in values {
                put(&mut bytes, folded(value.wrapping_sub(before)));
                before = value;
            }
            (Kind::Steps, bytes)
        }
    }
}

/// So many numbers from bytes that hold nothing else; `None` for other bytes, or where `made` refuses one.
pub(crate) fn read<T>(
    mut bytes: &[u8],
    kind: Kind,
    count: usize,
    mut made: impl FnMut(i64) -> Option<T>,
) -> Option<Vec<T>> {
    if count > bytes.len() {
        return None; // each takes a byte: nothing is allocated for numbers that cannot be there
    }
    let mut found = Vec::with_capacity(count);
    let mut before = 0_i64;
    for _ in 0..count {
        let value = take(&mut bytes)?;
        before = match kind {
            Kind::Plain => value.cast_signed(),
            Kind::Steps => before.wrapping_add(unfolded(value)),
        };
        found.push(made(before)?);
    }
    bytes.is_empty().then_some(found)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn what_is_written_is_read(values in prop::collection::vec(any::<i64>(), 0..50), shift in 0..63_u32) {
            let values: Vec<i64> = values.into_iter().map(|value| value >> shift).collect();
            let (kind, bytes) = written(values.iter().copied());
            prop_assert_eq!(read(&bytes, kind, values.len(), Some), Some(values.clone()));
            prop_assert_eq!(read(&bytes, kind, values.len() + 1, Some), None);
            if !values.is_empty() {
                prop_assert_eq!(read(&bytes, kind, values.len() - 1, Some), None);
                prop_assert_eq!(read(&bytes[..bytes.len() - 1], kind, values.len(), Some), None);
            }
        }

        #[test]
        fn lengths_are_those_of_the_bytes(value in any::<u64>(), shift in 0..64_u32) {
            let mut bytes = Vec::new();
            put(&mut bytes, value >> shift);
            prop_assert_eq!(bytes.len(), length(value >> shift));
            prop_assert_eq!(take(&mut bytes.as_slice()), Some(value >> shift));
        }
    }

    #[test]
    fn numbers_beyond_64_bits_and_bytes_without_an_end_are_refused() {
        assert_eq!(take(&mut [0xff; 9].as_slice()), None);
        assert_eq!(take(&mut [0xff_u8; 9].iter().copied().chain([2]).collect::<Vec<_>>().as_slice()), None);
        assert_eq!(take(&mut [].as_slice()), None);
    }
}
