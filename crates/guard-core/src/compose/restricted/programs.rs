//! Programs in commands: which word names one, and which of them run others.

/// Programs that read one of their arguments as a program in turn, each with the number of words up to its end: `sed` has
/// the program in the first, `ssh` behind the host.
const INTERPRETERS: [(&str, usize); 31] = [
    ("eval", 1),
    ("sh", 1),
    ("bash", 1),
    ("dash", 1),
    ("ash", 1),
    ("ksh", 1),
    ("zsh", 1),
    ("fish", 1),
    ("csh", 1),
    ("tcsh", 1),
    ("ssh", 2),
    ("su", 2),
    ("xargs", 1),
    ("parallel", 1),
    ("watch", 1),
    ("awk", 1),
    ("gawk", 1),
    ("mawk", 1),
    ("sed", 1),
    ("perl", 1),
    ("python", 1),
    ("python3", 1),
    ("ruby", 1),
    ("node", 1),
    ("php", 1),
    ("cmd", 1),
    ("powershell", 1),
    ("pwsh", 1),
    ("iex", 1),
    ("invoke-expression", 1),
    ("invoke-command", 1),
];

/// Programs that run the one that is named next.
const WRAPPERS: [&str; 12] = [
    "sudo",
    "doas",
    "env",
    "exec",
    "command",
    "builtin",
    "nohup",
    "nice",
    "time",
    "setsid",
    "start-process",
    "!",
];

/// Options of those that have a word of their own behind them, other than a number.
const OPTIONS_OF_WRAPPERS: [&str; 5] = ["-u", "-g", "-p", "--user", "--group"];

/// Options behind which a program stands, as text or by name.
const PROGRAM_OPTIONS: [&str; 9] = [
    "-c",
    "-e",
    "-lc",
    "-ic",
    "-exec",
    "-execdir",
    "--expression",
    "-command",
    "/c",
];

/// Programs from which somebody at a terminal gets to a shell, or to other programs.
const WITH_A_WAY_OUT: [&str; 45] = [
    "sh",
    "bash",
    "dash",
    "ash",
    "ksh",
    "zsh",
    "fish",
    "csh",
    "tcsh",
    "su",
    "ssh",
    "screen",
    "tmux",
    "less",
    "more",
    "most",
    "man",
    "vi",
    "vim",
    "nvim",
    "view",
    "vimdiff",
    "nano",
    "emacs",
    "ed",
    "ex",
    "ftp",
    "sftp",
    "gdb",
    "mysql",
    "psql",
    "sqlite3",
    "python",
    "python3",
    "perl",
    "ruby",
    "irb",
    "node",
    "lua",
    "git",
    "journalctl",
    "systemctl",
    "docker",
    "powershell",
    "pwsh",
];

/// What the next word of a command is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Next {
    /// The program, or an option of the wrapper before it.
    Program,
    /// What belongs to an option of a wrapper, such as the user as whom it runs a program.
    OfWrapper,
    /// An argument of an interpreter that has yet to read so many words as its program.
    Read(usize),
    /// Any other argument.
    Argument,
}

/// Whether what follows `before` in a single command is the name of the program, or read as a program.
pub(super) fn is_program(before: &str) -> bool {
    let mut words: Vec<&str> = before.split_whitespace().collect();
    let is_begun = !before.is_empty() && !before.ends_with([' ', '\t', '\'', '"']);
    let begun = if is_begun { words.pop() } else { None };
    // NAME={{ … }} in front of a command sets a variable.
    let is_assignment = begun.is_some_and(|it| it.contains('='));
    let next = words.into_iter().fold(Next::Program, after);
    match next {
        Next::Program => !is_assignment,
        Next::Read(_) | Next::OfWrapper => true,
        Next::Argument => false,
    }
}

fn after(next: Next, word: &str) -> Next {
    let word = word.trim_matches(['\'', '"']).to_lowercase();
    let (is_empty, is_option) = (word.is_empty(), word.starts_with('-'));
    let name = name(&word);
    match next {
        // Only quotes that begin here.
        _ if is_empty => next,
        Next::OfWrapper => Next::Program,
        Next::Program if WRAPPERS.contains(&name) || word.contains('=') => Next::Program,
        Next::Program if OPTIONS_OF_WRAPPERS.contains(&word.as_str()) => Next::OfWrapper,
        Next::Program if is_option || word.bytes().all(|it| it.is_ascii_digit()) => Next::Program,
        Next::Program => match INTERPRETERS.iter().find(|(known, _)| *known == name) {
            Some((_, words)) => Next::Read(*words),
            None => Next::Argument,
        },
        Next::Read(_) | Next::Argument if PROGRAM_OPTIONS.contains(&word.as_str()) => Next::Program,
        Next::Read(_) | Next::Argument if is_option => next,
        Next::Read(2..) => Next::Read(1),
        Next::Read(_) | Next::Argument => Next::Argument,
    }
}

/// The first program in a command that reads an argument as a program.
pub(super) fn interpreter(text: &str) -> Option<&'static str> {
    let words: Vec<_> = words(text).collect();
    let known = INTERPRETERS.iter().map(|(name, _)| *name);
    let mut found = known.filter(|name| words.iter().any(|word| word == name));
    found.next()
}

/// Programs in commands from which somebody who can type gets further than meant.
pub(super) fn ways_out(commands: &[String]) -> impl Iterator<Item = &'static str> {
    let words: Vec<_> = commands.iter().flat_map(|it| words(it)).collect();
    WITH_A_WAY_OUT
        .into_iter()
        .filter(move |program| words.iter().any(|word| word == program))
}

/// The words of a command, each without quotes and folder, in lower case.
fn words(text: &str) -> impl Iterator<Item = String> {
    text.split(|it: char| it.is_whitespace() || "'\"|&;()`=".contains(it))
        .map(|word| name(&word.to_lowercase()).to_owned())
}

fn name(word: &str) -> &str {
    let name = word.rsplit(['/', '\\']).next().unwrap_or(word);
    name.trim_end_matches(".exe")
}
