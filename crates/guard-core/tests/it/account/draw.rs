//! What is drawn by chance.

use proptest::prelude::*;
use proptest::sample::Index;

/// What a strategy draws; [`super::cast::Cast::account`] makes an account of it.
#[derive(Debug, Clone)]
pub(super) struct Draw {
    pub(super) reports: bool,
    pub(super) first: u64,
    /// Each version's content and age in seconds.
    pub(super) versions: Vec<(Index, i64)>,
    pub(super) document: (Kind, Index, bool),
    pub(super) trigger: Option<Event>,
    pub(super) records: Vec<Event>,
    pub(super) trail: (bool, i64),
    pub(super) approvals: Vec<Record>,
    pub(super) notes: (Vec<i64>, Option<i64>),
    pub(super) version_limit_reached: bool,
}

#[derive(Debug, Clone, Copy)]
pub(super) enum Kind {
    Absent,
    Session,
    Command,
}

/// A call: who, which version, its content by the record, seconds ago, which call, failed or not.
#[derive(Debug, Clone)]
pub(super) struct Event {
    pub(super) by: Index,
    pub(super) version: Index,
    pub(super) says: Option<Index>,
    pub(super) age: i64,
    pub(super) call: u8,
    pub(super) is_failed: bool,
}

/// A version of the parameter: whose, whose approval, of which version, saying what, settled up to which.
#[derive(Debug, Clone)]
pub(super) struct Record {
    pub(super) by: Index,
    pub(super) approved: Option<(Index, Index, Index)>,
    pub(super) settled: Option<(Index, bool)>,
    pub(super) is_void: bool,
}

fn age() -> impl Strategy<Value = i64> {
    prop_oneof![0_i64..300, 0_i64..3_600, Just(1_800_i64), 0_i64..100_000]
}

fn event() -> impl Strategy<Value = Event> {
    let says = prop::option::weighted(0.2, any::<Index>());
    let parts = (
        any::<Index>(),
        any::<Index>(),
        says,
        age(),
        0_u8..8,
        prop::bool::weighted(0.1),
    );
    parts.prop_map(|(by, version, says, age, call, is_failed)| Event {
        by,
        version,
        says,
        age,
        call,
        is_failed,
    })
}

fn record() -> impl Strategy<Value = Record> {
    let approved = prop::option::of(any::<(Index, Index, Index)>());
    let settled = prop::option::of(any::<(Index, bool)>());
    let parts = (any::<Index>(), approved, settled, prop::bool::weighted(0.2));
    parts.prop_map(|(by, approved, settled, is_void)| Record {
        by,
        approved,
        settled,
        is_void,
    })
}

pub(super) fn draw() -> impl Strategy<Value = Draw> {
    let kind =
        prop_oneof![1 => Just(Kind::Absent), 8 => Just(Kind::Session), 1 => Just(Kind::Command)];
    let first = prop_oneof![Just(1_u64), Just(40), Just(u64::MAX - 8)];
    (
        (prop::bool::weighted(0.2), first),
        prop::collection::vec((any::<Index>(), age()), 1..7),
        (kind, any::<Index>(), prop::bool::weighted(0.2)),
        prop::option::of(event()),
        prop::collection::vec(event(), 0..8),
        (prop::bool::weighted(0.1), age()),
        prop::collection::vec(record(), 0..3),
        (
            prop::collection::vec(1_i64..700, 0..14),
            prop::option::of(-60_i64..200),
        ),
        prop::bool::weighted(0.1),
    )
        .prop_map(
            |(
                (reports, first),
                versions,
                document,
                trigger,
                records,
                trail,
                approvals,
                notes,
                limit,
            )| Draw {
                reports,
                first,
                versions,
                document,
                trigger,
                records,
                trail,
                approvals,
                notes,
                version_limit_reached: limit,
            },
        )
}
