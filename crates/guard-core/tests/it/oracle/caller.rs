//! Who asks, told from the form of the name.

use serde_json::Value;

/// How a resource's policy names somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Named {
    Itself,
    AsRole,
    ByAccount,
}

pub(super) struct Caller {
    pub(super) name: Option<String>,
}

impl Caller {
    pub(super) fn of(name: Option<&str>) -> Self {
        Self {
            name: name.map(str::to_owned),
        }
    }

    fn says(&self, part: &str) -> bool {
        self.name.as_ref().is_some_and(|name| name.contains(part))
    }

    pub(super) fn is_outside(&self) -> bool {
        self.says("-provider/") || (self.says(".") && !self.says(":"))
    }

    pub(super) fn is_root(&self) -> bool {
        self.says(":root")
    }

    pub(super) fn is_service_linked(&self) -> bool {
        self.says(":role/aws-service-role/")
    }

    pub(super) fn account(&self) -> Option<String> {
        let name = self.name.as_ref()?;
        if self.is_outside() {
            None
        } else {
            Some(name.split(':').nth(4)?.to_owned())
        }
    }

    /// Whether a name in a policy stands for the caller in this way.
    fn is_called(&self, name: &str, how: Named) -> bool {
        let account = self.account().unwrap_or_default();
        match how {
            Named::Itself => self.name.as_deref() == Some(name),
            Named::ByAccount => name == account || name == format!("arn:aws:iam::{account}:root"),
            Named::AsRole if self.says(":role/") => self.name.as_deref() == Some(name),
            Named::AsRole => {
                let of_account = name.starts_with(&format!("arn:aws:iam::{account}:role/"));
                let role = self.name.as_ref().and_then(|name| name.split('/').nth(1));
                of_account && name.rsplit('/').next() == role
            }
        }
    }

    /// In how many ways it can be named, nearest first.
    fn ways(&self) -> Vec<Named> {
        if self.name.is_none() {
            vec![]
        } else if self.is_outside() {
            vec![Named::Itself]
        } else if self.is_root() {
            vec![Named::ByAccount]
        } else if self.says(":role/") {
            vec![Named::AsRole, Named::ByAccount]
        } else if self.says(":assumed-role/") {
            vec![Named::Itself, Named::AsRole, Named::ByAccount]
        } else {
            vec![Named::Itself, Named::ByAccount]
        }
    }

    /// How a statement names it.
    pub(super) fn named(&self, statement: &Value) -> Option<Named> {
        let key = if statement.get("Principal").is_some() {
            "Principal"
        } else {
            "NotPrincipal"
        };
        let listed = flat(statement.get(key)?, self.is_outside());
        let is_everybody = listed.iter().any(|name| name == "*");
        let mut ways = self.ways();
        ways.retain(|how| listed.iter().any(|name| self.is_called(name, *how)));
        if key == "Principal" {
            return if is_everybody {
                Some(Named::Itself)
            } else {
                ways.first().copied()
            };
        }
        // Whoever is left out must be named in every way.
        let is_left_out = is_everybody || (self.name.is_some() && ways == self.ways());
        (!is_left_out).then_some(Named::Itself)
    }
}

/// All names that an element lists: accounts and identities, or for somebody outside all types.
fn flat(element: &Value, is_outside: bool) -> Vec<String> {
    let Value::Object(types) = element else {
        return vec![element.as_str().unwrap().to_owned()];
    };
    let mut names = Vec::new();
    for (kind, listed) in types {
        for name in super::statement::list(listed) {
            let name = name.as_str().unwrap();
            if kind == "AWS" || (is_outside && name != "*") {
                names.push(name.to_owned());
            }
        }
    }
    names
}
