//! Which node goes first: chains and dead ends, then nested dissection by place, hubs of very many links last.
//!
//! Where places tell nothing, cells are cut along the hops from a far node, and where no cut parts them well,
//! ordered by least degree.

mod adjacency;
mod chains;
mod degree;
mod flow;

pub(super) use adjacency::Adjacency;
use chains::peel;
use degree::by_least_degree;
use flow::{Side, smallest_cut};

use crate::cancel::{CancelFlag, Cancelled};

/// Cells of this size or less are ordered by least degree.
const SMALL_CELL: usize = 64;
/// Cuts of more nodes are not looked for: their nodes alone would have [`MOST_ARCS`] among them.
const LARGEST_CUT: usize = 8192;
/// How many arcs a contraction may have beyond sixteen for each edge of the graph.
pub(super) const MOST_ARCS: usize = LARGEST_CUT * LARGEST_CUT / 2;
/// Cells above this size are worth a thread of their own.
const LARGE_CELL: usize = 4096;
/// Nodes of a higher degree are not dissected: they come last.
const HUB_DEGREE: usize = 100;
/// Directions in space along which a cell is cut; space, so that no map edge parts neighbours.
const LINES: [[f64; 3]; 6] =
    [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0], [1.0, 1.0, 0.0], [1.0, -1.0, 0.0], [1.0, 0.0, 1.0]];
/// Further directions for cells that are no map of roads: their cuts take more nodes than a square has on a side.
const MORE_LINES: [[f64; 3]; 7] = [
    [1.0, 0.0, -1.0],
    [0.0, 1.0, 1.0],
    [0.0, 1.0, -1.0],
    [1.0, 1.0, 1.0],
    [1.0, 1.0, -1.0],
    [1.0, -1.0, 1.0],
    [-1.0, 1.0, 1.0],
];

/// A place on the unit sphere.
pub(super) type Place = [f64; 3];

/// The place of a longitude and a latitude in degrees.
pub(super) fn place((lon, lat): (f64, f64)) -> Place {
    let (lon, lat) = (lon.to_radians(), lat.to_radians());
    [lat.cos() * lon.cos(), lat.cos() * lon.sin(), lat.sin()]
}

/// Nodes from the lowest rank to the highest.
///
/// # Errors
/// [`Cancelled`] once the flag is raised.
pub(super) fn dissect(
    graph: &Adjacency,
    places: &[Place],
    cancel: &CancelFlag,
) -> Result<Vec<u32>, Cancelled> {
    let (mut order, core, left) = peel(graph);
    let hubs: Vec<u32> = (0..left.len() as u32).filter(|&at| core.degree(at) > HUB_DEGREE).collect();
    let rest: Vec<u32> = (0..left.len() as u32).filter(|&at| core.degree(at) <= HUB_DEGREE).collect();
    let mut ranked = vec![0; rest.len()];
    order_parts(&core, &left, places, &mut ranked, vec![rest], cancel)?;
    order.extend(ranked);
    let mut hubs: Vec<(usize, u32)> = hubs.iter().map(|&at| (core.degree(at), left[at as usize])).collect();
    hubs.sort_unstable();
    order.extend(hubs.iter().map(|&(_, node)| node));
    Ok(order)
}

/// Fills `order` with the nodes of a cell, least first; `within` numbers them as they stand in `nodes`.
fn order_cell(
    within: &Adjacency,
    nodes: &[u32],
    places: &[Place],
    order: &mut [u32],
    cancel: &CancelFlag,
) -> Result<(), Cancelled> {
    if cancel.is_raised() {
        return Err(Cancelled);
    }
    if nodes.len() <= SMALL_CELL {
        return order_by_degree(within, nodes, order, cancel);
    }
    let parts = within.components();
    if parts.len() > 1 {
        return order_parts(within, nodes, places, order, parts, cancel);
    }
    let Some(sides) = best_cut(within, nodes, places, cancel)? else {
        return order_by_degree(within, nodes, order, cancel);
    };
    let pick =
        |side| -> Vec<u32> { (0..nodes.len() as u32).filter(|&node| sides[node as usize] == side).collect() };
    let cut = pick(Side::Cut);
    let (below, top) = order.split_at_mut(nodes.len() - cut.len());
    top.iter_mut().zip(&cut).for_each(|(at, &node)| *at = nodes[node as usize]);
    let parts = [pick(Side::First), pick(Side::Second)].into_iter().filter(|part| !part.is_empty()).collect();
    order_parts(within, nodes, places, below, parts, cancel)
}

/// Orders parts that no edge joins, side by side where they are large.
fn order_parts(
    within: &Adjacency,
    nodes: &[u32],
    places: &[Place],
    mut order: &mut [u32],
    parts: Vec<Vec<u32>>,
    cancel: &CancelFlag,
) -> Result<(), Cancelled> {
    let graphs = within.parted(&parts);
    let mut tasks = Vec::with_capacity(parts.len());
    for (part, graph) in parts.into_iter().zip(graphs) {
        let (own, rest) = order.split_at_mut(part.len());
        tasks.push((part, graph, own));
        order = rest;
    }
    let run = |(part, graph, own): (Vec<u32>, Adjacency, &mut [u32])| {
        let named: Vec<u32> = part.iter().map(|&node| nodes[node as usize]).collect();
        order_cell(&graph, &named, places, own, cancel)
    };
    if nodes.len() < LARGE_CELL {
        return tasks.into_iter().try_for_each(run);
    }
    let results = std::sync::Mutex::new(Ok(()));
    rayon::scope(|scope| {
        for task in tasks {
            let (run, results) = (&run, &results);
            scope.spawn(move |_| {
                if let Err(stopped) = run(task) {
                    *results.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = Err(stopped);
                }
            });
        }
    });
    results.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner)
}

/// Fills `order` with the nodes of a cell, the one with the fewest neighbours left first.
fn order_by_degree(
    within: &Adjacency,
    nodes: &[u32],
    order: &mut [u32],
    cancel: &CancelFlag,
) -> Result<(), Cancelled> {
    let least = by_least_degree(within, 2 * MOST_ARCS, cancel)?;
    order.iter_mut().zip(least).for_each(|(at, node)| *at = nodes[node as usize]);
    Ok(())
}

/// The cut of the fewest nodes for each node of the smaller side, of several between the outer quarters along a
/// line; `None` where none leaves more than it takes.
fn best_cut(
    within: &Adjacency,
    nodes: &[u32],
    places: &[Place],
    cancel: &CancelFlag,
) -> Result<Option<Vec<Side>>, Cancelled> {
    let along = |line: [f64; 3]| -> Vec<f64> {
        let at = |&node: &u32| places[node as usize].iter().zip(line).map(|(at, factor)| at * factor).sum();
        nodes.iter().map(at).collect()
    };
    let mut best = Best { sides: None, size: LARGEST_CUT.min(nodes.len() / 2), score: f64::INFINITY };
    for line in LINES {
        best.try_along(within, &along(line), cancel)?;
    }
    if best.size * best.size > nodes.len() {
        best.try_along(within, &within.hops_from_far(), cancel)?;
        for line in MORE_LINES {
            best.try_along(within, &along(line), cancel)?;
        }
    }
    Ok(best.sides)
}

/// The best cut so far; its size is half of the cell before there is one.
struct Best {
    sides: Option<Vec<Side>>,
    size: usize,
    score: f64,
}

impl Best {
    fn try_along(&mut self, within: &Adjacency, along: &[f64], cancel: &CancelFlag) -> Result<(), Cancelled> {
        let count = within.node_count();
        let mut sorted: Vec<u32> = (0..count as u32).collect();
        sorted.sort_unstable_by(|&a, &b| along[a as usize].total_cmp(&along[b as usize]).then(a.cmp(&b)));
        let (starts, ends) = (&sorted[..count / 4], &sorted[count - count / 4..]);
        let most = (2 * self.size).min(count / 2).min(LARGEST_CUT);
        let Some(sides) = smallest_cut(within, starts, ends, most, cancel)? else { return Ok(()) };
        let of = |wanted| sides.iter().filter(|&&side| side == wanted).count();
        let (size, smaller) = (of(Side::Cut), of(Side::First).min(of(Side::Second)));
        let score = size as f64 / smaller as f64;
        if size > 0 && smaller > 0 && score < self.score {
            *self = Self { sides: Some(sides), size, score };
        }
        Ok(())
    }
}
