//! What succeeds the deprecated policy beside AWS's own: policies of the account, to be created and pinned in the
//! charter.

use super::draft::{Draft, document};
use super::{ComposeError, Limit, Note, Paper, Place, Product};
use crate::charter::Bucket;
use crate::names::Region;
use crate::recording::{Need, Recording, Target, needs};

/// What the deprecated policy allowed on objects (AWS managed policy `AmazonEC2RoleforSSM`, version 8).
const OBJECTS: [&str; 4] = [
    "s3:AbortMultipartUpload",
    "s3:GetObject",
    "s3:ListMultipartUploadParts",
    "s3:PutObject",
];

/// And on buckets; the other two cannot be limited to a part of one.
const BUCKET: [&str; 2] = ["s3:GetBucketLocation", "s3:GetEncryptionConfiguration"];
const LISTING: [&str; 2] = ["s3:ListBucket", "s3:ListBucketMultipartUploads"];

/// Whether instances reach S3 through a VPC endpoint whose policy, and so theirs, has to name AWS's own buckets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OwnBuckets {
    /// AWS's own buckets are named, too.
    Named,
    /// They are reached without being named.
    LeftOut,
}

/// The policy by which a role writes the records of sessions in every Region, and nothing else: what the rule
/// `role-logging` asks for.
pub fn session_logging(recordings: &[Recording]) -> Result<Product, ComposeError> {
    let needs = needs(recordings);
    if needs.is_empty() {
        let regions = recordings.iter().map(|it| it.scope.region.clone());
        return Err(regions
            .into_iter()
            .next()
            .map_or(ComposeError::NothingToGrant, |region| {
                ComposeError::RecordedNowhere { region }
            }));
    }
    let mut statements = Vec::new();
    statements.extend(seeing(&needs));
    statements.extend(streams(&needs));
    statements.extend(objects(&needs));
    statements.extend(buckets_seen(&needs));
    statements.extend(keys(&needs));
    statements.extend(aliases(&needs));
    product("session-logging", &statements)
}

/// The policy by which instances reach the buckets that the charter names for them, as far as the deprecated policy let
/// them.
pub fn buckets(named: &[Bucket], place: &Place, own: OwnBuckets) -> Result<Product, ComposeError> {
    let partition = &place.partition;
    let arn = |resource: &str| format!("arn:{partition}:s3:::{resource}");
    let mut statements = Vec::new();
    if !named.is_empty() {
        let objects = named.iter().map(|bucket| match &bucket.prefix {
            Some(prefix) => arn(&format!("{}/{prefix}/*", bucket.name)),
            None => arn(&format!("{}/*", bucket.name)),
        });
        statements.push(Draft::allow("Objects", &OBJECTS).on(objects));
        let all = named.iter().map(|bucket| arn(&bucket.name));
        statements.push(Draft::allow("Buckets", &BUCKET).on(unique(all)));
        let whole = named.iter().filter(|it| it.prefix.is_none());
        let whole = unique(whole.map(|bucket| arn(&bucket.name)));
        if !whole.is_empty() {
            statements.push(Draft::allow("Lists", &LISTING).on(whole));
        }
        let parts = named
            .iter()
            .filter_map(|it| Some((it, it.prefix.as_ref()?)));
        for (index, (bucket, prefix)) in parts.enumerate() {
            let lists = Draft::allow(&format!("Lists{}", index + 1), &LISTING[..1]);
            let values = [prefix.clone(), format!("{prefix}/*")];
            let lists = lists.on([arn(&bucket.name)]);
            statements.push(lists.when("StringLike", "s3:prefix", values));
        }
    }
    let mut notes = Vec::new();
    if own == OwnBuckets::Named {
        let objects = place.regions.iter().flat_map(of_agent);
        let objects = objects.map(|bucket| arn(&format!("{bucket}/*")));
        statements.push(Draft::allow("AgentDownloads", &["s3:GetObject"]).on(objects));
        notes.push(Note::AgentBuckets);
    }
    if statements.is_empty() {
        return Err(ComposeError::NothingToGrant);
    }
    let mut product = product("buckets", &statements)?;
    product.notes.extend(notes);
    Ok(product)
}

fn product(name: &str, statements: &[Draft]) -> Result<Product, ComposeError> {
    let paper = Paper::new(name.to_owned(), document(statements), Limit::ManagedPolicy)?;
    Ok(Product {
        papers: vec![paper],
        notes: vec![Note::PinIt],
    })
}

/// The buckets from which the agent takes its packages, documents' attachments and patch baselines, and Distributor its
/// packages (Systems Manager user guide, "SSM Agent communications with AWS managed S3 buckets").
fn of_agent(region: &Region) -> Vec<String> {
    let region = region.as_str();
    let mut buckets: Vec<String> = [
        "aws-windows-downloads",
        "amazon-ssm",
        "amazon-ssm-packages",
        "aws-ssm-document-attachments",
        "aws-ssm",
        "aws-patchmanager-macos",
    ]
    .map(|name| format!("{name}-{region}"))
    .to_vec();
    buckets.push(match region {
        "af-south-1" | "eu-south-1" => format!("aws-ssm-distributor-file-{region}"),
        _ => format!("{region}-birdwatcher-prod"),
    });
    buckets.push(match region {
        "me-south-1" => "patch-baseline-snapshot-me-south-1-uduvl7q8".to_owned(),
        "af-south-1" => "patch-baseline-snapshot-af-south-1-tbxdb5b9".to_owned(),
        _ => format!("patch-baseline-snapshot-{region}"),
    });
    buckets
}

/// The call that finds a log group cannot be limited to one (Service Authorization Reference, `CloudWatch` Logs).
fn seeing(needs: &[Need]) -> Option<Draft> {
    let mut needs = needs.iter();
    let has_groups = needs.any(|need| matches!(need.target, Target::LogGroups { .. }));
    has_groups.then(|| Draft::allow("FindLogGroup", &["logs:DescribeLogGroups"]).on_everything())
}

/// Calls on a group are authorised on the group or on its streams, which of them AWS has changed over time.
fn streams(needs: &[Need]) -> Option<Draft> {
    let groups = needs.iter().filter_map(|need| match &need.target {
        Target::Streams { group } => Some([group.clone(), format!("{group}:*")]),
        _ => None,
    });
    let actions = [
        "logs:CreateLogStream",
        "logs:DescribeLogStreams",
        "logs:PutLogEvents",
    ];
    statement("WriteLog", &actions, groups.flatten())
}

fn objects(needs: &[Need]) -> Option<Draft> {
    let objects = needs.iter().filter_map(|need| match &need.target {
        Target::Objects { start } => Some(format!("{start}*")),
        _ => None,
    });
    statement("WriteObjects", &["s3:PutObject"], objects)
}

fn buckets_seen(needs: &[Need]) -> Option<Draft> {
    let buckets = needs.iter().filter_map(|need| match &need.target {
        Target::Bucket { arn } => Some(arn.clone()),
        _ => None,
    });
    statement("SeeEncryption", &["s3:GetEncryptionConfiguration"], buckets)
}

fn keys(needs: &[Need]) -> Option<Draft> {
    let keys = needs.iter().filter_map(|need| match &need.target {
        Target::Key { arn } => Some(arn.clone()),
        _ => None,
    });
    statement("SessionKey", &["kms:Decrypt"], keys)
}

/// A key that is known by its alias alone: whichever one has it.
fn aliases(needs: &[Need]) -> Option<Draft> {
    let mut places = Vec::new();
    let mut names = Vec::new();
    for need in needs {
        if let Target::Alias { keys, name } = &need.target {
            places.push(format!("{keys}*"));
            names.push(name.clone());
        }
    }
    let draft = statement("SessionKeyByAlias", &["kms:Decrypt"], places)?;
    Some(draft.when(
        "ForAnyValue:StringEquals",
        "kms:ResourceAliases",
        unique(names),
    ))
}

fn statement(
    sid: &str,
    actions: &[&str],
    resources: impl IntoIterator<Item = String>,
) -> Option<Draft> {
    let resources = unique(resources);
    (!resources.is_empty()).then(|| Draft::allow(sid, actions).on(resources))
}

fn unique(texts: impl IntoIterator<Item = String>) -> Vec<String> {
    let mut unique: Vec<String> = Vec::new();
    for text in texts {
        if !unique.contains(&text) {
            unique.push(text);
        }
    }
    unique
}

#[cfg(test)]
mod tests;
