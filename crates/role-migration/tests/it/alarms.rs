//! The alarms of the template look for what the function counts.

use std::path::Path;

use guard_lambda::telemetry::Metric;

#[test]
fn what_must_not_go_unnoticed_has_an_alarm_on_a_metric_that_there_is() {
    let template = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../infra/role-migration.yaml");
    let template = std::fs::read_to_string(template).unwrap();
    let lines: Vec<&str> = template.lines().map(str::trim).collect();
    let ours = lines
        .windows(2)
        .filter(|pair| pair[0] == "Namespace: SessionGuard");
    let watched: Vec<_> = ours
        .map(|pair| pair[1].strip_prefix("MetricName: ").unwrap())
        .collect();
    assert_eq!(watched, [Metric::StillAttached.name()]);
}
