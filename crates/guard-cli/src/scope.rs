//! Accounts, Regions and partitions, as far as they can be told without asking AWS.

use guard_core::names::{AccountId, NameError, Partition, Region, Scope};

/// The name under which the function is deployed.
pub(crate) use guard_core::mandate::GUARD_FUNCTION as FUNCTION;

/// Stands in where only placeholders need an account.
pub(crate) const EXAMPLE_ACCOUNT: &str = "123456789012";

/// The partitions other than `aws`, each with what its Regions' codes begin with.
///
/// After the "Service endpoints" pages of the AWS General Reference and the partitions in botocore's endpoints.
/// `us-isob-` and its kin do not begin with `us-iso-`, so the order does not matter.
const PARTITIONS: [(&str, &str); 7] = [
    ("cn-", "aws-cn"),
    ("us-gov-", "aws-us-gov"),
    ("us-iso-", "aws-iso"),
    ("us-isob-", "aws-iso-b"),
    ("us-isof-", "aws-iso-f"),
    ("eu-isoe-", "aws-iso-e"),
    ("eusc-", "aws-eusc"),
];

/// The account's part of a Region, in the partition that the Region belongs to.
pub(crate) fn of(account: &AccountId, region: &Region) -> Result<Scope, NameError> {
    let partition = PARTITIONS
        .iter()
        .find(|(start, _)| region.as_str().starts_with(start))
        .map_or("aws", |(_, partition)| partition);
    Ok(Scope {
        partition: Partition::parse(partition)?,
        account: account.clone(),
        region: region.clone(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_regions_code_tells_its_partition() {
        let account = AccountId::parse(EXAMPLE_ACCOUNT).unwrap();
        for (region, partition) in [
            ("eu-central-1", "aws"),
            ("cn-northwest-1", "aws-cn"),
            ("us-gov-west-1", "aws-us-gov"),
            ("us-isob-east-1", "aws-iso-b"),
            ("us-iso-east-1", "aws-iso"),
            ("us-east-1", "aws"),
        ] {
            let scope = of(&account, &Region::parse(region).unwrap()).unwrap();
            assert_eq!(scope.partition.as_str(), partition, "{region}");
        }
    }
}
