//! The alarms of the template look for what the function counts.

use std::path::Path;

use guard_lambda::telemetry::Metric;

/// Names of the metrics that the template's alarms look for in our namespace.
fn watched() -> Vec<String> {
    let template = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../infra/preferences-guard.yaml");
    let template = std::fs::read_to_string(template).unwrap();
    let lines: Vec<&str> = template.lines().map(str::trim).collect();
    let ours = lines
        .windows(2)
        .filter(|pair| pair[0] == "Namespace: SessionGuard");
    ours.map(|pair| pair[1].strip_prefix("MetricName: ").unwrap().to_owned())
        .collect()
}

#[test]
fn every_alarm_looks_for_a_metric_that_there_is() {
    let counted = Metric::ALL.map(Metric::name);
    let watched = watched();
    assert!(!watched.is_empty());
    for name in watched {
        assert!(
            counted.contains(&name.as_str()),
            "{name} is watched and never counted"
        );
    }
}

#[test]
fn what_must_not_go_unnoticed_has_an_alarm() {
    let watched = watched();
    for metric in [
        Metric::Sweeps,
        Metric::RevertWar,
        Metric::DeniedAttempts,
        Metric::LookupFailures,
        Metric::SuspensionActive,
        Metric::RecordsIgnored,
    ] {
        assert!(watched.contains(&metric.name().to_owned()), "{metric:?}");
    }
}
