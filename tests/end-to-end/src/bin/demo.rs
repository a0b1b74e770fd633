//! `make demo`: the main job on a local account, told as it happens and verified.

use std::io::Write;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use anstyle::{AnsiColor, Style};
use end_to_end::Stage;
use end_to_end::compliance::{Compliance, View};
use end_to_end::story::{Listener, Scene, play};

const GOOD: Style = AnsiColor::Green.on_default();
const BAD: Style = AnsiColor::Red.on_default();
const QUIET: Style = AnsiColor::BrightBlack.on_default();

#[tokio::main]
async fn main() -> ExitCode {
    let mut teller = Teller {
        out: anstream::stdout(),
        n_scenes: 0,
    };
    match demo(&mut teller).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            teller.line(&format!("{BAD}failed{BAD:#}  {error:#}"));
            ExitCode::FAILURE
        }
    }
}

async fn demo(teller: &mut Teller) -> anyhow::Result<()> {
    teller.line("Session Guard on a local account: nothing leaves this machine.\n");
    let mut stage = teller
        .timed("start the local account", Stage::start())
        .await?;
    teller
        .timed("the operator's baseline is set", stage.set_baseline())
        .await?;
    teller
        .timed("deploy functions and templates", stage.deploy(&[]))
        .await?;
    teller
        .timed("the first sweep finds everything in order", stage.sweep())
        .await?;
    teller.line("");
    play(&mut stage, teller).await?;
    teller.line(&format!(
        "\n{GOOD}All {} outcomes were verified: the document, or what AWS Config shows, was read back each time.{GOOD:#}\n\n\
         Next: `cargo run --bin session-guard -- explain --charter charter.toml --event events/…` tells how one event is judged,\n\
         `make invoke EVENT=events/…` runs it through the function, `make deploy` brings it to an account.\n\
         README.md says how to begin, docs/operations.md what to do when an alarm comes.",
        teller.n_scenes
    ));
    Ok(())
}

struct Teller {
    out: anstream::AutoStream<std::io::Stdout>,
    n_scenes: usize,
}

impl Teller {
    fn line(&mut self, text: &str) {
        self.write(&format!("{text}\n"));
    }

    /// A terminal that has gone away is no reason to stop verifying.
    fn write(&mut self, text: &str) {
        let _ = self
            .out
            .write_all(text.as_bytes())
            .and_then(|()| self.out.flush());
    }

    async fn timed<T>(
        &mut self,
        what: &str,
        work: impl Future<Output = anyhow::Result<T>>,
    ) -> anyhow::Result<T> {
        self.write(&format!("  {QUIET}…{QUIET:#} {what:<72}"));
        let began = Instant::now();
        let result = work.await;
        let took = began.elapsed();
        match &result {
            Ok(_) => self.line(&format!("{:>7.1} s", took.as_secs_f64())),
            Err(_) => self.line(""),
        }
        result
    }
}

impl Listener for Teller {
    fn begins(&mut self, deed: &str) {
        self.write(&format!("  {QUIET}·{QUIET:#} {deed}\n"));
    }

    fn ended(&mut self, scene: &Scene) {
        self.n_scenes += 1;
        let took = scene.took.map_or_else(String::new, milliseconds);
        self.line(&format!(
            "    {GOOD}✓{GOOD:#} {:<68}{QUIET}{took:>11}{QUIET:#}",
            scene.outcome
        ));
    }

    fn shows(&mut self, view: &View) {
        self.line("\nThe compliance view, as the console of AWS Config shows it:\n");
        for (line, compliance) in view.lines() {
            let style = style(compliance);
            self.line(&format!("  {style}{line}{style:#}"));
        }
    }
}

/// What does not comply stands out.
fn style(compliance: Option<Compliance>) -> Style {
    match compliance {
        Some(Compliance::Noncompliant) => BAD,
        Some(Compliance::Compliant) | None => Style::new(),
    }
}

fn milliseconds(took: Duration) -> String {
    format!("{} ms", took.as_millis())
}
