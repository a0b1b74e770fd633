//! Everything the gateway knows, shared by all calls.

use std::sync::OnceLock;

use crate::access::authority::Authority;
use crate::activity::Activity;
use crate::automation::Automation;
use crate::bus::delivery::Post;
use crate::bus::entries::AcceptedEvent;
use crate::bus::rules::Rules;
use crate::calls::CallLog;
use crate::clock::Clock;
use crate::config::AwsConfig;
use crate::documents::Documents;
use crate::formation::Stacks;
use crate::functions::Functions;
use crate::functions::invocation::Invocations;
use crate::iam::access_advisor::AccessAdvisor;
use crate::locked::Locked;
use crate::messages::PublishedMessage;
use crate::moto::Moto;
use crate::parameters::Writers;
use crate::principals::Principals;
use crate::throttles::Throttles;
use crate::trail::history::History;

/// The account's state, apart from what moto keeps.
#[derive(Debug)]
pub(crate) struct State {
    pub(crate) moto: Moto,
    pub(crate) endpoint: OnceLock<String>,
    pub(crate) principals: Principals,
    pub(crate) authority: Authority,
    pub(crate) calls: CallLog,
    pub(crate) history: History,
    pub(crate) rules: Rules,
    pub(crate) post: Post,
    pub(crate) accepted_events: Locked<Vec<AcceptedEvent>>,
    pub(crate) published: Locked<Vec<PublishedMessage>>,
    pub(crate) functions: Functions,
    pub(crate) invocations: Invocations,
    pub(crate) documents: Documents,
    pub(crate) writers: Writers,
    pub(crate) stacks: Stacks,
    pub(crate) activity: Activity,
    pub(crate) clock: Clock,
    pub(crate) config: AwsConfig,
    pub(crate) throttles: Throttles,
    pub(crate) access_advisor: AccessAdvisor,
    pub(crate) automation: Automation,
}

impl State {
    /// `home` is the Region of the configuration.
    pub(crate) fn new(moto: Moto, home: &str) -> Self {
        Self {
            moto,
            endpoint: OnceLock::new(),
            principals: Principals::default(),
            authority: Authority::default(),
            calls: CallLog::default(),
            history: History::default(),
            rules: Rules::default(),
            post: Post::default(),
            accepted_events: Locked::default(),
            published: Locked::default(),
            functions: Functions::default(),
            invocations: Invocations::default(),
            documents: Documents::default(),
            writers: Writers::default(),
            stacks: Stacks::default(),
            activity: Activity::default(),
            clock: Clock::default(),
            config: AwsConfig::new(home),
            throttles: Throttles::default(),
            access_advisor: AccessAdvisor::default(),
            automation: Automation::default(),
        }
    }

    /// Where clients find the account.
    pub(crate) fn endpoint_url(&self) -> String {
        self.endpoint.get().cloned().unwrap_or_default()
    }
}
