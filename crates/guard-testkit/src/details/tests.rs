use serde_json::Value;

use super::*;

fn text(details: &Details) -> String {
    let mut text = Vec::new();
    details.write(&mut text).unwrap();
    String::from_utf8(text).unwrap()
}

#[test]
fn the_same_seed_writes_the_same_answer_and_another_seed_another() {
    let details = Details::small(7);
    assert_eq!(text(&details), text(&details));
    assert_ne!(text(&details), text(&Details::small(8)));
}

#[test]
fn what_is_written_is_what_can_be_asked_for() {
    let details = Details::small(3);
    let answer: Value = serde_json::from_str(&text(&details)).unwrap();
    for (list, length, item) in [
        ("RoleDetailList", details.roles, details.role(5)),
        ("UserDetailList", details.users, details.user(5)),
        ("Policies", details.policies, details.policy(5)),
    ] {
        assert_eq!(answer[list].as_array().unwrap().len(), length, "{list}");
        assert_eq!(answer[list][5], item, "{list}");
    }
    assert_eq!(answer["GroupDetailList"][2], details.group(2));
}

#[test]
fn an_item_does_not_depend_on_how_many_there_are() {
    let few = Details::small(1);
    let many = Details {
        roles: 1_000,
        ..few
    };
    assert_eq!(few.role(3), many.role(3));
}

#[test]
fn an_account_may_lack_everything() {
    let nothing = Details {
        roles: 0,
        policies: 0,
        users: 0,
        groups: 0,
        ..Details::small(1)
    };
    let answer: Value = serde_json::from_str(&text(&nothing)).unwrap();
    assert_eq!(answer.as_object().unwrap().len(), 4);
    let lonely = Details {
        roles: 30,
        users: 30,
        ..nothing
    };
    let answer: Value = serde_json::from_str(&text(&lonely)).unwrap();
    assert!(!text(&lonely).contains("PermissionsBoundaryArn"));
    assert_eq!(
        answer["UserDetailList"][0]["GroupList"],
        serde_json::json!([])
    );
}

/// Counts instead of keeping.
struct Counter {
    bytes: usize,
    largest: usize,
}

impl Write for Counter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.bytes += bytes.len();
        self.largest = self.largest.max(bytes.len());
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn a_long_answer_comes_in_small_pieces() {
    let mut counter = Counter {
        bytes: 0,
        largest: 0,
    };
    let details = Details {
        roles: 200,
        ..Details::large(1)
    };
    details.write(&mut counter).unwrap();
    assert!(counter.bytes > 1_000_000, "{}", counter.bytes);
    assert!(counter.largest < 10_000, "{}", counter.largest);
}
