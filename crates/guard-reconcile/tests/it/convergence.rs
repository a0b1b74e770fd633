//! Whatever happens, and however the events of it arrive: the document ends at what the model names, and rests there.

use proptest::prelude::*;
use proptest::test_runner::FileFailurePersistence;

use crate::history::{Family, History, history};
use crate::world::World;

fn config(cases: u32) -> ProptestConfig {
    ProptestConfig {
        cases,
        max_shrink_iters: 4_000,
        failure_persistence: Some(Box::new(FileFailurePersistence::Direct(
            "tests/it/convergence.regressions",
        ))),
        ..ProptestConfig::default()
    }
}

fn converges(history: &History) {
    let mut world = World::beginning(history);
    for step in &history.steps {
        world.play(step);
    }
    world.come_to_rest();
    world.check_end();
    world.check_rest();
}

proptest! {
    #![proptest_config(config(4_000))]

    #[test]
    fn events_late_twice_out_of_order_forged_or_lost_change_nothing_about_the_end(history in history(Family::Calm)) {
        converges(&history);
    }
}

proptest! {
    #![proptest_config(config(3_000))]

    #[test]
    fn runs_that_overlap_and_people_who_interrupt_them_change_nothing_about_the_end(
        history in history(Family::Racing)
    ) {
        converges(&history);
    }
}

proptest! {
    #![proptest_config(config(3_000))]

    #[test]
    fn calls_that_fail_and_functions_that_die_change_nothing_about_the_end(history in history(Family::Failing)) {
        converges(&history);
    }
}

proptest! {
    #![proptest_config(config(2_000))]

    #[test]
    fn meddling_and_deployments_end_as_the_model_says(history in history(Family::Wild)) {
        converges(&history);
    }
}
