//! Where at the destination an answer may still lie: zones below corners that no known route reaches.

use super::space::Values;
use super::staircase::Staircase;

/// Above everything.
pub(crate) const FAR: u64 = u64::MAX;
/// No zone in particular.
pub(crate) const ANY_ZONE: u32 = u32::MAX;
/// Above so many open zones, looking through them takes longer than the labels that they keep out: there are
/// fewer such labels where routes stand for no others.
const MOST_OPEN: usize = 256;
const MOST_OPEN_EXACT: usize = 100;

/// The most weighted sums that judge at once.
const MOST_RAYS: usize = 16;

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
    most_open: usize,
    /// Whether zones became too many to look through: from then on only what was passed is left out.
    are_given_up: bool,
}

impl Zones {
    /// One zone below `corner`; `is_exact` where a route stands for no others.
    pub fn below(corner: Values, is_exact: bool) -> Self {
        let mut zones = Self {
            all: Vec::new(),
            open: Vec::new(),
            rays: Vec::new(),
            most: Vec::new(),
            ahead: Vec::new(),
            passed: Staircase::default(),
            most_open: if is_exact { MOST_OPEN_EXACT } else { MOST_OPEN },
            are_given_up: false,
        };
        zones.push(corner);
        zones
    }

    /// Lets further weighted sums judge what may lie in a zone.
    pub fn add_rays(&mut self, rays: impl Iterator<Item = Values>) {
        self.rays.extend(rays);
        assert!(self.rays.len() <= MOST_RAYS, "stages add fewer weighted sums");
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
        let place = self.ahead.partition_point(|other| other[0] > known[0]);
        self.ahead.insert(place, known);
        if self.are_given_up || self.open.len() > self.most_open {
            self.are_given_up = true;
            return;
        }
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
    }

    /// Closes every zone and opens the one below `corner`.
    pub fn narrow(&mut self, corner: Values) {
        for number in std::mem::take(&mut self.open) {
            self.all[number as usize].is_open = false;
        }
        self.are_given_up = false;
        self.push(corner);
    }

    /// Whether zones are still few enough to look through.
    pub const fn are_looked_through(&self) -> bool {
        !self.are_given_up
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
        let Some(zone) = self.all.get(number as usize) else { return false };
        !self.are_given_up && zone.is_open && (0..3).all(|at| values[at] < zone.corner[at])
    }

    /// A zone that may hold values of at least `whole`, of which `least` are past and the weighted sums of
    /// what is to come are at least `bounds`.
    ///
    /// `hint` is the zone to try first; `whole` is nowhere behind where the search has come.
    pub fn reached(&self, whole: Values, least: Values, bounds: &[u64], hint: u32) -> Option<u32> {
        if self.are_given_up {
            return (!self.passed.covers(whole[1], whole[2])).then_some(hint);
        }
        let mut sums = [0; MOST_RAYS];
        let sums = &mut sums[..self.rays.len()];
        for ((sum, ray), bound) in sums.iter_mut().zip(&self.rays).zip(bounds) {
            *sum = bound + ray[0] * least[0] + ray[1] * least[1] + ray[2] * least[2];
        }
        let is_open = self.all.get(hint as usize).is_some_and(|zone| zone.is_open);
        if is_open && self.is_reached(hint, whole, sums) {
            return Some(hint);
        }
        if self.passed.covers(whole[1], whole[2]) {
            return None;
        }
        self.open.iter().copied().find(|&number| self.is_reached(number, whole, sums))
    }

    fn is_reached(&self, number: u32, whole: Values, sums: &[u64]) -> bool {
        let corner = self.all[number as usize].corner;
        if (0..3).any(|at| whole[at] >= corner[at]) {
            return false;
        }
        let most = &self.most[number as usize * sums.len()..][..sums.len()];
        sums.iter().zip(most).all(|(sum, most)| sum <= most)
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
