//! What a process writes, line by line, kept with the invocation that it belongs to.

use std::sync::Arc;

use tokio::io::{AsyncBufReadExt, AsyncRead, BufReader};

use super::invocation::Entry;
use crate::locked::Locked;

/// Where lines go now: before the first invocation they wait for it.
#[derive(Debug, Default)]
pub(crate) struct Log(Locked<Lines>);

#[derive(Debug, Default)]
struct Lines {
    waiting: Vec<String>,
    current: Option<Entry>,
}

impl Log {
    /// Lines belong to this invocation from now on, those of the start too.
    pub(crate) fn turn_to(&self, entry: &Entry) {
        let mut lines = self.0.lock();
        let waiting = std::mem::take(&mut lines.waiting);
        entry.lock().log_lines.extend(waiting);
        lines.current = Some(Arc::clone(entry));
    }

    fn add(&self, line: String) {
        let mut lines = self.0.lock();
        match &lines.current {
            Some(entry) => entry.lock().log_lines.push(line),
            None => lines.waiting.push(line),
        }
    }

    /// Reads a stream to its end.
    pub(crate) fn follow(self: &Arc<Self>, stream: impl AsyncRead + Unpin + Send + 'static) {
        let log = Arc::clone(self);
        tokio::spawn(async move {
            let mut reader = BufReader::new(stream);
            let mut line = Vec::new();
            while let Ok(1..) = reader.read_until(b'\n', &mut line).await {
                log.add(String::from_utf8_lossy(&line).trim_end().to_owned());
                line.clear();
            }
        });
    }
}
