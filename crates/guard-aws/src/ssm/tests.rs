mod parameters;
mod reading;
mod writing;

use super::{Client, Parameters, Preferences};
use crate::test_service::Service;

fn preferences(service: &Service) -> Preferences {
    Preferences {
        client: Client::new(&service.sdk()),
    }
}

fn parameters(service: &Service) -> Parameters {
    Parameters {
        client: Client::new(&service.sdk()),
    }
}
