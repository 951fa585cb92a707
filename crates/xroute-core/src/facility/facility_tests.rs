use super::*;
use crate::cancel::CancelFlag;

const EFFORT: Effort = Effort { steps: 500, work: 1_000_000, gap: 0.0 };

fn solved(problem: Problem<'_>) -> Answer {
    solve(problem, EFFORT, &CancelFlag::default()).unwrap()
}

const TINY: Problem<'static> = Problem {
    cost: &[1.0, 2.0, 9.0, 9.0, 8.0, 1.0],
    capacity: &[10, 10],
    fixed: &[3.0, 4.0],
    demand: &[4, 4, 4],
    is_single: false,
};

#[test]
fn the_bound_never_passes_the_incumbent() {
    let found = solved(TINY);
    let best = found.best.unwrap();
    assert!((best.cost - 11.0).abs() < 1e-9, "{}", best.cost);
    assert!(found.bound <= best.cost);
}

#[test]
fn too_little_capacity_has_no_answer() {
    let found = solved(Problem { capacity: &[5, 5], ..TINY });
    assert!(found.best.is_none());
    assert!(found.bound.is_infinite());
}

#[test]
fn a_raised_flag_stops_the_search() {
    let flag = CancelFlag::default();
    flag.raise();
    assert!(matches!(solve(TINY, EFFORT, &flag), Err(FlowError::Cancelled(_))));
}
