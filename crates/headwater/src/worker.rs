//! Worker: how is work spread over threads without losing its order?

use crossbeam_channel::{RecvTimeoutError, bounded};
use std::collections::BTreeMap;
use std::time::{Duration, Instant};

/// How many items each thread may be ahead of the slowest one. Bounds memory whatever comes in.
const AHEAD_PER_THREAD: usize = 4;
/// How long results may wait for others to be kept with them.
const WAIT_MAX: Duration = Duration::from_millis(200);

/// Runs `work` on the items with several threads, and `keep` on the results in the order of the
/// items, on the calling thread. Stops at the first error of `keep`.
///
/// At most a few items a thread are held at any time: the items are only asked for as results are
/// kept. To stop early, let `items` end.
pub fn in_order<T: Send, R: Send, E>(
    threads: usize,
    items: impl Iterator<Item = T> + Send,
    work: impl Fn(T) -> R + Sync,
    mut keep: impl FnMut(R) -> Result<(), E>,
) -> Result<(), E> {
    in_batches(threads, 1, items, work, |results| results.into_iter().try_for_each(&mut keep))
}

/// The same for results that are kept together, up to so many at once.
pub fn in_batches<T: Send, R: Send, E>(
    threads: usize,
    together: usize,
    items: impl Iterator<Item = T> + Send,
    work: impl Fn(T) -> R + Sync,
    mut keep: impl FnMut(Vec<R>) -> Result<(), E>,
) -> Result<(), E> {
    let (threads, together) = (threads.max(1), together.max(1));
    let ahead = threads * AHEAD_PER_THREAD + together - 1;
    let (give_place, take_place) = bounded::<()>(ahead);
    let (give_item, take_item) = bounded::<(u64, T)>(ahead);
    let (give_result, take_result) = bounded::<(u64, R)>(ahead);
    std::thread::scope(|scope| {
        scope.spawn(move || {
            for numbered in (0..).zip(items) {
                // Both channels close when the keeper has stopped.
                if give_place.send(()).is_err() || give_item.send(numbered).is_err() {
                    return;
                }
            }
        });
        for _ in 0..threads {
            let (take_item, give_result, work) = (take_item.clone(), give_result.clone(), &work);
            scope.spawn(move || {
                while let Ok((number, item)) = take_item.recv() {
                    if give_result.send((number, work(item))).is_err() {
                        return;
                    }
                }
            });
        }
        drop((take_item, give_result));
        let (mut early, mut next) = (BTreeMap::new(), 0);
        let mut batch: Vec<R> = Vec::with_capacity(together);
        let mut waits_until = Instant::now();
        // Moved in here so that they close when keeping stops early.
        let (take_result, take_place) = (take_result, take_place);
        loop {
            let received = match batch.is_empty() {
                true => take_result.recv().map_err(|_| RecvTimeoutError::Disconnected),
                false => take_result.recv_deadline(waits_until),
            };
            if batch.is_empty() {
                waits_until = Instant::now() + WAIT_MAX;
            }
            let is_late = matches!(received, Err(RecvTimeoutError::Timeout));
            let is_over = matches!(received, Err(RecvTimeoutError::Disconnected));
            if let Ok((number, result)) = received {
                early.insert(number, result);
            }
            while let Some(result) = early.remove(&next) {
                batch.push(result);
                next += 1;
                if batch.len() == together {
                    keep(std::mem::take(&mut batch))?;
                    take_place.iter().take(together).for_each(drop);
                }
            }
            if (is_late || is_over) && !batch.is_empty() {
                let kept = batch.len();
                keep(std::mem::take(&mut batch))?;
                take_place.iter().take(kept).for_each(drop);
            }
            if is_over {
                return Ok(());
            }
        }
    })
}

/// How many threads to use for a setting in which 0 means one a processor.
pub fn threads(setting: usize) -> usize {
    match setting {
        0 => std::thread::available_parallelism().map_or(1, std::num::NonZero::get),
        _ => setting,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicUsize, Ordering};

    #[test]
    fn results_are_kept_in_the_order_of_the_items() {
        let mut kept = Vec::new();
        let slow_at_first = |n: u64| {
            std::thread::sleep(std::time::Duration::from_micros(300 / (n + 1)));
            n
        };
        in_order(4, 0..200, slow_at_first, |n| {
            kept.push(n);
            Ok::<_, ()>(())
        })
        .unwrap();
        assert_eq!(kept, (0..200).collect::<Vec<_>>());
    }

    #[test]
    fn results_are_kept_together_and_none_is_left_waiting() {
        let mut sizes = Vec::new();
        let mut kept = Vec::new();
        let slow_at_last = |n: u64| {
            std::thread::sleep(if n == 20 { WAIT_MAX * 2 } else { Duration::ZERO });
            n
        };
        in_batches(2, 8, 0..22, slow_at_last, |batch| {
            sizes.push(batch.len());
            kept.extend(batch);
            Ok::<_, ()>(())
        })
        .unwrap();
        assert_eq!(kept, (0..22).collect::<Vec<_>>());
        assert!(sizes.contains(&8) && sizes.iter().all(|&size| size <= 8), "{sizes:?}");
    }

    #[test]
    fn an_error_stops_everything_even_if_items_never_end() {
        let outcome = in_order(3, 0.., |n| n, |n| if n == 50 { Err(n) } else { Ok(()) });
        assert_eq!(outcome, Err(50));
    }

    #[test]
    fn items_are_asked_for_only_as_fast_as_they_are_kept() {
        let asked = AtomicUsize::new(0);
        let mut kept = 0;
        in_order(
            2,
            (0..500).inspect(|_| {
                asked.fetch_add(1, Ordering::SeqCst);
            }),
            |n| n,
            |_| {
                kept += 1;
                assert!(asked.load(Ordering::SeqCst) <= kept + 2 * AHEAD_PER_THREAD + 2);
                Ok::<_, ()>(())
            },
        )
        .unwrap();
        assert_eq!(kept, 500);
    }
}
