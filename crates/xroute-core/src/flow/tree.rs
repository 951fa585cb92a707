//! The spanning tree of the simplex, with the few nodes that matter kept apart from the many leaves.
//!
//! Nodes are warehouses and zones; one more zone, the root, takes the supply that is left over. Each node
//! but the root has one parent arc. A zone served by one warehouse is a leaf and in no list, so a
//! pivot that moves it touches nothing else. Zone potentials are not stored: they follow from the parent arc.

/// No node.
pub const NONE: u32 = u32::MAX;

/// A spanning tree with flows on its arcs; every zone's parent arc carries flow (strongly feasible).
#[derive(Debug, Clone)]
pub struct Tree {
    /// The warehouse above each zone; [`NONE`] for the root, which is the last.
    pub zone_parent: Vec<u32>,
    /// Units on the arc from that warehouse; above zero.
    pub zone_flow: Vec<i64>,
    /// Cost of that arc.
    pub zone_cost: Vec<i64>,
    /// The zone above each warehouse.
    pub house_parent: Vec<u32>,
    /// Units on the arc to that zone.
    pub house_flow: Vec<i64>,
    /// Cost of that arc.
    pub house_cost: Vec<i64>,
    /// What one more unit of supply would save, in cost units: the potential of each warehouse.
    pub price: Vec<i64>,
    depth: Vec<u32>,
    zone_first: Vec<u32>,
    house_next: Vec<u32>,
    house_prev: Vec<u32>,
    house_first: Vec<u32>,
    zone_next: Vec<u32>,
    zone_prev: Vec<u32>,
    is_linked: Vec<bool>,
    path: Path,
    stack: Vec<u32>,
}

/// The two ways up from an entering arc to where they meet.
#[derive(Debug, Clone, Default)]
struct Path {
    zone_side: Vec<u32>,
    house_side: Vec<u32>,
}

/// The arc that leaves: the position of its lower node on one side of the cycle.
#[derive(Debug, Clone, Copy)]
enum Leaving {
    ZoneSide(usize),
    HouseSide(usize),
}

impl Tree {
    /// A tree from parent arcs; prices and lists follow from them.
    #[must_use]
    pub fn new(zone_parent: &[(u32, i64, i64)], house_parent: &[(u32, i64, i64)]) -> Self {
        let (houses, zones) = (house_parent.len(), zone_parent.len());
        let mut tree = Self {
            zone_parent: zone_parent.iter().map(|arc| arc.0).collect(),
            zone_flow: zone_parent.iter().map(|arc| arc.1).collect(),
            zone_cost: zone_parent.iter().map(|arc| arc.2).collect(),
            house_parent: house_parent.iter().map(|arc| arc.0).collect(),
            house_flow: house_parent.iter().map(|arc| arc.1).collect(),
            house_cost: house_parent.iter().map(|arc| arc.2).collect(),
            price: vec![0; houses],
            depth: vec![0; houses],
            zone_first: vec![NONE; zones],
            house_next: vec![NONE; houses],
            house_prev: vec![NONE; houses],
            house_first: vec![NONE; houses],
            zone_next: vec![NONE; zones],
            zone_prev: vec![NONE; zones],
            is_linked: vec![false; zones],
            path: Path::default(),
            stack: Vec::new(),
        };
        for house in 0..houses as u32 {
            tree.attach_house(house);
        }
        for zone in 0..zones as u32 {
            tree.relink(zone);
        }
        tree.price_below_zone(tree.root());
        tree
    }

    /// The zone that takes what is left over.
    #[must_use]
    pub fn root(&self) -> u32 {
        self.zone_parent.len() as u32 - 1
    }

    /// What one more unit of demand would cost: the potential of a zone.
    #[must_use]
    pub fn zone_price(&self, zone: usize) -> i64 {
        let parent = self.zone_parent[zone];
        if parent == NONE { 0 } else { self.zone_cost[zone].wrapping_add(self.price[parent as usize]) }
    }

    /// Brings an arc into the tree whose reduced cost is below zero.
    pub fn pivot(&mut self, house: u32, zone: u32, cost: i64) {
        let reduced = cost + self.price[house as usize] - self.zone_price(zone as usize);
        self.climb(house, zone);
        let (leaving, units) = self.leaving();
        if units > 0 {
            self.push(units);
        }
        match leaving {
            Leaving::ZoneSide(0) if self.zone_first[zone as usize] == NONE => {
                self.zone_parent[zone as usize] = house;
                self.zone_flow[zone as usize] = units;
                self.zone_cost[zone as usize] = cost;
            }
            Leaving::ZoneSide(last) => self.hang_zone_side(last, (house, units, cost), reduced),
            Leaving::HouseSide(last) => self.hang_house_side(last, (zone, units, cost), reduced),
        }
    }

    /// Walks from both ends of the entering arc to their first common node.
    fn climb(&mut self, house: u32, zone: u32) {
        let houses = self.price.len() as u32;
        let mut path = std::mem::take(&mut self.path);
        path.zone_side.clear();
        path.house_side.clear();
        let (mut low, mut high) = (houses + zone, house);
        let (mut low_depth, mut high_depth) = (self.depth_of(low), self.depth_of(high));
        while low != high {
            if low_depth >= high_depth {
                path.zone_side.push(low);
                low = self.above(low);
                low_depth = low_depth.wrapping_sub(1);
            } else {
                path.house_side.push(high);
                high = self.above(high);
                high_depth = high_depth.wrapping_sub(1);
            }
        }
        self.path = path;
    }

    /// Nodes in one numbering: warehouses first, then zones.
    fn above(&self, node: u32) -> u32 {
        let houses = self.price.len() as u32;
        if node < houses {
            houses + self.house_parent[node as usize]
        } else {
            self.zone_parent[(node - houses) as usize]
        }
    }

    fn depth_of(&self, node: u32) -> u32 {
        let houses = self.price.len() as u32;
        if node < houses {
            return self.depth[node as usize];
        }
        let parent = self.zone_parent[(node - houses) as usize];
        if parent == NONE { 0 } else { self.depth[parent as usize] + 1 }
    }

    /// The last blocking arc of the cycle, from the meeting point along the entering arc; this keeps every
    /// zone's parent arc above zero, and no sequence of pivots can come back to where it was.
    fn leaving(&self) -> (Leaving, i64) {
        let houses = self.price.len() as u32;
        let (mut found, mut least) = (Leaving::ZoneSide(0), i64::MAX);
        for (at, &node) in self.path.house_side.iter().enumerate() {
            if node < houses && self.house_flow[node as usize] < least {
                (found, least) = (Leaving::HouseSide(at), self.house_flow[node as usize]);
            }
        }
        for (at, &node) in self.path.zone_side.iter().enumerate() {
            if node >= houses && self.zone_flow[(node - houses) as usize] <= least {
                (found, least) = (Leaving::ZoneSide(at), self.zone_flow[(node - houses) as usize]);
            }
        }
        (found, least)
    }

    fn push(&mut self, units: i64) {
        let houses = self.price.len() as u32;
        for &node in &self.path.zone_side {
            if node < houses {
                self.house_flow[node as usize] += units;
            } else {
                self.zone_flow[(node - houses) as usize] -= units;
            }
        }
        for &node in &self.path.house_side {
            if node < houses {
                self.house_flow[node as usize] -= units;
            } else {
                self.zone_flow[(node - houses) as usize] += units;
            }
        }
    }

    fn hang_zone_side(&mut self, last: usize, arc: (u32, i64, i64), reduced: i64) {
        let side = std::mem::take(&mut self.path.zone_side);
        self.reverse(&side[..=last], arc);
        let houses = self.price.len() as u32;
        self.shift_below_zone(side[0] - houses, reduced);
        self.path.zone_side = side;
    }

    fn hang_house_side(&mut self, last: usize, arc: (u32, i64, i64), reduced: i64) {
        let side = std::mem::take(&mut self.path.house_side);
        let bottom = self.house_parent[side[last] as usize];
        self.reverse(&side[..=last], arc);
        self.relink(bottom);
        self.relink(arc.0);
        self.shift_house(side[0], -reduced);
        self.path.house_side = side;
    }

    /// Turns a path round, so that its first node hangs on `arc` and each other one on the one before.
    fn reverse(&mut self, side: &[u32], arc: (u32, i64, i64)) {
        let houses = self.price.len() as u32;
        for &node in side {
            if node < houses {
                self.detach_house(node);
            } else {
                self.unlink(node - houses);
            }
        }
        let mut above = arc;
        for &node in side {
            let (parent, flow, cost) = above;
            if node < houses {
                let at = node as usize;
                above = (node, self.house_flow[at], self.house_cost[at]);
                (self.house_parent[at], self.house_flow[at], self.house_cost[at]) = (parent, flow, cost);
                self.attach_house(node);
            } else {
                let at = (node - houses) as usize;
                above = (node - houses, self.zone_flow[at], self.zone_cost[at]);
                (self.zone_parent[at], self.zone_flow[at], self.zone_cost[at]) = (parent, flow, cost);
            }
        }
        for &node in side {
            if node >= houses {
                self.relink(node - houses);
            }
        }
    }

    fn attach_house(&mut self, house: u32) {
        let zone = self.house_parent[house as usize] as usize;
        let first = self.zone_first[zone];
        self.house_next[house as usize] = first;
        self.house_prev[house as usize] = NONE;
        if first != NONE {
            self.house_prev[first as usize] = house;
        }
        self.zone_first[zone] = house;
    }

    fn detach_house(&mut self, house: u32) {
        let (next, prev) = (self.house_next[house as usize], self.house_prev[house as usize]);
        if prev == NONE {
            self.zone_first[self.house_parent[house as usize] as usize] = next;
        } else {
            self.house_next[prev as usize] = next;
        }
        if next != NONE {
            self.house_prev[next as usize] = prev;
        }
    }

    /// Puts a zone into its warehouse's list exactly if it has warehouses below.
    fn relink(&mut self, zone: u32) {
        let at = zone as usize;
        let is_wanted = self.zone_first[at] != NONE && zone != self.root();
        if is_wanted && !self.is_linked[at] {
            let parent = self.zone_parent[at] as usize;
            let first = self.house_first[parent];
            (self.zone_next[at], self.zone_prev[at]) = (first, NONE);
            if first != NONE {
                self.zone_prev[first as usize] = zone;
            }
            self.house_first[parent] = zone;
            self.is_linked[at] = true;
        } else if !is_wanted {
            self.unlink(zone);
        }
    }

    fn unlink(&mut self, zone: u32) {
        let at = zone as usize;
        if !self.is_linked[at] {
            return;
        }
        let (next, prev) = (self.zone_next[at], self.zone_prev[at]);
        if prev == NONE {
            self.house_first[self.zone_parent[at] as usize] = next;
        } else {
            self.zone_next[prev as usize] = next;
        }
        if next != NONE {
            self.zone_prev[next as usize] = prev;
        }
        self.is_linked[at] = false;
    }

    fn shift_below_zone(&mut self, zone: u32, by: i64) {
        let mut house = self.zone_first[zone as usize];
        while house != NONE {
            self.shift_house(house, by);
            house = self.house_next[house as usize];
        }
    }

    /// Shifts the prices of a warehouse and of all below, and counts their depth anew.
    fn shift_house(&mut self, house: u32, by: i64) {
        let houses = self.price.len() as u32;
        self.stack.push(house);
        while let Some(house) = self.stack.pop() {
            self.price[house as usize] += by;
            self.depth[house as usize] = self.depth_of(houses + self.house_parent[house as usize]) + 1;
            self.stack_below(house);
        }
    }

    fn price_below_zone(&mut self, zone: u32) {
        let houses = self.price.len() as u32;
        let mut house = self.zone_first[zone as usize];
        while house != NONE {
            self.stack.push(house);
            house = self.house_next[house as usize];
        }
        while let Some(house) = self.stack.pop() {
            let parent = self.house_parent[house as usize];
            self.price[house as usize] = self.zone_price(parent as usize) - self.house_cost[house as usize];
            self.depth[house as usize] = self.depth_of(houses + parent) + 1;
            self.stack_below(house);
        }
    }

    fn stack_below(&mut self, house: u32) {
        let mut zone = self.house_first[house as usize];
        while zone != NONE {
            let mut below = self.zone_first[zone as usize];
            while below != NONE {
                self.stack.push(below);
                below = self.house_next[below as usize];
            }
            zone = self.zone_next[zone as usize];
        }
    }
}
