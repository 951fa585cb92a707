//! A first feasible tree: zones with the most to lose choose first.

use super::FORBIDDEN;
use super::candidates::Candidates;
use super::costs::Costs;
use super::order::Order;
use super::tree::{NONE, Tree};

/// Parent arc of a node: the other end, units, cost.
type Parent = (u32, i64, i64);

/// Supply and demand in canonical order, with what the start needs to know of costs.
pub struct Start<'s, C> {
    /// The matrix.
    pub costs: &'s C,
    /// Its order.
    pub order: &'s Order,
    /// The cheapest arcs of each zone at `prices`.
    pub candidates: &'s Candidates,
    /// Prices of warehouses to start from; zeros where nothing is known.
    pub prices: &'s [i64],
    /// Cost of an arc that does not exist, above the sum of any path.
    pub missing_cost: i64,
}

impl<C: Costs> Start<'_, C> {
    /// Serves every zone from what is left; each arc empties a warehouse or completes a zone, so the arcs
    /// form a tree, and every zone's parent arc carries flow.
    ///
    /// Total supply covers total demand.
    #[must_use]
    pub fn tree(&self, mut left: Vec<i64>, demand: &[i64]) -> Tree {
        let mut zones: Vec<Parent> = vec![(NONE, 0, 0); demand.len() + 1];
        let mut houses: Vec<Parent> = vec![(demand.len() as u32, 0, 0); left.len()];
        for zone in self.by_regret() {
            let mut need = demand[zone];
            while need > 0 {
                let (house, cost) = self.cheapest_left(zone, &left);
                let units = need.min(left[house]);
                need -= units;
                left[house] -= units;
                if need == 0 {
                    zones[zone] = (house as u32, units, cost);
                } else {
                    houses[house] = (zone as u32, units, cost);
                }
            }
        }
        for (parent, &units) in houses.iter_mut().zip(&left) {
            if parent.0 as usize == demand.len() {
                parent.1 = units;
            }
        }
        Tree::new(&zones, &houses)
    }

    /// Zones by what the second choice would cost more, the most first.
    fn by_regret(&self) -> Vec<usize> {
        let mut zones: Vec<(i64, usize)> = (0..self.order.zones.len())
            .map(|zone| match self.candidates.of(zone) {
                [first, second, ..] if second.is_real() => {
                    let priced = |arc: &super::candidates::Arc| arc.cost + self.prices[arc.house as usize];
                    (priced(first) - priced(second), zone)
                }
                _ => (i64::MIN, zone),
            })
            .collect();
        zones.sort_unstable();
        zones.into_iter().map(|(_, zone)| zone).collect()
    }

    fn cheapest_left(&self, zone: usize, left: &[i64]) -> (usize, i64) {
        let arcs = self.candidates.of(zone).iter().filter(|arc| arc.is_real());
        if let Some(arc) = arcs.clone().find(|arc| left[arc.house as usize] > 0) {
            return (arc.house as usize, arc.cost);
        }
        let column = self.order.zones[zone] as usize;
        let mut found = (usize::MAX, FORBIDDEN, FORBIDDEN);
        for (house, &row) in self.order.houses.iter().enumerate().filter(|(house, _)| left[*house] > 0) {
            let cost = self.costs.at(row as usize, column);
            let priced = if cost == FORBIDDEN { FORBIDDEN } else { cost + self.prices[house] };
            if found.0 == usize::MAX || priced < found.1 {
                found = (house, priced, cost);
            }
        }
        (found.0, if found.2 == FORBIDDEN { self.missing_cost } else { found.2 })
    }
}
