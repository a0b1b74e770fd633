//! What a record says of a migration that ended well, badly, or not at all.

use guard_core::inventory::BearerKind;
use guard_core::migration::{
    Back, Course, Deed, Line, Mark, Obstacle, Outstanding, RECORD_FORM, Standing, Whom, outstanding,
};
use guard_core::names::AccountId;
use jiff::Timestamp;

use super::case::{AGENT, CORE, FORBIDDEN, LOGGING, charter, mandate};

fn whom(kind: BearerKind, name: &str) -> Whom {
    Whom {
        account: AccountId::parse("123456789012").unwrap(),
        kind,
        name: name.to_owned(),
        id: format!("ID{name}"),
    }
}

fn line(course: Course, mark: Mark, deed: Deed, policy: &str) -> Line {
    Line {
        form: RECORD_FORM,
        at: Timestamp::UNIX_EPOCH,
        course,
        mark,
        deed,
        policy: policy.to_owned(),
        whom: whom(BearerKind::Role, "web"),
        forbidden: FORBIDDEN.to_owned(),
    }
}

fn apply(mark: Mark, deed: Deed, policy: &str) -> Line {
    line(Course::Apply, mark, deed, policy)
}

/// What is put back, as long as everything is found as the record has it.
fn steps(lines: &[Line]) -> Vec<String> {
    let mut all = outstanding(lines);
    let Some(mut one) = all.pop() else {
        return Vec::new();
    };
    assert!(all.is_empty());
    let mut attached: Vec<String> = [CORE, LOGGING].map(str::to_owned).to_vec();
    let mut steps = Vec::new();
    loop {
        let step = one.next(Some(Standing {
            id: "IDweb",
            attached: &attached,
        }));
        match step {
            Back::Call { deed, policy } => {
                match deed {
                    Deed::Attach => attached.push(policy.clone()),
                    Deed::Detach => attached.retain(|it| *it != policy),
                }
                steps.push(format!("{deed:?} {}", policy.rsplit('/').next().unwrap()));
            }
            Back::Settled { .. } => {}
            Back::Done => return steps,
            Back::ByHand { .. } | Back::Stop(_) => panic!("{step:?}"),
        }
        one.settle_first();
    }
}

#[test]
fn what_was_done_is_put_back_the_other_way_round_the_forbidden_policy_first() {
    let lines = [
        apply(Mark::Done, Deed::Attach, CORE),
        apply(Mark::Done, Deed::Attach, LOGGING),
        apply(Mark::Done, Deed::Detach, FORBIDDEN),
    ];
    let forbidden = FORBIDDEN.rsplit('/').next().unwrap();
    let logging = LOGGING.rsplit('/').next().unwrap();
    let core = CORE.rsplit('/').next().unwrap();
    assert_eq!(
        steps(&lines),
        [
            format!("Attach {forbidden}"),
            format!("Detach {logging}"),
            format!("Detach {core}")
        ]
    );
}

#[test]
fn a_call_whose_end_is_not_known_counts_and_a_refused_one_does_not() {
    let begun = [apply(Mark::Begins, Deed::Detach, FORBIDDEN)];
    assert_eq!(steps(&begun).len(), 1);
    let refused = [
        apply(Mark::Begins, Deed::Detach, FORBIDDEN),
        apply(Mark::Refused, Deed::Detach, FORBIDDEN),
    ];
    assert!(outstanding(&refused).is_empty());
    // The first one may have had its effect, whatever became of the second.
    let both = [&begun[..], &refused].concat();
    assert_eq!(steps(&both).len(), 1);
}

#[test]
fn what_was_put_back_stands_no_more_until_it_is_done_again() {
    let done = apply(Mark::Done, Deed::Detach, FORBIDDEN);
    let back = |mark| line(Course::Undo, mark, Deed::Attach, FORBIDDEN);
    let begun = [done.clone(), back(Mark::Begins)];
    assert_eq!(outstanding(&begun).len(), 1, "nobody knows whether it was");
    let undone = [done.clone(), back(Mark::Begins), back(Mark::Done)];
    assert!(outstanding(&undone).is_empty());
    assert_eq!(outstanding(&[&undone[..], &[done]].concat()).len(), 1);
}

fn one(kind: BearerKind) -> Outstanding {
    let lines = [
        apply(Mark::Done, Deed::Attach, CORE),
        apply(Mark::Done, Deed::Detach, FORBIDDEN),
    ];
    let lines = lines.map(|line| Line {
        whom: whom(kind, "web"),
        ..line
    });
    outstanding(&lines).remove(0)
}

#[test]
fn what_is_not_as_the_record_has_it_is_left_alone() {
    let role = one(BearerKind::Role);
    assert_eq!(role.next(None), Back::Stop(Obstacle::Gone));
    let another = Standing {
        id: "IDother",
        attached: &[],
    };
    assert_eq!(
        role.next(Some(another)),
        Back::Stop(Obstacle::AnotherBearer)
    );
    let standing = Standing {
        id: "IDweb",
        attached: &[CORE.to_owned()],
    };
    let mut settled = role;
    settled.settle_first();
    assert_eq!(
        settled.next(Some(standing)),
        Back::Stop(Obstacle::TakenByOthers)
    );
}

#[test]
fn only_roles_get_the_policy_back_without_a_person() {
    let standing = Standing {
        id: "IDweb",
        attached: &[],
    };
    let policy = FORBIDDEN.to_owned();
    for kind in [BearerKind::User, BearerKind::Group] {
        let step = one(kind).next(Some(standing));
        let policy = policy.clone();
        assert_eq!(step, Back::ByHand { policy });
    }
    let deed = Deed::Attach;
    assert_eq!(
        one(BearerKind::Role).next(Some(standing)),
        Back::Call { deed, policy }
    );
}

/// A record may come out of a log that many can write into.
#[test]
fn a_line_that_no_migration_by_the_charter_writes_is_told_apart() {
    let inputs = serde_json::json!({ "cloudWatchLogGroupName": "/sessions" });
    let mandate = mandate(&charter("revert", "replace", &["logging"], ""), &inputs);
    let charter = mandate.charter();
    let administrator = "arn:aws:iam::aws:policy/AdministratorAccess";
    for (deed, policy, is_ours) in [
        (Deed::Attach, CORE, true),
        (Deed::Attach, LOGGING, true),
        (Deed::Detach, FORBIDDEN, true),
        // Undone, these would attach and detach something else.
        (Deed::Detach, administrator, false),
        (Deed::Detach, CORE, false),
        (Deed::Attach, administrator, false),
        (Deed::Attach, FORBIDDEN, false),
        (Deed::Attach, AGENT, false),
        (Deed::Detach, "x; reboot", false),
    ] {
        let done = apply(Mark::Done, deed, policy);
        assert_eq!(done.is_by(charter), is_ours, "{deed:?} {policy}");
        let back = line(Course::Undo, Mark::Done, deed.inverse(), policy);
        assert_eq!(back.is_by(charter), is_ours, "back: {deed:?} {policy}");
        let other = Line {
            forbidden: administrator.to_owned(),
            ..done
        };
        assert!(!other.is_by(charter), "the charter does not forbid that");
    }
}
