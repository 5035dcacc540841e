//! Line in, answer out: for verbs that stand in a pipe.

use std::io::Write;

use rayon::prelude::*;

use super::{Chunk, Fill, Line, Source};
use crate::error::Error;
use crate::progress::Progress;

/// Works on the lines of a source in parallel, each thread with buffers of its own, and tells what came of them in the order
/// of the lines. What is written is flushed before more input is waited for.
pub(crate) fn each_line<W: Write, S: Default, T: Send>(
    source: &Source,
    bytes_max: usize,
    out: &mut W,
    work: impl Fn(&Chunk, &Line, &mut S) -> T + Sync,
    mut tell: impl FnMut(&mut W, &Chunk, &Line, T) -> std::io::Result<()>,
) -> Result<(), Error> {
    let unreadable = |error| Error::Read { path: source.name.clone(), source: error };
    let mut lines = source.open(bytes_max).map_err(unreadable)?;
    let progress = Progress::of_bytes(source.bytes);
    let mut chunk = Chunk::default();
    loop {
        let is_more = lines.read(0, Fill::Available, &mut chunk).map_err(unreadable)?;
        let done: Vec<T> =
            chunk.lines.par_iter().map_init(S::default, |scratch, line| work(&chunk, line, scratch)).collect();
        progress.aside(|| {
            chunk.lines.iter().zip(done).try_for_each(|(line, done)| tell(out, &chunk, line, done))?;
            out.flush()
        })?;
        progress.advance(chunk.lines.iter().map(|line| line.bytes).sum());
        chunk.clear();
        if !is_more {
            return Ok(());
        }
    }
}
