//! What AWS's own policies say about which the charter speaks, so that nobody has to ask IAM for them.
//!
//! As of November 2026: versions v8 of `AmazonEC2RoleforSSM`, v2 of `AmazonSSMManagedInstanceCore`, v3 of
//! `CloudWatchAgentServerPolicy` and v1 of `AmazonSSMDirectoryServiceAccess` (AWS managed policy reference guide, and two
//! public collections of the documents, which agree). Whoever has read a document from IAM goes by that one.

use crate::policy::PolicyDocument;

/// Path and name, and the document, in which `${partition}` stands for the partition.
const DOCUMENTS: [(&str, &str); 4] = [
    (
        "service-role/AmazonEC2RoleforSSM",
        include_str!("managed/AmazonEC2RoleforSSM.json"),
    ),
    (
        "AmazonSSMManagedInstanceCore",
        include_str!("managed/AmazonSSMManagedInstanceCore.json"),
    ),
    (
        "CloudWatchAgentServerPolicy",
        include_str!("managed/CloudWatchAgentServerPolicy.json"),
    ),
    (
        "AmazonSSMDirectoryServiceAccess",
        include_str!("managed/AmazonSSMDirectoryServiceAccess.json"),
    ),
];

/// The document of a policy of AWS's, if it is one of those that are known here.
pub fn document(arn: &str) -> Option<PolicyDocument> {
    let (partition, name) = arn.strip_prefix("arn:")?.split_once(":iam::aws:policy/")?;
    let (_, text) = DOCUMENTS.iter().find(|(known, _)| *known == name)?;
    PolicyDocument::read(&text.replace("${partition}", partition)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::Kind;

    #[test]
    fn every_document_is_a_policy_of_its_partition() {
        for partition in ["aws", "aws-cn"] {
            for (name, _) in DOCUMENTS {
                let document =
                    document(&format!("arn:{partition}:iam::aws:policy/{name}")).unwrap();
                assert_eq!(document.check(Kind::Identity), Ok(()), "{name}");
                let text = document.to_value().to_string();
                assert!(!text.contains("${"), "{text}");
                assert!(
                    !text.contains("arn:") || text.contains(&format!("arn:{partition}:ssm")),
                    "{text}"
                );
            }
        }
    }

    #[test]
    fn a_policy_of_the_account_is_not_taken_for_awss_own() {
        for arn in [
            "arn:aws:iam::123456789012:policy/AmazonSSMManagedInstanceCore",
            "arn:aws:iam::aws:policy/service-role/AmazonSSMManagedInstanceCore",
            "arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCor",
            "AmazonSSMManagedInstanceCore",
            "",
        ] {
            assert_eq!(document(arn), None, "{arn}");
        }
    }
}
