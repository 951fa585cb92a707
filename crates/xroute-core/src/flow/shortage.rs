//! Why no flow can serve all zones: some zones whose warehouses hold too little.

use super::FORBIDDEN;
use super::costs::Costs;

/// Zones that only `warehouses` can serve, which hold less than the zones need: no flow exists.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shortage {
    /// Columns, ascending.
    pub zones: Vec<u32>,
    /// Rows of every warehouse with an arc to one of them, ascending.
    pub warehouses: Vec<u32>,
    /// Units that the zones need.
    pub demand: i128,
    /// Units that the warehouses hold; less than `demand`.
    pub supply: i128,
}

impl Shortage {
    /// The whole problem holds too little.
    #[must_use]
    pub fn overall(supply: &[i64], demand: &[i64]) -> Option<Self> {
        let units = |of: &[i64]| of.iter().map(|&units| i128::from(units)).sum::<i128>();
        let (held, needed) = (units(supply), units(demand));
        (held < needed).then(|| Self {
            zones: (0..demand.len() as u32).filter(|&zone| demand[zone as usize] > 0).collect(),
            warehouses: (0..supply.len() as u32).collect(),
            demand: needed,
            supply: held,
        })
    }

    /// The zones that an optimal flow with missing arcs could not serve, and all whose supply could be moved
    /// to them. `flows` are real arcs with flow: warehouse, zone.
    pub fn around<C: Costs>(
        costs: &C,
        supply: &[i64],
        demand: &[i64],
        flows: &[(u32, u32)],
        unserved: &[u32],
    ) -> Self {
        let mut served: Vec<Vec<u32>> = vec![Vec::new(); supply.len()];
        for &(house, zone) in flows {
            served[house as usize].push(zone);
        }
        let mut has_zone = vec![false; demand.len()];
        let mut has_house = vec![false; supply.len()];
        let mut stack = unserved.to_vec();
        while let Some(zone) = stack.pop() {
            if std::mem::replace(&mut has_zone[zone as usize], true) {
                continue;
            }
            for house in 0..supply.len() {
                if !has_house[house] && costs.at(house, zone as usize) != FORBIDDEN {
                    has_house[house] = true;
                    stack.extend(&served[house]);
                }
            }
        }
        let chosen = |has: &[bool]| (0..has.len() as u32).filter(|&at| has[at as usize]).collect::<Vec<_>>();
        let (zones, warehouses) = (chosen(&has_zone), chosen(&has_house));
        let sum = |of: &[i64], at: &[u32]| at.iter().map(|&at| i128::from(of[at as usize])).sum();
        Self { demand: sum(demand, &zones), supply: sum(supply, &warehouses), zones, warehouses }
    }
}
