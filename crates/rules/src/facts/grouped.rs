//! Rows grouped by a number: those of one partner or person side by side.

/// Rows grouped by a number, all rows of one group side by side.
#[derive(Clone, Debug)]
pub(crate) struct Grouped<T> {
    pub(crate) rows: Vec<T>,
    /// Where each group begins, and behind the last one the end.
    begins: Vec<u32>,
}

impl<T> Default for Grouped<T> {
    fn default() -> Self {
        Self { rows: Vec::new(), begins: Vec::new() }
    }
}

impl<T: Copy> Grouped<T> {
    /// Groups rows by the numbers in `groups`, keeping the order within a group.
    pub(crate) fn new(rows: Vec<T>, groups: &[u32], count: usize) -> Self {
        let (begins, order) = group(groups, count);
        let rows = match order {
            None => rows,
            Some(order) => permuted(&rows, &order),
        };
        Self { rows, begins }
    }

    /// Rows that are grouped already, and where each group begins, with the end behind the last.
    pub(crate) fn from_parts(rows: Vec<T>, begins: Vec<u32>) -> Self {
        Self { rows, begins }
    }

    /// Where each group begins, and behind the last one the end.
    pub(crate) fn begins(&self) -> &[u32] {
        &self.begins
    }

    #[inline]
    pub(crate) fn range(&self, group: u32) -> std::ops::Range<usize> {
        range(&self.begins, group)
    }

    /// The rows of one group.
    #[inline]
    pub(crate) fn of(&self, group: u32) -> &[T] {
        self.rows.get(self.range(group)).unwrap_or_default()
    }

    /// The same with further rows, each behind those of its group.
    #[must_use]
    pub(crate) fn with(&self, count: usize, added: &[(u32, T)]) -> Self {
        let mut rows = Vec::with_capacity(self.rows.len() + added.len());
        let mut groups = Vec::with_capacity(rows.capacity());
        for group in 0..u32::try_from(count).unwrap_or(u32::MAX) {
            let of_group = self.of(group);
            rows.extend_from_slice(of_group);
            groups.resize(rows.len(), group);
        }
        rows.extend(added.iter().map(|(_, row)| *row));
        groups.extend(added.iter().map(|(group, _)| *group));
        Self::new(rows, &groups, count)
    }

    /// Adds a row behind those of its group. `count` is how many groups there are.
    pub(crate) fn insert(&mut self, group: u32, row: T, count: usize) {
        if self.begins.len() <= count {
            self.begins.resize(count + 1, self.begins.last().copied().unwrap_or(0));
        }
        let at = self.range(group).end.min(self.rows.len());
        self.rows.insert(at, row);
        for begin in self.begins.iter_mut().skip(group as usize + 1) {
            *begin += 1;
        }
    }

    /// The rows of one group, to be changed.
    pub(crate) fn of_mut(&mut self, group: u32) -> &mut [T] {
        let range = self.range(group);
        self.rows.get_mut(range).unwrap_or_default()
    }

    /// Sorts the rows within each group.
    pub(crate) fn sort_groups_by(&mut self, compare: impl Fn(&T, &T) -> std::cmp::Ordering) {
        for pair in self.begins.windows(2) {
            let &[begin, end] = pair else { continue };
            if let Some(rows) = self.rows.get_mut(begin as usize..end as usize) {
                rows.sort_by(&compare);
            }
        }
    }
}

/// Where each group begins, and the order that brings rows into groups; none if they are.
pub(super) fn group(groups: &[u32], count: usize) -> (Vec<u32>, Option<Vec<u32>>) {
    let mut begins = vec![0_u32; count + 1];
    for &group in groups {
        if let Some(begin) = begins.get_mut(group as usize + 1) {
            *begin += 1;
        }
    }
    let mut sum = 0;
    for begin in &mut begins {
        sum += *begin;
        *begin = sum;
    }
    if groups.is_sorted() {
        return (begins, None);
    }
    let mut next = begins.clone();
    let mut order = vec![0_u32; groups.len()];
    for (at, &group) in groups.iter().enumerate() {
        if let Some(place) = next.get_mut(group as usize) {
            if let (Some(slot), Ok(at)) = (order.get_mut(*place as usize), u32::try_from(at)) {
                *slot = at;
            }
            *place += 1;
        }
    }
    (begins, Some(order))
}

pub(super) fn permuted<T: Copy>(rows: &[T], order: &[u32]) -> Vec<T> {
    if rows.is_empty() {
        return Vec::new();
    }
    order.iter().filter_map(|&at| rows.get(at as usize).copied()).collect()
}

#[inline]
fn range(begins: &[u32], group: u32) -> std::ops::Range<usize> {
    let begin = begins.get(group as usize).map_or(0, |&at| at as usize);
    let end = begins.get(group as usize + 1).map_or(begin, |&at| at as usize);
    begin..end
}
