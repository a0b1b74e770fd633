//! What several accounts do alike, for whoever holds the services in fields of these names: everybody who judges reads
//! the same, and everybody who attaches or alerts does it in the same way.

/// Makes the type a [`guard_reconcile::ports::Sight`], by its fields `preferences`, `parameters`, `history` and `clock`.
#[cfg(all(
    feature = "ssm",
    feature = "cloudtrail",
    any(
        all(feature = "eventbridge", feature = "sns"),
        all(feature = "compliance", feature = "iam")
    )
))]
macro_rules! reads_preferences {
    ($account:ty) => {
        impl guard_reconcile::ports::ReadPreferences for $account {
            async fn describe(
                &self,
            ) -> Result<Option<guard_core::facts::Described>, guard_reconcile::error::PortError>
            {
                self.preferences.describe().await
            }

            async fn hash(
                &self,
                version: guard_core::names::Version,
            ) -> Result<Option<String>, guard_reconcile::error::PortError> {
                self.preferences.hash(version).await
            }

            async fn content(
                &self,
                version: guard_core::names::Version,
            ) -> Result<Option<String>, guard_reconcile::error::PortError> {
                self.preferences.content(version).await
            }

            async fn versions(
                &self,
            ) -> Result<Vec<guard_core::facts::ListedVersion>, guard_reconcile::error::PortError>
            {
                self.preferences.versions().await
            }

            async fn shared_with(&self) -> Result<Vec<String>, guard_reconcile::error::PortError> {
                self.preferences.shared_with().await
            }

            async fn is_active(
                &self,
                version: guard_core::names::Version,
            ) -> Result<bool, guard_reconcile::error::PortError> {
                self.preferences.is_active(version).await
            }
        }

        impl guard_reconcile::ports::ReadParameters for $account {
            async fn history(
                &self,
                parameter: guard_reconcile::ports::Parameter,
            ) -> Result<Vec<guard_core::facts::StoredParameter>, guard_reconcile::error::PortError>
            {
                self.parameters.history(parameter).await
            }
        }

        impl guard_reconcile::ports::LookUpChanges for $account {
            async fn look_up(&self, window: guard_core::facts::Window) -> guard_core::facts::Trail {
                self.history.look_up(window).await
            }
        }

        $crate::sight::tells_time!($account);
    };
}

/// Makes the type a [`guard_reconcile::ports::Clock`], by its field `clock`.
macro_rules! tells_time {
    ($account:ty) => {
        impl guard_reconcile::ports::Clock for $account {
            fn now(&self) -> jiff::Timestamp {
                self.clock.now()
            }

            async fn pause(&self, time: std::time::Duration) {
                self.clock.pause(time).await;
            }
        }
    };
}

/// Makes the type a [`guard_reconcile::ports::AttachmentPorts`], by its fields `principals`, `attachments` and `clock`.
#[cfg(feature = "iam")]
macro_rules! changes_attachments {
    ($account:ty) => {
        impl guard_reconcile::ports::ReadEntities for $account {
            async fn entity(
                &self,
                kind: guard_core::inventory::BearerKind,
                name: &str,
            ) -> Result<Option<guard_core::inventory::Entity>, guard_reconcile::error::PortError>
            {
                self.principals.entity(kind, name).await
            }

            async fn policy(
                &self,
                arn: &str,
            ) -> Result<Option<guard_core::inventory::Document>, guard_reconcile::error::PortError>
            {
                self.principals.policy(arn).await
            }
        }

        impl guard_reconcile::ports::ReadAttachments for $account {
            async fn attached(
                &self,
                kind: guard_core::inventory::BearerKind,
                name: &str,
            ) -> Result<Option<Vec<String>>, guard_reconcile::error::PortError> {
                self.attachments.attached(kind, name).await
            }
        }

        impl guard_reconcile::ports::WriteAttachments for $account {
            async fn attach(
                &self,
                role: &str,
                policy_arn: &str,
            ) -> Result<(), guard_reconcile::error::AttachError> {
                self.attachments.attach(role, policy_arn).await
            }

            async fn detach(
                &self,
                kind: guard_core::inventory::BearerKind,
                name: &str,
                policy_arn: &str,
            ) -> Result<(), guard_reconcile::error::AttachError> {
                self.attachments.detach(kind, name, policy_arn).await
            }
        }

        $crate::sight::tells_time!($account);
    };
}

/// Makes the type a [`guard_reconcile::ports::Publish`], by its field `bus`.
#[cfg(all(feature = "eventbridge", any(feature = "sns", feature = "iam")))]
macro_rules! tells_programs {
    ($account:ty) => {
        impl guard_reconcile::ports::Publish for $account {
            async fn publish(
                &self,
                report: &serde_json::Value,
            ) -> Result<(), guard_reconcile::error::PortError> {
                self.bus.publish(report).await
            }
        }
    };
}

/// Makes the type a [`guard_reconcile::ports::Notify`], by its fields `bus` and `topic`.
#[cfg(all(feature = "eventbridge", feature = "sns"))]
macro_rules! tells_people {
    ($account:ty) => {
        $crate::sight::tells_programs!($account);

        impl guard_reconcile::ports::Notify for $account {
            async fn alert(
                &self,
                subject: &str,
                text: &str,
            ) -> Result<(), guard_reconcile::error::PortError> {
                self.topic.alert(subject, text).await
            }
        }
    };
}

#[cfg(feature = "iam")]
pub(crate) use changes_attachments;
#[cfg(all(
    feature = "ssm",
    feature = "cloudtrail",
    any(
        all(feature = "eventbridge", feature = "sns"),
        all(feature = "compliance", feature = "iam")
    )
))]
pub(crate) use reads_preferences;
#[cfg(all(feature = "eventbridge", feature = "sns"))]
pub(crate) use tells_people;
#[cfg(all(feature = "eventbridge", any(feature = "sns", feature = "iam")))]
pub(crate) use tells_programs;
pub(crate) use tells_time;
