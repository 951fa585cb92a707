//! Numbers in fixed sequences: the same search every time.

/// A linear congruence: short sequences from many seeds.
pub struct Sequence(pub u64);

impl Sequence {
    /// A number below another.
    pub fn next(&mut self, below: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % below.max(1)
    }
}

/// A fixed sequence of numbers (Marsaglia, *Xorshift RNGs*, 2003).
pub struct Numbers(u64);

impl Numbers {
    /// Always the same.
    pub const fn new() -> Self {
        Self(0x9E37_79B9_7F4A_7C15)
    }

    /// One of many sequences.
    pub fn nth(which: u64) -> Self {
        Self((Self::new().0 ^ which.wrapping_mul(0xD134_2543_DE82_EF95)).max(1))
    }

    /// Any number but zero.
    pub fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    /// A number below another that fits in 32 bits.
    pub fn below(&mut self, count: usize) -> usize {
        (((self.next() >> 32) * count as u64) >> 32) as usize
    }

    /// Above zero and at most one.
    pub fn share(&mut self) -> f64 {
        ((self.next() >> 11) + 1) as f64 / (1_u64 << 53) as f64
    }
}
