//! The account as a whole, what everybody used, and the `aws` that tells the rest from files.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use super::around::around;
use super::{State, percent};
use crate::migrate::{LOGGING, ec2, logging};

/// Says whose the credentials are, prints `ec2-describe-instances.json` and the like, and refuses where there is none;
/// what it is asked stands in `aws.log`.
pub(super) fn program(account: &str) -> String {
    format!(
        "#!/bin/sh\necho \"$*\" >> aws.log\ncase \"$1\" in\n\
         sts) echo '{{\"Account\":\"{account}\",\"Arn\":\"arn:aws:iam::{account}:user/alice\"}}' ;;\n\
         *) for word in \"$@\"; do case \"$word\" in file://*) /bin/cat \"${{word#file://}}\" > data.json ;; esac; done\n\
         if [ -f \"$1-$2.json\" ]; then exec /bin/cat \"$1-$2.json\"; fi\n\
         echo 'An error occurred (UnauthorizedOperation): You are not authorized' >&2; exit 254 ;;\nesac\n"
    )
}

impl State {
    /// What a call about the whole account answers; `None` is any other call.
    pub(super) fn of_account(
        &mut self,
        action: &str,
        members: &BTreeMap<&str, String>,
    ) -> Option<String> {
        let member = |name: &str| members.get(name).cloned().unwrap_or_default();
        match action {
            "GetAccountAuthorizationDetails" => {
                let from = member("Marker").parse().unwrap_or(0);
                Some(self.details(from, member("MaxItems").parse().unwrap()))
            }
            "GenerateServiceLastAccessedDetails" => {
                Some(format!("<JobId>{}</JobId>", member("Arn")))
            }
            "GetServiceLastAccessedDetails" => Some(self.used(&member("JobId"))),
            _ => around(action, members),
        }
    }

    fn details(&self, from: usize, size: usize) -> String {
        let (mut roles, mut users) = (String::new(), String::new());
        for (whom, attached) in self.attached.iter().skip(from).take(size) {
            match whom.split_once(' ').unwrap() {
                ("Role", name) => roles += &role(name, attached),
                (_, name) => users += &detail("User", "AIDA", name, attached, "<GroupList/>"),
            }
        }
        let document = percent(&logging().to_string());
        let policy = format!(
            "<member><PolicyName>session-logging</PolicyName><PolicyId>ANPAEXAMPLE</PolicyId><Arn>{LOGGING}</Arn>\
             <DefaultVersionId>v1</DefaultVersionId><PolicyVersionList><member><Document>{document}</Document>\
             <VersionId>v1</VersionId><IsDefaultVersion>true</IsDefaultVersion></member></PolicyVersionList></member>"
        );
        let next = from + size;
        let (policies, end) = if next < self.attached.len() {
            let marker = format!("<IsTruncated>true</IsTruncated><Marker>{next}</Marker>");
            (String::new(), marker)
        } else {
            (policy, "<IsTruncated>false</IsTruncated>".to_owned())
        };
        format!(
            "<UserDetailList>{users}</UserDetailList><GroupDetailList/><RoleDetailList>{roles}</RoleDetailList>\
             <Policies>{policies}</Policies>{end}"
        )
    }

    /// Everybody uses what nodes use; a job about whoever is in the list fails.
    fn used(&self, job: &str) -> String {
        let dates = "<JobType>SERVICE_LEVEL</JobType><JobCreationDate>2026-01-15T02:03:00Z</JobCreationDate>\
            <JobCompletionDate>2026-01-15T02:03:04Z</JobCompletionDate>";
        if self.unknown.iter().any(|name| job.ends_with(name)) {
            return format!(
                "<JobStatus>FAILED</JobStatus>{dates}<Error><Message>too much</Message><Code>Failed</Code></Error>"
            );
        }
        let mut services = String::new();
        for (namespace, is_used) in [
            ("ssm", true),
            ("ssmmessages", true),
            ("ec2messages", true),
            ("logs", true),
            ("cloudwatch", false),
            ("ds", false),
            ("ec2", false),
            ("s3", false),
        ] {
            let last = if is_used {
                "<LastAuthenticated>2026-01-10T00:00:00Z</LastAuthenticated>"
            } else {
                ""
            };
            let _ = write!(
                services,
                "<member><ServiceName>{namespace}</ServiceName><ServiceNamespace>{namespace}</ServiceNamespace>{last}</member>"
            );
        }
        format!(
            "<JobStatus>COMPLETED</JobStatus>{dates}<ServicesLastAccessed>{services}</ServicesLastAccessed>"
        )
    }
}

fn role(name: &str, attached: &BTreeSet<String>) -> String {
    let trust = percent(&ec2().to_string());
    let trust = format!(
        "<AssumeRolePolicyDocument>{trust}</AssumeRolePolicyDocument><InstanceProfileList/><Tags/>"
    );
    detail("Role", "AROA", name, attached, &trust)
}

fn detail(kind: &str, prefix: &str, name: &str, attached: &BTreeSet<String>, more: &str) -> String {
    let id = format!("{prefix}{}", name.to_uppercase().replace('-', ""));
    let arn = format!("arn:aws:iam::123456789012:{}/{name}", kind.to_lowercase());
    let mut policies = String::new();
    for arn in attached {
        let _ = write!(
            policies,
            "<member><PolicyName>p</PolicyName><PolicyArn>{arn}</PolicyArn></member>"
        );
    }
    format!(
        "<member><Path>/</Path><{kind}Name>{name}</{kind}Name><{kind}Id>{id}</{kind}Id><Arn>{arn}</Arn>\
         <CreateDate>2024-05-01T00:00:00Z</CreateDate><{kind}PolicyList/>\
         <AttachedManagedPolicies>{policies}</AttachedManagedPolicies>{more}</member>"
    )
}
