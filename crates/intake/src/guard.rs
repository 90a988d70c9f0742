//! How do we run a reader that may panic or never return?

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{RecvTimeoutError, sync_channel};
use std::thread::Builder;
use std::time::Duration;

use crate::found::FailReason;

/// Readers recurse as deep as a document is nested.
pub(crate) const STACK_BYTES: usize = 64 << 20;

/// How many readers may be at work, counting those that were given up on but still run: a thread
/// cannot be stopped from outside, so a stream of hostile documents must not pile them up.
const AT_WORK_MAX: usize = 64;
static AT_WORK: AtomicUsize = AtomicUsize::new(0);

/// Runs `read` apart, and gives up on it when it panics or takes longer than `time_max`.
pub(crate) fn guarded<T: Send + 'static>(
    time_max: Duration,
    read: impl FnOnce() -> T + Send + 'static,
) -> Result<T, FailReason> {
    let at_work = AtWork::begin().ok_or(FailReason::TimedOut)?;
    let (sender, receiver) = sync_channel(1);
    let reader = Builder::new().name("intake-reader".into()).stack_size(STACK_BYTES);
    let started = reader.spawn(move || {
        let outcome = catch_unwind(AssertUnwindSafe(read));
        drop(at_work);
        // Nobody listens any more once the time is over.
        let _ = sender.send(outcome);
    });
    if started.is_err() {
        return Err(FailReason::ReaderFailed);
    }
    match receiver.recv_timeout(time_max) {
        Ok(Ok(value)) => Ok(value),
        Ok(Err(_)) | Err(RecvTimeoutError::Disconnected) => Err(FailReason::ReaderFailed),
        Err(RecvTimeoutError::Timeout) => Err(FailReason::TimedOut),
    }
}

/// One reader at work, for as long as it lives.
struct AtWork;

impl AtWork {
    fn begin() -> Option<Self> {
        let one_more = |count: usize| (count < AT_WORK_MAX).then_some(count + 1);
        AT_WORK.fetch_update(Ordering::Relaxed, Ordering::Relaxed, one_more).ok().map(|_| Self)
    }
}

impl Drop for AtWork {
    fn drop(&mut self) {
        AT_WORK.fetch_sub(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reader_that_panics_or_hangs_is_an_ordinary_failure() {
        let time_max = Duration::from_secs(20);
        assert_eq!(guarded(time_max, || 7), Ok(7));
        assert_eq!(
            guarded::<()>(time_max, || panic!("as a broken reader would")),
            Err(FailReason::ReaderFailed)
        );
        let (release, held) = sync_channel::<()>(0);
        let hanging = guarded(Duration::from_millis(10), move || held.recv().is_ok());
        assert_eq!(hanging, Err(FailReason::TimedOut));
        drop(release);
    }
}
