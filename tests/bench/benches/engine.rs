//! Reading and deciding the quickstart policy for Session Manager, here and with the crate `iam-rs`, in one run.

#![allow(
    missing_docs,
    reason = "Criterion's macros write functions without documentation"
)]

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use guard_core::access::{Attached, Context, Outcome, Policies, Request, decide};
use guard_core::policy::PolicyDocument;
use guard_core::simulate::answer;

/// One statement for opening sessions, one for ending one's own.
const POLICY: &str = r#"{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Effect": "Allow",
      "Action": ["ssm:StartSession"],
      "Resource": [
        "arn:aws:ec2:us-east-1:111122223333:instance/i-02573cafcfEXAMPLE",
        "arn:aws:ssm:us-east-1:111122223333:document/SSM-SessionManagerRunShell"
      ],
      "Condition": { "BoolIfExists": { "ssm:SessionDocumentAccessCheck": "true" } }
    },
    {
      "Effect": "Allow",
      "Action": ["ssm:TerminateSession", "ssm:ResumeSession"],
      "Resource": ["arn:aws:ssm:*:*:session/${aws:username}-*"]
    }
  ]
}"#;
const ACTION: &str = "ssm:TerminateSession";
const RESOURCE: &str = "arn:aws:ssm:us-east-1:111122223333:session/ann-0627c9857b1571d79";
const USER: &str = "arn:aws:iam::111122223333:user/ann";
const KEYS: [(&str, &str); 3] = [
    ("aws:username", "ann"),
    ("aws:userid", "AIDACKCEVSQ6C2EXAMPLE"),
    ("ssm:SessionDocumentAccessCheck", "true"),
];

mod ours {
    use super::*;

    pub(super) fn context() -> Context {
        let mut context = Context::new();
        for (key, value) in KEYS {
            context.set(key, value);
        }
        context
    }

    pub(super) fn allows(document: &PolicyDocument, context: &Context) -> bool {
        let policies = Policies {
            identity: vec![Attached {
                name: "quickstart",
                document,
            }],
            ..Policies::default()
        };
        let request = Request {
            action: ACTION,
            resource: RESOURCE,
            principal: Some(USER),
            context,
        };
        decide(&policies, &request).outcome == Outcome::Allowed
    }
}

mod theirs {
    use iam_rs::{
        Arn, Context, ContextValue, Decision, IAMPolicy, IAMRequest, PolicyEvaluator, Principal,
        PrincipalId,
    };

    use super::*;

    pub(super) fn request() -> IAMRequest {
        let mut context = Context::new();
        for (key, value) in KEYS {
            context.insert(key.to_owned(), ContextValue::String(value.to_owned()));
        }
        let principal = Principal::Aws(PrincipalId::String(USER.to_owned()));
        let resource = Arn::parse(RESOURCE).expect("an ARN");
        IAMRequest::new_with_context(principal, ACTION, resource, context)
    }

    pub(super) fn evaluator() -> PolicyEvaluator {
        let policy = IAMPolicy::from_json(black_box(POLICY)).expect("a policy");
        PolicyEvaluator::with_policies(vec![policy])
    }

    pub(super) fn allows(evaluator: &PolicyEvaluator, request: &IAMRequest) -> bool {
        let evaluated = evaluator.evaluate(request).expect("a decision");
        evaluated.decision == Decision::Allow
    }
}

fn quickstart(criterion: &mut Criterion) {
    let (document, context) = (
        PolicyDocument::read(POLICY).expect("a policy"),
        ours::context(),
    );
    let (evaluator, request) = (theirs::evaluator(), theirs::request());
    // Both must answer, and the same, or nothing is compared.
    assert!(ours::allows(&document, &context) && theirs::allows(&evaluator, &request));

    let mut group = criterion.benchmark_group("quickstart");
    group.bench_function("decide/session-guard", |bench| {
        bench.iter(|| ours::allows(black_box(&document), black_box(&context)));
    });
    group.bench_function("decide/iam-rs", |bench| {
        bench.iter(|| theirs::allows(black_box(&evaluator), black_box(&request)));
    });
    group.bench_function("read and decide/session-guard", |bench| {
        bench.iter(|| {
            let document = PolicyDocument::read(black_box(POLICY)).expect("a policy");
            ours::allows(&document, black_box(&context))
        });
    });
    group.bench_function("read and decide/iam-rs", |bench| {
        bench.iter(|| theirs::allows(&theirs::evaluator(), black_box(&request)));
    });
    group.finish();
}

/// A line as `session-guard simulate` takes it, with the policy in it.
fn simulated(criterion: &mut Criterion) {
    let policy = POLICY.replace('\n', " ");
    let line = format!(
        r#"{{"id":"1","request":{{"principal":"{USER}","action":"{ACTION}","resource":"{RESOURCE}","context":{{"aws:username":"ann"}}}},"identity":[{policy}]}}"#
    );
    let allowed = || {
        let answer = answer(black_box(&line), 1);
        serde_json::to_string(&answer).expect("an answer")
    };
    assert!(allowed().contains("\"allowed\""), "{}", allowed());
    criterion.bench_function("simulate/a line", |bench| bench.iter(allowed));
}

criterion_group!(benches, quickstart, simulated);
criterion_main!(benches);
