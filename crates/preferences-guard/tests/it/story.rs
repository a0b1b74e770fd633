//! What happened in the account before each sample event was sent.

use std::time::Duration;

use guard_core::names::Version;
use guard_testkit::{FakeAccount, Person, content};

/// A sample event of `events/`, and what it tells of.
pub(crate) struct Story {
    /// The sample's path under `events/`, without `.json`.
    pub(crate) sample: &'static str,
    /// What people did; the last call is the one that the sample records.
    pub(crate) act: fn(&FakeAccount),
}

/// Every sample that records a call on our document.
pub(crate) const STORIES: [Story; 16] = [
    Story {
        sample: "ssm/UpdateDocument/stranger-turns-logging-off",
        act: |account| write(account, &Person::stranger(), &content::logging_off()),
    },
    Story {
        sample: "ssm/UpdateDocument/editor-lengthens-idle-timeout",
        act: |account| write(account, &Person::editor(), &content::idle_timeout(25)),
    },
    Story {
        sample: "ssm/UpdateDocument/editor-turns-encryption-off",
        act: |account| write(account, &Person::editor(), &content::encryption_off()),
    },
    Story {
        sample: "ssm/UpdateDocument/guards-own-write",
        act: |account| {
            write(account, &Person::stranger(), &content::logging_off());
            revert(account);
        },
    },
    Story {
        sample: "ssm/UpdateDocument/through-cloudformation",
        act: |account| write(account, &Person::tool(), &content::idle_timeout(20)),
    },
    Story {
        sample: "ssm/UpdateDocument/identity-center-editor",
        act: |account| {
            write(
                account,
                &Person::permission_set_editor(),
                &content::idle_timeout(10),
            );
        },
    },
    Story {
        sample: "ssm/UpdateDocument/denied",
        act: |account| {
            account
                .as_principal(&Person::stranger())
                .be_denied("UpdateDocument");
        },
    },
    Story {
        sample: "ssm/UpdateDocument/root",
        act: |account| write(account, &Person::root(), &content::idle_timeout(30)),
    },
    Story {
        sample: "ssm/UpdateDocument/failed-duplicate-content",
        act: |account| {
            account
                .as_principal(&Person::stranger())
                .update(&content::baseline())
                .unwrap_err();
        },
    },
    Story {
        sample: "ssm/DeleteDocument/stranger-deletes",
        act: |account| account.as_principal(&Person::stranger()).delete().unwrap(),
    },
    Story {
        sample: "ssm/DeleteDocument/one-version",
        act: |account| {
            write(account, &Person::editor(), &content::idle_timeout(25));
            account
                .as_principal(&Person::stranger())
                .delete_version(Version(2))
                .unwrap();
        },
    },
    Story {
        sample: "ssm/DeleteDocument/editor-deletes",
        act: |account| account.as_principal(&Person::editor()).delete().unwrap(),
    },
    Story {
        sample: "ssm/CreateDocument/stranger-recreates-as-command-document",
        act: |account| {
            let mallory = Person::stranger();
            account.as_principal(&mallory).delete().unwrap();
            account
                .as_principal(&mallory)
                .create_as("Command", COMMAND)
                .unwrap();
        },
    },
    Story {
        sample: "ssm/UpdateDocumentDefaultVersion/stranger-moves-default",
        act: |account| {
            write(account, &Person::stranger(), &content::logging_off());
            revert(account);
            account
                .as_principal(&Person::stranger())
                .move_default(Version(2))
                .unwrap();
        },
    },
    Story {
        sample: "ssm/ModifyDocumentPermission/stranger-shares-with-all",
        act: |account| {
            account
                .as_principal(&Person::stranger())
                .share(&["all"])
                .unwrap();
        },
    },
    Story {
        sample: "ssm/ModifyDocumentPermission/private",
        act: |account| {
            account
                .as_principal(&Person::stranger())
                .share(&["111122223333"])
                .unwrap();
        },
    },
];

/// Lets happen what a sample tells of, in an account that holds the baseline.
pub(crate) fn play(story: &Story, account: &FakeAccount) {
    account.advance(Duration::from_secs(124));
    (story.act)(account);
}

/// A document that runs a command instead of saying how sessions are kept.
const COMMAND: &str = r#"{"schemaVersion":"2.2","description":"nothing to do with sessions","mainSteps":[{"action":"aws:runShellScript","name":"run","inputs":{"runCommand":["true"]}}]}"#;

fn write(account: &FakeAccount, person: &Person, content: &str) {
    account.advance(Duration::from_mins(1));
    account.as_principal(person).update(content).unwrap();
    account.become_active();
}

/// What the guard does about a version that a stranger wrote on top of the baseline.
fn revert(account: &FakeAccount) {
    let guard = Person::guard();
    account.advance(Duration::from_mins(1));
    account
        .as_principal(&guard)
        .update_of(Version(2), &content::baseline())
        .unwrap();
    account.become_active();
    account
        .as_principal(&guard)
        .move_default(Version(3))
        .unwrap();
}
