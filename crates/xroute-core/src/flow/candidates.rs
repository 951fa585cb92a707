//! The few arcs of each zone that the simplex looks at, and the parallel pass over all arcs that renews them.

use std::ops::Range;

use rayon::prelude::*;

use super::costs::Costs;
use super::order::{Order, blocks};
use crate::cancel::{CancelFlag, Cancelled};

/// Above any price: costs are clipped here, so that a forbidden arc never looks cheap and no sum wraps.
const OUT_OF_REACH: i64 = 1 << 62;

/// One arc into a zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Arc {
    /// Cost of one unit; [`OUT_OF_REACH`] for an empty place.
    pub cost: i64,
    /// The warehouse, by canonical position.
    pub house: u32,
}

/// A column with its new arcs.
type Renewed = (u32, Vec<Arc>);

/// So many arcs a zone, cheapest first when they were chosen.
#[derive(Debug, Clone)]
pub struct Candidates {
    /// Arcs a zone.
    pub width: usize,
    /// `width` arcs for each zone in canonical order.
    pub arcs: Vec<Arc>,
}

impl Candidates {
    /// Places for `width` arcs a zone, all empty.
    #[must_use]
    pub fn empty(width: usize, zones: usize) -> Self {
        Self { width, arcs: vec![Arc { cost: OUT_OF_REACH, house: 0 }; width * zones] }
    }

    /// The arcs of one zone.
    #[must_use]
    pub fn of(&self, zone: usize) -> &[Arc] {
        &self.arcs[zone * self.width..(zone + 1) * self.width]
    }

    /// Renews the arcs of each zone for which some arc is cheaper, at these prices, than its price now.
    ///
    /// Returns how many zones there were; none proves the prices optimal. `zone_prices` are by canonical
    /// position; a zone without a price is to be renewed in any case.
    ///
    /// # Errors
    /// [`Cancelled`] once the flag is raised.
    pub fn renew<C: Costs>(
        &mut self,
        costs: &C,
        order: &Order,
        house_prices: &[i64],
        zone_prices: &[i64],
        cancel: &CancelFlag,
    ) -> Result<usize, Cancelled> {
        let mut price_at = vec![i64::MIN; costs.zones()];
        let mut position_at = vec![0_u32; costs.zones()];
        for (position, (&column, &price)) in order.zones.iter().zip(zone_prices).enumerate() {
            price_at[column as usize] = price;
            position_at[column as usize] = position as u32;
        }
        let width = self.width;
        let found: Vec<Option<Vec<Renewed>>> = blocks(costs.zones())
            .into_par_iter()
            .map(|columns| {
                let prices = &price_at[columns.clone()];
                let search = Search { costs, order, house_prices, width };
                (!cancel.is_raised()).then(|| search.in_block(columns, prices))
            })
            .collect();
        let found: Vec<_> = found.into_iter().collect::<Option<_>>().ok_or(Cancelled)?;
        let mut count = 0;
        for (column, arcs) in found.into_iter().flatten() {
            let at = position_at[column as usize] as usize * width;
            self.arcs[at..at + width].copy_from_slice(&arcs);
            count += 1;
        }
        Ok(count)
    }
}

struct Search<'s, C> {
    costs: &'s C,
    order: &'s Order,
    house_prices: &'s [i64],
    width: usize,
}

impl<C: Costs> Search<'_, C> {
    fn in_block(&self, columns: Range<usize>, prices: &[i64]) -> Vec<Renewed> {
        let mut least = vec![i64::MAX; columns.len()];
        let mut buffer = Vec::new();
        for (&row, &price) in self.order.houses.iter().zip(self.house_prices) {
            let costs = self.costs.row(row as usize, columns.clone(), &mut buffer);
            for (least, &cost) in least.iter_mut().zip(costs) {
                *least = (*least).min(cost.min(OUT_OF_REACH).wrapping_add(price));
            }
        }
        let is_better = |at: &usize| least[*at] < prices[*at];
        let better: Vec<usize> = (0..columns.len()).filter(is_better).collect();
        self.cheapest(&columns, &better)
    }

    /// The cheapest arcs of some columns of a block, by priced cost and then by position.
    fn cheapest(&self, columns: &Range<usize>, chosen: &[usize]) -> Vec<Renewed> {
        let nothing = (i64::MAX, Arc { cost: OUT_OF_REACH, house: 0 });
        let mut best = vec![nothing; self.width * chosen.len()];
        let mut buffer = Vec::new();
        for (house, (&row, &price)) in self.order.houses.iter().zip(self.house_prices).enumerate() {
            let costs = self.costs.row(row as usize, columns.clone(), &mut buffer);
            for (list, &at) in best.chunks_exact_mut(self.width).zip(chosen) {
                let cost = costs[at].min(OUT_OF_REACH);
                let priced = cost.wrapping_add(price);
                if priced < list[self.width - 1].0 && cost < OUT_OF_REACH {
                    insert(list, priced, Arc { cost, house: house as u32 });
                }
            }
        }
        let lists = best.chunks_exact(self.width).map(|list| list.iter().map(|each| each.1).collect());
        chosen.iter().map(|&at| (columns.start + at) as u32).zip(lists).collect()
    }
}

fn insert(list: &mut [(i64, Arc)], priced: i64, arc: Arc) {
    let mut at = list.len() - 1;
    while at > 0 && list[at - 1].0 > priced {
        list[at] = list[at - 1];
        at -= 1;
    }
    list[at] = (priced, arc);
}

impl Arc {
    /// Whether this place holds an arc.
    #[must_use]
    pub fn is_real(&self) -> bool {
        self.cost < OUT_OF_REACH
    }
}
