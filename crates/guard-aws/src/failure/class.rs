//! From the SDK's errors and the services' error codes to the five classes.

use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use guard_reconcile::error::FailureClass;

use super::CallError;

/// Sorts a failed call.
///
/// By the service's error code, because codes arrive that the SDK has no variant for; by the HTTP status where the
/// code is unknown.
/// A refusal that neither explains is `Malformed`: trying it again would be refused again.
pub(crate) fn class_of<E: ProvideErrorMetadata>(error: &CallError<E>) -> FailureClass {
    match error {
        CallError::ServiceError(context) => {
            let by_status = || class_of_status(context.raw().status().as_u16());
            context
                .err()
                .code()
                .and_then(class_of_code)
                .unwrap_or_else(by_status)
        }
        // Nothing was sent: the question itself was wrong.
        CallError::ConstructionFailure(_) => FailureClass::Malformed,
        // The answer came whole and cannot be read, such as the page of a proxy or a load balancer.
        CallError::ResponseError(context) if context.raw().body().bytes().is_some() => {
            class_of_status(context.raw().status().as_u16())
        }
        // No answer, or one that broke off.
        _ => FailureClass::Unavailable,
    }
}

/// Sorts an error code, written as in the services' API references ("Common errors" and each call's own).
pub(crate) fn class_of_code(code: &str) -> Option<FailureClass> {
    let code = code.strip_suffix("Exception").unwrap_or(code);
    Some(match code {
        "AccessDenied"
        | "AuthFailure"
        | "AuthorizationError"
        | "ExpiredToken"
        | "IncompleteSignature"
        | "InvalidAccessKeyId"
        | "InvalidClientTokenId"
        | "InvalidSignature"
        | "KMSAccessDenied"
        | "MissingAuthenticationToken"
        | "NotAuthorized"
        | "OptInRequired"
        | "RequestExpired"
        | "SignatureDoesNotMatch"
        | "UnauthorizedOperation"
        | "UnrecognizedClient" => FailureClass::Denied,
        "KMSThrottling"
        | "PriorRequestNotComplete"
        | "RequestLimitExceeded"
        | "RequestThrottled"
        | "SlowDown"
        | "Throttled"
        | "Throttling"
        | "TooManyRequests"
        | "TooManyUpdates" => FailureClass::Throttled,
        "InvalidDocument"
        | "InvalidDocumentVersion"
        | "NoSuchConfigRule"
        | "NoSuchEntity"
        | "NotFound"
        | "ParameterNotFound"
        | "ResourceNotDiscovered"
        | "ResourceNotFound" => FailureClass::Absent,
        "InternalError"
        | "InternalFailure"
        | "InternalServerError"
        | "RequestTimeout"
        | "ServiceFailure"
        | "ServiceUnavailable" => FailureClass::Unavailable,
        _ => return None,
    })
}

fn class_of_status(status: u16) -> FailureClass {
    match status {
        401 | 403 => FailureClass::Denied,
        429 => FailureClass::Throttled,
        500..=599 => FailureClass::Unavailable,
        _ => FailureClass::Malformed,
    }
}
