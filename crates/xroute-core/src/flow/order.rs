//! An order of warehouses and zones that follows from the numbers alone, so that the order of rows in a table
//! cannot change an answer.

use std::ops::Range;

use rayon::prelude::*;

use super::costs::Costs;
use super::{FORBIDDEN, FlowError};
use crate::cancel::{CancelFlag, Cancelled};

/// Zones a task; a task's rows of costs fit the second cache.
pub const BLOCK: usize = 512;
const MOST_ROUNDS: usize = 3;

/// Rows and columns of a matrix in canonical order, with what the first pass over the costs saw.
#[derive(Debug, Clone)]
pub struct Order {
    /// Row of each warehouse.
    pub houses: Vec<u32>,
    /// Column of each zone whose demand is above zero.
    pub zones: Vec<u32>,
    /// Largest absolute cost.
    pub largest: i64,
    /// Whether any arc is forbidden.
    pub has_forbidden: bool,
}

struct Seen {
    zones: Vec<u64>,
    houses: Vec<u64>,
    largest: u64,
    has_forbidden: bool,
}

/// Ranges of columns for parallel passes; they do not depend on the number of threads.
#[must_use]
pub fn blocks(zones: usize) -> Vec<Range<usize>> {
    (0..zones).step_by(BLOCK).map(|start| start..(start + BLOCK).min(zones)).collect()
}

impl Order {
    /// Sorts rows and columns by keys of their numbers; equal keys keep their order.
    ///
    /// # Errors
    /// [`FlowError::Cancelled`] once the flag is raised.
    pub fn of<C: Costs>(
        costs: &C,
        supply: &[i64],
        demand: &[i64],
        cancel: &CancelFlag,
    ) -> Result<Self, FlowError> {
        let mut house_keys: Vec<u64> = supply.iter().map(|&units| mix(units as u64)).collect();
        let mut zone_keys: Vec<u64> = demand.iter().map(|&units| mix(!units as u64)).collect();
        let (mut largest, mut has_forbidden) = (0, false);
        let mut distinct = 0;
        for _ in 0..MOST_ROUNDS {
            let seen = pass(costs, &house_keys, &zone_keys, cancel)?;
            (house_keys, zone_keys) = (seen.houses, seen.zones);
            (largest, has_forbidden) = (seen.largest, seen.has_forbidden);
            let now = count_distinct(&house_keys) + count_distinct(&zone_keys);
            if now == house_keys.len() + zone_keys.len() || now == distinct {
                break;
            }
            distinct = now;
        }
        let mut houses: Vec<u32> = (0..supply.len() as u32).collect();
        houses.sort_by_key(|&row| house_keys[row as usize]);
        let mut zones: Vec<u32> = (0..demand.len() as u32).filter(|&at| demand[at as usize] > 0).collect();
        zones.sort_by_key(|&column| zone_keys[column as usize]);
        let largest = i64::try_from(largest).unwrap_or(i64::MAX);
        Ok(Self { houses, zones, largest, has_forbidden })
    }
}

fn pass<C: Costs>(
    costs: &C,
    house_keys: &[u64],
    zone_keys: &[u64],
    cancel: &CancelFlag,
) -> Result<Seen, Cancelled> {
    let empty = Seen {
        zones: Vec::new(),
        houses: house_keys.iter().map(|&key| mix(key)).collect(),
        largest: 0,
        has_forbidden: false,
    };
    let parts: Vec<Option<Seen>> = blocks(zone_keys.len())
        .into_par_iter()
        .map(|columns| (!cancel.is_raised()).then(|| seen_in(costs, columns, house_keys, zone_keys)))
        .collect();
    let parts: Vec<Seen> = parts.into_iter().collect::<Option<_>>().ok_or(Cancelled)?;
    Ok(parts.into_iter().fold(empty, |mut all, part| {
        all.zones.extend(part.zones);
        for (sum, key) in all.houses.iter_mut().zip(part.houses) {
            *sum = sum.wrapping_add(key);
        }
        all.largest = all.largest.max(part.largest);
        all.has_forbidden |= part.has_forbidden;
        all
    }))
}

fn seen_in<C: Costs>(costs: &C, columns: Range<usize>, house_keys: &[u64], zone_keys: &[u64]) -> Seen {
    let mut seen = Seen {
        zones: zone_keys[columns.clone()].iter().map(|&key| mix(key)).collect(),
        houses: vec![0; house_keys.len()],
        largest: 0,
        has_forbidden: false,
    };
    let mut buffer = Vec::new();
    for (house, &house_key) in house_keys.iter().enumerate() {
        let row = costs.row(house, columns.clone(), &mut buffer);
        let mut sum = 0_u64;
        let keys = &zone_keys[columns.clone()];
        for ((&cost, &zone_key), zone_sum) in row.iter().zip(keys).zip(&mut seen.zones) {
            let key = mix((cost as u64).wrapping_add(house_key).wrapping_add(zone_key));
            sum = sum.wrapping_add(key);
            *zone_sum = zone_sum.wrapping_add(key);
            let is_forbidden = cost == FORBIDDEN;
            seen.has_forbidden |= is_forbidden;
            seen.largest = seen.largest.max(if is_forbidden { 0 } else { cost.unsigned_abs() });
        }
        seen.houses[house] = sum;
    }
    seen
}

fn count_distinct(keys: &[u64]) -> usize {
    let mut sorted = keys.to_vec();
    sorted.sort_unstable();
    sorted.dedup();
    sorted.len()
}

/// A bijection of 64 bits that spreads them all (the finaliser of splitmix64).
fn mix(value: u64) -> u64 {
    let mut bits = value.wrapping_add(0x9E37_79B9_7F4A_7C15);
    bits = (bits ^ (bits >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    bits = (bits ^ (bits >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    bits ^ (bits >> 31)
}
