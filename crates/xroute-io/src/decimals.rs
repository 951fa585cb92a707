//! Numbers of people as whole numbers: kilometres to the metre are 12.345 and no 8 bytes.

/// Digits after the point that are tried.
const MOST_DIGITS: u32 = 7;
const LARGEST: f64 = 9_007_199_254_740_992.0;

/// Numbers of so many digits after the point, as whole numbers above the least: 0 is a missing one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Decimals {
    pub digits: u8,
    pub least: i64,
}

impl Decimals {
    /// The form in which every one of these numbers comes back bit by bit, if there is one.
    pub fn of(values: &[f64]) -> Option<Self> {
        (0..=MOST_DIGITS).find_map(|digits| {
            let mut least = i64::MAX;
            for &value in values.iter().filter(|value| value.to_bits() != f64::NAN.to_bits()) {
                least = least.min(whole(value, digits)?);
            }
            Some(Self { digits: digits as u8, least: if least == i64::MAX { 0 } else { least } })
        })
    }

    /// Digits and least number as they stand in a file, if they mean anything.
    pub fn checked(digits: u8, least: i64) -> Option<Self> {
        let is_small = least.unsigned_abs() <= LARGEST as u64;
        (u32::from(digits) <= MOST_DIGITS && is_small).then_some(Self { digits, least })
    }

    /// The whole number of a number that the form was made for.
    pub fn whole(&self, value: f64) -> i64 {
        whole(value, u32::from(self.digits)).map_or(0, |whole| whole - self.least + 1)
    }

    /// The number of a whole number; `None` beyond what numbers hold exactly.
    pub fn number(&self, whole: i64, scale: f64) -> Option<f64> {
        if whole == 0 {
            return Some(f64::NAN);
        }
        let whole = whole.checked_sub(1)?.checked_add(self.least)?;
        (whole.unsigned_abs() <= LARGEST as u64).then(|| whole as f64 / scale)
    }

    pub fn scale(&self) -> f64 {
        10_f64.powi(i32::from(self.digits))
    }
}

fn whole(value: f64, digits: u32) -> Option<i64> {
    let scale = 10_f64.powi(digits.cast_signed());
    let whole = (value * scale).round() as i64; // a zero with a sign loses it here, and does not come back
    let comes_back = (whole as f64 / scale).to_bits() == value.to_bits();
    (comes_back && whole.unsigned_abs() < LARGEST as u64).then_some(whole)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn numbers_come_back_bit_by_bit(wholes in prop::collection::vec(-10_000_000_000..10_000_000_000_i64, 0..40), digits in 0..8) {
            let mut values: Vec<f64> = wholes.iter().map(|&each| each as f64 / 10_f64.powi(digits)).collect();
            values.push(f64::NAN);
            let form = Decimals::of(&values).unwrap();
            for value in values {
                let whole = form.whole(value);
                prop_assert!(whole >= 0);
                prop_assert_eq!(form.number(whole, form.scale()).unwrap().to_bits(), value.to_bits());
            }
        }
    }

    #[test]
    fn numbers_that_would_not_come_back_have_no_such_form() {
        for value in [-0.0, 1.0 / 3.0, 1e300, f64::INFINITY, -f64::NAN] {
            assert_eq!(Decimals::of(&[1.0, value]), None, "{value}");
        }
        assert_eq!(Decimals::checked(0, i64::MIN), None);
        assert_eq!(Decimals::checked(9, 0), None);
        let form = Decimals::checked(0, 5).unwrap();
        assert_eq!(form.number(i64::MAX, 1.0), None);
        assert_eq!(form.number(i64::MIN, 1.0), None);
    }
}
