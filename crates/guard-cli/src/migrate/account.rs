//! Who is in the account and what they used, asked of IAM.

use guard_aws::iam::Carriers;
use guard_core::inventory::{Bearer, Inventory};
use guard_core::names::Region;
use guard_reconcile::account;
use guard_reconcile::advisor::{self, Wait};

use super::MigrateError;
use super::accessed::Advice;
use crate::error::{Error, chain};
use crate::live::Access;
use crate::progress::Progress;

/// An account that is read live.
#[derive(Debug)]
pub(super) struct Live {
    iam: Carriers,
}

impl Live {
    /// That of the credentials.
    pub(super) async fn new(access: &Access, region: &Region) -> Result<Self, Error> {
        let aws = access.to(Some(region)).await?;
        Ok(Self {
            iam: Carriers::new(&aws),
        })
    }

    /// The way to its IAM.
    pub(super) fn iam(&self) -> &Carriers {
        &self.iam
    }

    /// Everybody.
    pub(super) async fn inventory(&self) -> Result<Inventory, Error> {
        let progress = Progress::of_account();
        let read = account::read(&self.iam, |n| progress.steps(n)).await;
        Ok(read.map_err(|source| MigrateError::Account { source })?)
    }

    /// What each of them used, or why nobody knows.
    pub(super) async fn advice(&self, bearers: &[&Bearer]) -> Vec<Advice> {
        let progress = Progress::of_advice(bearers.len());
        let arns: Vec<&str> = bearers.iter().map(|bearer| bearer.arn.as_str()).collect();
        let told = advisor::accessed(&arns, Wait::Long, &self.iam, || progress.step()).await;
        let advice = told.into_iter();
        { advice }
            .map(|told| told.map_err(|why| chain(&why)))
            .collect()
    }
}
