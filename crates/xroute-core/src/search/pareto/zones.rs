//! Where at the destination an answer may still lie: zones below corners that no known route reaches.

use super::space::Values;
use super::staircase::Staircase;

/// Above everything.
pub(crate) const FAR: u64 = u64::MAX;
/// No zone in particular.
pub(crate) const ANY_ZONE: u32 = u32::MAX;

/// All values below a corner in every criterion.
#[derive(Debug, Clone, Copy)]
struct Zone {
    corner: Values,
    is_open: bool,
}

/// Zones that together hold all that no known route comes near to.
#[derive(Debug)]
pub(crate) struct Zones {
    all: Vec<Zone>,
    open: Vec<u32>,
    rays: Vec<Values>,
    /// The most that a value in a zone may have as its weighted sum: by zone, then by ray.
    most: Vec<u64>,
    /// What was taken out, by first criterion, as far as the search has not come there yet.
    ahead: Vec<Values>,
    /// The other two criteria of what was taken out before that.
    passed: Staircase,
}

impl Zones {
    /// One zone below `corner`.
    pub fn below(corner: Values) -> Self {
        let mut zones = Self {
            all: Vec::new(),
            open: Vec::new(),
            rays: Vec::new(),
            most: Vec::new(),
            ahead: Vec::new(),
            passed: Staircase::default(),
        };
        zones.push(corner);
        zones
    }

    /// Lets a further weighted sum judge what may lie in a zone.
    pub fn add_ray(&mut self, weights: Values) {
        self.rays.push(weights);
        self.most.clear();
        for zone in &self.all {
            self.most.extend(self.rays.iter().map(|&ray| most_of(ray, zone.corner)));
        }
    }

    fn push(&mut self, corner: Values) {
        if corner.contains(&0) {
            return;
        }
        self.most.extend(self.rays.iter().map(|&ray| most_of(ray, corner)));
        self.open.push(self.all.len() as u32);
        self.all.push(Zone { corner, is_open: true });
    }

    /// Takes out all that is nowhere below `known`.
    pub fn take(&mut self, known: Values) {
        let mut corners: Vec<Values> = Vec::new();
        let zones = &mut self.all;
        self.open.retain(|&number| {
            let zone = &mut zones[number as usize];
            zone.is_open = (0..3).any(|at| known[at] >= zone.corner[at]);
            if !zone.is_open {
                corners.extend((0..3).map(|at| {
                    let mut cut = zone.corner;
                    cut[at] = known[at];
                    cut
                }));
            }
            zone.is_open
        });
        corners.sort_unstable();
        corners.dedup();
        let before = self.open.len();
        for (at, corner) in corners.iter().enumerate() {
            let is_within = |other: &Values| (0..3).all(|at| corner[at] <= other[at]);
            let in_new = corners.iter().enumerate().any(|(to, other)| to != at && is_within(other));
            let mut held = self.open[..before].iter().map(|&number| &self.all[number as usize].corner);
            if !in_new && !held.any(is_within) {
                self.push(*corner);
            }
        }
        let place = self.ahead.partition_point(|other| other[0] > known[0]);
        self.ahead.insert(place, known);
    }

    /// Tells how far the search has come in the first criterion; it never comes back.
    pub fn pass(&mut self, first: u64) {
        while let Some(known) = self.ahead.pop_if(|known| known[0] <= first) {
            if !self.passed.covers(known[1], known[2]) {
                self.passed.insert(known[1], known[2]);
            }
        }
    }

    /// Whether values lie in an open zone.
    pub fn holds(&self, number: u32, values: Values) -> bool {
        let zone = &self.all[number as usize];
        zone.is_open && (0..3).all(|at| values[at] < zone.corner[at])
    }

    /// A zone that may hold values of at least `least` with weighted sums of at least `sums`.
    ///
    /// `hint` is the zone to try first; `least` is nowhere behind where the search has come.
    pub fn reached(&self, least: Values, sums: &[u64], hint: u32) -> Option<u32> {
        let is_open = self.all.get(hint as usize).is_some_and(|zone| zone.is_open);
        if is_open && self.is_reached(hint, least, sums) {
            return Some(hint);
        }
        if self.passed.covers(least[1], least[2]) {
            return None;
        }
        self.open.iter().copied().find(|&number| self.is_reached(number, least, sums))
    }

    fn is_reached(&self, number: u32, least: Values, sums: &[u64]) -> bool {
        let corner = self.all[number as usize].corner;
        let rays = self.rays.len();
        let most = &self.most[number as usize * rays..(number as usize + 1) * rays];
        (0..3).all(|at| least[at] < corner[at]) && sums.iter().zip(most).all(|(sum, most)| sum <= most)
    }
}

fn most_of(ray: Values, corner: Values) -> u64 {
    let is_bounded = (0..3).all(|at| ray[at] == 0 || corner[at] != FAR);
    if is_bounded {
        (0..3).map(|at| ray[at].saturating_mul(corner[at] - 1)).fold(0, u64::saturating_add)
    } else {
        FAR
    }
}
