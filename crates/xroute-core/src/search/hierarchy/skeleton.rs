//! The contracted graph: which pairs of nodes are joined once every lower node is gone. No weights.

use std::ops::Range;

use super::fronts::Fronts;
use super::order::{Adjacency, MOST_ARCS, Place, dissect, place};
use super::spares::Spares;
use super::ways::Shared;
use crate::cancel::{CancelFlag, Cancelled};
use crate::graph::Graph;
use crate::network::Network;

/// No arc, no parent.
pub(super) const NONE: u32 = u32::MAX;

/// Runs of up to this many ranks are worked through by one thread.
const SMALL_PART: usize = 8192;

/// Why stored ranks and arcs are not those of a graph.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct SkeletonFault(&'static str);

impl SkeletonFault {
    /// The arcs are not as many as the rows say.
    pub const OTHER_ARCS: Self = Self("the stored arcs are not as many as their rows say");
}

/// Why stored parts make no skeleton.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoSkeleton {
    /// They are not those of the graph.
    #[error(transparent)]
    Fault(#[from] SkeletonFault),
    /// The caller asked to stop.
    #[error(transparent)]
    Cancelled(#[from] Cancelled),
}

/// Why a graph gets no order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum OrderError {
    /// The caller asked to stop.
    #[error(transparent)]
    Cancelled(#[from] Cancelled),
    /// No cut parts the graph well, so nearly all of its nodes would be joined to one another.
    #[error(
        "the links of this network are too dense for a contraction order: it would need more than {0} arcs; \
         routes, matrices and trees are answered without one"
    )]
    TooManyArcs(usize),
}

/// Arcs from each rank to higher ones, chordal: upper neighbours of a rank are joined to each other.
///
/// Ranks are numbered depth first, so that what lies below a rank is a run of ranks that ends with it.
#[derive(Debug, Clone)]
pub struct Skeleton {
    /// Rank by node.
    pub(super) rank: Vec<u32>,
    /// Hub by rank.
    pub(super) hub: Vec<u32>,
    /// First arc by rank, and the end.
    pub(super) first: Vec<u32>,
    /// Upper rank by arc, rising in each row.
    pub(super) head: Vec<u32>,
    /// Lower rank by arc.
    pub(super) tail: Vec<u32>,
    /// First position in `below` by rank, and the end.
    pub(super) first_below: Vec<u32>,
    /// Arcs that end at a rank, from the lowest tail up.
    pub(super) below: Vec<u32>,
    /// Steps from a rank to the root of its tree.
    pub(super) depth: Vec<u32>,
    /// Steps from the upper rank of an arc to the root of its tree.
    pub(super) head_depth: Vec<u32>,
    /// How many ranks the longest way to a root passes.
    pub(super) height: usize,
    /// The first rank of the panel of each rank: of ranks in a row that are joined to each other and to the same.
    pub(super) panel: Vec<u32>,
    triangles: u64,
    /// What is customised in dense tables; none where rows are short.
    pub(super) fronts: Fronts,
    /// Which rows of a dense hierarchy all threads share.
    pub(super) shared: Shared,
    pub(super) spares: Spares,
    /// The least rank below each rank, itself where nothing is below.
    pub(super) lowest: Vec<u32>,
    /// Twice the arc of each edge of the graph, one more where it runs downward; [`NONE`] for loops.
    pub(super) slot_of_edge: Vec<u32>,
}

impl Skeleton {
    /// Orders and contracts the graph of a network.
    ///
    /// # Errors
    /// [`OrderError`] once the flag is raised, and for a graph that no cut parts.
    pub fn of(network: &Network, graph: &Graph, cancel: &CancelFlag) -> Result<Self, OrderError> {
        let hubs = &network.tables().hubs;
        let mut places: Vec<Place> = vec![[0.0; 3]; graph.node_count()];
        for platform in graph.platforms() {
            let at = place((hubs.lon[platform.hub.index()], hubs.lat[platform.hub.index()]));
            places[platform.arrive as usize] = at;
            places[platform.depart as usize] = at;
        }
        let edges = graph.tail.iter().copied().zip(graph.head.iter().copied());
        let joined = Adjacency::of_edges(places.len(), edges);
        let order = dissect(&joined, &places, cancel)?;
        let most = MOST_ARCS + 16 * joined.edge_count();
        let (first, head) = contract(&joined, &ranks_of(&order), &order, most, cancel)?;
        let order = depth_first(&order, &first, &head);
        let rank = ranks_of(&order);
        let (first, head) = contract(&joined, &rank, &order, most, cancel)?;
        Ok(Self::finish(graph, rank, first, head, cancel)?)
    }

    /// The stored parts: rank by node, first arc by rank, upper rank by arc.
    #[must_use]
    pub fn parts(&self) -> (&[u32], &[u32], &[u32]) {
        (&self.rank, &self.first, &self.head)
    }

    /// Checks stored parts against the graph that they were made for.
    ///
    /// # Errors
    /// [`NoSkeleton::Fault`] for anything that would make a search wrong, [`NoSkeleton::Cancelled`] once the flag is
    /// raised.
    pub fn from_parts(
        graph: &Graph,
        rank: Vec<u32>,
        first: Vec<u32>,
        head: Vec<u32>,
        cancel: &CancelFlag,
    ) -> Result<Self, NoSkeleton> {
        let count = graph.node_count();
        if rank.len() != count || first.len() != count + 1 || head.len() >= (u32::MAX / 2) as usize {
            return Err(fault("the stored order has another number of nodes than the network"));
        }
        let mut is_taken = vec![false; count];
        for (node, &rank) in rank.iter().enumerate() {
            cancel.check_every_1024(node)?;
            match is_taken.get_mut(rank as usize) {
                Some(taken) if !*taken => *taken = true,
                _ => return Err(fault("the stored order is no permutation")),
            }
        }
        check_arcs(&first, &head, cancel)?;
        check_depth_first(&first, &head)?;
        let skeleton = Self::finish(graph, rank, first, head, cancel)?;
        let is_lost =
            |edge: usize| skeleton.slot_of_edge[edge] == NONE && graph.tail[edge] != graph.head[edge];
        if (0..graph.edge_count()).any(is_lost) {
            return Err(fault("the stored arcs lack one of the network"));
        }
        Ok(skeleton)
    }

    fn finish(
        graph: &Graph,
        rank: Vec<u32>,
        first: Vec<u32>,
        head: Vec<u32>,
        cancel: &CancelFlag,
    ) -> Result<Self, Cancelled> {
        let count = rank.len();
        let (tail, first_below, below) = turned(&first, &head, cancel)?;
        let mut lowest: Vec<u32> = (0..count as u32).collect();
        let mut depth = vec![0_u32; count];
        let parent = |at: usize| (first[at] < first[at + 1]).then(|| head[first[at] as usize] as usize);
        for at in 0..count {
            if let Some(parent) = parent(at) {
                lowest[parent] = lowest[parent].min(lowest[at]);
            }
        }
        for at in (0..count).rev() {
            depth[at] = parent(at).map_or(0, |parent| depth[parent] + 1);
        }
        let rows = first.windows(2).map(|pair| u64::from(pair[1] - pair[0]));
        let triangles = rows.map(|row| row * row.saturating_sub(1) / 2).sum();
        let height = depth.iter().max().map_or(0, |&deepest| deepest as usize + 1);
        let head_depth = head.iter().map(|&upper| depth[upper as usize]).collect();
        let panel = panels(&first, &head);
        let mut hub = vec![0; count];
        for platform in graph.platforms() {
            for node in [platform.arrive, platform.depart] {
                hub[rank[node as usize] as usize] = platform.hub.0;
            }
        }
        let mut skeleton = Self {
            rank,
            hub,
            first,
            head,
            tail,
            first_below,
            below,
            depth,
            head_depth,
            height,
            panel,
            triangles,
            fronts: Fronts::default(),
            shared: Shared::default(),
            spares: Spares::default(),
            lowest,
            slot_of_edge: Vec::new(),
        };
        skeleton.slot_of_edge = skeleton.slots(graph, cancel)?;
        if skeleton.triangles / TRIANGLES_OF_A_LONG_ROW >= skeleton.arc_count() as u64 {
            let fronts = Fronts::of(&skeleton);
            if fronts.fit(&skeleton) {
                skeleton.lay(fronts);
            }
        }
        Ok(skeleton)
    }

    /// Makes questions go by dense tables.
    pub(super) fn lay(&mut self, fronts: Fronts) {
        self.fronts = fronts;
        self.shared = Shared::of(self);
    }

    fn slots(&self, graph: &Graph, cancel: &CancelFlag) -> Result<Vec<u32>, Cancelled> {
        let mut slots = Vec::with_capacity(graph.edge_count());
        for (edge, (&tail, &head)) in graph.tail.iter().zip(&graph.head).enumerate() {
            cancel.check_every_1024(edge)?;
            slots.push(self.slot_between(tail, head));
        }
        Ok(slots)
    }

    fn slot_between(&self, tail: u32, head: u32) -> u32 {
        let (a, b) = (self.rank[tail as usize], self.rank[head as usize]);
        let is_downward = a > b;
        self.arc_between(a.min(b), a.max(b)).map_or(NONE, |arc| 2 * arc + u32::from(is_downward))
    }

    /// The arc from a rank to a higher one.
    pub(super) fn arc_between(&self, lower: u32, upper: u32) -> Option<u32> {
        let row = self.row(lower);
        let found = self.head[row.clone()].binary_search(&upper);
        found.ok().map(|nth| (row.start + nth) as u32)
    }

    /// Arcs from a rank upward; heads rise.
    pub(super) fn row(&self, rank: u32) -> Range<usize> {
        self.first[rank as usize] as usize..self.first[rank as usize + 1] as usize
    }

    /// Arcs that end at a rank, from the lowest tail up.
    pub(super) fn arcs_below(&self, rank: u32) -> &[u32] {
        let ends = (self.first_below[rank as usize], self.first_below[rank as usize + 1]);
        &self.below[ends.0 as usize..ends.1 as usize]
    }

    /// Those of [`Self::arcs_below`] whose lower ranks lie in a run.
    #[allow(clippy::inline_always)] // as below
    #[inline(always)]
    pub(super) fn arcs_below_from(&self, rank: u32, tails: &Range<u32>) -> &[u32] {
        let below = self.arcs_below(rank);
        let from = below.partition_point(|&arc| self.tail[arc as usize] < tails.start);
        let to = below.partition_point(|&arc| self.tail[arc as usize] < tails.end);
        &below[from..to]
    }

    /// Where the top of a long run starts that hangs together: what is below parts into trees, each a run.
    ///
    /// The start of the run where it is short.
    pub(super) fn top_of(&self, ranks: Range<usize>) -> usize {
        let mut end = ranks.end;
        while end - ranks.start > SMALL_PART && self.lowest[end - 1] as usize == ranks.start {
            end -= 1;
        }
        if end - ranks.start > SMALL_PART { end } else { ranks.start }
    }

    /// How many of the first arcs that end at one rank come from one panel: they go on to the same ranks.
    #[allow(clippy::inline_always)] // it must be compiled for the vectors that `pulp` chose
    #[inline(always)]
    pub(super) fn sides_of_one_panel(&self, below: &[u32]) -> usize {
        let mut count = 0;
        for &side in below {
            let panel = self.panel[self.tail[side as usize] as usize];
            if panel != self.panel[self.tail[below[0] as usize] as usize] {
                break;
            }
            count += 1;
        }
        count
    }

    /// Where a run of several whole trees parts best: the start of a tree.
    pub(super) fn gap_near_the_middle(&self, ranks: Range<usize>) -> usize {
        let middle = usize::midpoint(ranks.start, ranks.end);
        let mut gap = self.lowest[ranks.end - 1] as usize;
        while gap > middle {
            let next = self.lowest[gap - 1] as usize;
            if next <= ranks.start || middle.abs_diff(next) > gap - middle {
                break;
            }
            gap = next;
        }
        gap
    }

    /// The lowest rank above two of a skeleton with fronts, or one of them; `None` in different trees.
    pub(super) fn lowest_above(&self, a: u32, b: u32) -> Option<u32> {
        let (low, mut high) = (a.min(b), a.max(b));
        let is_above = |rank: u32| self.lowest[rank as usize] <= low;
        loop {
            let ranks = self.fronts.ranks_from(high);
            if is_above(ranks.end - 1) {
                let below = self.lowest[ranks.start as usize..ranks.end as usize]
                    .partition_point(|&lowest| lowest > low);
                return Some(ranks.start + below as u32);
            }
            high = self.parent(ranks.end - 1)?;
        }
    }

    /// The rank after the last one of a rank's panel.
    pub(super) fn end_of_panel(&self, rank: u32) -> u32 {
        let rest = &self.panel[rank as usize..];
        rank + rest.iter().take_while(|&&each| each == rest[0]).count() as u32
    }

    /// The next rank on every way up; `None` at a root.
    pub(super) fn parent(&self, rank: u32) -> Option<u32> {
        let row = self.row(rank);
        (!row.is_empty()).then(|| self.head[row.start])
    }

    /// How many ranks there are.
    #[must_use]
    pub const fn node_count(&self) -> usize {
        self.rank.len()
    }

    /// How many arcs contraction left.
    #[must_use]
    pub const fn arc_count(&self) -> usize {
        self.head.len()
    }

    /// How many triangles customisation looks at.
    #[must_use]
    pub const fn triangle_count(&self) -> u64 {
        self.triangles
    }

    /// Whether rows are so long that dense tables of weights pay.
    pub(super) const fn is_dense(&self) -> bool {
        self.fronts.count() > 0
    }
}

/// The first rank of the panel of each rank.
fn panels(first: &[u32], head: &[u32]) -> Vec<u32> {
    let count = first.len() - 1;
    let mut panel: Vec<u32> = (0..count as u32).collect();
    for at in 1..count {
        let (before, own) = (first[at] - first[at - 1], first[at + 1] - first[at]);
        let is_parent = before > 0 && head[first[at - 1] as usize] as usize == at;
        if is_parent && before == own + 1 {
            panel[at] = panel[at - 1];
        }
    }
    panel
}

/// Triangles by arc from which on most rows that are looked at fill several vectors.
const TRIANGLES_OF_A_LONG_ROW: u64 = 32;

/// Lower rank by arc, and the arcs that end at each rank: where they start, and which.
type Turned = (Vec<u32>, Vec<u32>, Vec<u32>);

fn turned(first: &[u32], head: &[u32], cancel: &CancelFlag) -> Result<Turned, Cancelled> {
    let count = first.len() - 1;
    let mut tail = vec![0; head.len()];
    let mut first_below = vec![0_u32; count + 1];
    for at in 0..count {
        cancel.check_every_1024(at)?;
        for arc in first[at] as usize..first[at + 1] as usize {
            tail[arc] = at as u32;
            first_below[head[arc] as usize + 1] += 1;
        }
    }
    for at in 0..count {
        first_below[at + 1] += first_below[at];
    }
    let mut next = first_below.clone();
    let mut below = vec![0; head.len()];
    for (arc, &upper) in head.iter().enumerate() {
        cancel.check_every_1024(arc)?;
        below[next[upper as usize] as usize] = arc as u32;
        next[upper as usize] += 1;
    }
    Ok((tail, first_below, below))
}

const fn fault(what: &'static str) -> NoSkeleton {
    NoSkeleton::Fault(SkeletonFault(what))
}

/// Rows rise, lead up, and hold what contraction of the ranks below joins.
fn check_arcs(first: &[u32], head: &[u32], cancel: &CancelFlag) -> Result<(), NoSkeleton> {
    let count = first.len() - 1;
    let starts_well = first.first() == Some(&0) && first.last() == Some(&(head.len() as u32));
    if !starts_well || first.windows(2).any(|pair| pair[0] > pair[1]) {
        return Err(fault("the stored arcs do not rise"));
    }
    let row = |rank: usize| &head[first[rank] as usize..first[rank + 1] as usize];
    for at in 0..count {
        cancel.check_every_1024(at)?;
        let own = row(at);
        let rises = own.windows(2).all(|pair| pair[0] < pair[1]);
        let is_above = own.first().is_none_or(|&least| least as usize > at);
        let is_known = own.last().is_none_or(|&most| (most as usize) < count);
        if !rises || !is_above || !is_known {
            return Err(fault("the stored arcs do not rise"));
        }
        if let Some((&parent, rest)) = own.split_first()
            && !is_within(rest, row(parent as usize))
        {
            return Err(fault("the stored arcs lack one that contraction makes"));
        }
    }
    Ok(())
}

/// What lies below a rank is a run of ranks that ends with it.
fn check_depth_first(first: &[u32], head: &[u32]) -> Result<(), NoSkeleton> {
    let count = first.len() - 1;
    let (mut size, mut lowest) = (vec![1; count], (0..count).collect::<Vec<usize>>());
    for at in 0..count {
        if first[at] < first[at + 1] {
            let parent = head[first[at] as usize] as usize;
            size[parent] += size[at];
            lowest[parent] = lowest[parent].min(lowest[at]);
        }
    }
    if (0..count).any(|at| lowest[at] + size[at] != at + 1) {
        return Err(fault("the stored order is not depth first"));
    }
    Ok(())
}

/// Whether rising numbers all stand in a rising row.
fn is_within(few: &[u32], row: &[u32]) -> bool {
    let mut left = row.iter();
    few.iter().all(|each| left.any(|other| other == each))
}

pub(super) fn ranks_of(order: &[u32]) -> Vec<u32> {
    let mut rank = vec![0; order.len()];
    order.iter().enumerate().for_each(|(at, &node)| rank[node as usize] = at as u32);
    rank
}

/// First arcs by rank and upper ranks by arc, of which there may be `most`.
pub(super) fn contract(
    joined: &Adjacency,
    rank: &[u32],
    order: &[u32],
    most: usize,
    cancel: &CancelFlag,
) -> Result<(Vec<u32>, Vec<u32>), OrderError> {
    let count = order.len();
    let mut children: Vec<Vec<u32>> = vec![Vec::new(); count];
    let (mut first, mut head) = (vec![0_u32], Vec::<u32>::new());
    let mut row = Vec::new();
    for at in 0..count {
        cancel.check_every_1024(at)?;
        let own = joined.of(order[at]).iter().map(|&to| rank[to as usize]);
        row.clear();
        row.extend(own.filter(|&to| to as usize > at));
        for child in std::mem::take(&mut children[at]) {
            let below = first[child as usize] as usize + 1..first[child as usize + 1] as usize;
            row.extend_from_slice(&head[below]);
        }
        row.sort_unstable();
        row.dedup();
        if let Some(&parent) = row.first() {
            children[parent as usize].push(at as u32);
        }
        head.extend_from_slice(&row);
        if head.len() > most {
            return Err(OrderError::TooManyArcs(most));
        }
        first.push(head.len() as u32);
    }
    Ok((first, head))
}

/// The same elimination, numbered so that what lies below a node comes right before it.
fn depth_first(order: &[u32], first: &[u32], head: &[u32]) -> Vec<u32> {
    let count = order.len();
    let parent = |at: usize| (first[at] < first[at + 1]).then(|| head[first[at] as usize] as usize);
    let mut size = vec![1_u32; count];
    for at in 0..count {
        if let Some(parent) = parent(at) {
            size[parent] += size[at];
        }
    }
    // Each node's run of numbers ends with itself; the room of a parent is handed to its children from the top.
    let mut end = vec![0_u32; count];
    let mut room = count as u32;
    let mut renumbered = vec![0; count];
    for at in (0..count).rev() {
        let room_left = parent(at).map_or(&mut room, |parent| &mut end[parent]);
        let place = *room_left;
        *room_left -= size[at];
        renumbered[place as usize - 1] = order[at];
        end[at] = place - 1;
    }
    renumbered
}
