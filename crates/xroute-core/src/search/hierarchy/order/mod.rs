//! Which node goes first: nested dissection on coordinates, the hubs of very many links last.

mod adjacency;
mod flow;

pub(super) use adjacency::Adjacency;
use flow::{Side, smallest_cut};

use crate::cancel::{CancelFlag, Cancelled};

/// Cells of this size or less are ordered by least degree; a row of such a cell is one word.
const SMALL_CELL: usize = 64;
/// Nodes of a higher degree are not dissected: they come last.
const HUB_DEGREE: usize = 100;
/// A line across the map, as factors of longitude and latitude.
const LINES: [(f64, f64); 4] = [(1.0, 0.0), (0.0, 1.0), (1.0, 1.0), (1.0, -1.0)];

/// Nodes from the lowest rank to the highest; `places` are longitude and latitude by node.
///
/// # Errors
/// [`Cancelled`] once the flag is raised.
pub(super) fn dissect(
    graph: &Adjacency,
    places: &[(f64, f64)],
    cancel: &CancelFlag,
) -> Result<Vec<u32>, Cancelled> {
    let nodes = graph.node_count();
    let (mut hubs, rest): (Vec<u32>, Vec<u32>) =
        (0..nodes as u32).partition(|&node| graph.degree(node) > HUB_DEGREE);
    hubs.sort_by_key(|&node| (graph.degree(node), node));
    let mut order = vec![0; nodes];
    order[rest.len()..].copy_from_slice(&hubs);
    let mut number = vec![u32::MAX; nodes];
    let mut cells = vec![(rest, nodes - hubs.len())];
    while let Some((cell, end)) = cells.pop() {
        if cancel.is_raised() {
            return Err(Cancelled);
        }
        let within = graph.induced(&cell, &mut number);
        if cell.len() <= SMALL_CELL {
            let least = by_least_degree(&within);
            put(&mut order, end, least.iter().map(|&node| cell[node as usize]));
            continue;
        }
        let mut end = end;
        let parts = within.components();
        if parts.len() > 1 {
            for part in parts {
                let length = part.len();
                cells.push((part.iter().map(|&node| cell[node as usize]).collect(), end));
                end -= length;
            }
            continue;
        }
        let sides = best_cut(&within, &cell, places, cancel)?;
        let pick = |side| -> Vec<u32> {
            cell.iter().zip(&sides).filter(|(_, each)| **each == side).map(|(&node, _)| node).collect()
        };
        let cut = pick(Side::Cut);
        end -= cut.len();
        put(&mut order, end + cut.len(), cut.iter().copied());
        let second = pick(Side::Second);
        cells.push((pick(Side::First), end - second.len()));
        cells.push((second, end));
    }
    Ok(order)
}

fn put(order: &mut [u32], end: usize, nodes: impl ExactSizeIterator<Item = u32>) {
    let start = end - nodes.len();
    order[start..end].iter_mut().zip(nodes).for_each(|(place, node)| *place = node);
}

/// The smallest cut of four, each between the outer quarters along a line; the whole cell if none parts it.
fn best_cut(
    within: &Adjacency,
    cell: &[u32],
    places: &[(f64, f64)],
    cancel: &CancelFlag,
) -> Result<Vec<Side>, Cancelled> {
    let mut best = vec![Side::Cut; cell.len()];
    let mut least = cell.len();
    for (east, north) in LINES {
        let along = |node: u32| {
            let (lon, lat) = places[cell[node as usize] as usize];
            lon * east + lat * north
        };
        let mut sorted: Vec<u32> = (0..cell.len() as u32).collect();
        sorted.sort_by(|&a, &b| along(a).total_cmp(&along(b)).then(a.cmp(&b)));
        let quarter = cell.len() / 4;
        let (starts, ends) = (&sorted[..quarter], &sorted[cell.len() - quarter..]);
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
