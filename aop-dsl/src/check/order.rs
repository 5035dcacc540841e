//! An order in which everything stands behind what it needs.

/// The order, and the circles that stand in its way.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Order {
    /// All of them. What is in a circle stands somewhere.
    pub(super) sorted: Vec<usize>,
    /// Circles, each from the one that was met first; the one behind it is needed by it.
    pub(super) circles: Vec<Vec<usize>>,
}

/// The most circles that are told.
const CIRCLES_MAX: usize = 20;

#[derive(Clone, Copy, PartialEq)]
enum State {
    New,
    Open,
    Done,
}

/// `needs[i]` are those that `i` needs. Keeps the given order where it may. Linear, and without recursion: a chain may be long.
pub(super) fn order(needs: &[Vec<usize>]) -> Order {
    let mut states = vec![State::New; needs.len()];
    let mut result = Order::default();
    for start in 0..needs.len() {
        if states[start] != State::New {
            continue;
        }
        let mut path = vec![(start, 0)];
        states[start] = State::Open;
        while let Some((at, next)) = path.last_mut() {
            let at = *at;
            let Some(&needed) = needs[at].get(*next) else {
                states[at] = State::Done;
                result.sorted.push(at);
                path.pop();
                continue;
            };
            *next += 1;
            match states[needed] {
                State::New => {
                    states[needed] = State::Open;
                    path.push((needed, 0));
                }
                State::Open if result.circles.len() < CIRCLES_MAX => {
                    let from = path.iter().position(|(open, _)| *open == needed).unwrap_or(0);
                    result.circles.push(path[from..].iter().map(|(open, _)| *open).collect());
                }
                State::Open | State::Done => {}
            }
        }
    }
    result
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_needed_comes_first() {
        assert_eq!(order(&[vec![2], vec![], vec![1]]).sorted, [1, 2, 0]);
    }

    #[test]
    fn circles_are_told() {
        let order = order(&[vec![1], vec![2], vec![1], vec![3]]);
        assert_eq!(order.circles, [vec![1, 2], vec![3]]);
        assert_eq!(order.sorted.len(), 4);
    }

    #[test]
    fn a_long_chain_is_no_problem() {
        let needs: Vec<Vec<usize>> = (0..200_000).map(|at| if at + 1 < 200_000 { vec![at + 1] } else { vec![] }).collect();
        assert_eq!(order(&needs).sorted[0], 199_999);
    }
}
