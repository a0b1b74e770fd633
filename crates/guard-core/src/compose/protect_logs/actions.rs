//! What destroys or weakens the record, service by service.

/// Calls on a log group, and on streams in it.
pub(super) const LOGS: [&str; 12] = [
    "logs:DeleteLogGroup",
    "logs:DeleteLogStream",
    "logs:PutRetentionPolicy",
    "logs:DeleteRetentionPolicy",
    "logs:AssociateKmsKey",
    "logs:DisassociateKmsKey",
    "logs:PutSubscriptionFilter",
    "logs:DeleteSubscriptionFilter",
    "logs:PutDataProtectionPolicy",
    "logs:DeleteDataProtectionPolicy",
    "logs:PutLogGroupDeletionProtection",
    "logs:PutTransformer",
];

/// Calls on the account's policies for log groups, which can mask what is read, or let others in.
pub(super) const LOGS_OF_ACCOUNT: [&str; 4] = [
    "logs:PutAccountPolicy",
    "logs:DeleteAccountPolicy",
    "logs:PutResourcePolicy",
    "logs:DeleteResourcePolicy",
];

/// Calls on a bucket. The names are those of permissions, which differ from the operations': `PutLifecycleConfiguration`
/// covers deleting it too, `PutEncryptionConfiguration` likewise (Service Authorization Reference, Amazon S3).
pub(super) const BUCKET: [&str; 11] = [
    "s3:DeleteBucket",
    "s3:PutBucketPolicy",
    "s3:DeleteBucketPolicy",
    "s3:PutLifecycleConfiguration",
    "s3:PutBucketVersioning",
    "s3:PutEncryptionConfiguration",
    "s3:PutBucketAcl",
    "s3:PutBucketOwnershipControls",
    "s3:PutBucketPublicAccessBlock",
    "s3:PutBucketObjectLockConfiguration",
    "s3:PutReplicationConfiguration",
];

/// Calls on objects that delete them, shorten their keeping or show them to others.
pub(super) const OBJECTS: [&str; 6] = [
    "s3:DeleteObject",
    "s3:DeleteObjectVersion",
    "s3:PutObjectRetention",
    "s3:PutObjectLegalHold",
    "s3:BypassGovernanceRetention",
    "s3:PutObjectVersionAcl",
];

/// Calls that put one object in another's place or give it away; nodes need them, the second for buckets of other
/// accounts.
pub(super) const WRITING: [&str; 2] = ["s3:PutObject", "s3:PutObjectAcl"];

/// Calls after which what was encrypted cannot be read, or no session be recorded.
pub(super) const KEY: [&str; 6] = [
    "kms:DisableKey",
    "kms:ScheduleKeyDeletion",
    "kms:PutKeyPolicy",
    "kms:RevokeGrant",
    "kms:DeleteImportedKeyMaterial",
    "kms:UpdatePrimaryRegion",
];
