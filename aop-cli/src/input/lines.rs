//! Lines, many at a time: a chunk is what is worked on in parallel, and all that is in memory of the input.

use std::io::{self, BufRead, BufReader, Read};
use std::ops::Range;

use aop_engine::{Fault, FaultKind, ParseError};

/// How much a chunk takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fill {
    /// As much as fits, for work that is done when all is read.
    Full,
    /// What is there without waiting, so that a program at the other end of a pipe gets its answers line by line.
    Available,
}

/// Lines of one source or several, and their bytes.
#[derive(Debug, Default)]
pub(crate) struct Chunk {
    bytes: Vec<u8>,
    /// The lines, in the order in which they were read.
    pub(crate) lines: Vec<Line>,
}

/// One line.
#[derive(Debug, Clone)]
pub(crate) struct Line {
    /// Which source it is from, by its place in the caller's list.
    pub(crate) source: usize,
    /// Its number in that source, counted from 1.
    pub(crate) number: usize,
    /// How many bytes of input it took, its end included.
    pub(crate) bytes: u64,
    /// Whether a line feed ends it; the last line may have none.
    pub(crate) is_ended: bool,
    place: Range<usize>,
    is_too_long: bool,
    bytes_max: usize,
}

impl Chunk {
    const BYTES_MAX: usize = 16 << 20;

    /// Forgets the lines, and keeps the memory.
    pub(crate) fn clear(&mut self) {
        self.bytes.clear();
        self.lines.clear();
    }

    /// Whether it should be worked on before more is read.
    pub(crate) fn is_full(&self) -> bool {
        self.bytes.len() >= Self::BYTES_MAX
    }

    /// A line's bytes without its line feed.
    ///
    /// # Errors
    /// When it was too long to be read, in the words of the parser.
    pub(crate) fn text(&self, line: &Line) -> Result<&[u8], ParseError> {
        if line.is_too_long {
            let message = format!("the line has {} bytes; at most {} are taken", line.bytes, line.bytes_max);
            return Err(Fault { kind: FaultKind::TooLarge, pointer: String::new(), offset: 0, message }.into());
        }
        Ok(&self.bytes[line.place.clone()])
    }
}

/// A source's lines that are still to be read.
#[derive(Debug)]
pub(crate) struct Lines<R> {
    reader: R,
    number: usize,
    bytes_max: usize,
}

impl<R: Read> Lines<BufReader<R>> {
    /// The lines of `reader`; of a line that is longer than `bytes_max`, the length is all that is kept.
    pub(crate) fn new(reader: BufReader<R>, bytes_max: usize) -> Self {
        Self { reader, number: 0, bytes_max }
    }

    /// Adds lines to a chunk, as those of the source at this place; false at the source's end.
    pub(crate) fn read(&mut self, source: usize, fill: Fill, chunk: &mut Chunk) -> io::Result<bool> {
        while !chunk.is_full() {
            if !self.read_line(source, chunk)? {
                return Ok(false);
            }
            if fill == Fill::Available && !self.reader.buffer().contains(&b'\n') {
                break;
            }
        }
        Ok(true)
    }

    fn read_line(&mut self, source: usize, chunk: &mut Chunk) -> io::Result<bool> {
        let start = chunk.bytes.len();
        let limit = u64::try_from(self.bytes_max).unwrap_or(u64::MAX).saturating_add(1);
        let mut bytes = self.reader.by_ref().take(limit).read_until(b'\n', &mut chunk.bytes)? as u64;
        if bytes == 0 {
            return Ok(false);
        }
        self.number += 1;
        let mut is_ended = chunk.bytes.ends_with(b"\n");
        let is_too_long = !is_ended && bytes == limit;
        if is_too_long {
            chunk.bytes.truncate(start);
            (bytes, is_ended) = self.skip_line(bytes)?;
        } else if is_ended {
            chunk.bytes.pop();
        }
        let place = start..chunk.bytes.len();
        chunk.lines.push(Line {
            source,
            number: self.number,
            bytes,
            is_ended,
            place,
            is_too_long,
            bytes_max: self.bytes_max,
        });
        Ok(true)
    }

    /// Passes over the rest of a line of which so many bytes are read.
    fn skip_line(&mut self, mut bytes: u64) -> io::Result<(u64, bool)> {
        loop {
            let buffer = self.reader.fill_buf()?;
            let end = buffer.iter().position(|&byte| byte == b'\n');
            let step = end.map_or(buffer.len(), |end| end + 1);
            bytes += step as u64;
            self.reader.consume(step);
            if step == 0 || end.is_some() {
                return Ok((bytes, end.is_some()));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::BufReader;

    use super::{Chunk, Fill, Lines};

    fn check(input: &str, expected: &[Option<&str>]) {
        let mut lines = Lines::new(BufReader::with_capacity(4, input.as_bytes()), 6);
        let mut chunk = Chunk::default();
        assert!(!lines.read(0, Fill::Full, &mut chunk).unwrap());
        let texts: Vec<_> =
            chunk.lines.iter().map(|line| chunk.text(line).ok().map(|text| std::str::from_utf8(text).unwrap())).collect();
        assert_eq!(texts, expected, "{input:?}");
        let bytes: u64 = chunk.lines.iter().map(|line| line.bytes).sum();
        assert_eq!(bytes, input.len() as u64, "{input:?}");
    }

    #[test]
    fn lines_end_with_a_line_feed_or_with_the_input() {
        check("", &[]);
        check("a\n\nb", &[Some("a"), Some(""), Some("b")]);
        check("a\r\n", &[Some("a\r")]);
        check("123456\n123456", &[Some("123456"), Some("123456")]);
    }

    #[test]
    fn a_line_that_is_too_long_is_passed_over() {
        check("1234567\nb\n", &[None, Some("b")]);
        check("a\n12345678901234567", &[Some("a"), None]);
    }

    #[test]
    fn what_is_there_is_not_kept_waiting() {
        let mut lines = Lines::new(BufReader::with_capacity(4, "a\nb\nc\n".as_bytes()), 6);
        let mut chunk = Chunk::default();
        assert!(lines.read(0, Fill::Available, &mut chunk).unwrap());
        assert_eq!(chunk.lines.len(), 2);
    }
}
