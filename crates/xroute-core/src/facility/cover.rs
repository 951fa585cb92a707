//! The cheapest choice of facilities that could hold all demand: a knapsack turned around, relaxed.

use super::Fate;

/// How much of each facility is open, and what that gains.
#[derive(Debug, Clone, Default)]
pub struct Cover {
    /// Sum of gain x share; infinite where all facilities hold too little.
    pub value: f64,
    /// Share of each facility, from zero to one.
    pub share: Vec<f64>,
}

/// Chooses shares of least `gain` whose capacity reaches `need`: all with a gain below zero, then by
/// gain for a unit of capacity, the last one in part. With equal capacities the last one counts
/// whole, which is then exact.
#[must_use]
pub fn cover(gain: &[f64], capacity: &[i64], fate: &[Fate], need: i64) -> Cover {
    let is_chosen = |at: usize| match fate[at] {
        Fate::Open => true,
        Fate::Closed => false,
        Fate::Free => gain[at] < 0.0,
    };
    let mut share: Vec<f64> = (0..gain.len()).map(|at| f64::from(u8::from(is_chosen(at)))).collect();
    let mut value: f64 =
        gain.iter().zip(&share).map(|(gain, share)| if *share > 0.0 { *gain } else { 0.0 }).sum();
    let held: i64 = capacity.iter().zip(&share).filter(|each| *each.1 > 0.0).map(|each| *each.0).sum();
    let mut short = need - held;
    if short <= 0 {
        return Cover { value, share };
    }
    let mut rest: Vec<usize> = (0..gain.len())
        .filter(|&at| share[at] == 0.0 && fate[at] == Fate::Free && capacity[at] > 0)
        .collect();
    let is_equal = rest.windows(2).all(|pair| capacity[pair[0]] == capacity[pair[1]]);
    rest.sort_by(|&a, &b| {
        let by_unit = |at: usize| gain[at] / capacity[at] as f64;
        by_unit(a).total_cmp(&by_unit(b)).then(a.cmp(&b))
    });
    for at in rest {
        let part = if is_equal { 1.0 } else { (short as f64 / capacity[at] as f64).min(1.0) };
        share[at] = part;
        value += gain[at] * part;
        short -= capacity[at];
        if short <= 0 {
            return Cover { value, share };
        }
    }
    Cover { value: f64::INFINITY, share }
}

/// The value of the cover with one facility's fate decided otherwise.
#[must_use]
pub fn forced(gain: &[f64], capacity: &[i64], fate: &[Fate], need: i64, at: usize, other: Fate) -> f64 {
    let mut changed = fate.to_vec();
    changed[at] = other;
    cover(gain, capacity, &changed, need).value
}
