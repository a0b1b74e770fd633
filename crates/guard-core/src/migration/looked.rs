//! What a plan was made from, and what it could not look at: silence would pass for "there is nothing".

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::names::Region;

/// What was looked at beside the policies themselves.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Looked {
    /// All of these.
    pub at: Vec<Place>,
    /// Not at these, or not at all of them.
    pub unseen: Vec<Unseen>,
}

/// Things of one kind in one Region.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Place {
    /// Which things.
    pub what: What,
    /// Where; nothing of what belongs to no Region, and of files, which may hold several.
    pub region: Option<Region>,
}

/// What was not looked at, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Unseen {
    /// Which things.
    pub what: What,
    /// Where, as in [`Place`].
    pub region: Option<Region>,
    /// Why not.
    pub why: String,
}

/// What has to do with roles.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum What {
    /// Instance profiles, by which instances have roles.
    InstanceProfiles,
    /// Instances.
    Instances,
    /// Launch templates, by their latest and default versions.
    LaunchTemplates,
    /// Stacks of `CloudFormation`, and what they made.
    Stacks,
    /// The templates of stacks.
    StackTemplates,
}

impl What {
    const ALL: [Self; 5] = [
        Self::InstanceProfiles,
        Self::Instances,
        Self::LaunchTemplates,
        Self::Stacks,
        Self::StackTemplates,
    ];
}

impl fmt::Display for What {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::InstanceProfiles => "instance profiles",
            Self::Instances => "instances",
            Self::LaunchTemplates => "launch templates",
            Self::Stacks => "stacks",
            Self::StackTemplates => "templates of stacks",
        })
    }
}

impl Looked {
    /// Things were looked at.
    pub fn saw(&mut self, what: What, region: Option<&Region>) {
        self.at.push(Place {
            what,
            region: region.cloned(),
        });
    }

    /// They were not.
    pub fn missed(&mut self, what: What, region: Option<&Region>, why: impl Into<String>) {
        self.unseen.push(Unseen {
            what,
            region: region.cloned(),
            why: why.into(),
        });
    }

    /// `instances in eu-central-1, eu-west-1`, and the like.
    fn groups(&self) -> Vec<String> {
        let groups = What::ALL.into_iter().filter_map(|what| {
            let mut places = self.at.iter().filter(|place| place.what == what).peekable();
            places.peek()?;
            let regions = places.filter_map(|place| place.region.as_ref());
            let regions: Vec<_> = regions.map(Region::as_str).collect();
            Some(if regions.is_empty() {
                what.to_string()
            } else {
                format!("{what} in {}", regions.join(", "))
            })
        });
        groups.collect()
    }
}

impl fmt::Display for Looked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let groups = self.groups();
        if !groups.is_empty() {
            writeln!(f, "Looked at: {}.", groups.join("; "))?;
        }
        for Unseen { what, region, why } in &self.unseen {
            let place = region.as_ref().map(|region| format!(" in {region}"));
            let (place, why) = (
                place.unwrap_or_default(),
                why.replace(char::is_control, " "),
            );
            writeln!(f, "Not looked at: {what}{place}: {why}")?;
        }
        Ok(())
    }
}
