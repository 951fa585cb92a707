//! Copies of the graph, one above another, that count changes of vehicle and places still to be passed.

/// How many changes a route may have, and what it must pass, in order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Layers {
    /// Most changes of vehicle between origin and destination; `None` for any number.
    pub most_changes: Option<u32>,
    /// For each thing to pass, the steps that pass it.
    pub via: Vec<Vec<bool>>,
}

impl Layers {
    const fn stages(&self) -> u32 {
        self.via.len() as u32 + 1
    }

    /// How many copies of the graph there are.
    pub(crate) fn count(&self) -> u32 {
        (self.most_changes.unwrap_or(0) + 1) * self.stages()
    }

    /// The layers in which a route may end: everything passed.
    pub(crate) fn last(&self) -> impl Iterator<Item = u32> {
        let stages = self.stages();
        (0..=self.most_changes.unwrap_or(0)).map(move |changes| changes * stages + stages - 1)
    }

    /// The layer behind a step; `None` where that is a change too many.
    pub(crate) fn after(&self, layer: u32, step: u32, is_change: bool) -> Option<u32> {
        let (changes, stage) = (layer / self.stages(), layer % self.stages());
        let changes = changes + self.counted(is_change);
        let is_allowed = changes <= self.most_changes.unwrap_or(0);
        is_allowed.then(|| changes * self.stages() + self.advanced(stage, step))
    }

    /// The layers before a step that lead to a layer.
    pub(crate) fn before(&self, layer: u32, step: u32, is_change: bool) -> impl Iterator<Item = u32> {
        let (changes, stage) = (layer / self.stages(), layer % self.stages());
        let changes = changes.checked_sub(self.counted(is_change));
        let lead_here = (0..=stage).filter(move |&before| self.advanced(before, step) == stage);
        changes.into_iter().flat_map(move |changes| {
            let stages = self.stages();
            lead_here.clone().map(move |before| changes * stages + before)
        })
    }

    fn counted(&self, is_change: bool) -> u32 {
        u32::from(is_change && self.most_changes.is_some())
    }

    fn advanced(&self, mut stage: u32, step: u32) -> u32 {
        while self.via.get(stage as usize).is_some_and(|passes| passes[step as usize]) {
            stage += 1;
        }
        stage
    }
}
