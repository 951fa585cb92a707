//! Prices to start from: dual ascent where capacities never bind, least full cost where they may.

use super::Problem;

/// Prices of customers for the first step.
#[must_use]
pub fn start_prices(problem: &Problem<'_>) -> Vec<f64> {
    if problem.is_uncapacitated() { dual_ascent(problem) } else { full_costs(problem) }
}

/// The least cost of each customer when fixed costs are spread over capacities.
fn full_costs(problem: &Problem<'_>) -> Vec<f64> {
    let mut price = vec![f64::INFINITY; problem.customers()];
    for facility in 0..problem.facilities() {
        let rate = problem.fixed[facility] / (problem.capacity[facility].max(1) as f64);
        for (customer, (price, cost)) in price.iter_mut().zip(problem.row(facility)).enumerate() {
            *price = price.min(cost + rate * problem.demand[customer] as f64);
        }
    }
    price.into_iter().map(|price| if price.is_finite() { price } else { 0.0 }).collect()
}

/// Erlenkotter's ascent (Operations Research 26, 1978): each price climbs from one cost of the customer to the next
/// while every fixed cost has slack.
fn dual_ascent(problem: &Problem<'_>) -> Vec<f64> {
    let ladders: Vec<Vec<(f64, usize)>> = (0..problem.customers()).map(|at| ladder(problem, at)).collect();
    let mut price: Vec<f64> = ladders.iter().map(|steps| steps.first().map_or(0.0, |step| step.0)).collect();
    let mut slack = problem.fixed.to_vec();
    let mut is_moving = true;
    while is_moving {
        is_moving = false;
        for (price, steps) in price.iter_mut().zip(&ladders) {
            let below = steps.partition_point(|step| step.0 <= *price);
            let room = steps[..below].iter().map(|step| slack[step.1]).fold(f64::INFINITY, f64::min);
            let next = steps.get(below).map_or(f64::INFINITY, |step| step.0);
            let rise = room.min(next - *price);
            if rise > 1e-12 * price.abs().max(1.0) && rise.is_finite() {
                *price += rise;
                is_moving = true;
                for step in &steps[..below] {
                    slack[step.1] -= rise;
                }
            }
        }
    }
    price
}

fn ladder(problem: &Problem<'_>, customer: usize) -> Vec<(f64, usize)> {
    let costs = (0..problem.facilities()).map(|facility| (problem.row(facility)[customer], facility));
    let mut steps: Vec<(f64, usize)> = costs.filter(|step| step.0.is_finite()).collect();
    steps.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    steps
}
