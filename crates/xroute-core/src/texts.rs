//! Columns of texts: each different text once, and by row which of them it is.

#[cfg(test)]
#[path = "texts_tests.rs"]
mod tests;

use std::hash::{BuildHasher, RandomState};
use std::ops::Index;
use std::sync::Arc;

/// Texts one after another in one buffer, numbered from 0.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Words {
    text: String,
    ends: Vec<usize>,
}

impl Words {
    /// Words from a buffer and the end of each in it; `None` where the ends do not cut it into texts.
    #[must_use]
    pub fn from_parts(text: String, ends: Vec<usize>) -> Option<Self> {
        let mut before = 0;
        for &end in &ends {
            if end < before || !text.is_char_boundary(end) {
                return None;
            }
            before = end;
        }
        (before == text.len()).then_some(Self { text, ends })
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// The text of a number below [`Self::len`].
    #[must_use]
    pub fn word(&self, number: usize) -> &str {
        let start = if number == 0 { 0 } else { self.ends[number - 1] };
        &self.text[start..self.ends[number]]
    }

    /// Every text in order.
    #[must_use]
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &str> + ExactSizeIterator {
        (0..self.len()).map(|number| self.word(number))
    }

    /// The whole buffer and the end of each text in it.
    #[must_use]
    pub fn parts(&self) -> (&str, &[usize]) {
        (&self.text, &self.ends)
    }

    fn push(&mut self, word: &str) {
        self.text.push_str(word);
        self.ends.push(self.text.len());
    }
}

/// How many words one byte tells apart.
const FEW: u32 = 1 << 8;

/// Which word each row has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Rows {
    /// All rows have one word.
    Same {
        /// The number of the word.
        word: u32,
        /// How many rows there are.
        rows: usize,
    },
    /// Each row has the word of its own number.
    InOrder(usize),
    /// Numbers of few words.
    Few(Vec<u8>),
    /// Numbers of many words.
    Many(Vec<u32>),
}

impl Rows {
    /// The smallest form of these numbers.
    #[must_use]
    pub fn of(numbers: Vec<u32>) -> Self {
        let first = numbers.first().copied().unwrap_or(0);
        if numbers.iter().all(|&number| number == first) {
            return Self::Same { word: first, rows: numbers.len() };
        }
        if numbers.iter().zip(0..).all(|(&number, row)| number == row) {
            return Self::InOrder(numbers.len());
        }
        if numbers.iter().all(|&number| number < FEW) {
            return Self::Few(numbers.iter().map(|&number| number as u8).collect());
        }
        Self::Many(numbers)
    }

    fn len(&self) -> usize {
        match self {
            Self::Same { rows, .. } | Self::InOrder(rows) => *rows,
            Self::Few(numbers) => numbers.len(),
            Self::Many(numbers) => numbers.len(),
        }
    }

    /// One more than the largest number.
    fn bound(&self) -> usize {
        match self {
            Self::Same { rows: 0, .. } => 0,
            Self::Same { word, .. } => *word as usize + 1,
            Self::InOrder(rows) => *rows,
            Self::Few(numbers) => numbers.iter().max().map_or(0, |&most| usize::from(most) + 1),
            Self::Many(numbers) => numbers.iter().max().map_or(0, |&most| most as usize + 1),
        }
    }
}

/// A column of texts.
#[derive(Debug, Clone)]
pub struct Texts {
    words: Arc<Words>,
    rows: Rows,
}

impl Texts {
    /// A column of these words; `None` where a row has a number beyond them.
    #[must_use]
    pub fn new(words: Arc<Words>, rows: Rows) -> Option<Self> {
        (rows.bound() <= words.len()).then_some(Self { words, rows })
    }

    /// One text in all rows.
    #[must_use]
    pub fn same(text: &str, rows: usize) -> Self {
        let mut words = Words::default();
        if rows > 0 {
            words.push(text);
        }
        Self { words: Arc::new(words), rows: Rows::Same { word: 0, rows } }
    }

    /// How many rows there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The words, in the order of first sight where they were read row by row.
    #[must_use]
    pub const fn words(&self) -> &Arc<Words> {
        &self.words
    }

    /// Which word each row has.
    #[must_use]
    pub const fn rows(&self) -> &Rows {
        &self.rows
    }

    /// The number of the word of a row.
    #[must_use]
    pub fn number(&self, row: usize) -> u32 {
        match &self.rows {
            Rows::Same { word, .. } => *word,
            Rows::InOrder(_) => row as u32,
            Rows::Few(numbers) => u32::from(numbers[row]),
            Rows::Many(numbers) => numbers[row],
        }
    }

    /// The texts by row.
    #[must_use]
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &str> + ExactSizeIterator {
        (0..self.len()).map(|row| &self[row])
    }

    /// The same column with another text in one row.
    #[must_use]
    pub fn with(&self, row: usize, text: &str) -> Self {
        self.iter().enumerate().map(|(at, old)| if at == row { text } else { old }).collect()
    }
}

impl Default for Texts {
    fn default() -> Self {
        Self::same("", 0)
    }
}

impl Index<usize> for Texts {
    type Output = str;

    fn index(&self, row: usize) -> &str {
        self.words.word(self.number(row) as usize)
    }
}

impl PartialEq for Texts {
    fn eq(&self, other: &Self) -> bool {
        self.len() == other.len() && self.iter().eq(other.iter())
    }
}

impl Eq for Texts {}

impl<S: AsRef<str>> FromIterator<S> for Texts {
    fn from_iter<I: IntoIterator<Item = S>>(texts: I) -> Self {
        let mut column = TextColumn::default();
        for text in texts {
            column.push(text.as_ref());
        }
        column.finish()
    }
}

impl<S: AsRef<str>, const N: usize> From<[S; N]> for Texts {
    fn from(texts: [S; N]) -> Self {
        texts.into_iter().collect()
    }
}

/// A column of texts as it is read row by row.
#[derive(Debug, Default)]
pub struct TextColumn {
    words: Words,
    known: WordIndex,
    numbers: Vec<u32>,
}

impl TextColumn {
    /// Room for so many rows.
    #[must_use]
    pub fn with_capacity(rows: usize) -> Self {
        Self { numbers: Vec::with_capacity(rows), ..Self::default() }
    }

    /// Adds a row and gives the number of its word.
    pub fn push(&mut self, text: &str) -> u32 {
        let number = self.known.find_or_insert(&mut self.words, text);
        self.numbers.push(number);
        number
    }

    /// Adds a row with a word that stands there already.
    pub fn push_known(&mut self, number: u32) {
        self.numbers.push(number);
    }

    /// The column.
    #[must_use]
    pub fn finish(self) -> Texts {
        Texts { words: Arc::new(self.words), rows: Rows::of(self.numbers) }
    }
}

/// The number of a word by its text: open addressing, with a part of the hash beside each number.
#[derive(Debug, Clone, Default)]
pub struct WordIndex {
    /// Upper half: hash; lower half: the number of the word and one more; 0 where free. A power of two long.
    slots: Vec<u64>,
    filled: usize,
    hasher: RandomState,
}

const LEAST_SLOTS: usize = 16;
const NUMBER: u64 = u32::MAX as u64;

impl WordIndex {
    /// The index of words that all differ.
    ///
    /// # Errors
    /// The number of the first word that stands there a second time.
    pub fn of(words: &Words) -> Result<Self, usize> {
        let mut index = Self::default();
        index.grow((words.len() * 2).next_power_of_two().max(LEAST_SLOTS));
        for (number, word) in words.iter().enumerate() {
            let hash = index.hasher.hash_one(word);
            match index.slot_of(words, word, hash) {
                Ok(_) => return Err(number),
                Err(free) => index.slots[free] = entry(hash, number as u32),
            }
        }
        index.filled = words.len();
        Ok(index)
    }

    /// The number of a word.
    #[must_use]
    pub fn find(&self, words: &Words, text: &str) -> Option<u32> {
        if self.slots.is_empty() {
            return None;
        }
        self.slot_of(words, text, self.hasher.hash_one(text)).ok()
    }

    fn find_or_insert(&mut self, words: &mut Words, text: &str) -> u32 {
        if (self.filled + 1) * 2 > self.slots.len() {
            self.grow((self.slots.len() * 2).max(LEAST_SLOTS));
        }
        let hash = self.hasher.hash_one(text);
        match self.slot_of(words, text, hash) {
            Ok(number) => number,
            Err(free) => {
                let number = words.len() as u32;
                words.push(text);
                self.slots[free] = entry(hash, number);
                self.filled += 1;
                number
            }
        }
    }

    /// The number of the word, or the slot where it would stand.
    fn slot_of(&self, words: &Words, text: &str, hash: u64) -> Result<u32, usize> {
        let mut at = self.home(hash);
        loop {
            let slot = self.slots[at];
            if slot == 0 {
                return Err(at);
            }
            let number = (slot & NUMBER) - 1;
            if slot & !NUMBER == hash & !NUMBER && words.word(number as usize) == text {
                return Ok(number as u32);
            }
            at = (at + 1) & (self.slots.len() - 1);
        }
    }

    /// Where a hash stands first: by the bits that its slot keeps, so that growing needs no word.
    fn home(&self, hash: u64) -> usize {
        (hash >> 32).wrapping_mul(0x9E37_79B9_7F4A_7C15).rotate_left(32) as usize & (self.slots.len() - 1)
    }

    fn grow(&mut self, size: usize) {
        let old = std::mem::replace(&mut self.slots, vec![0; size]);
        for slot in old.into_iter().filter(|&slot| slot != 0) {
            let mut at = self.home(slot);
            while self.slots[at] != 0 {
                at = (at + 1) & (size - 1);
            }
            self.slots[at] = slot;
        }
    }
}

const fn entry(hash: u64, number: u32) -> u64 {
    hash & !NUMBER | (number as u64 + 1)
}
