//! What is read for a judgement of the preferences, for whoever holds the services in fields of these names: everybody
//! who judges reads the same.

/// Makes the type a [`guard_reconcile::ports::Sight`], by its fields `preferences`, `parameters`, `history` and `clock`.
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

pub(crate) use {reads_preferences, tells_time};
