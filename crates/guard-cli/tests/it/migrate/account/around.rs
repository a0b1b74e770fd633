//! Instance profiles and stacks.

use std::collections::BTreeMap;

use crate::migrate::FORBIDDEN;

/// What a call about what runs with roles, or made them, answers; `None` is any other call.
pub(super) fn around(action: &str, members: &BTreeMap<&str, String>) -> Option<String> {
    let stack = members.get("StackName").cloned().unwrap_or_default();
    Some(match action {
        "ListInstanceProfiles" => {
            let profile = "<member><Path>/</Path><InstanceProfileName>web</InstanceProfileName>\
                <InstanceProfileId>AIPAEXAMPLE</InstanceProfileId>\
                <Arn>arn:aws:iam::123456789012:instance-profile/web</Arn><CreateDate>2024-05-01T00:00:00Z</CreateDate>\
                <Roles><member><Path>/</Path><RoleName>web</RoleName><RoleId>AROAWEB</RoleId>\
                <Arn>arn:aws:iam::123456789012:role/web</Arn><CreateDate>2024-05-01T00:00:00Z</CreateDate></member></Roles>\
                </member>";
            format!(
                "<InstanceProfiles>{profile}</InstanceProfiles><IsTruncated>false</IsTruncated>"
            )
        }
        "ListStacks" => {
            let stacks = ["web", "old-web"].map(|name| {
                format!(
                    "<member><StackName>{name}</StackName><StackStatus>CREATE_COMPLETE</StackStatus>\
                     <StackId>arn:aws:cloudformation:eu-central-1:123456789012:stack/{name}/1</StackId>\
                     <CreationTime>2024-05-01T00:00:00Z</CreationTime></member>"
                )
            });
            format!("<StackSummaries>{}</StackSummaries>", stacks.concat())
        }
        "GetTemplate" => format!(
            "<TemplateBody>Type: AWS::IAM::Role, ManagedPolicyArns: {FORBIDDEN}</TemplateBody>"
        ),
        "ListStackResources" => {
            let role = if stack.contains("/old-web/") {
                ""
            } else {
                "<member><LogicalResourceId>Role</LogicalResourceId><PhysicalResourceId>web</PhysicalResourceId>\
                 <ResourceType>AWS::IAM::Role</ResourceType></member>"
            };
            format!("<StackResourceSummaries>{role}</StackResourceSummaries>")
        }
        _ => return None,
    })
}
