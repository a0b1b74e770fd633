use std::time::Duration;

use guard_core::change::{Operation, Written};
use guard_core::facts::{Trail, Window};
use guard_core::names::Version;
use guard_core::preferences::Preferences;
use guard_reconcile::error::{FailureClass, WriteError};
use guard_reconcile::ports::{
    Clock, KeepParameters, LookUpChanges, Parameter, ReadParameters, ReadPreferences,
    WritePreferences,
};

use super::*;

fn block<F: Future>(account: &FakeAccount, future: F) -> F::Output {
    turns::run(account, future).unwrap()
}

fn whole_past(account: &FakeAccount) -> Window {
    Window {
        from: jiff::Timestamp::UNIX_EPOCH,
        to: account.time(),
    }
}

#[test]
fn an_update_by_a_person_leaves_a_record_that_names_version_and_hash_and_hides_the_content() {
    let account = FakeAccount::holding(&content::baseline());
    account
        .as_principal(&Person::stranger())
        .update(&content::logging_off())
        .unwrap();
    let event = account.last_event().unwrap();
    let hash = block(&account, account.hash(Version(2))).unwrap().unwrap();
    let written = Some(Written {
        version: Version(2),
        hash,
    });
    assert_eq!(event.change().operation, Operation::Wrote { written });
    assert!(!event.envelope().to_string().contains("cloudWatch"));
}

#[test]
fn a_number_that_is_not_the_latest_is_refused() {
    let account = FakeAccount::holding(&content::baseline());
    account
        .as_principal(&Person::editor())
        .update(&content::idle_timeout(5))
        .unwrap();
    let refused = block(&account, account.update(Version(1), &content::baseline()));
    assert!(
        matches!(refused, Err(WriteError::Conflict { .. })),
        "{refused:?}"
    );
    assert_eq!(
        account.last_event().unwrap().change().failure.unwrap().code,
        "InvalidDocumentVersion"
    );
}

#[test]
fn what_counts_as_duplicate_content_can_be_chosen() {
    for (duplicates, of_latest, of_older) in [
        (DuplicateRule::Never, true, true),
        (DuplicateRule::Latest, false, true),
        (DuplicateRule::Any, false, false),
    ] {
        let account = FakeAccount::holding(&content::baseline());
        account.set_rules(Rules {
            duplicates,
            ..Rules::default()
        });
        let editor = Person::editor();
        account
            .as_principal(&editor)
            .update(&content::idle_timeout(5))
            .unwrap();
        let again = account
            .as_principal(&editor)
            .update(&content::idle_timeout(5));
        assert_eq!(again.is_ok(), of_latest, "{duplicates:?}");
        assert_eq!(
            account
                .as_principal(&editor)
                .update(&content::baseline())
                .is_ok(),
            of_older,
            "{duplicates:?}"
        );
    }
}

#[test]
fn a_document_is_full_until_a_version_is_deleted_and_the_default_one_cannot_be() {
    let account = FakeAccount::holding(&content::baseline());
    account.set_rules(Rules {
        version_limit: 2,
        ..Rules::default()
    });
    let mallory = Person::stranger();
    account
        .as_principal(&mallory)
        .update(&content::idle_timeout(5))
        .unwrap();
    let full = block(&account, account.update(Version(2), &content::baseline()));
    assert!(matches!(full, Err(WriteError::VersionLimit)), "{full:?}");
    let default = block(&account, account.delete_version(Version(1)));
    assert!(
        matches!(default, Err(WriteError::Conflict { .. })),
        "{default:?}"
    );
    block(&account, account.move_default(Version(2))).unwrap();
    block(&account, account.delete_version(Version(1))).unwrap();
    assert_eq!(
        block(&account, account.update(Version(2), &content::baseline())).unwrap(),
        Version(3)
    );
}

#[test]
fn a_shared_document_cannot_be_deleted_and_a_new_one_starts_at_version_one() {
    let account = FakeAccount::holding(&content::baseline());
    let mallory = Person::stranger();
    account
        .as_principal(&mallory)
        .update(&content::logging_off())
        .unwrap();
    account.as_principal(&mallory).share(&["all"]).unwrap();
    assert!(matches!(
        block(&account, account.delete()),
        Err(WriteError::Conflict { .. })
    ));
    block(&account, account.unshare(&["all".to_owned()])).unwrap();
    block(&account, account.delete()).unwrap();
    assert_eq!(block(&account, account.describe()).unwrap(), None);
    assert_eq!(
        account
            .as_principal(&mallory)
            .create_as("Command", &content::baseline())
            .unwrap(),
        Version(1)
    );
    assert_eq!(account.document_type().as_deref(), Some("Command"));
}

#[test]
fn the_event_history_knows_a_record_when_its_lag_is_over_and_a_forgotten_one_never() {
    let account = FakeAccount::holding(&content::baseline());
    account.set_lookup_lag(Duration::from_mins(10));
    let known = |account: &FakeAccount| match block(account, account.look_up(whole_past(account))) {
        Trail::Answered { changes, .. } => changes.len(),
        Trail::Failed { why } => panic!("{why}"),
    };
    let before = known(&account);
    account
        .as_principal(&Person::editor())
        .update(&content::idle_timeout(5))
        .unwrap();
    account.advance(Duration::from_secs(599));
    assert_eq!(known(&account), before);
    account.advance(Duration::from_secs(1));
    assert_eq!(known(&account), before + 1);
    account.forget_record(account.last_event().unwrap().id());
    assert_eq!(known(&account), before);
    account.fail_lookups(Some("throttled"));
    assert!(matches!(
        block(&account, account.look_up(whole_past(&account))),
        Trail::Failed { .. }
    ));
}

#[test]
fn a_parameter_keeps_a_hundred_versions_and_who_wrote_them() {
    let account = FakeAccount::new();
    for n in 0..150 {
        block(&account, account.put(Parameter::Notes, &n.to_string())).unwrap();
    }
    account
        .as_principal(&Person::stranger())
        .put_parameter(Parameter::Notes, "mine")
        .unwrap();
    let history = block(&account, account.history(Parameter::Notes)).unwrap();
    assert_eq!(
        (history.len(), history[0].version, history[99].version),
        (100, 52, 151)
    );
    assert_eq!(
        history[99].modified_by,
        "arn:aws:iam::123456789012:user/mallory"
    );
    assert!(
        history[98]
            .modified_by
            .starts_with("arn:aws:sts::123456789012:assumed-role/session-guard-")
    );
    account
        .as_principal(&Person::stranger())
        .delete_parameter(Parameter::Notes)
        .unwrap();
    assert_eq!(
        block(&account, account.put(Parameter::Notes, "new")).unwrap(),
        1
    );
}

#[test]
fn a_planned_fault_hits_its_call_before_or_after_the_effect() {
    for (moment, latest) in [(Moment::Before, Version(1)), (Moment::After, Version(2))] {
        let account = FakeAccount::holding(&content::baseline());
        account.fail_next(Call::Update, Fault::Fails(FailureClass::Throttled), moment);
        let failed = block(
            &account,
            account.update(Version(1), &content::idle_timeout(5)),
        );
        assert!(
            matches!(failed, Err(WriteError::Port(error)) if error.class == FailureClass::Throttled)
        );
        assert_eq!(account.latest_version(), Some(latest));
    }
}

#[test]
fn a_crash_ends_a_run_in_the_middle() {
    let account = FakeAccount::holding(&content::baseline());
    account.fail_call(1, Fault::Crashes, Moment::After);
    let end = turns::run(&account, async {
        account.describe().await.unwrap();
        account
            .update(Version(1), &content::idle_timeout(5))
            .await
            .unwrap();
        account.describe().await.unwrap();
    });
    assert_eq!(end, Err(Crashed));
    assert_eq!(
        (account.latest_version(), account.calls().len()),
        (Some(Version(2)), 2)
    );
}

#[test]
fn others_act_between_two_calls_of_the_guard() {
    let account = FakeAccount::holding(&content::baseline());
    account.before_next(Call::Update, |account| {
        account
            .as_principal(&Person::stranger())
            .update(&content::logging_off())
            .unwrap();
    });
    let refused = block(
        &account,
        account.update(Version(1), &content::idle_timeout(5)),
    );
    assert!(matches!(refused, Err(WriteError::Conflict { .. })));
    assert_eq!(account.latest_content(), Some(content::logging_off()));
}

#[test]
fn two_runs_take_turns_as_chosen() {
    let account = FakeAccount::holding(&content::baseline());
    let write = |minutes| {
        let account = &account;
        async move {
            let latest = account.describe().await.unwrap().unwrap().latest;
            account
                .update(latest, &content::idle_timeout(minutes))
                .await
        }
    };
    // The first reads, the second reads and writes, the first writes what is out of date.
    let (first, second) = turns::interleave(
        &account,
        write(5),
        write(6),
        &[true, true, false, false, false, true],
    );
    assert!(matches!(first.unwrap(), Err(WriteError::Conflict { .. })));
    assert_eq!(second.unwrap().unwrap(), Version(2));
}

#[test]
fn time_moves_only_when_told() {
    let account = FakeAccount::new();
    let before = account.now();
    assert_eq!(account.now(), before);
    block(&account, account.pause(Duration::from_millis(1500)));
    assert_eq!(account.now().duration_since(before).as_millis(), 1500);
}

#[test]
fn a_new_version_is_active_after_as_many_polls_as_chosen() {
    let account = FakeAccount::holding(&content::baseline());
    account.set_rules(Rules {
        polls_until_active: 2,
        ..Rules::default()
    });
    account
        .as_principal(&Person::editor())
        .update(&content::idle_timeout(5))
        .unwrap();
    let polls: Vec<_> = (0..3)
        .map(|_| block(&account, account.is_active(Version(2))).unwrap())
        .collect();
    assert_eq!(polls, [false, false, true]);
}

#[test]
fn contents_are_above_and_below_the_floor_as_their_names_say() {
    let mandate = charter::mandate();
    let violations = |text: &str| {
        mandate
            .charter()
            .floor()
            .violations(&Preferences::parse(text).unwrap())
    };
    for above in [
        content::baseline(),
        content::idle_timeout(30),
        content::above_floor("ops"),
    ] {
        assert_eq!(violations(&above), [], "{above}");
        assert_eq!(violations(&content::as_yaml(&above)), [], "{above}");
    }
    for below in [
        content::encryption_off(),
        content::logging_off(),
        content::logging_elsewhere("/elsewhere"),
        content::placeholder(),
        content::duplicate_key(),
        content::case_twin(),
        content::idle_timeout(31),
    ] {
        assert_ne!(violations(&below), [], "{below}");
        let account = FakeAccount::new();
        assert!(
            account
                .as_principal(&Person::stranger())
                .create(&below)
                .is_ok(),
            "{below}"
        );
    }
}

#[test]
fn people_are_editors_as_their_names_say() {
    let mandate = charter::mandate();
    let at = FakeAccount::new().time();
    let is_editor = |person: &Person| {
        let principal = guard_core::principal::Principal::from_user_identity(person.identity());
        mandate.charter().editor(&principal, at).is_editor()
    };
    for editor in [
        Person::editor(),
        Person::other_editor(),
        Person::permission_set_editor(),
        Person::tool(),
    ] {
        assert!(is_editor(&editor), "{}", editor.name());
    }
    for other in [
        Person::stranger(),
        Person::root(),
        Person::federated(),
        Person::tool_by_hand(),
        Person::guard(),
        Person::service("ssm.amazonaws.com"),
        Person::unknown(),
    ] {
        assert!(!is_editor(&other), "{}", other.name());
    }
}
