//! Which node goes first: chains and dead ends, then nested dissection by place, hubs of very many links last.

mod adjacency;
mod chains;
mod flow;

pub(super) use adjacency::Adjacency;
use chains::peel;
use flow::{Side, smallest_cut};

use crate::cancel::{CancelFlag, Cancelled};

/// Cells of this size or less are ordered by least degree; a row of such a cell is one word.
const SMALL_CELL: usize = 64;
/// Cells above this size are worth a thread of their own.
const LARGE_CELL: usize = 4096;
/// Nodes of a higher degree are not dissected: they come last.
const HUB_DEGREE: usize = 100;
/// Directions in space along which a cell is cut; space, so that no map edge parts neighbours.
const LINES: [[f64; 3]; 6] =
    [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0], [1.0, 1.0, 0.0], [1.0, -1.0, 0.0], [1.0, 0.0, 1.0]];

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
        let least = by_least_degree(within);
        order.iter_mut().zip(least).for_each(|(at, node)| *at = nodes[node as usize]);
        return Ok(());
    }
    let parts = within.components();
    if parts.len() > 1 {
        return order_parts(within, nodes, places, order, parts, cancel);
    }
    let sides = best_cut(within, nodes, places, cancel)?;
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

/// The smallest cut of several, each between the outer quarters along a line; the whole cell if none parts it.
fn best_cut(
    within: &Adjacency,
    nodes: &[u32],
    places: &[Place],
    cancel: &CancelFlag,
) -> Result<Vec<Side>, Cancelled> {
    let mut best = vec![Side::Cut; nodes.len()];
    let mut least = nodes.len();
    for line in LINES {
        let along: Vec<f64> = nodes
            .iter()
            .map(|&node| places[node as usize].iter().zip(line).map(|(at, factor)| at * factor).sum())
            .collect();
        let mut sorted: Vec<u32> = (0..nodes.len() as u32).collect();
        sorted.sort_unstable_by(|&a, &b| along[a as usize].total_cmp(&along[b as usize]).then(a.cmp(&b)));
        let quarter = nodes.len() / 4;
        let (starts, ends) = (&sorted[..quarter], &sorted[nodes.len() - quarter..]);
        let Some(sides) = smallest_cut(within, starts, ends, least, cancel)? else { continue };
        let size = sides.iter().filter(|&&side| side == Side::Cut).count();
        if size > 0 && size < least {
            (best, least) = (sides, size);
        }
    }
    Ok(best)
}

/// Nodes of a small cell, the one with the fewest neighbours left first.
fn by_least_degree(cell: &Adjacency) -> Vec<u32> {
    let nodes = cell.node_count() as u32;
    let mut rows: Vec<u64> =
        (0..nodes).map(|node| cell.of(node).iter().fold(0, |row, &to| row | 1 << to)).collect();
    let mut left: Vec<u32> = (0..nodes).collect();
    let mut order = Vec::with_capacity(rows.len());
    while let Some(&node) = left.iter().min_by_key(|&&node| (rows[node as usize].count_ones(), node)) {
        left.retain(|&other| other != node);
        let row = rows[node as usize];
        for other in (0..nodes).filter(|other| row >> other & 1 == 1) {
            rows[other as usize] = (rows[other as usize] | row) & !(1 << other) & !(1 << node);
        }
        order.push(node);
    }
    order
}
