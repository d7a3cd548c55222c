//! What a failed call to AWS means: whether to try again.

use std::error::Error as StdError;
use std::time::Duration;

use app::error::{Error, Kind};
use aws_sdk_dynamodb::error::ProvideErrorMetadata;
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;

/// Codes by which the services say "too much at once".
const THROTTLED: &[&str] = &[
    "KmsThrottled",
    "LimitExceededException",
    "OverLimit",
    "ProvisionedThroughputExceeded",
    "ProvisionedThroughputExceededException",
    "RequestLimitExceeded",
    "RequestThrottled",
    "RequestThrottledException",
    "ThrottledException",
    "Throttling",
    "ThrottlingError",
    "ThrottlingException",
    "TooManyRequestsException",
];

/// Codes of passing faults that come with a status below 500.
const TRANSIENT: &[&str] = &[
    // Of a table that is new: its backups are being switched on.
    "ContinuousBackupsUnavailableException",
    "RequestTimeout",
    "RequestTimeoutException",
    "TransactionConflict",
    "TransactionConflictException",
    "TransactionInProgressException",
];

/// Codes of a set-up that somebody has to mend; the same call succeeds when they have, and until then nothing may be lost.
const SET_UP: &[&str] = &[
    "AWS.SimpleQueueService.NonExistentQueue",
    "AccessDenied",
    "AccessDeniedException",
    "ExpiredToken",
    "ExpiredTokenException",
    "IncompleteSignature",
    "InvalidClientTokenId",
    "InvalidSignatureException",
    "MissingAuthenticationToken",
    "MissingAuthenticationTokenException",
    "NoSuchBucket",
    "QueueDoesNotExist",
    "ResourceNotFoundException",
    "UnrecognizedClientException",
];

/// The error of a call that failed for good after the SDK's own attempts.
pub(crate) fn failed<E>(doing: &'static str, error: SdkError<E, HttpResponse>) -> Error
where
    E: ProvideErrorMetadata + StdError + Send + Sync + 'static,
{
    Error::new(kind_of(&error), doing, error)
}

/// Whether the same call may succeed later.
pub(crate) fn kind_of<E: ProvideErrorMetadata>(error: &SdkError<E, HttpResponse>) -> Kind {
    match error {
        SdkError::ServiceError(answer) => {
            kind_of_code(answer.err().code().unwrap_or_default(), answer.raw().status().as_u16())
        }
        SdkError::ConstructionFailure(_) => Kind::Permanent,
        // Time-outs, broken connections, garbled answers, and what else the SDK may invent.
        _ => Kind::Transient,
    }
}

/// Whether a call that was answered by `code` and `status` may succeed later.
pub(crate) fn kind_of_code(code: &str, status: u16) -> Kind {
    if THROTTLED.contains(&code) || status == 429 {
        Kind::Throttled
    } else if TRANSIENT.contains(&code) || SET_UP.contains(&code) || status >= 500 {
        Kind::Transient
    } else {
        Kind::Permanent
    }
}

/// How often what a service left undone in a successful call is handed to it again.
pub(crate) const ROUNDS_MAX: u32 = 5;

/// How long to wait before the `round`th time, from 1: 50 ms, doubling.
pub(crate) fn pause_before(round: u32) -> Duration {
    Duration::from_millis(50 << round.saturating_sub(1).min(6))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_and_statuses_say_whether_to_try_again() {
        for (code, status, kind) in [
            ("ThrottlingException", 400, Kind::Throttled),
            ("ProvisionedThroughputExceededException", 400, Kind::Throttled),
            ("RequestThrottled", 403, Kind::Throttled),
            ("", 429, Kind::Throttled),
            ("InternalServerError", 500, Kind::Transient),
            ("", 503, Kind::Transient),
            ("TransactionInProgressException", 400, Kind::Transient),
            ("TransactionConflictException", 400, Kind::Transient),
            ("AccessDeniedException", 400, Kind::Transient),
            ("ResourceNotFoundException", 400, Kind::Transient),
            ("NoSuchBucket", 404, Kind::Transient),
            ("QueueDoesNotExist", 400, Kind::Transient),
            ("ContinuousBackupsUnavailableException", 400, Kind::Transient),
            ("ValidationException", 400, Kind::Permanent),
            ("", 404, Kind::Permanent),
        ] {
            assert_eq!(kind_of_code(code, status), kind, "{code} {status}");
        }
    }

    /// Keys that have ended, rights that are missing, a table that is not there yet: nothing is lost until they are mended.
    #[test]
    fn what_somebody_can_mend_is_tried_again() {
        for code in [
            "AccessDenied",
            "AccessDeniedException",
            "ExpiredToken",
            "ExpiredTokenException",
            "IncompleteSignature",
            "InvalidClientTokenId",
            "InvalidSignatureException",
            "MissingAuthenticationToken",
            "MissingAuthenticationTokenException",
            "ResourceNotFoundException",
            "UnrecognizedClientException",
        ] {
            for status in [400, 403, 404] {
                assert_eq!(kind_of_code(code, status), Kind::Transient, "{code} {status}");
            }
        }
    }

    #[test]
    fn pauses_grow_and_stay_bounded() {
        assert_eq!(pause_before(1), Duration::from_millis(50));
        assert_eq!(pause_before(4), Duration::from_millis(400));
        assert_eq!(pause_before(u32::MAX), Duration::from_millis(3_200));
    }
}
