//! How many calls of AWS's one event may take.

use guard_core::inventory::BearerKind;
use guard_testkit::policies::{CORE, LOGGING, account, charter, mandate};
use guard_testkit::{Call, FakeAccount};

use super::{mallory_attaches, one_run, verdict};

/// Calls that gather, and calls that write or read back; those that tell aside.
///
/// A role is read with three calls and one for each inline policy, a policy with two.
fn counted(account: &FakeAccount, n_inline: usize) -> (usize, usize) {
    let n = |call| account.n_calls_of(call);
    let gathering = n(Call::Entity) * (3 + n_inline) + n(Call::Policy) * 2;
    (
        gathering,
        n(Call::Attach) + n(Call::Detach) + n(Call::Attached),
    )
}

#[test]
fn a_role_that_needs_one_successor_takes_four_calls_to_change_and_at_most_six_to_judge() {
    // What it lacks is the account's own, which has to be read before it is attached.
    let account = account("web");
    account.principals().attach(BearerKind::Role, "web", CORE);
    let event = mallory_attaches(&account, BearerKind::Role, "web");
    let outcome = one_run(
        &mandate(&charter("replace", &[CORE, LOGGING])),
        &account,
        &event,
    );
    assert_eq!(verdict(&outcome), "replaced");
    assert_eq!(counted(&account, 0), (5, 4));
}

#[test]
fn inline_policies_cost_one_call_each_and_the_accounts_own_two_each() {
    let nothing = r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"ec2:DescribeTags","Resource":"*"}}"#;
    for (n_inline, n_own) in [(1, 0), (0, 1), (4, 3)] {
        let account = account("web");
        let principals = account.principals();
        principals.attach(BearerKind::Role, "web", CORE);
        for n in 0..n_inline {
            principals.put_inline(BearerKind::Role, "web", &format!("part-{n}"), nothing);
        }
        for n in 0..n_own {
            let arn = principals.create_policy(&format!("own-{n}"), nothing);
            principals.attach(BearerKind::Role, "web", &arn);
        }
        let event = mallory_attaches(&account, BearerKind::Role, "web");
        one_run(
            &mandate(&charter("replace", &[CORE, LOGGING])),
            &account,
            &event,
        );
        assert_eq!(counted(&account, n_inline), (5 + n_inline + 2 * n_own, 4));
    }
}
